"""What lists and gateways leave of a signature: said to be that, and never green."""

import base64

import pytest

from siegel.base.findings import Finding
from siegel.policy.inbound import CryptographicSummary
from siegel.policy.reasons import Reason
from tests.unit.smime.mails import TEXT, judged, mail, opened
from tests.unit.smime.test_layers import encrypted, mixed, opaque
from tests.unit.smime.test_structure import HEAD, OTHER, cms, parts, signature

LIST = b"List-Id: <amt.lists.example>\r\n"
FOOTER = b"Content-Type: text/plain\r\n\r\n-- \r\nListe Amt\r\n"
HTML_FOOTER = b"Content-Type: text/html\r\n\r\n<hr>Liste Amt\r\n"
FILE = b"Content-Type: text/plain; name=a.txt\r\n\r\nAnhang\r\n"
SIGNED = parts(TEXT, signature())

BESIDE = [
    pytest.param(LIST, (SIGNED, FOOTER), Finding.LIST_FOOTER, id="footer-of-a-list"),
    pytest.param(LIST, (SIGNED, FOOTER, HTML_FOOTER), Finding.LIST_FOOTER, id="two-footers"),
    pytest.param(LIST, (opaque(TEXT), FOOTER), Finding.LIST_FOOTER, id="behind-an-opaque-one"),
    pytest.param(b"", (SIGNED, FOOTER), Finding.PARTIAL_SIGNATURE, id="without-a-list"),
    pytest.param(LIST, (FOOTER, SIGNED), Finding.PARTIAL_SIGNATURE, id="in-front"),
    pytest.param(LIST, (FOOTER, SIGNED, FOOTER), Finding.PARTIAL_SIGNATURE, id="around"),
    pytest.param(LIST, (SIGNED, FILE), Finding.PARTIAL_SIGNATURE, id="a-file"),
    pytest.param(LIST, (SIGNED,), Finding.PARTIAL_SIGNATURE, id="nothing-added"),
    pytest.param(LIST, (OTHER, FOOTER), None, id="nothing-signed"),
    pytest.param(LIST, (encrypted(TEXT), FOOTER), None, id="nothing-signed-but-encrypted"),
]


@pytest.mark.requirement("A6", "A18")
@pytest.mark.parametrize(("top", "bodies", "expected"), BESIDE)
def test_text_beside_a_signed_part_is_said_to_be_a_list_s_or_anybody_s(
    top: bytes, bodies: tuple[bytes, ...], expected: Finding | None
) -> None:
    found = opened(mail(mixed(*bodies), extra=top))

    said = {Finding.LIST_FOOTER, Finding.PARTIAL_SIGNATURE}.intersection(found.findings)
    assert said == ({expected} if expected else set())
    assert judged(found).summary is CryptographicSummary.UNPROTECTED


def test_the_signed_part_keeps_its_own_verdict_which_never_counts() -> None:
    found = judged(opened(mail(mixed(SIGNED, FOOTER), extra=LIST)))

    assert found.reasons == (Reason.SIGNS_ONLY_A_PART,)
    (part,) = found.errant
    assert (part.path, part.kind, part.hold_for_their_part) == ("1", "signed", True)
    (signer,) = part.signers
    assert signer.reasons == (Reason.SIGNS_ONLY_A_PART,)
    assert signer.bound_to_from
    assert not signer.counts
    assert [*found.signers, *found.harvest, *found.capabilities] == []


def test_a_broken_signature_of_a_part_is_said_to_be_broken() -> None:
    changed = SIGNED.replace(b"Bescheid", b"Gescheid")
    found = judged(opened(mail(mixed(changed, FOOTER), extra=LIST)))

    (part,) = found.errant
    assert not part.hold_for_their_part
    assert part.signers[0].reasons == (Reason.SIGNATURE_BROKEN, Reason.SIGNS_ONLY_A_PART)


def test_a_stranger_s_signature_of_a_part_is_said_to_be_another_s() -> None:
    by_dana = parts(TEXT, signature(cms(TEXT, "dana")))
    found = judged(opened(mail(mixed(by_dana, FOOTER), extra=LIST)))

    reasons = found.errant[0].signers[0].reasons
    assert reasons == (Reason.SIGNER_ADDRESS_DIFFERS, Reason.SIGNS_ONLY_A_PART)


def test_parts_of_an_attached_message_have_no_verdict_under_the_outer_sender() -> None:
    attached = b"Content-Type: message/rfc822\r\n\r\n" + mail(SIGNED)
    found = opened(mail(mixed(OTHER, attached)))

    assert [(one.attached, one.signed) for one in found.errant] == [(True, None)]
    assert judged(found).errant == ()
    assert Finding.PARTIAL_SIGNATURE not in found.findings


