"""`cscli init --sample`: a workspace that works, from a checkout and from a wheel."""

import csv
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from places import ROOT, SAMPLE

FILES = {
    "accounts.xlsx", "accounts_ja.csv", "cancellations.csv", "contacts.csv", "content_views.csv", "cscli.yaml",
    "events.csv.gz", "mail_log.csv", "subscriptions.csv", "survey.csv", "tickets.csv", "touches.csv", "usage.csv",
}  # fmt: skip
FOLDERS = {"inputs", "inputs_en", "inputs_ja", "shop"}
SCORE = ("score", "--as-of", "2026-10-31", "--no-history")


def cscli(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cscli", *arguments], cwd=folder, env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_copy_is_a_workspace_that_scores(tmp_path: Path) -> None:
    """Oracle: the number of live accounts that the sample's own description gives."""
    made = cscli(tmp_path, "init", "--sample", "x")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines() == [
        "Copied the sample company to x: 25 files, its rules in cscli.yaml.",
        'Next: `cd "x"`, then run: cscli score --as-of 2026-10-31',
    ]
    assert names(tmp_path / "x") == {*FILES, "inputs", "shop"}
    same = FILES - {"cscli.yaml"}
    assert all((tmp_path / "x" / name).read_bytes() == (SAMPLE / name).read_bytes() for name in same)
    assert names(tmp_path / "x" / "inputs") == {
        "content.xlsx",
        "handover.xlsx",
        "journey.xlsx",
        "optout.csv",
        "selfcheck",
    }
    rules = (SAMPLE / "cscli.yaml").read_text(encoding="utf-8").replace("inputs_en/", "inputs/")
    assert (tmp_path / "x" / "cscli.yaml").read_text(encoding="utf-8") == rules
    assert names(tmp_path / "x" / "shop") == {"cscli.yaml", "orders.csv"}
    scored = cscli(tmp_path / "x", *SCORE)
    assert scored.returncode == 0, scored.stderr
    assert "of 166 accounts" in scored.stdout
    assert (tmp_path / "x" / "out" / "scored.xlsx").exists()


def test_in_japanese_the_japanese_export_is_scored(tmp_path: Path) -> None:
    made = cscli(tmp_path, "init", "--sample", "見本", "--lang", "ja")
    assert made.stdout.startswith("サンプル会社を 見本 にコピーしました")
    scored = cscli(tmp_path / "見本", *SCORE)
    assert "166社" in scored.stdout
    assert "accounts_ja.csv" in scored.stderr
    late = cscli(tmp_path / "見本", "journey", "--as-of", "2026-10-31")
    assert "1人400枚" in late.stdout
    rules = yaml.safe_load((tmp_path / "見本" / "cscli.yaml").read_text(encoding="utf-8"))
    with (SAMPLE / "accounts_ja.csv").open(encoding="cp932", newline="") as file:
        owners = {row["担当者"] for row in csv.DictReader(file)}
    senders = rules["outreach"]["sender"]["owners"]
    assert set(senders) == owners - {""}, "else no message has a sender"
    assert {owner: each["name"]["ja"] for owner, each in senders.items()} == {each: each for each in senders}
    work = [*rules["voice"]["themes"], *rules["initiatives"]]
    assert {each["owner"] for each in work} == {
        "プロダクト",
        "営業",
        "カスタマーサクセス",
        "野中 遥",
        "朝倉 蓮",
    }
    assert all(each["name"]["en"].isascii() for each in senders.values())


def test_a_file_that_stands_there_stays_and_nothing_is_copied(tmp_path: Path) -> None:
    mine = tmp_path / "usage.csv"
    mine.write_text("mine", encoding="utf-8")
    made = cscli(tmp_path, "init", "--sample", ".")
    assert made.returncode == 5
    (line,) = made.stderr.splitlines()
    assert line.startswith("error    usage.csv is there already; nothing was copied")
    assert (names(tmp_path), mine.read_text(encoding="utf-8")) == ({"usage.csv"}, "mine")
    assert cscli(tmp_path, "init", "--sample", ".", "--force").returncode == 0
    assert names(tmp_path) == {*FILES, "inputs", "shop"}
    assert mine.read_bytes() == (SAMPLE / "usage.csv").read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--sample", "x", "accounts.csv"),
        ("--sample", "x", "--preset", "depth-breadth-maturity"),
        ("--sample", "x", "-o", "rules.yaml"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert cscli(tmp_path, "init", *arguments).returncode == 2
    assert names(tmp_path) == set()


@pytest.mark.slow
def test_a_wheel_holds_the_sample_without_the_scripts_that_made_it(tmp_path: Path) -> None:
    """Built from the checkout; its files stand before those of the checkout on the path of the program."""
    pip = [sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--wheel-dir", str(tmp_path)]
    subprocess.run([*pip, str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    assert names(tmp_path / "installed" / "cscli" / "sample") == FILES | FOLDERS
    installed = {"PYTHONPATH": str(tmp_path / "installed")}
    where = [sys.executable, "-c", "import cscli; print(cscli.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, env={**os.environ, **installed}, capture_output=True, text=True, check=True)  # fmt: skip
    assert Path(found.stdout.strip()).is_relative_to(tmp_path / "installed")
    assert cscli(tmp_path, "init", "--sample", "x", **installed).returncode == 0
    assert "of 166 accounts" in cscli(tmp_path / "x", *SCORE, **installed).stdout
