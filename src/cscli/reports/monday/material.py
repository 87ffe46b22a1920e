"""What the Monday page is made of."""

from dataclasses import dataclass

from cscli.reports.dashboard.model import Material


@dataclass(frozen=True, eq=False, slots=True)
class MondayMaterial:
    """`book`: the results that the dashboard shows. `with_names`: whether accounts are named, or only counted."""

    book: Material
    with_names: bool = True
