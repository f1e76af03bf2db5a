"""The page of a conversation: one calm line, content that cannot imitate it, and nothing more."""

from dataclasses import replace

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.pki.certificate import parse_certificate
from siegel.policy.access import Capacity, Standing
from siegel.policy.actions import Action
from siegel.policy.roles import Role
from siegel.store.mail_rows import ItemRow
from siegel.store.models.mail import ChangeKind
from siegel.store.models.mailbox import MailboxKind
from siegel.store.queries import (
    account_people,
    contacts,
    journal,
    keys,
    mail_changes,
    mail_filing,
    mail_folders,
)
from siegel.web import running
from siegel.web.conversation import octets
from tests.flows.mails import Post
from tests.flows.office import (
    ALICE,
    DANA,
    HUBER,
    Office,
    encrypted_bytes,
    mail,
    signed_by,
    signed_bytes,
)
from tests.web.conftest import SignIn
from tests.web.letters import ALICES, filed, html_mail
from tests.world import WORLD, Person


@pytest.fixture
def reader(office: Office, sign_in: SignIn) -> Client:
    client = sign_in(Role.MEMBER, email="mira@office.example")
    _admit("mira@office.example", office)
    client.cookies["siegel_language"] = "en"
    return client


def _admit(email: str, office: Office) -> None:
    standing = Standing(capacity=Capacity.OWNER, since=office.at, until=None)
    account_people.admit(ALICES, EmailAddress.parse(email), standing, by="test", at=office.at)


def _page(client: Client, item: ItemRow, query: str = "") -> str:
    address = reverse("conversation:show", args=[item.conversation]) + query
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.requirement("A2", "A63", "A79")
def test_a_signed_message_says_who_it_really_is_from(reader: Client, office: Office) -> None:
    raw = signed_bytes(HUBER, mail(HUBER.address, ALICE.address, text="Guten Tag"))

    page = _page(reader, filed(office, raw))

    assert "Signature checked." in page
    assert f"really from {HUBER.address}" in page
    assert "Guten Tag" in page


@pytest.mark.requirement("A77", "A82")
def test_a_signature_alone_is_no_encryption(reader: Client, office: Office) -> None:
    raw = signed_bytes(HUBER, mail(HUBER.address, ALICE.address))

    page = _page(reader, filed(office, raw))

    assert "It was readable on its way." in page
    assert "Subject, date and recipients are not protected by this." in page


def test_what_was_encrypted_is_opened_for_its_reader(reader: Client, office: Office) -> None:
    raw = encrypted_bytes(
        signed_by(HUBER, mail(HUBER.address, ALICE.address, text="Geheim")), ALICE
    )

    page = _page(reader, filed(office, raw))

    assert "Confidential." in page
    assert "Geheim" in page


@pytest.mark.requirement("A76")
def test_the_signature_is_shown_as_what_it_is(reader: Client, office: Office) -> None:
    raw = signed_bytes(HUBER, mail(HUBER.address, ALICE.address))
    item = filed(office, raw)

    assert "Signature (smime.p7s)" in _page(reader, item)
    answer = reader.get(reverse("conversation:part", args=[item.id, "signature"]))
    assert answer["Content-Disposition"] == 'attachment; filename="smime.p7s"'
    assert answer.content[:1] == b"0"  # an ASN.1 SEQUENCE


def test_nobody_else_sees_it(reader: Client, office: Office, sign_in: SignIn) -> None:
    item = filed(office, mail(HUBER.address, ALICE.address))
    stranger = sign_in(Role.ADMINISTRATOR, email="claus@office.example")

    for view, arguments in (
        ("show", [item.conversation]),
        ("frame", [item.id, 0]),
        ("part", [item.id, "0"]),
        ("source", [item.id]),
        ("original", [item.id]),
    ):
        assert stranger.get(reverse(f"conversation:{view}", args=arguments)).status_code == 404


def test_the_frame_has_a_policy_of_its_own(reader: Client, office: Office) -> None:
    """Mail brings its look in attributes, so it may have inline styles; nothing else of its own."""
    raw = signed_bytes(HUBER, html_mail("<p>Guten <b>Tag</b></p>", sender=HUBER.address))
    item = filed(office, raw)

    answer = reader.get(reverse("conversation:frame", args=[item.id, 0]))

    policy = answer["Content-Security-Policy"]
    assert dict(each.strip().partition(" ")[::2] for each in policy.split(";")) == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "frame-ancestors": "'self'",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    }
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "<b>Tag</b>" in answer.content.decode()


