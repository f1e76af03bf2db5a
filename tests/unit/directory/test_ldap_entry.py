"""Certificates are found in whatever form a directory keeps them, and limits hold."""

import pytest

from siegel.directory import ldap_entry
from siegel.directory.ldap_entry import certificates_of
from siegel.pki.certificate import parse_certificate
from siegel.pki.export import public_part
from tests.world import WORLD

BOB, DANA = (WORLD.person(name).certificate_der for name in ("bob", "dana"))


def _bundle(*ders: bytes) -> bytes:
    first, *others = (parse_certificate(der) for der in ders)
    return public_part(first, others, format="p7c")


@pytest.mark.parametrize("name", ["userCertificate;binary", "usercertificate", "USERCERTIFICATE"])
def test_a_certificate_is_found_by_every_spelling(name: str) -> None:
    assert certificates_of([{"mail": [b"x"], name: [BOB]}]) == (parse_certificate(BOB),)


def test_those_of_the_smime_attribute_come_first() -> None:
    entry = {"userCertificate;binary": [BOB], "userSMIMECertificate": [_bundle(DANA)]}
    assert certificates_of([entry]) == (parse_certificate(DANA), parse_certificate(BOB))


def test_what_cannot_be_read_spoils_nothing() -> None:
    entry = {"userCertificate": [b"", b"\x30\x84\xff\xff\xff\xff", b"<html>", BOB]}
    assert certificates_of([entry]) == (parse_certificate(BOB),)


def test_no_more_entries_values_or_octets_than_the_limits() -> None:
    empty: dict[str, list[bytes]] = {"userCertificate": []}
    assert certificates_of([*[empty] * ldap_entry.MAX_ENTRIES, {"userCertificate": [BOB]}]) == ()
    late = [b"x"] * ldap_entry.MAX_VALUES + [BOB]
    assert certificates_of([{"userCertificate": late}]) == ()
    long = BOB + b"\0" * ldap_entry.MAX_VALUE
    assert certificates_of([{"userCertificate": [long]}]) == ()
