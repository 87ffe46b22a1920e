"""The measured chances of the bands, as YAML to copy: nothing is changed by itself."""

from cscli.config.schema import Config
from cscli.reports.backtesting.findings import Findings
from cscli.texts import Language, text

MEASURED_ROWS = 30
"""A band with fewer rows keeps the chance that the rules give it."""


def probabilities_yaml(findings: Findings, config: Config, language: Language) -> str:
    """`at_risk.churn_probability`, best band first, with what each was measured from."""
    bands, dates = findings.judged.bands, findings.judged.dates
    bands = bands[bands["p_12_months"].notna()]
    comment = {
        "n": int(bands["rows"].sum()),
        "events": findings.judged.churned,
        "dates": ", ".join(str(day.date()) for day in dates["t0"]),
    }
    span = ", ".join(
        f"{name}: {day.date()}" for name, day in (("from", dates["t0"].min()), ("to", dates["t0"].max()))
    )
    lines = [
        text("backtest.yaml_comment", language, **comment), "at_risk:",
        f"  measured_on: {{left: {findings.judged.churned}, {span}}}", "  churn_probability:",
    ]  # fmt: skip
    head = len(lines)
    columns = (bands[name].tolist() for name in ("band", "rows", "churned_accounts", "p_12_months"))
    for band, rows, churned, chance in reversed(list(zip(*columns, strict=True))):
        kept = rows < MEASURED_ROWS
        value = config.at_risk.churn_probability.get(band) if kept else round(chance, 3)
        if value is not None:
            note = "backtest.yaml_kept" if kept else "backtest.yaml_measured"
            lines.append(f"    {band}: {value:g}  # {text(note, language, n=int(rows), events=int(churned))}")
    return "\n".join(lines if len(lines) > head else [*lines[:-1], f"{lines[-1]} {{}}"])
