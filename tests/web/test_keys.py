"""The pages about keys: made, requested, answered, renewed."""

import html
import os
import re
from typing import Protocol

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.flows import accounts, enrolling_work, requesting
from siegel.flows.certificates import one
from siegel.flows.issuing import Workshop
from siegel.pki import key_generation
from siegel.pki.key_generation import KeyChoice
from siegel.pki.pkcs12 import open_pkcs12
from siegel.pki.request import parse_request
from siegel.policy.access import Capacity, Standing
from siegel.policy.roles import Role
from siegel.store.models import (
    CertificationRequest,
    Enrolment,
    EnrolmentJob,
    KeyDelivery,
    PrivateKey,
    SerialNumber,
)
from siegel.store.queries import keys
from tests.flows.office import Office
from tests.flows.test_requesting import Outside, packed
from tests.flows.workshop import EVA, made_authority
from tests.web.conftest import SignIn

MANAGER = Role.CERTIFICATE_MANAGER
MIRA = EmailAddress.parse("mira@office.example")
ASKED = {
    "account": EVA.spelling, "way": "by_hand", "validation": "mailbox", "country": "DE",
    "key": "p-256", "second_key": "rsa-3072", "days": "730",
}  # fmt: skip
OURS = {**ASKED, "way": "in_house:Landratsamt Issuing"}
PRIVATE = key_generation.generate(KeyChoice.P_256).private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
)


class Answer(Protocol):
    @property
    def content(self) -> bytes: ...


def text(answer: Answer) -> str:
    return html.unescape(answer.content.decode()).replace("<wbr>", "")


@pytest.fixture
def client(sign_in: SignIn, office: Office) -> Client:
    accounts.create(EVA, "Eva Ernst", by="test", at=office.at)
    return sign_in(MANAGER)


def order(client: Client, **changed: str) -> str:
    return text(client.post(reverse("keys:new"), {**ASKED, **changed}, follow=True))


def bring(client: Client, data: bytes, name: str = "answer.p7b") -> str:
    files = {"files": SimpleUploadedFile(name, data)}
    return text(client.post(reverse("keys:answer"), files, follow=True))


@pytest.mark.requirement("B21", "B11", "B34", "A27")
def test_one_click_makes_key_and_certificate_from_our_own_authority(
    client: Client, office: Office
) -> None:
    made_authority(office)
    page = text(client.get(reverse("keys:new"), {"account": str(EVA)}))
    assert "Unsere Zertifizierungsstelle: Landratsamt Issuing" in page
    order(client, **OURS)
    made = SerialNumber.objects.exclude(profile="authority").exclude(certificate=None).get()
    assert made.certificate is not None
    assert keys.accounts_of(made.certificate.spki_sha256) == (EVA,)
    assert one(made.certificate.fingerprint, at=office.at).signing == ()
    assert str(EVA) in text(client.get(reverse("keys:list")))


@pytest.mark.requirement("A26", "A25")
def test_separate_keys_are_two_certificates_with_a_name(client: Client, office: Office) -> None:
    made_authority(office)
    pair = {"separate": "on", "key": "ed25519", "second_key": "x25519"}
    named = {"validation": "sponsor", "given_name": "Eva", "surname": "Ernst"}
    order(client, **{**OURS, **pair, **named})
    found = Enrolment.objects.order_by("id")
    assert [row.use for row in found] == ["signing", "encryption"]
    assert all(row.certificate and "Ernst" in row.certificate.subject for row in found)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"key": "ed25519"}, "signiert nur"),
        ({"account": "wer@office.example"}, "noch kein E-Mail-Konto"),
        ({"account": "kein"}, "keine E-Mail-Adresse"),
        ({"validation": "sponsor", "given_name": "Eva"}, "Vornamen und einen Nachnamen"),
        ({"days": "9999"}, "825"),
        ({"separate": "on", "second_key": "x25519"}, "X25519"),
        ({"way": "in_house:Fremd"}, "id_way_error"),
    ],
)
def test_what_does_not_go_together_is_said(
    client: Client, changed: dict[str, str], said: str
) -> None:
    before = PrivateKey.objects.count()
    assert said in order(client, **changed)
    assert PrivateKey.objects.count() == before


