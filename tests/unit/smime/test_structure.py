"""Structures that try to show one text and have another one signed (RFC 1847, 8551, 9787)."""

import base64
import hashlib

import pytest

from siegel.base import oids
from siegel.base.buffers import joined
from siegel.base.findings import Finding
from siegel.cms.signed import SignerSpec, build_signed_data
from siegel.policy.inbound import CryptographicSummary
from siegel.smime.layers import ErrantLayer, OpenedMessage, SignedLayer
from tests.peers import mime
from tests.unit.smime import mails
from tests.unit.smime.mails import MAIL, NOW, TEXT, identity, judged, mail, opened

VERIFIED = CryptographicSummary.VERIFIED
UNPROTECTED = CryptographicSummary.UNPROTECTED
OTHER = b"Content-Type: text/plain\r\n\r\nUeberweisen Sie sofort.\r\n"
HEAD = (
    b'Content-Type: multipart/signed; protocol="application/pkcs7-signature";'
    b' micalg=sha-256; boundary="b"\r\n\r\n'
)
SIGNATURE_HEAD = (
    b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n"
)


def cms(
    content: bytes = TEXT,
    *names: str,
    detached: bool = True,
    content_type: str = oids.DATA,
    certificates: bool = True,
) -> bytes:
    identities = [identity(name) for name in names or ("alice",)]
    specs = [
        SignerSpec(key=one.key, scheme=one.scheme, signing_time=NOW, encryption_certificate=None)
        for one in identities
    ]
    chain = [der for one in identities for der in one.chain] if certificates else []
    return joined(
        build_signed_data(
            [content], None, specs, chain, detached=detached, content_type=content_type
        )
    )


