"""Accounts, contacts and rules of messages, a few of each, and what is decided about them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.outreach.addresses import address_hash
from cscli.analysis.outreach.candidates import account_masks, pair_up, rank_contacts
from cscli.analysis.outreach.contact_stops import judge_contacts
from cscli.analysis.outreach.contacts import OptOuts, read_contacts
from cscli.analysis.outreach.deciding import Decision, Situation, decide
from cscli.analysis.outreach.occasions import Days
from cscli.analysis.outreach.sent import SentMessage, State, index_sent, ledger_frame
from cscli.config.schema import Config
from cscli.config.work.outreach import Outreach
from cscli.reports.outreach.drafts import Draft, DraftWriter

KEY = b"k" * 32
AS_OF = dt.date(2026, 10, 30)  # a Friday
SENDER: dict[str, Any] = {
    "organisation": {"en": "Example K.K.", "ja": "株式会社サンプル"},
    "from": "cs@example.com",
    "domains": ["example.com"],
}
MESSAGE: dict[str, Any] = {
    "name": "hello",
    "kind": "service",
    "when": "seats > 0",
    "subject": {"en": "About {{name}}", "ja": "{{name}} 様"},
    "text": {"en": ["Dear {{contact_name}},", "you have {{seats}} IDs."], "ja": ["{{contact_name}} 様"]},
}


def rules(*messages: Mapping[str, Any], **more: Any) -> Outreach:
    """Rules of messages, each with what it says beside the usual one; `sender` adds to the usual one."""
    sender = {**SENDER, **more.pop("sender", {})}
    shown = more.pop("may_show", ["name", "contact_name", "seats", "users", "renews_on", "growth"])
    every = [{**MESSAGE, **each} for each in messages or ({},)]
    return Outreach.model_validate({"sender": sender, "may_show": shown, "messages": every, **more})


def accounts(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Accounts with 10 seats and a domain of their own, `a1.example` of A1."""
    usual = {"seats": 10.0, "users": 5.0, "arr": 100.0, "owner": "Mizuki", "growth": 0.1}
    made = []
    for row in rows:
        name = str(row["account_id"])
        made.append({**usual, "name": f"Company {name}", "domain": f"{name.lower()}.example", **row})
    frame = pd.DataFrame(made)
    days = frame.get("renews_on", pd.Series(pd.NaT, index=frame.index))
    frame = frame.assign(
        renews_on=pd.Series(pd.to_datetime(days), index=frame.index).astype("datetime64[us]")
    )
    texts = {name: frame[name].astype(object).where(frame[name].notna(), None) for name in ("account_id", "name", "domain", "owner")}  # fmt: skip
    return frame.assign(**texts)


def contact(account_id: str, **more: Any) -> dict[str, Any]:
    """One person of an account: p@ its domain."""
    usual = {
        "email": f"p@{account_id.lower()}.example",
        "contact_name": "Aoi Mori",
        "role": "admin",
        "language": "en",
    }
    return {"account_id": account_id, **usual, **more}


def sent(message: str, account_id: str, day: dt.date, **more: Any) -> SentMessage:
    """A message that p@ the account's domain had."""
    address = more.pop("address", f"p@{account_id.lower()}.example")
    known: dict[str, Any] = {"key": f"{message}-{account_id}-{day}-{address}", "contact_id": None, "state": State.SENT, "occasion": ""}  # fmt: skip
    return SentMessage(
        message=message, account_id=account_id, address_hash=address_hash(KEY, address), as_of=day,
        made_on=more.pop("made_on", day), **{**known, **more},
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Around:
    """What else decides: the ledger, opt-outs, days, who is busy, what is stale."""

    ledger: Sequence[SentMessage] = ()
    outs: OptOuts = field(default_factory=OptOuts)
    as_of: dt.date = AS_OF
    today: dt.date | None = None
    busy: Iterable[str] = ()
    stale: Mapping[str, str] = field(default_factory=dict)
    is_business_day: bool = True


def decisions(
    outreach: Outreach, frame: pd.DataFrame, people: Sequence[Mapping[str, Any]], around: Around = Around()
) -> list[Decision[Draft]]:  # fmt: skip
    """Every decision, in its order."""
    ledger = index_sent(around.ledger)
    contacts = read_contacts([pd.DataFrame(list(people), columns=list({k: 0 for p in people for k in p}) or ["account_id"])])  # fmt: skip
    names = [each.name for each in outreach.messages]
    frame = frame.join(ledger_frame(frame["account_id"], names, ledger, around.as_of))
    pairs = pair_up(frame, contacts)
    situation = Situation(
        frame=frame, pairs=pairs, ranked=rank_contacts(pairs, outreach.messages, around.as_of),
        masks=account_masks(frame, outreach, around.as_of),
        contact_stops=judge_contacts(pairs, contacts, around.outs, outreach, pd.Timestamp(around.as_of)),
        sent=ledger, outreach=outreach, as_of=around.as_of, today=around.today or around.as_of, stale=around.stale,
        busy=np.isin(frame["account_id"].to_numpy(str), list(around.busy)), is_business_day=around.is_business_day,
        hashed=lambda address: address_hash(KEY, address),
    )  # fmt: skip
    config = Config.model_validate({"version": 1, "currency": "JPY"})
    return decide(
        situation,
        DraftWriter(pairs, config, outreach, Days(around.as_of, situation.today), lambda _: "token"),
    )


def outcome(found: Sequence[Decision[Draft]], frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    """(message, account, what stopped it or `goes`) of each decision."""
    ids = frame["account_id"].tolist()
    return [(each.message, ids[each.account], each.stop.value if each.stop else "goes") for each in found]
