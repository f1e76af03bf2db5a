"""The trust centre: who may open it, what it shows, and that only the very fingerprint counts."""

import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.flows import answering, deciding, importing, unknown_roots
from siegel.pki.certificate import parse_certificate
from siegel.pki.chain_top import ChainTop
from siegel.policy.roles import Role
from siegel.store.queries import alerts, certificates, journal, judgements, pending, trust
from siegel.store.queries import unknown_roots as unknown_store
from siegel.store.queries.certificates import Source
from siegel.wording.words import Language
from tests.flows.authority import Ca
from tests.flows.office import ALICE, HUBER, Office, mail, signed_bytes
from tests.web.conftest import SignIn
from tests.world import WORLD

URSULA = WORLD.person("ursula")
ROOT = parse_certificate(WORLD.unknown_root.der)
OURS = parse_certificate(WORLD.root.der)
PAGES = (
    "/trust/",
    "/trust/inbox/",
    "/trust/catalogue/",
    "/trust/decisions/",
    "/trust/import/",
    "/trust/questions/",
    f"/trust/roots/{OURS.fingerprint}/",
    f"/trust/roots/{OURS.fingerprint}/decide/",
    f"/trust/roots/{OURS.fingerprint}/distrust/",
    f"/trust/roots/{OURS.fingerprint}/withdraw/",
)
BEHIND_PASSWORD = tuple(
    page for page in PAGES if page.endswith(("/import/", "/decide/", "/distrust/", "/withdraw/"))
)


@pytest.fixture
def manager(sign_in: SignIn) -> Client:
    return sign_in(Role.CERTIFICATE_MANAGER)


@pytest.fixture
def unknown(office: Office) -> str:
    """A letter of Ursula's came, and her root lies in the store unjudged; the letter's hash."""
    importing.import_file(ROOT.der, None, None, by="test", at=office.at)
    raw = signed_bytes(URSULA, mail(URSULA.address, ALICE.address))
    office.receive(raw, URSULA.address, ALICE.address)
    from siegel.store.queries import messages

    return messages.received_by(ALICE.address)[0].sha256


def text(answer: object) -> str:
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def decision(**other: str) -> dict[str, str]:
    spelled = ":".join(ROOT.fingerprint[i : i + 2] for i in range(0, 64, 2)).upper()
    return {
        "read": f"SHA256 Fingerprint={spelled}",
        "scope": "named",
        "domains": "Bundesamt.example",
        "channel": "am Telefon mit Frau Brandt",
        "why": "Fachverfahren",
        "do": "trust",
        **other,
    }


@pytest.mark.parametrize("page", PAGES)
def test_members_and_strangers_do_not_get_in(sign_in: SignIn, page: str) -> None:
    assert Client().get(page).status_code in (302, 403)
    assert sign_in(Role.MEMBER).get(page).status_code in (302, 403)


@pytest.mark.parametrize("page", PAGES)
def test_certificate_managers_see_every_page_in_both_languages(manager: Client, page: str) -> None:
    for language in Language:
        answer = manager.get(page, headers={"accept-language": language.value})
        assert f'lang="{language.value}"' in text(answer)


@pytest.mark.parametrize("page", BEHIND_PASSWORD)
def test_every_decision_asks_for_the_password_first(sign_in: SignIn, page: str) -> None:
    client = sign_in(Role.CERTIFICATE_MANAGER, long_ago=True)
    for answer in (client.get(page), client.post(page, {"why": "x", **decision()})):
        assert answer.status_code == 302
        assert "/sign/again/" in answer["Location"]
    assert len(trust.history(OURS.fingerprint)) == 1


