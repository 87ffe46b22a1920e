"""Which texts are addresses. The oracle is RFC 5321, by hand; what is in doubt is none."""

import pytest

from cscli.analysis.outreach.addresses import (
    address_hash,
    company_domain,
    is_opt_out,
    message_key,
    opt_out_key,
    read_mailbox,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("p@a1.example", "p@a1.example"),
        (" P.Q+r@A1.Example ", "P.Q+r@a1.example"),
        ("p@日本語.jp", "p@xn--wgv71a119e.jp"),
        ("p@müller.example", "p@xn--mller-kva.example"),
        ("p at a1.example", None),
        ("p@a1", None),
        ("p@@a1.example", None),
        ("p@q@a1.example", None),
        ("ｐ@a1.example", None),  # of another width
        ("p@ａ1.example", None),
        ("日本@a1.example", None),
        (".p@a1.example", None),
        ("p..q@a1.example", None),
        ("p@-a1.example", None),
        ("p@a1.example\r\nBcc: x@y.example", None),
        ("p,q@a1.example", None),
        ("<p@a1.example>", None),
        ("Aoi <p@a1.example>", None),
        ("p@[127.0.0.1]", None),
        ("p" * 65 + "@a1.example", None),
        ("p@" + "a" * 64 + ".example", None),
        ("x" * 2_000_000, None),
        ("", None),
    ],
)
def test_addresses(text: str, address: str | None) -> None:
    found = read_mailbox(text)
    assert (found.address if found else None) == address


def test_opt_outs_are_compared_as_people_type_them() -> None:
    same = {
        opt_out_key(each)
        for each in (
            "p@a1.example", " P@A1.EXAMPLE", "ｐ@a1.example", "<p@a1.example>", "mailto:p@a1.example", "\ufeffp@a1.example\u200b",
        )
    }  # fmt: skip
    assert same == {"p@a1.example"}
    assert opt_out_key("p@日本語.jp") == "p@xn--wgv71a119e.jp"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("p@a1.example", True),
        ("p..q.@docomo.ne.jp", True),  # carriers gave such addresses out
        ("@a1.example", True),
        ("@日本語.jp", True),
        ("*@a1.example", False),  # a sign of addresses, which nobody means
        ("A1,p@a1.example", False),
        ("Aoi:p@a1.example", False),
        ("p@a1.example; q@a1.example", False),
        ("a1.example", False),
        ("@a1", False),
        ("@", False),
        ("", False),
    ],
)
def test_what_an_opt_out_may_be(text: str, is_one: bool) -> None:
    assert is_opt_out(opt_out_key(text)) == is_one


def test_a_domain_that_many_share_is_nobodys() -> None:
    assert company_domain("gmail.com") is None
    assert company_domain("https://www.a1.example/jp") == "a1.example"
    assert company_domain(None) is None


def test_keys_tell_everything_apart_and_case_does_not() -> None:
    key = b"k"
    usual = ("hello", "A1", "p@a1.example", "")
    others = [
        ("hi", *usual[1:]),
        ("hello", "A2", *usual[2:]),
        ("hello", "A1", "q@a1.example", ""),
        (*usual[:3], "2027-01-01"),
    ]
    assert len({message_key(key, *each) for each in (usual, *others)}) == 5
    assert message_key(key, *usual) == message_key(key, "hello", "A1", "P@A1.Example", "")
    assert message_key(key, *usual) != message_key(b"l", *usual)
    assert address_hash(key, "p@a1.example") != address_hash(b"l", "p@a1.example")
