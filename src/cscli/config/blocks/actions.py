"""What the YAML file may say about acting on scores: effort, whom to call, what to do, what to offer."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from cscli.config.blocks.parts import Model, Name, NonEmpty, RowFormula, Text

Hours = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


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


class MeasuredOn(Model):
    """What the chances to leave were measured on."""

    left: Annotated[int, Field(ge=1)] = Field(description="So many accounts had left")
    from_: dt.date = Field(alias="from", description="The first date of the back-test")
    to: dt.date = Field(description="Its last date")


class AtRisk(Model):
    """Which accounts are on the call list, and how long they stay."""

    when: RowFormula | None = Field(
        None,
        description="Who is on the list; default: the lowest band, and the second lowest with a renewal within 90 days",
    )
    churn_probability: dict[NonEmpty, Share] = Field(
        {},
        description="Band (or `unknown`): chance to leave within 12 months; default: the lowest band 0.55, the highest 0.05, others and `unknown` 0.25",
    )
    measured_on: MeasuredOn | None = Field(
        None,
        description="What `churn_probability` was measured on, as `backtest --write-probabilities` writes it; default: it is assumed",
    )
    hysteresis: Annotated[float, Field(ge=0, le=100)] = Field(
        2,
        description="An account of the last list is judged as if its score were so many points lower, so that it does not go and come with each small change",
    )
    cool_down_days: Annotated[int, Field(ge=0, le=365)] = Field(
        7, description="An account that went off the list does not come back within so many days"
    )


class Playbook(Model):
    """What to do with an account at risk: the first whose `when` holds is the next action."""

    name: NonEmpty = Field(description="What the playbook is called")
    label: Text | None = Field(None, description="What people see; default: the name")
    when: RowFormula | None = Field(None, description="A condition; default: every account")
    hours: Hours = Field(description="How long it takes the account's owner")
    due_days: Annotated[int, Field(ge=0, le=1000)] = Field(
        description="Due so many business days after the as-of date"
    )
    text: Text = Field(description="What to do")
    guide: Text | None = Field(
        None,
        description="Where the manual or the talk script is: a path or an address, shown beside the action",
    )


class RenewalCalls(Model):
    """What a renewal call stands for: the chance that the renewal is lost."""

    renew: Share = Field(0.05, description="Of the call `renew`")
    risk: Share = Field(0.35, description="Of the call `risk`")
    churn: Share = Field(0.85, description="Of the call `churn`")


class Renewals(Model):
    """What `cscli renewals` looks at."""

    months: Annotated[int, Field(ge=1, le=60)] = Field(
        12, description="So many months from the as-of date on"
    )
    calls: RenewalCalls = Field(RenewalCalls(), description="What people's renewal calls stand for")


class Opportunity(Model):
    """Whom to offer more, or to ask for a favour; never an account at risk."""

    name: NonEmpty = Field(description="What the play is called")
    label: Text | None = Field(None, description="What people see; default: the name")
    kind: Literal["upsell", "cross_sell", "advocate"] = Field(description="What is asked for")
    when: RowFormula = Field(description="A condition")
    potential_mrr: RowFormula | None = Field(
        None, description="What it could bring a month; default: not known, as for advocates"
    )
