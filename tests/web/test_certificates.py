"""The pages of certificates: who sees what, files in and out, locked objects, hostile names."""

import html
from typing import Protocol

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.flows import accounts, importing
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import parse_certificate
from siegel.pki.export import contains_private_key
from siegel.pki.pkcs12 import open_pkcs12
from siegel.policy.access import Capacity, Standing
from siegel.policy.roles import Role
from siegel.store.queries import account_people, journal, locked
from tests.browser.hostile import CANARY, HOSTILE, hostile_authority, hostile_leaf
from tests.flows.office import ALICE, DANA, HUBER, Office
from tests.store.many import fill
from tests.web.conftest import SignIn
from tests.world import WORLD, Person

FRIEDA = WORLD.person("frieda_sign")
MIRA = "user:mira@office.example"
GOOD = "Sieben rote Kirschen 7"


def of(person: Person) -> str:
    return parse_certificate(person.certificate_der).fingerprint


class Answer(Protocol):
    @property
    def content(self) -> bytes: ...


def text(answer: Answer) -> str:
    return html.unescape(answer.content.decode())


def upload(client: Client, *files: tuple[str, bytes]) -> str:
    given = [SimpleUploadedFile(name, data) for name, data in files]
    answer = client.post(reverse("certificates:upload"), {"files": given}, follow=True)
    return text(answer)


def waiting(office: Office, by: str = MIRA) -> str:
    number = importing.keep_locked("frieda.p12", FRIEDA.p12("Ärger", "modern"), by=by, at=office.at)
    return reverse("certificates:locked", args=[number])


@pytest.mark.requirement("A38", "A39", "A40", "A43")
def test_files_are_uploaded_together_and_each_says_what_it_brought(sign_in: SignIn) -> None:
    page = upload(
        sign_in(Role.MEMBER),
        ("huber.cer", HUBER.certificate_der),
        ("frieda.p12", FRIEDA.p12("Ärger", "modern")),
        ("brief.txt", b"Guten Tag"),
    )
    for words in ("Hans Huber", "Wartet auf die Passphrase", "Keine Zertifikatsdatei"):
        assert words in page
    assert "Was die Dateien gebracht haben" not in text(
        sign_in(Role.MEMBER).get(reverse("certificates:list"))
    )


def test_an_upload_without_file_is_told(sign_in: SignIn) -> None:
    assert "keine Datei gewählt" in upload(sign_in(Role.MEMBER))


def test_an_upload_that_is_too_large_is_told(sign_in: SignIn) -> None:
    files = [(f"{number}.cer", bytes(1024 * 1024)) for number in range(9)]
    assert "zu viel auf einmal" in upload(sign_in(Role.MEMBER), *files)
    assert "Zu groß" in upload(sign_in(Role.MEMBER), ("gross.cer", bytes(1024 * 1024 + 1)))


@pytest.mark.requirement("A41")
def test_the_passphrase_in_the_row_unlocks_the_object(sign_in: SignIn, office: Office) -> None:
    address, client = waiting(office), sign_in(Role.MEMBER)
    page = text(client.get(reverse("certificates:list")))
    assert f'action="{address}"' in page
    assert "Gesperrt bis Passphrase" in page
    wrong = client.post(address, {"passphrase": "falsch"})
    assert "passt nicht" in text(wrong)
    assert "falsch" not in text(wrong)
    assert len(locked.list_all()) == 1
    right = client.post(address, {"passphrase": "Ärger"}, follow=True)
    assert "Frieda Fuchs" in text(right)
    assert "noch kein E-Mail-Konto" in text(right)
    assert client.get(address).status_code == 404


def test_whoever_guesses_is_told_to_wait(sign_in: SignIn, office: Office) -> None:
    address, client = waiting(office), sign_in(Role.MEMBER)
    for _ in range(5):
        client.post(address, {"passphrase": "falsch"})
    assert "Warten Sie 15 Minuten" in text(client.post(address, {"passphrase": "Ärger"}))


def test_a_member_does_not_touch_the_files_of_others(sign_in: SignIn, office: Office) -> None:
    address = waiting(office, by="user:claus@office.example")
    client = sign_in(Role.MEMBER)
    removal = address + "remove/"
    assert f'action="{address}"' not in text(client.get(reverse("certificates:list")))
    for answer in (client.get(address), client.post(address, {"passphrase": "Ärger"}),
                   client.get(removal), client.post(removal)):  # fmt: skip
        assert answer.status_code == 404
    assert len(locked.list_all()) == 1
    manager = sign_in(Role.CERTIFICATE_MANAGER, "claudia@office.example")
    assert manager.get(address).status_code == 200


