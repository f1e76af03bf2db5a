"""The journal: who reads what, filters, export, and „Warum wurde das nicht verschlüsselt?“."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.flows import accounts as flow
from siegel.policy.access import Capacity, Standing
from siegel.policy.roles import Role
from siegel.store import models
from siegel.store.queries import journal
from tests.flows.office import ALICE, BOB, HUBER, UNKNOWN, Office, mail
from tests.web.conftest import SignIn
from tests.world import WORLD_NOW as NOW

EVA = EmailAddress.parse("eva@office.example")
DAY = timedelta(days=1)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode().replace("<wbr>", "")


def received(*recipients: str, about: str = "x@partner.example") -> int:
    return journal.write(
        at=NOW, actor="gateway", action="inbound.confidential", about=about,
        message_id="<in@partner.example>", recipients=recipients, reasons=["encrypted"],
    )  # fmt: skip


@pytest.fixture
def eva(office: Office, sign_in: SignIn) -> Client:
    """A member who works with Alice's account; the office has sent two mails."""
    client = sign_in(Role.MEMBER, str(EVA))
    standing = Standing(capacity=Capacity.MEMBER, since=NOW - DAY, until=None)
    flow.admit(EmailAddress.parse(ALICE.address), EVA, standing, by="test", at=NOW - DAY)
    office.send(mail(ALICE.address, UNKNOWN, subject="von-alice"), ALICE.address, UNKNOWN)
    office.send(mail(BOB.address, UNKNOWN, subject="von-bob"), BOB.address, UNKNOWN)
    return client


def number_of(message: str) -> int:
    return journal.read(message_id=f"<{message}@test.example>")[0].id


def test_a_member_reads_what_happened_to_mail_of_her_accounts_only(eva: Client) -> None:
    listed = page(eva, "/journal/")
    assert ALICE.address in listed
    assert BOB.address not in listed
    assert "Konto angelegt" not in listed
    assert "Zertifikat" not in listed.split("<tbody>")[1].split("</tbody>")[0].replace(
        "haben ein Zertifikat", ""
    )
    assert eva.get(f"/journal/{number_of('von-alice')}/").status_code == 200
    for hidden in (number_of("von-bob"), journal.read(action="account.created")[0].id, 10**30):
        assert eva.get(f"/journal/{hidden}/").status_code == 404


@pytest.mark.parametrize("query", ["q=bob%40office.example", "group=accounts", "actor=gateway"])
def test_no_filter_widens_what_a_member_sees(eva: Client, query: str) -> None:
    listed = page(eva, f"/journal/?{query}").split("</form>")[-1]
    assert BOB.address not in listed
    assert "Konto angelegt" not in listed


def test_hidden_recipients_of_a_mail_stay_hidden_from_each_other(eva: Client) -> None:
    number = received(ALICE.address, "secret@office.example")
    assert ALICE.address in page(eva, f"/journal/{number}/")
    assert "secret@office.example" not in page(eva, f"/journal/{number}/")
    assert "secret@office.example" not in page(eva, "/journal/")


def test_a_deputys_look_ends_with_her_time(eva: Client) -> None:
    over = Standing(capacity=Capacity.DEPUTY, since=NOW - 2 * DAY, until=NOW - DAY)
    flow.admit(EmailAddress.parse(ALICE.address), EVA, over, by="test", at=NOW)
    assert eva.get(f"/journal/{number_of('von-alice')}/").status_code == 404
    asked = page(eva, "/journal/why/?message_id=von-alice@test.example")
    assert "Davon weiß Siegel nichts" in asked


def test_a_certificate_manager_reads_certificates_trust_and_rules(
    eva: Client, sign_in: SignIn
) -> None:
    del eva
    manager = sign_in(Role.CERTIFICATE_MANAGER, "claus@office.example")
    listed = page(manager, "/journal/")
    assert "Schlüssel eingespielt" in listed
    assert UNKNOWN not in listed
    assert "Konto angelegt" not in listed


def test_an_administrator_reads_everything_and_can_narrow_it(eva: Client, sign_in: SignIn) -> None:
    del eva
    admin = sign_in(Role.ADMINISTRATOR)
    both = page(admin, "/journal/")
    assert ALICE.address in both
    assert BOB.address in both

    def table(query: str) -> str:
        return page(admin, f"/journal/?{query}").split("</form>")[-1]

    assert BOB.address not in table("q=alice%40office.example")
    assert BOB.address in table("q=bob")
    assert "Konto angelegt" in table("group=accounts")
    assert UNKNOWN not in table("group=accounts")
    assert UNKNOWN in table("reason=recipient_without_certificate")
    assert BOB.address in table("q=%3Cvon-bob%40test.example%3E")
    assert "Nichts gefunden" in table("since=2099-01-01")
    assert "Nichts gefunden" not in table("q=%00&since=nonsense&group=nonsense&reason=x&after=-1")


