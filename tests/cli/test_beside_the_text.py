"""``siegel message open``: what signers say besides the text, for programs and for people."""

import pytest

from siegel.base import der, oids
from siegel.cli.shown import show_message
from siegel.wording.words import Language
from tests.cli.command import quick
from tests.cli.desk import Desk
from tests.cli.shapes import COUNTERSIGNATURE, MESSAGE, fault
from tests.unit.cms.test_ess import receipt
from tests.unit.smime.mails import NOW, certificate, judged, opened
from tests.unit.smime.test_beside_the_text import (
    LABEL,
    REQUEST,
    countersignatures,
    opaque,
    signature_of,
    signed_data,
    witness,
)


def witnessed() -> bytes:
    """Labelled, with a request for a receipt, a good countersignature and an unreadable one."""
    over = signature_of(LABEL, REQUEST)
    unsigned = countersignatures(witness(over), der.null())
    return opaque(signed_data(LABEL, REQUEST, unsigned=[unsigned]))


def test_programs_are_told_everything(desk: Desk) -> None:
    letter = desk.file("letter.eml", witnessed())
    said = quick("message", "open", letter, *desk.trust, "--json")
    signer = said.json["layers"][0]["signers"][0]
    good, unreadable = signer["countersignatures"]

    assert (said.code, said.json["summary"]) == (0, "verified")
    assert fault(said.json, MESSAGE) is None
    assert signer["receipt_requested"] is True
    assert signer["security_label"] == {
        "policy": "1.2.840.113549.1.9.16.7.1",
        "classification": 3,
        "privacy_mark": "nur für den Dienst",
        "categories": [],
    }
    assert good["certificate_sha256"] == certificate("bob").fingerprint
    assert good["addresses"] == ["bob@office.example"]
    assert (good["intact"], good["signature_valid"]) == (True, True)
    assert good["signing_time"] == NOW.isoformat()
    assert (unreadable["identifier"], unreadable["findings"]) == (None, ["malformed"])
    assert said.json["findings"] == ["receipt_requested", "security_labelled", "countersigned"]


def test_countersignatures_of_countersignatures_have_the_same_shape(desk: Desk) -> None:
    inner = witness(signature_of())
    outer = witness(signature_of(), after=der.context(1, countersignatures(inner)))
    letter = desk.file("letter.eml", opaque(signed_data(unsigned=[countersignatures(outer)])))
    said = quick("message", "open", letter, *desk.trust, "--json")
    (first,) = said.json["layers"][0]["signers"][0]["countersignatures"]
    (second,) = first["countersignatures"]

    assert fault(second, COUNTERSIGNATURE) is None
    assert (first["intact"], second["intact"]) == (True, False)


def test_a_receipt_is_told(desk: Desk) -> None:
    digest = der.sequence(
        der.oid(oids.MESSAGE_SIGNATURE_DIGEST), der.set_of(der.octet_string(bytes(32)))
    )
    blob = signed_data(digest, content=receipt(), kind=oids.RECEIPT)
    said = quick("message", "open", desk.file("letter.eml", opaque(blob)), *desk.trust, "--json")
    (layer,) = said.json["layers"]

    assert said.json["summary"] == "unprotected"
    assert fault(said.json, MESSAGE) is None
    assert layer["receipt"] == {
        "content_type": oids.DATA,
        "content_identifier": b"id".hex(),
        "signature": b"sig".hex(),
    }


LINES = {
    Language.EN: (
        "With a security label: policy 1.2.840.113549.1.9.16.7.1, classification 3,",
        "Signed by one more: ",
        "note: Receipt requested",
        "Signed receipt: 6964 736967",
    ),
    Language.DE: (
        "Mit Vermerk: policy 1.2.840.113549.1.9.16.7.1, classification 3,",
        "Noch einmal signiert: ",
        "note: Quittung gewünscht",
        "Signierte Quittung: 6964 736967",
    ),
}


@pytest.mark.parametrize("language", LINES)
def test_people_read_it_in_their_language(
    language: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    for raw in (witnessed(), opaque(signed_data(content=receipt(), kind=oids.RECEIPT))):
        found = opened(raw)
        show_message(found, judged(found), "alice@office.example", language)
    said = capsys.readouterr().out

    assert all(line in said for line in LINES[language])
    assert ": holds" in said
    assert "unknown certificate: malformed" in said
    assert "nur für den Dienst" in said
