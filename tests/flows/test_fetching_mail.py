"""Incoming mail fetches what is missing and keeps it; outgoing mail never asks the network."""

import base64
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import unquote

import pytest

from siegel.base.errors import NotFound
from siegel.flows import deciding, evidence_store
from siegel.pki.certificate import parse_certificate
from siegel.store.queries import certificates, evidence, judgements
from siegel.transport.fetch_once import FetchOnce
from siegel.transport.fetching import Budget, Fetched, Fetcher, Outcome, Post
from siegel.transport.replies import Reply
from tests.flows.authority import Ca, Places
from tests.flows.office import ALICE, BOB, Office, mail, signed_bytes
from tests.flows.web import Conversation, Web, response, serving
from tests.world import WORLD, WORLD_NOW, Person
from tests.world.cast import CRL_URL, ISSUER_URL

VERA, RITA, INGO = (WORLD.person(name) for name in ("vera", "rita", "ingo"))
WEEK = timedelta(days=7)


@dataclass(slots=True)
class Pages:
    """A network with these pages."""

    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def fetch(
        self, url: str, *, most: int, budget: Budget, accept: str = "*/*", post: Post | None = None
    ) -> Fetched:
        self.asked.append(url)
        found = self.pages.get(url)
        return Fetched(Outcome.NOT_FOUND) if found is None else Fetched(Outcome.FETCHED, found)

    def was_useless(self, url: str, post: Post | None = None) -> None:
        self.pages.pop(url, None)


class NoNetwork:
    """Whoever asks it fails the test."""

    def fetch(
        self, url: str, *, most: int, budget: Budget, accept: str = "*/*", post: Post | None = None
    ) -> Fetched:
        raise AssertionError(f"asked for {url}")

    def was_useless(self, url: str, post: Post | None = None) -> None:
        raise AssertionError(f"asked for {url}")


@pytest.fixture
def pages(office: Office) -> Pages:
    made = Pages()
    office.site = replace(office.site, network=made)
    return made


def letter(person: Person) -> bytes:
    return signed_bytes(person, mail(person.address, ALICE.address))


def receive(office: Office, person: Person) -> Reply:
    return office.receive(letter(person), person.address, ALICE.address)


def stamp(office: Office) -> bytes:
    field_ = office.into.sent[-1].content.split(b"Authentication-Results:")[1]
    return field_.split(b"\r\nReceived:")[0]


def test_a_revocation_is_learned_from_the_list_that_the_certificate_names(
    office: Office, pages: Pages
) -> None:
    assert receive(office, RITA).code == 250
    assert b"smime=pass" in stamp(office)
    pages.pages[CRL_URL] = WORLD.crl()
    assert receive(office, RITA).code == 250
    assert b"smime=pass" not in stamp(office)
    assert pages.asked == [CRL_URL, CRL_URL]


def test_a_list_is_asked_for_again_only_after_its_next_update(office: Office, pages: Pages) -> None:
    pages.pages[CRL_URL] = WORLD.crl()
    for _ in range(2):
        receive(office, VERA)
    assert pages.asked == [CRL_URL]
    assert len(evidence.crls_for([parse_certificate(VERA.certificate_der).issuer_der])) == 1
    office.later(days=7)
    pages.pages[CRL_URL] = WORLD.crl(
        this_update=WORLD_NOW + WEEK, next_update=WORLD_NOW + 2 * WEEK, number=2
    )
    for _ in range(2):
        receive(office, VERA)
    assert pages.asked == [CRL_URL, CRL_URL]


