"""The columns of people at customers, and the headers known for them."""

from collections.abc import Mapping

from cscli.fields import Field, FieldType
from cscli.header_keys import bare_key, header_key


def _field(name: str, kind: FieldType, meaning: str, *headers: str) -> Field:
    return Field(name=name, type=kind, unit="", meaning=meaning, headers=(name, *headers))


# fmt: off
CONTACT_FIELDS: tuple[Field, ...] = (
    _field("email", FieldType.TEXT, "The address", "E-mail", "Email address", "Mail", "Mail address", "Work email", "メール", "メールアドレス", "Eメール", "電子メール"),
    _field("contact_name", FieldType.TEXT, "The person's name", "Contact", "Full name", "Contact full name", "Person", "氏名", "担当者名", "お名前", "担当者", "担当者氏名"),
    _field("role", FieldType.TEXT, "What the person is to the product", "Contact role", "Role in account", "役割", "役職区分", "権限"),
    _field("language", FieldType.TEXT, "en or ja", "Preferred language", "Locale", "言語", "使用言語"),
    _field("opted_out", FieldType.TEXT, "Whether the person wants no mail", "Opt out", "Opted-out", "Email opt out", "Unsubscribed", "Has opted out of email", "Unsubscribed from all email", "配信停止", "メール配信停止", "配信拒否", "オプトアウト"),
    _field("consent_on", FieldType.DATE, "The day on which the person agreed to advertising", "Consent date", "Opt-in date", "Consented on", "Marketing consent date", "同意日", "配信同意日", "オプトイン日"),
)
# fmt: on
CONTACT_FIELD_BY_NAME: Mapping[str, Field] = {entry.name: entry for entry in CONTACT_FIELDS}
_BY_HEADER = {header_key(header): entry for entry in CONTACT_FIELDS for header in entry.headers}


def contact_field(header: str) -> Field | None:
    """The field of a contact whose accepted headers contain `header`, or None."""
    return _BY_HEADER.get(header_key(header)) or _BY_HEADER.get(bare_key(header))
