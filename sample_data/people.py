"""People of the accounts, with consent, opt-outs and addresses that do not work; what the mail server said of them."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from model import AS_OF, Account
from records import Row

FAMILY = (
    ("Sato", "佐藤"), ("Suzuki", "鈴木"), ("Takahashi", "高橋"), ("Ito", "伊藤"), ("Watanabe", "渡辺"),
    ("Yamamoto", "山本"), ("Nakamura", "中村"), ("Kobayashi", "小林"), ("Kato", "加藤"), ("Yoshida", "吉田"),
    ("Yamada", "山田"), ("Sasaki", "佐々木"), ("Matsumoto", "松本"), ("Inoue", "井上"), ("Kimura", "木村"),
    ("Hayashi", "林"), ("Saito", "斎藤"), ("Shimizu", "清水"), ("Mori", "森"), ("Abe", "阿部"),
)  # fmt: skip
GIVEN = (
    ("Yuta", "雄太"), ("Ayaka", "彩花"), ("Kenta", "健太"), ("Misaki", "美咲"), ("Daiki", "大輝"),
    ("Nanami", "七海"), ("Takuya", "拓也"), ("Yuko", "裕子"), ("Shinji", "真司"), ("Emi", "恵美"),
    ("Ryo", "亮"), ("Kana", "佳奈"), ("Makoto", "誠"), ("Rie", "理恵"), ("Hiroshi", "浩"), ("Mai", "麻衣"),
)  # fmt: skip
ROLES = ("admin", "champion", "sponsor", "user")
TO_FULL_WIDTH = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz", "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ"
)
BAD_ADDRESSES = 6
EVENTS = {"bounced": 0.02, "complained": 0.028, "unsubscribed": 0.04}
"""What happened to a person's mail: shares added up."""


@dataclass(frozen=True)
class Contact:
    account_id: str
    email: str
    name: str
    role: str
    language: str
    opted_out: str  # yes or blank
    consent_on: str  # an ISO date or blank


def list_contacts(accounts: list[Account], rng: np.random.Generator) -> list[Contact]:
    """One to four people an account by its size; about one in 20 writes English, one in 15 wants no mail."""
    drawn = [
        _draw_contact(account, role, rng)
        for account in accounts
        for role in ROLES[: int(np.clip(1 + account.seats // 15, 1, 4))]
    ]
    return _soil(drawn, rng)


def _draw_contact(account: Account, role: str, rng: np.random.Generator) -> Contact:
    family, given = FAMILY[int(rng.integers(len(FAMILY)))], GIVEN[int(rng.integers(len(GIVEN)))]
    english = rng.random() < 0.05
    consent = account.started_on + dt.timedelta(days=int(rng.integers(0, 60)))
    agreed = rng.random() < 0.6 and consent <= AS_OF
    return Contact(
        account_id=account.account_id,
        email=f"{given[0].lower()}.{family[0].lower()}@{account.company.domain}",
        name=f"{given[0]} {family[0]}" if english else f"{family[1]} {given[1]}",
        role=role,
        language="en" if english else "ja",
        opted_out="yes" if rng.random() < 0.065 else "",
        consent_on=consent.isoformat() if agreed else "",
    )


def _soil(contacts: list[Contact], rng: np.random.Generator) -> list[Contact]:
    """Addresses without @, in full-width letters, blank; and one address that stands under two accounts."""
    soiled = {int(n): kind for kind, n in enumerate(rng.choice(len(contacts), BAD_ADDRESSES, replace=False))}
    rows = [_spoil(contact, soiled.get(n)) for n, contact in enumerate(contacts)]
    first, other = rows[3], rows[40]
    rows.append(Contact(other.account_id, first.email, first.name, "user", first.language, "", ""))
    return rows


def _spoil(contact: Contact, kind: int | None) -> Contact:
    if kind is None:
        return contact
    broken = (contact.email.replace("@", " at "), contact.email.translate(TO_FULL_WIDTH), "")[kind % 3]
    return Contact(contact.account_id, broken, contact.name, contact.role, contact.language, "", "")


def list_mail_log(contacts: list[Contact], rng: np.random.Generator) -> list[Row]:
    """email, at, event (bounced, complained, unsubscribed); of the last year, in order of time."""
    rows: list[Row] = []
    for contact in contacts:
        draw = rng.random()
        event = next((name for name, share in EVENTS.items() if draw < share), "")
        at = dt.datetime.combine(AS_OF, dt.time(7, 30)) - dt.timedelta(
            days=int(rng.integers(3, 360)), minutes=int(rng.integers(600))
        )
        if event and "@" in contact.email:
            rows.append((contact.email, at.isoformat() + "+09:00", event))
    return sorted(rows, key=lambda row: (str(row[1]), str(row[0])))


def list_optouts(contacts: list[Contact], accounts: list[Account]) -> list[Row]:
    """address, date, how: two people who asked by telephone, and a whole domain."""
    asked = [contact for contact in contacts if not contact.opted_out and "@" in contact.email]
    live = [account for account in accounts if account.churned_on is None]
    return [
        (asked[11].email, "2026-05-20", "telephone"),
        (asked[57].email.upper(), "2026-08-03", "telephone"),
        ("@" + live[25].company.domain, "2026-09-15", "letter"),
    ]
