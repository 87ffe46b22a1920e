"""What the YAML file may say about `cscli brief --for customer`."""

from pydantic import Field

from cscli.config.blocks.parts import Model, Name


class BriefSettings(Model):
    """What a customer may see of itself. Nothing that is not named here."""

    customer_shows: list[Name] = Field(
        [],
        description="Metrics and columns on the page for the customer, in this order; none that rests on the score or on what people typed",
    )
    customer_goals: bool = Field(
        False, description="Whether the value of a metric that has 100 points stands beside it, as the goal"
    )
    customer_next_step: bool = Field(
        False, description="Whether the next step that people typed is on the page for the customer"
    )
