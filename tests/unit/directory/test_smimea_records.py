"""The record for DNS: the name of RFC 8162, for every spelling, as name servers read it."""

import hashlib
from dataclasses import replace

import dns.rdatatype
import dns.zone
import pytest

from siegel.base.address import EmailAddress
from siegel.directory import smimea
from siegel.pki.certificate import parse_certificate
from tests.world import WORLD

ALICE = parse_certificate(WORLD.person("alice").certificate_der)
ADDRESS = ALICE.addresses[0]


def test_there_is_a_record_for_each_spelling() -> None:
    capital = EmailAddress.parse("Alice.Adler@office.example")
    named = replace(ALICE, addresses=(capital,))
    records = smimea.records(EmailAddress.parse("alice.adler@office.example"), named)
    assert [each.local for each in records] == ["alice.adler", "Alice.Adler"]
    assert len({each.owner for each in records}) == 2


def test_a_quoted_local_part_is_hashed_without_its_quotes() -> None:
    quoted = EmailAddress.parse('"alice adler"@office.example')
    (record,) = smimea.records(quoted, replace(ALICE, addresses=(quoted,)))
    assert record.owner == f"{hashed(b'alice adler')}._smimecert.office.example."


@pytest.mark.requirement("B23")
def test_a_name_server_reads_both_forms_and_finds_the_certificate() -> None:
    (record, *_) = smimea.records(ADDRESS, ALICE)
    for text in (record.text(ttl=3600), record.generic(ttl=3600)):
        zone = dns.zone.from_text(
            "$ORIGIN .\noffice.example. 3600 IN SOA ns. host. 1 2 3 4 5\n"
            "office.example. 3600 IN NS ns.office.example.\n" + text + "\n",
            origin="office.example.",
            relativize=False,
        )
        found = zone.find_rdataset(record.owner, dns.rdatatype.SMIMEA)
        (data,) = found
        assert (data.usage, data.selector, data.mtype) == (3, 0, 0)
        assert data.cert == ALICE.der


def hashed(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()[:56]