def test_a_responder_is_asked_again_only_after_the_next_update_of_its_answer(
    office: Office, web: Web
) -> None:
    root = Ca("Root")
    leaf = root.leaf(places=Places(ocsp=(web.url("/ocsp"),)))
    for one in (root.certificate, leaf):
        certificates.add(one, source=certificates.Source.IMPORTED, by="test", at=office.at)
    trusted = root.certificate.fingerprint
    deciding.trust_by_hand(
        trusted, trusted, channel="Telefon", why="", domains=(), by="test", at=office.at
    )

    def answer(talk: Conversation) -> None:
        asked = base64.b64decode(unquote(talk.target.rpartition("/")[2]))
        begin, end = office.at, office.at + timedelta(days=2)
        talk.send(response(root.answer(leaf, asked, this_update=begin, next_update=end)))

    web.route("/ocsp", answer)
    network = FetchOnce(Fetcher(private_hosts=frozenset({web.host})))
    for days, times in ((0, 1), (1, 1), (2, 2)):
        office.later(days=days)
        evidence_store.refresh(network, Budget(5), office.at)
        assert len(web.asked) == times


def test_a_missing_issuer_is_fetched_once_and_kept(office: Office, pages: Pages) -> None:
    receive(office, INGO)
    assert b"smime=pass" not in stamp(office)
    hidden = WORLD.authority("hidden")
    pages.pages[ISSUER_URL] = hidden.der
    for _ in range(2):
        receive(office, INGO)
        assert b"smime=pass" in stamp(office)
    assert pages.asked == [ISSUER_URL, ISSUER_URL]
    row = certificates.get(parse_certificate(hidden.der).fingerprint)
    assert (row.added_by, row.links) == (evidence_store.FETCHER, ())


def test_the_judgement_of_an_earlier_day_stays(office: Office, pages: Pages) -> None:
    raw = letter(RITA)
    sha256 = hashlib.sha256(raw).hexdigest()
    office.receive(raw, RITA.address, ALICE.address)
    (first,) = judgements.history(sha256)
    pages.pages[CRL_URL] = WORLD.crl()
    office.later(hours=1).receive(raw, RITA.address, ALICE.address)
    second, kept = judgements.history(sha256)
    assert kept == first
    assert second.summary != first.summary


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as one:
        yield one


