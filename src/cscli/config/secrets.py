"""Text that may hold a database URL, or an override of a channel's secret, to text that can be shown."""

import re

_USER_AND_PASSWORD = re.compile(r"(://[^:/@\s]*):\S*@")  # to the last @: a password may hold one
_OF_CHANNEL = re.compile(  # only a whole override: in the text of a config it would take all that follows
    r"\A([\w.\[\]]*\bchannels\b[\w.\[\]]*(?:url|webhook|token|secret|passw|user)\w*=).*",
    re.IGNORECASE | re.DOTALL,
)
_PARAMETER = re.compile(r"([?&](?:\w*password|passwd|pwd)=)[^&\s]*", re.IGNORECASE)


def hide_password(text: str) -> str:
    """`text` with the passwords of URLs, and what is set as a channel's secret, as `***`."""
    return _OF_CHANNEL.sub(r"\1***", _PARAMETER.sub(r"\1***", _USER_AND_PASSWORD.sub(r"\1:***@", text)))
