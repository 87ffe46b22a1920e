"""What `cscli run` says: what it did, what matters, and why it could not."""

TEXTS: dict[str, str] = {
    "run.new_at_risk": "{count} newly at risk: {accounts}",
    "run.new_at_risk.one": "1 newly at risk: {accounts}",
    "run.step.done": "done",
    "run.step.failed": "failed",
    "run.more_like_it": "(and {count} more like it)",
    "run.counts": "{accounts} accounts as of {as_of}",
    "run.counts.at_risk": "{at_risk} at risk ({new} new)",
    "run.counts.problems": "{errors} errors, {warnings} warnings, {notes} notes",
    "run.nothing_made": "Nothing was made; earlier files are as they were",
    "problem.run.locked": "Another run holds this workspace: process {value} on {host}, since {since}",
    "problem.run.locked.hint": "`--wait 60` waits a minute for it.",
    "problem.run.locked_by_unknown": "Another run holds this workspace",
    "problem.run.locked_by_unknown.hint": "`--wait 60` waits a minute for it.",
    "problem.run.no_lock": "The workspace cannot be locked: {reason}",
    "problem.run.no_lock.hint": "It must lie on a disk that can be written and has locks; a network folder may have none.",
    "problem.run.bug": "An error in cscli itself ended the step {value} ({error}); details in {file}",
    "problem.run.step_failed": "The step {value} failed; its earlier files are as they were",
}
