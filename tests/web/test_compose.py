"""Writing: what stands beside recipients, drafts that belong to one person, and what leaves."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.flows import drafts, filing
from siegel.flows.drafts import Written
from siegel.flows.filing import Arrival
from siegel.policy.access import Capacity, Standing
from siegel.policy.roles import Role
from siegel.store.models import Draft, DraftAttachment, OutboxItem, SignatureText, User
from siegel.store.queries import account_people, mail_folders
from siegel.store.queries.drafts import DraftKind
from siegel.store.queries.mail_folders import FolderRole
from tests.flows.office import (
    ALICE,
    BOB,
    HUBER,
    UNKNOWN,
    Office,
    encrypted_bytes,
    mail,
    signed_by,
    signed_bytes,
)
from tests.web.conftest import SignIn

MIRA = EmailAddress.parse("mira@office.example")
ALICES = EmailAddress.parse(ALICE.address)


@pytest.fixture
def mira(sign_in: SignIn, office: Office) -> Client:
    client = sign_in(Role.MEMBER)
    _admit(ALICE.address, str(MIRA), office)
    return client


def _admit(account: str, user: str, office: Office) -> None:
    standing = Standing(capacity=Capacity.MEMBER, since=office.at, until=None)
    account_people.admit(
        EmailAddress.parse(account), EmailAddress.parse(user), standing, by="test", at=office.at
    )


def _form(*to: str, do: str = "check", **more: object) -> dict[str, object]:
    return {
        "from": ALICE.address,
        "to": list(to),
        "subject": "Betreff",
        "text": "Hallo",
        "do": do,
    } | more


def _filed(office: Office, raw: bytes) -> int:
    folder = mail_folders.ensure(ALICES, "INBOX", role=FolderRole.INBOX)
    arrival = Arrival(account=ALICES, folder=folder.id, raw=raw, received_at=office.at)
    return filing.file(arrival, office.site, at=office.at)


def _text(response: object) -> str:
    return re.sub(r"\s+", " ", response.content.decode())  # type: ignore[attr-defined]


@pytest.mark.requirement("A46", "A52", "A58")
def test_beside_each_recipient_stands_whether_and_why_not(mira: Client, office: Office) -> None:
    office.partner(HUBER)

    shown = _text(mira.post(reverse("compose:new"), _form(HUBER.address, UNKNOWN)))

    assert "Bereit: Zertifikat gültig bis" in shown
    assert "Hat noch nie eine signierte E-Mail geschickt" in shown
    assert "1 von 2 Personen ist bereit" in shown
    assert f"als {ALICE.address}" in shown
    assert not Draft.objects.exists()


@pytest.mark.requirement("A82")
def test_the_page_says_what_stays_open(mira: Client) -> None:
    shown = _text(mira.get(reverse("compose:new")))
    assert "Betreff, Datum und Adressaten bleiben unterwegs lesbar" in shown


def test_looking_at_the_page_keeps_nothing(mira: Client) -> None:
    mira.get(reverse("compose:new"), {"to": UNKNOWN, "subject": "Frage"})
    assert not Draft.objects.exists()


@pytest.mark.requirement("A16", "A77")
def test_there_is_no_way_to_encrypt_without_signing(mira: Client, office: Office) -> None:
    office.partner(HUBER)
    shown = _text(mira.post(reverse("compose:new"), _form(HUBER.address)))
    assert "Wird signiert" in shown
    assert "Wird verschlüsselt" in shown
    assert not re.search(r'name="(encrypt|sign)"', shown)


@pytest.mark.requirement("A60")
def test_where_encryption_is_offered_the_writer_chooses(mira: Client, office: Office) -> None:
    office.partner(HUBER)
    office.rule("mode", "offered")

    shown = _text(mira.post(reverse("compose:new"), _form(HUBER.address)))

    assert "Kann verschlüsselt werden" in shown
    assert 'value="encrypt"' in shown
    chosen = _text(mira.post(reverse("compose:new"), _form(HUBER.address, way="encrypt")))
    assert "Wird verschlüsselt" in chosen


def test_a_request_for_a_signed_mail_is_prepared(mira: Client) -> None:
    address = reverse("compose:new")
    shown = _text(mira.get(address, {"to": UNKNOWN, "account": ALICE.address, "ask": "signed"}))
    assert "Bitte um eine signierte E-Mail" in shown
    assert "Please answer with a signed e-mail" in shown


@pytest.mark.requirement("A46", "A47", "A75")
def test_what_is_sent_lies_in_the_outbox(mira: Client, office: Office) -> None:
    office.partner(HUBER)

    response = mira.post(reverse("compose:new"), _form(HUBER.address, do="send"))

    assert response.status_code == 302
    item = OutboxItem.objects.get()
    assert item.plan == "sign_and_encrypt"
    assert [each.address for each in item.recipients.all()] == [HUBER.address]


def test_nothing_leaves_without_a_recipient_or_to_what_is_no_address(mira: Client) -> None:
    nobody = _text(mira.post(reverse("compose:new"), _form(do="send")))
    strange = _text(mira.post(reverse("compose:new"), _form("unsinn", do="send")))

    assert "Nennen Sie mindestens einen Empfänger" in nobody
    assert "Ein Empfänger ist keine E-Mail-Adresse" in strange
    assert not OutboxItem.objects.exists()


def test_who_is_only_partly_ready_is_asked_how(mira: Client, office: Office) -> None:
    office.partner(HUBER)
    new = reverse("compose:new")

    asked = _text(mira.post(new, _form(HUBER.address, UNKNOWN, do="send")))
    assert "kann nicht an alle verschlüsselt werden" in asked
    assert not OutboxItem.objects.exists()

    mira.post(new, _form(HUBER.address, UNKNOWN, do="send", way="ready"))
    item = OutboxItem.objects.get()
    assert [each.address for each in item.recipients.all()] == [HUBER.address]
    assert item.plan == "sign_and_encrypt"


def test_waiting_holds_the_mail_until_everybody_is_ready(mira: Client, office: Office) -> None:
    office.partner(HUBER)
    mira.post(reverse("compose:new"), _form(HUBER.address, UNKNOWN, do="send", way="wait"))
    assert OutboxItem.objects.get().state == "held"


def test_a_rule_leaves_no_choice_to_sign_only(mira: Client, office: Office) -> None:
    office.rule("must_encrypt_domains", ["nirgends.example"])
    new = reverse("compose:new")

    shown = _text(mira.post(new, _form(UNKNOWN)))
    assert 'value="sign"' not in shown
    mira.post(new, _form(UNKNOWN, do="send", way="sign"))
    assert not OutboxItem.objects.exists()


def test_an_empty_subject_and_a_forgotten_file_are_asked_once(mira: Client) -> None:
    new = reverse("compose:new")
    form = _form(UNKNOWN, do="send", subject="", text="Anbei die Listen")

    asked = _text(mira.post(new, form))
    assert "Der Betreff ist leer" in asked
    assert "keine Datei angehängt" in asked

    draft = Draft.objects.get()
    again = form | {"asked": ["subject", "files"], "version": draft.version}
    mira.post(reverse("compose:edit", args=[draft.pk]), again)
    assert OutboxItem.objects.count() == 1


@pytest.mark.requirement("A53")
def test_a_private_key_is_not_attached(mira: Client) -> None:
    key = SimpleUploadedFile("lindenhof.p12", ALICE.p12("geheim", "modern"))

    response = mira.post(reverse("compose:new"), _form(do="attach", files=key), follow=True)

    shown = _text(response)
    assert "lindenhof.p12 wurde nicht angehängt" in shown
    assert "Mein Zertifikat beilegen" in shown
    assert not DraftAttachment.objects.exists()


@pytest.mark.requirement("A51")
def test_ones_certificate_goes_along_without_its_key(mira: Client, office: Office) -> None:
    shown = _text(mira.post(reverse("compose:new"), _form(UNKNOWN, do="certificate"), follow=True))
    assert ".cer" in shown
    draft = drafts.get(Draft.objects.get().pk, MIRA, office.site)
    octets = drafts.octets(draft, draft.files[0], office.site)
    assert octets == ALICE.certificate_der


def test_a_draft_is_kept_sealed(mira: Client, office: Office) -> None:
    file = SimpleUploadedFile("Geheimliste.txt", b"Mondlandung auf Seite drei")
    mira.post(
        reverse("compose:new"),
        _form(
            "vertraulich@nirgends.example",
            do="attach",
            files=file,
            subject="Sonnenfinsternis",
            text="Nordlicht",
        ),
    )

    with connection.cursor() as cursor:
        rows = []
        for table in ("store_draft", "store_draftattachment"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own
            rows += cursor.fetchall()
    lying = b"\n".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for row in rows
        for value in row
    )
    for word in (b"Geheimliste", b"Mondlandung", b"Sonnenfinsternis", b"Nordlicht", b"vertraulich"):
        assert word not in lying
    draft = drafts.get(Draft.objects.get().pk, MIRA, office.site)
    assert draft.files[0].name == "Geheimliste.txt"


def test_a_draft_belongs_to_who_writes_it(mira: Client, sign_in: SignIn, office: Office) -> None:
    mira.post(reverse("compose:new"), _form(UNKNOWN, do="save"))
    number = Draft.objects.get().pk
    colleague = sign_in(Role.ADMINISTRATOR, "tom@office.example")
    _admit(ALICE.address, "tom@office.example", office)

    for name in ("edit", "discard"):
        assert colleague.get(reverse(f"compose:{name}", args=[number])).status_code == 404
    assert str(number) not in re.findall(
        r"/write/(\d+)/", _text(colleague.get(reverse("compose:drafts")))
    )


def test_two_windows_overwrite_nothing(mira: Client, office: Office) -> None:
    mira.post(reverse("compose:new"), _form(UNKNOWN, do="save"))
    number = Draft.objects.get().pk
    edit = reverse("compose:edit", args=[number])
    old = {"version": Draft.objects.get().version}
    mira.post(edit, _form(UNKNOWN, do="save", text="aus dem ersten Fenster", **old))

    second = mira.post(edit, _form(UNKNOWN, do="save", text="aus dem zweiten Fenster", **old))

    assert "in einem anderen Fenster geändert" in _text(second)
    assert "aus dem zweiten Fenster" in _text(second)
    assert drafts.get(number, MIRA, office.site).written.text == "aus dem ersten Fenster"
    mira.post(edit, _form(UNKNOWN, do="apart", text="aus dem zweiten Fenster", **old))
    assert Draft.objects.count() == 2


def test_a_draft_keeps_itself(mira: Client) -> None:
    found = mira.post(reverse("compose:new"), _form(UNKNOWN, do="autosave")).json()
    again = mira.post(found["action"], _form(UNKNOWN, do="autosave", version=found["version"]))
    stale = mira.post(found["action"], _form(UNKNOWN, do="autosave", version=found["version"]))

    assert again.json()["version"] == found["version"] + 1
    assert stale.status_code == 409
    assert Draft.objects.count() == 1


def test_what_was_chosen_is_still_chosen_when_a_draft_is_opened_again(
    mira: Client, office: Office
) -> None:
    office.partner(HUBER)
    office.rule("mode", "offered")
    mira.post(reverse("compose:new"), _form(HUBER.address, do="save", way="encrypt"))

    shown = _text(mira.get(reverse("compose:edit", args=[Draft.objects.get().pk])))

    assert "Wird verschlüsselt" in shown


def test_nobody_writes_in_the_name_of_another_account(mira: Client) -> None:
    form = _form(UNKNOWN, do="send") | {"from": BOB.address}
    assert mira.post(reverse("compose:new"), form).status_code == 404


def test_whoever_has_no_account_is_told_so(sign_in: SignIn) -> None:
    shown = _text(sign_in(Role.MEMBER).get(reverse("compose:new")))
    assert "kein Konto, für das Sie schreiben" in shown


def test_a_form_from_elsewhere_is_refused(office: Office, mira: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = mira.cookies
    assert strict.post(reverse("compose:new"), _form(UNKNOWN, do="send")).status_code == 403


@pytest.mark.requirement("A47")
def test_an_answer_goes_to_the_writer_with_his_words(mira: Client, office: Office) -> None:
    raw = mail(
        HUBER.address, ALICE.address, subject="Re: AW: Listen", text="Zeile eins\r\nZeile zwei"
    )
    shown = _text(mira.get(reverse("compose:reply", args=[_filed(office, raw)])))

    assert 'value="AW: Listen"' in shown
    assert f'value="{HUBER.address}"' in shown
    assert "&gt; Zeile eins" in shown
    assert ALICE.address in shown


def test_an_answer_to_encrypted_mail_stays_encrypted(mira: Client, office: Office) -> None:
    raw = encrypted_bytes(
        signed_by(HUBER, mail(HUBER.address, ALICE.address, text="Geheimes")), ALICE
    )
    item = _filed(office, raw)
    answer = reverse("compose:reply", args=[item])

    assert "Der Text zitiert, was verschlüsselt kam" in _text(mira.get(answer))
    shown = _text(mira.post(answer, _form(UNKNOWN, do="send", way="sign", text="> Geheimes")))
    assert not OutboxItem.objects.exists()
    assert "Zitat herausnehmen" in shown

    draft = Draft.objects.get()
    edit = reverse("compose:edit", args=[draft.pk])
    mira.post(
        edit, _form(UNKNOWN, do="drop_quote", text="Gern.\n> Geheimes", version=draft.version)
    )
    kept = drafts.get(draft.pk, MIRA, office.site)
    assert kept.written.text == "Gern.\n"
    assert not kept.written.closed


def test_the_browser_cannot_talk_a_quote_open(mira: Client, office: Office) -> None:
    raw = encrypted_bytes(
        signed_by(HUBER, mail(HUBER.address, ALICE.address, text="Geheimes")), ALICE
    )
    answer = reverse("compose:reply", args=[_filed(office, raw)])
    mira.post(answer, _form(UNKNOWN, do="save", closed=""))
    assert drafts.get(Draft.objects.get().pk, MIRA, office.site).written.closed


def test_the_message_of_others_is_not_answered(
    mira: Client, sign_in: SignIn, office: Office
) -> None:
    item = _filed(office, signed_bytes(HUBER, mail(HUBER.address, ALICE.address)))
    stranger = sign_in(Role.ADMINISTRATOR, "tom@office.example")
    for name in ("reply", "forward"):
        assert stranger.get(reverse(f"compose:{name}", args=[item])).status_code == 404


def test_a_message_is_passed_on_with_its_files(mira: Client, office: Office) -> None:
    body = (
        f"From: <{HUBER.address}>\r\nTo: <{ALICE.address}>\r\nSubject: Listen\r\n"
        'Message-ID: <a@b>\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nHallo\r\n--x\r\n"
        'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="liste.pdf"\r\n'
        "\r\n%PDF\r\n--x--\r\n"
    )
    address = reverse("compose:forward", args=[_filed(office, body.encode())])
    assert "liste.pdf" in _text(mira.get(address))

    mira.post(address, _form(UNKNOWN, do="save"))

    draft = drafts.get(Draft.objects.get().pk, MIRA, office.site)
    assert [each.name for each in draft.files] == ["liste.pdf"]


def test_names_to_choose_from_are_only_those_one_may_see(
    mira: Client, sign_in: SignIn, office: Office
) -> None:
    _filed(office, mail("geheimnis@nirgends.example", ALICE.address))
    office.partner(HUBER)
    suggest = reverse("compose:suggest")

    seen = mira.get(suggest, {"q": "geheim"}).json()["found"]
    unseen = (
        sign_in(Role.MEMBER, "tom@office.example").get(suggest, {"q": "geheim"}).json()["found"]
    )

    assert [each["address"] for each in seen] == ["geheimnis@nirgends.example"]
    assert unseen == []
    partner = mira.get(suggest, {"q": HUBER.address[:4]}).json()["found"]
    assert HUBER.address in [each["address"] for each in partner]


def test_signature_texts_stand_under_a_new_message(mira: Client) -> None:
    mira.post(
        reverse("compose:signature_new"),
        {"account": ALICE.address, "name": "Amt", "text": "Amt für Listen", "by_default": "on"},
    )
    assert "-- Amt für Listen" in _text(mira.get(reverse("compose:new")))
    assert "Amt" in _text(mira.get(reverse("compose:signatures")))


def test_a_draft_on_its_way_out_is_no_draft(mira: Client, office: Office) -> None:
    office.partner(HUBER)
    mira.post(reverse("compose:new"), _form(HUBER.address, do="send"))
    draft = Draft.objects.get()
    item = OutboxItem.objects.get()

    assert f"/write/{draft.pk}/" not in _text(mira.get(reverse("compose:drafts")))
    again = _text(mira.post(reverse("compose:edit", args=[draft.pk]), _form(UNKNOWN, do="save")))
    assert "gesendet" in again

    response = mira.post(reverse("outbox:undo", args=[item.pk]), follow=True)
    assert response.status_code == 200
    assert OutboxItem.objects.filter(state="waiting").count() == 0


def test_after_sending_undo_is_one_press_away(mira: Client, office: Office) -> None:
    office.partner(HUBER)
    shown = _text(mira.post(reverse("compose:new"), _form(HUBER.address, do="send"), follow=True))
    item = OutboxItem.objects.get()
    assert reverse("outbox:undo", args=[item.pk]) in shown


@pytest.mark.requirement("A53")
def test_a_private_key_in_the_text_is_held(mira: Client) -> None:
    shown = _text(mira.post(reverse("compose:new"), _form(UNKNOWN, text=_pem())))
    assert "Geht nicht hinaus" in shown
    mira.post(reverse("compose:new"), _form(UNKNOWN, text=_pem(), do="send"))
    assert not OutboxItem.objects.exists()


def _pem() -> str:
    body = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"
    return f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"


def test_a_look_costs_the_same_however_many_are_named(mira: Client, office: Office) -> None:
    office.partner(HUBER)

    def queries(number: int) -> int:
        people = [f"person{each}@nirgends.example" for each in range(number)]
        with CaptureQueriesContext(connection) as found:
            mira.post(reverse("compose:standing"), _form(HUBER.address, *people))
        return len(found)

    queries(1)
    assert queries(1) == queries(40)


def test_the_list_of_drafts_costs_the_same_however_many_there_are(
    mira: Client, office: Office
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            mira.get(reverse("compose:drafts"))
        return len(found)

    def kept(number: int) -> None:
        for each in range(number):
            written = Written(sender=ALICE.address, subject=f"Entwurf {each}")
            drafts.start(written, MIRA, DraftKind.NEW, None, office.site, at=office.at)

    kept(2)
    queries()
    before = queries()
    kept(20)
    assert queries() == before


def test_older_drafts_stand_on_the_next_page(mira: Client, office: Office) -> None:
    for each in range(drafts.PAGE + 3):
        written = Written(sender=ALICE.address, subject=f"Entwurf Nummer {each:02}")
        at = office.at + timedelta(minutes=each)
        drafts.start(written, MIRA, DraftKind.NEW, None, office.site, at=at)

    first = mira.get(reverse("compose:drafts"))
    older = re.search(r'href="(\?before=[^"]+)"', first.content.decode())
    assert older is not None
    second = _text(mira.get(reverse("compose:drafts") + older[1].replace("&amp;", "&")))
    assert "Nummer 02" in second
    assert "Nummer 03" not in second


def test_hostile_names_stay_text(mira: Client, office: Office) -> None:
    name = '"<script>alert(1)</script>\u202e\u2713" <boese@nirgends.example>'
    shown = mira.post(
        reverse("compose:new"), _form(name, subject="<b>x", text="</textarea><i>")
    ).content.decode()
    assert "<script>alert" not in shown
    assert "</textarea><i>" not in shown
    assert "\u2713" not in shown.split('class="rcpts"')[1].split("<b>")[1].split("</b>")[0]


def test_back_leads_only_to_pages_of_ours(mira: Client, office: Office) -> None:
    office.partner(HUBER)
    form = _form(HUBER.address, do="send", back="//evil.example/")
    assert "evil" not in mira.post(reverse("compose:new"), form)["Location"]
    form = _form(HUBER.address, do="send", back="/contacts/")
    assert mira.post(reverse("compose:new"), form)["Location"] == "/contacts/"


def test_the_page_speaks_english_too(mira: Client, office: Office) -> None:
    User.objects.update(language="en")
    office.partner(HUBER)
    shown = _text(mira.post(reverse("compose:new"), _form(HUBER.address, UNKNOWN)))
    assert "Ready: certificate valid until" in shown
    assert "Has never sent a signed message" in shown
    assert "1 of 2 people is ready" in shown


def test_a_checked_sender_whose_answers_go_elsewhere_is_asked_about(
    mira: Client, office: Office
) -> None:
    raw = mail(HUBER.address, ALICE.address, extra="Reply-To: <chef@anders.example>\r\n")
    answer = reverse("compose:reply", args=[_filed(office, signed_bytes(HUBER, raw))])

    assert "an eine andere Domain" in _text(mira.get(answer))
    form = _form("chef@anders.example", do="send", way="sign", subject="AW: x")
    assert HUBER.address in _text(mira.post(answer, form))
    assert not OutboxItem.objects.exists()


@pytest.mark.requirement("A15", "A57")
def test_a_forwarded_secret_leaves_only_encrypted(mira: Client, office: Office) -> None:
    raw = encrypted_bytes(
        signed_by(HUBER, mail(HUBER.address, ALICE.address, text="Geheimes")), ALICE
    )
    address = reverse("compose:forward", args=[_filed(office, raw)])
    mira.post(address, _form(UNKNOWN, do="send", way="sign", text="> Geheimes"))
    mira.post(address, _form(UNKNOWN, do="send", way="wait", text="> Geheimes"))
    assert [each.state for each in OutboxItem.objects.all()] == ["held"]


def test_too_many_files_and_too_large_ones_are_refused(
    mira: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "room", lambda site: 10)
    file = SimpleUploadedFile("gross.bin", b"x" * 11)
    shown = _text(mira.post(reverse("compose:new"), _form(do="attach", files=file), follow=True))
    assert "gross.bin wurde nicht angehängt" in shown
    assert "größer, als Ihr Mailserver durchlässt" in shown


def test_a_signature_text_of_others_is_not_there(
    mira: Client, sign_in: SignIn, office: Office
) -> None:
    mira.post(
        reverse("compose:signature_new"),
        {"account": ALICE.address, "name": "Amt", "text": "Amt", "by_default": "on"},
    )
    number = SignatureText.objects.get().pk
    stranger = sign_in(Role.ADMINISTRATOR, "tom@office.example")
    _admit(BOB.address, "tom@office.example", office)
    assert stranger.get(reverse("compose:signature", args=[number])).status_code == 404
    assert stranger.post(reverse("compose:signature_remove", args=[number])).status_code == 404
    mira.post(reverse("compose:signature_remove", args=[number]))
    assert not SignatureText.objects.exists()


def test_what_was_only_suggested_does_not_stay_when_recipients_change(
    mira: Client, office: Office
) -> None:
    office.partner(HUBER)
    new = reverse("compose:new")
    alone = _text(mira.post(new, _form(UNKNOWN)))
    assert 'name="suggested" value="sign"' in alone

    both = _form(UNKNOWN, HUBER.address, way="sign", suggested="sign")
    assert 'name="suggested" value="wait"' in _text(mira.post(new, both))
    mira.post(new, both | {"do": "send"})
    assert not OutboxItem.objects.exists()

    mira.post(new, both | {"do": "send", "way": "wait", "suggested": "wait"})
    assert OutboxItem.objects.get().state == "held"
