"""Names and records of RFC 8162."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.directory.smimea_answer import MAX_RECORDS, Unfit, offered, read
from siegel.directory.smimea_name import owner_name
from siegel.pki.certificate import parse_certificate
from tests.world import WORLD

BOB = WORLD.person("bob").certificate_der


def test_the_name_is_that_of_the_rfc() -> None:
    # RFC 8162 §3, the example
    assert owner_name(EmailAddress.parse("hugh@example.com")) == (
        "c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6._smimecert.example.com"
    )


def test_capitals_make_another_name() -> None:
    assert owner_name(EmailAddress.parse("Hugh@example.com")) != (
        owner_name(EmailAddress.parse("hugh@example.com"))
    )


def test_quotes_are_not_part_of_the_name() -> None:
    assert owner_name(EmailAddress.parse('"hugh"@example.com')) == (
        owner_name(EmailAddress.parse("hugh@example.com"))
    )


def test_two_ways_to_write_a_letter_are_one_name() -> None:
    assert owner_name(EmailAddress.parse("mu\u0308ller@example.com")) == (
        owner_name(EmailAddress.parse("müller@example.com"))
    )


@pytest.mark.parametrize("usage", [1, 3])
def test_a_whole_certificate_is_taken(usage: int) -> None:
    found = offered([bytes((usage, 0, 0)) + BOB], domain_may_assert=True)
    assert found.certificates == (parse_certificate(BOB),)
    assert not found.unfit


@pytest.mark.parametrize(
    ("rdata", "unfit"),
    [
        (bytes((3, 0, 0)) + BOB, Unfit.DOMAIN_ASSERTS),
        (bytes((1, 0, 1)) + b"\1" * 32, Unfit.ONLY_A_DIGEST),
        (bytes((1, 1, 0)) + b"\1" * 32, Unfit.ONLY_A_DIGEST),
        (bytes((0, 0, 0)) + BOB, Unfit.OF_AN_AUTHORITY),
        (bytes((2, 0, 0)) + BOB, Unfit.OF_AN_AUTHORITY),
        (bytes((1, 0, 0)) + WORLD.root.der, Unfit.OF_AN_AUTHORITY),
        (bytes((1, 0, 0)) + b"\x30\x03abc", Unfit.UNREADABLE),
        (bytes((4, 0, 0)) + BOB, Unfit.UNREADABLE),
        (bytes((1, 2, 0)) + BOB, Unfit.UNREADABLE),
        (bytes((1, 0, 3)) + BOB, Unfit.UNREADABLE),
        (b"", Unfit.UNREADABLE),
        (bytes((1, 0, 0)), Unfit.UNREADABLE),
    ],
)
def test_other_records_bring_nothing_and_say_why(rdata: bytes, unfit: Unfit) -> None:
    found = offered([rdata], domain_may_assert=False)
    assert found.certificates == ()
    assert found.unfit == {unfit}


def test_only_so_many_records_are_read() -> None:
    many = [b"\1\0\1" + b"x" * 32] * MAX_RECORDS + [b"\1\0\0" + BOB]
    assert offered(many, domain_may_assert=True).certificates == ()


@given(st.binary(max_size=200))
def test_any_octets_are_a_record_or_none(rdata: bytes) -> None:
    record = read(rdata)
    assert record is None or record.data == rdata[3:]
    assert offered([rdata], domain_may_assert=True).certificates == ()
