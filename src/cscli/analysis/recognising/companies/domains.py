"""Web addresses, mail addresses and bare domains to the domain of a company."""

import re
import unicodedata

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(//)?")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59})")
_SHARED_BY_MANY = """
gmail.com googlemail.com google.com outlook.com outlook.jp hotmail.com hotmail.co.jp hotmail.co.uk live.com live.jp msn.com
yahoo.com yahoo.co.jp yahoo.co.uk yahoo.fr yahoo.de ymail.com ymail.ne.jp icloud.com me.com mac.com aol.com
gmx.com gmx.de gmx.net web.de mail.com mail.ru yandex.com yandex.ru proton.me protonmail.com zoho.com fastmail.com
qq.com 163.com 126.com naver.com hanmail.net daum.net orange.fr free.fr wanadoo.fr libero.it t-online.de
docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp softbank.jp i.softbank.jp vodafone.ne.jp rakuten.jp excite.co.jp goo.jp
nifty.com biglobe.ne.jp ocn.ne.jp plala.or.jp so-net.ne.jp comcast.net verizon.net att.net sbcglobal.net
facebook.com linkedin.com twitter.com x.com instagram.com youtube.com note.com ameblo.jp wixsite.com jimdo.com
github.io wordpress.com blogspot.com sites.google.com
"""
"""Domains that many companies share: mail for everybody, and sites on which a company has a page."""

_SHARED = frozenset(_SHARED_BY_MANY.split())


def domain_key(text: str) -> str | None:
    """The domain in `text`, in small letters, without scheme, www., port, path and a mail address' local part.
    None if there is none, or it is one that many companies share.
    """
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    if "." not in folded:
        return None
    host = re.split(r"[/?#\s]", _SCHEME.sub("", folded).lstrip("/"), maxsplit=1)[0]
    host = host.rsplit("@", 1)[-1].split(":", 1)[0].strip("<>,;\"'").rstrip(".").removeprefix("www.")
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return None
    return host if _DOMAIN.fullmatch(host) and host not in _SHARED else None


def is_mail_address(text: str) -> bool:
    """Whether `text` names a mailbox, of which a domain has many."""
    return text.count("@") == 1 and not text.startswith("@")