def test_the_original_comes_octet_for_octet(reader: Client, office: Office) -> None:
    raw = signed_bytes(HUBER, mail(HUBER.address, ALICE.address))
    item = filed(office, raw)

    answer = reader.get(reverse("conversation:original", args=[item.id]))

    assert answer.content == raw
    assert answer["Content-Disposition"].startswith("attachment")


def _post(client: Client, view: str, *arguments: object, **data: object) -> int:
    return client.post(reverse(f"conversation:{view}", args=arguments), data).status_code


def test_what_was_read_counts_as_read(reader: Client, office: Office) -> None:
    item = filed(office, mail(HUBER.address, ALICE.address))

    _page(reader, item)

    assert all(place.flags.seen for place in mail_filing.places_of([item.id]))


def test_a_mail_server_is_told_what_was_read(reader: Client, office: Office) -> None:
    """Each message once; a second look tells nothing more."""
    Post(office.at).mailbox(ALICES, MailboxKind.IMAP)
    item = filed(office, mail(HUBER.address, ALICE.address), uid=7)

    _page(reader, item)
    _page(reader, item)

    (change,) = mail_changes.of_account(ALICES)
    assert (change.kind, change.uid) == (ChangeKind.SEEN, 7)


def test_a_long_quotation_folds_and_a_short_one_stands(reader: Client, office: Office) -> None:
    def shown(lines: int) -> str:
        text = "Ja.\r\n\r\n" + "\r\n".join(f"> Zeile {number}" for number in range(lines))
        return _page(reader, filed(office, mail(HUBER.address, ALICE.address, text=text)))

    assert '<p class="plain quote">&gt; Zeile 0' in shown(8)
    folded = shown(9)
    assert '<details class="quoted"><summary>Quoted text</summary>' in folded
    assert "&gt; Zeile 8" in folded


def test_algorithms_are_named_as_people_know_them(reader: Client, office: Office) -> None:
    raw = encrypted_bytes(signed_by(HUBER, mail(HUBER.address, ALICE.address)), ALICE)

    page = _page(reader, filed(office, raw))

    assert "RSA, SHA-256" in page
    assert "AES-256" in page
    assert "rsa_pkcs1" not in page


def test_who_lacks_a_key_reads_which_certificate_it_belongs_to(
    reader: Client, office: Office
) -> None:
    third = WORLD.person("frieda_encrypt")
    raw = encrypted_bytes(signed_by(HUBER, mail(HUBER.address, ALICE.address)), third)
    number = f"{parse_certificate(third.certificate_der).serial:X}"
    grouped = " ".join(number[i : i + 4] for i in range(0, len(number), 4))

    page = _page(reader, filed(office, raw))

    assert f"It is encrypted for the certificate: number {grouped}, issued by " in page
    assert "Drag its old certificate file" in page


@pytest.mark.requirement("A76")
def test_the_outer_signature_stands_in_no_box_of_a_part(reader: Client, office: Office) -> None:
    inner = signed_bytes(DANA, mail(DANA.address, ALICE.address, text="Teil"))
    entity = inner[inner.index(b"Content-Type:") :]
    raw = (
        f"From: <{HUBER.address}>\r\nTo: <{ALICE.address}>\r\nSubject: Teile\r\n"
        "Message-ID: <teile@x>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\n\r\nText\r\n--m\r\n'
    ).encode()

    page = _page(reader, filed(office, signed_bytes(HUBER, raw + entity + b"\r\n--m--\r\n")))

    box, _, after = page.partition('<section class="block">')[2].partition("</section>")
    assert reverse("conversation:part", args=[1, "signature"]).partition("/1/")[2] not in box
    assert "/signature" in after


def test_read_messages_are_folded_and_open_on_a_click(reader: Client, office: Office) -> None:
    first = filed(
        office,
        mail(HUBER.address, ALICE.address, text="Alter Text"),
        seen=True,
    )
    office.later(hours=1)
    answer = mail(
        HUBER.address, ALICE.address, subject="Re", extra="References: <Betreff@test.example>\r\n"
    )
    filed(office, answer, seen=True)

    page = _page(reader, first)

    assert page.count('class="msg folded"') == 1
    assert "Open this message" in page
    assert 'class="msg folded"' not in _page(reader, first, f"?open={first.id}")


