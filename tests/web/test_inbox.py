"""The lists of conversations: whose they are, what they show, what can be done, what it costs."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.flows import outbox
from siegel.flows.outbox import OutboxState
from siegel.policy.message_state import MessageState
from siegel.policy.roles import Role
from siegel.store import models
from siegel.store.queries import mail_folders, mail_search
from siegel.store.queries.mail_folders import FolderRole
from tests.browser.hostile import CANARY, HOSTILE
from tests.flows.mails import Post
from tests.flows.office import ALICE, BOB, Office
from tests.flows.outbox import letter
from tests.web.conftest import SignIn

ALICES, BOBS = EmailAddress.parse(ALICE.address), EmailAddress.parse(BOB.address)
MIRA, JONAS = (EmailAddress.parse(f"{name}@office.example") for name in ("mira", "jonas"))
HOME = "/mail/"


@pytest.fixture
def post(office: Office) -> Post:
    """Mira works with Alice's account."""
    post = Post(office.at)
    post.person(MIRA, ALICES)
    return post


@pytest.fixture
def inbox(post: Post) -> int:
    return post.folder(ALICES)


@pytest.fixture
def client(sign_in: SignIn, post: Post) -> Client:
    del post
    return sign_in(Role.MEMBER)


def page(client: Client, path: str = HOME, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def choices(text: str) -> list[str]:
    return re.findall(r'name="chosen" value="([\d.]+)"', text)


def act(client: Client, action: str, *chosen: str, **more: str) -> str:
    form = {"action": action, "chosen": chosen, "back": HOME, **more}
    answer = client.post(reverse("inbox:act"), form, follow=True)
    return html.unescape(answer.content.decode())


def search_for(item: int, *texts: str, account: EmailAddress = ALICES) -> None:
    mail_search.enter(item, account, texts)


@pytest.mark.requirement("A47", "A89")
def test_the_inbox_shows_mail_of_all_accounts_of_a_person(
    client: Client, post: Post, inbox: int
) -> None:
    post.person(MIRA, BOBS)
    post.fill(ALICES, inbox, 1, subject="Eins")
    post.fill(BOBS, post.folder(BOBS), 1, subject="Zwei")
    text = page(client)
    assert "Eins" in text
    assert "Zwei" in text
    assert "Heute, 21. November" in text


def test_nobody_sees_mail_of_others(client: Client, post: Post, inbox: int) -> None:
    foreign = post.folder(BOBS)
    (item,) = post.fill(BOBS, foreign, 1, subject="Vertrauliches von Bob")
    search_for(item, "Vertrauliches von Bob", account=BOBS)
    post.fill(ALICES, inbox, 1)
    for path in (HOME, "/mail/assigned/", "/mail/sent/", f"{HOME}?q=vertrauliches"):
        assert "von Bob" not in page(client, path)
    assert client.get(f"/mail/f/{foreign}/").status_code == 404
    talk = models.MailItem.objects.get(pk=item).conversation_id
    for choice in (f"{foreign}.{talk}", f"{inbox}.{talk}", f"0.{talk}"):
        client.post(reverse("inbox:act"), {"action": "delete", "chosen": choice})
    assert mail_folders.get(foreign).total == 1


def test_an_administrator_reads_no_mail_by_being_one(sign_in: SignIn, office: Office) -> None:
    post = Post(office.at)
    post.fill(ALICES, post.folder(ALICES), 1, subject="Nur für Alice")
    assert "Nur für Alice" not in page(sign_in(Role.ADMINISTRATOR))


@pytest.mark.parametrize("hostile", [*HOSTILE, "Vertraulich \U0001f512 ✓ Signatur geprüft"])
def test_what_strangers_write_stays_in_its_column(
    client: Client, post: Post, inbox: int, hostile: str
) -> None:
    post.fill(ALICES, inbox, 1, subject=hostile, from_name=hostile, preview=hostile)
    raw = client.get(HOME).content.decode()
    assert f"<{CANARY}" not in raw
    assert not set("✓✔\U0001f50f\U0001f510\U0001f512\u202e") & set(raw)
    states = re.findall(r'<span class="st">([^<]*)</span>', raw)
    assert states == ["Ungeschützt"]


def test_tabs_narrow_the_list(client: Client, post: Post, inbox: int) -> None:
    post.fill(ALICES, inbox, 1, subject="Gelesen", seen=True, attachments=0)
    post.fill(ALICES, inbox, 1, subject="Mit Datei", attachments=2)
    assert "Gelesen" not in re.findall(r"<bdi>(\w+)</bdi>", page(client, only="unread"))
    assert len(choices(page(client, only="files"))) == 1
    assert "Davon ist nichts da" in page(client, only="flagged")
    assert len(choices(page(client, only="nonsense"))) == 2


@pytest.mark.requirement("A66", "A91")
def test_a_missing_key_is_said_with_the_way_out(client: Client, post: Post, inbox: int) -> None:
    post.fill(ALICES, inbox, 1, state=MessageState.KEY_MISSING, preview="")
    text = page(client)
    assert "Schlüssel fehlt" in text
    assert "Der Inhalt ist noch verschlossen." in text
    assert "Zu den Zertifikaten" in text


def test_what_the_outbox_holds_or_could_not_deliver_is_said(
    client: Client, inbox: int, office: Office
) -> None:
    del inbox
    assert "im Postausgang festgehalten" not in page(client)
    for _ in range(2):
        held = letter("stranger@elsewhere.example", wait=True)
        id_ = outbox.accept(held, office.site, by="test", at=office.at)
    assert "2 Nachrichten sind nicht abgeschickt" in page(client)
    models.OutboxItem.objects.filter(pk=id_).update(state=OutboxState.FAILED)
    text = page(client)
    assert "Eine Nachricht ist nicht abgeschickt" in text
    assert "Eine Nachricht konnte nicht zugestellt werden." in text
    assert f'href="{reverse("outbox:list")}"' in text


def test_deleting_takes_one_button_and_another_to_take_it_back(
    client: Client, post: Post, inbox: int
) -> None:
    post.fill(ALICES, inbox, 2)
    first, _ = choices(page(client))
    text = act(client, "delete", first)
    assert "1 Nachricht liegt im Papierkorb." in text
    assert "Rückgängig" in text
    assert len(choices(text)) == 1
    assert "Rückgängig" not in page(client)  # the next page is about something else
    client.post(reverse("inbox:undo"), {"back": HOME})
    assert len(choices(page(client))) == 2


def test_the_trash_deletes_for_good(client: Client, post: Post) -> None:
    trash = post.folder(ALICES, "Trash", FolderRole.TRASH)
    post.fill(ALICES, trash, 1)
    (choice,) = choices(page(client, f"/mail/f/{trash}/"))
    assert "1 Nachricht ist endgültig gelöscht." in act(client, "delete", choice)
    assert not models.MailItem.objects.exists()


def test_the_other_actions_work_without_script(client: Client, post: Post, inbox: int) -> None:
    other = post.folder(ALICES, "Kurse", FolderRole.OTHER)
    post.fill(ALICES, inbox, 3)
    one, two, three = choices(page(client))
    act(client, "seen", one, two)
    assert mail_folders.get(inbox).unread == 1
    act(client, "flag", one)
    assert len(choices(page(client, only="flagged"))) == 1
    act(client, "move", one, target=str(other))
    act(client, "archive", two)
    act(client, "spam", three)
    assert not choices(page(client))
    assert "Kurse" in page(client, f"/mail/f/{other}/")
    assert "Wählen Sie zuerst eine Konversation." in act(client, "seen")
    assert "Wählen Sie zuerst einen Ordner." in act(client, "move", one)


def test_assigned_conversations_have_a_list_and_initials(
    client: Client, post: Post, inbox: int
) -> None:
    post.fill(ALICES, inbox, 2)
    first, _ = choices(page(client))
    text = act(client, "assign", first, user=str(MIRA))
    assert "Zugeordnet: Mira" in text
    assert len(choices(page(client, "/mail/assigned/"))) == 1
    assert len(choices(page(client, only="assigned"))) == 1
    foreign = client.post(
        reverse("inbox:act"), {"action": "assign", "chosen": first, "user": "x@else.example"}
    )
    assert foreign.status_code == 404


def test_sent_mail_shows_to_whom(client: Client, post: Post) -> None:
    sent = post.folder(ALICES, "Sent", FolderRole.SENT)
    post.fill(ALICES, sent, 1, outgoing=True, to_names="Hans Huber")
    assert "Hans Huber" in page(client, "/mail/sent/")


def test_pages_go_on_where_they_ended_while_mail_arrives(
    client: Client, post: Post, inbox: int
) -> None:
    post.fill(ALICES, inbox, 120)
    first = page(client)
    post.fill(ALICES, inbox, 7, received_at=post.at)
    further = re.search(r'rel="next" href="([^"]+)"', first)
    assert further is not None
    second = page(client, HOME + further.group(1))
    assert not set(choices(first)) & set(choices(second))
    back = re.search(r'rel="prev" href="([^"]+)"', second)
    assert back is not None
    assert choices(page(client, HOME + back.group(1))) == choices(first)


@pytest.mark.parametrize("mark", ["x", "1", "1.", "9" * 30 + ".1", "1.2.3", "-1.-1"])
def test_marks_that_nobody_gave_begin_anew(
    client: Client, post: Post, inbox: int, mark: str
) -> None:
    post.fill(ALICES, inbox, 1)
    assert page(client, after=mark)
    assert page(client, before=mark)


@pytest.mark.parametrize(
    "asked", ["muller", "MÜLL", "müller kurs", "strasse", "hans@schule.example"]
)
def test_words_are_found_by_their_beginning_without_case_and_accents(
    client: Client, post: Post, inbox: int, asked: str
) -> None:
    (item, other) = post.fill(ALICES, inbox, 2)
    search_for(item, "Müller: Kursabrechnung", "Lange Straße 7", "hans@schule.example")
    search_for(other, "Meier")
    assert len(choices(page(client, q=asked))) == 1


@pytest.mark.parametrize("asked", ['"', "AND", "NEAR(a b)", "words:x", "*", "'; --", "a", "\x00"])
def test_a_search_is_words_and_no_language(
    client: Client, post: Post, inbox: int, asked: str
) -> None:
    (item,) = post.fill(ALICES, inbox, 1)
    search_for(item, "Müller")
    assert not choices(page(client, q=asked + " zzz"))
    page(client, q=asked)


def test_what_was_deleted_is_found_no_more(client: Client, post: Post) -> None:
    trash = post.folder(ALICES, "Trash", FolderRole.TRASH)
    (item,) = post.fill(ALICES, trash, 1)
    search_for(item, "Müller")
    (choice,) = choices(page(client, q="müller"))
    act(client, "delete", f"{trash}.{choice.partition('.')[2]}")
    assert not choices(page(client, q="müller"))
    assert mail_search.find("müller", [ALICES]) == ([], False)


def test_the_sign_of_an_account_cannot_be_written_by_a_stranger(post: Post, inbox: int) -> None:
    (item,) = post.fill(BOBS, post.folder(BOBS), 1)
    account = models.MailAccount.objects.get(address=str(ALICES)).pk
    search_for(item, f"{account:065d} {account:064d} Müller", account=BOBS)
    assert mail_search.find("müller", [ALICES]) == ([], False)
    assert mail_search.find("müller", [BOBS])[0] == [item]


def test_people_with_mail_land_in_it(client: Client, post: Post, inbox: int) -> None:
    assert client.get("/in/")["Location"] == HOME


def test_people_without_mail_land_on_the_overview(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    assert client.get("/in/")["Location"] == "/"
    assert "Noch keine Post" in page(client)


def test_the_frame_counts_what_waits(client: Client, post: Post, inbox: int) -> None:
    post.fill(ALICES, inbox, 3)
    for path in (HOME, "/"):
        assert re.search(r"Eingang<span class=\"count\">.*?3<", page(client, path))


def test_lists_speak_english_too(client: Client, post: Post, inbox: int) -> None:
    post.fill(ALICES, inbox, 1)
    client.post("/me/language/", {"language": "en"})
    text = page(client)
    assert "Today, 21 November" in text
    assert "Unprotected" in text


@pytest.mark.slow
def test_a_list_asks_the_same_number_of_questions_at_any_length(
    client: Client, post: Post, inbox: int
) -> None:
    paths = (HOME, f"{HOME}?only=unread", f"{HOME}?only=files", "/mail/sent/",
             f"/mail/f/{inbox}/", f"{HOME}?q=anna")  # fmt: skip
    asked = []
    page(client)  # the first visit may write something down
    for number in (1_000, 99_000):
        post.fill(ALICES, inbox, number)
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as seen:
                page(client, path)
            found.append(len(seen))
        asked.append(found)
    assert asked[0] == asked[1]


def test_many_lines_ask_as_many_questions_as_few(client: Client, post: Post, inbox: int) -> None:
    asked = []
    page(client)
    for number in (2, 40):
        items = post.fill(ALICES, inbox, number)
        for item in items:
            search_for(item, "anna")
        found = []
        for path in (HOME, f"{HOME}?q=anna"):
            with CaptureQueriesContext(connection) as seen:
                page(client, path)
            found.append(len(seen))
        asked.append(found)
    assert asked[0] == asked[1]