def lines_of(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


def signature(blob: bytes | None = None) -> bytes:
    return SIGNATURE_HEAD + lines_of(cms() if blob is None else blob).rstrip(b"\r\n")


def parts(
    *bodies: bytes,
    head: bytes = HEAD,
    before: bytes = b"",
    after: bytes = b"",
    mark: bytes = b"b",
) -> bytes:
    inside = b"".join(b"--" + mark + b"\r\n" + body + b"\r\n" for body in bodies)
    head = head.replace(b'boundary="b"', b'boundary="' + mark + b'"')
    return head + before + inside + b"--" + mark + b"--\r\n" + after


def is_green(found: OpenedMessage) -> bool:
    return judged(found).summary is not UNPROTECTED


def test_the_plain_shape_is_verified() -> None:
    found = opened(mail(parts(TEXT, signature())))

    assert judged(found).summary is VERIFIED
    assert bytes(found.payload.exact) == TEXT


PROTOCOL = b' protocol="application/pkcs7-signature";'
HEADS = [
    pytest.param(HEAD.replace(PROTOCOL, b""), id="ok/no-protocol"),
    pytest.param(HEAD.replace(b"pkcs7-signature", b"x-pkcs7-signature"), id="ok/x-protocol"),
    pytest.param(HEAD.replace(PROTOCOL, PROTOCOL.upper()), id="ok/upper-case"),
    pytest.param(HEAD.replace(b" micalg=sha-256;", b""), id="ok/no-micalg"),
    pytest.param(HEAD.replace(b"sha-256", b"md5"), id="ok/wrong-micalg"),
    pytest.param(HEAD.replace(b"sha-256", b"sha256"), id="ok/old-micalg"),
    pytest.param(HEAD.replace(b'"application/pkcs7-signature"', b"application/pkcs7-signature"),
                 id="ok/protocol-without-quotes"),
]  # fmt: skip


@pytest.mark.requirement("A11")
@pytest.mark.parametrize("head", HEADS)
def test_habits_of_other_programs_are_understood(head: bytes) -> None:
    found = opened(mail(parts(TEXT, signature(), head=head)))

    assert judged(found).summary is VERIFIED
    assert bytes(found.payload.exact) == TEXT


@pytest.mark.parametrize(
    "media",
    [
        b"application/x-pkcs7-signature",
        b"Application/PKCS7-Signature",
        b"application/octet-stream",
    ],
)
def test_with_a_protocol_the_second_part_may_have_several_types(media: bytes) -> None:
    second = signature().replace(b"application/pkcs7-signature", media)

    assert judged(opened(mail(parts(TEXT, second)))).summary is VERIFIED


SHOWN = [
    pytest.param(b"Content-Type: text/plain", id="fail/text"),
    pytest.param(b"Content-Type: text/html", id="fail/html"),
    pytest.param(b"Content-Type: multipart/mixed; boundary=x", id="fail/multipart"),
    pytest.param(b"X-None: 1", id="fail/no-type"),
    pytest.param(
        b"Content-Type: application/pkcs7-signature\r\nContent-Type: text/html", id="fail/two"
    ),
    pytest.param(
        b"Content-Type: application/pkcs7-signature\r\nno field\r\nContent-Type: text/html",
        id="fail/broken-line",
    ),
]


@pytest.mark.requirement("A6", "A18")
@pytest.mark.parametrize("header", SHOWN)
def test_a_second_part_that_a_program_would_show_is_never_green(header: bytes) -> None:
    """Octets behind the signature are passed over: they could be anybody's text."""
    body = lines_of(cms() + b"<p>Ueberweisen Sie sofort.</p>").rstrip(b"\r\n")
    second = header + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body
    found = opened(mail(parts(TEXT, second)))

    assert not is_green(found)
    assert Finding.MALFORMED in found.findings


HEADER_ENDS = [
    pytest.param(b"Ueberweisen Sie sofort!\r\n", id="fail/line-without-name"),
    pytest.param(b"Ueberweisen Sie: sofort!\r\n", id="fail/blank-in-name"),
    pytest.param(b"X-Text : sofort!\r\n", id="fail/blank-before-colon"),
    pytest.param("Überweisen: sofort!\r\n".encode(), id="fail/foreign-name"),
    pytest.param(b"Content-Transfer-Encoding: base64\r\n", id="fail/encoded-multipart"),
]


@pytest.mark.requirement("A6", "A18")
@pytest.mark.parametrize("line", HEADER_ENDS)
def test_a_header_that_some_see_end_early_is_never_green(line: bytes) -> None:
    """They would show the rest of it as the text of the message."""
    found = opened(mail(line + parts(TEXT, signature())))

    assert not is_green(found)
    assert Finding.MALFORMED in found.findings


def test_the_first_line_of_a_mailbox_file_ends_no_header() -> None:
    raw = b"From alice@office.example Sat Nov 21 12:00:00 2026\r\n" + mail(parts(TEXT, signature()))

    assert judged(opened(raw)).summary is VERIFIED


WRONG_SHAPES = [
    pytest.param(lambda: parts(TEXT), (), id="fail/one-part"),
    pytest.param(lambda: parts(signature()), ("signature",), id="fail/only-signature"),
    pytest.param(lambda: parts(TEXT, signature(), OTHER), ("signature",), id="fail/three-parts"),
    pytest.param(lambda: parts(OTHER, TEXT, signature()), ("signature",), id="fail/part-before"),
    pytest.param(lambda: parts(TEXT, OTHER, signature()), ("signature",), id="fail/part-between"),
    pytest.param(
        lambda: parts(TEXT, signature(), signature()), ("signature",) * 2, id="fail/two-signatures"
    ),
    pytest.param(lambda: parts(signature(), TEXT), ("signature",), id="fail/signature-first"),
    pytest.param(lambda: parts(TEXT, OTHER), (), id="fail/no-signature"),
    pytest.param(lambda: HEAD + b"no delimiter at all\r\n", (), id="fail/no-delimiter"),
    pytest.param(lambda: parts(TEXT, signature(b"")), ("signature",), id="fail/empty-signature"),
    pytest.param(
        lambda: parts(TEXT, signature(cms()[:-100])), ("signature",), id="fail/cut-signature"
    ),
]


@pytest.mark.parametrize(("entity", "errant"), WRONG_SHAPES)
def test_a_multipart_signed_of_another_shape_is_malformed(
    entity: object, errant: tuple[str, ...]
) -> None:
    assert callable(entity)
    found = opened(mail(entity()))

    assert found.layers == ()
    assert Finding.MALFORMED in found.findings
    assert tuple(layer.kind for layer in found.errant) == errant
    assert not is_green(found)


@pytest.mark.parametrize(
    "protocol",
    [b"application/pgp-signature", b"application/pkcs7-signature2", b"text/plain", b"x"],
)
def test_another_protocol_is_not_ours(protocol: bytes) -> None:
    head = HEAD.replace(b"application/pkcs7-signature", protocol)

    found = opened(mail(parts(TEXT, signature(), head=head)))

    assert found.layers == ()
    assert found.errant == (ErrantLayer(path="2", kind="signature"),)
    assert not is_green(found)


@pytest.mark.requirement("A6", "A19")
@pytest.mark.parametrize("noise", [b"Ueberweisen Sie sofort.\r\n", b"<b>x</b>\r\n\r\n", b"\r\n"])
def test_text_around_the_parts_never_belongs_to_what_was_signed(noise: bytes) -> None:
    before = opened(mail(parts(TEXT, signature(), before=noise)))
    after = opened(mail(parts(TEXT, signature(), after=noise)))

    for found in (before, after):
        assert bytes(found.payload.exact) == TEXT
        assert judged(found).summary is VERIFIED


@pytest.mark.requirement("A6")
def test_what_a_careless_reader_takes_for_a_further_part_is_never_green() -> None:
    again = parts(TEXT, signature(), after=b"\r\n--b\r\n" + OTHER + b"\r\n--b--\r\n")
    longer = parts(TEXT, signature(), before=b"--bb\r\n" + OTHER + b"\r\n")

    assert not any(is_green(opened(mail(entity))) for entity in (again, longer))


def test_a_header_of_the_signed_part_belongs_to_what_was_signed() -> None:
    changed = TEXT.replace(b"us-ascii", b"utf-7")

    found = opened(mail(parts(changed, signature(cms(TEXT)))))

    assert found.signed_layers[0].signers[0].findings == (Finding.DIGEST_MISMATCH,)
    assert not is_green(found)


def test_a_signature_in_a_signature_is_one_layer_each() -> None:
    inner = parts(TEXT, signature())
    outer = parts(inner, signature(cms(inner, "dana")), mark=b"outer")

    found = opened(mail(outer))

    assert [type(layer) for layer in found.layers] == [SignedLayer, SignedLayer]
    assert bytes(found.payload.exact) == TEXT
    judgement = judged(found)
    assert [one.counts for one in judgement.signers] == [False, True]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(b"Content-Type: text/plain", id="fail/other-type-after"),
        pytest.param(b'Content-Type: multipart/mixed; boundary="c"', id="fail/other-boundary"),
        pytest.param(b"Content-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: base64",
                     id="fail/two-encodings"),
    ],
)  # fmt: skip
def test_a_message_that_two_programs_read_differently_is_not_opened(second: bytes) -> None:
    for raw in (
        mail(parts(TEXT, signature()), extra=second + b"\r\n"),
        mail(parts(TEXT, signature(), head=HEAD[:-2] + second + b"\r\n\r\n")),
    ):
        found = opened(raw)
        assert found.layers == ()
        assert not is_green(found)


