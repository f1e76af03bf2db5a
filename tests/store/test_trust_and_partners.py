"""Decisions of people about trust, pending certificates and changed keys."""

import pytest
from pytest_django import DjangoAssertNumQueries

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.policy.harvest import MAX_PENDING, PENDING_KEPT_FOR
from siegel.store import models
from siegel.store.queries import alerts, capabilities, certificates, pending, trust
from siegel.store.queries.certificates import LinkState, Source
from siegel.store.queries.trust import Decision
from tests.store.given import DANA, DAY, HUBER, NOW, authority, certificate_of

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("A36", "A71", "C3")
def test_a_decision_says_who_when_why_and_how_it_was_compared() -> None:
    root = authority("root")
    certificates.add(root, source=Source.IMPORTED, by="admin", at=NOW)
    row = trust.decide(
        root.fingerprint, Decision.TRUSTED, who="alice@office.example", when=NOW, why="by phone",
        domains=["school.example"], compared_fingerprint="AB:CD", channel="telephone",
    )  # fmt: skip
    assert trust.decisions() == (row,)
    assert (row.who, row.when, row.why) == ("alice@office.example", NOW, "by phone")
    assert (row.channel, row.compared_fingerprint) == ("telephone", "AB:CD")
    assert row.domains == {"school.example"}
    assert row.der == root.der


def test_a_later_decision_takes_the_place_and_the_history_stays() -> None:
    first = trust.decide("aa" * 32, Decision.TRUSTED, who="a", when=NOW)
    second = trust.decide("aa" * 32, Decision.DISTRUSTED, who="b", when=NOW + DAY)
    other = trust.decide("bb" * 32, Decision.TRUSTED, who="a", when=NOW)
    third = trust.decide("aa" * 32, Decision.WITHDRAWN, who="c", when=NOW + 2 * DAY)
    assert trust.decisions() == (other, third)
    assert trust.history("aa" * 32) == (third, second, first)
    assert (third.supersedes, second.supersedes, first.supersedes) == (second.id, first.id, None)


def test_a_certificate_can_be_distrusted_by_its_fingerprint_alone() -> None:
    assert trust.decide("aa" * 32, Decision.DISTRUSTED, who="a", when=NOW).der is None


def test_decisions_never_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    first = trust.decide("aa" * 32, Decision.TRUSTED, who="a", when=NOW)
    stale = models.TrustDecision.objects.filter(pk=first.id)
    trust.decide("aa" * 32, Decision.DISTRUSTED, who="b", when=NOW)
    monkeypatch.setattr(trust, "_newest", lambda: stale)
    with pytest.raises(Conflict):
        trust.decide("aa" * 32, Decision.TRUSTED, who="c", when=NOW)
    monkeypatch.setattr(trust, "_newest", models.TrustDecision.objects.none)
    with pytest.raises(Conflict):
        trust.decide("aa" * 32, Decision.TRUSTED, who="c", when=NOW)
    assert len(trust.history("aa" * 32)) == 2


