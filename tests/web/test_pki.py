"""Published addresses: answers of a protocol to everybody, never a page, never a cookie."""

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.ca.crl import RevocationReason
from siegel.flows import accounts, issuing, responding, serving_status
from siegel.flows.authorities import Created
from siegel.flows.issuing import Order
from siegel.pki.certificate import Certificate
from siegel.pki.key_generation import KeyChoice
from siegel.policy.roles import Role
from siegel.store import models
from siegel.web import clock
from tests.flows.office import Office
from tests.flows.workshop import EVA, made_authority, workshop_of
from tests.web.conftest import SignIn

OCSP = "application/ocsp-request"
Status = ocsp.OCSPResponseStatus


@pytest.fixture
def created(office: Office) -> Created:
    accounts.create(EVA, "", by="test", at=office.at)
    return made_authority(office)


@pytest.fixture
def leaf(office: Office, created: Created) -> Certificate:
    del created
    return issue(office, EVA)


def issue(office: Office, address: EmailAddress) -> Certificate:
    order = Order(address=address, key=KeyChoice.P_256)
    return issuing.enrol(order, None, workshop_of(office), by="test", at=office.at).certificate


def revoke(office: Office, leaf: Certificate) -> None:
    issuing.revoke(
        leaf.fingerprint,
        RevocationReason.KEY_COMPROMISE,
        workshop_of(office),
        by="test",
        at=office.at,
    )


def place(created: Created, ending: str = "/ocsp") -> str:
    return f"/pki/{created.issuing.spki_sha256[:16]}{ending}"


def question(created: Created, serial: int, nonce: bytes | None = None) -> bytes:
    issuer = created.issuing.certificate
    assert issuer is not None
    parsed = issuer.parsed
    key = parsed.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    name = hashlib.sha1(parsed.subject.public_bytes(), usedforsecurity=False).digest()
    builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(name, key, serial, SHA1())
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


def said(answer: object) -> ocsp.OCSPResponse:
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/ocsp-response"
    return ocsp.load_der_ocsp_response(answer.content)


def posted(created: Created, data: bytes, client: Client | None = None) -> ocsp.OCSPResponse:
    return said((client or Client()).post(place(created), data, content_type=OCSP))


@pytest.mark.requirement("B34")
def test_list_and_certificate_are_what_the_authority_issued(
    office: Office, created: Created, leaf: Certificate
) -> None:
    answer = Client().get(place(created, ".crl"))
    assert answer["Content-Type"] == "application/pkix-crl"
    assert x509.load_der_x509_crl(answer.content).get_revoked_certificate_by_serial_number(
        leaf.serial
    ) is None  # fmt: skip
    revoke(office, leaf)
    after = Client().get(place(created, ".crl"))
    crl = x509.load_der_x509_crl(after.content)
    assert crl.get_revoked_certificate_by_serial_number(leaf.serial) is not None
    answer = Client().get(place(created, ".cer"))
    assert answer["Content-Type"] == "application/pkix-cert"
    assert created.issuing.certificate is not None
    assert answer.content == created.issuing.certificate.der


def test_a_list_that_a_cache_has_already_is_not_sent_again(
    office: Office, created: Created, leaf: Certificate
) -> None:
    first = Client().get(place(created, ".crl"))
    assert first["Cache-Control"] == "public, max-age=600, no-transform, must-revalidate"
    assert first.has_header("Last-Modified")
    known = {"if-none-match": first["ETag"]}
    assert Client().get(place(created, ".crl"), headers=known).status_code == 304
    revoke(office, leaf)
    later = Client().get(place(created, ".crl"), headers=known)
    assert later.status_code == 200
    assert later["ETag"] != first["ETag"]
    same_second = {"if-modified-since": first["Last-Modified"]}
    assert Client().get(place(created, ".crl"), headers=same_second).status_code == 200


def test_good_revoked_and_unknown_by_post_and_get(
    office: Office, created: Created, leaf: Certificate
) -> None:
    def got(serial: int, encoding: Callable[[str], str]) -> ocsp.OCSPCertStatus:
        encoded = base64.b64encode(question(created, serial)).decode()
        return said(Client().get(f"{place(created)}/{encoding(encoded)}")).certificate_status

    def as_it_is(text: str) -> str:
        return text

    def encoded(text: str) -> str:
        return quote(text, safe="")

    def asked(serial: int) -> set[ocsp.OCSPCertStatus]:
        by_get = {got(serial, encoding) for encoding in (as_it_is, encoded)}
        return by_get | {posted(created, question(created, serial)).certificate_status}

    assert asked(leaf.serial) == {ocsp.OCSPCertStatus.GOOD}
    revoke(office, leaf)
    assert asked(leaf.serial) == {ocsp.OCSPCertStatus.REVOKED}
    assert asked(4711) == {ocsp.OCSPCertStatus.UNKNOWN}


