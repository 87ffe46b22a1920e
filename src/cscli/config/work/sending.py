"""What the YAML file may say about who writes to customers, and how they stop it."""

import re
from typing import Annotated, Literal

import pydantic_core
from pydantic import AfterValidator, Field, model_validator

from cscli.config.blocks.alerts import Address, Variable
from cscli.config.blocks.parts import Model, NonEmpty, Text

TOKEN = "{{token}}"  # noqa: S105 - where a token is put
_DOMAIN = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")
_URL = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[!-~]*)?")


def _check_domain(domain: str) -> str:
    if not _DOMAIN.fullmatch(domain):
        raise pydantic_core.PydanticCustomError("config.not_a_domain", "{found}", {"found": domain})
    return domain


def _check_url(url: str) -> str:
    if not _URL.fullmatch(url.replace(TOKEN, "token")) or any(mark in url for mark in "<>,"):
        raise pydantic_core.PydanticCustomError("config.not_https", "{found}", {"found": url})
    return url


Domain = Annotated[str, AfterValidator(_check_domain)]
HttpsUrl = Annotated[str, AfterValidator(_check_url)]


class OwnerAddress(Model):
    """From whom the mails of an owner's accounts come."""

    email: Address = Field(description="Of one of `domains`")
    name: Text | None = Field(None, description="As customers see it; default: the name in the export")


class Unsubscribe(Model):
    """How a reader stops it; stands in the header List-Unsubscribe and at the foot."""

    mailto: Address | None = Field(None, description="An address to which a mail stops it")
    url: HttpsUrl | None = Field(
        None, description="A page, with `{{token}}` where the reader is told apart; one click must be enough"
    )
    key_env: Variable | None = Field(
        None, description="The environment variable with the key of which tokens are made"
    )

    @model_validator(mode="after")
    def _is_whole(self) -> "Unsubscribe":
        if self.mailto is None and self.url is None:
            raise pydantic_core.PydanticCustomError("config.outreach_needs", "mailto", {"found": "mailto"})
        if self.url is not None and TOKEN in self.url and self.key_env is None:
            raise pydantic_core.PydanticCustomError("config.outreach_needs", "key", {"found": "key_env"})
        return self


class Sender(Model):
    """Who writes. Stands at the foot of every mail."""

    organisation: Text = Field(description="The company's name")
    postal: Text | None = Field(None, description="Its postal address; a promotion needs it")
    from_: Literal["owner"] | Address = Field(
        "owner", alias="from", description="`owner`: the account's owner; or one address for all"
    )
    name: Text | None = Field(None, description="Beside one address: the name that customers see")
    owners: dict[NonEmpty, OwnerAddress] = Field({}, description="Owner, as in the export: the address")
    reply_to: Address | None = Field(None, description="Where answers go; default: the sender")
    domains: list[Domain] = Field(min_length=1, description="The sender's addresses must be of these")
    unsubscribe: Unsubscribe | None = Field(None, description="How a reader stops it; a promotion needs it")
