"""Countersignatures, labels, requests for receipts and receipts: shown, and nothing more."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from siegel.base import der, oids
from siegel.base.buffers import joined
from siegel.base.findings import Finding
from siegel.base.limits import DEFAULT, Limits
from siegel.cms.enveloped import build_enveloped_data
from siegel.cms.signed import parse_signed_data
from siegel.policy.inbound import CryptographicSummary
from siegel.policy.reasons import Reason
from siegel.smime import countersigned
from siegel.smime.countersigned import Countersigned
from siegel.smime.layers import EncryptedLayer, OpenedMessage, SignedLayer, Signer
from siegel.smime.named import MAX_CANDIDATES
from siegel.smime.schemes import recipient_spec
from tests.peers import mime
from tests.unit.cms import forge
from tests.unit.cms.forge import attribute, content_type, message_digest
from tests.unit.cms.people import SCHEMES, Person
from tests.unit.cms.test_ess import label, receipt, request
from tests.unit.smime.mails import NOW, TEXT, certificate, judged, mail, opened
from tests.unit.smime.test_limits import namesakes
from tests.work import Counted
from tests.world import WORLD

VERIFIED = CryptographicSummary.VERIFIED
UNPROTECTED = CryptographicSummary.UNPROTECTED
SCHEME = SCHEMES["rsa2048"]
TIME = attribute(oids.SIGNING_TIME, der.time(NOW))


def writer(name: str) -> Person:
    """Somebody of the world, for the forger."""
    one = WORLD.person(name)
    return Person(one.certificate, one.private_key)


ALICE, BOB, MALLORY = writer("alice"), writer("bob"), writer("mallory")


def signed_data(
    *attributes: bytes,
    unsigned: Sequence[bytes] = (),
    content: bytes = TEXT,
    kind: str = oids.DATA,
    signature: bytes | None = None,
    times: int = 1,
) -> bytes:
    """By Alice, with more attributes than usual, and with everybody's certificates."""
    signed = [content_type(kind), message_digest(content), TIME, *attributes]
    info = forge.signer_info(
        ALICE,
        signed,
        after=der.context(1, *unsigned) if unsigned else b"",
        signature=signature,
    )
    people = [WORLD.person(name) for name in ("alice", "bob", "mallory")]
    certificates = {one for person in people for one in (person.certificate_der, *person.chain)}
    return forge.wrapped(
        der.set_of(forge.SHA256),
        der.sequence(der.oid(kind), der.context(0, der.octet_string(content))),
        der.context(0, *sorted(certificates)),
        der.tlv(der.SET, *[info] * times),
    )


def opaque(blob: bytes) -> bytes:
    return mail(mime.pkcs7_mime(blob, "signed-data"))


def signature_of(*attributes: bytes, content: bytes = TEXT) -> bytes:
    """RSA v1.5 is deterministic: the signature that ``signed_data`` has."""
    return ALICE.sign(
        der.set_of(content_type(), message_digest(content), TIME, *attributes), SCHEME
    )


def countersignatures(*values: bytes) -> bytes:
    return der.sequence(der.oid(oids.COUNTERSIGNATURE), der.tlv(der.SET, *values))


def witness(over: bytes, who: Person = BOB, *, after: bytes = b"") -> bytes:
    return forge.signer_info(who, [message_digest(over), TIME], after=after)


def only_signer(found: OpenedMessage) -> Signer:
    (layer,) = found.signed_layers
    (signer,) = layer.signers
    return signer


# countersignatures


def test_a_countersignature_is_shown_with_its_certificate() -> None:
    unsigned = countersignatures(witness(signature_of()))
    found = opened(opaque(signed_data(unsigned=[unsigned])))
    (one,) = only_signer(found).countersignatures

    assert one.certificate == certificate("bob")
    assert (one.intact, one.signature_valid, one.signing_time) == (True, True, NOW)
    assert one.findings == ()
    assert only_signer(found).findings == (Finding.COUNTERSIGNED,)
    assert judged(found).summary is VERIFIED


BESIDE = {
    "a good one": lambda: witness(signature_of()),
    "one over something else": lambda: witness(b"other"),
    "one of a stranger": lambda: witness(signature_of(), MALLORY),
    "nonsense": der.null,
}