@pytest.mark.requirement("A8", "A52")
def test_an_entry_tells_each_recipient_what_stood_in_the_way_and_what_is_better_now(
    office: Office, sign_in: SignIn
) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    office.send(mail(ALICE.address, HUBER.address, subject="m"), ALICE.address, HUBER.address)
    number = number_of("m")
    before = page(client, f"/journal/{number}/")
    assert "wegen 1 Empfängers nicht verschlüsselt" in before
    assert "Kein Zertifikat" in before
    assert "Bitten Sie die Person um eine signierte Mail" in before
    assert "Heute würde" not in before
    office.partner(HUBER)
    after = page(client, f"/journal/{number}/")
    assert "Heute würde die gleiche Mail verschlüsselt." in after
    assert "Jetzt steht nichts mehr im Weg." in after
    asked = page(client, f"/journal/why/?recipient={HUBER.address}")
    assert "Heute würde die gleiche Mail verschlüsselt." in asked


def test_why_is_asked_about_own_mail_only(eva: Client) -> None:
    own = page(eva, "/journal/why/?message_id=%3Cvon-alice%40test.example%3E")
    assert "nicht verschlüsselt" in own.split("</form>")[-1]
    other = page(eva, "/journal/why/?message_id=von-bob@test.example")
    assert "Davon weiß Siegel nichts" in other
    assert BOB.address not in page(eva, f"/journal/why/?recipient={UNKNOWN}")
    assert "keine E-Mail-Adresse" in page(eva, "/journal/why/?recipient=nobody")


def test_the_export_is_the_filtered_journal_defused_and_stands_in_it(
    office: Office, sign_in: SignIn
) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    office.send(mail(ALICE.address, UNKNOWN, subject="m"), ALICE.address, UNKNOWN)
    journal.write(at=NOW, actor="x", action="outbound.sign", about="=1+1", message_id="@SUM")
    form = {"query": "group=outgoing", "format": "csv"}
    answer = client.post("/journal/export/", form)
    content = answer.getvalue().decode()
    assert content.startswith("\ufeff")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))
    assert [row["about"] for row in rows] == ["'=1+1", ALICE.address]
    answer = client.post("/journal/export/", form | {"format": "jsonl"})
    lines = answer.getvalue().decode().splitlines()
    assert [json.loads(line)["about"] for line in lines] == ["=1+1", ALICE.address]
    (last, _) = journal.read(action="journal.exported")
    assert (last.actor, last.detail["query"]) == ("user:mira@office.example", "group=outgoing")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CERTIFICATE_MANAGER])
def test_only_administrators_take_the_journal_away(sign_in: SignIn, role: Role) -> None:
    assert sign_in(role).post("/journal/export/", {"format": "csv"}).status_code == 403


def test_hostile_text_is_text(sign_in: SignIn) -> None:
    evil = '"><script>alert(1)</script>'
    number = journal.write(
        at=NOW, actor=evil, action="future.thing", about=evil, message_id=evil,
        recipients=[evil], reasons=[evil], detail={evil: [evil], "query": evil},
    )  # fmt: skip
    client = sign_in(Role.ADMINISTRATOR)
    for path in ("/journal/", f"/journal/{number}/", f"/journal/?q={evil}", "/journal/why/"):
        assert "<script>alert" not in page(client, path)
    assert "future.thing" in page(client, f"/journal/{number}/")


def test_pages_follow_each_other_without_gaps(sign_in: SignIn) -> None:
    models.JournalEntry.objects.bulk_create(
        models.JournalEntry(at=NOW, actor="a", action="x", about=f"n{number}")
        for number in range(120)
    )
    last = journal.read()[0].id
    client = sign_in(Role.ADMINISTRATOR)
    first = page(client, "/journal/")
    assert "n119<" in first
    assert f"?after={last - 49}" in first
    second = page(client, f"/journal/?after={last - 49}")
    assert "n69<" in second
    assert f"?before={last - 50}" in second
    assert "n119<" in page(client, f"/journal/?before={last - 50}")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMINISTRATOR])
def test_queries_do_not_grow(sign_in: SignIn, role: Role) -> None:
    client, used = sign_in(role), []
    for number in (10, 1000):
        models.JournalEntry.objects.bulk_create(
            models.JournalEntry(at=NOW, actor="a", action="outbound.sign", about=f"a{n}@x.example")
            for n in range(number)
        )
        page(client, "/journal/")  # the first visit is written down as one
        with CaptureQueriesContext(connection) as asked:
            page(client, "/journal/")
        used.append(len(asked))
    assert used[0] == used[1]


@pytest.mark.requirement("A90")
def test_both_languages_speak(sign_in: SignIn, office: Office) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    office.send(mail(ALICE.address, UNKNOWN, subject="m"), ALICE.address, UNKNOWN)
    client.post("/me/language/", {"language": "en"})
    assert "Sent signed" in page(client, "/journal/")
    client.post("/me/language/", {"language": "de"})
    assert "Signiert gesendet" in page(client, "/journal/")
