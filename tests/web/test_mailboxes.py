"""The page of a mailbox: who may, what is tested and kept, and that no password is ever shown."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siegel.base.secret import Secret
from siegel.flows import mailboxes
from siegel.flows.mail_servers import MailServers
from siegel.flows.mailboxes import Credentials
from siegel.policy.access import Capacity
from siegel.policy.roles import Role
from siegel.store.mailbox_rows import Authentication, Security, ServerRow, Settings
from siegel.store.models import JournalEntry, Mailbox
from siegel.store.queries import users
from siegel.transport.autoconfig import Srv
from siegel.transport.fetching import Fetcher
from siegel.transport.mail_server import MailProblem, Reach
from siegel.transport.oauth2 import Provider
from siegel.web import running
from tests.flows.office import Office
from tests.flows.web import Conversation, response, serving
from tests.peers.server_tls import HOST
from tests.web.conftest import SignIn
from tests.web.mail_servers import PASSWORD, Servers, mail_servers
from tests.web.test_accounts import EVA, A, B, put
from tests.world import WORLD_NOW as NOW

PAGE = f"/mailboxes/{A}/"
REACH = Reach(private_hosts=frozenset({HOST}), unencrypted_hosts=frozenset({HOST}))


class Names:
    """A domain that says nothing but its SRV records."""

    def __init__(self) -> None:
        self.records: dict[str, Srv] = {}

    def srv(self, name: str, seconds: float) -> Sequence[Srv]:
        del seconds
        return [found for label, found in self.records.items() if name.startswith(f"_{label}.")]

    def mx(self, domain: str, seconds: float) -> Sequence[str]:
        del domain, seconds
        return ()


def arrange(office: Office, servers: MailServers) -> None:
    running.install(replace(office.site, mail_servers=servers))


@pytest.fixture
def servers(office: Office) -> Iterator[Servers]:
    arrange(office, MailServers(reach=REACH, dns=Names()))
    with mail_servers() as made:
        yield made


@pytest.fixture
def eva(sign_in: SignIn) -> Client:
    """Owner of Alice's account, who reads English."""
    client = sign_in(Role.MEMBER, str(EVA))
    put(EVA, A, Capacity.OWNER)
    users.prefer(EVA, language="en")
    return client


def entered(servers: Servers, **changes: object) -> dict[str, object]:
    return {
        "do": "try",
        "method": "password",
        "user": str(A),
        "password": PASSWORD,
        "imap_host": HOST,
        "imap_port": servers.imap,
        "imap_security": "none",
        "smtp_host": HOST,
        "smtp_port": servers.smtp,
        "smtp_security": "none",
        **changes,
    }


def kept() -> Settings:
    server = ServerRow(host="imap.office.example", port=993, security=Security.TLS, user=str(A))
    return Settings(imap=server, smtp=server, authentication=Authentication.PASSWORD)


def connected(office: Office) -> None:
    given = Credentials(password=Secret(PASSWORD))
    mailboxes.connect(A, kept(), given, running.site(), by="test", at=office.at)


def says(answer: object) -> str:
    content: bytes = answer.content  # type: ignore[attr-defined]  # of a response
    return content.decode().replace("<wbr>", "")


@pytest.mark.requirement("A47")
def test_settings_that_work_are_kept_and_the_password_stands_in_no_page(
    eva: Client, servers: Servers
) -> None:
    answer = eva.post(PAGE, entered(servers), follow=True)

    row = mailboxes.get(A)
    assert row is not None
    assert row.settings is not None
    assert row.settings.imap.port == servers.imap
    assert "Both connections work" in says(answer)
    assert PASSWORD not in says(answer)
    assert len(servers.heard) == 2


def test_a_wrong_password_is_said_in_words_and_nothing_is_kept(
    eva: Client, servers: Servers
) -> None:
    page = says(eva.post(PAGE, entered(servers, password="quite wrong")))

    assert page.count("Login refused") == 2
    assert "quite wrong" not in page
    assert mailboxes.get(A) is None


