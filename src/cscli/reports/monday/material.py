"""What the Monday page is made of."""

from dataclasses import dataclass

import pandas as pd

from cscli.reports.dashboard.model import Material


@dataclass(frozen=True, eq=False, slots=True)
class MondayMaterial:
    """`book`: the results that the dashboard shows. `late`: the promises that are late, as `late_promises` gives them; None:
    the rules promise nothing. `with_names`: whether accounts are named, or only counted.
    """

    book: Material
    late: pd.DataFrame | None
    with_names: bool = True
