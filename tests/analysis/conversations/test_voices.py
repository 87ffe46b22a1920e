"""Themes of what customers say against the worked example. Oracle: `tests/oracles/practice/voice_expected_*.csv`."""

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.conversations.folding import fold_texts
from cscli.analysis.conversations.themes import themes_of
from cscli.analysis.conversations.voices import Voices, leaving_after, tell_table, theme_table
from cscli.config.work.voice import Theme
from cscli.errors import ConfigError
from places import PRACTICE

THEMES = [
    Theme.model_validate(rule)
    for rule in (
        {"name": "export", "any": ["export*", "csv", "エクスポート", "出力"]},
        {
            "name": "price",
            "any": ["price*", "pricing", "expensive", "料金", "高い"],
            "not": ["満足度が高い", "意識が高い"],
        },
        {"name": "mobile", "any": ["mobile", "iphone", "app", "スマホ", "アプリ"]},
        {"name": "login", "any": ["login", "sso", "log in", "ログイン"]},
    )
]


def voices() -> Voices:
    texts = pd.read_csv(PRACTICE / "voice_texts.csv")
    accounts = pd.read_csv(PRACTICE / "voice_accounts.csv")
    return Voices(
        texts=texts.assign(at=pd.to_datetime(texts["at"]), code=None),
        hits=themes_of(fold_texts(texts["text"]), THEMES),
        themes=tuple(theme.name for theme in THEMES),
        accounts=accounts.assign(
            arr=accounts["arr"].astype(float), churned_on=pd.to_datetime(accounts["churned_on"])
        ),
        day=pd.Timestamp("2026-10-31"),
        window_days=180,
    )


def test_each_text_has_the_themes_of_the_example() -> None:
    found = voices()
    right = pd.read_csv(PRACTICE / "voice_expected_texts.csv")
    names = np.array(found.themes)
    shown = ["|".join(names[row]) or None for row in found.hits]
    assert shown == [None if pd.isna(each) else each for each in right["themes"]]


def test_what_a_theme_is_worth_is_that_of_the_example() -> None:
    found, right = theme_table(voices()), pd.read_csv(PRACTICE / "voice_expected_themes.csv")
    assert found["theme"].tolist() == right["theme"].tolist()
    np.testing.assert_allclose(found[right.columns[1:]].astype(float), right[right.columns[1:]], atol=5e-7)


def test_who_is_to_be_told_is_that_of_the_example() -> None:
    statuses, told = (pd.read_csv(PRACTICE / f"voice_{name}.csv") for name in ("status", "told"))
    statuses["status_on"], told["told_on"] = (
        pd.to_datetime(statuses["status_on"]),
        pd.to_datetime(told["told_on"]),
    )
    found, right = tell_table(voices(), statuses, told), pd.read_csv(PRACTICE / "voice_expected_tell.csv")
    for name in ("theme", "status", "account_id", "arr", "loop"):
        assert found[name].tolist() == right[name].tolist(), name
    for name in ("status_on", "told_on"):
        assert found[name].dt.strftime("%Y-%m-%d").fillna("").tolist() == right[name].fillna("").tolist()


@pytest.mark.parametrize(
    ("term", "text", "hit"),
    [
        ("app", "what happens", False), ("app", "The APP, again", True), ("log in", "cannot log  in", True),
        ("ＣＳＶ", "csvが文字化け", True), ("c++", "we use C++ here", True), ("a.b", "axb", False), ("/^ab+c/", "abbc", True),
    ],
)  # fmt: skip
def test_terms(term: str, text: str, *, hit: bool) -> None:
    theme = Theme.model_validate({"name": "x", "any": [term]})
    assert themes_of(fold_texts([text]), [theme]).tolist() == [[hit]]


def test_a_regular_expression_that_cannot_be_read_is_placed() -> None:
    bad = Theme.model_validate({"name": "x", "any": ["fine", "/(/"]})
    with pytest.raises(ConfigError) as caught:
        themes_of(fold_texts(["a"]), [THEMES[0], bad])
    (problem,) = caught.value.problems
    assert problem.where.key == "voice.themes[1].any[1]"
    assert problem.value == "/(/"


def test_who_spoke_is_compared_at_a_landmark() -> None:
    """By hand, as of 2026-10-31, six months and a window of 180 days: the landmark is 2026-04-30, what counts was said from 2025-11-02 on. S1 spoke then
    and left, S2 spoke then and is there; N1 spoke too early, N2 after the landmark and left; G had gone before it, L came later: neither counts.
    """
    accounts = pd.DataFrame({
        "account_id": ["S1", "S2", "N1", "N2", "G", "L"],
        "started_on": pd.to_datetime(["2024-01-01"] * 5 + ["2026-05-01"]),
        "churned_on": pd.to_datetime(pd.Series(["2026-06-01", None, None, "2026-10-31", "2026-04-30", None])),
        "arr": 100.0,
    })  # fmt: skip
    said = [("S1", "2026-04-30"), ("S2", "2025-11-02"), ("N1", "2025-11-01"), ("N2", "2026-05-01"), ("G", "2026-01-01"), ("L", "2026-05-02")]  # fmt: skip
    texts = pd.DataFrame(said, columns=["account_id", "at"]).assign(source="t", text="price", code=None)
    found = Voices(
        texts=texts.assign(at=pd.to_datetime(texts["at"])), hits=np.ones((6, 1), dtype=bool), themes=("price",),
        accounts=accounts[["account_id", "arr", "churned_on"]], day=pd.Timestamp("2026-10-31"), window_days=180,
    )  # fmt: skip
    (one,) = leaving_after(found, accounts, pd.Series(None, index=accounts.index, dtype=object))
    assert (one.used, one.used_left, one.not_used, one.not_used_left) == (2, 1, 2, 1)
    assert one.verdict == "too_few"
