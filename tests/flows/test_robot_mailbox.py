"""Mail to the test address that lies on a mail server: taken aside, answered, shown to nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from siegel.base.address import EmailAddress
from siegel.flows.robot_answering import answer_due
from siegel.policy.robot import RobotRules
from siegel.store.models import UnfiledMessage
from siegel.store.queries import mail_due, pending, robot_mail
from siegel.store.queries.mail_sync import FOR_ROBOT
from tests.flows.mailboxes import on_a_server
from tests.flows.model_server import RECEIVED, ModelServer
from tests.flows.office import ALICE, HUBER, Office, mail, signed_bytes
from tests.flows.sync_scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)

ROBOT = EmailAddress.parse(ALICE.address)
SERVER = "mx.office.example"
SENDER = EmailAddress.parse(HUBER.address)


@pytest.fixture
def server() -> ModelServer:
    return ModelServer()


@pytest.fixture
def scene(office: Office, server: ModelServer) -> Scene:
    office.site = replace(office.site, robot=RobotRules(address=ROBOT, authserv_ids=(SERVER,)))
    office.at = RECEIVED + timedelta(hours=1)
    on_a_server(ALICE.address, port=1, user="alice", at=office.at)
    return Scene(office, ROBOT, server)


def arrived(return_path: str = HUBER.address) -> bytes:
    """As the mail server of the office laid it down."""
    text = mail(HUBER.address, str(ROBOT), text="Ist das gut?")
    signed = signed_bytes(HUBER, text, RECEIVED)
    result = f"Authentication-Results: {SERVER}; dmarc=pass header.from={SENDER.domain}\r\n"
    return f"Return-Path: <{return_path}>\r\n{result}".encode() + signed


def test_a_test_in_the_inbox_is_answered_and_no_item(scene: Scene, server: ModelServer) -> None:
    server.put("INBOX", arrived())
    scene.sync()
    assert scene.items() == 0
    assert answer_due(scene.office.site, at=scene.office.at) == 1
    assert scene.office.out.sent[-1].recipients == (HUBER.address,)
    assert pending.pending_for(SENDER), "its root was trusted later: a person decides"


def test_it_is_taken_once_and_counts_as_no_trouble(scene: Scene, server: ModelServer) -> None:
    server.put("INBOX", arrived())
    scene.sync()
    scene.sync()
    assert len(robot_mail.listed()) == 1
    assert [row.reason for row in UnfiledMessage.objects.all()] == [FOR_ROBOT]
    assert mail_due.state(ROBOT).unfiled == 0


def test_a_bounce_gets_no_answer(scene: Scene, server: ModelServer) -> None:
    server.put("INBOX", arrived(return_path=""))
    scene.sync()
    assert answer_due(scene.office.site, at=scene.office.at) == 0
    assert robot_mail.listed()[0].reason == "no_sender"


def test_other_folders_and_old_mail_are_ordinary(scene: Scene, server: ModelServer) -> None:
    server.put("Archive", arrived())
    scene.sync()
    scene.office.later(days=3)
    server.put("INBOX", arrived(return_path="x@school.example"))
    scene.sync()
    assert scene.items() == 2
    assert not robot_mail.listed()