def test_only_so_many_parts_are_checked_as_there_may_be_layers() -> None:
    found = opened(mail(mixed(*[SIGNED] * 30)))

    assert len(found.errant) == 30
    assert [one.signed is not None for one in found.errant] == [True] * 8 + [False] * 22


def test_a_signature_around_all_of_it_says_that_nothing_is_partial() -> None:
    inner = mixed(SIGNED, FOOTER)
    found = opened(mail(opaque(inner), extra=LIST))

    assert judged(found).summary is CryptographicSummary.VERIFIED
    assert {Finding.LIST_FOOTER, Finding.PARTIAL_SIGNATURE}.isdisjoint(found.findings)


P7S = b"Content-Type: application/octet-stream; name=smime.p7s\r\n\r\n"
EMPTIED = b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n\r\n'
LOST_PARAMETERS = (
    b'Content-Type: multipart/mixed; boundary=m; protocol="application/pkcs7-signature";'
    b" micalg=sha-256\r\n\r\n--m\r\n" + OTHER + b"\r\n--m--\r\n"
)
STRIPPED = [
    pytest.param(parts(TEXT), id="multipart-signed-without-its-signature"),
    pytest.param(parts(TEXT, EMPTIED), id="emptied"),
    pytest.param(parts(TEXT, P7S), id="emptied-and-retyped"),
    pytest.param(parts(TEXT, OTHER), id="replaced-by-a-text"),
    pytest.param(HEAD + b"nur noch Text\r\n", id="without-delimiters"),
    pytest.param(
        b"Content-Type: multipart/signed; boundary=m\r\n\r\n--m\r\n" + TEXT + b"\r\n--m--\r\n",
        id="without-protocol-and-signature",
    ),
    pytest.param(mixed(TEXT, signature()), id="signature-beside-a-text"),
    pytest.param(mixed(TEXT, EMPTIED), id="empty-signature-beside-a-text"),
    pytest.param(mixed(TEXT, P7S + base64.b64encode(b"x")), id="signature-of-another-type"),
    pytest.param(mixed(TEXT, mixed(TEXT, signature(), mark=b"n")), id="deep-inside"),
    pytest.param(
        mixed(TEXT, b"Content-Type: text/plain; name=smime.p7s.txt\r\n\r\nAAAA\r\n"), id="renamed"
    ),
    pytest.param(LOST_PARAMETERS, id="parameters-of-a-signed-mail"),
    pytest.param(b"Content-Type: text/plain; smime-type=signed-data\r\n\r\nText\r\n", id="typed"),
    pytest.param(signature(), id="nothing-but-the-signature"),
]


@pytest.mark.requirement("A6")
@pytest.mark.parametrize("entity", STRIPPED)
def test_a_signature_that_was_taken_off_is_said_to_be_missing(entity: bytes) -> None:
    found = opened(mail(entity))

    assert Finding.SIGNATURE_STRIPPED in found.findings
    assert judged(found).summary is CryptographicSummary.UNPROTECTED


PGP = b'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=m\r\n\r\n'
NOT_STRIPPED = [
    pytest.param(TEXT, id="a-text"),
    pytest.param(SIGNED, id="a-signed-mail"),
    pytest.param(SIGNED.replace(b"Bescheid", b"Gescheid"), id="a-broken-one"),
    pytest.param(opaque(TEXT), id="an-opaque-one"),
    pytest.param(encrypted(TEXT), id="a-closed-one"),
    pytest.param(mixed(SIGNED, FOOTER), id="a-signed-part"),
    pytest.param(parts(TEXT, signature(), OTHER), id="a-signature-and-more"),
    pytest.param(
        mixed(TEXT, b"Content-Type: application/pkcs7-signature; name=a.pdf.p7s\r\n\r\nAAAA\r\n"),
        id="the-signature-of-a-file",
    ),
    pytest.param(PGP + b"--m\r\n" + TEXT + b"\r\n--m--\r\n", id="openpgp"),
    pytest.param(
        mixed(
            OTHER,
            b"Content-Type: message/rfc822\r\n\r\n" + mail(mixed(TEXT, signature(), mark=b"n")),
        ),
        id="in-an-attached-message",
    ),
]


@pytest.mark.parametrize("entity", NOT_STRIPPED)
def test_no_signature_is_missed_where_none_was_taken_off(entity: bytes) -> None:
    assert Finding.SIGNATURE_STRIPPED not in opened(mail(entity)).findings
