"""The sample company to a workspace of one's own, in which every command works."""

from pathlib import Path

from cscli.errors import Problem, SourceError
from cscli.texts import Language
from cscli.workspace.publish import publish
from cscli.workspace.rules import CONFIG_NAME
from cscli.workspace.sample import sample_files

_IN_JAPANESE = (("language: en", "language: ja"), ("file: accounts.xlsx", "file: accounts_ja.csv"))


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
    found = sample_files()
    standing = [str(folder / file.name) for file in found if (folder / file.name).exists()]
    if standing and not overwrite:
        raise SourceError(Problem("init.sample_exists", value=standing[-1]))
    for file in found:  # the rules last: where they stand, all stands
        with publish(folder / file.name) as temporary:
            temporary.write_bytes(_content(file, language))
    return len(found)


def _content(file: Path, language: Language) -> bytes:
    content = file.read_bytes()
    if file.name == CONFIG_NAME and language == "ja":
        for english, japanese in _IN_JAPANESE:
            content = content.replace(english.encode(), japanese.encode(), 1)
    return content
