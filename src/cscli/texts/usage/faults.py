"""Faults of a command line in Japanese, by the form of the English sentence. A form has a group for each value."""

import re

_FORMS: tuple[tuple[str, str], ...] = (
    (r"Missing command\.", "コマンドを指定してください。"),
    (r"No such command '(.+?)'\.?(?: Did you mean (.+)\?)?", "コマンド「{0}」はありません。{did}"),
    (
        r"No such option: (\S+?)(?: Did you mean (\S+)\?| \(Possible options: (.+)\))?",
        "オプション {0} はありません。{did}",
    ),
    (r"Missing argument '(.+?)'\.?(.*)", "引数 {0} を指定してください。"),
    (r"Missing option '(.+?)'\.?(.*)", "オプション {0} を指定してください。"),
    (r"Got unexpected extra arguments? \((.+)\)", "余分な引数があります: {0}"),
    (r"Option '(.+?)' requires an argument\.", "オプション {0} には値が必要です。"),
    (r"Option '(.+?)' requires (\d+) arguments\.", "オプション {0} には値が{1}個必要です。"),
    (r"Option '(.+?)' does not take a value\.", "オプション {0} に値は付けられません。"),
    (r"Invalid value for (?:'(.+?)'|(\S+(?: / \S+)*)): (.+)", "{0}{1} の値が正しくありません: {rest}"),
    (r"Invalid value: (.+)", "{rest}"),
)
_OF_LIBRARIES = (
    (re.compile(r"Value error, "), ""),
    (re.compile(r"Input should be a valid integer.*"), "it must be a whole number."),
    (re.compile(r"Input should be a valid number.*"), "it must be a number."),
    (re.compile(r"Input should be greater than or equal to (\S+)"), r"it must be at least \1."),
    (re.compile(r"Input should be less than or equal to (\S+)"), r"it must be at most \1."),
)
_VALUES: tuple[tuple[str, str], ...] = (
    (r"--new and --for go together", "--new と --for は一緒に指定してください"),
    (r"'(.*)' is not one of (.+)\.", "「{0}」は使えません。{1} のいずれかを指定してください"),
    (r"it must be a whole number\.", "整数を指定してください"),
    (r"it must be a number\.", "数値を指定してください"),
    (r"it must be at least (\S+)\.", "{0}以上を指定してください"),
    (r"it must be at most (\S+)\.", "{0}以下を指定してください"),
    (r"'(.*)' is not a date such as (\S+)", "「{0}」は {1} のような日付ではありません"),
    (r"(\S+) is not between (\S+) and (\S+)", "{0} は {1} から {2} の間にありません"),
    (r"'(.*)' is not a time such as (\S+)", "「{0}」は {1} のような時刻ではありません"),
    (r"'(.*)' is none of (.+)", "「{0}」は使えません。{1} のいずれかを指定してください"),
    (
        r"several files only without a config",
        "複数のファイルを指定できるのは、設定ファイルがないときだけです",
    ),
    (r"a brief is a file of the form \.html", "資料のファイル形式は .html です"),
    (r"a dashboard is a file of the form \.html", "ダッシュボードのファイル形式は .html です"),
    (r"give either --keep N or --since DATE", "--keep N か --since DATE のどちらかを指定してください"),
    (r"give either DATE or --account ID", "DATE か --account ID のどちらかを指定してください"),
    (r"nobody can be asked here; add --yes", "ここでは確認できません。--yes を付けてください"),
    (
        r"choose one of --send, --dry-run and --deliver",
        "--send、--dry-run、--deliver のいずれか1つを指定してください",
    ),
    (
        r"--sample takes neither EXPORT nor --preset nor --output",
        "--sample は EXPORT、--preset、--output と一緒に使えません",
    ),
    (
        r"--from-history takes neither ACCOUNTS nor --no-history",
        "--from-history は ACCOUNTS、--no-history と一緒に使えません",
    ),
)


def plainly(message: str) -> str:
    """The sentence without words of the library that reads the values."""
    for form, words in _OF_LIBRARIES:
        message = form.sub(words, message)
    return message


def in_japanese(message: str) -> str:
    """The sentence in Japanese; one of no known form as it is."""
    for form, japanese in _FORMS:
        found = re.fullmatch(form, message, re.DOTALL)
        if found:
            groups = [each or "" for each in found.groups()]
            rest = _value(groups[-1]) if groups else ""
            return japanese.format(*groups, rest=rest, did=_did(groups[1:]))
    return message


def _value(message: str) -> str:
    for form, japanese in _VALUES:
        found = re.fullmatch(form, message.strip(), re.DOTALL)
        if found:
            return japanese.format(*(each or "" for each in found.groups()))
    return message


def _did(near: list[str]) -> str:
    names = "、".join(each.replace("'", "") for each in near if each)
    return f" もしかして: {names}" if names else ""
