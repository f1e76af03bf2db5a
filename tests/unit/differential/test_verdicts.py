"""Signatures changed after they were made: what OpenSSL refuses, we do not call valid.

Both judge the mathematics alone, whoever signed. Every disagreement has a name here.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache

import pytest

from siegel.base import ber, der
from siegel.base.errors import SiegelError
from siegel.base.findings import Finding, Severity, worst
from siegel.base.limits import DEFAULT
from siegel.smime.layers import SignedLayer
from siegel.smime.verify import read_opaque, verify_detached
from tests.unit.differential import libcrypto, material, trees
from tests.unit.differential.libcrypto import Answer, Question
from tests.unit.differential.material import Sample
from tests.unit.differential.trees import Node

EACH = 150
SIGNED_ATTRIBUTES = 0xA0

# What only we accept, by OpenSSL's words about it. None of it touches what was signed.
ONLY_OURS = {
    # one certificate or list that cannot be read must not hide the others
    "a broken certificate or list": (
        "Field=certificates, Type=CMS_SignedData",
        "Field=crls, Type=CMS_SignedData",
    ),
    # RSA and ECDSA have none; what stands there is not looked at
    "parameters that mean nothing": ("Field=parameter, Type=X509_ALGOR",),
    # senders announce one salt length and use another: it is read from the signature
    "PSS with other words about salt or trailer": (
        "salt length check failed",
        "invalid pss parameters",
        "data too large",
    ),
    "an INTEGER with padding": ("illegal padding",),
}
# … and signed attributes sent in BER or unsorted, which OpenSSL accepts once they are in DER
# What only OpenSSL accepts, by our findings
ONLY_THEIRS = {
    Finding.SIGNED_ATTRIBUTES_MISSING,  # the content could be somebody's attributes (Strenzke)
    Finding.SIGNED_ATTRIBUTES_MALFORMED,
    Finding.SIGNING_CERTIFICATE_MISMATCH,  # OpenSSL looks at it only for CAdES
    Finding.ALGORITHM_PROTECTION_MISMATCH,  # RFC 6211, unknown to OpenSSL
    Finding.CONTENT_TYPE_MISMATCH,  # a content that is no message
    Finding.SIGNER_CERTIFICATE_MISSING,  # a certificate that only OpenSSL can read
}


@cache
def _both() -> tuple[tuple[Sample, Answer, SignedLayer | None], ...]:
    samples = list(material.mutated(material.signed(), EACH))
    questions = [Question(one.cms, verify=True, content=one.content) for one in samples]
    answers = libcrypto.ask(questions)
    return tuple(
        (sample, answer, _layer(sample)) for sample, answer in zip(samples, answers, strict=True)
    )


def _layer(sample: Sample) -> SignedLayer | None:
    try:
        if sample.content is not None:
            return verify_detached(sample.cms, [sample.content])
        return read_opaque(sample.cms, (), limits=DEFAULT)[0]
    except SiegelError:
        return None


def _is_valid(layer: SignedLayer | None) -> bool:
    return (
        layer is not None
        and bool(layer.signers)
        and all(one.intact and one.signature_valid for one in layer.signers)
        and worst(_findings(layer)) is not Severity.BAD
    )


def _findings(layer: SignedLayer) -> tuple[Finding, ...]:
    return (*layer.findings, *(one for signer in layer.signers for one in signer.findings))


@pytest.mark.requirement("A6")
def test_what_openssl_refuses_is_never_valid_without_a_named_reason() -> None:
    refused = [
        (sample, _leniency(answer))
        for sample, answer, layer in _both()
        if _is_valid(layer) and not answer.yes
    ]
    unnamed = [sample for sample, name in refused if name is None]

    assert {name for _, name in refused} >= {"a broken certificate or list"}
    assert unnamed
    assert [one.name for one in unnamed if one not in _hold_in_der(unnamed)] == []


def _leniency(answer: Answer) -> str | None:
    for name, words in ONLY_OURS.items():
        if any(word in said for word in words for said in answer.words):
            return name
    return None


def _hold_in_der(samples: Sequence[Sample]) -> list[Sample]:
    """RFC 5652 §5.4: attributes are signed in DER however they are sent; OpenSSL takes them so."""
    questions = [Question(_in_der(one.cms), verify=True, content=one.content) for one in samples]
    answers = libcrypto.ask(questions)
    return [sample for sample, answer in zip(samples, answers, strict=True) if answer.yes]


def _in_der(cms: bytes) -> bytes:
    """With attributes sorted: DER does so with a SET OF, which the tag [0] hides."""
    root = trees.read(ber.to_der(ber.read(cms)))
    for node in root.walk():
        if node.tag == SIGNED_ATTRIBUTES and all(_is_attribute(one) for one in node.nodes):
            node.nodes.sort(key=Node.encode)
    return root.encode()


def _is_attribute(node: Node) -> bool:
    return [one.tag for one in node.nodes] == [der.OID, der.SET]


def test_what_only_openssl_calls_valid_has_a_named_finding() -> None:
    unnamed = [
        (sample.name, _findings(layer))
        for sample, answer, layer in _both()
        if answer.yes and layer is not None and not _is_valid(layer)
        if not ONLY_THEIRS & set(_findings(layer)) and not _has_unreadable_key(layer)
    ]

    assert unnamed == []


def _has_unreadable_key(layer: SignedLayer) -> bool:
    """The public key of a certificate that we cannot use, for an algorithm that we know."""
    return any(one.certificate and one.certificate.public_key is None for one in layer.signers)


def test_the_mutations_reach_both_sides_of_the_verdict() -> None:
    found = Counter((answer.yes, _is_valid(layer)) for _, answer, layer in _both())

    assert len(_both()) == len(material.signed()) * (EACH + 1)
    assert found[True, True] > 300
    assert found[False, False] > 300


def test_unchanged_both_call_them_valid() -> None:
    unchanged = [one for one in _both() if "changed" not in one[0].name]

    assert len(unchanged) == len(material.signed())
    for sample, answer, layer in unchanged:
        assert answer.yes
        assert layer is not None
        attributed = "no attributes" not in sample.name
        assert _is_valid(layer) is attributed, sample.name
        assert attributed or Finding.SIGNED_ATTRIBUTES_MISSING in _findings(layer)
