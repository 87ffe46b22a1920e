"""`cscli content` over the worked example. Oracle: the expected tables of `tests/oracles/practice`, made by plain loops."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from books.practice_books import AS_OF, cscli, cscli_here, example, same, sheets_of, write_book

RULES = """version: 1
currency: JPY
sources:
  accounts: {file: accounts.csv, columns: {touch_in: touch_in, maturity: maturity}}
  used: {file: used.csv, kind: rows, rollup: {uses_ever: count(*)}, columns: {content: content_id, at: at}, types: {content: text}}
segments:
  touch: [{name: high, when: touch_in = 'high'}, {name: low, when: touch_in = 'low'}, {name: tech}]
content:
  use: {source: used, content_id: content, at: at}
  maturity: maturity
"""
HEADERS = {
    "content_id": "Content ID", "title": "Title", "format": "Format", "delivery": "Delivery", "maturity_from": "Maturity from",
    "maturity_to": "Maturity to", "abstraction": "Abstraction", "influence": "Influence", "hours": "Hours", "after": "After",
    "repeat_after_days": "Repeat after days",
}  # fmt: skip


def inventory() -> pd.DataFrame:
    return example("content_inventory").rename(columns=HEADERS).assign(Audience=None)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    accounts = example("content_accounts").rename(columns={"touch": "touch_in"})
    accounts["mrr"] = accounts.pop("arr").astype(float) / 12
    accounts.assign(started_on="2024-01-01").to_csv(tmp_path / "accounts.csv", index=False)
    example("content_use").to_csv(tmp_path / "used.csv", index=False)
    write_book(tmp_path / "inputs" / "content.xlsx", {"Content": inventory().to_dict("records")})
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path


def test_map_next_and_convert_are_those_of_the_example(workspace: Path) -> None:
    sheets = sheets_of(workspace, "content")
    same(sheets["content_map"], example("content_expected_map"))
    same(sheets["content_next"], example("content_expected_next"))
    same(sheets["content_convert"], example("content_expected_convert"))
    # by hand: c6 took 4 hours for 3 accounts; c1 takes nobody's hours; c4 took 16 for 2
    per_hour = sheets["content_pieces"].set_index("content_id")["per_hour"]
    assert per_hour[["c6", "c1", "c4"]].tolist() == [0.75, "tech", 0.125]


def test_the_sentence_names_the_gap_with_most_money(workspace: Path) -> None:
    """Oracle: the first row of the expected map, the accounts with a next piece in the expected ones."""
    done = cscli_here(workspace, "content", "--as-of", AS_OF)
    assert "low accounts of maturity 4 (¥2,400,000 ARR) have nothing to read." in " ".join(done.split())
    assert "7 of 10 accounts have a next piece." in " ".join(done.split())
    assert "error" not in done
    japanese = cscli_here(workspace, "content", "--as-of", AS_OF, "--lang", "ja")
    assert "10社のうち7社" in "".join(japanese.split())
    assert "gap" not in japanese


def test_the_next_piece_is_a_column_for_rules(workspace: Path) -> None:
    """Oracle: two accounts of the expected table are to get c1."""
    rules = RULES + (
        "metrics:\n  uses: {value: uses_ever, points: {kind: linear, zero: 0, full: 2}}\n"
        "scorecards: [{name: standard, groups: {use: {weight: 1, metrics: {uses: 1}}}}]\n"
    )
    rules = rules.replace(
        "content:\n", "  starts: [{name: quick, when: next_content = 'c1'}, {name: other}]\ncontent:\n", 1
    )
    (workspace / "cscli.yaml").write_text(rules, encoding="utf-8")
    accounts = sheets_of(workspace, "score")["accounts"]
    assert accounts.loc[accounts["starts"] == "quick", "account_id"].tolist() == ["K09", "K10"]


def test_the_next_piece_has_its_title_and_address_for_texts(workspace: Path) -> None:
    """Oracle: the inventory as typed. A segment asks of c1 both; two accounts are to get it, as above."""
    rules = RULES + (
        "metrics:\n  uses: {value: uses_ever, points: {kind: linear, zero: 0, full: 2}}\n"
        "scorecards: [{name: standard, groups: {use: {weight: 1, metrics: {uses: 1}}}}]\n"
    )
    pieces = inventory().assign(URL=None)
    pieces.loc[pieces["Content ID"] == "c1", ["Title", "URL"]] = ["Quick start", "https://learn.example/c1"]
    write_book(workspace / "inputs" / "content.xlsx", {"Content": pieces.to_dict("records")})
    when = "next_content_title = 'Quick start' AND next_content_url = 'https://learn.example/c1'"
    rules = rules.replace(
        "content:\n", f'  starts: [{{name: quick, when: "{when}"}}, {{name: other}}]\ncontent:\n', 1
    )
    (workspace / "cscli.yaml").write_text(rules, encoding="utf-8")
    accounts = sheets_of(workspace, "score")["accounts"]
    assert accounts.loc[accounts["starts"] == "quick", "account_id"].tolist() == ["K09", "K10"]


def test_ids_are_one_whatever_their_case_and_unknown_ones_are_counted(workspace: Path) -> None:
    """Oracle: the same expected tables, though the log writes C5 for c5 and has two rows of a piece that nobody knows."""
    used = example("content_use").replace({"content_id": {"c5": "Ｃ5 "}})
    strange = pd.DataFrame({"account_id": ["K01", "K02"], "content_id": ["c99", "c99"], "at": "2026-10-01"})
    pd.concat([used, strange]).to_csv(workspace / "used.csv", index=False)
    same(sheets_of(workspace, "content")["content_next"], example("content_expected_next"))
    said = cscli_here(workspace, "content", "--as-of", AS_OF, "--verbose")
    assert "2 rows of used are of pieces that the inventory does not have: c99" in said
    assert "A row of used spells an ID otherwise than the inventory (Ｃ5 for c5)" in said


def test_what_cannot_be_is_said_with_its_cell(workspace: Path) -> None:
    """Oracle: by hand. c2 and c3 wait for each other; c6 is for 3 to 1; c7 stands twice and c8 nowhere."""
    rows = inventory()
    rows.loc[rows["Content ID"] == "c2", "After"] = "c3"
    rows.loc[rows["Content ID"] == "c3", "After"] = "c2"
    rows.loc[rows["Content ID"] == "c6", ["Maturity from", "Maturity to"]] = [3, 1]
    rows.loc[rows["Content ID"] == "c5", "Influence"] = 9
    more = pd.DataFrame(
        [{"Content ID": "C4", "Title": "again"}, {"Content ID": "c8", "Title": "nowhere", "After": "c77"}]
    )
    write_book(workspace / "inputs" / "content.xlsx", {"Content": pd.concat([rows, more]).to_dict("records")})
    said = cscli_here(workspace, "content", "--as-of", AS_OF, "--verbose")
    for sentence in (
        "row 3 · After · c3 leads back to this piece", "row 4 · After · c2 leads back", "row 7 · Maturity from · The maturity begins at 3, above its end",
        "row 6 · Influence · 9 is no whole number from 1 to 5", "row 8 · Content ID · C4 stands in the inventory already",
        "row 9 · Content ID · c8 stands nowhere in the map", "row 9 · After · There is no piece c77",
    ):  # fmt: skip
        assert sentence in said, said


def test_who_has_no_maturity_stands_in_no_cell_and_is_said(workspace: Path) -> None:
    """Oracle: the map without K01 and K09."""
    accounts = pd.read_csv(workspace / "accounts.csv", dtype=object)
    accounts.loc[accounts["account_id"].isin(["K01", "K09"]), "maturity"] = [None, 2.5]
    accounts.to_csv(workspace / "accounts.csv", index=False)
    sheets = sheets_of(workspace, "content")
    right = example("content_expected_map")
    cells = right[~((right["maturity"] == "4") & (right["touch"] == "high")) & (right["maturity"] != "1")]
    assert sheets["content_map"]["accounts"].sum() == cells["accounts"].astype(int).sum() + 1  # K10 stays
    assert (
        sheets["content_next"].set_index("account_id").loc[["K01", "K09"], "because"].tolist()
        == ["no_place"] * 2
    )
    assert "2 accounts stand in no cell of the map" in cscli_here(
        workspace, "content", "--as-of", AS_OF, "-v"
    )


@pytest.mark.parametrize("piece", ["c3", "c1", "c5"])
def test_the_difference_is_that_of_the_example(piece: str, tmp_path: Path) -> None:
    """Accounts made of the strata of the example: as many as it says used the piece, and left."""
    strata = example("effect_strata")
    accounts, used = [], []
    for row in strata[strata["content_id"] == piece].to_dict("records"):
        for arm in ("used", "not_used"):
            for number in range(int(row[arm])):
                name = f"{row['stratum']}-{arm}-{number}"
                left = "2026-07-01" if number < int(row[f"{arm}_left"]) else None
                accounts.append((name, row["stratum"], 3, 1000, "2024-01-01", left))
                used += [(name, piece, "2026-03-01")] if arm == "used" else [(name, piece, "2026-06-01")]
    columns = ["account_id", "touch_in", "maturity", "mrr", "started_on", "churned_on"]
    pd.DataFrame(accounts, columns=columns).to_csv(tmp_path / "accounts.csv", index=False)
    pd.DataFrame(used, columns=["account_id", "content_id", "at"]).to_csv(tmp_path / "used.csv", index=False)
    write_book(tmp_path / "inputs" / "content.xlsx", {"Content": inventory().to_dict("records")})
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    found = sheets_of(tmp_path, "content")["content_effect"]
    right = example("effect_expected")
    same(
        found[found["content_id"] == piece].reset_index(drop=True),
        right[right["content_id"] == piece].reset_index(drop=True),
    )
    assert found["caution"].str.contains("does not show that it was the cause").all()


def test_a_new_book_has_its_columns_and_lists(workspace: Path) -> None:
    (workspace / "inputs" / "content.xlsx").unlink()
    assert cscli(workspace, "inputs", "content", "--as-of", AS_OF, "--lang", "ja").returncode == 0
    book = openpyxl.load_workbook(workspace / "inputs" / "content.xlsx")
    head = [cell.value for cell in book["コンテンツ"][1]]
    assert head[:5] == ["コンテンツID", "タイトル", "形式", "対象", "提供方法"]
    rules = {
        str(rule.sqref)[:2]: rule.formula1 for rule in book["コンテンツ"].data_validations.dataValidation
    }
    assert rules["E2"] == '"テックタッチ,ロータッチ,ハイタッチ"'
    assert "一覧が空" in cscli_here(workspace, "content", "--as-of", AS_OF, "--lang", "ja")
