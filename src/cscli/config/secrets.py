"""Text that may hold a database URL to text that can be shown."""

import re

_USER_AND_PASSWORD = re.compile(r"(://[^:/@\s]*):\S*@")  # to the last @: a password may hold one
_PARAMETER = re.compile(r"([?&](?:\w*password|passwd|pwd)=)[^&\s]*", re.IGNORECASE)


def hide_password(text: str) -> str:
    """`text` with the passwords of URLs as `***`."""
    return _PARAMETER.sub(r"\1***", _USER_AND_PASSWORD.sub(r"\1:***@", text))