def test_a_locked_file_is_removed_after_a_question(sign_in: SignIn, office: Office) -> None:
    address, client = waiting(office), sign_in(Role.MEMBER)
    assert "nie wieder gelesen" in text(client.get(address + "remove/"))
    assert len(locked.list_all()) == 1
    assert "entfernt" in text(client.post(address + "remove/", follow=True))
    assert locked.list_all() == ()


@pytest.mark.requirement("A42", "A91")
def test_states_and_reasons_stand_in_the_list(sign_in: SignIn, office: Office) -> None:
    office.own(FRIEDA, account=False)
    office.partner(WORLD.person("emil"))
    office.partner(WORLD.person("ursula"))
    page = text(sign_in(Role.ADMINISTRATOR).get(reverse("certificates:list")))
    for words in (
        "Verwendbar", "Kein E-Mail-Konto", "Abgelaufen", "Nicht vertraut", "Um neues bitten",
        "Der Aussteller „Bundesamt Test CA“ ist hier noch nicht bestätigt.",
    ):  # fmt: skip
        assert words in page


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("kind=own", "Alice Adler", "Hans Huber"),
        ("kind=partner", "Hans Huber", "Alice Adler"),
        ("kind=authority", "Landesamt Test Root", "Hans Huber"),
        ("key=no&kind=partner", "Hans Huber", "Alice Adler"),
        ("q=huber@school.example", "Hans Huber", "Alice Adler"),
        ("q=adl", "Alice Adler", "Hans Huber"),
        ("validity=expired", "Emil Ender", "Hans Huber"),
        ("kind=%00&validity=never&days=x&after=y", "Hans Huber", "</script><script>"),
    ],
)
def test_the_list_is_filtered_and_searched(
    sign_in: SignIn, office: Office, query: str, there: str, gone: str
) -> None:
    office.partner(HUBER)
    office.partner(WORLD.person("emil"))
    page = text(sign_in(Role.MEMBER).get(f"{reverse('certificates:list')}?{query}"))
    assert there in page
    assert gone not in page


def test_pages_keep_their_filters(sign_in: SignIn, office: Office) -> None:
    fill(120)
    client, address = sign_in(Role.MEMBER), reverse("certificates:list")
    first = text(client.get(address, {"kind": "partner", "q": "viele"}))
    older = first.partition('rel="next" href="')[2].partition('"')[0]
    assert "kind=partner" in older
    assert "q=viele" in older
    second = text(client.get(address + older))
    assert 'rel="prev"' in second
    assert [first.count('class="cert '), second.count('class="cert ')] == [25, 25]


def test_the_list_asks_the_same_number_of_questions(sign_in: SignIn, office: Office) -> None:
    client, questions = sign_in(Role.MEMBER), []
    client.get(reverse("certificates:list"))
    for count in (60, 1000):
        fill(count, domain=f"{count}.example")
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("certificates:list")).status_code == 200
        questions.append(len(seen))
    assert questions[0] == questions[1]


@pytest.mark.requirement("A32", "A54", "A73")
def test_the_page_of_a_certificate_says_everything_in_words(sign_in: SignIn) -> None:
    page = text(sign_in(Role.MEMBER).get(reverse("certificates:one", args=[of(ALICE)])))
    for words in (
        "Alice Adler", "alice", "mit privatem Schlüssel", "Signieren und Verschlüsseln",
        "Wer dafür bürgt", "Landesamt Test Root", "Geprüft wurde", "Schlüssel eingespielt",
        of(ALICE)[:4].upper(),
    ):  # fmt: skip
        assert words in page


