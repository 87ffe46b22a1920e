"""Where things lie. No other module of the tests knows the folders of the repository, or what lies beside it."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
SOURCE = ROOT / "src" / "cscli"
SAMPLE = ROOT / "sample_data"
CONFIGS = ROOT / "configs"
BENCHMARKS = ROOT / "benchmarks"
REFERENCE = TESTS / "oracles" / "reference"
PRACTICE = TESTS / "oracles" / "practice"
SHARED_DATA = ROOT.parent / "shared" / "data"
"""Files by others, which may be read here and not passed on: tests over them are skipped where they are not."""

NO_SHARED_DATA = "the shared data is not here"
needs_shared_data = pytest.mark.skipif(not SHARED_DATA.is_dir(), reason=NO_SHARED_DATA)


def shared_files(pattern: str) -> list[Path]:
    """The shared files of that pattern, to be given to a test that needs them, one by one; the folder itself where
    there is no shared data, so that the test is seen to be skipped.
    """
    return sorted(SHARED_DATA.glob(pattern)) or [SHARED_DATA]
