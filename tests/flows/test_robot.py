"""The test robot: what it answers, to whom, and how often – and to whom never."""

import email
import email.policy
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from siegel.base.address import EmailAddress
from siegel.flows.robot_answering import TRIES, answer_due
from siegel.policy.robot import RobotRules
from siegel.policy.robot_report import OnAnswer, OnEncryption, OnSignature
from siegel.store.queries import candidates, journal, pending, robot_mail
from siegel.transport.replies import Reply
from siegel.wording.robot_letters import ANSWER, ENCRYPTION, SIGNATURE
from siegel.wording.words import Language
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
from tests.world import WORLD

pytestmark = pytest.mark.django_db(transaction=True)

ROBOT = EmailAddress.parse(BOB.address)
GERMAN = "Guten Tag, ich bitte um einen Test. Ist die Signatur für Sie gut?"
SERVER = "mx.office.example"
HUBER_ADDRESS = EmailAddress.parse(HUBER.address)
PROVED = f"Authentication-Results: {SERVER}; dmarc=pass header.from={HUBER_ADDRESS.domain}\r\n"


@pytest.fixture
def robot(office: Office) -> Office:
    rules = RobotRules(address=ROBOT, authserv_ids=(SERVER,))
    office.site = replace(office.site, robot=rules, pages_at="https://siegel.office.example")
    return office


def asking(
    sender: str = HUBER.address, text: str = GERMAN, extra: str = "", subject: str = "Test"
) -> bytes:
    return mail(sender, str(ROBOT), text=text, extra=extra, subject=subject)


def write(office: Office, raw: bytes, sender: str = HUBER.address) -> Reply:
    return office.receive(raw, sender, str(ROBOT))


def answers(office: Office) -> list[EmailMessage]:
    answer_due(office.site, at=office.at)
    return [
        email.message_from_bytes(sent.content, policy=email.policy.default)
        for sent in office.out.sent
    ]


def the_answer(office: Office) -> EmailMessage:
    (answer,) = answers(office)
    return answer


def said(answer: EmailMessage) -> str:
    part = answer.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())


def reason() -> str:
    (row,) = robot_mail.listed()
    assert row.state == "silent"
    return row.reason


def in_use(address: str) -> list[str]:
    asked = EmailAddress.parse(address)
    rows = candidates.for_addresses([asked])[asked]
    return [row.fingerprint for row in rows if not row.pending]


@pytest.mark.requirement("B39", "B33", "A44")
def test_a_signed_test_registers_its_sender_and_is_answered_encrypted(robot: Office) -> None:
    assert write(robot, signed_bytes(HUBER, asking())).accepted
    assert not robot.into.sent, "no person gets it"
    answer = the_answer(robot)
    assert answer.get_content_type() == "application/pkcs7-mime"
    assert HUBER.address in answer["To"]
    assert answer["Auto-Submitted"] == "auto-replied"
    assert len(in_use(HUBER.address)) == 1


def test_an_unsigned_test_is_answered_signed_in_plain_words(robot: Office) -> None:
    write(robot, PROVED.encode() + asking())
    answer = the_answer(robot)
    assert answer.get_content_type() == "multipart/signed"
    text = said(answer)
    assert SIGNATURE[Language.DE][OnSignature.NOT_SIGNED] in text
    assert ENCRYPTION[Language.DE][OnEncryption.NOT_ENCRYPTED] in text
    assert ANSWER[Language.DE][OnAnswer.NO_CERTIFICATE] in text
    assert "https://siegel.office.example/partner/" in text


@pytest.mark.requirement("B19")
def test_an_encrypted_test_without_any_signature_is_answered(robot: Office) -> None:
    raw = encrypted_bytes(signed_by(HUBER, asking()), BOB)
    write(robot, raw)
    assert the_answer(robot).get_content_type() == "application/pkcs7-mime"


def test_a_test_encrypted_to_somebody_else_is_told_so(robot: Office) -> None:
    raw = encrypted_bytes(signed_by(HUBER, asking()), ALICE)
    write(robot, PROVED.encode() + raw)
    assert ENCRYPTION[Language.EN][OnEncryption.CLOSED] in said(the_answer(robot))