def test_what_does_not_exist_is_not_found(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    for name in ("one", "send", "export_key", "archive"):
        for made_up in ("0" * 64, "zz"):
            assert client.get(reverse(f"certificates:{name}", args=[made_up])).status_code == 404
    for arguments in ([of(ALICE), "exe"], ["0" * 64, "der"]):
        assert client.get(reverse("certificates:export", args=arguments)).status_code == 404


@pytest.mark.requirement("A54", "A55", "A56")
@pytest.mark.parametrize("format_", ["der", "pem", "p7c", "vcard"])
def test_one_click_saves_the_public_part(sign_in: SignIn, format_: str) -> None:
    address = reverse("certificates:export", args=[of(ALICE), format_])
    answer = sign_in(Role.MEMBER).get(address)
    assert answer["Content-Disposition"].startswith('attachment; filename="alice@office.example.')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not contains_private_key(answer.content)
    if format_ != "vcard":
        assert ALICE.certificate_der in [c.der for c in parse_certificates(answer.content)]


@pytest.mark.parametrize("flavour", ["modern", "compatible"])
def test_a_manager_saves_the_key_under_a_passphrase(sign_in: SignIn, flavour: str) -> None:
    client = sign_in(Role.CERTIFICATE_MANAGER)
    address = reverse("certificates:export_key", args=[of(ALICE)])
    given = {"flavour": flavour, "passphrase": GOOD, "repeated": GOOD}
    answer = client.post(address, given)
    opened = open_pkcs12(answer.content, Secret(GOOD))
    assert opened.keys[0].certificates[0].der == ALICE.certificate_der
    assert journal.read(action="key.exported")[0].actor == MIRA
    for passphrase, repeated, why in (
        ("kurz", "kurz", "12 Zeichen"), (GOOD, "anders", "nicht gleich"),
    ):  # fmt: skip
        refused = client.post(
            address, {"flavour": flavour, "passphrase": passphrase, "repeated": repeated}
        )
        assert why in text(refused)
        assert passphrase not in text(refused)
    assert len(journal.read(action="key.exported")) == 1


@pytest.mark.parametrize("name", ["export_key", "archive"])
def test_the_private_key_is_for_managers_who_gave_their_password_again(
    sign_in: SignIn, name: str
) -> None:
    address = reverse(f"certificates:{name}", args=[of(ALICE)])
    given = {"flavour": "modern", "passphrase": GOOD, "repeated": GOOD}
    member = sign_in(Role.MEMBER, "clerk@office.example")
    assert (member.get(address).status_code, member.post(address, given).status_code) == (403, 403)
    long_ago = sign_in(Role.CERTIFICATE_MANAGER, long_ago=True)
    assert long_ago.post(address, given).status_code == 302
    assert long_ago.get(address)["Location"].startswith("/sign/")
    assert not journal.read(action="key.exported")
    assert not journal.read(action="key.archived")


def test_a_key_is_archived_and_used_again(sign_in: SignIn) -> None:
    client = sign_in(Role.CERTIFICATE_MANAGER)
    address = reverse("certificates:archive", args=[of(ALICE)])
    assert "nicht gelöscht" in text(client.get(address))
    assert "Nur noch zum Lesen" in text(client.post(address, follow=True))
    assert "Verwendbar" in text(client.post(address, follow=True))


def test_a_partners_certificate_has_no_key_to_take(sign_in: SignIn, office: Office) -> None:
    office.partner(HUBER)
    client = sign_in(Role.ADMINISTRATOR)
    page = text(client.get(reverse("certificates:one", args=[of(HUBER)])))
    assert "Sicherung erstellen" not in page
    for name in ("export_key", "archive", "send"):
        address = reverse(f"certificates:{name}", args=[of(HUBER)])
        assert client.get(address).status_code == 404


@pytest.mark.requirement("A51", "B39")
def test_my_certificate_is_sent_signed(sign_in: SignIn, office: Office) -> None:
    address = reverse("certificates:send", args=[of(ALICE)])
    client = sign_in(Role.CERTIFICATE_MANAGER)
    assert "Das steht darin" in text(client.get(address))
    given = {"to": DANA.address, "sender": ALICE.address, "language": "en"}
    assert "unterwegs" in text(client.post(address, given, follow=True))
    assert b"multipart/signed" in office.out.sent[0].content
    assert office.out.sent[0].recipients == (DANA.address,)
    refused = client.post(address, {**given, "to": "keine Adresse"})
    assert "keine E-Mail-Adresse" in text(refused)
    assert client.post(address, {**given, "sender": "bob@office.example"}).status_code == 200
    assert len(office.out.sent) == 1


def test_only_who_writes_for_the_account_sends_its_certificate(
    sign_in: SignIn, office: Office
) -> None:
    address = reverse("certificates:send", args=[of(ALICE)])
    member = sign_in(Role.MEMBER, "clerk@office.example")
    given = {"to": DANA.address, "sender": ALICE.address, "language": "de"}
    page = reverse("certificates:one", args=[of(ALICE)])
    assert address not in text(member.get(page))
    assert member.get(address).status_code == 404
    assert member.post(address, given).status_code == 404
    standing = Standing(capacity=Capacity.MEMBER, since=office.at, until=None)
    account_people.admit(
        EmailAddress.parse(ALICE.address), EmailAddress.parse("clerk@office.example"), standing,
        by="test", at=office.at,
    )  # fmt: skip
    assert address in text(member.get(page))
    assert member.get(address).status_code == 200
    assert member.post(address, given).status_code == 302
    assert len(office.out.sent) == 1


def test_what_the_mail_server_refuses_is_told(sign_in: SignIn, office: Office) -> None:
    office.out.fails = 1
    address = reverse("certificates:send", args=[of(ALICE)])
    given = {"to": DANA.address, "sender": ALICE.address, "language": "de"}
    answer = sign_in(Role.CERTIFICATE_MANAGER).post(address, given)
    assert "nicht angenommen" in text(answer)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_no_name_in_a_certificate_becomes_markup(
    sign_in: SignIn, office: Office, number: int
) -> None:
    hostile = HOSTILE[number]
    authority = hostile_authority(hostile)
    leaf = hostile_leaf(authority, number)
    importing.import_file(authority.der, None, None, by=f"user:{hostile}", at=office.at)
    importing.import_file(leaf.der, None, None, by=f"user:{hostile}", at=office.at)
    importing.keep_locked(hostile, ALICE.p12("x" * 9), by=f"user:{hostile}", at=office.at)
    accounts.create(EmailAddress.parse(f"k{number}@office.example"), hostile, by="t", at=office.at)
    client = sign_in(Role.ADMINISTRATOR)
    numbers = [row.id for row in locked.list_all()]
    pages = [
        client.get(reverse("certificates:list")),
        client.get(reverse("certificates:list"), {"q": hostile.replace("\u202e", "")}),
        client.get(reverse("certificates:one", args=[leaf.fingerprint])),
        client.get(reverse("certificates:one", args=[authority.certificate.fingerprint])),
        client.get(reverse("certificates:locked", args=numbers)),
        client.get(reverse("certificates:locked_remove", args=numbers)),
    ]
    for answer in pages:
        raw = answer.content.decode()
        assert answer.status_code == 200
        for markup in (f"<{CANARY}", "<script>window", "<img src=x", "<svg/onload",
                       "<a href=javascript", "\u202e"):  # fmt: skip
            assert markup not in raw
        assert 'href="javascript' not in raw
    for format_ in ("der", "vcard"):
        address = reverse("certificates:export", args=[authority.certificate.fingerprint, format_])
        header = client.get(address)["Content-Disposition"]
        assert header.isascii()
        assert header.count('"') == 2
        assert "/" not in header


@pytest.mark.requirement("B29", "B30", "B32", "B43")
@pytest.mark.parametrize(
    ("format_", "media"),
    [("der", "application/pkix-cert"), ("p7c", "application/pkcs7-mime")],
)
def test_a_root_is_handed_out_as_a_file_that_opens_by_a_double_click(
    sign_in: SignIn, format_: str, media: str
) -> None:
    """With its fingerprint on the page, so that whoever installs it can compare."""
    client, fingerprint = sign_in(Role.MEMBER), parse_certificate(WORLD.root.der).fingerprint
    page = client.get(reverse("certificates:one", args=[fingerprint])).content.decode()
    answer = client.get(reverse("certificates:export", args=[fingerprint, format_]))
    assert fingerprint[:4].upper() in page
    assert answer["Content-Type"].startswith(media)
    assert parse_certificates(answer.getvalue())[0].der == WORLD.root.der


def test_a_hostile_file_name_is_shown_as_text(sign_in: SignIn) -> None:
    page = upload(sign_in(Role.MEMBER), (f"<{CANARY}>.p12", FRIEDA.p12("x" * 9)))
    assert "Wartet auf die Passphrase" in page
    raw = sign_in(Role.MEMBER).get(reverse("certificates:list")).content.decode()
    assert f"<{CANARY}" not in raw


def test_both_languages_are_complete(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    for path in (
        reverse("certificates:list"),
        reverse("certificates:one", args=[of(ALICE)]),
        reverse("certificates:export_key", args=[of(ALICE)]),
    ):
        german = text(client.get(path, headers={"accept-language": "de"}))
        english = text(client.get(path, headers={"accept-language": "en"}))
        assert ("Zertifikat" in german, "certificate" in english) == (True, True)
        assert "privatem Schlüssel" not in english