def test_what_failed_is_told_step_by_step(eva: Client, servers: Servers) -> None:
    page = says(eva.post(PAGE, entered(servers, imap_port=servers.smtp, smtp_port=9)))

    assert "That is no mail server" in page
    assert "Server not reached" in page
    assert page.index("Server found") < page.index("Logged in") < page.index("Folders read")


def test_settings_are_kept_untested_on_demand_without_typing_the_password_again(
    eva: Client, servers: Servers
) -> None:
    wrong = entered(servers, smtp_port=9)
    first = says(eva.post(PAGE, wrong))
    assert "Save all the same" in first
    assert PASSWORD not in first
    assert PASSWORD not in json.dumps(dict(eva.session))

    eva.post(PAGE, wrong | {"do": "keep", "password": ""})

    assert mailboxes.get(A) is not None
    assert mailboxes.login(A, running.site(), NOW).secret.reveal().decode() == PASSWORD


def test_a_remembered_password_is_not_for_another_server(eva: Client, servers: Servers) -> None:
    eva.post(PAGE, entered(servers, smtp_port=9))

    page = says(eva.post(PAGE, entered(servers, password="", imap_host="imap.thief.example")))

    assert "Please enter the password" in page
    assert mailboxes.get(A) is None


@pytest.mark.parametrize("changed", [{"imap_host": "127.0.0.2"}, {"user": "eva"}])
def test_a_stolen_session_does_not_send_the_kept_password_elsewhere(
    eva: Client, servers: Servers, changed: dict[str, object]
) -> None:
    eva.post(PAGE, entered(servers))
    servers.heard.clear()

    for do in ("try", "keep"):
        page = says(eva.post(PAGE, entered(servers, password="", do=do) | changed))
        assert "Please enter the password" in page

    assert servers.heard == []


def test_the_kept_password_is_used_for_the_same_server(eva: Client, servers: Servers) -> None:
    eva.post(PAGE, entered(servers))
    answer = eva.post(PAGE, entered(servers, password=""), follow=True)
    assert "Both connections work" in says(answer)


def test_no_page_shows_the_password_that_is_kept(eva: Client, servers: Servers) -> None:
    eva.post(PAGE, entered(servers))
    for path in (PAGE, f"{PAGE}remove/", f"/accounts/{A}/"):
        assert PASSWORD not in says(eva.get(path))
    assert not [e for e in JournalEntry.objects.values() if PASSWORD in repr(e)]


