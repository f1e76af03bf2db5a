"""The pages of the outbox: states in words, what one can do, and who may see it."""

import html
from dataclasses import replace
from typing import Protocol

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siegel.flows import outbox
from siegel.policy.roles import Role
from siegel.store.queries.mail_folders import FolderRole
from siegel.store.queries.outbox import OutboxState
from tests.browser.hostile import CANARY, HOSTILE
from tests.flows.office import DANA, HUBER, UNKNOWN, Office, refusal
from tests.flows.outbox import ALICES, MIRA, in_folder, letter, outbox_office, send_all
from tests.web.conftest import SignIn


class Answer(Protocol):
    @property
    def content(self) -> bytes: ...


def text(answer: Answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def writing(sign_in: SignIn, office: Office) -> tuple[Client, Office]:
    client = sign_in(Role.MEMBER)
    return client, outbox_office(office)


def accept(office: Office, *to: str, **how: object) -> int:
    given = letter(*to, **how)  # type: ignore[arg-type]  # the words of letter
    return outbox.accept(given, office.site, by="user:mira@office.example", at=office.at)


def page(client: Client, number: int) -> str:
    return text(client.get(reverse("outbox:show", args=[number])))


def do(client: Client, what: str, number: int) -> str:
    return text(client.post(reverse(f"outbox:{what}", args=[number]), follow=True))


def test_an_empty_outbox_says_so(writing: tuple[Client, Office]) -> None:
    client, _ = writing
    assert "Hier wartet nichts" in text(client.get(reverse("outbox:list")))


@pytest.mark.requirement("A52", "A92")
def test_a_held_message_says_why_and_what_happens_next(writing: tuple[Client, Office]) -> None:
    client, office = writing
    number = accept(office, HUBER.address, extra="X-Siegel-Protect: encrypt\r\n")
    assert "Angehalten" in text(client.get(reverse("outbox:list")))
    shown = page(client, number)
    for words in ("So darf sie nicht hinaus", "hält sie auf", "Jetzt neu prüfen", HUBER.address):
        assert words in shown.replace("<wbr>", "")


def test_who_did_not_get_it_and_why_stands_there_in_words(writing: tuple[Client, Office]) -> None:
    client, office = writing
    office.out.refuse[UNKNOWN] = refusal(550)
    number = accept(office, HUBER.address, UNKNOWN)
    send_all(office)
    shown = page(client, number)
    for words in ("nicht an 1", "Adresse unbekannt", "Prüfen Sie die Schreibweise",
                  "no such user", "ist gesendet"):  # fmt: skip
        assert words in shown


def test_sending_is_undone_while_it_waits(writing: tuple[Client, Office]) -> None:
    client, office = writing
    number = accept(office, HUBER.address, undo=10)
    assert f'action="/outbox/{number}/undo/"' in page(client, number)
    assert "Niemand hat sie bekommen" in do(client, "undo", number)
    send_all(office.later(minutes=1))
    assert office.out.sent == []


def test_what_has_left_cannot_be_undone(writing: tuple[Client, Office]) -> None:
    client, office = writing
    number = accept(office, HUBER.address)
    send_all(office)
    assert f'action="/outbox/{number}/undo/"' not in page(client, number)
    for what in ("undo", "withdraw", "now"):
        assert "unterwegs" in do(client, what, number)
    assert outbox.get(number, MIRA, at=office.at).state is OutboxState.SENT


def test_deleting_asks_before(writing: tuple[Client, Office]) -> None:
    client, office = writing
    number = accept(office, HUBER.address, undo=10)
    assert "Ihr Text wird mit gelöscht" in text(
        client.get(reverse("outbox:withdraw", args=[number]))
    )
    assert "gelöscht" in do(client, "withdraw", number)
    assert outbox.get(number, MIRA, at=office.at).state is OutboxState.WITHDRAWN


def test_send_now_does_not_wait(writing: tuple[Client, Office]) -> None:
    client, office = writing
    number = accept(office, HUBER.address, undo=30)
    do(client, "now", number)
    send_all(office)
    assert len(office.out.sent) == 1


def test_colleagues_without_the_account_see_nothing(
    writing: tuple[Client, Office], sign_in: SignIn
) -> None:
    _, office = writing
    number = accept(office, HUBER.address, undo=10)
    other = sign_in(Role.ADMINISTRATOR, "chef@office.example")
    assert HUBER.address not in text(other.get(reverse("outbox:list")))
    for name in ("show", "withdraw", "original"):
        assert other.get(reverse(f"outbox:{name}", args=[number])).status_code == 404
    for name in ("undo", "now", "withdraw"):
        assert other.post(reverse(f"outbox:{name}", args=[number])).status_code == 404
    assert outbox.get(number, MIRA, at=office.at).state is OutboxState.WAITING


def test_forms_need_their_token(writing: tuple[Client, Office]) -> None:
    client, office = writing
    number = accept(office, HUBER.address, undo=10)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    for name in ("undo", "now", "withdraw"):
        assert strict.post(reverse(f"outbox:{name}", args=[number])).status_code == 403


def test_the_list_asks_the_same_number_of_questions(writing: tuple[Client, Office]) -> None:
    client, office = writing
    questions = []
    client.get(reverse("outbox:list"))
    for count in (3, 20):
        for _ in range(count):
            accept(office, HUBER.address, UNKNOWN, undo=10)
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("outbox:list"))
        questions.append(len(seen))
    assert questions[0] == questions[1]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_subject_becomes_markup(writing: tuple[Client, Office], hostile: str) -> None:
    client, office = writing
    given = letter(HUBER.address, undo=10)
    number = outbox.accept(replace(given, subject=hostile), office.site, by="t", at=office.at)
    for path in (reverse("outbox:list"), reverse("outbox:show", args=[number])):
        raw = client.get(path).content.decode()
        assert f"<{CANARY}" not in raw
        assert "<script>window" not in raw


def test_nobody_comes_here_without_signing_in(db: None) -> None:
    assert Client().get(reverse("outbox:list")).status_code == 302
    for name in ("show", "withdraw", "original"):
        assert Client().get(reverse(f"outbox:{name}", args=[1])).status_code == 302


def test_the_writer_sees_the_blind_recipients_of_the_own_copy(
    writing: tuple[Client, Office],
) -> None:
    client, office = writing
    office.partner(HUBER)
    office.partner(DANA)
    given = letter(HUBER.address, bcc=(DANA.address,))
    outbox.accept(given, office.site, by="user:mira@office.example", at=office.at)
    send_all(office)
    (copy,) = in_folder(ALICES, FolderRole.SENT)
    shown = text(client.get(reverse("conversation:show", args=[copy.conversation])))
    assert "Blindkopie an" in shown
    assert DANA.address in shown.replace("<wbr>", "")
