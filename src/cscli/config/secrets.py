"""Text that may hold a database URL, or an override of a channel's secret, to text that can be shown."""

import re

_KINDS = r"(?:postgres\w*|mysql|mariadb|oracle|mssql|cockroachdb|snowflake|redshift|clickhouse)"
_DATABASE = re.compile(rf"\b({_KINDS}(?:\+\w+)?:/{{0,2}})([^\r\n]+)", re.IGNORECASE)
"""To the end of the line: a password may hold any sign."""
_USER_AND_PASSWORD = re.compile(r"(://[^:/@\s]*):\S*@")  # to the last @: a password may hold one
_OF_CHANNEL = re.compile(  # only a whole override: in the text of a config it would take all that follows
    r"\A([\w.\[\]]*\bchannels\b[\w.\[\]]*(?:url|webhook|token|secret|passw|user)\w*=).*",
    re.IGNORECASE | re.DOTALL,
)
_PARAMETER = re.compile(r"([?&](?:\w*password|passwd|pwd)=)[^&\s]*", re.IGNORECASE)
_CLEAN = re.compile(
    r"""(?P<user>[\w.%+~-]*)(?::(?P<password>[\w.%+~-]*))?@"""
    r"""(?P<where>[\w.-]*(?::\d{1,5})?(?:/[\w.%-]*)?(?:\?[\w.%&=/:+-]*)?)(?P<rest>["'\s},].*)?""",
    re.DOTALL,
)
"""A URL in which nothing needs to be guessed; what follows it in the line stays."""
_NO_USER = re.compile(
    r"""(?P<where>[\w.-]*(?::\d{1,5})?/[\w.%-]*(?:\?[\w.%&=/:+-]*)?)(?P<rest>["'\s},][^@]*)?""", re.DOTALL
)
_LAST_AT = re.compile(
    r"""(?P<user>[\w.%+~-]*):.*@(?P<where>[\w.-]+(?::\d{1,5})?/[\w.%-]*(?:\?[\w.%&=/:+-]*)?)(?P<rest>["'\s},][^@]*)?""",
    re.DOTALL,
)
_END = re.compile(r"""["'}\s]*\Z""")


def hide_password(text: str) -> str:
    """`text` with the passwords of URLs, and what is set as a channel's secret, as `***`. Of the URL of a database
    that does not read as one everything is hidden up to the end of its line.
    """
    text = _DATABASE.sub(lambda found: found[1] + _hide_in(found[2]), text)
    return _OF_CHANNEL.sub(r"\1***", _PARAMETER.sub(r"\1***", _USER_AND_PASSWORD.sub(r"\1:***@", text)))


def _hide_in(rest: str) -> str:
    """What follows the scheme of a database's URL in its line."""
    clean = _CLEAN.fullmatch(rest)
    if clean and not _may_go_on(clean["rest"]):
        password = ":***" if clean["password"] is not None else ""
        return f"{clean['user']}{password}@{clean['where']}{clean['rest'] or ''}"
    if _NO_USER.fullmatch(rest):
        return rest
    last = _LAST_AT.fullmatch(rest)
    if last:
        return f"{last['user']}:***@{last['where']}{last['rest'] or ''}"
    end = _END.search(rest)
    return "***" + (end[0] if end else "")


def _may_go_on(rest: str | None) -> bool:
    """Whether what follows a URL could be a part of a password: only an `@` ends one."""
    return "@" in (rest or "")