@pytest.mark.requirement("C3")
def test_the_overview_says_what_counts_and_what_waits(manager: Client, unknown: str) -> None:
    page = text(manager.get("/trust/"))
    assert "1 unbekanntes Stammzertifikat" in page
    assert "1 wartendes Zertifikat" in page
    assert "Landesamt Test Root" in page
    assert "Öffentliche Liste für E-Mail: 88 Stammzertifikate" in page


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("?show=hand", "Landesamt Test Root", "Actalis"),
        ("?show=public", "Actalis Authentication Root CA", "Landesamt Test Root"),
        ("?q=landesamt", "Landesamt Test Root", "Actalis"),
        (f"?q={OURS.fingerprint[:12]}", "Landesamt Test Root", "Actalis"),
        ("?show=not", "Kein Stammzertifikat gefunden", "Actalis"),
        ("?show=nonsense&page=99", "Alle", "Kein Stammzertifikat gefunden"),
    ],
)
def test_roots_are_filtered_and_found(manager: Client, query: str, there: str, gone: str) -> None:
    page = text(manager.get(f"/trust/{query}"))
    assert there in page
    assert gone not in page


def test_an_old_public_list_is_told_with_the_remedy(
    manager: Client, monkeypatch: pytest.MonkeyPatch, office: Office
) -> None:
    from datetime import timedelta

    from siegel.web import clock

    assert "älter als 180 Tage" not in text(manager.get("/trust/"))
    later = office.at + timedelta(days=200)
    monkeypatch.setattr(clock, "now", lambda: later)
    page = text(manager.get("/trust/"))
    assert "älter als 180 Tage" in page
    assert "siegel trust refresh" in page


@pytest.mark.requirement("C3", "A71", "A36")
def test_from_the_comparison_to_mail_that_counts(manager: Client, unknown: str) -> None:
    """The whole way: compare, see what changes, decide, and what waited is used."""
    address = f"/trust/roots/{ROOT.fingerprint}/decide/"
    first = text(manager.get(address))
    assert 'value="bundesamt.example"' in first, "the domain of the mail is suggested"
    assert "1 aufbewahrte Nachricht wird neu beurteilt" in first
    assert "data-trust" in first
    assert "disabled" in first.partition('value="trust"')[2][:30]

    compared = text(manager.post(address, decision(do="compare", channel="")))
    assert "Alle Gruppen stimmen überein" in compared
    assert "disabled" not in compared.partition('value="trust"')[2][:30]
    assert trust.history(ROOT.fingerprint) == ()

    answer = manager.post(address, decision(), follow=True)
    page = text(answer)
    assert "ist jetzt verifiziert (vertraut)" in page
    assert "1 Nachricht ist neu beurteilt." in page
    (row,) = trust.history(ROOT.fingerprint)
    assert (row.who, row.channel, row.domains) == (
        "user:mira@office.example", "am Telefon mit Frau Brandt", frozenset({"bundesamt.example"}),
    )  # fmt: skip
    assert row.compared_fingerprint == ROOT.fingerprint
    assert [each.summary for each in judgements.history(unknown)] == ["verified", "unprotected"]
    assert pending.pending_for() == ()
    assert "Nichts in dieser Liste" in text(manager.get("/trust/inbox/"))


@pytest.mark.parametrize(
    ("read", "said"),
    [
        pytest.param(ROOT.fingerprint[:-1] + "0", "1 Gruppe weicht ab", id="one_digit"),
        pytest.param(ROOT.fingerprint[:-4], "1 Gruppe weicht ab", id="too_short"),
        pytest.param(ROOT.fingerprint + "00", "1 Gruppe weicht ab", id="too_long"),
        pytest.param("ab" * 20, "kürzere Fingerabdruck (SHA-1)", id="sha1"),
        pytest.param(ROOT.fingerprint[:-1] + "Ω", "zu keinem Fingerabdruck", id="strange"),
        pytest.param("", "Noch nicht verglichen", id="nothing"),
        pytest.param("<script>alert(1)</script>", "zu keinem Fingerabdruck", id="markup"),
    ],
)
@pytest.mark.requirement("A71", "B31")
def test_another_fingerprint_is_never_trusted_and_says_where_it_differs(
    manager: Client, unknown: str, read: str, said: str
) -> None:
    address = f"/trust/roots/{ROOT.fingerprint}/decide/"
    for do in ("compare", "trust"):
        page = text(manager.post(address, decision(read=read, do=do)))
        assert said in page
        assert "<script>alert" not in page
    assert trust.history(ROOT.fingerprint) == ()


