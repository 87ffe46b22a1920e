"""CPU of `cscli outreach` over that of `cscli score --plain`, at 20,000 accounts, 30,000 contacts and 10 messages.
`python benchmarks/outreach_speed.py [ACCOUNTS]`; the limit is a ratio of 2.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

ACCOUNTS, MESSAGES = 20_000, 10
RULES = """version: 1
currency: JPY
sources: {accounts: {file: accounts.csv}, contacts: {file: contacts.csv, kind: contacts}}
metrics:
  use: {value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}
  nps: {value: nps, points: {kind: linear, zero: -50, full: 50}}
scorecards: [{name: standard, groups: {usage: {weight: 100, metrics: {use: 60, nps: 40}}}}]
outreach:
  sender: {organisation: Example K.K., from: cs@example.com, domains: [example.com]}
  may_show: [name, contact_name, seats]
  messages:
"""
MESSAGE = """    - name: m{n}
      kind: service
      when: seats % {MESSAGES} = {n} AND use < 0.8
      to: {{when: "role = 'admin'"}}
      values: {{unused: seats - active_users}}
      subject: {{en: "{{{{unused}}}} of {{{{seats}}}} ({n})"}}
      text: {{en: ["Dear {{{{contact_name}}}},", {{when: unused > 5, text: "{{{{unused}}}} are free."}}, "Bye ({n})"]}}
"""


def main() -> None:
    """Prints both and the ratio."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ACCOUNTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _lay(folder, count)
        score = cpu_of(folder, "score", "--plain", "-q")
        preview = cpu_of(folder, "outreach", "-q")
    print(f"score {score:.1f} s, outreach {preview:.1f} s of CPU: ratio {preview / score:.2f}")
    sys.exit(preview > 2 * score)


def _lay(folder: Path, count: int) -> None:
    chance = np.random.default_rng(1)
    ids = [f"A{n}" for n in range(count)]
    seats = chance.integers(10, 500, count)
    table = pd.DataFrame(
        {
            "account_id": ids,
            "name": [f"Company {n}" for n in range(count)],
            "mrr": seats * 100,
            "seats": seats,
        }
    )
    table = table.assign(
        active_users=(seats * chance.random(count)).round(), nps=chance.integers(-100, 100, count)
    )
    table.assign(domain=[f"a{n}.example" for n in range(count)]).to_csv(folder / "accounts.csv", index=False)
    whose = chance.integers(0, count, count * 3 // 2)
    people = pd.DataFrame(
        {"account_id": [ids[n] for n in whose], "email": [f"p{k}@a{n}.example" for k, n in enumerate(whose)]}
    )
    roles = chance.choice(["admin", "user"], len(whose))
    people.assign(contact_name="Aoi Mori", role=roles, language="en").to_csv(
        folder / "contacts.csv", index=False
    )
    messages = "".join(MESSAGE.format(n=n, MESSAGES=MESSAGES) for n in range(MESSAGES))
    (folder / "cscli.yaml").write_text(RULES + messages, encoding="utf-8")


def cpu_of(folder: Path, *arguments: str) -> float:
    """Seconds of CPU of a command in `folder`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "cscli", *arguments], cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