def test_two_boundaries_in_one_field_are_not_chosen_from() -> None:
    head = HEAD.replace(b'boundary="b"', b'boundary="b"; boundary="c"')

    found = opened(mail(parts(TEXT, signature(), head=head)))

    assert found.layers == ()
    assert found.findings[0] is Finding.MALFORMED


def test_the_same_field_twice_is_no_contradiction() -> None:
    raw = mail(parts(TEXT, signature()), extra=HEAD[:-2])

    assert judged(opened(raw)).summary is VERIFIED


# content inside and outside of a signature


@pytest.mark.requirement("A6")
@pytest.mark.parametrize("outside", [TEXT, OTHER], ids=["the-same", "another"])
def test_content_inside_a_detached_signature_is_never_green(outside: bytes) -> None:
    found = opened(mail(parts(outside, signature(cms(detached=False)))))

    (layer,) = found.signed_layers
    assert layer.findings == (Finding.DUPLICATE_CONTENT,)
    assert layer.signers[0].intact is False
    assert Finding.DUPLICATE_CONTENT in layer.signers[0].findings
    assert bytes(found.payload.exact) == outside
    assert not is_green(found)


def test_an_opaque_message_without_its_content_is_never_green() -> None:
    found = opened(mail(mime.pkcs7_mime(cms(), "signed-data")))

    (layer,) = found.signed_layers
    assert layer.findings == (Finding.CONTENT_MISSING,)
    assert not is_green(found)


