"""Roots nobody judged: they wait in the inbox, a decision empties it, a preview says what for."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows import deciding, importing, public_roots
from siegel.flows.previewing import Preview, preview
from siegel.flows.retention import clear_due
from siegel.flows.unknown_roots import inbox
from siegel.pki.anchors import shipped_roots
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.policy.trust import Trust
from siegel.store.models import Certificate as StoredCertificate
from siegel.store.queries import certificates, trust
from tests.flows.authority import Ca
from tests.flows.office import ALICE, BOB, HUBER, Office, mail, signed_bytes
from tests.world import WORLD, Person
from tests.world.certdata import Root, certdata

URSULA = WORLD.person("ursula")
ROOT = parse_certificate(WORLD.unknown_root.der)
ISSUING = parse_certificate(WORLD.authority("unknown_issuing").der)


def write(office: Office, person: Person = URSULA, sender: str = "", text: str = "Hallo") -> None:
    raw = signed_bytes(person, mail(sender or person.address, ALICE.address, text=text))
    assert office.receive(raw, sender or person.address, ALICE.address).code == 250


def with_root(office: Office) -> None:
    """Ursula's mail, when her root lies in the store and nobody has judged it."""
    importing.import_file(ROOT.der, None, None, by="test", at=office.at)
    write(office)


def marks(office: Office) -> list[str]:
    return [one.row.mark for one in inbox(office.at)]


def asked(office: Office, as_: Trust = Trust.TRUSTED, *domains: str) -> Preview:
    return preview(ROOT, as_, frozenset(domains), at=office.at)


@pytest.mark.requirement("C3", "A71")
def test_a_root_nobody_judged_waits_in_the_inbox(office: Office) -> None:
    with_root(office)
    (one,) = inbox(office.at)
    assert (one.certificate, one.is_imported) == (ROOT, True)
    assert one.row.senders == (EmailAddress.parse(URSULA.address),)
    assert one.row.intermediates == (ISSUING.der,)


def test_of_an_issuer_whose_certificate_never_came_the_name_waits(office: Office) -> None:
    write(office)
    write(office, text="Noch einmal")
    (one,) = inbox(office.at)
    assert (one.certificate, one.name, one.row.times) == (None, ROOT.subject, 2)


def test_a_root_that_is_imported_later_answers_who_the_name_was(office: Office) -> None:
    write(office)
    importing.import_file(ROOT.der, None, None, by="test", at=office.at)
    (one,) = inbox(office.at)
    assert one.certificate == ROOT


@pytest.mark.requirement("A71", "A72")
def test_a_decision_empties_the_inbox_and_its_withdrawal_brings_it_back(office: Office) -> None:
    with_root(office)
    office.trust(WORLD.unknown_root)
    assert inbox(office.at) == ()
    deciding.withdraw(ROOT.fingerprint, why="", by="test", at=office.later(hours=1).at)
    assert marks(office) == [ROOT.fingerprint]
    deciding.distrust(ROOT.fingerprint, why="", by="test", at=office.later(hours=1).at)
    assert inbox(office.at) == ()


def test_a_new_public_list_may_answer_the_question(office: Office) -> None:
    office.at = shipped_roots().published_at + timedelta(days=1)
    with_root(office)
    assert marks(office) == [ROOT.fingerprint]
    public_roots.take_over(
        public_roots.propose(
            certdata([Root(der=ROOT.der)]),
            source="x",
            published_at=office.at,
            by="test",
            at=office.at,
        )
    )
    assert inbox(office.at) == ()


def test_what_is_trusted_already_is_no_question(office: Office) -> None:
    write(office, HUBER)
    assert inbox(office.at) == ()


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        pytest.param("emil", "", id="expired"),
        pytest.param("ursula", HUBER.address, id="signed_by_another"),
    ],
)
def test_what_no_trust_would_mend_is_no_question(office: Office, name: str, sender: str) -> None:
    write(office, WORLD.person(name), sender)
    assert inbox(office.at) == ()


def test_a_forged_signature_puts_nothing_into_the_inbox(office: Office) -> None:
    raw = signed_bytes(URSULA, mail(URSULA.address, ALICE.address, text="Hallo"))
    forged = raw.replace(b"Hallo", b"Holla")
    office.receive(forged, URSULA.address, ALICE.address)
    assert inbox(office.at) == ()


@pytest.mark.requirement("A71")
def test_an_imported_certificate_asks_for_its_root_too(office: Office) -> None:
    """Importing is not trusting: neither the leaf nor its root counts by it."""
    office.partner(URSULA)
    (one,) = inbox(office.at)
    assert (one.name, one.certificate) == (ISSUING.subject, None)
    assert not [row for row in trust.decisions() if row.fingerprint == ROOT.fingerprint]


