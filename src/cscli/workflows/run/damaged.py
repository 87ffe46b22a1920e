"""Manifests of earlier runs that cannot be read: put aside, so that one run says so and the next is free of them."""

from pathlib import Path

from cscli.errors import Location, Problem, Scope, SourceError
from cscli.workspace.damaged import set_aside
from cscli.workspace.manifest import MANIFEST, is_damaged


def put_damaged_aside(out: Path) -> None:
    """SourceError that names the manifests in the folders of `out` which cannot be read, and where they are now."""
    found = [path for path in sorted(out.glob(f"*/{MANIFEST}")) if is_damaged(path.parent)]
    if found:
        raise SourceError(*map(_put_aside, found))


def _put_aside(path: Path) -> Problem:
    other = set_aside(path)
    code = "run.damaged_manifest_aside" if other else "run.damaged_manifest"
    return Problem(
        code, where=Location(file=str(path)), value=other.name if other else None, scope=Scope.WORKSPACE
    )
