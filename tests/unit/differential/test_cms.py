"""Changed CMS objects: who reads them, and do two readers see the same in them?

Acceptance beside OpenSSL, values beside asn1crypto. Our readers look at what they need and keep
the rest as octets; OpenSSL reads everything at once. Every disagreement has a name here.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest
from asn1crypto import cms as other

from siegel.base import ber
from siegel.base.buffers import joined
from siegel.base.errors import SiegelError
from siegel.cms.enveloped import parse_enveloped
from siegel.cms.signed import parse_signed_data
from tests.unit.differential import libcrypto, material
from tests.unit.differential.libcrypto import Answer, Question
from tests.unit.differential.material import Sample

EACH = 130

# What only we read: the outermost field in which OpenSSL found a fault
KEPT_AS_OCTETS = {
    "version": "says nothing that the fields do not",
    "certificates": "each is parsed alone, so that a broken one does not hide the others",
    "crls": "likewise",
    "signerInfos": "names, parameters and unsigned attributes are read when they are needed",
    "recipientInfos": "likewise; kinds that nobody knows are skipped",
    "encryptedContentInfo": "parameters of a cipher that nobody knows are not read",
    "unprotectedAttrs": "nothing in them is used",
    "unauthAttrs": "likewise",
    "originatorInfo": "likewise",
}

# What only OpenSSL reads, by our words
ONLY_THEIRS = {
    "another content type": re.compile(r"CMS content type [\d.]+ where another belongs"),
    "a field in pieces or of a type that only its user would refuse": re.compile(
        r"ASN\.1 tag 0x[0-9a-f]{2} where 0x[0-9a-f]{2} belongs"
    ),
    "parameters that the cipher does not have": re.compile(
        r"initialisation vector|[Pp]arameters|no AlgorithmIdentifier"
    ),
    "octets that X.690 forbids, in a field that OpenSSL does not look into": re.compile(
        r"INTEGER without octets|OBJECT IDENTIFIER|segment of another type"
    ),
    "content that is elsewhere": re.compile(r"no EncryptedContentInfo with content"),
}

Reader = Callable[[bytes], object]
KINDS: dict[str, tuple[Callable[[], tuple[Sample, ...]], Reader]] = {
    "signed": (material.signed, parse_signed_data),
    "enveloped": (material.enveloped, parse_enveloped),
}


@cache
def _both(kind: str) -> tuple[tuple[Sample, Answer, str | None], ...]:
    """(input, what OpenSSL says, our error)."""
    make, reader = KINDS[kind]
    samples = list(material.mutated(make(), EACH))
    answers = libcrypto.ask([Question(one.cms) for one in samples])
    return tuple(
        (sample, answer, _error(reader, sample.cms))
        for sample, answer in zip(samples, answers, strict=True)
    )


def _error(reader: Reader, cms: bytes) -> str | None:
    try:
        reader(cms)
    except SiegelError as error:
        return f"{error.code}: {error}"
    return None


@pytest.mark.parametrize("kind", KINDS)
def test_what_only_we_read_has_its_fault_where_we_keep_octets(kind: str) -> None:
    fields = Counter(
        _outermost_field(answer)
        for _, answer, error in _both(kind)
        if error is None and not answer.yes
    )

    assert set(fields) <= set(KEPT_AS_OCTETS)


def _outermost_field(answer: Answer) -> str:
    found = [re.search(r"Field=(\w+), Type=CMS_(?!ContentInfo)\w+", one) for one in answer.words]
    named = [match[1] for match in found if match]
    return named[-1] if named else "the whole"


@pytest.mark.parametrize("kind", KINDS)
def test_what_only_openssl_reads_is_refused_with_a_named_reason(kind: str) -> None:
    unnamed = [
        error
        for _, answer, error in _both(kind)
        if error is not None and answer.yes
        if not any(pattern.search(error) for pattern in ONLY_THEIRS.values())
    ]

    assert unnamed == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_mutations_reach_both_sides(kind: str) -> None:
    found = Counter((answer.yes, error is None) for _, answer, error in _both(kind))

    assert found[True, True] > 300
    assert found[False, False] > 50


def test_asn1crypto_sees_the_same_content_certificates_and_signatures() -> None:
    compared = 0
    for sample, _, error in _both("signed"):
        theirs = _their_signed_data(sample.cms) if error is None else None
        if theirs is not None:
            compared += 1
            assert _our_signed_data(sample.cms) == theirs, sample.name

    assert compared > 600


SignedValues = tuple[bytes | None, list[bytes], list[bytes]]


def _our_signed_data(cms: bytes) -> SignedValues:
    view = parse_signed_data(cms)
    content = None if view.content is None else bytes(joined(view.content))
    certificates = [bytes(ber.read(one).content) for one in view.certificates]
    return content, certificates, [bytes(one.signature) for one in view.signers]


def _their_signed_data(cms: bytes) -> SignedValues | None:
    """None where asn1crypto cannot read as far as this."""
    try:
        signed = other.ContentInfo.load(cms)["content"]
        inside = signed["encap_content_info"]["content"]
        return (
            inside.native if inside else None,
            [one.chosen.contents for one in signed["certificates"] if one.name == "certificate"],
            [one["signature"].native for one in signed["signer_infos"]],
        )
    except (ValueError, TypeError, KeyError):
        return None


def test_asn1crypto_sees_the_same_recipients_and_ciphertext() -> None:
    compared = 0
    for sample, _, error in _both("enveloped"):
        theirs = _their_enveloped(sample.cms) if error is None else None
        if theirs is not None:
            compared += 1
            assert _our_enveloped(sample.cms) == theirs, sample.name

    assert compared > 300


EnvelopedValues = tuple[int, bytes]


def _our_enveloped(cms: bytes) -> EnvelopedValues:
    view = parse_enveloped(cms)
    return len(view.recipients), b"".join(view.content)


def _their_enveloped(cms: bytes) -> EnvelopedValues | None:
    try:
        whole = other.ContentInfo.load(cms)
        enveloped = whole["content"]
        info = enveloped[
            "auth_encrypted_content_info"
            if whole["content_type"].native == "authenticated_enveloped_data"
            else "encrypted_content_info"
        ]
        content = info["encrypted_content"].native
        return len(enveloped["recipient_infos"]), content
    except (ValueError, TypeError, KeyError):
        return None
