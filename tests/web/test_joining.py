"""Pages for partners: a link proves an address, a file is handed in, a key gets its certificate."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from siegel.base.address import EmailAddress
from siegel.flows import publishing_site
from siegel.policy.robot import RobotRules
from siegel.policy.roles import Role
from siegel.store.queries import account_people, candidates, issued, partner_invitations
from siegel.web import running
from siegel.web.joining.asking import COOKIE
from tests.flows.office import ALICE, BOB, HUBER, Office
from tests.flows.outbox import let_mira_write
from tests.flows.workshop import PLAN, made_authority
from tests.web.conftest import SignIn
from tests.world import WORLD

PAGES = "http://testserver"
PETRA = EmailAddress.parse("petra@partner.example")
BY = "user:mira@office.example"
OWN_KEY = "/partner/joining/own-key/"
CERTIFICATE = f"{OWN_KEY}certificate/"


@pytest.fixture
def site(office: Office) -> Office:
    """Open to partners of one domain, with a test address."""
    made_authority(office, plan=replace(PLAN, further=(PETRA.domain,)))
    publishing_site.open_(by=BY, at=office.at)
    office.site = replace(
        office.site,
        pages_at=PAGES,
        notices_from=EmailAddress.parse("siegel@office.example"),
        robot=RobotRules(address=EmailAddress.parse(BOB.address)),
    )
    running.install(office.site)
    return office


def link(office: Office) -> str:
    text = office.out.sent[-1].content.replace(b"=\r\n", b"").decode()
    found = re.search(rf"{PAGES}(/partner/joining/[a-z]+/[0-9a-f]+/)", text)
    assert found is not None
    return found[1]


def proved(office: Office, client: Client, address: EmailAddress = PETRA) -> HttpResponse:
    client.post(OWN_KEY, {"address": str(address)})
    return client.post(link(office))  # type: ignore[return-value]  # of the test client


def request() -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    key = ec.generate_private_key(ec.SECP256R1())
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def file(data: bytes, name: str = "a.pem") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def certify(client: Client, data: bytes | None = None, **named: str) -> HttpResponse:
    given = {"file": file(data or request())}
    return client.post(CERTIFICATE, given, headers=named or None)  # type: ignore[return-value]


@pytest.mark.requirement("B38", "A24")
def test_a_proved_partner_gets_a_certificate_as_file_and_as_json(site: Office) -> None:
    client = Client()
    answer = proved(site, client)
    assert answer.headers["Location"] == OWN_KEY
    assert str(PETRA) in client.get(OWN_KEY).content.decode()
    plain = certify(client)
    assert plain.content.count(b"BEGIN CERTIFICATE") == 3
    assert "attachment" in plain["Content-Disposition"]
    said = certify(client, accept="application/json")
    assert said["Content-Type"] == "application/json"
    assert candidates.for_addresses([PETRA])[PETRA]


def test_opening_the_link_says_nothing_and_the_button_says_yes(site: Office) -> None:
    """Scanners of mail open every link."""
    client, scanner = Client(), Client()
    client.post(OWN_KEY, {"address": str(PETRA)})
    there = link(site)
    assert scanner.get(there).status_code == 200
    assert scanner.head(there).status_code == 200
    assert certify(scanner).status_code == 404
    assert client.post(there).status_code == 302
    assert client.post(there).status_code == 404, "once"


def test_forms_say_where_they_come_from(site: Office) -> None:
    """With no-referrer a browser writes Origin: null, and every form would be refused."""
    del site
    assert Client().get(OWN_KEY)["Referrer-Policy"] == "same-origin"


def test_a_proof_of_somebody_else_gives_a_stranger_nothing(site: Office) -> None:
    """The address is proved for a month, but only in the browser that used the link."""
    proved(site, Client())
    stranger = Client()
    assert certify(stranger).status_code == 404
    said = certify(stranger, accept="application/json")
    assert said.status_code == 400
    stranger.cookies[COOKIE] = f"{PETRA}:forged"
    assert certify(stranger).status_code == 404
    assert not issued.of_address(PETRA, authorities=range(10))


def test_an_address_outside_of_the_authority_gets_an_explanation_and_no_mail(
    site: Office,
) -> None:
    before = len(site.out.sent)
    for address, said in (("x@elsewhere.example", "public"), ("x@office.example", "of our own")):
        page = Client(headers={"accept-language": "en"}).post(OWN_KEY, {"address": address})
        assert said in page.content.decode()
    assert len(site.out.sent) == before


def test_who_asks_too_often_is_told_to_wait(site: Office) -> None:
    client = Client(headers={"accept-language": "en"})
    for _ in range(3):
        client.post(OWN_KEY, {"address": str(PETRA)})
    page = client.post(OWN_KEY, {"address": str(PETRA)})
    assert "Too many links" in page.content.decode()


@pytest.mark.parametrize("junk", [b"nothing", b"\0", b"x" * 100_000])
def test_what_is_no_request_gets_a_clear_no(site: Office, junk: bytes) -> None:
    client = Client(headers={"accept-language": "en"})
    proved(site, client)
    answer = certify(client, junk)
    assert answer.status_code == 400
    assert "no certification request" in answer.content.decode()


def test_no_page_of_a_closed_site_but_those_behind_links(site: Office) -> None:
    client = Client()
    client.post(OWN_KEY, {"address": str(PETRA)})
    publishing_site.close(by=BY, at=site.at)
    assert client.get(OWN_KEY).status_code == 404
    assert client.get("/partner/joining/test/").status_code == 404
    assert client.get(link(site)).status_code == 200


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_test_address_is_explained(site: Office, language: str) -> None:
    page = Client(headers={"accept-language": language}).get("/partner/joining/test/")
    assert f"mailto:{BOB.address}" in page.content.decode()
    running.install(replace(site.site, robot=None))
    assert Client().get("/partner/joining/test/").status_code == 404


def test_the_start_page_speaks_of_what_there_is(site: Office) -> None:
    page = Client().get("/partner/").content.decode()
    assert "/partner/joining/test/" in page
    assert OWN_KEY in page
    running.install(replace(site.site, robot=None))
    assert "/partner/joining/test/" not in Client().get("/partner/").content.decode()


Invite = Callable[[], str]


@pytest.fixture
def invite(site: Office, sign_in: SignIn) -> Invite:
    """Invites Hans Huber by the page; the path of his link."""
    let_mira_write(site.at)
    client = sign_in(Role.MEMBER)

    def invited() -> str:
        given = {"to": HUBER.address, "sender": ALICE.address, "language": "de"}
        answer = client.post("/invitations/new/", given)
        assert answer.status_code == 302
        return link(site)

    return invited


@pytest.mark.requirement("A45")
def test_an_invited_partner_hands_in_his_certificate(invite: Invite) -> None:
    there, client = invite(), Client(headers={"accept-language": "en"})
    assert "huber" in client.get(there).content.decode()
    page = client.post(there, {"file": file(HUBER.certificate_der, "a.cer")})
    assert "your certificate is here" in page.content.decode()
    assert client.get(there).status_code == 404
    (row,) = partner_invitations.listed()
    assert row.used_at is not None


@pytest.mark.requirement("C9")
def test_a_private_key_is_refused_with_an_explanation(invite: Invite) -> None:
    client = Client(headers={"accept-language": "en"})
    page = client.post(invite(), {"file": file(HUBER.p12("geheim", "modern"), "a.p12")})
    assert "private key" in page.content.decode()
    assert partner_invitations.listed()[0].used_at is None


def test_an_invited_partner_without_certificate_proves_the_address(
    site: Office, invite: Invite
) -> None:
    page = Client().post(f"{invite()}own-key/")
    assert page.status_code == 200
    assert site.out.sent[-1].recipients == (HUBER.address,)
    assert "/control/" in link(site)


def test_an_invitation_is_listed_and_withdrawn(invite: Invite, sign_in: SignIn) -> None:
    there, client = invite(), sign_in(Role.MEMBER)
    assert HUBER.address in client.get("/invitations/").content.decode()
    number = partner_invitations.listed()[0].id
    client.post(f"/invitations/{number}/withdraw/")
    assert Client().get(there).status_code == 404
    assert client.post(f"/invitations/{number}/withdraw/").status_code == 404


def test_nobody_withdraws_the_invitation_of_a_foreign_account(
    invite: Invite, sign_in: SignIn
) -> None:
    there, other = invite(), sign_in(Role.MEMBER, "otto@office.example")
    number = partner_invitations.listed()[0].id
    assert f"/{number}/withdraw/" not in other.get("/invitations/").content.decode()
    assert other.post(f"/invitations/{number}/withdraw/").status_code == 404
    assert Client().get(there).status_code == 200
    manager = sign_in(Role.CERTIFICATE_MANAGER, "mara@office.example")
    assert f"/{number}/withdraw/" in manager.get("/invitations/").content.decode()
    manager.post(f"/invitations/{number}/withdraw/")
    assert Client().get(there).status_code == 404


def test_who_writes_for_no_account_invites_nobody(site: Office, sign_in: SignIn) -> None:
    del site
    client = sign_in(Role.ADMINISTRATOR, "ada@office.example")
    assert client.get("/invitations/new/").status_code == 403
    assert client.get("/invitations/").status_code == 200
    assert not account_people.of_user(EmailAddress.parse("ada@office.example"))


def test_one_of_ours_is_not_invited(site: Office, sign_in: SignIn) -> None:
    let_mira_write(site.at)
    given = {"to": BOB.address, "sender": ALICE.address, "language": "de"}
    assert sign_in(Role.MEMBER).post("/invitations/new/", given).status_code == 200
    assert not partner_invitations.listed()


def test_no_cookie_but_the_address_is_kept_and_nobody_else_reads_it(site: Office) -> None:
    client = Client()
    proved(site, client)
    cookie = client.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["path"] == "/partner/joining/"
    assert WORLD.person("huber").address not in cookie.value
