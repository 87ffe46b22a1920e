"""A preset, a proposal for its sources and an event log to the texts that `cscli init` may write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cscli.analysis.proposing.proposal import Proposal, ProposedSource
from cscli.rules_text.rules_file import add_log, rules_text
from cscli.texts import Language
from cscli.workflows.init.log import LOG_NAME, FoundLog

_STAND_INS = {
    "last_login_on": ("last_seen_on", "the last event stands for the last login"),
    "active_users": ("users_28d", "different users of the last four weeks"),
}
"""Columns of the data dictionary that presets read, and what of a log says the same."""


@dataclass(frozen=True, slots=True)
class RulesTexts:
    """`paths`: how the config names each file, by id() of its table, or of the log. `naive_times_are`: the zone of
    the log's times, where they bear none.
    """

    preset: str
    proposal: Proposal
    paths: Mapping[int, str]
    language: Language
    log: FoundLog | None = None
    naive_times_are: str | None = None

    def text(self, added: Sequence[ProposedSource], left_over: Sequence[ProposedSource]) -> str:
        """The rules with the sources in `added`, and those in `left_over` as comments."""
        proposal = self.proposal
        text = rules_text(self.preset, proposal.sources, (added, left_over), self.paths, self.language)
        if self.log is None:
            return text
        given = {column.name for source in (*proposal.sources, *added) for column in source.columns}
        given |= {rollup.name for source in added for rollup in source.rollup}
        stand_ins = {
            name: stand_in
            for name, stand_in in _STAND_INS.items()
            if name not in given and (self.log.columns.user_id or name != "active_users")
        }
        log = (LOG_NAME, self.paths[id(self.log)], self.naive_times_are)
        return add_log(text, log, self.log.named(), stand_ins)