@pytest.mark.parametrize("case", BESIDE)
@pytest.mark.parametrize("times", [1, 30])
def test_nobody_spoils_a_signature_from_outside(case: str, times: int) -> None:
    """Unsigned attributes are anybody's: a mail server on the way could have added them."""
    unsigned = countersignatures(*[BESIDE[case]()] * times)
    found = opened(opaque(signed_data(unsigned=[unsigned])))

    assert judged(found).summary is VERIFIED
    assert Finding.COUNTERSIGNED in judged(found).findings


def test_a_good_countersignature_saves_no_bad_signature() -> None:
    """Alice signed a forged signature over a text of hers: so what."""
    forged = bytes(256)
    unsigned = countersignatures(witness(forged, ALICE))
    found = opened(opaque(signed_data(unsigned=[unsigned], signature=forged)))
    signer = only_signer(found)

    assert [one.signature_valid for one in signer.countersignatures] == [True]
    assert signer.signature_valid is False
    assert judged(found).summary is UNPROTECTED
    assert judged(found).reasons[0] is Reason.SIGNATURE_BROKEN


def test_countersignatures_are_counted_over_all_signers() -> None:
    few = Limits(countersignatures=5)
    unsigned = countersignatures(*[witness(signature_of())] * 3)
    found = opened(opaque(signed_data(unsigned=[unsigned], times=3)), limits=few)
    shown = [
        [one.findings for one in signer.countersignatures]
        for signer in found.signed_layers[0].signers
    ]

    too_many = (Finding.TOO_COMPLEX,)
    assert shown == [[(), (), ()], [(), (), too_many], [too_many]]


def test_countersignatures_cost_no_more_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    unsigned = countersignatures(*[witness(b"other")] * 200)
    raw = opaque(signed_data(unsigned=[unsigned], times=DEFAULT.signers))
    calls = Counted(monkeypatch, countersigned, "check_countersigner")
    opened(raw, certificates=namesakes("bob", 50))

    assert calls.calls == DEFAULT.countersignatures * MAX_CANDIDATES


def test_of_several_certificates_of_one_name_the_right_one_countersigned() -> None:
    unsigned = countersignatures(witness(signature_of()))
    (signer,) = parse_signed_data(signed_data(unsigned=[unsigned])).signers
    for known in permutations([certificate("bob"), *namesakes("bob", 2)]):
        (one,) = Countersigned(known, DEFAULT).of(signer)
        assert (one.certificate, one.findings) == (certificate("bob"), ())


def test_countersignatures_of_countersignatures_are_shown_to_some_depth() -> None:
    after, signature = b"", b""
    signatures = [signature_of()]
    for _ in range(12):
        signed = der.set_of(message_digest(signatures[-1]), TIME)
        signatures.append(BOB.sign(signed, SCHEME))
    for signature in reversed(signatures[:-1]):
        info = witness(signature, after=after)
        after = der.context(1, countersignatures(info))
    found = opened(opaque(signed_data(unsigned=[countersignatures(info)])))
    depth, level = 0, only_signer(found).countersignatures
    while level:
        depth += 1
        last, level = level[0], level[0].countersignatures

    assert 3 <= depth < 12
    assert last.findings == (Finding.SIGNED_ATTRIBUTES_MALFORMED,)
    assert judged(found).summary is VERIFIED


# labels


LABEL = attribute(oids.SECURITY_LABEL, label(der.integer(3), der.utf8_string("nur für den Dienst")))


@pytest.mark.requirement("A61")
def test_a_security_label_is_shown_and_closes_nothing() -> None:
    found = opened(opaque(signed_data(LABEL)))
    said = only_signer(found).services.security_label

    assert said is not None
    assert (said.classification, said.privacy_mark) == (3, "nur für den Dienst")
    assert judged(found).summary is VERIFIED
    assert judged(found).findings == (Finding.SECURITY_LABELLED,)
    assert bytes(found.payload.exact) == TEXT