@pytest.mark.parametrize(
    "content_type", [oids.SIGNED_DATA, oids.ENVELOPED_DATA, "1.2.840.113549.1.9.16.1.1"]
)
@pytest.mark.parametrize("detached", [True, False])
def test_a_signature_of_something_that_is_no_mail_is_never_green(
    content_type: str, detached: bool
) -> None:
    """RFC 8551 §2.4.2; the last one is a signed receipt (RFC 2634)."""
    blob = cms(content_type=content_type, detached=detached)
    entity = parts(TEXT, signature(blob)) if detached else mime.pkcs7_mime(blob, "signed-data")

    found = opened(mail(entity))

    assert found.signed_layers[0].findings == (Finding.CONTENT_TYPE_MISMATCH,)
    assert found.signed_layers[0].signers[0].signature_valid is True
    assert not is_green(found)


@pytest.mark.parametrize("detached", [True, False])
def test_a_signed_message_without_signer_is_never_green(detached: bool) -> None:
    chain = identity("alice").chain
    content = None if detached else [TEXT]
    blob = joined(build_signed_data(content, None, [], chain, detached=detached))
    entity = parts(TEXT, signature(blob)) if detached else mime.pkcs7_mime(blob, "signed-data")

    found = opened(mail(entity))

    (layer,) = found.signed_layers
    assert layer.findings == (Finding.NO_SIGNER,)
    assert layer.signers == ()
    assert not is_green(found)


def test_certificates_alone_are_named_and_protect_nothing() -> None:
    blob = joined(build_signed_data(None, None, [], identity("alice").chain, detached=True))

    found = opened(mail(mime.pkcs7_mime(blob, "certs-only")))

    assert found.findings == (Finding.CERTIFICATES_ONLY,)
    assert {c.der for c in found.certificates} == set(identity("alice").chain)
    assert not is_green(found)


# names and types of the wrapping


WRAPPINGS = [
    pytest.param(b"application/pkcs7-mime; smime-type=signed-data", b"", id="ok/standard"),
    pytest.param(b"application/x-pkcs7-mime; smime-type=signed-data", b"", id="ok/x-type"),
    pytest.param(b"application/pkcs7-mime", b"", id="ok/no-smime-type"),
    pytest.param(b"application/pkcs7-mime; smime-type=enveloped-data", b"", id="ok/wrong-hint"),
    pytest.param(b"application/octet-stream; name=smime.p7m", b"", id="ok/name"),
    pytest.param(b'application/octet-stream; name="SMIME.P7M"', b"", id="ok/upper-case-name"),
    pytest.param(
        b"application/octet-stream",
        b"Content-Disposition: attachment; filename=smime.p7m\r\n",
        id="ok/file-name",
    ),
]


@pytest.mark.requirement("A11")
@pytest.mark.parametrize(("kind", "field"), WRAPPINGS)
def test_an_opaque_message_is_recognised_by_type_and_name(kind: bytes, field: bytes) -> None:
    head = b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n" + field
    raw = mail(head + b"\r\n" + lines_of(cms(detached=False)))

    found = opened(raw)

    assert judged(found).summary is VERIFIED
    assert bytes(found.payload.exact) == TEXT


