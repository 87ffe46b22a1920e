"""Where the sample company lies that comes with the program: its exports, and rules that read them."""

from importlib.resources import files
from pathlib import Path

from cscli.workspace.rules import CONFIG_NAME

SAMPLE_AS_OF = "2026-10-31"
"""The day on which the sample's exports were made."""
_EXPORTS = (".csv", ".gz", ".xlsx")


def sample_files(language: str) -> dict[str, Path]:
    """Each file by its place in a workspace: the exports by name, what people typed (in `language`), the shop beside it, then the rules; of a
    checkout without the scripts that make them.
    """
    folder = _sample_folder()
    exports = {path.name: path for path in sorted(folder.iterdir()) if _is_export(path)}
    typed = folder / f"inputs_{language}"
    books = {
        f"inputs/{path.relative_to(typed).as_posix()}": path
        for path in sorted([*typed.glob("*.xlsx"), *typed.glob("selfcheck/*/*.xlsx")])
        if path.name != "csm.xlsx"
    }
    books |= {"inputs/optout.csv": folder / "inputs" / "optout.csv"}
    shop = {f"shop/{name}": folder / "shop" / name for name in ("orders.csv", CONFIG_NAME)}
    return {**exports, **books, **shop, CONFIG_NAME: folder / CONFIG_NAME}


def _is_export(path: Path) -> bool:
    return path.suffix in _EXPORTS and path.name[0].isalnum()


def _sample_folder() -> Path:
    installed = Path(str(files("cscli") / "sample"))
    return installed if installed.is_dir() else Path(__file__).parents[3] / "sample_data"
