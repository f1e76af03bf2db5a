"""A challenge mail that is not what it says is never answered, and the real one still is."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from siegel.flows import acme_mail
from siegel.mime.parse import parse_message
from siegel.policy.acme import MUST_BE_SIGNED, AcmeReason, MailRefusal, MailStanding
from siegel.policy.actions import Action
from siegel.store.queries import acme, journal
from siegel.store.queries.acme import MOST_UNJUDGED
from tests.flows.acme_model import challenge_mail
from tests.flows.acme_scene import EVA, Scene
from tests.flows.office import Office, mail
from tests.interop.acme.mail_servers import USER, with_dkim

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "Zm9yZ2VkVG9rZW5Gb3JnZWRUb2tlbg"
ATTACKER = "acme@angreifer.example"
ME = str(EVA)


@pytest.fixture
def waiting(office: Office) -> Scene:
    """An order waits for its mail, which is still on its way."""
    scene = Scene(office)
    order = scene.place()
    scene.step()
    assert scene.reason(order) is AcmeReason.AWAITING_MAIL
    return scene


def without_dkim() -> bytes:
    return challenge_mail(TOKEN, ME)


def signed_by_another_domain() -> bytes:
    return with_dkim(challenge_mail(TOKEN, ME), domain="angreifer.example")


def changed_on_the_way() -> bytes:
    return with_dkim(challenge_mail(TOKEN, ME)).replace(b"Bitte", b"BITTE")


def subject_changed_on_the_way() -> bytes:
    return with_dkim(challenge_mail(TOKEN, ME)).replace(TOKEN.encode(), TOKEN[::-1].encode())


def subject_not_signed() -> bytes:
    return with_dkim(challenge_mail(TOKEN, ME), fields=MUST_BE_SIGNED - {"subject"})


def reply_to_not_signed() -> bytes:
    """Otherwise anybody on the way could lead the answer to himself."""
    signed = with_dkim(challenge_mail(TOKEN, ME), fields=MUST_BE_SIGNED - {"reply-to"})
    return f"Reply-To: {ATTACKER}\r\n".encode() + signed


def from_somebody_else() -> bytes:
    return challenge_mail(TOKEN, ME, sender=ATTACKER)


def for_somebody_else() -> bytes:
    return with_dkim(challenge_mail(TOKEN, "otto@office.example"))


def for_several() -> bytes:
    return with_dkim(challenge_mail(TOKEN, f"{ME}, otto@office.example"))


def with_a_second_sender() -> bytes:
    return b"From: Post <post@bank.example>\r\n" + with_dkim(challenge_mail(TOKEN, ME))


def with_a_second_subject() -> bytes:
    return f"Subject: ACME: {TOKEN[::-1]}\r\n".encode() + with_dkim(challenge_mail(TOKEN, ME))


def a_token_too_short() -> bytes:
    return with_dkim(challenge_mail("a3VyeiBrdXJ6", ME))


def an_answer_to_an_answer() -> bytes:
    mail = challenge_mail(TOKEN, ME).replace(b"Subject: ACME", b"Subject: Re: ACME")
    return with_dkim(mail)


FORGED: dict[Callable[[], bytes], MailRefusal] = {
    without_dkim: MailRefusal.NOT_SIGNED,
    signed_by_another_domain: MailRefusal.NOT_SIGNED,  # its key lies under our name server's nose
    changed_on_the_way: MailRefusal.NOT_SIGNED,
    subject_changed_on_the_way: MailRefusal.NOT_SIGNED,
    subject_not_signed: MailRefusal.FIELDS_NOT_SIGNED,
    reply_to_not_signed: MailRefusal.FIELDS_NOT_SIGNED,
    from_somebody_else: MailRefusal.OTHER_SENDER,
    for_somebody_else: MailRefusal.OTHER_RECIPIENT,
    for_several: MailRefusal.OTHER_RECIPIENT,
    with_a_second_sender: MailRefusal.MALFORMED,
    with_a_second_subject: MailRefusal.MALFORMED,
    a_token_too_short: MailRefusal.MALFORMED,
    an_answer_to_an_answer: MailRefusal.MALFORMED,
}


@pytest.mark.requirement("C7")
@pytest.mark.parametrize("forge", FORGED, ids=lambda forge: forge.__name__)
def test_a_forged_mail_is_not_answered_and_the_real_one_is(
    waiting: Scene, forge: Callable[[], bytes]
) -> None:
    waiting.arrives(forge())
    waiting.step()
    assert waiting.office.out.sent == []
    assert refusals() == [FORGED[forge]]
    waiting.carry()
    order = acme.open_of(EVA)
    assert order is not None
    assert waiting.run(order.id).issued


def test_another_domain_whose_key_is_known_proves_nothing(waiting: Scene) -> None:
    """He signs with his own domain, which his own name server vouches for."""
    known = waiting.lookup
    waiting.lookup = lambda name: known(name.replace("angreifer.example", "ca.example"))
    waiting.arrives(signed_by_another_domain())
    waiting.step()
    assert waiting.office.out.sent == []
    assert refusals() == [MailRefusal.OTHER_DOMAIN]


def test_the_same_mail_again_is_answered_once(waiting: Scene) -> None:
    (genuine,) = waiting.authority.asked
    waiting.arrives(genuine)
    waiting.arrives(genuine)
    waiting.step()
    assert len(waiting.office.out.sent) == 1
    waiting.arrives(b"Received: from elsewhere\r\n" + genuine)
    waiting.step()
    assert len(waiting.office.out.sent) == 1
    assert refusals() == [MailRefusal.ANSWERED_BEFORE]


def test_the_mail_of_an_order_that_has_ended_is_not_answered_for_the_next(waiting: Scene) -> None:
    (genuine,) = waiting.authority.asked
    order = acme.open_of(EVA)
    assert order is not None
    assert waiting.run(order.id).issued
    again = waiting.place()
    waiting.step()
    waiting.arrives(b"Received: from elsewhere\r\n" + genuine)
    waiting.step()
    assert waiting.office.out.sent == []
    assert refusals() == [MailRefusal.ANSWERED_BEFORE]
    assert waiting.run(again).issued


def test_without_an_order_nothing_is_kept_and_nothing_answered(office: Office) -> None:
    scene = Scene(office)
    scene.arrives(with_dkim(challenge_mail(TOKEN, ME)))
    order = scene.place()
    scene.step()
    assert acme.mails(order) == ()
    assert office.out.sent == []


def test_a_mail_for_one_account_is_not_kept_for_the_order_of_another(waiting: Scene) -> None:
    office = waiting.office
    assert office.receive(without_dkim(), USER, "alice@office.example").accepted
    waiting.step()
    assert refusals() == []


def test_a_flood_of_forged_mail_is_not_kept(waiting: Scene) -> None:
    for number in range(60):
        waiting.arrives(challenge_mail(f"{TOKEN}{number}", ME))
    order = acme.open_of(EVA)
    assert order is not None
    assert len(acme.mails(order.id)) == MOST_UNJUDGED
    waiting.step()
    assert waiting.office.out.sent == []


def test_the_real_mail_finds_room_after_a_flood(waiting: Scene) -> None:
    for number in range(60):
        waiting.arrives(challenge_mail(f"{TOKEN}{number}", ME))
    waiting.step()
    order = acme.open_of(EVA)
    assert order is not None
    assert waiting.run(order.id).issued


def test_ordinary_mail_costs_no_question_to_the_store(
    office: Office, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    message = parse_message(mail("huber@school.example", ME))
    with django_assert_num_queries(0):
        acme_mail.notice(message, [EVA], at=office.at)


def test_whoever_reads_such_a_mail_is_told_what_became_of_it(waiting: Scene) -> None:
    genuine, forged = waiting.authority.asked[0], without_dkim()

    def became(raw: bytes) -> object:
        return acme_mail.standing_of(parse_message(raw), EVA)

    assert became(mail("huber@school.example", ME)) is None
    assert became(genuine) is MailStanding.UNASKED
    for raw in (genuine, forged):
        waiting.arrives(raw)
        assert became(raw) is MailStanding.WAITS
    waiting.step()
    assert became(genuine) is MailStanding.ANSWERED
    assert became(b"Received: from elsewhere\r\n" + genuine) is MailStanding.ANSWERED
    assert became(forged) is MailRefusal.NOT_SIGNED
    assert became(a_token_too_short()) is MailRefusal.MALFORMED


def refusals() -> list[object]:
    found = journal.read(action=Action.CERTIFICATE_CHALLENGE_REFUSED.value)
    return [entry.detail["why"] for entry in found]
