"""What a signer says besides the text (RFC 2634): read whole, or called unreadable."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base import ber, der, oids
from siegel.base.errors import MalformedMessage
from siegel.base.findings import Finding
from siegel.base.keys import IssuerAndSerial
from siegel.cms.ess import (
    MAX_CATEGORIES,
    MAX_EXPANSIONS,
    MAX_LABELS,
    MAX_RECEIPTS_TO,
    NOTHING_SAID,
    ContentHints,
    ContentReference,
    Expansion,
    Receipt,
    ReceiptRequest,
    SecurityLabel,
    Services,
    read_receipt,
    read_services,
)
from siegel.cms.signed import check_signer, parse_signed_data
from tests.unit.cms import forge
from tests.unit.cms.forge import BASE, attribute
from tests.unit.cms.people import person

WHO = person("rsa2048")
POLICY = der.oid("1.2.840.113549.1.9.16.7.1")


def said(*attributes: bytes) -> tuple[Services, tuple[Finding, ...]]:
    view = parse_signed_data(forge.signed_data(WHO, [*BASE, *attributes]))
    found = check_signer(view, view.signers[0], None, WHO)
    assert (found.intact, found.signature_valid) == (True, True)
    return found.services, found.findings


def mailbox(address: str) -> bytes:
    """GeneralNames of one rfc822Name."""
    return der.sequence(der.context(1, address.encode(), constructed=False))


def request(
    wanted: bytes = der.context(0, b"\x00", constructed=False),
    *send_to: bytes,
    identifier: bytes = b"id",
) -> bytes:
    places = send_to or (mailbox("alice@office.example"),)
    return der.sequence(der.octet_string(identifier), wanted, der.sequence(*places))


def label(*fields: bytes, policy: bytes = POLICY) -> bytes:
    return der.tlv(der.SET, policy, *fields)


def category(oid: str) -> bytes:
    inside = der.oid(oid)
    return der.sequence(b"\x80" + inside[1:], der.context(1, der.utf8_string("x")))


def history(*entries: bytes) -> bytes:
    return der.sequence(*entries)


def expansion(at: bytes = b"20261121120000Z") -> bytes:
    return der.sequence(der.octet_string(b"list"), der.tlv(der.GENERALIZED_TIME, at))


MOMENT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NAME = der.sequence(der.tlv(der.SET, der.sequence(der.oid("2.5.4.3"), der.utf8_string("List"))))
READ: dict[str, tuple[str, bytes, Services]] = {
    "receipts from all": (
        oids.RECEIPT_REQUEST,
        request(),
        Services(
            receipt_request=ReceiptRequest(
                content_identifier=b"id",
                wanted_from=None,
                first_tier_only=False,
                send_to=("alice@office.example",),
            )
        ),
    ),
    "receipts from the first tier": (
        oids.RECEIPT_REQUEST,
        request(der.context(0, b"\x01", constructed=False)),
        Services(
            receipt_request=ReceiptRequest(
                content_identifier=b"id",
                wanted_from=None,
                first_tier_only=True,
                send_to=("alice@office.example",),
            )
        ),
    ),
    "receipts from some to several": (
        oids.RECEIPT_REQUEST,
        request(
            der.context(1, mailbox("bob@office.example")),
            mailbox("a@office.example"),
            der.sequence(der.context(2, b"host", constructed=False)),
            mailbox("b@office.example"),
        ),
        Services(
            receipt_request=ReceiptRequest(
                content_identifier=b"id",
                wanted_from=("bob@office.example",),
                first_tier_only=False,
                send_to=("a@office.example", "b@office.example"),
            )
        ),
    ),
    "a label of a policy alone": (
        oids.SECURITY_LABEL,
        label(),
        Services(
            security_label=SecurityLabel(
                policy="1.2.840.113549.1.9.16.7.1",
                classification=None,
                privacy_mark=None,
                categories=(),
            )
        ),
    ),
    "a label of everything, in another order": (
        oids.SECURITY_LABEL,
        label(
            der.tlv(der.SET, category("1.2.3"), category("1.2.4")),
            der.utf8_string("nur für den Dienst"),
            der.integer(256),
        ),
        Services(
            security_label=SecurityLabel(
                policy="1.2.840.113549.1.9.16.7.1",
                classification=256,
                privacy_mark="nur für den Dienst",
                categories=("1.2.3", "1.2.4"),
            )
        ),
    ),
    "a label with a PrintableString": (
        oids.SECURITY_LABEL,
        label(der.integer(0), der.tlv(0x13, b"PRIVACY MARK")),
        Services(
            security_label=SecurityLabel(
                policy="1.2.840.113549.1.9.16.7.1",
                classification=0,
                privacy_mark="PRIVACY MARK",
                categories=(),
            )
        ),
    ),
    "hints": (
        oids.CONTENT_HINT,
        der.sequence(der.utf8_string("Bescheid"), der.oid(oids.DATA)),
        Services(content_hints=ContentHints(description="Bescheid", content_type=oids.DATA)),
    ),
    "hints without description": (
        oids.CONTENT_HINT,
        der.sequence(der.oid(oids.DATA)),
        Services(content_hints=ContentHints(description=None, content_type=oids.DATA)),
    ),
    "an identifier": (
        oids.CONTENT_IDENTIFIER,
        der.octet_string(b"id"),
        Services(content_identifier=b"id"),
    ),
    "a reference": (
        oids.CONTENT_REFERENCE,
        der.sequence(der.oid(oids.DATA), der.octet_string(b"id"), der.octet_string(b"sig")),
        Services(
            content_reference=ContentReference(
                content_type=oids.DATA, content_identifier=b"id", signature=b"sig"
            )
        ),
    ),
    "a mailing list by its key": (
        oids.EXPANSION_HISTORY,
        history(expansion()),
        Services(expansion_history=(Expansion(mailing_list=b"list", at=MOMENT),)),
    ),
    "a mailing list by its certificate, with a receipt policy": (
        oids.EXPANSION_HISTORY,
        history(
            der.sequence(
                der.sequence(NAME, der.integer(7)),
                der.tlv(der.GENERALIZED_TIME, b"20261121120000Z"),
                der.context(0, b"", constructed=False),
            )
        ),
        Services(expansion_history=(Expansion(mailing_list=IssuerAndSerial(NAME, 7), at=MOMENT),)),
    ),
    "the digest of a receipt": (
        oids.MESSAGE_SIGNATURE_DIGEST,
        der.octet_string(bytes(32)),
        Services(message_signature_digest=bytes(32)),
    ),
}


@pytest.mark.parametrize("case", READ)
def test_what_is_said_is_read(case: str) -> None:
    oid, value, expected = READ[case]

    assert said(attribute(oid, value)) == (expected, ())


def test_who_says_nothing_has_said_nothing() -> None:
    assert said()[0] is NOTHING_SAID


def test_equivalent_labels_are_several() -> None:
    services, findings = said(
        attribute(oids.EQUIVALENT_LABELS, der.sequence(label(der.integer(1)), label()))
    )
    assert [one.classification for one in services.equivalent_labels] == [1, None]
    assert findings == ()


UNREADABLE: dict[str, tuple[str, bytes]] = {
    "a request of nothing": (oids.RECEIPT_REQUEST, der.sequence()),
    "a request that is no SEQUENCE": (oids.RECEIPT_REQUEST, der.null()),
    "a request to nobody": (
        oids.RECEIPT_REQUEST,
        der.sequence(
            der.octet_string(b"id"), der.context(0, b"\x00", constructed=False), der.sequence()
        ),
    ),
    "a request to too many": (
        oids.RECEIPT_REQUEST,
        request(
            der.context(0, b"\x00", constructed=False),
            *[mailbox("a@office.example")] * (MAX_RECEIPTS_TO + 1),
        ),
    ),
    "a request from nobody known": (
        oids.RECEIPT_REQUEST,
        request(der.context(0, b"\x02", constructed=False)),
    ),
    "a request from no choice": (oids.RECEIPT_REQUEST, request(der.context(2, b"\x00"))),
    "a label without policy": (oids.SECURITY_LABEL, der.tlv(der.SET, der.integer(1))),
    "a label with two policies": (oids.SECURITY_LABEL, label(POLICY)),
    "a label with two classifications": (
        oids.SECURITY_LABEL,
        label(der.integer(1), der.integer(2)),
    ),
    "a label with two marks": (
        oids.SECURITY_LABEL,
        label(der.utf8_string("a"), der.tlv(0x13, b"b")),
    ),
    "a label with something else": (oids.SECURITY_LABEL, label(der.null())),
    "a label above all": (oids.SECURITY_LABEL, label(der.integer(257))),
    "a label below all": (oids.SECURITY_LABEL, label(der.integer(-1))),
    "a label of no category": (oids.SECURITY_LABEL, label(der.tlv(der.SET))),
    "a label of too many categories": (
        oids.SECURITY_LABEL,
        label(der.tlv(der.SET, *[category("1.2.3")] * (MAX_CATEGORIES + 1))),
    ),
    "a label of half a category": (
        oids.SECURITY_LABEL,
        label(der.tlv(der.SET, der.sequence(b"\x80\x01\x2a"))),
    ),
    "too many labels": (
        oids.EQUIVALENT_LABELS,
        der.sequence(*[label()] * (MAX_LABELS + 1)),
    ),
    "hints of nothing": (oids.CONTENT_HINT, der.sequence()),
    "hints the other way round": (
        oids.CONTENT_HINT,
        der.sequence(der.oid(oids.DATA), der.utf8_string("Bescheid")),
    ),
    "an identifier that is no OCTET STRING": (oids.CONTENT_IDENTIFIER, der.utf8_string("id")),
    "half a reference": (oids.CONTENT_REFERENCE, der.sequence(der.oid(oids.DATA))),
    "no mailing list": (oids.EXPANSION_HISTORY, history()),
    "too many mailing lists": (
        oids.EXPANSION_HISTORY,
        history(*[expansion()] * (MAX_EXPANSIONS + 1)),
    ),
    "a mailing list at no time": (oids.EXPANSION_HISTORY, history(expansion(b"2026"))),
    "a digest that is no OCTET STRING": (oids.MESSAGE_SIGNATURE_DIGEST, der.integer(1)),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_noted_and_spoils_nothing(case: str) -> None:
    """It is shown and nothing else, so that a text does not lose its signature over it."""
    services, findings = said(attribute(*UNREADABLE[case]))

    assert services == Services(unreadable=True)
    assert findings == (Finding.SERVICES_UNREADABLE,)


def test_one_that_cannot_be_read_hides_no_other() -> None:
    services, _ = said(
        attribute(oids.SECURITY_LABEL, der.tlv(der.SET)),
        attribute(oids.CONTENT_IDENTIFIER, der.octet_string(b"id")),
    )
    assert services == Services(content_identifier=b"id", unreadable=True)


def test_the_largest_that_is_allowed_is_read() -> None:
    services, findings = said(
        attribute(
            oids.RECEIPT_REQUEST,
            request(
                der.context(0, b"\x00", constructed=False),
                *[mailbox("a@office.example")] * MAX_RECEIPTS_TO,
            ),
        ),
        attribute(
            oids.SECURITY_LABEL, label(der.tlv(der.SET, *[category("1.2.3")] * MAX_CATEGORIES))
        ),
        attribute(oids.EQUIVALENT_LABELS, der.sequence(*[label()] * MAX_LABELS)),
        attribute(oids.EXPANSION_HISTORY, history(*[expansion()] * MAX_EXPANSIONS)),
    )
    assert findings == ()
    assert services.receipt_request is not None
    assert len(services.receipt_request.send_to) == MAX_RECEIPTS_TO
    assert services.security_label is not None
    assert len(services.security_label.categories) == MAX_CATEGORIES
    assert (len(services.equivalent_labels), len(services.expansion_history)) == (
        MAX_LABELS,
        MAX_EXPANSIONS,
    )


@pytest.mark.parametrize("oid", [oids.SECURITY_LABEL, oids.RECEIPT_REQUEST])
def test_a_label_or_request_said_twice_is_malformed(oid: str) -> None:
    value = label() if oid == oids.SECURITY_LABEL else request()
    for twice in ([attribute(oid, value)] * 2, [attribute(oid, value, value)]):
        view = parse_signed_data(forge.signed_data(WHO, [*BASE, *twice]))
        found = check_signer(view, view.signers[0], None, WHO)
        assert found.findings == (Finding.SIGNED_ATTRIBUTES_MALFORMED,)
        assert found.services is NOTHING_SAID


def test_the_many_attributes_of_rfc_4134_are_read(corpora: Path) -> None:
    """Example 4.10 has nearly all of them."""
    view = parse_signed_data((corpora / "rfc4134" / "4.10.bin").read_bytes())
    services = check_signer(view, view.signers[0], None, None).services

    assert services.security_label == SecurityLabel(
        policy="1.2.3.4.5.6.7.8",
        classification=1,
        privacy_mark="THIS IS A PRIVACY MARK TEST",
        categories=("1.2.3.4.5.6.7.888",),
    )
    assert [one.policy for one in services.equivalent_labels] == [
        "1.2.3.4.5.6.7.9",
        "1.2.3.4.5.6.7.10",
    ]
    assert services.content_hints == ContentHints(
        description="Content Hints Description Buffer", content_type=oids.DATA
    )
    assert services.content_reference is not None
    assert services.content_reference.content_identifier.startswith(b"Content Reference")
    assert [one.mailing_list for one in services.expansion_history] == [b"5738299"]
    assert not services.unreadable


def receipt(*fields: bytes, version: int = 1) -> bytes:
    inside = fields or (der.oid(oids.DATA), der.octet_string(b"id"), der.octet_string(b"sig"))
    return der.sequence(der.integer(version), *inside)


def test_a_receipt_says_for_what_it_is() -> None:
    assert read_receipt(receipt()) == Receipt(
        content_type=oids.DATA, content_identifier=b"id", signature=b"sig"
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no receipt",
        receipt(version=2),
        receipt(der.oid(oids.DATA), der.octet_string(b"id")),
        receipt(der.null(), der.octet_string(b"id"), der.octet_string(b"sig")),
        receipt(der.oid(oids.DATA), der.integer(1), der.octet_string(b"sig")),
    ],
)
def test_what_is_no_receipt_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        read_receipt(data)


@given(
    oid=st.sampled_from(
        [
            oids.RECEIPT_REQUEST,
            oids.SECURITY_LABEL,
            oids.EQUIVALENT_LABELS,
            oids.CONTENT_HINT,
            oids.CONTENT_REFERENCE,
            oids.EXPANSION_HISTORY,
            oids.CONTENT_IDENTIFIER,
            oids.MESSAGE_SIGNATURE_DIGEST,
        ]
    ),
    value=st.binary(max_size=120),
    tag=st.sampled_from([0x30, 0x31, 0x04, 0x24, 0xA0, 0x80]),
)
def test_no_octets_make_the_reader_fail(oid: str, value: bytes, tag: int) -> None:
    services = read_services({oid: ber.read(der.tlv(tag, value))})

    assert isinstance(services, Services)
