"""Names of companies to what two spellings of one name have in common: width, case, company forms and signs dropped."""

import re
import unicodedata

_JAPANESE_FORMS = (
    "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "相互会社", "特例有限会社",
    "一般社団法人", "公益社団法人", "社団法人", "一般財団法人", "公益財団法人", "財団法人",
    "特定非営利活動法人", "npo法人", "独立行政法人", "国立大学法人", "地方独立行政法人",
    "社会福祉法人", "医療法人社団", "医療法人財団", "医療法人", "学校法人", "宗教法人",
    "弁護士法人", "税理士法人", "監査法人", "司法書士法人", "行政書士法人", "社会保険労務士法人",
    "事業協同組合", "協同組合", "農業協同組合", "生活協同組合",
    "(株)", "(有)", "(同)", "(資)", "(名)", "(一社)", "(公社)", "(一財)", "(公財)", "(社)", "(財)",
    "(特非)", "(独)", "(福)", "(医)", "(学)", "(宗)", "(相)", "(弁)", "(税)", "(株式会社)", "(有限会社)",
    "カブシキガイシャ", "カブシキカイシャ", "ユウゲンガイシャ", "ゴウドウガイシャ",
)  # fmt: skip
_SHORT_FORMS = {
    "(株)": "株式会社", "(有)": "有限会社", "(同)": "合同会社", "(資)": "合資会社", "(名)": "合名会社", "(医)": "医療法人", "(学)": "学校法人",
    "(福)": "社会福祉法人", "(財)": "財団法人", "(社)": "社団法人",
}  # fmt: skip
_SHORT_WORDS = {"incorporated": "inc", "limited": "ltd", "corporation": "corp", "company": "co"}
_WESTERN_FORMS = frozenset({
    "inc", "incorporated", "ltd", "limited", "llc", "llp", "lp", "co", "company", "corp", "corporation", "plc",
    "gmbh", "ggmbh", "mbh", "ag", "kg", "kgaa", "ohg", "ug", "kk", "kabushikikaisha", "kabushiki", "kaisha",
    "yk", "gk", "sa", "sas", "sasu", "sarl", "srl", "sl", "bv", "nv", "ab", "oy", "oyj", "aps", "pty", "pte",
    "pvt", "private", "bhd", "sdn", "ltda", "spzoo", "sro", "kft", "ooo", "jsc",
})  # fmt: skip
# With their points they are company forms, without them words ("Aqua Spa", "as").
_DOTTED_FORMS = re.compile(r"(?<=[\s,])(?:s\.\s?p\.\s?a|s\.\s?e|a/s|a\.\s?s)\.?\s*$")
_FORM_FIRST = re.compile(
    "^(?:{0})+|(?:{0})+$".format("|".join(map(re.escape, sorted(_JAPANESE_FORMS, key=len, reverse=True))))
)
_JOINING = re.compile(r"[.・·•‧･'’‘`´\"“”]+")
_DIVIDING = re.compile(r"[\s,、，;:|_]+")
_LETTER = re.compile(r"[^\W\d_]")


def name_key(name: str) -> str:
    """What names of one company share: NFKC, small letters, no company form, space, point, comma or middle dot.
    Empty where nothing is left that could name a company.
    """
    key = spaced_name(name).replace(" ", "")
    return key if len(key) > 1 and _LETTER.search(key) else ""


def written_key(name: str) -> str:
    """What is left of a name where only its writing differs: width, case, spaces, points, and its form long or short. The form itself
    and its place stay: `(株)A` is `株式会社A`, and neither is `A株式会社`.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    for short, long in _SHORT_FORMS.items():
        folded = folded.replace(short, long)
    words = _DIVIDING.sub(" ", _JOINING.sub("", folded)).split()
    return "".join(_SHORT_WORDS.get(word, word) for word in words)


def spaced_name(name: str) -> str:
    """The same with one space between words, for comparing word by word."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("〔", "(").replace("〕", ")")
    plain = _without_japanese_form(
        re.sub(r"\s*\(\s*|\s*\)\s*", _tight, _DOTTED_FORMS.sub(" ", folded)).strip()
    )
    words = _DIVIDING.sub(" ", _JOINING.sub("", plain)).split()
    kept = _without_forms(words)
    return " ".join(kept)


def _tight(match: re.Match[str]) -> str:
    return match[0].strip()


def _without_japanese_form(name: str) -> str:
    while (shorter := _FORM_FIRST.sub("", name).strip(" 　,・.")) != name and shorter:
        name = shorter
    return name


def _without_forms(words: list[str]) -> list[str]:
    """Forms stand last, or first as in `PT` and `KK Aoba`; a name that is all forms stays as it is."""
    kept = words
    while len(kept) > 1 and kept[-1].strip("()&") in _WESTERN_FORMS | {""}:
        kept = kept[:-1]
    while len(kept) > 1 and kept[0] in ("kk", "kabushiki", "kaisha", "gk", "yk"):
        kept = kept[1:]
    return kept