def test_a_signer_whose_root_nobody_judged_waits_and_is_told_so(robot: Office) -> None:
    """The certificate is pending, the office has to look."""
    stranger = WORLD.person("stranger")
    sender = stranger.address
    proof = PROVED.replace(HUBER_ADDRESS.domain, sender.partition("@")[2])
    write(robot, proof.encode() + signed_bytes(stranger, asking(sender)), sender)
    text = said(the_answer(robot))
    assert SIGNATURE[Language.DE][OnSignature.NOT_TRUSTED] in text
    assert ANSWER[Language.DE][OnAnswer.WAITS_FOR_US] in text
    assert pending.pending_for(EmailAddress.parse(sender))
    assert not in_use(sender)


def test_the_language_is_the_senders_or_both(robot: Office) -> None:
    write(robot, PROVED.encode() + asking(text="Hello, this is a test and you are the best"))
    write(robot, PROVED.encode() + asking(text="1 2 3", subject="Zwei"))
    english, both = (said(each) for each in answers(robot))
    assert "Hello," in english
    assert "Guten Tag" not in english
    assert "Hello," in both
    assert "Guten Tag" in both


@pytest.mark.parametrize(
    ("envelope_from", "extra", "why"),
    [
        ("", "", "no_sender"),
        (HUBER.address, "Auto-Submitted: auto-replied\r\n", "automatic"),
        (HUBER.address, "Precedence: bulk\r\n", "automatic"),
        (HUBER.address, "List-Id: <x.example>\r\n", "automatic"),
        (HUBER.address, "X-Siegel-Robot: answer\r\n", "automatic"),
        ("someone@else.example", "", "sender_differs"),
    ],
)
def test_some_mail_is_never_answered(
    robot: Office, envelope_from: str, extra: str, why: str
) -> None:
    write(robot, PROVED.encode() + asking(extra=extra), envelope_from)
    assert not answers(robot)
    assert reason() == why
    assert journal.read(action="robot.silent", limit=1)[0].detail["reason"] == why


@pytest.mark.parametrize(
    "results",
    [
        "",
        "Authentication-Results: mx.evil.example; dmarc=pass header.from={domain}\r\n",
        "Authentication-Results: {server}; dmarc=fail header.from={domain}\r\n",
        "Authentication-Results: {server}; spf=pass smtp.mailfrom=x@evil.example\r\n",
        "Authentication-Results: {server}; dkim=pass header.d=evil.example\r\n",
        "Authentication-Results: {server}; none (dmarc=pass header.from={domain})\r\n",
        'Authentication-Results: {server}; spf=pass smtp.mailfrom="x@{domain}"@evil.example\r\n',
        "Authentication-Results: {server}; dkim=pass header.d=evil.example"
        ' header.i="a;dkim=pass header.d={domain};"@evil.example\r\n',
        'Authentication-Results: {server}; dkim=pass header.i="a;dkim=pass header.d={domain}\r\n',
        "Authentication-Results: mx.evil.example; spf=fail\r\n"
        "Authentication-Results: {server}; dmarc=pass header.from={domain}\r\n",
    ],
)
def test_a_sender_that_nobody_proved_gets_no_answer(robot: Office, results: str) -> None:
    """Backscatter: the answer would go to whoever a spammer names."""
    head = results.format(server=SERVER, domain=HUBER_ADDRESS.domain)
    write(robot, head.encode() + asking())
    assert not answers(robot)
    assert reason() == "sender_not_proved"


@pytest.mark.parametrize(
    "result",
    [
        "spf=pass smtp.mailfrom=huber@{domain}",
        "spf=pass (all good; really) smtp.mailfrom={domain}",
        "dkim=fail header.d={domain}; dkim=pass header.d={domain} header.s=a",
    ],
)
def test_what_our_mail_server_found_out_counts(robot: Office, result: str) -> None:
    found = result.format(domain=HUBER_ADDRESS.domain)
    write(robot, f"Authentication-Results: {SERVER}; {found}\r\n".encode() + asking())
    assert the_answer(robot)


def test_a_forged_sender_registers_nothing_and_gets_nothing(robot: Office) -> None:
    """Signed by another person, in the name of one that has no certificate here yet."""
    mallory = WORLD.person("mallory")
    write(robot, signed_bytes(mallory, asking(HUBER.address)))
    assert not answers(robot)
    assert not in_use(HUBER.address)
    assert not pending.pending_for(HUBER_ADDRESS)


def test_two_robots_end_after_few_answers(robot: Office) -> None:
    """The other one takes out every mark, and answers whatever comes."""
    thread: list[str] = []
    for number in range(10):
        extra = f"References: {' '.join(thread)}\r\n" if thread else ""
        write(robot, PROVED.encode() + asking(subject=f"Re{number}", extra=extra))
        answered = answers(robot)
        if len(answered) <= number:
            break
        thread.append(str(answered[-1]["Message-ID"]))
    assert len(answers(robot)) == 3
    assert robot_mail.listed()[0].reason == "loop"


