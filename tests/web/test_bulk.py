"""The pages of mail to many: looked at before, followed, stopped, reported."""

import html
from typing import Protocol

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siegel.flows import bulk_sending
from siegel.policy.roles import Role
from siegel.store.models import BulkItem, BulkJob
from tests.browser.hostile import CANARY, HOSTILE
from tests.flows.office import ALICE, BOB, UNKNOWN, Office, refusal
from tests.flows.outbox import outbox_office
from tests.web.conftest import SignIn

TABLE = "E-Mail;Vorname\nhuber@school.example;Hans\nkeine;B\nb@x.example;\nb@x.example;Bea\n"


class Answer(Protocol):
    @property
    def content(self) -> bytes: ...


def text(answer: Answer) -> str:
    return html.unescape(answer.content.decode()).replace("<wbr>", "")


@pytest.fixture
def writing(sign_in: SignIn, office: Office) -> tuple[Client, Office]:
    client = sign_in(Role.MEMBER)
    return client, outbox_office(office)


def post(client: Client, table: str | bytes = TABLE, **given: str) -> str:
    octets = table.encode() if isinstance(table, str) else table
    fields = {"sender": ALICE.address, "subject": "Rechnung", "text": "Guten Tag {{Vorname}}"}
    sent = {**fields, **given, "file": SimpleUploadedFile("liste.csv", octets)}
    return text(client.post(reverse("bulk:new"), sent, follow=True))


def number() -> int:
    return BulkJob.objects.latest("id").pk


def do(client: Client, what: str) -> str:
    return text(client.post(reverse(f"bulk:{what}", args=[number()]), follow=True))


@pytest.mark.requirement("A83")
def test_before_it_starts_it_shows_the_list_its_mistakes_and_that_nothing_is_encrypted(
    writing: tuple[Client, Office],
) -> None:
    client, office = writing
    assert "Signiert, nicht verschlüsselt" in text(client.get(reverse("bulk:new")))
    page = post(client)
    for words in ("2 Mails senden", "Keine ist verschlüsselt", "Guten Tag Hans",
                  "Keine E-Mail-Adresse: 1", "Doppelt in der Liste", "Zeile 3",
                  "Mit leerem Feld"):  # fmt: skip
        assert words in page
    second = text(client.get(reverse("bulk:show", args=[number()]), {"row": "2"}))
    assert "Für diese Person leer: Vorname" in second
    bulk_sending.send_some(office.site, limit=9, at=office.at)
    assert office.out.sent == []


def test_it_is_started_stopped_gone_on_with_and_reported(writing: tuple[Client, Office]) -> None:
    client, office = writing
    office.out.refuse[UNKNOWN] = refusal(550)
    post(client, f"Mail;Vorname\na@x.example;A\n{UNKNOWN};B\nc@x.example;C\n")
    assert "Sie können diese Seite verlassen" in do(client, "start")
    bulk_sending.send_some(office.site, limit=1, at=office.at)
    assert "Angehalten" in do(client, "stop")
    assert "Weiter: noch 2" in text(client.get(reverse("bulk:show", args=[number()])))
    do(client, "start")
    for _ in range(3):
        bulk_sending.send_some(office.site, limit=9, at=office.at)
    page = text(client.get(reverse("bulk:show", args=[number()])))
    for words in ("Fertig, nicht an alle", "Gesendet: 2", "Adresse unbekannt", "no such user"):
        assert words in page
    answer = client.get(reverse("bulk:report", args=[number()]))
    report = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert report.count("gesendet") == 2
    assert UNKNOWN in report


def test_no_cell_of_the_report_is_a_formula(writing: tuple[Client, Office]) -> None:
    client, _ = writing
    post(client, "+cmd@x.example\n", text="Hallo")
    do(client, "start")
    answer = client.get(reverse("bulk:report", args=[number()]))
    report = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert ";'+cmd@x.example;" in report


@pytest.mark.parametrize(
    ("table", "given", "why"),
    [
        ("nichts\n", {"text": "x"}, "keine E-Mail-Adresse"),
        (TABLE, {"text": "{{Nachname}}"}, "heißt so: Nachname"),
        (TABLE, {"sender": BOB.address}, BOB.address),
        ("a@x.example" + ";" * 60, {"text": "x"}, "Zu groß"),
        (b"\xff\xfe\x00", {"text": "x"}, "keine E-Mail-Adresse"),
        (TABLE, {"unsubscribe": "javascript:alert(1)"}, "id_unsubscribe_error"),
    ],
)
def test_what_cannot_be_sent_is_said_at_the_field(
    writing: tuple[Client, Office], table: str | bytes, given: dict[str, str], why: str
) -> None:
    client, _ = writing
    assert why in post(client, table, **given)
    assert not BulkJob.objects.exists()


def test_a_job_is_discarded_before_it_starts_and_not_after(
    writing: tuple[Client, Office],
) -> None:
    client, _ = writing
    post(client)
    assert "Verworfen" in do(client, "discard")
    assert not BulkItem.objects.exists()
    post(client)
    do(client, "start")
    assert "schon begonnen" in do(client, "discard")
    assert BulkItem.objects.exists()


def test_colleagues_without_the_account_see_nothing(
    writing: tuple[Client, Office], sign_in: SignIn
) -> None:
    client, _ = writing
    post(client)
    other = sign_in(Role.ADMINISTRATOR, "chef@office.example")
    assert "Rechnung" not in text(other.get(reverse("bulk:list")))
    for name in ("show", "report"):
        assert other.get(reverse(f"bulk:{name}", args=[number()])).status_code == 404
    for name in ("start", "stop", "discard"):
        assert other.post(reverse(f"bulk:{name}", args=[number()])).status_code == 404


def test_forms_need_their_token(writing: tuple[Client, Office]) -> None:
    client, _ = writing
    post(client)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    for name in ("start", "stop", "discard"):
        assert strict.post(reverse(f"bulk:{name}", args=[number()])).status_code == 403
    assert strict.post(reverse("bulk:new"), {}).status_code == 403


def test_pages_ask_the_same_number_of_questions(writing: tuple[Client, Office]) -> None:
    client, _ = writing
    questions = []
    post(client)
    for count in (5, 500):
        post(client, "\n".join(f"p{n}@x.example" for n in range(count)), text="x")
        for path in (reverse("bulk:list"), reverse("bulk:show", args=[number()])):
            with CaptureQueriesContext(connection) as seen:
                client.get(path)
            questions.append(len(seen))
    assert questions[:2] == questions[2:]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_a_list_becomes_markup(writing: tuple[Client, Office], hostile: str) -> None:
    client, _ = writing
    table = f'Mail;Name\na@x.example;"{hostile.replace(chr(34), "")}"\n{hostile};x\n'
    post(client, table, text=f"{{{{Name}}}} {hostile}", subject=hostile[:300] or "x")
    paths = [reverse("bulk:list")]
    paths += [reverse("bulk:show", args=[job.pk]) for job in BulkJob.objects.all()]
    for path in paths:
        raw = client.get(path).content.decode()
        assert f"<{CANARY}" not in raw
        assert "<script>window" not in raw


def test_nobody_comes_here_without_signing_in(db: None) -> None:
    for name in ("list", "new"):
        assert Client().get(reverse(f"bulk:{name}")).status_code == 302
    for name in ("show", "report"):
        assert Client().get(reverse(f"bulk:{name}", args=[1])).status_code == 302