def test_a_root_from_the_mail_lies_apart_until_a_person_takes_it_over(office: Office) -> None:
    ca = Ca("Fremd", organisation="Fremde Stelle")
    importing.import_file(ca.leaf().der, None, None, by="test", at=office.at)
    office.later(minutes=1)
    note_root(office, ca.certificate, ca.leaf("zoe@fremd.example"))
    assert not StoredCertificate.objects.filter(fingerprint=ca.certificate.fingerprint).exists()
    assert deciding.find(ca.certificate.fingerprint, at=office.at) == ca.certificate
    deciding.trust_by_hand(
        ca.certificate.fingerprint[:20],
        ca.certificate.fingerprint,
        channel="Telefon", why="", domains=(), by="admin", at=office.at,
    )  # fmt: skip
    row = certificates.get(ca.certificate.fingerprint)
    assert (row.added_by, row.source) == ("admin", "imported")


def note_root(office: Office, root: Certificate, leaf: Certificate) -> None:
    """As if mail had brought both."""
    from siegel.flows.trusting import trust_facts
    from siegel.flows.unknown_roots import note_imported

    note_imported([leaf], trust_facts([leaf], office.at).with_more([root], ()))


def test_a_name_alone_cannot_be_decided_about(office: Office) -> None:
    write(office)
    (one,) = inbox(office.at)
    with pytest.raises(NotFound, match="import its certificate first"):
        deciding.find(one.row.mark, at=office.at)


def test_the_inbox_forgets_what_did_not_come_again(office: Office) -> None:
    with_root(office)
    done = clear_due(office.at + timedelta(days=91), journal_for=timedelta(days=400))
    assert done["unknown_roots"] == 1
    assert inbox(office.at) == ()


@pytest.mark.requirement("C3")
def test_a_preview_names_what_would_become_verifiable_and_writes_nothing(office: Office) -> None:
    with_root(office)
    office.partner(WORLD.person("stranger"))
    found = asked(office)
    (waiting,) = found.waiting
    assert str(waiting[0].address) == URSULA.address
    assert waiting[0].only_trust
    assert waiting[1].is_gain
    assert [message.envelope_from for message in found.messages] == [URSULA.address]
    assert found.complete
    assert asked(office, Trust.DISTRUSTED).changes_nothing, "nobody relied on it"
    assert asked(office, Trust.WITHDRAWN).changes_nothing
    assert trust.history(ROOT.fingerprint) == ()


def test_a_preview_keeps_to_the_domains(office: Office) -> None:
    with_root(office)
    assert asked(office, Trust.TRUSTED, "bundesamt.example").waiting
    assert asked(office, Trust.TRUSTED, "school.example").changes_nothing


def test_a_preview_of_distrust_names_what_would_be_lost(office: Office) -> None:
    write(office, HUBER)
    root = parse_certificate(WORLD.root.der)
    found = preview(root, Trust.DISTRUSTED, frozenset(), at=office.at)
    lost = {one.certificate.fingerprint for one in found.certificates if not one.is_gain}
    assert parse_certificate(HUBER.certificate_der).fingerprint in lost
    assert {HUBER.address, ALICE.address, BOB.address} <= set(found.addresses)
    assert [message.envelope_from for message in found.messages] == [HUBER.address]


def test_a_preview_asks_the_store_equally_often_for_one_partner_and_for_many(
    office: Office, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ca = Ca("Viele", organisation="Viele")
    importing.import_file(ca.der, None, None, by="test", at=office.at)
    for many in (1, 12):
        for number in range(many):
            leaf = ca.leaf(f"p{number}@viele.example")
            importing.import_file(leaf.der, None, None, by="test", at=office.at)
        with django_assert_num_queries(_QUERIES):
            found = preview(ca.certificate, Trust.TRUSTED, frozenset(), at=office.at)
        assert len(found.certificates) >= many


_QUERIES = 12


@pytest.mark.requirement("A71")
def test_trust_for_some_domains_counts_for_no_others(office: Office) -> None:
    with_root(office)
    for domains, counts in ((["school.example"], False), (["Bundesamt.EXAMPLE"], True)):
        deciding.trust_by_hand(
            ROOT.fingerprint, ROOT.fingerprint,
            channel="Brief", why="", domains=domains, by="test", at=office.later(hours=1).at,
        )  # fmt: skip
        write(office, text=f"{domains}")
        assert (b"X-Siegel-Summary: verified" in office.into.sent[-1].content) is counts
