"""No address changes the question that a directory is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ldap3.operation.search import compile_filter, parse_filter

from siegel.base.address import EmailAddress
from siegel.directory.ldap_filter import address_filter, checked_template, escaped

HOSTILE = (
    "*)(mail=*",
    "*",
    "x)(objectClass=*",
    "a\\2a",
    "nul\0",
    "zeile\nzwei",
    "müller",
    "()&|!=~<>",
)


def _value(question: str) -> bytes:
    """The one value that ldap3 sends for the filter."""
    tree = parse_filter(question, None, True, True, None, False).elements[0]  # type: ignore[no-untyped-call]  # its stubs say nothing
    sent = compile_filter(tree)  # type: ignore[no-untyped-call]  # its stubs say nothing
    assert sent.getName() == "equalityMatch", "not one comparison with a whole value"
    return bytes(sent.getComponent()["assertionValue"])


@pytest.mark.requirement("A45")
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_one_value(text: str) -> None:
    assert _value(f"(mail={escaped(text)})") == text.encode()


@given(st.text(max_size=60))
def test_any_text_stays_one_value(text: str) -> None:
    printable = text.encode("utf-8", "ignore").decode()
    question = f"(mail={escaped(printable)})"
    assert question.isascii()
    if printable:
        assert _value(question) == printable.encode()


def test_a_quoted_local_part_asks_for_itself() -> None:
    address = EmailAddress.parse('"*)(mail=*"@example.org')
    assert _value(address_filter(address)) == b'"*)(mail=*"@example.org'


def test_an_international_domain_is_asked_for_by_its_a_label() -> None:
    assert address_filter(EmailAddress.parse("Info@bücher.example")) == (
        "(mail=info@xn--bcher-kva.example)"
    )


def test_every_place_of_a_template_is_filled() -> None:
    template = "(|(mail={address})(proxyAddresses=smtp:{address}))"
    question = address_filter(EmailAddress.parse("a*b@example.org"), template)
    assert question == "(|(mail=a\\2ab@example.org)(proxyAddresses=smtp:a\\2ab@example.org))"


@pytest.mark.parametrize(
    "template",
    [
        "",
        "mail={address}",
        "(mail=*)",
        "(mail={address}",
        "(mail={address}))",
        "(mail={address})(cn=*)",
        "(mail={name}{address})",
        "(mail={address}\n)",
        "(" * 20 + "mail={address}" + ")" * 20,
        "(mail={address})" + "x" * 500,
    ],
)
def test_a_template_that_is_no_filter_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        checked_template(template)
