"""Names and domains of companies: which spellings are one company's was decided by a reader of both languages."""

import pytest

from cscli.analysis.recognising.companies.domains import domain_key
from cscli.analysis.recognising.companies.names import name_key


@pytest.mark.parametrize(
    "names",
    [
        ("株式会社青葉商事", "㈱青葉商事", "(株)青葉商事", "（株）青葉商事", "株式会社　青葉商事", "青葉商事 株式会社", "青葉商事㈱"),
        ("有限会社青葉", "㈲青葉", "青葉(有)"),
        ("株式会社アオバ・システムズ", "アオバシステムズ", "ｱｵﾊﾞｼｽﾃﾑｽﾞ(株)", "アオバ　システムズ"),
        ("一般社団法人みどり会", "(一社)みどり会", "みどり会"),
        ("合同会社ＡＢＣ", "ABC", "abc合同会社"),
        ("Acme, Inc.", "ACME INC", "Acme", "Acme Co., Ltd.", "Acme K.K.", "Acme Corporation", "acme l.l.c.", "Acme S.A."),
        ("Müller GmbH & Co. KG", "Müller"),
        ("Big River Traders S.p.A.", "Big River Traders"),
    ],
)  # fmt: skip
def test_spellings_of_one_name(names: tuple[str, ...]) -> None:
    assert len({name_key(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("株式会社青葉商事", "アオバ商事"),  # how a name is read is a person's knowledge
        ("青葉商事", "青葉商会"),
        ("青葉商事", "青葉商事東京支店"),
        ("Aqua Spa", "Aqua"),
        ("Coca", "Coca Co-op"),
        ("A.S.K. Systems", "K Systems"),
        ("Incubate", "ubate"),
    ],
)
def test_names_of_two_companies(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["", "　", "Inc.", "-", "123", "A"])
def test_what_names_no_company_has_at_most_its_own_form_as_key(name: str) -> None:
    assert name_key(name) in ("", "inc")


@pytest.mark.parametrize(
    "text",
    ["acme.co.jp", "https://www.acme.co.jp/about?x=1", "WWW.ACME.CO.JP", "taro@acme.co.jp", "mailto:taro@acme.co.jp",
     "http://acme.co.jp:8080", "ａｃｍｅ．ｃｏ．ｊｐ", " acme.co.jp. "],
)  # fmt: skip
def test_one_domain_in_all_its_forms(text: str) -> None:
    assert domain_key(text) == "acme.co.jp"


@pytest.mark.parametrize(
    "text", ["taro@gmail.com", "yahoo.co.jp", "https://outlook.com", "linkedin.com/company/acme", "A-1", "1.5", "v2.0", "", "a..b"]
)  # fmt: skip
def test_free_mail_shared_sites_and_other_text_are_no_domain(text: str) -> None:
    assert domain_key(text) is None


def test_a_domain_outside_ascii_is_its_registered_form() -> None:
    assert domain_key("https://日本.jp/") == domain_key("xn--wgv71a.jp") == "xn--wgv71a.jp"
