"""Drafts with their keys to tables for other programs: mail merge, and imports of a CRM."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from cscli.analysis.tables.expression_faults import keyed
from cscli.config.work.outreach import Export
from cscli.expressions import evaluate
from cscli.reports.outreach.drafts import Draft

PRESETS = MappingProxyType({
    "salesforce_tasks": Export.model_validate({
        "name": "salesforce_tasks",
        "columns": {"WhatId": "account_id", "Subject": "subject", "Description": "body", "ActivityDate": "as_of", "Status": "'Not Started'"},
    }),
    "hubspot_notes": Export.model_validate({
        "name": "hubspot_notes",
        "columns": {"Record ID - Company": "account_id", "Note body": "concat(subject, ': ', body)", "Activity date": "as_of"},
    }),
})  # fmt: skip
"""Forms of files that common systems import."""
_COLUMNS = ("key", "account_id", "name", "contact_name", "email", "language", "message", "kind", "subject", "body")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Keyed:
    """A draft with its key in the ledger."""

    key: str
    draft: Draft


def merge_table(messages: Sequence[Keyed]) -> pd.DataFrame:
    """key, account_id, name, contact_name, email, language, message, kind, subject, body, and each value that a text says."""
    said = [dict(each.draft.values) for each in messages]
    names = sorted({name for each in said for name in each} - set(_COLUMNS))
    rows = [
        _row(each) | {name: own.get(name) for name in names} for each, own in zip(messages, said, strict=True)
    ]
    return pd.DataFrame(rows, columns=[*_COLUMNS, *names], dtype=object)


def export_table(messages: Sequence[Keyed], export: Export, key: str, as_of: dt.date) -> pd.DataFrame:
    """The columns of `export`, whose expressions stand at `key`. ConfigError where they do not fit."""
    frame = pd.DataFrame([_row(each) for each in messages], columns=list(_COLUMNS), dtype=object)
    with keyed({header: f"{key}.columns.{header}" for header in export.columns}):
        return evaluate(frame, [export.columns], as_of)


def _row(each: Keyed) -> dict[str, object]:
    draft = each.draft
    return {
        "key": each.key, "account_id": draft.account_id, "name": draft.name or None, "contact_name": draft.contact_name or None,
        "email": draft.email, "language": draft.language, "message": draft.message, "kind": draft.kind,
        "subject": draft.subject, "body": draft.plain,
    }  # fmt: skip