@pytest.mark.parametrize(
    ("what", "role"), [("archive", "archive"), ("delete", "trash"), ("spam", "junk")]
)
def test_a_conversation_goes_where_it_is_sent(
    reader: Client, office: Office, what: str, role: str
) -> None:
    item = filed(office, mail(HUBER.address, ALICE.address))

    assert _post(reader, "act", item.conversation, what=what) == 302
    (place,) = mail_filing.places_of([item.id])
    assert mail_folders.get(place.folder).role == role


def test_a_note_is_for_the_team_alone(reader: Client, office: Office, sign_in: SignIn) -> None:
    item = filed(office, mail(HUBER.address, ALICE.address))
    stranger = sign_in(Role.ADMINISTRATOR, email="claus@office.example")

    assert _post(stranger, "handle", item.conversation, note="x", assigned="") == 404
    data = {"note": "<b>Rückruf</b>", "assigned": "mira@office.example"}
    assert _post(reader, "handle", item.conversation, **data) == 302

    page = _page(reader, item)
    assert "&lt;b&gt;Rückruf&lt;/b&gt;" in page
    assert '<option value="mira@office.example" selected>' in page


# what is withheld


def _forged(office: Office, text: str = "Bitte zahlen Sie https://evil.example/x") -> ItemRow:
    raw = signed_bytes(DANA, html_mail(f"<p>{text}</p>", sender=HUBER.address))
    return filed(office, raw)


@pytest.mark.requirement("A4")
def test_whose_signature_does_not_match_is_explained_instead_of_shown(
    reader: Client, office: Office
) -> None:
    item = _forged(office)

    page = _page(reader, item)

    assert f"Signed by {DANA.address}, but it claims to be from {HUBER.address}." in page
    assert "Bitte zahlen" not in page
    assert "<iframe" not in page
    assert reader.get(reverse("conversation:frame", args=[item.id, 0])).status_code == 404
    assert reader.get(reverse("conversation:part", args=[item.id, "0"])).status_code == 404


def test_what_is_withheld_shows_no_first_lines_while_it_is_folded(
    reader: Client, office: Office
) -> None:
    item = _forged(office)
    _page(reader, item)
    office.later(hours=1)
    extra = "References: <Betreff@test.example>\r\n"
    filed(office, mail(HUBER.address, ALICE.address, subject="Re", extra=extra))

    page = _page(reader, item)

    assert 'class="msg folded"' in page
    assert "Bitte zahlen" not in page


def test_what_is_withheld_comes_as_dead_text_on_request(reader: Client, office: Office) -> None:
    item = _forged(office)

    page = _page(reader, item, f"?anyway={item.id}")

    assert "Bitte zahlen" in page
    assert "<iframe" not in page
    assert 'href="https://evil.example' not in page


def test_administrators_are_told_without_a_word_of_it(
    reader: Client, office: Office, sign_in: SignIn
) -> None:
    office.site = replace(office.site, notices_from=EmailAddress.parse("siegel@office.example"))
    running.install(office.site)
    item = _forged(office)
    sign_in(Role.ADMINISTRATOR, email="chef@office.example")

    assert _post(reader, "report", item.id) == 302

    (sent,) = office.out.sent
    assert sent.recipients == ("chef@office.example",)
    assert b"zahlen" not in sent.content
    entry = journal.read(action=Action.MESSAGE_REPORTED)[0]
    assert entry.about == HUBER.address
    assert "zahlen" not in repr(entry)


# pictures from elsewhere

PICTURE = '<p>Hallo <img src="https://tracker.example/p.gif" alt="Foto"></p>'


def _frame(client: Client, item: ItemRow, query: str = "") -> HttpResponse:
    answer = client.get(reverse("conversation:frame", args=[item.id, 0]) + query)
    assert answer.status_code == 200
    assert isinstance(answer, HttpResponse)
    return answer


