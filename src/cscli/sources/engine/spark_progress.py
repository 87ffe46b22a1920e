"""How many rows of a log Spark has read, as far as its executors have told."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from cscli.sources.engine.model import Progress


@dataclass(kw_only=True)
class SparkTicker:
    """What the thread that tells looks at: a context of Spark, and the log's name and files."""

    context: Any
    source: str
    files: int
    rows: int = 0
    begun: float = field(default_factory=time.monotonic)

    def progress(self) -> Progress:
        """As it stands; later stages, which read what the first has written, add nothing."""
        from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra

        with suppress(Py4JError, AttributeError):  # at the end the context is gone first
            stages = self.context._jsc.sc().statusStore().activeStages()  # noqa: SLF001 - Python has no other way to it
            self.rows = max(
                self.rows, sum(stages.apply(number).inputRecords() for number in range(stages.size()))
            )
        rate = self.rows / max(time.monotonic() - self.begun, 1e-3)
        return Progress(
            rows=self.rows, rows_per_second=rate, files_done=0, files=self.files, file=self.source
        )