@pytest.mark.parametrize("encoding", [b"binary", b"8bit"])
def test_an_opaque_message_may_be_binary(encoding: bytes) -> None:
    head = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: " + encoding

    found = opened(mail(head + b"\r\n\r\n" + cms(detached=False)))

    assert judged(found).summary is VERIFIED


@pytest.mark.parametrize(
    "kind",
    [
        b"application/pdf; name=smime.p7m",
        b"text/plain",
    ],
)
def test_other_types_are_no_protection(kind: bytes) -> None:
    head = b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"

    found = opened(mail(head + lines_of(cms(detached=False))))

    assert found.layers == ()
    assert found.findings == ()


# what stores do to mail


@pytest.mark.requirement("A19")
def test_mail_from_a_store_with_bare_line_feeds_verifies() -> None:
    found = opened(mails.signed_mail("alice").replace(b"\r\n", b"\n"))

    (layer,) = found.signed_layers
    assert layer.signers[0].findings == ()
    assert judged(found).summary is VERIFIED
    assert bytes(found.payload.exact) == TEXT.replace(b"\r\n", b"\n")


@pytest.mark.requirement("A6")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"Ein Bescheid.", b"Ein Bescheid. ", id="fail/blank-added"),
        pytest.param(b"Ein Bescheid.", b"Kein Bescheid.", id="fail/text"),
        pytest.param(b"Ein Bescheid.\r\n", b"Ein Bescheid.\r", id="fail/bare-cr"),
        pytest.param(b"Ein Bescheid.\r\n", b"Ein Bescheid.\r\n\r\n", id="fail/line-added"),
        pytest.param(b"us-ascii", b"US-ASCII", id="fail/header-case"),
    ],
)
@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"], ids=["crlf", "lf"])
def test_every_other_change_is_seen(old: bytes, new: bytes, line_end: bytes) -> None:
    raw = mails.signed_mail("alice")
    assert old in raw

    found = opened(raw.replace(old, new).replace(b"\r\n", line_end))

    assert Finding.DIGEST_MISMATCH in found.signed_layers[0].signers[0].findings
    assert not is_green(found)


@pytest.mark.requirement("A6")
def test_blanks_that_a_server_took_away_are_a_change() -> None:
    text = b"Content-Type: text/plain\r\n\r\nZeile  \r\n"
    whole = mail(parts(text, signature(cms(text))))

    assert judged(opened(whole)).summary is VERIFIED
    found = opened(whole.replace(b"Zeile  \r\n", b"Zeile\r\n"))

    assert found.signed_layers[0].signers[0].findings == (Finding.DIGEST_MISMATCH,)


def test_inside_a_signature_line_ends_are_what_they_are() -> None:
    """No store can have changed them: what does not fit is a change."""
    stored = cms(TEXT, detached=False).replace(TEXT, TEXT[:-2] + b"\n\n")

    found = opened(mail(mime.pkcs7_mime(stored, "signed-data")))

    assert found.signed_layers[0].signers[0].findings == (Finding.DIGEST_MISMATCH,)


# who signed


def test_a_signature_without_its_certificate_is_checked_with_a_known_one() -> None:
    raw = mail(parts(TEXT, signature(cms(certificates=False))))

    unknown = opened(raw)
    known = opened(raw, certificates=[mails.certificate("bob"), mails.certificate("alice")])

    assert Finding.SIGNER_CERTIFICATE_MISSING in unknown.signed_layers[0].signers[0].findings
    assert not is_green(unknown)
    assert judged(known).summary is VERIFIED


def test_payload_is_exactly_what_was_signed_and_opened() -> None:
    clear, sealed = mails.signed_mail("alice"), mails.sealed_mail("alice", "bob")

    digest = hashlib.sha256(TEXT).hexdigest()

    assert hashlib.sha256(opened(clear).payload.exact).hexdigest() == digest
    assert hashlib.sha256(opened(sealed, "bob").payload.exact).hexdigest() == digest
    assert bytes(opened(sealed).payload.exact) == sealed
    assert bytes(opened(MAIL).payload.exact) == MAIL