def test_differing_groups_are_boxed_and_say_so(manager: Client, unknown: str) -> None:
    read = "f" * 4 + ROOT.fingerprint[4:]
    page = text(
        manager.post(f"/trust/roots/{ROOT.fingerprint}/decide/", decision(read=read, do="compare"))
    )
    assert page.count('class="no"') == 2
    assert page.count('<span class="vh"> abweichend</span>') == 2
    assert "Abweichend: Gruppe 1." in page


def test_a_decision_needs_its_reasons(manager: Client, unknown: str) -> None:
    address = f"/trust/roots/{ROOT.fingerprint}/decide/"
    assert "wie der Fingerabdruck verglichen" in text(manager.post(address, decision(channel="")))
    assert "mindestens eine Domain" in text(manager.post(address, decision(domains=" , ")))
    assert "keine Liste von Domains" in text(manager.post(address, decision(domains="a@b@c")))
    assert trust.history(ROOT.fingerprint) == ()
    manager.post(address, decision(scope="all", domains=""))
    assert trust.history(ROOT.fingerprint)[0].domains == frozenset()


def test_distrust_and_withdrawal_are_confirmed_with_a_reason(
    manager: Client, office: Office
) -> None:
    huber = signed_bytes(HUBER, mail(HUBER.address, ALICE.address))
    office.receive(huber, HUBER.address, ALICE.address)
    address = f"/trust/roots/{OURS.fingerprint}/distrust/"
    page = text(manager.get(address))
    assert "1 aufbewahrte Nachricht wird neu beurteilt" in page
    assert "Schreiben Sie den Grund auf" in text(manager.post(address, {"why": ""}))
    done = text(manager.post(address, {"why": "Einbruch"}, follow=True))
    assert "wird nicht mehr vertraut" in done
    assert "1 Nachricht ist neu beurteilt." in done
    assert "Einbruch" in done
    address = f"/trust/roots/{OURS.fingerprint}/withdraw/"
    assert "zurückgenommen" in text(manager.post(address, {"why": "Irrtum"}, follow=True))
    assert [row.decision for row in trust.history(OURS.fingerprint)] == [
        "withdrawn", "distrusted", "trusted",
    ]  # fmt: skip
    assert manager.get(address).status_code == 404, "there is nothing left to withdraw"
    entry = journal.read(action="trust.distrusted")[0]
    assert entry.actor == "user:mira@office.example"


def test_two_people_at_the_same_time_do_not_overwrite_each_other(
    manager: Client, unknown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from siegel.base.errors import Conflict

    def met(*_: object, **__: object) -> None:
        raise Conflict("somebody else")

    monkeypatch.setattr(deciding, "trust_by_hand", met)
    page = text(manager.post(f"/trust/roots/{ROOT.fingerprint}/decide/", decision()))
    assert "Jemand anderes hat gerade" in page


@pytest.mark.parametrize("page", ["", "decide/", "distrust/", "withdraw/"])
def test_what_is_no_root_is_not_found(manager: Client, office: Office, page: str) -> None:
    leaf = parse_certificate(ALICE.certificate_der).fingerprint
    for mark in ("00" * 32, leaf, OURS.fingerprint[:16]):
        assert manager.get(f"/trust/roots/{mark}/{page}").status_code == 404


class TestImport:
    def send(self, client: Client, data: bytes, name: str = "root.cer") -> str:
        file = io.BytesIO(data)
        file.name = name
        return text(client.post("/trust/import/", {"file": file}, follow=True))

    @pytest.mark.requirement("A36", "A71")
    def test_importing_is_not_trusting(self, manager: Client) -> None:
        page = self.send(manager, ROOT.der)
        assert "Eingespielt, nicht vertraut" in page
        assert "Noch offen" in page
        assert trust.history(ROOT.fingerprint) == ()

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            pytest.param(b"no certificate", "kein Zertifikat lesen", id="nonsense"),
            pytest.param(b"x" * 70_000, "zu groß", id="large"),
            pytest.param(b"", "leer", id="empty"),
            pytest.param(HUBER.certificate_der, "einer Zertifizierungsstelle", id="leaf"),
        ],
    )
    def test_other_files_are_refused_in_words(
        self, manager: Client, data: bytes, said: str
    ) -> None:
        assert said in self.send(manager, data)

    def test_a_file_with_a_private_key_is_sent_elsewhere(self, manager: Client) -> None:
        assert "privaten Schlüssel" in self.send(manager, HUBER.p12("geheim"), "huber.p12")