def test_pictures_from_elsewhere_come_only_when_the_sender_is_checked_and_the_reader_agrees(
    reader: Client, office: Office
) -> None:
    item = filed(office, signed_bytes(HUBER, html_mail(PICTURE, sender=HUBER.address)))

    assert "tracker.example" not in _frame(reader, item).content.decode()
    assert "https:" not in _frame(reader, item)["Content-Security-Policy"]
    once = _frame(reader, item, "?pictures=1")
    assert "tracker.example" in once.content.decode()
    assert "img-src data: https:" in once["Content-Security-Policy"]

    assert _post(reader, "consent", item.id) == 302
    assert "tracker.example" in _frame(reader, item).content.decode()
    assert _post(reader, "consent", item.id, withdraw="") == 302
    assert "tracker.example" not in _frame(reader, item).content.decode()


def test_nobody_agrees_to_pictures_of_a_sender_who_is_not_checked(
    reader: Client, office: Office
) -> None:
    item = filed(office, html_mail(PICTURE, sender=HUBER.address))

    assert "Load pictures" not in _page(reader, item)
    assert "tracker.example" not in _frame(reader, item, "?pictures=1").content.decode()
    assert _post(reader, "consent", item.id) == 404


def test_consent_is_one_persons(reader: Client, office: Office, sign_in: SignIn) -> None:
    item = filed(office, signed_bytes(HUBER, html_mail(PICTURE, sender=HUBER.address)))
    _post(reader, "consent", item.id)
    other = sign_in(Role.MEMBER, email="jonas@office.example")
    _admit("jonas@office.example", office)

    assert "tracker.example" not in _frame(other, item).content.decode()


# files


def _with(office: Office, part: str, body: str, *, signer: Person | None = HUBER) -> ItemRow:
    raw = (
        f"From: <{HUBER.address}>\r\nTo: <{ALICE.address}>\r\nSubject: Datei\r\n"
        f"Message-ID: <{hash(part)}@x>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\n\r\nText\r\n'
        f"--m\r\n{part}\r\n\r\n{body}\r\n--m--\r\n"
    ).encode()
    return filed(office, signed_bytes(signer, raw) if signer else raw)


@pytest.mark.parametrize(
    "media",
    ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/pdf", "x/y"],
)
def test_every_file_is_saved_and_never_shown(reader: Client, office: Office, media: str) -> None:
    part = f'Content-Type: {media}\r\nContent-Disposition: attachment; filename="a.html"'
    item = _with(office, part, "<script>alert(1)</script>")

    answer = reader.get(reverse("conversation:part", args=[item.id, "2"]))

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] in ("application/octet-stream", "application/pdf")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("written", "saved"),
    [
        ("a/b:c*.txt", "a_b_c_.txt"),
        ("rech\u202egnp.exe", "rechgnp.exe"),
        ('a"b\r\nSet-Cookie: x.txt', "a_bSet-Cookie_ x.txt"),
        ("x" * 300 + ".exe", "x" * 100 + ".exe"),
        ("\u2713 geprüft.pdf", "geprüft.pdf"),
        ("...", "file"),
    ],
)
def test_names_of_files_are_cleaned(written: str, saved: str) -> None:
    assert octets.clean_name(written) == saved


def test_a_program_and_a_key_are_warned_of(reader: Client, office: Office) -> None:
    for name, words in (("setup.exe", "can run programs"), ("key.p12", "private key")):
        part = (
            f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; "
            f'filename="{name}"'
        )
        assert words in _page(reader, _with(office, part, "x"))


def test_an_attached_message_is_judged_by_itself(reader: Client, office: Office) -> None:
    forged = signed_bytes(DANA, mail(HUBER.address, ALICE.address, text="Zahlen Sie"))
    raw = (
        (
            f"From: <{HUBER.address}>\r\nTo: <{ALICE.address}>\r\nSubject: Fwd\r\n"
            "Message-ID: <fwd@x>\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\n\r\nSiehe unten\r\n'
            "--m\r\nContent-Type: message/rfc822\r\n\r\n"
        ).encode()
        + forged
        + b"\r\n--m--\r\n"
    )
    item = filed(office, signed_bytes(HUBER, raw))

    page = _page(reader, item)
    address = reverse("conversation:attached", args=[item.id]) + "?in=2"
    attached = reader.get(address).content.decode()

    assert address in page
    assert "Signature checked." in page
    assert "Signature does not match the sender." in attached
    assert "Zahlen Sie" not in attached


