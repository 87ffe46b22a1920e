"""What can be wrong with going back to a stored run."""

TEXTS: dict[str, str] = {
    "problem.recall.no_such_day": "There is no run of {value}; the nearest of {count}: {days}",
    "problem.recall.no_such_day.hint": "Give one of these days.",
    "problem.recall.rules_unreadable": "This cscli cannot read the rules of the run of {value}, which cscli {version} stored",
    "problem.recall.rules_unreadable.hint": "Judge it by today's rules, with `diff --rescore` or `score --from-history`.",
    "problem.recall.no_columns": "The run of {value} was stored by an earlier cscli, without the columns that rules need",
    "problem.recall.no_columns.hint": "Choose a later run; every run of this cscli keeps them.",
    "problem.recall.lacking_columns": "The rules read columns that the run of {as_of} did not keep; they count as missing: {value}",
    "problem.recall.relative": "Ranks among other accounts, which say nothing over time: {value}",
    "problem.recall.rescored": "This is the run of {value} under today's rules; what is stored stays as it is",
}
