"""What scoring says: problems, reasons, headlines, definitions."""

TEXTS: dict[str, str] = {
    "problem.scoring.unknown_category": "The metric {metric} met {count} values that have no points: {values}",
    "problem.scoring.unknown_category.hint": "Add them to `map:`, or give `other:`.",
    "reason.form": "{label} {value} (−{lost})",
    "reason.join": "; ",
    "reason.no_data": "no data",
    "headline.score": "{count} of {total} accounts are {band} ({share}), with {mrr} MRR.",
    "headline.score_no_mrr": "{count} of {total} accounts are {band} ({share}).",
    "headline.unknown": "Too little data to judge: {count}.",
    "headline.left": "Left before then, not scored: {count}.",
    "chart.accounts_by_band": "Accounts by band",
    "chart.mrr_by_band": "MRR by band",
    "about.plain_asked": "Values only, as asked with --plain.",
    "about.plain_size": "Values only: above {limit} accounts formulas would make the workbook slow.",
    "definition.as_of": "The day for which everything is computed; nothing later counts.",
    "definition.score": "0 to 100: the weighted mean of the groups, each the weighted mean of its metrics' points; metrics without data drop out; then caps and floors; rounded half up to one decimal.",
    "definition.band": "The range that the rounded score is in, lower edge included; unknown: too little data.",
    "definition.data_coverage": "Share of the score's configured weight that had data.",
    "definition.reasons": "The three metrics that cost most points, with value and points lost; as of when this was written.",
    "definition.score_change": "Points since the last snapshot at least six days before.",
    "definition.mrr": "Monthly recurring revenue as exported.",
}
