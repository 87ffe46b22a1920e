"""What the YAML file may say about what is kept and what people type."""

from typing import Annotated

import pydantic_core
from pydantic import AfterValidator, Field

from cscli.config.blocks.alerts import HIDDEN
from cscli.config.blocks.parts import Model, NonEmpty
from cscli.config.database_url import parse_database_url


def _check_database(url: str) -> str:
    """What is wrong with it may be the password: nothing of it is shown."""
    if not url.startswith("sqlite:") and "://" in url and parse_database_url(url) is None:
        raise pydantic_core.PydanticCustomError("config.not_a_database", "{found}", {"found": HIDDEN})
    return url


class HistorySettings(Model):
    """Where snapshots are kept."""

    url: Annotated[
        NonEmpty,
        AfterValidator(_check_database),
        Field(description="A database; its password from the environment"),
    ] = "sqlite:///.cscli/history.db"


class InputSettings(Model):
    """What people type."""

    file: NonEmpty = Field("inputs/csm.xlsx", description="The workbook, from the workspace")
    sentiment_days: int = Field(90, ge=1, description="A sentiment older than this is missing")
