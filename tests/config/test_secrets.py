"""A password in the URL of a database: read or refused, and no part of it is ever shown, whatever its signs."""

import re
import string
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from books.small_book import RULES
from cscli.config.database_url import parse_database_url
from cscli.config.load import read_draft
from cscli.config.secrets import hide_password
from cscli.config.show import show
from cscli.errors import CscliError, SourceError
from cscli.history import snapshot_days
from cscli.history.database.faults import shown
from cscli.texts import problem_line

SIGNS = "@: /?#%[]{}'\"\\&=,;*^~`|<>()!$+"
PASSWORDS = st.text(alphabet=string.ascii_letters + string.digits + SIGNS, min_size=6, max_size=24)


def pieces(password: str) -> list[str]:
    """The password, and what is left of it where a reader cuts at a sign: too long to stand there by chance."""
    cut = re.split(r"[^A-Za-z0-9]+", password)
    return [each for each in {password, *cut} if len(each) >= 4]


def marked(password: str) -> str:
    """With runs of letters that no other text has."""
    return re.sub(r"[A-Za-z0-9]+", lambda run: f"Zq{run[0]}x" + run[0], password)


@pytest.mark.whole
@settings(max_examples=300, deadline=None)
@given(
    PASSWORDS.map(marked),
    st.sampled_from(["host/db", "host:5432/db", "host:99999999/db", "host:54x2/db", ""]),
)
def test_no_part_of_a_password_is_shown(password: str, place: str) -> None:
    assume(place or "@" not in password)  # what follows the last @ is the host
    url = f"postgresql://ops:{password}@{place}" if place else f"postgresql://ops:{password}"
    quoted = yaml.safe_dump({"url": url}, width=10_000, default_style='"', allow_unicode=True)
    text = RULES + "history:\n  " + quoted
    told = [hide_password(text), hide_password(f"history.url={url}"), shown(url)]
    draft = read_draft(text, "cscli.yaml", ())
    told += [problem_line(problem, "en") for problem in draft.problems]
    if draft.config:
        told.append(show(draft, draft.config))
    for said in told:
        for piece in pieces(password):
            assert piece not in said, (url, said)


@settings(max_examples=200, deadline=None)
@given(PASSWORDS)
def test_what_is_read_is_the_password(password: str) -> None:
    """All after the first colon and before the last `@`; what is percent-encoded is decoded."""
    found = parse_database_url(f"postgresql://ops:{password}@host:5432/db")
    assert found is not None
    assert (found.user, found.host, found.port, found.name) == ("ops", "host", 5432, "db")
    if "%" not in password:
        assert found.password == password


@pytest.mark.parametrize(
    ("written", "password"),
    [
        ("50%25off", "50%off"),
        ("100%", "100%"),
        ("a%zz%41", "a%zz%41"),
        ("p%40ss", "p@ss"),
        ("plain", "plain"),
    ],
)
def test_what_is_percent_encoded_as_a_whole_is_decoded(written: str, password: str) -> None:
    found = parse_database_url(f"postgresql://ops:{written}@host/db")
    assert found is not None
    assert found.password == password


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("url: 'postgresql://u:p@host/db'  # ours", "url: 'postgresql://u:***@host/db'  # ours"),
        ("url: 'postgresql://u:a b@c@host/db'", "url: 'postgresql://u:***@host/db'"),
        ("{url: 'postgresql://u:a b@c'}", "{url: 'postgresql://***'}"),
        ("postgresql://host:5432/db", "postgresql://host:5432/db"),
    ],
)
def test_what_follows_a_url_stays_where_it_is_no_part_of_the_password(text: str, shown: str) -> None:
    assert hide_password(text) == shown


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@h:0/d",
        "postgresql://u:p@h:65536/d",
        "postgresql://u:p@h:99999/d",
        "postgresql://u:p@h h/d",
        "postgresql://a/b:p@h/d",
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(url: str) -> None:
    assert parse_database_url(url) is None


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        snapshot_days("postgresql://ops:Zq@x yzzy:Qq@127.0.0.1:1/db", tmp_path)
    said = " ".join(problem_line(problem, "en") for problem in caught.value.problems)
    assert "Zq" not in said
    assert "yzzy" not in said
    assert "Qq" not in said
    assert "127.0.0.1" in said


def test_the_copy_of_rules_stays_rules() -> None:
    """A URL that reads as one loses its password alone."""
    text = RULES + "history: {url: 'postgresql://ops:secret@h:5432/db?sslmode=require'}  # by ops\n"
    hidden = hide_password(text)
    assert "secret" not in hidden
    assert yaml.safe_load(hidden)["history"]["url"].startswith("postgresql://")
    assert hide_password("sqlite:///.cscli/history.db") == "sqlite:///.cscli/history.db"
    with pytest.raises(CscliError):
        snapshot_days("nosuch://x", Path())
