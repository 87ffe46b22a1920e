"""What the YAML file may say about acting on scores: effort."""

from typing import Annotated

from pydantic import Field

from cscli.config.parts import Model, Name, NonEmpty

Hours = Annotated[float, Field(ge=0)]


class Effort(Model):
    """Hours that accounts should get by their segment, and the hours that an owner has for them."""

    by: Name = Field(description="The segmentation, or `team`, that decides")
    hours_per_month: dict[NonEmpty, Hours] = Field(
        min_length=1, description="Each name of that segmentation: hours an account gets in a month"
    )
    owner_hours_per_month: Annotated[float, Field(gt=0)] = Field(
        110, description="Hours in a month that an owner has for accounts: without meetings, travel and leave"
    )
    too_much: Annotated[float, Field(ge=1)] = Field(
        2, description="More hours spent than this many times the planned ones are a mismatch"
    )
    too_little: Annotated[float, Field(ge=0, le=1)] = Field(
        0.25, description="Fewer hours spent than this share of the planned ones are a mismatch"
    )
    at_least_hours: Hours = Field(
        1, description="A mismatch only where spent and planned hours are at least so far apart"
    )
