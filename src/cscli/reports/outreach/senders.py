"""From whom a message comes, and by which addresses its reader stops it."""

from collections.abc import Callable
from dataclasses import dataclass

from cscli.analysis.acting.one_line import one_line
from cscli.analysis.outreach.deciding import Refused
from cscli.config.blocks.parts import text_in
from cscli.config.work.sending import TOKEN, Sender
from cscli.texts import Language


@dataclass(frozen=True, slots=True)
class From:
    """`reply_to`: where answers go, if elsewhere."""

    address: str
    name: str
    reply_to: str | None


def sender_of(sender: Sender, owner: str, language: Language) -> From | Refused:
    """The owner of the account, or the one address for all. An owner without an address is no sender."""
    if sender.from_ != "owner":
        told = sender.name if sender.name is not None else sender.organisation
        return From(sender.from_, one_line(text_in(told, language, ""), 200), sender.reply_to)
    found = sender.owners.get(owner)
    if found is None:
        return Refused("no_sender", owner)
    return From(found.email, one_line(text_in(found.name, language, owner), 200), sender.reply_to)


def stop_addresses(
    sender: Sender, address: str, token: Callable[[str], str | None]
) -> tuple[str, ...] | Refused:
    """URIs for the header List-Unsubscribe, https first. Without the key of its tokens there is no address."""
    stop = sender.unsubscribe
    if stop is None:
        return ()
    found = []
    if stop.url is not None:
        own = token(address) if TOKEN in stop.url else ""
        if own is None:
            return Refused("no_token", stop.key_env or "")
        found.append(stop.url.replace(TOKEN, own))
    if stop.mailto is not None:
        found.append(f"mailto:{stop.mailto}?subject=unsubscribe")
    return tuple(found)
