"""While somebody writes: each recipient with its reason, and the same decision as at sending."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.flows import recipient_standing
from siegel.flows.recipient_standing import Asking, Standings
from siegel.policy.next_steps import Step, step_for
from siegel.policy.outbound import EncryptionOffer
from siegel.policy.reasons import Obstacle, Reason
from siegel.policy.wish import Wish
from tests.flows.office import ALICE, BOB, HUBER, UNKNOWN, Office, mail


def _asked(office: Office, *to: str, wish: Wish = Wish.NONE, bcc: str = "") -> Standings:
    alice = EmailAddress.parse(ALICE.address)
    asking = Asking(
        account=alice,
        sender=alice,
        to=tuple(map(EmailAddress.parse, to)),
        bcc=(EmailAddress.parse(bcc),) if bcc else (),
        wish=wish,
    )
    return recipient_standing.standings(asking, at=office.at)


@pytest.mark.requirement("A58", "A60")
def test_whoever_has_a_certificate_is_ready_until_it_ends(office: Office) -> None:
    office.partner(HUBER)

    found = _asked(office, HUBER.address)

    (huber,) = found.recipients
    assert huber.ready
    assert huber.at is not None
    assert huber.at > office.at
    assert found.encrypted
    assert found.encryption is EncryptionOffer.AUTOMATIC


@pytest.mark.requirement("A52")
def test_whoever_never_signed_is_asked_for_a_signed_mail(office: Office) -> None:
    found = _asked(office, UNKNOWN)

    (nobody,) = found.recipients
    assert (nobody.obstacle, nobody.step) == (Obstacle.NO_CERTIFICATE, Step.ASK_SIGNED)
    assert found.signed
    assert not found.encrypted
    assert found.decision.reasons == (Reason.RECIPIENT_WITHOUT_CERTIFICATE,)


def test_an_expired_certificate_says_since_when(office: Office) -> None:
    office.partner(HUBER)
    end = _asked(office, HUBER.address).recipients[0].at
    assert end is not None
    office.at = end + timedelta(days=2)

    (huber,) = _asked(office, HUBER.address).recipients

    assert (huber.obstacle, huber.step, huber.at) == (Obstacle.EXPIRED, Step.ASK_NEW, end)


def test_a_blind_recipient_counts_like_any_other(office: Office) -> None:
    office.partner(HUBER)

    found = _asked(office, HUBER.address, bcc=UNKNOWN)

    assert (found.ready, len(found.recipients)) == (1, 2)
    assert not found.encrypted


def test_where_encryption_is_offered_it_waits_for_a_word(office: Office) -> None:
    office.partner(HUBER)
    office.rule("mode", "offered")

    assert _asked(office, HUBER.address).encryption is EncryptionOffer.OFFERED
    assert not _asked(office, HUBER.address).encrypted
    assert _asked(office, HUBER.address, wish=Wish.ENCRYPT).encrypted


def test_a_rule_holds_what_cannot_be_encrypted(office: Office) -> None:
    office.rule("must_encrypt_domains", ["nirgends.example"])

    found = _asked(office, UNKNOWN)

    assert found.held
    assert found.recipients[0].demanded


@pytest.mark.requirement("A57")
def test_who_cannot_sign_cannot_encrypt(office: Office) -> None:
    office.partner(HUBER)
    office.at += timedelta(days=4000)  # after the end of every certificate

    found = _asked(office, HUBER.address)

    assert not found.signed
    assert not found.encrypted
    assert not found.may_sign
    assert found.encryption is EncryptionOffer.IMPOSSIBLE


def test_every_obstacle_has_its_next_step() -> None:
    assert {step_for(each) for each in Obstacle} == set(Step)


PEOPLE = (HUBER.address, BOB.address, UNKNOWN, "noch.jemand@nirgends.example")


@pytest.mark.requirement("A16", "A57", "A58", "A60")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    to=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4, unique=True),
    hidden=st.integers(min_value=0, max_value=2),
    wish=st.sampled_from(Wish),
    mode=st.sampled_from(["automatic", "offered"]),
    must=st.sampled_from([[], ["nirgends.example"]]),
    limit=st.sampled_from([2, 50]),
)
def test_what_the_writer_sees_is_what_the_gateway_does(
    office: Office,
    to: list[str],
    hidden: int,
    wish: Wish,
    mode: str,
    must: list[str],
    limit: int,
) -> None:
    office.partner(HUBER)
    office.rule("mode", mode)
    office.rule("must_encrypt_domains", must)
    office.rule("bulk_recipient_limit", limit)
    named = to[hidden:] or to
    blind = to[: len(to) - len(named)]
    alice = EmailAddress.parse(ALICE.address)
    asking = Asking(
        account=alice,
        sender=alice,
        to=tuple(map(EmailAddress.parse, named)),
        bcc=tuple(map(EmailAddress.parse, blind)),
        wish=wish,
    )

    shown = recipient_standing.standings(asking, at=office.at)
    extra = "" if wish is Wish.NONE else f"X-Siegel-Protect: {wish}\r\n"
    office.out.sent.clear()
    reply = office.send(
        mail(
            ALICE.address, *named, extra=f"{extra}Message-ID: <{hash((*to, hidden, wish))}@x>\r\n"
        ),
        ALICE.address,
        *to,
    )

    assert reply.accepted is not shown.held
    contents = [sent.content for sent in office.out.sent]
    assert all((b"enveloped-data" in each) is shown.encrypted for each in contents)
    assert all(
        (b"multipart/signed" in each) is (shown.signed and not shown.encrypted) for each in contents
    )
