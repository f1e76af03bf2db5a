"""Certificates of organisations: bound to an address or a domain, and to nobody else."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from siegel.base.address import EmailAddress
from siegel.store.queries import bindings, certificates, pending
from siegel.store.queries.certificates import LinkState, Source
from tests.store.given import HUBER, NOW, certificate_of

pytestmark = pytest.mark.django_db

NEWEST = ("store", "0004_address_bindings")
TEACHER = EmailAddress.parse("teacher@school.example")
BELOW = EmailAddress.parse("teacher@mail.school.example")


def add(name: str) -> str:
    certificate = certificate_of(name)
    certificates.add(certificate, source=Source.IMPORTED, by="admin", at=NOW)
    return certificate.fingerprint


def bound_to(address: EmailAddress) -> list[str]:
    rows = certificates.for_addresses([address])[address]
    assert all(row.linked_to == {address} for row in rows if row.bound)
    return [row.fingerprint for row in rows if row.bound]


def bind(fingerprint: str, name: str) -> bool:
    return bindings.bind(fingerprint, name, why="", by="admin", at=NOW)


def test_a_certificate_bound_to_an_address_stands_for_that_one_alone() -> None:
    fingerprint = add("dana")
    assert bind(fingerprint, str(TEACHER))
    assert not bind(fingerprint, str(TEACHER))
    assert bound_to(TEACHER) == [fingerprint]
    assert bound_to(HUBER) == []
    assert certificates.get(fingerprint).bound == (str(TEACHER),)


def test_a_certificate_bound_to_a_domain_stands_for_everybody_in_it_and_nobody_below() -> None:
    fingerprint = add("dana")
    bind(fingerprint, "school.example")
    assert bound_to(TEACHER) == bound_to(HUBER) == [fingerprint]
    assert bound_to(BELOW) == []


def test_bound_twice_it_is_one_candidate() -> None:
    fingerprint = add("dana")
    bind(fingerprint, "school.example")
    bind(fingerprint, str(TEACHER))
    assert bound_to(TEACHER) == [fingerprint]
    assert [row.name for row in bindings.listing()] == ["school.example", str(TEACHER)]


def test_the_list_of_an_address_shows_what_is_bound_to_it() -> None:
    own, office = add("huber"), add("dana")
    bind(office, "school.example")
    for address, expected in ((HUBER, {own, office}), (TEACHER, {office}), (BELOW, set())):
        assert {row.fingerprint for row in certificates.listing(address=address)} == expected


def test_a_binding_is_taken_back() -> None:
    fingerprint = add("dana")
    bind(fingerprint, "school.example")
    assert bindings.unbind(fingerprint, "school.example")
    assert not bindings.unbind(fingerprint, "school.example")
    assert bound_to(TEACHER) == []


def test_what_a_person_refused_for_an_address_stays_refused_although_the_domain_is_bound() -> None:
    fingerprint = add("dana")
    bind(fingerprint, "school.example")
    certificates.link(fingerprint, TEACHER, by="anna", at=NOW, state=LinkState.REJECTED)
    pending.add_pending(certificate_of("dana"), HUBER, reasons=(), at=NOW)
    pending.reject(pending.pending_for(HUBER)[0].id, by="anna", at=NOW)
    assert bound_to(TEACHER) == bound_to(HUBER) == []
    assert bound_to(EmailAddress.parse("other@school.example")) == [fingerprint]


@pytest.mark.django_db(transaction=True)
def test_what_was_bound_by_an_older_version_stays_bound() -> None:
    graph = MigrationExecutor(connection).loader.graph
    leaves = graph.leaf_nodes("store")
    (before,) = graph.nodes[NEWEST].dependencies
    try:
        MigrationExecutor(connection).migrate([before])
        old = MigrationExecutor(connection).loader.project_state([before]).apps
        certificate = certificate_of("dana")
        row = old.get_model("store", "Certificate").objects.create(
            fingerprint=certificate.fingerprint, der=certificate.der, not_before=NOW,
            not_after=NOW, is_ca=False, added_at=NOW,
        )  # fmt: skip
        for address, bound in ((TEACHER, True), (HUBER, False)):
            old.get_model("store", "CertificateAddress").objects.create(
                certificate=row, address=str(address), bound=bound, state="linked",
                linked_by="anna", linked_at=NOW,
            )  # fmt: skip
    finally:
        MigrationExecutor(connection).migrate(leaves)
    (binding,) = bindings.listing()
    assert (binding.name, binding.bound_by) == (str(TEACHER), "anna")
    assert [str(one.address) for one in certificates.get(certificate.fingerprint).links] == [
        str(HUBER)
    ]
