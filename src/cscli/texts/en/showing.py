"""What is said where something is made for eyes: the dashboard."""

TEXTS: dict[str, str] = {
    "showing.made": "{file} ({size} kB, {count} accounts)",
    "showing.made.one": "{file} ({size} kB, {count} account)",
    "problem.showing.no_owner": "No account has the owner {value}; nearest: {nearest}",
    "problem.showing.no_column": "The accounts have no column {value}; nearest: {nearest}",
    "problem.showing.large": "{value} would be {megabytes} MB with {last} runs and `--briefs {briefs}`: less is in it",
    "problem.showing.large.hint": "`--last` and `--briefs` say how much; `--where` and `--each` make smaller files.",
    "problem.showing.too_large": "The file would be {value} MB; browsers are slow from 24 MB on",
    "problem.showing.too_large.hint": "`--where` puts fewer accounts in, `--each owner` makes a file an owner.",
}
