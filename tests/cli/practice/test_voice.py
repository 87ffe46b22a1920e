"""`cscli voice` over the worked example. Oracle: the expected tables of `tests/oracles/practice`, made by plain loops."""

from pathlib import Path

import openpyxl
import pytest

from books.practice_books import AS_OF, cscli, cscli_here, example, same, sheets_of, write_book

RULES = """version: 1
currency: JPY
sources:
  accounts: {file: accounts.csv}
  texts: {file: texts.csv, kind: rows, rollup: {texts_ever: count(*)}}
voice:
  texts:
    - {source: texts, at: at, text: text}
  themes:
    - {name: export, label: {ja: エクスポート}, any: ["export*", csv, エクスポート, 出力], owner: Product}
    - {name: price, label: {ja: 料金}, any: ["price*", pricing, expensive, 料金, 高い], not: [満足度が高い, 意識が高い]}
    - {name: mobile, any: [mobile, iphone, app, スマホ, アプリ]}
    - {name: login, any: [login, sso, log in, ログイン]}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    accounts = example("voice_accounts")
    accounts["mrr"] = accounts.pop("arr").astype(float) / 12
    accounts.assign(started_on="2024-01-01").to_csv(tmp_path / "accounts.csv", index=False)
    texts = example("voice_texts")
    texts.drop(columns=[name for name in ("source", "text_id") if name in texts]).to_csv(
        tmp_path / "texts.csv", index=False
    )
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path


def with_statuses(folder: Path) -> Path:
    themes = [
        {"Theme": row["theme"], "Status": row["status"], "Status since": row["status_on"]}
        for row in example("voice_status").to_dict("records")
    ]
    told = [
        {"Theme": row["theme"], "Account ID": row["account_id"], "Told on": row["told_on"]}
        for row in example("voice_told").to_dict("records")
    ]
    write_book(folder / "inputs" / "voice.xlsx", {"Themes": themes, "Tell": told})
    return folder


def test_themes_and_who_is_to_be_told_are_those_of_the_example(workspace: Path) -> None:
    sheets = sheets_of(with_statuses(workspace), "voice")
    same(sheets["themes"], example("voice_expected_themes"))
    same(sheets["tell"], example("voice_expected_tell"))


def test_who_asked_gets_a_row_once_the_theme_is_released(workspace: Path) -> None:
    """Oracle: the expected table's accounts; what was typed before stays."""
    with_statuses(workspace)
    assert cscli(workspace, "inputs", "voice", "--as-of", AS_OF).returncode == 0
    rows = [
        row[:2]
        for row in openpyxl.load_workbook(workspace / "inputs" / "voice.xlsx")["Tell"].iter_rows(
            min_row=2, values_only=True
        )
    ]
    assert rows == [("export", "V1"), ("export", "V2"), ("price", "V3")]
    again = cscli(workspace, "inputs", "voice", "--as-of", AS_OF)
    assert "nothing was changed" in again.stdout


def test_a_new_book_has_the_themes_and_japanese_reads_no_id(workspace: Path) -> None:
    assert cscli(workspace, "inputs", "--as-of", AS_OF, "--lang", "ja").returncode == 0
    book = openpyxl.load_workbook(workspace / "inputs" / "voice.xlsx")
    assert [row[0] for row in book["テーマ"].iter_rows(min_row=2, max_row=5, values_only=True)] == [
        "エクスポート", "料金", "mobile", "login",
    ]  # fmt: skip
    done = cscli(workspace, "voice", "--as-of", AS_OF, "--lang", "ja")
    assert done.returncode == 0, done.stderr
    assert "「エクスポート」について2社" in done.stdout
    assert "export" not in done.stdout


def test_a_bad_regular_expression_is_placed_in_the_file(workspace: Path) -> None:
    rules = RULES.replace("any: [mobile,", 'any: ["/(/",')
    (workspace / "cscli.yaml").write_text(rules, encoding="utf-8")
    done = cscli(workspace, "voice", "--as-of", AS_OF)
    assert done.returncode == 3
    assert "cscli.yaml:12" in done.stderr


def test_a_theme_may_be_typed_by_its_label_and_a_strange_one_is_said(workspace: Path) -> None:
    """Oracle: the example's statuses under other spellings, and two rows that no rule knows or that come twice."""
    spelled = {"export": "エクスポート", "price": "ＰＲＩＣＥ "}
    themes: list[dict[str, object]] = [
        {
            "Theme": spelled.get(row["theme"], row["theme"]),
            "Status": row["status"],
            "Status since": row["status_on"],
        }
        for row in example("voice_status").to_dict("records")
    ]
    themes += [{"Theme": "exprot", "Status": "declined"}, {"Theme": "export", "Status": "declined"}]
    told = [
        {"Theme": spelled[row["theme"]], "Account ID": row["account_id"], "Told on": row["told_on"]}
        for row in example("voice_told").to_dict("records")
    ]
    write_book(workspace / "inputs" / "voice.xlsx", {"Themes": themes, "Tell": told})
    sheets = sheets_of(workspace, "voice")
    same(sheets["themes"], example("voice_expected_themes"))
    same(sheets["tell"], example("voice_expected_tell"))
    said = cscli_here(workspace, "check", "--as-of", AS_OF)
    assert "There is no theme exprot in the rules" in " ".join(said.split())
    assert "The theme export has another row" in " ".join(said.split())
    cscli_here(workspace, "inputs", "voice", "--as-of", AS_OF)
    cells = openpyxl.load_workbook(workspace / "inputs" / "voice.xlsx")["Themes"]["A"]
    assert [cell.value for cell in cells][1:] == [
        *(row["Theme"] for row in themes), *({"mobile", "login"} - {row["Theme"] for row in themes}),
    ]  # fmt: skip


def test_a_theme_that_fits_every_text_is_said(workspace: Path) -> None:
    """Oracle: a pattern that any text has."""
    (workspace / "cscli.yaml").write_text(RULES.replace("any: [mobile,", 'any: ["/./",'), encoding="utf-8")
    said = " ".join(cscli_here(workspace, "voice", "--as-of", AS_OF).split())
    assert "voice.themes[2]" in said
    assert "The theme mobile matches 100% of all texts" in said
    assert "Take it out, or write it narrower" in said
