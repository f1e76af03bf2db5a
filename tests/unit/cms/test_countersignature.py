"""Countersignatures: what they are made over, what spoils them, and how many are read."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base import der, oids
from siegel.base.findings import Finding, Severity, worst
from siegel.base.limits import Limits
from siegel.cms.signed import (
    SignerCheck,
    check_countersigner,
    check_signer,
    countersigners,
    parse_signed_data,
)
from tests.unit.cms import forge
from tests.unit.cms.forge import BASE, attribute, content_type, message_digest
from tests.unit.cms.people import NOW, SCHEMES, Person, person
from tests.unit.cms.test_corpora import Shown

AUTHOR, WITNESS = person("rsa2048"), person("p256")
SIGNATURE = AUTHOR.sign(der.set_of(*BASE), SCHEMES["rsa2048"])
TIME = attribute(oids.SIGNING_TIME, der.time(NOW))


def witnessed(
    attributes: Sequence[bytes] | None = None,
    *,
    over: bytes = SIGNATURE,
    after: bytes = b"",
    bare: bool = False,
    signature: bytes | None = None,
) -> bytes:
    """The SignerInfo of the witness; ``bare``: without attributes."""
    return forge.signer_info(
        WITNESS,
        [message_digest(over), TIME] if attributes is None else attributes,
        field=(lambda _: b"") if bare else None,
        signed=over if bare else None,
        signature_algorithm=der.algorithm(oids.ECDSA_SHA256),
        scheme=SCHEMES["p256"],
        signature=signature,
        after=after,
    )


def beside(*values: bytes) -> bytes:
    """The unsigned attributes with these countersignatures."""
    return der.context(1, der.sequence(der.oid(oids.COUNTERSIGNATURE), der.tlv(der.SET, *values)))


def mail(*values: bytes) -> bytes:
    return forge.signed_data(AUTHOR, after=beside(*values))


def checked(data: bytes, who: Person | None = WITNESS) -> list[SignerCheck | None]:
    (signer,) = parse_signed_data(data).signers
    return [
        None if info is None else check_countersigner(info, signer, who)
        for info in countersigners(signer)
    ]


CASES: dict[str, tuple[bytes, bool | None, bool | None, tuple[Finding, ...]]] = {
    "ok/over the signature": (witnessed(), True, True, ()),
    "ok/without a time": (witnessed([message_digest(SIGNATURE)]), True, True, ()),
    "fail/over the content": (
        witnessed(over=forge.CONTENT),
        False,
        True,
        (Finding.DIGEST_MISMATCH,),
    ),
    "fail/over another signature": (
        witnessed(over=SIGNATURE[::-1]),
        False,
        True,
        (Finding.DIGEST_MISMATCH,),
    ),
    "fail/with a contentType": (
        witnessed([content_type(), message_digest(SIGNATURE)]),
        True,
        True,
        (Finding.SIGNED_ATTRIBUTES_MALFORMED,),
    ),
    "fail/without a messageDigest": (
        witnessed([TIME]),
        None,
        True,
        (Finding.SIGNED_ATTRIBUTES_MALFORMED,),
    ),
    "fail/two messageDigests": (
        witnessed([message_digest(SIGNATURE), message_digest()]),
        None,
        True,
        (Finding.SIGNED_ATTRIBUTES_MALFORMED,),
    ),
    "fail/without attributes": (
        witnessed(bare=True),
        True,
        True,
        (Finding.SIGNED_ATTRIBUTES_MISSING,),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_countersignature_is_made_over_the_signature(case: str) -> None:
    info, intact, valid, findings = CASES[case]
    (found,) = checked(mail(info))

    assert found is not None
    assert (found.intact, found.signature_valid, found.findings) == (intact, valid, findings)
    assert (worst(found.findings) is Severity.BAD) is case.startswith("fail/")


def test_what_it_says_is_handed_over() -> None:
    (found,) = checked(mail(witnessed()))

    assert found is not None
    assert (found.signing_time, found.algorithm, found.digest) == (NOW, "ecdsa", "sha256")


def test_the_wrong_certificate_and_none_are_told_apart() -> None:
    (wrong,) = checked(mail(witnessed()), person("p256", 1))
    (missing,) = checked(mail(witnessed()), None)

    assert wrong is not None
    assert missing is not None
    assert (wrong.signature_valid, wrong.findings) == (False, (Finding.SIGNATURE_INVALID,))
    assert missing.findings == (Finding.SIGNER_CERTIFICATE_MISSING,)
    assert missing.signature_valid is None


def test_there_may_be_several_values_and_several_attributes() -> None:
    """RFC 5652 §11.4; other unsigned attributes in between are no countersignatures."""
    one = der.sequence(der.oid(oids.COUNTERSIGNATURE), der.tlv(der.SET, witnessed(), witnessed()))
    other = attribute("1.2.3", witnessed())
    data = forge.signed_data(AUTHOR, after=der.context(1, one, other, one))

    assert [found.intact for found in checked(data) if found] == [True] * 4


def test_countersignatures_change_nothing_about_the_signature() -> None:
    """They stand outside: whoever carries the mail can add good ones, bad ones and nonsense."""
    for values in ((), (witnessed(),), (witnessed(over=b"other"),), (der.null(),)):
        view = parse_signed_data(mail(*values))
        found = check_signer(view, view.signers[0], None, AUTHOR)
        assert (found.intact, found.signature_valid, found.findings) == (True, True, ())


BROKEN = [
    der.null(),
    der.sequence(),
    der.octet_string(witnessed()),
    der.sequence(der.integer(1)),
]


@pytest.mark.parametrize("value", BROKEN, ids=[str(n) for n in range(len(BROKEN))])
def test_what_cannot_be_read_hides_no_other(value: bytes) -> None:
    found = checked(mail(value, witnessed()))

    assert None in found
    assert [one.intact for one in found if one] == [True]


def test_values_that_cannot_be_told_apart_are_malformed() -> None:
    data = mail(b"\x30\x80" + witnessed()[4:])
    view = parse_signed_data(data)

    assert checked(data) == []
    found = check_signer(view, view.signers[0], None, AUTHOR)
    assert found.findings == (Finding.SIGNED_ATTRIBUTES_MALFORMED,)


def test_attributes_of_a_countersigner_are_bounded() -> None:
    (signer,) = parse_signed_data(mail(witnessed())).signers

    assert list(countersigners(signer, limits=Limits(attributes=1))) == [None]
    assert None not in list(countersigners(signer, limits=Limits(attributes=2)))


def test_a_countersignature_can_be_countersigned() -> None:
    attributes = [message_digest(SIGNATURE), TIME]
    signature = WITNESS.sign(der.set_of(*attributes), SCHEMES["p256"])
    outer = beside(witnessed(over=signature))
    inner = witnessed(attributes, signature=signature, after=outer)
    (signer,) = parse_signed_data(mail(inner)).signers
    (first,) = countersigners(signer)
    assert first is not None
    (second,) = countersigners(first)
    assert second is not None

    assert check_countersigner(first, signer, WITNESS).findings == ()
    assert check_countersigner(second, first, WITNESS).findings == ()
    assert check_countersigner(second, signer, WITNESS).findings == (Finding.DIGEST_MISMATCH,)


@given(st.binary(max_size=200))
def test_arbitrary_octets_are_read_or_called_unreadable(value: bytes) -> None:
    data = forge.signed_data(AUTHOR, after=beside(der.octet_string(value), der.sequence(value)))
    (signer,) = parse_signed_data(data).signers
    for info in countersigners(signer):
        if info is not None:
            assert check_countersigner(info, signer, WITNESS).signature_valid is not True


def test_the_countersignature_of_rfc_4134_holds(corpora: Path) -> None:
    """Example 4.4: Alice signed with DSA, and her signature with her other key."""
    place = corpora / "rfc4134"
    (signer,) = parse_signed_data((place / "4.4.bin").read_bytes()).signers
    (info,) = countersigners(signer)
    assert info is not None
    alice = Shown((place / "AliceRSASignByCarl.cer").read_bytes())
    found = check_countersigner(info, signer, alice)

    assert info.identifier == alice.issuer_and_serial
    assert (found.intact, found.signature_valid, found.weak) == (True, True, True)
    assert set(found.findings) == {Finding.WEAK_DIGEST, Finding.WEAK_SIGNATURE_KEY}
