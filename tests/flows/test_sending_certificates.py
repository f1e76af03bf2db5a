"""„Send my certificate“: a signed mail with the public part attached, or no mail at all."""

import pytest

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.base.keys import EmptyKeyring
from siegel.flows.sending_certificate import send_certificate
from siegel.mime.parse import parse_message
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import parse_certificate
from siegel.smime.open import open_message
from siegel.store.queries import journal
from siegel.transport.replies import Reply
from siegel.wording.words import Language
from tests.flows.office import ALICE, HUBER, UNKNOWN, Office
from tests.world import WORLD, Person

FRIEDA = WORLD.person("frieda_sign")


def send(office: Office, person: Person, to: str, language: Language = Language.DE) -> Reply:
    return send_certificate(
        parse_certificate(person.certificate_der).fingerprint,
        EmailAddress.parse(person.address),
        EmailAddress.parse(to),
        language,
        office.site,
        by="mira",
        at=office.at,
    )


@pytest.mark.requirement("A51", "B39")
@pytest.mark.parametrize("language", Language)
def test_a_partner_gets_a_signed_mail_with_the_certificate(
    office: Office, language: Language
) -> None:
    assert send(office, ALICE, UNKNOWN, language).code == 250
    (sent,) = office.out.sent
    opened = open_message(parse_message(sent.content), EmptyKeyring())
    signer = opened.signed_layers[0].signers[0]
    assert (signer.signature_valid, signer.intact) == (True, True)
    assert b"X-Siegel-Protect" not in sent.content
    assert opened.payload is not None
    text, attached = opened.payload.children
    decoded = attached.decoded(office.site.limits)
    assert parse_certificates(decoded)[0].der == ALICE.certificate_der
    words = text.decoded(office.site.limits).decode("utf-8")
    assert ("Antworten Sie" in words) is (language is Language.DE)
    assert ALICE.address in words
    entry = journal.read(action="certificate.sent")[0]
    assert (entry.actor, entry.recipients, entry.detail["sender"]) == (
        "mira",
        (UNKNOWN,),
        ALICE.address,
    )


def test_what_cannot_be_signed_is_not_sent(office: Office) -> None:
    office.own(FRIEDA)
    office.later(days=4000)
    assert send(office, FRIEDA, UNKNOWN).code == 550
    assert office.out.sent == []
    assert not journal.read(action="certificate.sent")


def test_nobody_sends_as_an_account_that_does_not_exist(office: Office) -> None:
    office.partner(HUBER)
    with pytest.raises(NotFound):
        send(office, HUBER, UNKNOWN)
