"""docs/architecture.md names what is there: every path, every function beside its path, every wing."""

import re

from places import ROOT, SOURCE

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`((?:src/cscli|tests|configs|docs)/[^`\s]*)`")
FUNCTION = re.compile(r"`([a-z_]+)\(\)`")
CLASS_OR_LIST = re.compile(r"`(_?[A-Z][A-Za-z]*(?:_[A-Z]+)*)s?`")
STANDS_FOR_ANY = {"NAME", "ERROR", "WARNING", "NOTE"}


def is_defined(name: str, paths: list[str]) -> bool:
    """Whether one of the modules, or of the folders, has a function of that name."""
    modules = [
        module
        for path in paths
        for module in ([ROOT / path] if path.endswith(".py") else (ROOT / path).rglob("*.py"))
    ]
    return any(
        re.search(rf"^\s*(async )?def {name}\(", module.read_text(encoding="utf-8"), re.MULTILINE)
        for module in modules
    )


def test_every_path_exists() -> None:
    assert [path for path in NAMED.findall(PAGE) if not (ROOT / path).exists()] == []


def test_every_function_stands_where_the_page_says() -> None:
    """Of a row of a table and of a paragraph, whose paths are those of its functions."""
    wrong = []
    parts = [line for line in PAGE.splitlines() if line.startswith("|")]
    parts += [part for part in PAGE.split("\n\n") if not part.startswith("|")]
    for part in parts:
        paths = [path for path in NAMED.findall(part) if path.startswith("src/")]
        wrong += [name for name in FUNCTION.findall(part) if paths and not is_defined(name, paths)]
    assert wrong == []


def test_every_class_and_list_is_there() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    names = {name for name in CLASS_OR_LIST.findall(PAGE) if name not in STANDS_FOR_ANY}
    defined = re.compile(r"^(?:class |)(\w+)\b", re.MULTILINE)
    assert names - set(defined.findall(code)) == set()


def test_every_wing_has_its_line() -> None:
    folders = [path.parent.relative_to(ROOT).as_posix() for path in SOURCE.rglob("__init__.py")]
    without = [folder for folder in folders if f"| `{folder}/` |" not in PAGE]
    assert [folder for folder in without if folder != "src/cscli"] == []


def test_the_page_is_short() -> None:
    assert len(PAGE.splitlines()) < 340
