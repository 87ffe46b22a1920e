"""What a run has found, apart by whether the workspace was told of it before, or its rules accept it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cscli.analysis.quality.findings import drop_accepted, find_findings
from cscli.config.blocks.findings import Accepted
from cscli.config.load import read_draft
from cscli.errors import CscliError, Problem
from cscli.workflows.book.request import Request
from cscli.workspace.told import read_told, write_told


@dataclass(frozen=True, slots=True)
class Apart:
    """`new`: to be told in full; `known`: how many findings were told before and are as they were."""

    new: tuple[Problem, ...]
    known: int = 0


def tell_apart(
    request: Request,
    problems: Sequence[Problem],
    sources: Mapping[str, str],
    *,
    store: bool = True,
    accepted: Sequence[Accepted] | None = None,
) -> Apart:
    """The problems that are new to the workspace and that its rules do not accept; from then on they are known, where
    they are stored. A run under a preset, or one that is not remembered, knows of none before. `accepted`: what the rules
    accept, where they have been read already.
    """
    left = drop_accepted(problems, _accepted(request) if accepted is None else accepted, sources)
    if not (request.rules.remembers and request.remember):
        return Apart(left)
    findings = find_findings(left, sources)
    told = read_told(request.rules.workspace)
    known = [each for each in findings if told.get(each.key) == each.facts]
    if store:
        write_told(request.rules.workspace, {each.key: each.facts for each in findings})
    new = tuple(problem for each in findings if each not in known for problem in each.problems)
    return Apart(new, sum(not each.of_the_run for each in known))


def without_accepted(
    request: Request, problems: Sequence[Problem], sources: Mapping[str, str]
) -> tuple[Problem, ...]:
    """The problems that the rules do not accept. `sources`: the source of each file."""
    return drop_accepted(problems, _accepted(request), sources)


def _accepted(request: Request) -> Sequence[Accepted]:
    try:
        draft = read_draft(request.rules.text, request.rules.name, request.overrides)
    except CscliError:
        return ()
    return draft.config.acknowledge if draft.config else ()