@pytest.mark.parametrize("capacity", [Capacity.MEMBER, Capacity.DEPUTY])
def test_only_owners_and_administrators_connect_a_mailbox(
    sign_in: SignIn, capacity: Capacity
) -> None:
    client = sign_in(Role.MEMBER, str(EVA))
    put(EVA, A, capacity)
    for path in (PAGE, f"{PAGE}remove/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"do": "here"}).status_code == 404
    assert client.post(f"{PAGE}test/").status_code == 404
    assert "/mailboxes/" not in says(client.get(f"/accounts/{A}/"))
    manager = sign_in(Role.CERTIFICATE_MANAGER, "claus@office.example")
    assert manager.get(PAGE).status_code == 404
    assert sign_in(Role.ADMINISTRATOR, "ada@office.example").get(PAGE).status_code == 200


def test_of_other_accounts_nobody_learns(eva: Client) -> None:
    assert eva.get(f"/mailboxes/{B}/").status_code == 404
    assert eva.get("/mailboxes/nobody@office.example/").status_code == 404
    assert eva.get("/mailboxes/x/").status_code == 404


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}remove/", f"{PAGE}test/"])
def test_the_password_of_the_person_is_asked_for_again(sign_in: SignIn, path: str) -> None:
    client = sign_in(Role.ADMINISTRATOR, "ada@office.example", long_ago=True)
    answer = client.post(path, {"do": "here"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign/")
    assert mailboxes.get(A) is None


def test_forms_need_their_token(office: Office, sign_in: SignIn) -> None:
    cookies = sign_in(Role.ADMINISTRATOR, "ada@office.example").cookies
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = cookies
    for path in (PAGE, f"{PAGE}remove/", f"{PAGE}test/"):
        assert strict.post(path, {"do": "here"}).status_code == 403


def test_a_clerk_does_not_scan_the_network_of_the_office(eva: Client, office: Office) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> tuple[str, ...]:
        asked.append(f"{host}:{port}")
        return ("10.1.2.3",)

    arrange(office, MailServers(reach=Reach(resolve=resolve)))
    host = {"imap_host": "intranet.office.example", "smtp_host": "intranet.office.example"}
    tls = {"imap_security": "tls", "smtp_security": "tls", "imap_port": 993, "smtp_port": 22}
    page = says(eva.post(PAGE, entered(Servers(), **host, **tls)))

    assert page.count("Server not allowed") == 2
    assert asked == ["intranet.office.example:993"]


def test_without_encryption_is_no_choice_of_a_clerk(eva: Client, office: Office) -> None:
    arrange(office, MailServers())
    page = says(eva.post(PAGE, entered(Servers(imap=143, smtp=587))))
    assert "Select a valid choice" in page
    assert mailboxes.get(A) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"imap_port": "0"},
        {"imap_port": "x"},
        {"imap_host": ""},
        {"user": "a\r\nA1 LOGOUT"},
        {"password": "a\x00b"},
        {"method": "microsoft"},
        {"imap_host": "<script>alert(1)</script>"},
        {"user": "\"'><script>alert(1)</script>", "password": "wrong"},
    ],
)
def test_hostile_values_are_refused_or_shown_harmlessly(
    eva: Client, servers: Servers, changes: dict[str, object]
) -> None:
    page = says(eva.post(PAGE, entered(servers, **changes)))
    assert "<script>alert" not in page
    assert mailboxes.get(A) is None


def test_published_settings_fill_the_fields(eva: Client, office: Office) -> None:
    names = Names()
    names.records = {
        "imaps": Srv(priority=0, weight=0, host="imap.office.example", port=993),
        "submissions": Srv(priority=0, weight=0, host="smtp.hoster.example", port=465),
    }
    arrange(office, MailServers(dns=names, published=Fetcher(resolve=_nobody)))
    page = says(eva.post(PAGE, {"do": "find"}))
    assert 'value="imap.office.example"' in page
    assert 'value="smtp.hoster.example"' in page
    assert "belong to another domain" in page


def _nobody(host: str, port: int) -> tuple[str, ...]:
    raise OSError(host, port)


def test_a_silent_domain_leads_to_the_usual_names_on_demand(eva: Client, office: Office) -> None:
    arrange(
        office,
        MailServers(reach=Reach(resolve=_nobody), dns=Names(), published=Fetcher(resolve=_nobody)),
    )
    assert "Try usual names" in says(eva.post(PAGE, {"do": "find"}))
    assert "Nobody answers under the usual names" in says(eva.post(PAGE, {"do": "guess"}))


def test_the_gateway_delivers_here_on_demand(eva: Client, office: Office) -> None:
    page = says(eva.post(PAGE, {"do": "here"}, follow=True))
    assert "Mail is delivered here" in page
    assert Mailbox.objects.get().kind == "gateway"


def test_disconnecting_says_what_happens_and_forgets_the_password(
    eva: Client, office: Office
) -> None:
    connected(office)
    assert "deletes the password" in says(eva.get(f"{PAGE}remove/"))
    eva.post(f"{PAGE}remove/")
    assert mailboxes.get(A) is None


@pytest.mark.parametrize("problem", MailProblem)
def test_a_problem_of_fetching_stands_on_the_page_in_words(
    eva: Client, office: Office, problem: MailProblem
) -> None:
    connected(office)
    mailboxes.note_problem(A, problem, at=office.at - timedelta(hours=3))
    english = says(eva.get(PAGE))
    assert problem.value not in english
    assert "since" in english


