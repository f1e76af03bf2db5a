"""Writing DER, judged by asn1crypto and the standard."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from siegel.base import der, oids

LENGTHS = {
    0: b"\x04\x00",
    127: b"\x04\x7f",
    128: b"\x04\x81\x80",
    255: b"\x04\x81\xff",
    256: b"\x04\x82\x01\x00",
    65536: b"\x04\x83\x01\x00\x00",
}


@pytest.mark.parametrize("length", LENGTHS)
def test_lengths_are_as_short_as_they_can_be(length: int) -> None:
    assert der.header(der.OCTET_STRING, length) == LENGTHS[length]
    assert der.octet_string(bytes(length)) == LENGTHS[length] + bytes(length)


@given(st.lists(st.binary(max_size=40).map(der.octet_string)))
def test_sets_are_sorted(parts: list[bytes]) -> None:
    assert der.set_of(*parts) == der.tlv(der.SET, *sorted(parts))
    assert der.set_of(*reversed(parts)) == der.set_of(*parts)


@given(st.text())
def test_text_is_utf8(text: str) -> None:
    assert core.UTF8String.load(der.utf8_string(text)).native == text


MOMENTS = {
    datetime(1949, 12, 31, 23, 59, 59, tzinfo=UTC): b"\x18\x0f19491231235959Z",
    datetime(1950, 1, 1, tzinfo=UTC): b"\x17\x0d500101000000Z",
    datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC): b"\x17\x0d491231235959Z",
    datetime(2050, 1, 1, tzinfo=UTC): b"\x18\x0f20500101000000Z",
    datetime(2026, 6, 1, 2, 0, tzinfo=timezone(timedelta(hours=2))): b"\x17\x0d260601000000Z",
}


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_times_are_utctime_through_2049(moment: datetime) -> None:
    assert der.time(moment) == MOMENTS[moment]


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        der.time(datetime(2026, 1, 1))  # noqa: DTZ001 - what must be refused


def test_context_tags_are_constructed_unless_told_otherwise() -> None:
    assert der.context(1, der.null()) == b"\xa1\x02\x05\x00"
    assert der.context(1, b"ab", constructed=False) == b"\x81\x02ab"


def test_algorithm_parameters_are_absent_unless_given() -> None:
    assert der.algorithm(oids.SHA256).hex() == "300b0609608648016503040201"
    assert der.algorithm(oids.RSA, der.null()).hex() == "300d06092a864886f70d0101010500"


def test_every_identifier_of_the_table_is_one() -> None:
    table = {name: value for name, value in vars(oids).items() if name.isupper()}
    assert len(table) > 100
    for dotted in table.values():
        assert core.ObjectIdentifier.load(der.oid(dotted)).dotted == dotted
    assert len(set(table.values())) == len(table)
