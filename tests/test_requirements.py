"""`requirements-dev.lock` pins whatever pyproject.toml asks for, within its bounds, and says nothing of where it came from."""

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from places import ROOT

LINE = re.compile(r"([A-Za-z0-9._-]+)==([0-9][A-Za-z0-9.]*)")


def pinned() -> dict[str, str]:
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    found = [LINE.fullmatch(line) for line in lines if not line.startswith("#")]
    assert all(found)
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def test_every_requirement_is_pinned_within_its_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    every = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    wanted = [requirement for requirement in map(Requirement, every) if requirement.name != "cscli"]
    versions = pinned()
    without = [
        str(one) for one in wanted if versions.get(canonicalize_name(one.name), "-") not in one.specifier
    ]
    assert without == []
