"""Mail that our gateway opened, delivered to a mail server, and that is fetched from there."""

import pytest

from siegel.base.address import EmailAddress
from siegel.policy.message_state import MessageState
from siegel.store.mail_rows import ItemRow
from siegel.store.models import MailItem, StoredMessage
from siegel.store.queries import mail_items, messages
from tests.flows.model_server import ModelServer
from tests.flows.office import (
    ALICE,
    BOB,
    HUBER,
    Office,
    encrypted_bytes,
    mail,
    signed_by,
    signed_bytes,
)
from tests.flows.sync_scene import Scene

SECRET = mail(HUBER.address, ALICE.address, text="Geheimes")


@pytest.fixture
def scene(office: Office) -> Scene:
    return Scene(office, EmailAddress.parse(ALICE.address), ModelServer())


def _fetched(scene: Scene, raw: bytes) -> ItemRow:
    assert isinstance(scene.server, ModelServer)
    scene.server.put("INBOX", raw)
    scene.sync()
    return mail_items.get(MailItem.objects.get().pk)


def _passed(office: Office, raw: bytes, to: str = ALICE.address) -> bytes:
    assert office.receive(raw, HUBER.address, to).code == 250
    return office.into.sent[-1].content


def _encrypted(office: Office) -> bytes:
    del office
    return encrypted_bytes(signed_by(HUBER, SECRET), ALICE)


def test_the_original_is_shown_with_its_judgement(office: Office, scene: Scene) -> None:
    """Users suffered: mail that was encrypted on its way looked like a postcard in the inbox."""
    raw = _encrypted(office)

    item = _fetched(scene, _passed(office, raw))

    assert messages.raw(item.sha256) == raw
    assert item.state is MessageState.CONFIDENTIAL


def test_another_body_under_the_same_fields_is_any_message(office: Office, scene: Scene) -> None:
    passed = _passed(office, _encrypted(office))

    item = _fetched(scene, passed.replace(b"Geheimes", b"Falsches"))

    assert item.state is MessageState.UNPROTECTED


def test_fields_alone_prove_nothing(office: Office, scene: Scene) -> None:
    header = _passed(office, _encrypted(office)).partition(b"\r\n\r\n")[0]

    item = _fetched(scene, header + b"\r\n\r\nUeberweisen Sie bitte heute noch.\r\n")

    assert item.state is MessageState.UNPROTECTED


def test_what_was_for_bob_is_not_shown_as_alices(office: Office, scene: Scene) -> None:
    raw = encrypted_bytes(signed_by(HUBER, SECRET), ALICE, BOB)

    item = _fetched(scene, _passed(office, raw, BOB.address))

    assert item.state is MessageState.UNPROTECTED


def test_without_the_original_it_is_any_message(office: Office, scene: Scene) -> None:
    passed = _passed(office, _encrypted(office))
    StoredMessage.objects.all().delete()

    assert _fetched(scene, passed).state is MessageState.UNPROTECTED


def test_signed_mail_is_judged_as_it_lies_there(office: Office, scene: Scene) -> None:
    passed = _passed(office, signed_bytes(HUBER, SECRET))

    item = _fetched(scene, passed)

    assert messages.raw(item.sha256) == passed
    assert item.state is MessageState.VERIFIED
