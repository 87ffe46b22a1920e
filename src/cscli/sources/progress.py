"""How far long work has come, for whoever shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """`what` is done (a name of a source); `done` of `total` rows (None: nobody knows) after `seconds`."""

    what: str
    done: int
    total: int | None
    seconds: float

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.done / self.seconds if self.seconds > 0 else 0.0
