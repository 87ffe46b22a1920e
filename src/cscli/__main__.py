"""`cscli`, and `python -m cscli`. Signals are looked after before anything large is loaded, and so is what a process
that ends soon need not do.
"""

import gc
import os

from cscli.workspace.signals import catch_signals

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_COLLECT_AFTER = (1_000_000, 50, 50)
"""The cells of a book, modules and classes are no cycles: to look through them again and again takes a tenth of a run."""


def main() -> None:
    """Runs the command line."""
    catch_signals()
    spare_work()
    from cscli.cli import main as run  # noqa: PLC0415 - takes longer than all that comes before

    try:
        run()
    finally:
        gc.freeze()  # else Python looks for cycles in all that there is, for the system to free it the next moment


def spare_work() -> None:
    """No search for plugins of pydantic's, which would look at every rule; one thread for products of matrices, of which there are none (numpy starts as many as there are cores when it is
    loaded), unless the user has said another number; and garbage is collected where there is a lot of it.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    gc.set_threshold(*_COLLECT_AFTER)


if __name__ == "__main__":
    main()
