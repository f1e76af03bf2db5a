"""What users of other systems wait for: mail that is readable, wherever their address stands."""

import pytest

from siegel.base.address import EmailAddress
from siegel.base.buffers import joined
from siegel.flows import filing, mail_facts
from siegel.flows.filing import Arrival
from siegel.mime.parse import parse_message
from siegel.pki.certificate import parse_certificate
from siegel.pki.softkeys import SoftwareKey
from siegel.policy.message_state import MessageState
from siegel.smime.protect import sign
from siegel.smime.schemes import signature_scheme
from siegel.smime.sign import SigningIdentity
from siegel.store.mail_rows import ItemRow
from siegel.store.queries import mail_folders, mail_items
from siegel.store.queries.mail_folders import FolderRole
from tests.flows.office import ALICE, BOB, HUBER, Office, encrypted_bytes, mail, signed_by
from tests.world import WORLD

ALICES = EmailAddress.parse(ALICE.address)


def _filed(office: Office, raw: bytes) -> ItemRow:
    folder = mail_folders.ensure(ALICES, "INBOX", role=FolderRole.INBOX)
    arrival = Arrival(account=ALICES, folder=folder.id, raw=raw, received_at=office.at)
    return mail_items.get(filing.file(arrival, office.site, at=office.at))


@pytest.mark.parametrize("field", ["Cc", None])
def test_who_stands_in_copy_or_nowhere_reads_encrypted_mail(
    office: Office, field: str | None
) -> None:
    extra = f"{field}: <{ALICE.address}>\r\n" if field else ""
    plain = mail(HUBER.address, BOB.address, text="Geheimes", extra=extra)

    item = _filed(office, encrypted_bytes(signed_by(HUBER, plain), BOB, ALICE))

    assert item.state is MessageState.CONFIDENTIAL
    assert mail_facts.inside_of(item, office.site.vault).preview == "Geheimes"


def test_mail_signed_opaquely_by_a_stranger_shows_its_text_and_a_state(office: Office) -> None:
    stranger = WORLD.person("stranger")
    certificate = parse_certificate(stranger.certificate_der)
    identity = SigningIdentity(
        key=SoftwareKey(stranger.private_key, [certificate]),
        scheme=signature_scheme(certificate),
        chain=(certificate.der, *stranger.chain),
    )
    plain = parse_message(mail(stranger.address, ALICE.address, text="Guten Tag"))

    item = _filed(office, joined(sign(plain, [identity], at=office.at, opaque=True).chunks()))

    assert item.state is MessageState.NOT_CHECKABLE
    assert item.preview == "Guten Tag"