def test_an_issuer_of_which_only_the_name_came_says_what_to_do(
    manager: Client, office: Office
) -> None:
    raw = signed_bytes(URSULA, mail(URSULA.address, ALICE.address))
    office.receive(raw, URSULA.address, ALICE.address)
    (one,) = unknown_roots.inbox(office.at)
    page = text(manager.get(f"/trust/inbox/{one.row.mark}/"))
    assert "Nur der Name kam mit" in page
    assert "Bundesamt Test Root" in page
    importing.import_file(ROOT.der, None, None, by="test", at=office.at)
    answer = manager.get(f"/trust/inbox/{one.row.mark}/")
    assert answer["Location"] == f"/trust/roots/{ROOT.fingerprint}/"
    assert manager.get(f"/trust/inbox/{'ab' * 32}/").status_code == 404


HOSTILE = '<script>alert("x")</script>\u202egnp.exe'


def test_names_of_strangers_stay_text(manager: Client, office: Office) -> None:
    ca = Ca('<b onload="x">\u202eKreis', organisation="<script>")
    importing.import_file(ca.der, None, None, by="test", at=office.at)
    top = ChainTop(root=ca.certificate, issuer_der=ca.certificate.subject_der,
                   key_identifier=b"", between=())  # fmt: skip
    unknown_store.note(top, [EmailAddress.parse('"<script>"@x.example')], at=office.at)
    for path in ("/trust/", "/trust/inbox/", f"/trust/roots/{ca.certificate.fingerprint}/",
                 f"/trust/roots/{ca.certificate.fingerprint}/decide/"):  # fmt: skip
        page = text(manager.get(path))
        assert "<b onload" not in page
        assert "\u202e" not in page
        assert '"<script>"' not in page


