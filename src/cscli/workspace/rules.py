"""Which rules are in force and where their workspace is: the config file, the presets, the folders."""

from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from cscli.errors import Location, Problem, SourceError
from cscli.nearest import nearest_name
from cscli.workspace.paths import is_ordinary, is_there, open_home

CONFIG_NAME = "cscli.yaml"
DEFAULT_PRESET = "starter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The text of the config in force. `sources_folder`: where its relative files are looked for.
    `workspace`: where reports and history go. `remembers`: whether runs are stored at all: not under a
    preset that nobody has made her own.
    """

    name: str
    text: str
    sources_folder: Path
    workspace: Path
    remembers: bool


def at_home(rules: Rules, home: Rules) -> Rules:
    """`rules`, wherever their file is, for the exports and the workspace of those in force, `home`."""
    return replace(
        rules, sources_folder=home.sources_folder, workspace=home.workspace, remembers=home.remembers
    )


def find_rules(chosen: str | None, here: Path) -> Rules:
    """The rules to use: the file or preset `chosen`, else `cscli.yaml` in `here`, else the starter preset.

    Raises SourceError if there is no such file or preset, or it cannot be read.
    """
    if chosen is None and is_there(here / CONFIG_NAME):
        chosen = CONFIG_NAME
    if chosen is None or (chosen in presets() and not is_there(here / chosen)):
        name = chosen or DEFAULT_PRESET
        return Rules(name=name, text=preset_text(name), sources_folder=here, workspace=here, remembers=False)
    path = here / open_home(chosen)
    folder = path.parent
    workspace = folder if path.name == CONFIG_NAME else here
    return Rules(
        name=_shown(path, here),
        text=_read(path, chosen),
        sources_folder=folder,
        workspace=workspace,
        remembers=True,
    )


def presets() -> dict[str, str]:
    """The names of the presets, each with the first comment line of its file, in the order of their names."""
    found = {}
    for entry in sorted(_preset_folder().iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yaml"):
            first = entry.read_text(encoding="utf-8").splitlines()[0]
            found[entry.name.removesuffix(".yaml")] = first.lstrip("# ").strip()
    return found


def preset_text(name: str) -> str:
    """The YAML text of a preset. KeyError if there is none of that name."""
    if name not in presets():
        raise KeyError(name)
    return (_preset_folder() / f"{name}.yaml").read_text(encoding="utf-8")


def _preset_folder() -> Path:
    installed = Path(str(files("cscli") / "presets"))
    return installed if installed.is_dir() else Path(__file__).parents[3] / "configs"


def _read(path: Path, chosen: str) -> str:
    try:
        if not (path.is_dir() or is_ordinary(path)):
            raise SourceError(Problem("reading.no_ordinary_file", where=Location(file=chosen), value=chosen))
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(Problem("config.not_utf8", where=Location(file=chosen))) from error
    except FileNotFoundError as error:
        near = nearest_name(chosen, [*presets(), CONFIG_NAME])
        details = {"presets": ", ".join(presets()), "nearest": near or "-"}
        raise SourceError(Problem("config.no_file", value=chosen, details=details)) from error
    except OSError as error:
        details = {"reason": error.strerror or str(error)}
        raise SourceError(
            Problem("reading.not_readable", where=Location(file=chosen), details=details)
        ) from error


def _shown(path: Path, here: Path) -> str:
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
