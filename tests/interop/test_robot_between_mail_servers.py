"""The test address with real servers: a partner writes signed and encrypted, the robot answers, and
OpenSSL judges the answer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.peers.installation import Hops, Installation
from tests.peers.mailstack import MailStack
from tests.peers.mime import mail, text_entity
from tests.peers.openssl import OpenSSL
from tests.peers.process import Child
from tests.world import WORLD

pytestmark = pytest.mark.interop

ROBOT, HUBER = WORLD.person("bob"), WORLD.person("huber")


@pytest.fixture(scope="module")
def stack() -> Iterator[MailStack]:
    with MailStack() as running:
        yield running


@pytest.fixture(scope="module")
def office(stack: MailStack, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    ports = stack.ports
    hops = Hops(
        outbound_port=ports.outbound_filter,
        inbound_port=ports.inbound_filter,
        outbound_hop=f"smtp://127.0.0.1:{ports.outbound_reinject}",
        inbound_hop=f"smtp://127.0.0.1:{ports.inbound_reinject}",
    )
    made = Installation(tmp_path_factory.mktemp("office"), hops)
    with made.config.open("a", encoding="utf-8") as config:
        config.write(f'\n[robot]\naddress = "{ROBOT.address}"\n')
    made.trust_root()
    made.add_person(ROBOT)
    return made


@pytest.fixture(scope="module", autouse=True)
def serving(office: Installation) -> Iterator[None]:
    worker = Child.siegel(
        "--config", str(office.config), "serve", "--only", "worker", log=office.folder / "worker"
    )
    with office.running(), worker:
        yield


def _waited_for(ask: Callable[[], Any]) -> Any:
    """Each look is a command of its own and takes a second."""
    return next(filter(None, (ask() for _ in range(120))))


@pytest.mark.requirement("B39", "B19", "A44", "B12")
def test_a_partner_tests_signed_and_encrypted_and_gets_an_encrypted_answer(
    stack: MailStack, openssl: OpenSSL
) -> None:
    entity = text_entity("Guten Tag, das ist ein Test. Ist er für Sie zu lesen?")
    protected = openssl.encrypt(openssl.sign(entity, HUBER), ROBOT)
    header = (
        f"From: <{HUBER.address}>\r\nTo: <{ROBOT.address}>\r\nSubject: Test\r\n"
        "Message-ID: <test@school.example>\r\n"
    )
    raw = header.encode() + protected.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    stack.arrive(HUBER.address, [ROBOT.address], raw)
    answer = stack.outside.wait_for(lambda one: b"auto-replied" in one.content)
    assert tuple(answer.recipients) == (HUBER.address,)
    opened = openssl.decrypt(answer.content, HUBER)
    verified = openssl.verify(opened, WORLD.root)
    assert verified.signers == (ROBOT.certificate,)
    text = verified.content.replace(b"=\r\n", b"").replace(b"=\n", b"")
    assert b"verschl=C3=BCsselt an, und wir konnten sie" in text
    assert b"wir vertrauen der Signatur" in text


def test_a_forged_sender_gets_nothing_and_no_person_sees_the_test(
    stack: MailStack, office: Installation
) -> None:
    stack.empty()
    forged = mail(
        text_entity("Guten Tag"),
        sender="victim@elsewhere.example",
        recipients=(ROBOT.address,),
        subject="forged",
    )
    stack.arrive("victim@elsewhere.example", [ROBOT.address], forged)
    stack.wait_for_empty_queue()
    silent = _waited_for(lambda: office.json("journal", "--action", "robot.silent"))
    assert silent[0]["detail"]["reason"] == "sender_not_proved"
    assert not [one for one in stack.outside.received if b"victim@" in one.content]