def test_a_slow_server_holds_mail_up_for_the_budget_and_not_longer(
    office: Office, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits(talk: Conversation) -> None:
        talk.stopped.wait(120)

    url = web.route("/", waits)

    class Elsewhere(Fetcher):
        """The addresses of the world lead to the slow server."""

        def fetch(
            self,
            url: str,
            *,
            most: int,
            budget: Budget,
            accept: str = "*/*",
            post: Post | None = None,
        ) -> Fetched:
            return Fetcher.fetch(self, place, most=most, budget=budget, accept=accept, post=post)

    place = url
    network = FetchOnce(Elsewhere(private_hosts=frozenset({web.host})))
    office.site = replace(office.site, network=network)
    begun = time.monotonic()
    assert receive(office, VERA).code == 250
    assert time.monotonic() - begun < 60
    assert b"smime=pass" in stamp(office)
    assert web.asked == ["/"]


def test_outgoing_mail_never_asks_the_network(office: Office) -> None:
    office.site = replace(office.site, network=NoNetwork())
    office.partner(VERA)
    office.partner(INGO)
    raw = mail(ALICE.address, VERA.address)
    assert office.send(raw, ALICE.address, VERA.address).code == 250
    assert b"enveloped-data" in office.out.sent[-1].content
    raw = mail(BOB.address, INGO.address)
    assert office.send(raw, BOB.address, INGO.address).code == 250
    with pytest.raises(AssertionError, match="asked for"):
        receive(office, VERA)


def test_what_the_worker_fetched_counts_for_outgoing_mail(office: Office, pages: Pages) -> None:
    office.partner(RITA)
    raw = mail(ALICE.address, RITA.address)
    office.send(raw, ALICE.address, RITA.address)
    assert b"enveloped-data" in office.out.sent[-1].content
    pages.pages[CRL_URL] = WORLD.crl()
    done = evidence_store.refresh(pages, Budget(5), office.at)
    assert (done.lists, done.answers, done.issuers) == (1, 0, 0)
    assert done.certificates >= 3
    sent = len(office.out.sent)
    office.send(raw, ALICE.address, RITA.address)
    newer = [one.content for one in office.out.sent[sent:]]
    assert not any(b"enveloped-data" in content for content in newer)
    assert evidence_store.refresh(pages, Budget(5), office.at).attempts == ()


def test_a_certificate_that_was_good_last_week_is_used_where_that_is_the_rule(
    office: Office,
) -> None:
    """The list ends in a week; for seven days more it counts as the last thing known."""
    office.partner(VERA)
    office.rule("unknown_revocation", "allow_cached_7d")

    def is_encrypted() -> bool:
        office.send(mail(ALICE.address, VERA.address), ALICE.address, VERA.address)
        return b"enveloped-data" in office.out.sent[-1].content.lower()

    assert not is_encrypted()
    long = WORLD.crl("root", this_update=WORLD_NOW, next_update=WORLD_NOW + 9 * WEEK)
    blobs = [WORLD.crl(this_update=WORLD_NOW, next_update=WORLD_NOW + WEEK), long]
    evidence_store.import_lists(blobs, by="test", at=office.at)
    assert is_encrypted()
    office.later(days=13)
    assert is_encrypted()
    office.later(days=2)
    assert not is_encrypted()


def test_a_delta_imported_by_hand_stands_beside_its_list(office: Office) -> None:
    root = Ca("Root")
    certificates.add(root.certificate, source=certificates.Source.IMPORTED, by="test", at=office.at)
    trusted = root.certificate.fingerprint
    deciding.trust_by_hand(
        trusted, trusted, channel="Telefon", why="", domains=(), by="test", at=office.at
    )
    blobs = [root.crl(), root.crl(number=2, changes_of=1, this_update=office.at)]
    done = evidence_store.import_lists(blobs, by="test", at=office.at)
    assert [new for _, new in done] == [True, True]
    assert set(evidence.crls_for([root.certificate.subject_der])) == set(blobs)


def test_the_worker_goes_on_where_its_time_was_spent(office: Office, pages: Pages) -> None:
    office.partner(VERA)
    moments = iter([0.0, 0.0, 0.0, 9.0])
    first = evidence_store.refresh(pages, Budget(5, lambda: next(moments, 9.0)), office.at)
    assert (first.certificates, first.goes_on_at) == (2, 2)
    rest = evidence_store.refresh(pages, Budget(5), office.at, start=first.goes_on_at)
    assert (rest.certificates, rest.goes_on_at) == (1, 0)


def test_lists_can_be_imported_by_hand(office: Office) -> None:
    office.partner(RITA)
    issuing = parse_certificate(WORLD.authority("issuing").der)
    blobs = [WORLD.crl(), WORLD.crl("root")]
    for is_new in (True, False):
        done = evidence_store.import_lists(blobs, by="test", at=office.at)
        assert [new for _, new in done] == [is_new, is_new]
        assert done[0][0] == issuing.subject
    receive(office, RITA)
    assert b"smime=pass" not in stamp(office)


def test_a_list_is_refused_together_with_the_others_until_its_authority_is_known(
    office: Office,
) -> None:
    blobs = [WORLD.crl("root"), WORLD.crl("hidden")]
    with pytest.raises(NotFound):
        evidence_store.import_lists(blobs, by="test", at=office.at)
    hidden = parse_certificate(WORLD.authority("hidden").der)
    assert evidence.crls_for([hidden.issuer_der]) == ()
    certificates.add(hidden, source=certificates.Source.IMPORTED, by="test", at=office.at)
    assert len(evidence_store.import_lists(blobs, by="test", at=office.at)) == 2


def test_a_list_of_an_authority_that_nobody_trusts_is_refused(office: Office) -> None:
    stranger = Ca("Stranger", organisation="Somebody Else", places=Places())
    certificates.add(
        stranger.certificate, source=certificates.Source.IMPORTED, by="test", at=office.at
    )
    with pytest.raises(NotFound):
        evidence_store.import_lists([stranger.crl()], by="test", at=office.at)
    forged = Ca("Landesamt Test Root", organisation="Siegel Test World")
    with pytest.raises(NotFound):
        evidence_store.import_lists([forged.crl()], by="test", at=office.at)