def test_ways_that_are_closed_say_why(client: Client, office: Office) -> None:
    page = text(client.get(reverse("keys:new")))
    assert "noch keine eigene Stelle" in page
    assert "ACME" in page
    made_authority(office)
    page = text(client.get(reverse("keys:new"), {"account": "a@elsewhere.example"}))
    assert "für diese Adresse kein Zertifikat" in page


@pytest.mark.requirement("A23", "A24", "B12")
def test_a_request_goes_out_and_its_answer_finds_the_key(client: Client, office: Office) -> None:
    page = order(client)
    assert "Wartet auf Antwort" in page
    row = requesting.listing()[0]
    pem = client.get(reverse("keys:download", args=[row.id, "csr"]))
    der = client.get(reverse("keys:download", args=[row.id, "p10"]))
    assert parse_request(pem.content).der == der.content == row.der
    outside = Outside(office)
    made = outside.certify(row)
    page = bring(client, packed("p7b", made, outside.issuing, outside.root))
    assert "hat seinen Schlüssel gefunden" in page
    assert made.fingerprint in text(client.get(reverse("keys:request", args=[row.id])))
    assert requesting.listing() == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"nothing", "kein Zertifikat darin"),
        (b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n", "der Antrag selbst"),
        (PRIVATE, "ein privater Schlüssel"),
        (b"\x30" + b"0" * (1024 * 1024 + 9), "zu groß"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_answer_says_what_it_is(client: Client, data: bytes, said: str) -> None:
    order(client)
    assert said in bring(client, data)
    assert len(requesting.listing()) == 1


def test_the_chain_alone_is_no_answer(client: Client, office: Office) -> None:
    order(client)
    outside = Outside(office)
    assert "Vielleicht ist es nur die Kette" in bring(client, outside.issuing.der)
    pem = packed("pem", outside.root)
    assert "Vielleicht ist es nur die Kette" in bring(client, pem)


def test_a_request_is_withdrawn_and_a_late_answer_is_taken(client: Client, office: Office) -> None:
    order(client)
    row = requesting.listing()[0]
    assert "Der Schlüssel bleibt hier" in text(client.get(reverse("keys:withdraw", args=[row.id])))
    client.post(reverse("keys:withdraw", args=[row.id]))
    assert CertificationRequest.objects.get().withdrawn_at is not None
    assert "Zurückgezogen" in text(client.get(reverse("keys:request", args=[row.id])))
    assert "hat seinen Schlüssel" in bring(client, Outside(office).certify(row).der)


@pytest.mark.requirement("A87", "B44")
@pytest.mark.parametrize("key", ["", "p-384"])
def test_a_certificate_is_renewed_with_the_same_or_a_new_key(
    client: Client, office: Office, key: str
) -> None:
    made_authority(office)
    order(client, **OURS)
    first = Enrolment.objects.get()
    assert first.certificate is not None
    address = reverse("keys:renew", args=[first.certificate.fingerprint])
    assert "bleibt gut bis zu seinem Ende" in text(client.get(address))
    client.post(address, {"key": key, "way": OURS["way"]})
    second = Enrolment.objects.latest("id")
    assert second.certificate is not None
    assert second.id != first.id
    assert (second.key_id == first.key_id) is (key == "")


@pytest.mark.requirement("A87", "B44")
@pytest.mark.parametrize("key", ["", "p-256"])
def test_a_certificate_from_outside_is_renewed_by_a_request(
    client: Client, office: Office, key: str
) -> None:
    order(client)
    outside, first = Outside(office), requesting.listing()[0]
    made = outside.certify(first)
    bring(client, made.der)
    address = reverse("keys:renew", args=[made.fingerprint])
    client.post(address, {"key": key, "way": "by_hand"})
    second = requesting.listing()[0]
    assert (second.spki_sha256 == first.spki_sha256) is (key == "")
    if key == "":
        assert "Vielleicht ist es nur die Kette" in bring(client, made.der)
        assert requesting.listing() == (second,)
    again = outside.certify(second)
    assert "hat seinen Schlüssel" in bring(client, again.der)
    assert keys.accounts_of(again.spki_sha256) == (EVA,)


@pytest.mark.parametrize("role", [Role.MEMBER])
def test_members_make_no_keys(sign_in: SignIn, role: Role) -> None:
    client = sign_in(role)
    for view in ("keys:list", "keys:new"):
        assert client.get(reverse(view)).status_code == 403


def test_a_key_is_made_only_after_the_password_was_given_again(sign_in: SignIn) -> None:
    answer = sign_in(MANAGER, long_ago=True).get(reverse("keys:new"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign/again/")


def upload(client: Client, table: str | bytes, **changed: str) -> str:
    octets = table.encode() if isinstance(table, str) else table
    fields = {"authority": "Landratsamt Issuing", "key": "p-256", "days": "365", **changed}
    sent = {**fields, "file": SimpleUploadedFile("leute.csv", octets)}
    return text(client.post(reverse("keys:many"), sent, follow=True))


def do(client: Client, what: str) -> str:
    number = EnrolmentJob.objects.latest("id").pk
    return text(client.post(reverse(f"keys:{what}", args=[number]), follow=True))


@pytest.mark.requirement("B21", "B34")
def test_a_list_is_looked_at_begun_stopped_gone_on_with_and_reported(
    client: Client, office: Office
) -> None:
    made_authority(office)
    table = "Adresse;Vorname;Nachname\na@office.example;A;B\nb@office.example;;\nwas;;\n"
    page = upload(client, table, create_accounts="on")
    for words in ("2 Konten bekämen", "Zeile 4", "Keine E-Mail-Adresse"):
        assert words in page
    assert "Sie können diese Seite verlassen" in do(client, "start")
    tools = Workshop(vault=office.site.vault, rng=os.urandom)
    assert enrolling_work.work_some(tools, limit=1, at=office.at) == 1
    assert "Weiter: noch 1" in do(client, "stop")
    do(client, "start")
    enrolling_work.work_some(tools, limit=9, at=office.at)
    number = EnrolmentJob.objects.get().pk
    page = text(client.get(reverse("keys:job", args=[number])))
    assert "Gemacht: 2, hatte schon eines: 0, nicht gemacht: 1" in page
    assert "Fertig, nicht für alle" in text(client.get(reverse("keys:list")))
    answer = client.get(reverse("keys:report", args=[number]))
    report = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert report.count(";gemacht;") == 2


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "Spalte Adresse"),
        ("Geheim\nx\n", "die es nicht gibt: geheim"),
        ("address,address\n", "jede Spalte einmal"),
        (b"PK\x03\x04\0\0", "Speichern Sie das Blatt als CSV"),
        ('address\n"a@office.example', "Zeile 2 ist kein CSV"),
        ("address\n" + "x\n" * 10_001, "höchstens 10000 Zeilen"),
        ("address\nfremd@elsewhere.example\n", "In keiner Zeile"),
        ("address\n<script>alert(1)</script>@x\n", "In keiner Zeile"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(
    client: Client, office: Office, table: str | bytes, said: str
) -> None:
    made_authority(office)
    assert said in upload(client, table)
    assert not EnrolmentJob.objects.exists()


def test_no_cell_of_the_report_is_a_formula(client: Client, office: Office) -> None:
    made_authority(office)
    upload(client, "address\n=cmd@office.example\nb@office.example\n")
    answer = client.get(reverse("keys:report", args=[EnrolmentJob.objects.get().pk]))
    report = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert ";'=cmd@office.example;" in report
    assert "Verworfen" in do(client, "discard")
    assert not EnrolmentJob.objects.exists()


def test_without_an_authority_of_our_own_there_is_nothing_to_do_for_many(client: Client) -> None:
    assert "nur eine eigene Zertifizierungsstelle" in text(client.get(reverse("keys:many")))


@pytest.fixture
def staffed(client: Client, office: Office) -> Client:
    """Mira manages certificates, and owns Eva's account as well."""
    made_authority(office)
    order(client, **OURS)
    accounts.admit(
        EVA, MIRA, Standing(capacity=Capacity.OWNER, since=office.at, until=None),
        by="test", at=office.at,
    )  # fmt: skip
    return client


def get_ready(client: Client, **changed: str) -> str:
    fields = {"accounts": str(EVA), "flavour": "modern", "days": "7", **changed}
    return text(client.post(reverse("keys:deliver"), fields, follow=True))


def delivery() -> int:
    return KeyDelivery.objects.latest("id").pk


def secret_in(page: str) -> str:
    found = re.search(r'<p class="secret[^>]*>([a-z2-9-]+)</p>', page)
    return found[1] if found else ""


@pytest.mark.requirement("B22", "A28")
def test_a_key_is_got_ready_and_fetched_once_apart_from_its_passphrase(staffed: Client) -> None:
    assert "Ein Schlüssel liegt bereit" in get_ready(staffed)
    number = delivery()
    page = text(staffed.get(reverse("keys:fetch", args=[number])))
    assert "In Ihrem Mailprogramm" in page
    assert secret_in(page) == ""
    answer = staffed.post(reverse("keys:fetch", args=[number]))
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "no-store" in answer["Cache-Control"]
    secret_page = reverse("keys:passphrase", args=[number])
    assert secret_in(text(staffed.get(secret_page))) == ""
    secret = secret_in(text(staffed.post(secret_page)))
    assert open_pkcs12(answer.content, Secret(secret)).keys
    assert secret not in text(staffed.post(secret_page, follow=True))
    again = text(staffed.post(reverse("keys:fetch", args=[number]), follow=True))
    assert "nicht mehr hier" in again
    assert "Abgeholt" in text(staffed.get(reverse("keys:deliveries")))


def test_neither_file_nor_passphrase_is_shown_to_others(staffed: Client, sign_in: SignIn) -> None:
    get_ready(staffed)
    number, other = delivery(), sign_in(Role.MEMBER, "otto@people.example")
    for view in ("keys:fetch", "keys:passphrase"):
        assert other.get(reverse(view, args=[number])).status_code == 404
        assert other.post(reverse(view, args=[number])).status_code == 404
    assert "Keine Datei wartet" in text(other.get(reverse("keys:mine")))
    late = sign_in(MANAGER, long_ago=True)
    assert late.post(reverse("keys:passphrase", args=[number])).status_code == 302
    assert KeyDelivery.objects.get().shown_at is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"accounts": "keine"}, "keine E-Mail-Adresse"),
        ({"accounts": "wer@office.example"}, "gibt es hier nicht"),
        ({"accounts": "alice@office.example"}, "dem der Schlüssel zusteht"),
        ({"person": "fremd@people.example"}, "dem der Schlüssel zusteht"),
        ({"accounts": "a@b.example\nc@d.example", "person": "x@y.example"}, "nur bei einem Konto"),
        ({"days": "99"}, "30"),
    ],
)
def test_what_cannot_be_got_ready_is_said(
    staffed: Client, changed: dict[str, str], said: str
) -> None:
    assert said in get_ready(staffed, **changed)
    assert not KeyDelivery.objects.exists()


def test_a_key_that_waits_is_taken_back(staffed: Client) -> None:
    get_ready(staffed)
    address = reverse("keys:delivery_withdraw", args=[delivery()])
    assert "werden hier gelöscht" in text(staffed.get(address))
    assert "Zurückgenommen" in text(staffed.post(address, follow=True))
    assert bytes(KeyDelivery.objects.get().file) == b""


def test_the_lists_ask_as_often_with_many_rows(client: Client, office: Office) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("keys:list"))
        return len(found)

    made_authority(office)
    order(client)
    upload(client, "address\na@office.example\n")
    few = queries()
    for _ in range(4):
        order(client)
        upload(client, "address\na@office.example\nb@office.example\n")
    assert queries() == few
