"""Two sets of rules side by side: keys and bands, by hand."""

import numpy as np
import pandas as pd

from cscli.analysis.planning.differences import band_moves, key_changes
from cscli.analysis.planning.rule_changes import order_kept


def test_keys_that_differ_are_told_by_name() -> None:
    """A band that is put in front of the others does not make them differ."""
    old = {"bands": [{"name": "good", "from": 50}, {"name": "bad", "from": 0}], "teams": [1, 2]}
    new = {"bands": [{"name": "best", "from": 80}, {"name": "good", "from": 60}, {"name": "bad", "from": 0}]}
    found = key_changes(old, new)
    assert found.to_numpy().tolist() == [
        ["bands[good].from", "50", "60"],
        ["teams", "[1, 2]", None],
        ["bands[best].name", None, '"best"'],
        ["bands[best].from", None, "80"],
    ]


def test_money_that_nobody_knows_is_missing() -> None:
    bands = np.array(["a", "a", "b"], dtype=object)
    money = pd.DataFrame({"mrr": [1.0, np.nan, np.nan], "arr": [12.0, np.nan, np.nan]})
    found = band_moves(bands, bands, money).set_index("band_from")
    assert found[["accounts", "mrr", "arr"]].to_numpy(float)[0].tolist() == [2.0, 1.0, 12.0]
    assert np.isnan(found["arr"].to_numpy(float)[1])


def test_the_order_of_too_few_accounts_is_not_known() -> None:
    """Of two accounts with both scores it is the one pair, reversed."""
    scores = np.array([1.0, 2.0, np.nan]), np.array([5.0, 4.0, 3.0])
    assert order_kept(*scores) == -1.0
    assert np.isnan(order_kept(scores[0][:1], scores[1][:1]))
