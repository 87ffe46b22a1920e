"""The sample company to a workspace of one's own, in which every command works."""

import re
from pathlib import Path

from cscli.errors import Problem, SourceError
from cscli.texts import Language
from cscli.texts.usage.presets import commented_in_japanese
from cscli.texts.usage.sample import COMMENTS, HEADS
from cscli.workspace.publish import publish
from cscli.workspace.rules import CONFIG_NAME
from cscli.workspace.sample import sample_files

_IN_JAPANESE = (
    ("language: en", "language: ja"), ("file: accounts.xlsx", "file: accounts_ja.csv"), ("subject: Subject", "subject: 件名"),
    ("comment: comment", "comment: コメント"), ("reason: reason}", "reason: 理由}"),
)  # fmt: skip
_OWNER = re.compile(r"(\w+ \w+): (\{email: [^,]+, name: )\{en: \w+ \w+, ja: ([^}]+)\}")
_TEAMS = {"Product": "プロダクト", "Sales": "営業", "Customer success": "カスタマーサクセス"}
_HERE = ("inputs_en/", "inputs/")


def init_sample(folder: Path, language: Language, *, overwrite: bool = False) -> int:
    """Copies the sample's exports and rules into `folder`; `language`: of the reports that the rules ask for, and of
    the accounts export that they read. Gives the number of files. Raises SourceError where a file stands already
    (then none is written) or cannot be written.
    """
    try:
        return _copy(folder, language, overwrite=overwrite)
    except SourceError as error:
        error.language = language
        raise


def _copy(folder: Path, language: Language, *, overwrite: bool) -> int:
    found = sample_files(language)
    standing = [str(folder / name) for name in found if (folder / name).exists()]
    if standing and not overwrite:
        raise SourceError(Problem("init.sample_exists", value=standing[-1]))
    for name, file in found.items():  # the rules last: where they stand, all stands
        with publish(folder / name) as temporary:
            temporary.write_bytes(_content(name, file, language))
    return len(found)


def _content(name: str, file: Path, language: Language) -> bytes:
    content = file.read_bytes()
    if Path(name).name == CONFIG_NAME and language == "ja":
        content = commented_in_japanese(content.decode(), HEADS, COMMENTS).encode()
    if name == CONFIG_NAME:
        for before, after in (_HERE, *(_IN_JAPANESE if language == "ja" else ())):
            content = content.replace(before.encode(), after.encode(), 1)
        content = _with_japanese_owners(content.decode()).encode() if language == "ja" else content
    return content


def _with_japanese_owners(rules: str) -> str:
    """The owners of accounts as the Japanese list of accounts has them, and of themes and initiatives alike."""
    people = {english: japanese for english, _, japanese in _OWNER.findall(rules)}
    rules = _OWNER.sub(r"\3: \2{en: \1, ja: \3}", rules)
    for english, japanese in (people | _TEAMS).items():
        rules = re.sub(rf"\bowner: {english}(?=[}}\n])", f"owner: {japanese}", rules)
    return rules
