"""The mail server of the tests works by itself, with filters that only leave a mark."""

import smtplib
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.peers.mailstack import MailStack
from tests.peers.mailstack.passthrough import MARK, PassThrough
from tests.peers.mime import mail, text_entity

pytestmark = pytest.mark.interop
ALICE, BOB, HUBER = "alice@office.example", "bob@office.example", "huber@school.example"


@pytest.fixture(scope="module")
def stack() -> Iterator[MailStack]:
    with MailStack(dkim=True) as running:
        yield running


@pytest.fixture(autouse=True)
def fresh(stack: MailStack) -> None:
    stack.wait_for_empty_queue()
    stack.empty()


@pytest.fixture
def outbound(stack: MailStack) -> Iterator[PassThrough]:
    ports = stack.ports
    with PassThrough("out", ports.outbound_filter, ports.outbound_reinject) as running:
        yield running


@pytest.fixture
def inbound(stack: MailStack) -> Iterator[PassThrough]:
    ports = stack.ports
    with PassThrough("in", ports.inbound_filter, ports.inbound_reinject) as running:
        yield running


def message(subject: str, sender: str = ALICE, *recipients: str) -> bytes:
    entity = text_entity("Grüße\r\n.ein Punkt\r\n")
    return mail(entity, sender=sender, recipients=recipients or (HUBER,), subject=subject)


def marks(content: bytes) -> list[str]:
    lines = content.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").splitlines()
    return [line.partition(": ")[2] for line in lines if line.startswith(MARK)]


def test_what_people_send_passes_the_outbound_filter_once(
    stack: MailStack, outbound: PassThrough
) -> None:
    sent = message("hinaus")
    stack.submit(ALICE, [HUBER], sent)
    received = stack.outside.wait_for(lambda one: b"hinaus" in one.content)
    assert marks(received.content) == ["out"]
    assert (received.sender, received.recipients) == (ALICE, (HUBER,))
    assert received.content.endswith(sent.partition(b"\r\n\r\n")[2])
    assert outbound.hand_overs == [(HUBER,)]


def test_what_arrives_passes_the_inbound_filter_once(
    stack: MailStack, inbound: PassThrough
) -> None:
    stack.arrive(HUBER, [BOB], message("herein", HUBER, BOB))
    delivered = stack.wait_for_mail(BOB, lambda one: b"herein" in one)
    assert marks(delivered) == ["in"]
    assert inbound.hand_overs == [(BOB,)]


def test_internal_mail_passes_both(
    stack: MailStack, outbound: PassThrough, inbound: PassThrough
) -> None:
    stack.submit(ALICE, [BOB], message("intern", ALICE, BOB))
    delivered = stack.wait_for_mail(BOB, lambda one: b"intern" in one)
    assert marks(delivered) == ["in", "out"]
    assert outbound.hand_overs == inbound.hand_overs == [(BOB,)]


def test_recipients_are_handed_over_together(
    stack: MailStack, outbound: PassThrough, inbound: PassThrough
) -> None:
    many = [f"person{number}@partner.example" for number in range(120)]
    stack.submit(ALICE, [*many, BOB], message("an alle"))
    stack.wait_for_mail(BOB, lambda one: b"an alle" in one)
    assert [len(one) for one in outbound.hand_overs] == [121]
    assert inbound.hand_overs == [(BOB,)]


def test_mail_waits_while_the_filter_is_away(stack: MailStack) -> None:
    stack.submit(ALICE, [HUBER], message("geduldig"))
    assert not stack.outside.received
    ports = stack.ports
    with PassThrough("late", ports.outbound_filter, ports.outbound_reinject):
        received = stack.outside.wait_for(lambda one: b"geduldig" in one.content)
    assert marks(received.content) == ["late"]
    stack.wait_for_empty_queue()
    assert len(stack.outside.received) == 1


def test_dkim_signs_after_the_outbound_filter(stack: MailStack, outbound: PassThrough) -> None:
    stack.submit(ALICE, [HUBER], message("gestempelt"))
    content = stack.outside.wait_for(lambda one: b"gestempelt" in one.content).content
    assert stack.dkim_verifies(content)
    assert not stack.dkim_verifies(content.replace(b".ein Punkt", b".ein Prunk"))
    assert not stack.dkim_verifies(message("ungestempelt"))


@pytest.mark.usefixtures("inbound")
def test_dkim_leaves_arriving_mail_alone(stack: MailStack) -> None:
    stack.arrive(HUBER, [BOB], message("fremd", HUBER, BOB))
    assert b"DKIM-Signature" not in stack.wait_for_mail(BOB, lambda one: b"fremd" in one)


def test_a_refusal_outside_comes_back_to_the_sender(
    stack: MailStack, outbound: PassThrough, inbound: PassThrough
) -> None:
    stack.outside.refusals["gone@partner.example"] = "550 5.1.1 no such person"
    stack.submit(ALICE, ["gone@partner.example"], message("vergeblich"))
    bounce = stack.wait_for_mail(ALICE, lambda one: b"no such person" in one)
    assert b"multipart/report" in bounce
    assert len(outbound.hand_overs) == len(inbound.hand_overs) == 1


def test_strangers_may_not_relay(stack: MailStack) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="Relay access denied"):
        stack.arrive(HUBER, ["dana@partner.example"], message("Umweg"))


def test_nobody_submits_in_the_name_of_others(stack: MailStack) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="not owned by user"):
        stack.submit(BOB, [HUBER], message("falsch", BOB), login=ALICE)


def test_eight_bit_mail_keeps_its_octets(stack: MailStack, outbound: PassThrough) -> None:
    raw = message("acht Bit").partition(b"\r\n\r\n")[0] + "\r\n\r\nGrüße\r\n".encode()
    stack.submit(ALICE, [HUBER], raw, options=["BODY=8BITMIME"])
    content = stack.outside.wait_for(lambda one: b"acht Bit" in one.content).content
    assert content.endswith("\r\n\r\nGrüße\r\n".encode())


def test_two_stacks_run_side_by_side(stack: MailStack) -> None:
    with ExitStack() as second:
        other = second.enter_context(MailStack())
        assert other.queue() == () == stack.queue()