class TestQuestions:
    @pytest.fixture
    def waiting(self, unknown: str) -> answering.Waiting:
        (one,) = answering.waiting()
        return one

    @pytest.fixture
    def change(self, office: Office) -> answering.Waiting:
        other = parse_certificate(WORLD.person("alice_rekeyed").certificate_der)
        certificates.add(other, source=Source.HARVESTED, by="gateway", at=office.at)
        address = EmailAddress.parse(ALICE.address)
        certificates.link(other.fingerprint, address, by="gateway", at=office.at)
        before = parse_certificate(ALICE.certificate_der).fingerprint
        alerts.add_alert(address, previous=before, current=other.fingerprint, at=office.at)
        (one,) = answering.changes()
        return one

    def address(self, one: answering.Waiting) -> str:
        return f"/trust/questions/{one.kind}/{one.number}/"

    def test_what_waits_is_listed_and_shown_with_its_verdict(
        self, manager: Client, waiting: answering.Waiting
    ) -> None:
        assert self.address(waiting) in text(manager.get("/trust/questions/"))
        page = text(manager.get(self.address(waiting)))
        assert "Ursula Unger" in page
        assert "Annehmen heißt nicht vertrauen" in page

    @pytest.mark.requirement("C8")
    def test_old_and_new_key_stand_side_by_side(
        self, manager: Client, change: answering.Waiting
    ) -> None:
        page = text(manager.get(self.address(change)))
        assert "Bisher verwendet" in page
        for mark in (change.fingerprint, change.previous or ""):
            assert f"<span>{mark[:4].upper()}</span>" in page

    @pytest.mark.parametrize(("answer", "state"), [("accept", "accepted"), ("refuse", "refused")])
    def test_an_answer_is_given_once(
        self, manager: Client, change: answering.Waiting, answer: str, state: str
    ) -> None:
        done = manager.post(self.address(change), {"answer": answer}, follow=True)
        assert ALICE.address in text(done)
        (entry,) = journal.read(action=f"partner.change_{state}")
        assert (entry.actor, entry.about) == ("user:mira@office.example", ALICE.address)
        assert manager.post(self.address(change), {"answer": answer}).status_code == 404

    def test_an_answer_needs_the_password(
        self, sign_in: SignIn, waiting: answering.Waiting
    ) -> None:
        client = sign_in(Role.CERTIFICATE_MANAGER, long_ago=True)
        answer = client.post(self.address(waiting), {"answer": "accept"})
        assert "/sign/again/" in answer["Location"]
        assert answering.waiting() == [waiting]

    @pytest.mark.parametrize("path", ["nonsense/1/", "certificate/999999/", "change/7/"])
    def test_what_does_not_wait_is_not_found(self, manager: Client, path: str) -> None:
        assert manager.get(f"/trust/questions/{path}").status_code == 404

    def test_an_unknown_answer_changes_nothing(
        self, manager: Client, waiting: answering.Waiting
    ) -> None:
        assert manager.post(self.address(waiting), {"answer": "maybe"}).status_code == 200
        assert answering.waiting() == [waiting]


def _questions(office: Office, many: int) -> None:
    ca = Ca("Viele", organisation="Viele")
    for number in range(many):
        leaf = ca.leaf(f"p{number}@viele.example")
        pending.add_pending(leaf, leaf.addresses[0], reasons=(), at=office.at)


def _unknown_roots(office: Office, many: int) -> None:
    for number in range(many):
        top = ChainTop(root=None, issuer_der=ROOT.subject_der, key_identifier=b"%d" % number,
                       between=())  # fmt: skip
        sender = EmailAddress.parse(f"s{number}@elsewhere.example")
        unknown_store.note(top, [sender], at=office.at)


def _decisions(office: Office, many: int) -> None:
    for _ in range(many):
        office.later(minutes=1)
        deciding.distrust(OURS.fingerprint, why="x", by="test", at=office.at)


@pytest.mark.parametrize(
    ("path", "fill"),
    [
        ("/trust/", _questions),
        ("/trust/", _unknown_roots),
        ("/trust/inbox/", _unknown_roots),
        ("/trust/questions/", _questions),
        ("/trust/decisions/", _decisions),
    ],
)
def test_a_list_costs_the_same_however_long_it_is(
    manager: Client, office: Office, path: str, fill: Callable[[Office, int], None]
) -> None:
    counts = []
    for many in (3, 60):
        fill(office, many)
        manager.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert manager.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] < 25


def test_long_lists_have_further_pages(manager: Client, office: Office) -> None:
    _questions(office, 60)
    first = text(manager.get("/trust/questions/"))
    assert "p59@viele.example" in first.replace("<wbr>", "")
    assert "p9@viele.example" not in first.replace("<wbr>", "")
    older = first.partition('rel="next" href="?')[2].partition('"')[0]
    assert "p9@viele.example" in text(manager.get(f"/trust/questions/?{older}")).replace(
        "<wbr>", ""
    )