def test_what_is_kept_can_be_tested(eva: Client, servers: Servers) -> None:
    eva.post(PAGE, entered(servers))
    page = says(eva.post(f"{PAGE}test/"))
    assert "Folders read" in page
    assert "did not work" not in page


def test_the_page_is_german_for_germans(eva: Client, servers: Servers) -> None:
    users.prefer(EVA, language="de")
    page = says(eva.post(PAGE, entered(servers, password="falsch")))
    assert "Anmeldung abgelehnt" in page
    assert "Trotzdem speichern" in page


def test_the_page_needs_as_many_queries_with_many_mailboxes(eva: Client, office: Office) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            eva.get(PAGE)
        return len(captured)

    connected(office)
    queries()
    one = queries()
    mailboxes.deliver_here(B, by="test", at=office.at)
    assert queries() == one


class Mint:
    """A provider of tokens that checks what it gets."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []

    def token(self, talk: Conversation) -> None:
        self.asked.append({k: v for k, [v] in parse_qs(talk.body.decode()).items()})
        answer = {
            "access_token": "access", "refresh_token": "refresh",
            "token_type": "Bearer", "expires_in": 3600,
        }  # fmt: skip
        talk.send(response(json.dumps(answer).encode()))


@pytest.fixture
def mint(office: Office, servers: Servers) -> Iterator[Mint]:
    made = Mint()
    with serving() as web:
        provider = Provider(
            name="other",
            authorization_endpoint="https://id.office.example/authorize",
            token_endpoint=web.route("/token", made.token),
            client_id="siegel",
            client_secret=Secret("client secret"),
            scope="mail",
        )
        source = Fetcher(private_hosts=frozenset({web.host}))
        arrange(
            office,
            MailServers(reach=REACH, providers={"other": provider}, source=source, dns=Names()),
        )
        yield made


def sent_to(client: Client, servers: Servers) -> dict[str, str]:
    """What the provider is asked for."""
    page = says(client.post(PAGE, entered(servers, method="other", password="")))
    address = page.split('href="https://id.office.example/authorize?')[1].split('"')[0]
    query = urlsplit("?" + address.replace("&amp;", "&")).query
    return {name: value for name, [value] in parse_qs(query).items()}


def test_consent_at_the_provider_connects_the_mailbox(
    eva: Client, servers: Servers, mint: Mint
) -> None:
    asked = sent_to(eva, servers)
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://testserver/mailboxes/consent/"

    answer = eva.get("/mailboxes/consent/", {"code": "4711", "state": asked["state"]}, follow=True)

    assert "Both connections work" in says(answer)
    assert mint.asked[0]["code"] == "4711"
    assert mint.asked[0]["redirect_uri"] == asked["redirect_uri"]
    assert all("auth=Bearer access" in said for said in servers.heard)
    assert mailboxes.login(A, running.site(), NOW).is_token


def test_whoever_was_not_sent_by_us_does_not_come_back(
    eva: Client, servers: Servers, mint: Mint
) -> None:
    asked = sent_to(eva, servers)
    back = {"code": "4711", "state": "another"}
    assert eva.get("/mailboxes/consent/", back).status_code == 404
    again = {"code": "4711", "state": asked["state"]}
    assert eva.get("/mailboxes/consent/", again).status_code == 404
    assert mint.asked == []


def test_the_way_back_is_for_the_session_that_went(
    eva: Client, servers: Servers, mint: Mint, sign_in: SignIn
) -> None:
    asked = sent_to(eva, servers)
    other = sign_in(Role.ADMINISTRATOR, "ada@office.example")
    back = {"code": "4711", "state": asked["state"]}
    assert other.get("/mailboxes/consent/", back).status_code == 404
    assert mint.asked == []


def test_a_provider_that_refuses_changes_nothing(eva: Client, servers: Servers, mint: Mint) -> None:
    asked = sent_to(eva, servers)
    back = {"error": "access_denied", "state": asked["state"]}
    answer = eva.get("/mailboxes/consent/", back, follow=True)
    assert "gave no consent" in says(answer)
    assert mailboxes.get(A) is None
