"""What the process need not do, before anything large is loaded. Oracle: the variables that OpenBLAS, OpenMP and MKL read,
and what a process of its own says of itself.
"""

import os
import subprocess
import sys

import pytest

_ASKS = """
import gc, os
from cscli.__main__ import spare_work
spare_work()
import numpy
print(os.environ["OPENBLAS_NUM_THREADS"], os.environ["MKL_NUM_THREADS"], gc.isenabled(), gc.get_threshold()[0])
"""


@pytest.mark.parametrize(("said", "counts"), [({}, "1 1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2 1")])
def test_one_thread_unless_the_user_says_otherwise(said: dict[str, str], counts: str) -> None:
    known = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", _ASKS], env={**known, **said}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [*counts.split(), "True", "1000000"]