def test_a_nonce_comes_back_and_no_cache_keeps_it(created: Created, leaf: Certificate) -> None:
    data = question(created, leaf.serial, b"n" * 32)
    path = f"{place(created)}/{quote(base64.b64encode(data).decode(), safe='')}"
    answer = Client().get(path)
    nonce = said(answer).extensions.get_extension_for_class(x509.OCSPNonce)
    assert nonce.value.nonce == b"n" * 32
    assert answer["Cache-Control"] == "no-store"
    plain = base64.b64encode(question(created, leaf.serial)).decode()
    kept = Client().get(f"{place(created)}/{quote(plain, safe='')}")
    assert "max-age=600" in kept["Cache-Control"]
    assert kept["ETag"]
    by_post = Client().post(place(created), question(created, leaf.serial), content_type=OCSP)
    assert by_post["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "data",
    [b"", b"0", b"<html>", b"\x30\x82\xff\xff", bytes(4096), bytes(100_000)],
    ids=["nothing", "digit", "html", "cut", "zeros", "huge"],
)
def test_what_is_no_question_gets_an_answer_that_says_so(created: Created, data: bytes) -> None:
    assert posted(created, data).response_status is Status.MALFORMED_REQUEST
    path = f"{place(created)}/{quote(base64.b64encode(data[:2000]).decode(), safe='') or 'x'}"
    assert said(Client().get(path)).response_status is Status.MALFORMED_REQUEST


@pytest.mark.parametrize("text", ["!!!", "a", "%00", "../../x", "ä", "=" * 9000])
def test_a_path_that_is_no_base64_is_no_question(created: Created, text: str) -> None:
    answer = Client().get(f"{place(created)}/{quote(text)}")
    assert said(answer).response_status is Status.MALFORMED_REQUEST


def test_another_authority_is_not_answered_for(created: Created, leaf: Certificate) -> None:
    data = question(created, leaf.serial)
    root = f"/pki/{created.root.spki_sha256[:16]}/ocsp"
    nobody = "/pki/0123456789abcdef/ocsp"
    for path in (root, nobody):
        answer = said(Client().post(path, data, content_type=OCSP))
        assert answer.response_status is Status.UNAUTHORIZED


@pytest.mark.parametrize(
    "path",
    ["/pki/", "/pki/x", "/pki/0123456789abcdef.crl", "/pki/0123456789abcdef.cer", "/pki/%25.crl"],
)
def test_nothing_there_is_said_without_a_page(created: Created, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "text/plain"


def test_the_beginning_of_a_mark_finds_nothing(created: Created) -> None:
    for length in (1, 8, 15):
        assert Client().get(f"/pki/{created.issuing.spki_sha256[:length]}.crl").status_code == 404
    assert Client().get(f"/pki/{created.issuing.spki_sha256}.crl").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused_in_plain_words(created: Created, method: str) -> None:
    for ending in (".crl", ".cer", "/ocsp"):
        answer = Client().generic(method, place(created, ending))
        assert answer.status_code == 405
        assert answer["Content-Type"] == "text/plain"
        assert "GET" in answer["Allow"]
    assert Client().post(place(created, ".crl")).status_code == 405


def test_no_cookie_no_session_and_any_host_name(
    sign_in: SignIn, office: Office, created: Created, leaf: Certificate
) -> None:
    """Also for a person who is signed in: nobody learns who asks."""
    client = sign_in(Role.ADMINISTRATOR)
    posted(created, question(created, leaf.serial))  # makes the responder
    for ending in (".crl", ".cer"):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(place(created, ending), HTTP_HOST="crl.elsewhere.example")
        assert answer.status_code == 200
        assert not answer.cookies
        assert not answer.has_header("Vary")
        assert answer["X-Robots-Tag"] == "noindex"
        assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        posted(created, question(created, leaf.serial), client)
    assert len(asked) == 5, "the authority, its responder, the key of that twice, the number"


def test_what_breaks_inside_is_still_an_answer(
    created: Created, leaf: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> bytes:
        raise RuntimeError("the store is gone")

    monkeypatch.setattr(responding, "respond_for", broken)
    answer = posted(created, question(created, leaf.serial))
    assert answer.response_status is Status.INTERNAL_ERROR
    monkeypatch.setattr(serving_status, "list_of", broken)
    answer_of_list = Client().get(place(created, ".crl"))
    assert (answer_of_list.status_code, answer_of_list.content) == (500, b"failed\n")


def test_an_authority_that_has_ended_says_try_later(
    created: Created, leaf: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert created.issuing.certificate is not None
    end = created.issuing.certificate.not_after
    monkeypatch.setattr(clock, "now", lambda: end)
    assert posted(created, question(created, leaf.serial)).response_status is Status.TRY_LATER


def test_a_responder_that_ends_with_its_authority_is_not_made_anew_for_every_question(
    created: Created, leaf: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert created.issuing.certificate is not None
    late = created.issuing.certificate.not_after - timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: late)
    for _ in range(3):
        answer = posted(created, question(created, leaf.serial))
        assert answer.response_status is Status.SUCCESSFUL
    assert models.OcspSigner.objects.count() == 1


def test_sha256_questions_are_answered_in_sha256(created: Created, leaf: Certificate) -> None:
    issuer = created.issuing.certificate
    assert issuer is not None
    builder = ocsp.OCSPRequestBuilder().add_certificate(leaf.parsed, issuer.parsed, SHA256())
    answer = posted(created, builder.build().public_bytes(Encoding.DER))
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert isinstance(answer.hash_algorithm, SHA256)


def test_questions_about_an_authority_that_has_ended_leave_nothing_behind(
    office: Office, created: Created, leaf: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers go on asking for years."""
    assert created.issuing.certificate is not None
    after = created.issuing.certificate.not_after + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: after)
    before = models.SerialNumber.objects.count()
    for data in (question(created, leaf.serial), b"no question"):
        assert posted(created, data).response_status is Status.TRY_LATER
    assert models.SerialNumber.objects.count() == before