@pytest.mark.parametrize("count", [10, 1000])
def test_decisions_are_one_question(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    models.TrustDecision.objects.bulk_create(
        models.TrustDecision(fingerprint=f"{n:064x}", decision="trusted", who="a", when=NOW)
        for n in range(count)
    )
    with django_assert_num_queries(1):
        assert len(trust.decisions()) == count


def test_a_pending_certificate_becomes_one_in_use_when_confirmed() -> None:
    dana = certificate_of("dana")
    assert pending.add_pending(dana, DANA, reasons=["not_trusted"], at=NOW)
    assert not pending.add_pending(dana, DANA, reasons=["not_trusted"], at=NOW)
    (row,) = pending.pending_for(DANA)
    assert (row.certificate, row.reasons) == (dana, ("not_trusted",))
    assert not models.Certificate.objects.exists()
    pending.confirm(row.id, by="admin", at=NOW + DAY)
    assert pending.pending_for() == ()
    (link,) = certificates.get(dana.fingerprint).links
    assert (link.address, link.state, link.last_seen_at) == (DANA, LinkState.CONFIRMED, NOW)


def test_a_rejected_certificate_does_not_come_back_with_the_next_mail() -> None:
    dana = certificate_of("dana")
    pending.add_pending(dana, DANA, reasons=[], at=NOW)
    pending.reject(pending.pending_for()[0].id, by="admin", at=NOW)
    assert not pending.add_pending(dana, DANA, reasons=[], at=NOW + DAY)
    assert pending.pending_for() == ()
    assert certificates.for_addresses([DANA]) == {DANA: ()}


def test_a_waiting_certificate_is_settled_by_a_signature_that_counts() -> None:
    dana = certificate_of("dana")
    assert not pending.settle(dana.fingerprint, DANA)
    pending.add_pending(dana, DANA, reasons=[], at=NOW)
    assert not pending.settle(dana.fingerprint, HUBER)
    assert pending.settle(dana.fingerprint, DANA)
    assert pending.pending_for() == ()
    pending.add_pending(dana, DANA, reasons=[], at=NOW)
    pending.reject(pending.pending_for()[0].id, by="admin", at=NOW)
    assert not pending.settle(dana.fingerprint, DANA)
    assert not pending.add_pending(dana, DANA, reasons=[], at=NOW + DAY)


def test_an_answer_is_given_once() -> None:
    pending.add_pending(certificate_of("dana"), DANA, reasons=[], at=NOW)
    (row,) = pending.pending_for()
    pending.reject(row.id, by="admin", at=NOW)
    with pytest.raises(NotFound):
        pending.confirm(row.id, by="admin", at=NOW)
    with pytest.raises(NotFound):
        alerts.confirm(1, by="admin", at=NOW)


def test_strangers_cannot_fill_the_list() -> None:
    names = [f"{number:064x}" for number in range(MAX_PENDING)]
    models.PendingCertificate.objects.bulk_create(
        models.PendingCertificate(address=str(DANA), fingerprint=name, der=b"x", seen_at=NOW)
        for name in names
    )
    dana = certificate_of("dana")
    assert not pending.add_pending(dana, DANA, reasons=[], at=NOW)
    assert pending.add_pending(dana, HUBER, reasons=[], at=NOW)
    assert pending.expire(at=NOW + PENDING_KEPT_FOR) == 0
    assert pending.expire(at=NOW + PENDING_KEPT_FOR + DAY) == 21
    assert pending.add_pending(dana, DANA, reasons=[], at=NOW + 100 * DAY)


@pytest.mark.requirement("C8")
def test_a_changed_key_is_reported_once_and_refused_for_good() -> None:
    new = certificate_of("huber")
    certificates.add(new, source=Source.HARVESTED, by="harvest", at=NOW)
    certificates.link(new.fingerprint, HUBER, by="harvest", at=NOW)
    assert alerts.add_alert(HUBER, previous="aa" * 32, current=new.fingerprint, at=NOW)
    assert not alerts.add_alert(HUBER, previous="aa" * 32, current=new.fingerprint, at=NOW + DAY)
    (alert,) = alerts.open_alerts()
    assert (alert.address, alert.previous, alert.current) == (HUBER, "aa" * 32, new.fingerprint)
    alerts.reject(alert.id, by="admin", at=NOW)
    assert alerts.open_alerts() == ()
    assert certificates.for_addresses([HUBER]) == {HUBER: ()}
    assert not alerts.add_alert(HUBER, previous="aa" * 32, current=new.fingerprint, at=NOW + DAY)


def test_a_confirmed_change_is_used() -> None:
    new = certificate_of("huber")
    certificates.add(new, source=Source.HARVESTED, by="harvest", at=NOW)
    alerts.add_alert(HUBER, previous="aa" * 32, current=new.fingerprint, at=NOW)
    alerts.confirm(alerts.open_alerts()[0].id, by="admin", at=NOW)
    assert certificates.get(new.fingerprint).links[0].state == LinkState.CONFIRMED


def test_the_capabilities_of_the_newest_signature_count() -> None:
    assert capabilities.record("aa" * 32, signing_time=NOW, der=b"new")
    assert not capabilities.record("aa" * 32, signing_time=NOW - DAY, der=b"old")
    assert capabilities.record("aa" * 32, signing_time=NOW + DAY, der=b"newest")
    found = capabilities.latest(["aa" * 32, "bb" * 32])
    assert list(found) == ["aa" * 32]
    assert (found["aa" * 32].der, found["aa" * 32].signing_time) == (b"newest", NOW + DAY)


def test_addresses_are_folded_before_they_are_stored() -> None:
    loud = EmailAddress.parse("Dana@PARTNER.example")
    pending.add_pending(certificate_of("dana"), loud, reasons=[], at=NOW)
    assert pending.pending_for(DANA)[0].address == DANA
