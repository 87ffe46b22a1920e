"""Where the sample company lies that comes with the program: its exports, and rules that read them."""

from importlib.resources import files
from pathlib import Path

from cscli.workspace.rules import CONFIG_NAME

SAMPLE_AS_OF = "2026-10-31"
"""The day on which the sample's exports were made."""
_EXPORTS = (".csv", ".gz", ".xlsx")


def sample_files() -> list[Path]:
    """The exports by name, then the rules; of a checkout without the scripts that make them."""
    folder = _sample_folder()
    exports = [path for path in folder.iterdir() if path.suffix in _EXPORTS and path.name[0].isalnum()]
    return [*sorted(exports), folder / CONFIG_NAME]


def _sample_folder() -> Path:
    installed = Path(str(files("cscli") / "sample"))
    return installed if installed.is_dir() else Path(__file__).parents[3] / "sample_data"