def test_a_security_label_from_outside_breaks_the_signature() -> None:
    """RFC 2634 §3.1.1: anybody could have added it."""
    found = opened(opaque(signed_data(unsigned=[LABEL])))

    assert only_signer(found).services.security_label is None
    assert judged(found).summary is UNPROTECTED


# receipts


REQUEST = attribute(oids.RECEIPT_REQUEST, request())


def test_a_request_for_a_receipt_is_noted() -> None:
    found = opened(opaque(signed_data(REQUEST)))

    assert found.asking_for_receipts == (only_signer(found),)
    assert Finding.RECEIPT_REQUESTED in found.findings
    assert judged(found).summary is VERIFIED


@pytest.mark.parametrize("content", [receipt(), b"no receipt", b""])
def test_a_signed_receipt_is_no_text(content: bytes) -> None:
    digest = attribute(oids.MESSAGE_SIGNATURE_DIGEST, der.octet_string(bytes(32)))
    blob = signed_data(digest, content=content, kind=oids.RECEIPT)
    found = opened(opaque(blob).replace(b"signed-data", b"signed-receipt"))
    (layer,) = found.signed_layers

    readable = content == receipt()
    assert (layer.receipt is not None) is readable
    assert (Finding.SIGNED_RECEIPT in layer.findings) is readable
    assert Finding.CONTENT_TYPE_MISMATCH in layer.findings
    assert judged(found).summary is UNPROTECTED
    assert found.payload is found.message.root
    if layer.receipt is not None:
        said = (layer.receipt.content_identifier, layer.receipt.signature)
        assert said == (b"id", b"sig")


# triple wrapping (RFC 2634 §1.1)


def triple(inner: Sequence[bytes] = (), outer: Sequence[bytes] = ()) -> bytes:
    """Signed with ``inner``, encrypted to Huber, and signed again with ``outer``."""
    first = mime.pkcs7_mime(signed_data(*inner), "signed-data")
    blob = joined(build_enveloped_data([first], [recipient_spec(certificate("huber"))]))
    return opaque(signed_data(*outer, content=mime.pkcs7_mime(blob, "enveloped-data")))


def test_a_message_wrapped_three_times_is_judged_by_its_innermost_signature() -> None:
    found = opened(triple(), "huber")
    judgement = judged(found)

    kinds = [type(layer) for layer in found.layers]
    assert kinds == [SignedLayer, EncryptedLayer, SignedLayer]
    assert bytes(found.payload.exact) == TEXT
    assert judgement.summary is CryptographicSummary.CONFIDENTIAL
    assert [one.counts for one in judgement.signers] == [False, True]
    assert judgement.signers[0].reasons == (Reason.SIGNED_OUTSIDE_ENCRYPTION,)


def test_a_message_wrapped_three_times_falls_with_its_innermost_signature() -> None:
    inner = mime.pkcs7_mime(signed_data(signature=bytes(256)), "signed-data")
    blob = joined(build_enveloped_data([inner], [recipient_spec(certificate("huber"))]))
    raw = opaque(signed_data(content=mime.pkcs7_mime(blob, "enveloped-data")))

    assert judged(opened(raw, "huber")).summary is CryptographicSummary.ENCRYPTED_UNVERIFIED


@pytest.mark.parametrize(
    ("inner", "outer", "asked"),
    [
        pytest.param([REQUEST], [], True, id="ok/inside"),
        pytest.param([], [REQUEST], False, id="fail/outside"),
        pytest.param([REQUEST], [REQUEST], True, id="ok/both"),
        pytest.param([], [], False, id="fail/nowhere"),
    ],
)
def test_only_the_innermost_signature_asks_for_a_receipt(
    inner: list[bytes], outer: list[bytes], asked: bool
) -> None:
    found = opened(triple(inner, outer), "huber")
    innermost = found.signed_layers[-1].signers

    assert found.asking_for_receipts == (innermost if asked else ())
    assert (Finding.RECEIPT_REQUESTED in judged(found).findings) is asked


def test_a_closed_message_asks_for_what_can_be_seen() -> None:
    """Without the key only the outer signature is there; it is what was added on the way."""
    found = opened(triple([REQUEST], []))

    assert found.asking_for_receipts == ()