def test_an_invitation_is_told_in_words(reader: Client, office: Office) -> None:
    calendar = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
        "UID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20261201T083000Z\r\n"
        "SUMMARY:<b>Besprechung</b>\r\nLOCATION:Raum 3\r\n"
        "ORGANIZER;CN=Chefin:mailto:boss@school.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    page = _page(reader, _with(office, "Content-Type: text/calendar; method=REQUEST", calendar))

    assert "&lt;b&gt;Besprechung&lt;/b&gt;" in page
    assert "Raum 3" in page
    assert "1 December 2026, 08:30" in page
    assert "boss<wbr>@school.example" in page
    assert "Chefin" not in page


@pytest.mark.requirement("B41")
def test_a_checked_sender_and_his_card_go_into_the_address_book(
    reader: Client, office: Office
) -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ines Neu\r\nEMAIL:ines@neu.example\r\nEND:VCARD"
    item = _with(office, "Content-Type: text/vcard", card)

    assert "/contacts/new/?name=" in _page(reader, item)
    assert _post(reader, "take", item.id, 2) == 302
    assert contacts.with_addresses([EmailAddress.parse("ines@neu.example")])


def test_nothing_is_taken_from_what_is_no_card(reader: Client, office: Office) -> None:
    item = _with(office, "Content-Type: text/csv", "a;b")

    assert _post(reader, "take", item.id, 2) == 404


# the mark stays outside

TRICKS = (
    "<plaintext>",
    '</div></article><div class="status is-full"><b>Vertraulich.</b></div>',
    "<!--",
    "</iframe></html><script>alert(1)</script>",
    '<div class="status is-good" style="position:fixed;top:0">Signatur geprüft</div>',
)


@pytest.mark.parametrize("trick", TRICKS)
def test_content_cannot_reach_the_line_above_it(reader: Client, office: Office, trick: str) -> None:
    as_text = filed(office, mail(HUBER.address, ALICE.address, text=trick))
    as_html = filed(office, html_mail(trick, sender=HUBER.address, subject="HTML"))

    for page in (_page(reader, as_text), _page(reader, as_html)):
        assert trick not in page
        assert page.count('class="status is-open"') == 1
        assert '"status is-full' not in page
    inside = _frame(reader, as_html).content.decode()
    assert 'class="status' not in inside
    assert "position" not in inside


def test_a_name_that_looks_like_our_mark_is_only_a_name(reader: Client, office: Office) -> None:
    raw = mail(HUBER.address, ALICE.address).replace(
        b"From: <", b"From: =?utf-8?B?4pyT8J+UkiBWZXJ0cmF1bGljaA==?= <"
    )

    page = _page(reader, filed(office, raw))

    assert "\u2713" not in page
    assert "\U0001f512" not in page


# many


def test_a_long_conversation_asks_as_often_as_a_short_one(reader: Client, office: Office) -> None:
    first = filed(office, mail(HUBER.address, ALICE.address))

    def more(numbers: range) -> None:
        for number in numbers:
            office.later(minutes=1)
            extra = "References: <Betreff@test.example>\r\n"
            raw = mail(HUBER.address, ALICE.address, subject=f"Re {number}", extra=extra)
            filed(office, raw, seen=True)

    def queries() -> int:
        _page(reader, first)
        with CaptureQueriesContext(connection) as seen:
            _page(reader, first)
        return len(seen)

    more(range(10))
    few = queries()
    more(range(10, 70))
    page = _page(reader, first)

    assert queries() == few
    assert page.count("<article") == 50
    assert "Show older messages" in page


def test_a_closed_message_opens_on_the_page_once_its_key_is_there(
    reader: Client, office: Office
) -> None:
    third = WORLD.person("frieda_encrypt")
    raw = encrypted_bytes(
        signed_by(HUBER, mail(HUBER.address, ALICE.address, text="Endlich")), third
    )
    item = filed(office, raw)
    assert "Still closed: the key is missing." in _page(reader, item)
    state = reverse("conversation:state", args=[item.id])
    assert reader.get(state).content == b"key_missing"

    office.later(hours=1).key(third)
    keys.bind(parse_certificate(third.certificate_der).spki_sha256, ALICES, by="test", at=office.at)

    assert reader.get(state).content == b"confidential"
    assert "Endlich" in _page(reader, item)
