"""Intermediates by name, level by level; revocation data, the newest of each place."""

import pytest
from pytest_django import DjangoAssertNumQueries

from siegel.store.queries import certificates, evidence
from siegel.store.queries.certificates import Source
from tests.store.given import DAY, NOW, authority, certificate_of, many_certificates

pytestmark = pytest.mark.django_db


def test_the_path_upwards_is_found_by_name() -> None:
    for name in ("root", "issuing"):
        certificates.add(authority(name), source=Source.HARVESTED, by="harvest", at=NOW)
    certificates.add(certificate_of("bob"), source=Source.IMPORTED, by="admin", at=NOW)
    found = evidence.intermediates([certificate_of("alice")])
    assert found == (authority("issuing").der, authority("root").der)
    assert evidence.intermediates([]) == ()


@pytest.mark.parametrize("count", [10, 1000])
def test_levels_are_questions_not_certificates(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("root", "issuing"):
        certificates.add(authority(name), source=Source.HARVESTED, by="harvest", at=NOW)
    many_certificates(count)
    leaves = [certificate_of("alice"), certificate_of("bob")]
    with django_assert_num_queries(2):
        assert len(evidence.intermediates(leaves)) == 2


def test_the_newest_list_of_each_place_is_kept() -> None:
    def add(der: bytes, days: int, place: str) -> bool:
        return evidence.add_crl(
            der,
            issuer=b"CN=CA",
            this_update=NOW + days * DAY,
            next_update=None,
            at=NOW,
            place=place,
        )

    assert add(b"one", 0, "http://a")
    assert not add(b"older", -1, "http://a")
    assert add(b"two", 1, "http://a")
    assert add(b"other", 0, "http://b")
    assert evidence.crls_for([b"CN=CA", b"CN=other"]) == (b"two", b"other")
    assert evidence.crls_for([b"CN=other"]) == ()


def test_the_newest_response_about_a_certificate_is_kept() -> None:
    def add(der: bytes, days: int) -> bool:
        return evidence.add_ocsp(
            der, fingerprint="aa" * 32, this_update=NOW + days * DAY, next_update=NOW, at=NOW
        )

    assert add(b"one", 0)
    assert not add(b"older", -1)
    assert add(b"two", 1)
    assert evidence.ocsp_for(["aa" * 32, "bb" * 32]) == (b"two",)