def test_limits_hold_for_one_address(robot: Office) -> None:
    for number in range(8):
        write(robot, PROVED.encode() + asking(subject=f"T{number}"))
    assert len(answers(robot)) == 5
    assert {row.reason for row in robot_mail.listed() if row.state == "silent"} == {
        "too_many_from_address"
    }
    robot.later(days=1, hours=1)
    write(robot, PROVED.encode() + asking(subject="morgen"))
    assert len(answers(robot)) == 6


def test_limits_hold_for_a_domain_and_for_all(robot: Office) -> None:
    rules = robot.site.robot
    assert rules is not None
    robot.site = replace(robot.site, robot=replace(rules, per_domain=2, per_hour=3))
    for name in ("a", "b", "c"):
        sender = f"{name}@{HUBER_ADDRESS.domain}"
        write(robot, PROVED.encode() + asking(sender), sender)
    other = PROVED.replace(HUBER_ADDRESS.domain, "other.example").encode()
    for name in ("d", "e"):
        sender = f"{name}@other.example"
        write(robot, other + asking(sender), sender)
    assert len(answers(robot)) == 3
    reasons = {row.reason for row in robot_mail.listed() if row.reason}
    assert reasons == {"too_many_from_domain", "too_many"}


def test_the_same_octets_again_are_answered_once(robot: Office) -> None:
    raw = PROVED.encode() + asking()
    write(robot, raw)
    write(robot, raw)
    assert len(answers(robot)) == 1


def test_nothing_of_the_mail_stands_in_the_answer(robot: Office) -> None:
    spam = "Bitte http://spam.example/kaufen und die Signatur ist nicht für Sie"
    raw = PROVED.encode() + asking(text=spam, subject="Gewinn http://spam.example")
    write(robot, raw.replace(b"From: <", b'From: "Visit http://spam.example" <', 1))
    answer = the_answer(robot)
    assert "spam.example" not in said(answer)
    assert all("spam.example" not in str(value) for value in answer.values())


def test_a_message_id_that_is_none_goes_nowhere(robot: Office) -> None:
    raw = PROVED.encode() + asking()
    hostile = b"Message-ID: <http://spam.example/x>"
    write(robot, raw.replace(b"Message-ID: <Test@test.example>", hostile))
    assert the_answer(robot)["In-Reply-To"] is None


def test_a_next_hop_that_is_away_is_tried_again_and_given_up_in_the_end(robot: Office) -> None:
    robot.out.fails = 2
    write(robot, PROVED.encode() + asking())
    for _ in range(2):
        assert not answers(robot)
        robot.later(hours=1)
    first = the_answer(robot)
    robot.out.fails = 100
    write(robot, PROVED.encode() + asking(subject="Noch"))
    for _ in range(TRIES + 1):
        answer_due(robot.site, at=robot.at)
        robot.later(hours=1)
    assert len(robot.out.sent) == 1
    assert robot_mail.listed()[0].reason == "not_taken"
    assert "<siegel-robot." in first["Message-ID"]


def test_a_kill_before_the_answer_is_written_down_sends_the_same_once_more(
    robot: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: object, **named: object) -> None:
        raise KeyboardInterrupt

    write(robot, PROVED.encode() + asking())
    with monkeypatch.context() as patched:
        patched.setattr(robot_mail, "end", killed)
        with pytest.raises(KeyboardInterrupt):
            answer_due(robot.site, at=robot.at)
    robot.later(minutes=20)
    again = answers(robot)
    assert len({each["Message-ID"] for each in again}) == 1
    assert len(again) <= 2
    assert len(answers(robot)) == len(again)


def test_old_tests_and_unreadable_ones_are_left_alone(robot: Office) -> None:
    write(robot, PROVED.encode() + asking())
    robot.at += timedelta(days=3)
    assert not answers(robot)
    assert reason() == "too_old"


def test_without_a_test_address_such_mail_is_ordinary(office: Office) -> None:
    write(office, asking())
    assert office.into.sent
    assert not robot_mail.listed()


def test_others_on_the_envelope_get_their_copy(robot: Office) -> None:
    robot.receive(PROVED.encode() + asking(), HUBER.address, str(ROBOT), ALICE.address)
    assert [sent.recipients for sent in robot.into.sent] == [(ALICE.address,)]
    assert the_answer(robot)
