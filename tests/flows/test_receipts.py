"""Requests for receipts (RFC 2634 §2): shown, and never answered by themselves."""

from siegel.base import der, oids
from siegel.base.keys import EmptyKeyring
from siegel.mime.parse import parse_message
from siegel.smime.open import open_message
from tests.flows.office import ALICE, BOB, Office
from tests.unit.cms.forge import attribute
from tests.unit.cms.test_ess import receipt, request
from tests.unit.smime.test_beside_the_text import opaque, signed_data

REQUEST = attribute(oids.RECEIPT_REQUEST, request())


def test_nobody_is_answered_who_asks_for_a_receipt(office: Office) -> None:
    raw = opaque(signed_data(REQUEST))
    assert open_message(parse_message(raw), EmptyKeyring()).asking_for_receipts

    assert office.receive(raw, ALICE.address, BOB.address).code == 250

    assert office.out.sent == []
    assert [sent.recipients for sent in office.into.sent] == [(BOB.address,)]


def test_a_receipt_is_delivered_and_answered_by_nothing(office: Office) -> None:
    digest = attribute(oids.MESSAGE_SIGNATURE_DIGEST, der.octet_string(bytes(32)))
    blob = signed_data(REQUEST, digest, content=receipt(), kind=oids.RECEIPT)

    assert office.receive(opaque(blob), ALICE.address, BOB.address).code == 250

    assert office.out.sent == []
    assert [sent.recipients for sent in office.into.sent] == [(BOB.address,)]
