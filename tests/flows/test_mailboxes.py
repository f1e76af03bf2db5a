"""Mailboxes: credentials bound to their servers, renewed in time, and told to nobody."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound, TransportFailure
from siegel.base.secret import Secret
from siegel.flows import mailboxes
from siegel.flows.mail_servers import MailServers
from siegel.flows.mailboxes import Credentials
from siegel.flows.site import Site
from siegel.store import mailbox_lock
from siegel.store.mailbox_rows import (
    Authentication,
    MailboxKind,
    Security,
    ServerRow,
    Settings,
)
from siegel.store.models import JournalEntry, Mailbox
from siegel.store.queries import mailboxes as rows
from siegel.store.transaction import session
from siegel.transport import oauth2
from siegel.transport.envelope import Role
from siegel.transport.fetching import Fetcher
from siegel.transport.mail_server import MailProblem, problem_of
from siegel.transport.oauth2 import Consent, Provider
from siegel.transport.smtp_login import SmtpSubmission
from tests.flows.office import ALICE, BOB, Office
from tests.flows.web import Conversation, Web, response, serving

ALICES, BOBS = EmailAddress.parse(ALICE.address), EmailAddress.parse(BOB.address)
PASSWORD = "correct horse battery staple"
GIVEN = Credentials(password=Secret(PASSWORD))


def settings(host: str = "imap.office.example", user: str = ALICE.address) -> Settings:
    return Settings(
        imap=ServerRow(host=host, port=993, security=Security.TLS, user=user),
        smtp=ServerRow(host="smtp.office.example", port=465, security=Security.TLS, user=user),
        authentication=Authentication.PASSWORD,
    )


def connect(office: Office, given: Settings, credentials: Credentials | None = GIVEN) -> None:
    mailboxes.connect(ALICES, given, credentials, office.site, by="alice", at=office.at)


def test_what_is_kept_is_what_logs_in(office: Office) -> None:
    connect(office, settings())

    login = mailboxes.login(ALICES, office.site, office.at)

    assert (login.host, login.user) == ("imap.office.example", ALICE.address)
    assert login.secret.reveal().decode() == PASSWORD
    assert not login.reach.is_approved
    assert isinstance(mailboxes.next_hop(ALICES, office.site, office.at), SmtpSubmission)


def test_the_password_stands_nowhere_in_the_clear(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    connect(office, settings())

    login = mailboxes.login(ALICES, office.site, office.at)
    row = Mailbox.objects.values().get()
    said = [
        repr(login), repr(GIVEN), repr(mailboxes.get(ALICES)), repr(row), caplog.text,
        *map(repr, JournalEntry.objects.values()),
    ]  # fmt: skip

    assert not [text for text in said if PASSWORD in text]


@pytest.mark.parametrize(
    "changed",
    [settings(host="imap.thief.example"), settings(user="bob@office.example")],
    ids=["host", "user"],
)
def test_another_server_or_name_needs_the_password_again(office: Office, changed: Settings) -> None:
    connect(office, settings())

    with pytest.raises(Conflict):
        connect(office, changed, None)

    assert mailboxes.login(ALICES, office.site, office.at).host == "imap.office.example"


def test_another_port_does_not_need_the_password_again(office: Office) -> None:
    connect(office, settings())
    given = settings()

    connect(office, replace(given, imap=replace(given.imap, port=143)), None)

    login = mailboxes.login(ALICES, office.site, office.at)
    assert (login.port, login.secret.reveal().decode()) == (143, PASSWORD)


def test_a_server_written_into_the_store_does_not_get_the_password(office: Office) -> None:
    connect(office, settings())
    Mailbox.objects.update(imap_host="imap.thief.example")

    with pytest.raises(TransportFailure) as caught:
        mailboxes.login(ALICES, office.site, office.at)

    assert problem_of(caught.value) is MailProblem.CREDENTIALS_MISSING


def test_credentials_of_another_account_do_not_open(office: Office) -> None:
    connect(office, settings())
    mailboxes.connect(BOBS, settings(), GIVEN, office.site, by="bob", at=office.at)
    sealed = Mailbox.objects.get(account__address=ALICE.address).sealed
    Mailbox.objects.filter(account__address=BOB.address).update(sealed=sealed)

    with pytest.raises(TransportFailure):
        mailboxes.login(BOBS, office.site, office.at)


def test_removing_forgets_the_password(office: Office) -> None:
    connect(office, settings())

    mailboxes.remove(ALICES, by="alice", at=office.at)

    assert mailboxes.get(ALICES) is None
    with pytest.raises(NotFound):
        mailboxes.login(ALICES, office.site, office.at)


def test_delivering_here_forgets_the_password(office: Office) -> None:
    connect(office, settings())

    mailboxes.deliver_here(ALICES, by="alice", at=office.at)

    row = mailboxes.get(ALICES)
    assert row is not None
    assert (row.kind, row.has_credentials) == (MailboxKind.GATEWAY, False)
    assert mailboxes.next_hop(ALICES, office.site, office.at) is office.site.hops[Role.OUTBOUND]


def test_without_a_mailbox_mail_goes_the_way_of_the_gateway(office: Office) -> None:
    assert mailboxes.next_hop(ALICES, office.site, office.at) is office.site.hops[Role.OUTBOUND]


def test_a_problem_keeps_its_beginning_and_ends_with_the_next_success(office: Office) -> None:
    connect(office, settings())
    later = office.at + timedelta(hours=1)

    mailboxes.note_problem(ALICES, MailProblem.LOGIN_REFUSED, at=office.at)
    mailboxes.note_problem(ALICES, MailProblem.LOGIN_REFUSED, at=later)
    row = mailboxes.get(ALICES)
    assert row is not None
    assert (row.problem, row.problem_since) == ("login_refused", office.at)

    mailboxes.note_problem(ALICES, MailProblem.TIMED_OUT, at=later)
    row = mailboxes.get(ALICES)
    assert row is not None
    assert row.problem_since == later

    mailboxes.note_synced(ALICES, at=later)
    row = mailboxes.get(ALICES)
    assert row is not None
    assert (row.problem, row.synced_at) == ("", later)


def test_the_health_of_the_house_counts_mailboxes_that_fail(office: Office) -> None:
    connect(office, settings())
    mailboxes.note_problem(ALICES, MailProblem.LOGIN_REFUSED, at=office.at)

    assert rows.failing(before=office.at - timedelta(minutes=1)) == (0, None)
    assert rows.failing(before=office.at) == (1, office.at)


class Mint:
    """A provider of tokens on loopback; ``status`` and ``says`` turn it wrong."""

    def __init__(self, web: Web) -> None:
        self.status = "200 OK"
        self.says: dict[str, object] = {}
        self.asked: list[dict[str, str]] = []
        self.provider = Provider(
            name="office",
            authorization_endpoint=web.url("/authorize"),
            token_endpoint=web.route("/token", self._token),
            client_id="siegel",
            client_secret=Secret("client secret"),
            scope="mail",
        )
        self.servers = MailServers(
            source=Fetcher(private_hosts=frozenset({web.host})),
            providers={"office": self.provider},
        )

    def _token(self, talk: Conversation) -> None:
        self.asked.append({k: v for k, [v] in parse_qs(talk.body.decode()).items()})
        number = len(self.asked)
        answer = {
            "access_token": f"access{number}",
            "refresh_token": f"refresh{number}",
            "token_type": "Bearer",
            "expires_in": 3600,
            **self.says,
        }
        talk.send(response(json.dumps(answer).encode(), self.status))


@pytest.fixture
def mint() -> Iterator[Mint]:
    with serving() as web:
        yield Mint(web)


def consented(office: Office, mint: Mint) -> Site:
    site = replace(office.site, mail_servers=mint.servers)
    consent = Consent.new(site.rng)
    tokens = oauth2.exchanged(
        mint.provider, consent, "code", redirect_uri="https://x/", source=mint.servers.source,
        at=office.at,
    )  # fmt: skip
    given = replace(settings(), authentication=Authentication.OAUTH2, provider="office")
    mailboxes.connect(ALICES, given, Credentials.of_tokens(tokens), site, by="alice", at=office.at)
    return site


def test_the_way_to_the_provider_carries_the_challenge_and_not_the_verifier(mint: Mint) -> None:
    consent = Consent(state="state", verifier="verifier")

    address = oauth2.authorization_address(
        mint.provider, consent, redirect_uri="https://siegel/back", login_hint=ALICE.address
    )

    asked = {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}
    assert asked["code_challenge"] == "iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ"
    assert asked["code_challenge_method"] == "S256"
    assert "verifier" not in asked.values()


def test_a_token_that_lasts_is_used_again(office: Office, mint: Mint) -> None:
    site = consented(office, mint)

    login = mailboxes.login(ALICES, site, office.at + timedelta(minutes=30))

    assert login.is_token
    assert login.secret.reveal() == b"access1"


def test_a_token_that_ends_is_renewed_and_the_new_one_is_kept(office: Office, mint: Mint) -> None:
    site = consented(office, mint)
    late = office.at + timedelta(minutes=59)

    assert mailboxes.login(ALICES, site, late).secret.reveal() == b"access2"
    assert mailboxes.login(ALICES, site, late).secret.reveal() == b"access2"
    assert [one["grant_type"] for one in mint.asked] == ["authorization_code", "refresh_token"]
    assert mint.asked[1]["refresh_token"] == "refresh1"


def test_of_two_that_need_a_new_token_one_asks_and_the_other_finds_it(
    office: Office, mint: Mint
) -> None:
    site = consented(office, mint)
    late = office.at + timedelta(minutes=59)

    def log_in() -> bytes:
        with session():
            return mailboxes.login(ALICES, site, late).secret.reveal()

    with ThreadPoolExecutor(2) as pool:
        with mailbox_lock.renewing(ALICES):
            waiting = [pool.submit(log_in) for _ in range(2)]
            assert len(mint.asked) == 1
        found = [one.result() for one in waiting]
    assert found == [b"access2", b"access2"]
    assert len(mint.asked) == 2


def test_a_withdrawn_consent_is_said_and_a_busy_provider_is_tried_again(
    office: Office, mint: Mint
) -> None:
    site = consented(office, mint)
    late = office.at + timedelta(hours=2)

    for status, problem, temporary in (
        ("400 Bad Request", MailProblem.CONSENT_EXPIRED, False),
        ("503 Service Unavailable", MailProblem.NOT_REACHED, True),
    ):
        mint.status = status
        with pytest.raises(TransportFailure) as caught:
            mailboxes.login(ALICES, site, late)
        assert (problem_of(caught.value), caught.value.temporary) == (problem, temporary)


@pytest.mark.parametrize(
    "says",
    [
        {"access_token": "two words"},
        {"access_token": "line\r\nbreak"},
        {"access_token": 7},
        {"token_type": "mac"},
        {"refresh_token": None},
    ],
)
def test_tokens_that_are_none_are_not_taken(
    office: Office, mint: Mint, says: dict[str, object]
) -> None:
    mint.says = says

    with pytest.raises(TransportFailure):
        consented(office, mint)
