"""CPU of `cscli journey`, `timeline` and `voice` over that of `cscli score --plain`, at 20,000 accounts, 5 milestones, 200,000 touches, 100,000 texts
and 40 themes. `python benchmarks/work_speed.py [ACCOUNTS]`; the limit is a ratio of 2.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from outreach_speed import cpu_of

ACCOUNTS, THEMES, WORDS_OF_A_TEXT = 20_000, 40, 14
TOUCHES, TEXTS = 10, 5
"""Of an account."""
COMMANDS = ("journey", "timeline", "voice")
RULES = """version: 1
currency: JPY
sources:
  accounts: {file: accounts.csv}
  touches: {file: touches.csv, kind: rows, at: at, types: {at: date, kind: text, said: text}, rollup: {touches_ever: count(*)}}
  tickets: {file: tickets.csv, kind: rows, at: at, types: {at: date, words: text}, rollup: {tickets_ever: count(*)}}
metrics:
  use: {value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}
  nps: {value: nps, points: {kind: linear, zero: -50, full: 50}}
segments: {touch: [{name: high, when: seats >= 300}, {name: tech}]}
scorecards: [{name: standard, groups: {usage: {weight: 100, metrics: {use: 60, nps: 40}}}}]
journey:
  standards:
    - name: onboarding
      start: started_on
      milestones:
        - {name: m1, days: 14, on: on_1}
        - {name: m2, days: 30, on: on_2}
        - {name: m3, days: 62, on: on_3}
        - {name: m4, days: 90, when: active_users >= 0.5 * seats}
        - {name: m5, days: 120, on: on_5, for: touch = 'high'}
      value: m3
goals: {when: touch = 'high'}
timeline:
  departments: [cs, support]
  events:
    - {source: touches, department: cs, at: at, kind: kind, text: said, two_way: "kind = 'call'", fold: [mail]}
    - {source: tickets, department: support, at: at, kind: "'ticket'", text: words, two_way: "true"}
records: [{name: purpose, by: sales, days: 5}]
voice:
  texts: [{source: tickets, at: at, text: words}]
  themes:
"""


def main() -> None:
    """Prints all and the ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ACCOUNTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay(folder, count)
        score = cpu_of(folder, "score", "--plain", "-q", "--as-of", "2026-10-31")
        found = {name: cpu_of(folder, name, "-q", "--as-of", "2026-10-31") for name in COMMANDS}
    shown = ", ".join(f"{name} {seconds:.1f} s ({seconds / score:.2f})" for name, seconds in found.items())
    print(f"score {score:.1f} s of CPU; {shown}")
    sys.exit(max(found.values()) > 2 * score)


def lay(folder: Path, count: int) -> None:
    """The exports and rules in `folder`."""
    chance = np.random.default_rng(1)
    ids = np.array([f"A{number}" for number in range(count)])
    seats = chance.integers(10, 500, count)
    started = np.datetime64("2024-11-01") + chance.integers(0, 700, count)
    table = pd.DataFrame(
        {
            "account_id": ids,
            "name": [f"Company {number}" for number in range(count)],
            "owner": chance.choice(["Mori", "Ito"], count),
        }
    )
    table = table.assign(
        mrr=seats * 100, seats=seats, started_on=started, nps=chance.integers(-100, 100, count)
    )
    table["active_users"] = (seats * chance.random(count)).round()
    for number in (1, 2, 3, 5):
        reached = pd.Series(started + chance.integers(1, 200, count))
        table[f"on_{number}"] = reached.where(
            (reached <= pd.Timestamp("2026-10-31")) & (chance.random(count) < 0.7)
        )
    table.to_csv(folder / "accounts.csv", index=False)
    _rows(chance, ids, count * TOUCHES).assign(
        kind=chance.choice(["mail", "call"], count * TOUCHES),
        said=chance.choice(["opened", "connected", "no answer"], count * TOUCHES),
    ).to_csv(folder / "touches.csv", index=False)
    _rows(chance, ids, count * TEXTS).assign(words=_texts(chance, count * TEXTS)).to_csv(
        folder / "tickets.csv", index=False
    )
    themes = "".join(
        f"    - {{name: t{number}, any: [word{number}x*, word{number + THEMES}, 語{number}の]}}\n"
        for number in range(THEMES)
    )
    (folder / "cscli.yaml").write_text(RULES + themes, encoding="utf-8")


def _rows(
    chance: np.random.Generator, ids: "np.ndarray[tuple[int], np.dtype[np.str_]]", count: int
) -> pd.DataFrame:
    days = np.datetime64("2025-11-01") + chance.integers(0, 364, count)
    return pd.DataFrame({"account_id": chance.choice(ids, count), "at": days})


def _texts(chance: np.random.Generator, count: int) -> list[str]:
    """Each of its own words, a third with a word of a theme."""
    words = np.array(
        [f"word{number}" for number in range(THEMES * 4)] + [f"語{number}の" for number in range(THEMES * 4)]
    )
    drawn = chance.choice(words, (count, WORDS_OF_A_TEXT))
    return [f"{' '.join(row)} no {number}" for number, row in enumerate(drawn.tolist())]


if __name__ == "__main__":
    main()
