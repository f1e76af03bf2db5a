"""Our own authority on the pages: who may what, what stands there, and what revoking does."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.ca.crl import RevocationReason
from siegel.flows import accounts, authorities, authority_pages, issuing, requesting
from siegel.flows.authorities import Created
from siegel.flows.issuing import Order
from siegel.pki.certificate import Certificate
from siegel.pki.key_generation import KeyChoice
from siegel.policy.authority_state import AuthorityState
from siegel.policy.roles import Role
from siegel.store.queries import authorities as rows
from siegel.store.queries import issued, journal, trust
from siegel.web import clock
from siegel.wording.words import Language
from tests.flows.office import Office
from tests.flows.test_requesting import Outside, packed
from tests.flows.workshop import EVA, OTTO, PLAN, made_authority, workshop_of
from tests.web.conftest import SignIn

NEW = {
    "name": "Landratsamt Musterstadt",
    "organisation": "Landratsamt Musterstadt",
    "country": "DE",
    "identifier": "",
    "domains": ["office.example"],
    "further": "",
    "key": "p-256",
    "publish_at": "http://siegel.office.example/pki",
}


@pytest.fixture
def created(office: Office) -> Created:
    for address in (EVA, OTTO):
        accounts.create(address, "", by="test", at=office.at)
    return made_authority(office, trust=False)


def issue(office: Office, address: EmailAddress = EVA) -> Certificate:
    order = Order(address=address, key=KeyChoice.P_256)
    return issuing.enrol(order, None, workshop_of(office), by="test", at=office.at).certificate


def text(answer: object, status: int = 200) -> str:
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == status, answer
    return answer.content.decode()


def pages(created: Created, leaf: Certificate) -> dict[str, Role]:
    """Every page, and the least role that opens it."""
    root, below = created.root.id, created.issuing.id
    return {
        "/authority/": Role.CERTIFICATE_MANAGER,
        f"/authority/{root}/": Role.CERTIFICATE_MANAGER,
        f"/authority/{below}/": Role.CERTIFICATE_MANAGER,
        f"/authority/{root}/trust/": Role.CERTIFICATE_MANAGER,
        f"/authority/{below}/renew/": Role.CERTIFICATE_MANAGER,
        f"/authority/revoke/{leaf.fingerprint}/": Role.CERTIFICATE_MANAGER,
        "/authority/new/": Role.ADMINISTRATOR,
        "/authority/below/": Role.ADMINISTRATOR,
    }


def test_every_page_in_both_languages_and_for_its_roles_only(
    sign_in: SignIn, office: Office, created: Created
) -> None:
    every = pages(created, issue(office))
    member, manager, administrator = (
        sign_in(role, f"{role.value}@office.example")
        for role in (Role.MEMBER, Role.CERTIFICATE_MANAGER, Role.ADMINISTRATOR)
    )
    for page, role in every.items():
        assert member.get(page).status_code == 403
        assert Client().get(page).status_code == 302
        expected = 200 if role is Role.CERTIFICATE_MANAGER else 403
        assert manager.get(page).status_code == expected, page
        for language in Language:
            answer = administrator.get(page, headers={"accept-language": language.value})
            assert f'lang="{language.value}"' in text(answer)


def test_what_changes_an_authority_asks_for_the_password_first(
    sign_in: SignIn, office: Office, created: Created
) -> None:
    client = sign_in(Role.ADMINISTRATOR, long_ago=True)
    for page in pages(created, issue(office)):
        if page.rstrip("/").rpartition("/")[2].isdigit() or page == "/authority/":
            continue
        for answer in (client.get(page), client.post(page, {"reason": "superseded", **NEW})):
            assert answer.status_code == 302
            assert "/sign/again/" in answer["Location"]
    assert issued.revoked_by(created.issuing.id) == ()
    assert len(rows.all_rows()) == 2


@pytest.mark.requirement("B34")
def test_an_administrator_makes_an_authority_that_counts_at_once(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    assert "noch keine Zertifizierungsstelle" in text(client.get("/authority/"))
    form = text(client.get("/authority/new/"))
    assert 'value="http://127.0.0.1:8025/pki"' in form
    page = text(client.post("/authority/new/", {**NEW, "trust": "on"}, follow=True))
    assert "ist fertig" in page
    root, below = rows.all_rows()
    assert (root.name, below.domains) == ("Landratsamt Musterstadt Root", ("office.example",))
    assert root.certificate is not None
    assert trust.history(root.certificate.fingerprint)[0].decision == "trusted"
    assert journal.read(action="authority.created")[0].actor == "user:mira@office.example"
    listed = text(client.get("/authority/"))
    assert listed.count("Arbeitet") == 2
    assert "Nächste Sperrliste" in listed


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Pflichtfeld"),
        ({"name": "x" * 60}, "56 Zeichen"),
        ({"name": "a\x07b"}, "Gültiger Wert"),
        ({"country": "D1"}, "zwei Buchstaben"),
        ({"domains": []}, "mindestens eine Ihrer eigenen Domains"),
        ({"domains": ["school.example"]}, "keine verfügbare Auswahl"),
        ({"publish_at": "https://siegel.office.example/pki"}, "mit http:// beginnt"),
        ({"publish_at": "http://siegel.office.example/p ki"}, "mit http:// beginnt"),
        ({"further": "school.example"}, "Kreuzen Sie das an"),
        ({"further": "de", "further_is_meant": "on"}, "Eine Domain hat einen Punkt"),
        ({"further": "a@b@c", "further_is_meant": "on"}, "keine Liste von Domains"),
        ({"key": "x25519"}, "keine verfügbare Auswahl"),
    ],
)
def test_what_no_authority_may_say_is_refused_in_words(
    sign_in: SignIn, changed: dict[str, object], said: str
) -> None:
    page = text(sign_in(Role.ADMINISTRATOR).post("/authority/new/", {**NEW, **changed}))
    assert 'class="field-error' in page
    if said not in ("Pflichtfeld", "Gültiger Wert", "keine verfügbare Auswahl"):
        assert said in page
    assert rows.all_rows() == ()


def test_a_name_that_is_taken_is_said_at_the_field(sign_in: SignIn, created: Created) -> None:
    del created
    page = text(sign_in(Role.ADMINISTRATOR).post("/authority/new/", {**NEW, "name": PLAN.name}))
    assert "schon eine Zertifizierungsstelle mit diesem Namen" in page
    assert len(rows.all_rows()) == 2


@pytest.mark.requirement("B34")
def test_further_domains_need_a_tick_of_their_own(sign_in: SignIn) -> None:
    wanted = {**NEW, "further": "Schule.example, @kreis.example", "further_is_meant": "on"}
    sign_in(Role.ADMINISTRATOR).post("/authority/new/", wanted)
    below = rows.all_rows()[1]
    assert below.domains == ("kreis.example", "office.example", "schule.example")
    assert below.certificate is not None
    permitted = below.certificate.parsed.extensions.get_extension_for_class(x509.NameConstraints)
    assert x509.RFC822Name("schule.example") in (permitted.value.permitted_subtrees or [])


@pytest.mark.requirement("B34")
def test_below_an_authority_outside_from_request_to_answer(sign_in: SignIn, office: Office) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    page = text(client.post("/authority/below/", NEW, follow=True))
    assert "Wartet auf die Antwort von oben" in page
    (row,) = rows.all_rows()
    der = client.get(f"/authority/{row.id}/request/p10/").content
    pem = client.get(f"/authority/{row.id}/request/csr/").content
    assert x509.load_pem_x509_csr(pem) == x509.load_der_x509_csr(der)
    assert client.get(f"/authority/{row.id}/request/exe/").status_code == 404

    def bring(content: bytes) -> str:
        file = io.BytesIO(content)
        file.name = "answer.p7b"
        return text(client.post(f"/authority/{row.id}/answer/", {"file": file}, follow=True))

    outside = Outside(office)
    assert "kein Zertifikat lesen" in bring(b"<html>no</html>")
    assert "nicht die Antwort auf den Antrag" in bring(packed("pem", outside.issuing))
    (request,) = requesting.listing()
    made = outside.certify_authority(request)
    page = bring(packed("p7b", outside.root, made))
    assert "arbeitet." in page
    assert rows.last_list(row.id) is not None
    assert client.get(f"/authority/{row.id}/answer/").status_code == 404


def test_a_root_is_trusted_here_by_a_page_that_says_what_it_means(
    sign_in: SignIn, created: Created
) -> None:
    client = sign_in(Role.CERTIFICATE_MANAGER)
    address = f"/authority/{created.root.id}/trust/"
    assert "Nichts" not in text(client.get(address))
    assert "zählt hier noch nicht" in text(client.get(f"/authority/{created.root.id}/"))
    assert "ist jetzt verifiziert (vertraut)" in text(client.post(address, follow=True))
    assert client.get(address).status_code == 404
    assert client.get(f"/authority/{created.issuing.id}/trust/").status_code == 404


@pytest.mark.requirement("B34")
def test_a_revoked_certificate_is_on_the_list_and_in_the_answer_at_once(
    sign_in: SignIn, office: Office, created: Created
) -> None:
    leaf, client = issue(office), sign_in(Role.CERTIFICATE_MANAGER)
    assert "Zertifikat sperren" in text(client.get(f"/certificates/{leaf.fingerprint}/"))
    address = f"/authority/revoke/{leaf.fingerprint}/"
    page = text(client.get(address))
    assert "Das gilt für immer" in page
    assert str(EVA) in page
    assert "Wählen Sie einen Grund" in text(client.post(address, {"reason": ""}))
    assert issued.revoked_by(created.issuing.id) == ()
    page = text(client.post(address, {"reason": "keyCompromise"}, follow=True))
    assert "steht auf der neuen Sperrliste" in page
    mark = created.issuing.spki_sha256[:16]
    crl = x509.load_der_x509_crl(client.get(f"/pki/{mark}.crl").content)
    assert crl.get_revoked_certificate_by_serial_number(leaf.serial) is not None
    assert client.get(address).status_code == 404, "it is revoked already"
    assert "Zertifikat sperren" not in text(client.get(f"/certificates/{leaf.fingerprint}/"))
    listed = text(client.get(f"/authority/{created.issuing.id}/"))
    assert "vielleicht in falschen Händen" in listed
    assert ">Sperren<" not in listed
    entry = journal.read(action="certificate.revoked")[0]
    assert (entry.actor, entry.detail["reason"]) == ("user:mira@office.example", "keyCompromise")


def test_nobody_revokes_a_root_or_a_certificate_of_others(
    sign_in: SignIn, office: Office, created: Created
) -> None:
    client = sign_in(Role.CERTIFICATE_MANAGER)
    root = created.root.certificate
    assert root is not None
    for fingerprint in (root.fingerprint, "0" * 64, "nonsense"):
        address = f"/authority/revoke/{fingerprint}/"
        assert client.get(address).status_code == 404
        assert client.post(address, {"reason": "superseded"}).status_code == 404


def test_revoking_an_issuing_authority_says_how_much_goes_with_it(
    sign_in: SignIn, office: Office, created: Created
) -> None:
    issue(office)
    issue(office, OTTO)
    below, client = created.issuing.certificate, sign_in(Role.CERTIFICATE_MANAGER)
    assert below is not None
    address = f"/authority/revoke/{below.fingerprint}/"
    page = text(client.get(address))
    assert "Alle 2 Zertifikate unter dieser Stelle" in page
    assert 'value="cACompromise"' in page
    assert 'value="keyCompromise"' not in page
    client.post(address, {"reason": "cACompromise"})
    page = text(client.get(f"/authority/{created.issuing.id}/"))
    assert "Widerrufen" in page
    assert "Sperrliste jetzt ausstellen" not in page
    assert client.get(f"/authority/{created.issuing.id}/renew/").status_code == 200
    said = text(client.post(f"/authority/{created.issuing.id}/renew/"))
    assert "lässt sich nicht erneuern" in said


def test_an_authority_is_renewed_and_its_list_issued_by_hand(
    sign_in: SignIn, office: Office, created: Created
) -> None:
    client = sign_in(Role.CERTIFICATE_MANAGER)
    old = created.issuing.certificate
    page = text(client.post(f"/authority/{created.issuing.id}/renew/", follow=True))
    assert "hat ein neues Zertifikat" in page
    new = rows.get(created.issuing.id).certificate
    assert new is not None
    assert old is not None
    assert new.fingerprint != old.fingerprint
    assert client.get(f"/authority/{created.root.id}/renew/").status_code == 404
    page = text(client.post(f"/authority/{created.issuing.id}/list/", follow=True))
    assert "Sperrliste 2 ist ausgestellt" in page
    assert client.get(f"/authority/{created.issuing.id}/list/").status_code == 405


def test_a_root_that_ends_is_told_with_what_to_do(
    sign_in: SignIn, office: Office, created: Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = created.root.certificate
    assert root is not None
    client = sign_in(Role.CERTIFICATE_MANAGER)
    assert "niemand kann sie verlängern" not in text(client.get(f"/authority/{created.root.id}/"))
    moment = root.not_after - timedelta(days=300)
    monkeypatch.setattr(clock, "now", lambda: moment)
    page = text(client.get(f"/authority/{created.root.id}/"))
    assert "Läuft bald ab" in page
    assert "niemand kann sie verlängern" in page
    states = [one.state for one in authority_pages.overview(root.not_after)]
    assert states == [AuthorityState.ENDED, AuthorityState.ENDED]


def test_a_list_that_nobody_renewed_is_told(
    sign_in: SignIn, office: Office, created: Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, address = sign_in(Role.CERTIFICATE_MANAGER), f"/authority/{created.issuing.id}/"
    assert "Die letzte Sperrliste ist abgelaufen" not in text(client.get(address))
    monkeypatch.setattr(clock, "now", lambda: office.at + timedelta(days=7))
    assert "Die letzte Sperrliste ist abgelaufen" in text(client.get(address))


def test_what_was_issued_is_searched_and_read_page_by_page(
    sign_in: SignIn, office: Office, created: Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    from siegel.web.authority import views

    monkeypatch.setattr(views, "PAGE", 1)
    eva, otto = issue(office), issue(office, OTTO)
    client, address = sign_in(Role.CERTIFICATE_MANAGER), f"/authority/{created.issuing.id}/"
    first = text(client.get(address))
    assert otto.fingerprint in first
    assert eva.fingerprint not in first
    older = text(client.get(address, {"after": f"{otto.serial:x}"}))
    assert eva.fingerprint in older
    assert otto.fingerprint in text(client.get(address, {"before": f"{eva.serial:x}"}))
    for words in ("eva.ernst@", str(EVA), f"{eva.serial:x}"[:12], eva.fingerprint[:10]):
        page = text(client.get(address, {"q": words}))
        assert eva.fingerprint in page, words
        assert otto.fingerprint not in page, words
    assert "Nichts passt" in text(client.get(address, {"q": "niemand"}))
    assert text(client.get(address, {"q": "<script>alert(1)</script>", "after": "xyz"}))


def test_the_pages_ask_the_store_as_often_for_many_as_for_few(
    sign_in: SignIn, office: Office, created: Created
) -> None:
    client = sign_in(Role.CERTIFICATE_MANAGER)
    issue(office)
    asked = []
    for number in (0, 12):
        for each in range(number):
            address = EmailAddress.parse(f"person{each}@office.example")
            accounts.create(address, "", by="test", at=office.at)
            leaf = issue(office, address)
            issuing.revoke(
                leaf.fingerprint,
                RevocationReason.SUPERSEDED,
                workshop_of(office),
                by="test",
                at=office.at,
            )
        for page in ("/authority/", f"/authority/{created.issuing.id}/"):
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            asked.append(len(queries))
    assert asked[:2] == asked[2:]


def test_an_address_outside_of_the_pages_is_warned_about(
    sign_in: SignIn, office: Office, created: Created
) -> None:
    client = sign_in(Role.CERTIFICATE_MANAGER)
    assert "antwortet an dieser Adresse nicht" in text(client.get(f"/authority/{created.root.id}/"))
    plan = replace(PLAN, name="Zweite", publish_at="http://127.0.0.1:8025/pki/")
    second = authorities.create_below(plan, office.site.vault, by="test", at=office.at)
    page = text(client.get(f"/authority/{second.id}/"))
    assert "antwortet an dieser Adresse nicht" not in page
