"""What happens to one outgoing message: the rules one by one, a table, and what always holds."""

from collections.abc import Mapping
from dataclasses import fields, replace
from itertools import permutations
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.pki.certificate import Certificate
from siegel.pki.verdict import PathFinding
from siegel.policy.algorithms import EncryptedCopy
from siegel.policy.outbound import (
    EncryptionOffer,
    OutboundDecision,
    OutboundFacts,
    Plain,
    ProtectionPlan,
    Refuse,
    Send,
    Sign,
    SignAndEncrypt,
    decide,
    encryption_is_demanded,
    fitting_certificate,
    offer,
)
from siegel.policy.reasons import Obstacle, Reason
from siegel.policy.rules import CalendarRule, Mode
from siegel.policy.usability import Purpose, Usable, usable
from siegel.policy.wish import Wish
from tests.unit.policy.facts import (
    ALICE,
    BOB,
    DANA,
    FRIEDA,
    HUBER,
    NOW,
    RULES,
    STRANGER,
    certificate,
    failed,
    mail,
    own,
    partner,
    rules,
)

NOBODY = EmailAddress.parse("nobody@elsewhere.example")
MUST_SCHOOL = rules(must_encrypt_domains=["school.example"])
NO_OWN = {"signing": ()}


def plan_of(decision: OutboundDecision) -> str:
    return type(decision.plan).__name__ if isinstance(decision, Send) else "Refuse"


# --- the rules of the organisation, each by its name ---------------------------------------------


@pytest.mark.requirement("A46", "A75", "A5")
def test_signs_whenever_a_certificate_fits_the_sender() -> None:
    decision = decide(mail(NOBODY))
    assert isinstance(decision, Send)
    assert isinstance(decision.plan, Sign)
    assert decision.plan.signer.certificate == certificate("alice")
    assert decision.plan.signer == fitting_certificate(mail(NOBODY))
    assert plan_of(decide(mail(NOBODY, signing=(own("bob"),)))) == "Plain"


@pytest.mark.requirement("A16", "A14", "C1")
def test_there_is_no_plan_that_encrypts_without_signing() -> None:
    plans = get_args(ProtectionPlan)
    assert set(plans) == {Plain, Sign, SignAndEncrypt}
    for plan in plans:
        hints = get_type_hints(plan)
        named = {field.name for field in fields(plan)}
        assert "recipients" not in named or hints["signer"] is Usable


@pytest.mark.requirement("A58", "A15")
def test_one_recipient_without_certificate_means_signed_only() -> None:
    assert plan_of(decide(mail(HUBER, DANA))) == "SignAndEncrypt"
    decision = decide(mail(HUBER, DANA, NOBODY))
    assert plan_of(decision) == "Sign"
    assert decision.reasons == (Reason.RECIPIENT_WITHOUT_CERTIFICATE,)
    assert decision.recipients == {DANA: (), HUBER: (), NOBODY: (Obstacle.NO_CERTIFICATE,)}


@pytest.mark.requirement("A60", "A80")
def test_offers_encryption_exactly_when_decide_would_encrypt() -> None:
    for facts in (mail(HUBER), mail(NOBODY), mail(BOB), mail(HUBER, bulk=True), mail()):
        for mode in Mode:
            asked = replace(facts, rules=rules(mode=mode))
            wished = decide(replace(asked, wish=Wish.ENCRYPT))
            possible = offer(asked).encryption is not EncryptionOffer.IMPOSSIBLE
            assert possible == (plan_of(wished) == "SignAndEncrypt")
            automatic = offer(asked).encryption is EncryptionOffer.AUTOMATIC
            assert automatic == (plan_of(decide(asked)) == "SignAndEncrypt")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(mail(HUBER), EncryptionOffer.AUTOMATIC, id="automatic"),
        pytest.param(mail(HUBER, rules=rules(mode="offered")), EncryptionOffer.OFFERED, id="mode"),
        pytest.param(mail(BOB), EncryptionOffer.OFFERED, id="inside-on-wish"),
        pytest.param(mail(HUBER, rules=MUST_SCHOOL), EncryptionOffer.REQUIRED, id="by-rule"),
        pytest.param(mail(HUBER, wish=Wish.ENCRYPT), EncryptionOffer.REQUIRED, id="by-wish"),
        pytest.param(mail(NOBODY), EncryptionOffer.IMPOSSIBLE, id="no-certificate"),
        pytest.param(mail(), EncryptionOffer.IMPOSSIBLE, id="nobody-to-write-to"),
    ],
)
@pytest.mark.requirement("A60", "A52")
def test_the_writer_is_shown_what_will_happen(
    facts: OutboundFacts, expected: EncryptionOffer
) -> None:
    assert offer(facts).encryption is expected
    assert offer(facts).decision == decide(facts)


@pytest.mark.requirement("A83")
def test_bulk_mail_is_never_encrypted() -> None:
    decision = decide(mail(HUBER, bulk=True))
    assert (plan_of(decision), decision.reasons) == ("Sign", (Reason.BULK_MAIL,))
    wished = decide(mail(HUBER, bulk=True, wish=Wish.ENCRYPT))
    assert isinstance(wished, Refuse)
    assert wished.reasons == (Reason.BULK_MAIL, Reason.WISH_OF_THE_WRITER)
    assert isinstance(decide(mail(HUBER, bulk=True, rules=MUST_SCHOOL)), Refuse)


@pytest.mark.requirement("A48", "A78")
def test_signing_asks_nothing_of_the_recipient() -> None:
    for recipients in ((), (NOBODY,), (HUBER, NOBODY)):
        assert plan_of(decide(mail(*recipients))) == "Sign"


@pytest.mark.requirement("A53", "C9")
def test_a_private_key_does_not_leave_by_mail() -> None:
    for facts in (
        mail(HUBER, holds_private_key=True),
        mail(NOBODY, holds_private_key=True, already_protected=True),
        mail(HUBER, holds_private_key=True, sender=None),
    ):
        decision = decide(facts)
        assert isinstance(decision, Refuse)
        assert decision.reasons == (Reason.PRIVATE_KEY_ATTACHED,)
        assert not decision.temporary


@pytest.mark.parametrize(
    "allowed",
    [{"may_send_keys": True}, {"rules": rules(private_key_senders=["Alice@Office.example"])}],
    ids=["ok/by-the-flow", "ok/by-rule"],
)
def test_named_senders_may_send_keys(allowed: dict[str, Any]) -> None:
    assert plan_of(decide(mail(HUBER, holds_private_key=True, **allowed))) == "SignAndEncrypt"


@pytest.mark.requirement("A57")
def test_without_an_own_certificate_nothing_is_encrypted() -> None:
    decision = decide(mail(HUBER, **NO_OWN))
    assert plan_of(decision) == "Plain"
    assert decision.reasons == (Reason.NO_FITTING_CERTIFICATE,)
    assert decision.sender == (Obstacle.NO_CERTIFICATE,)


def test_what_keeps_the_sender_from_signing_is_named() -> None:
    decision = decide(mail(HUBER, signing=(own("alice", has_account=False),)))
    assert decision.sender == (Obstacle.NO_ACCOUNT,)


@pytest.mark.requirement("A32", "A33", "A81")
def test_validation_class_changes_nothing() -> None:
    plain = decide(mail(HUBER))
    assert isinstance(plain, Send)
    bought = replace(own("alice"), certificate=certificate("alice", validation_class=None))
    decision = decide(mail(HUBER, signing=(bought,)))
    assert isinstance(decision, Send)
    assert (type(decision.plan), decision.reasons) == (type(plain.plan), plain.reasons)


# --- the table -----------------------------------------------------------------------------------

WISH = Reason.WISH_OF_THE_WRITER
RULE = Reason.ENCRYPTION_REQUIRED
ALL = Reason.EVERY_RECIPIENT_HAS_A_CERTIFICATE
MISSING = Reason.RECIPIENT_WITHOUT_CERTIFICATE

TABLE: list[tuple[str, OutboundFacts, str, tuple[Reason, ...]]] = [
    ("ok/partner", mail(HUBER), "SignAndEncrypt", (ALL,)),
    ("ok/wish", mail(HUBER, wish=Wish.ENCRYPT), "SignAndEncrypt", (ALL, WISH)),
    ("ok/rule", mail(HUBER, rules=MUST_SCHOOL), "SignAndEncrypt", (ALL, RULE)),
    (
        "ok/rule-and-wish",
        mail(HUBER, rules=MUST_SCHOOL, wish=Wish.ENCRYPT),
        "SignAndEncrypt",
        (ALL, RULE, WISH),
    ),
    ("ok/wish-to-sign-is-the-least", mail(HUBER, wish=Wish.SIGN), "SignAndEncrypt", (ALL,)),
    ("ok/wish-to-sign", mail(NOBODY, wish=Wish.SIGN), "Sign", (MISSING,)),
    (
        "ok/offered-not-chosen",
        mail(HUBER, rules=rules(mode="offered")),
        "Sign",
        (Reason.ENCRYPTION_NOT_CHOSEN,),
    ),
    (
        "ok/offered-and-chosen",
        mail(HUBER, rules=rules(mode="offered"), wish=Wish.ENCRYPT),
        "SignAndEncrypt",
        (ALL, WISH),
    ),
    (
        "ok/offered-but-required",
        mail(HUBER, rules=rules(mode="offered", must_encrypt_partners=[str(HUBER)])),
        "SignAndEncrypt",
        (ALL, RULE),
    ),
    ("ok/inside", mail(BOB), "Sign", (Reason.INTERNAL_MAIL,)),
    ("ok/inside-on-wish", mail(BOB, wish=Wish.ENCRYPT), "SignAndEncrypt", (ALL, WISH)),
    (
        "ok/inside-by-rule",
        mail(BOB, rules=rules(must_encrypt_domains=["office.example"])),
        "SignAndEncrypt",
        (ALL, RULE),
    ),
    ("ok/inside-and-outside", mail(BOB, HUBER), "SignAndEncrypt", (ALL,)),
    ("ok/calendar", mail(HUBER, calendar=True), "Sign", (Reason.CALENDAR_PART,)),
    (
        "ok/calendar-like-mail",
        mail(HUBER, calendar=True, rules=rules(calendar=CalendarRule.PROTECT)),
        "SignAndEncrypt",
        (ALL,),
    ),
    (
        "ok/calendar-on-wish",
        mail(HUBER, calendar=True, wish=Wish.ENCRYPT),
        "SignAndEncrypt",
        (ALL, WISH),
    ),
    ("ok/nobody-has-one", mail(NOBODY), "Sign", (MISSING,)),
    ("ok/no-recipient", mail(), "Sign", (Reason.NO_RECIPIENT,)),
    ("ok/no-own", mail(HUBER, **NO_OWN), "Plain", (Reason.NO_FITTING_CERTIFICATE,)),
    (
        "ok/already-protected",
        mail(HUBER, already_protected=True),
        "Plain",
        (Reason.ALREADY_PROTECTED,),
    ),
    (
        "ok/already-encrypted-under-rule",
        mail(HUBER, already_protected=True, already_encrypted=True, rules=MUST_SCHOOL),
        "Plain",
        (Reason.ALREADY_PROTECTED,),
    ),
    (
        "ok/already-protected-needs-no-certificate",
        mail(NOBODY, already_protected=True, **NO_OWN),
        "Plain",
        (Reason.ALREADY_PROTECTED,),
    ),
    ("ok/from-ambiguous", mail(HUBER, sender=None), "Plain", (Reason.FROM_AMBIGUOUS,)),
    (
        "ok/not-entitled",
        mail(HUBER, sender_entitled=False),
        "Plain",
        (Reason.SENDER_NOT_ENTITLED,),
    ),
    (
        "fail/only-signed-before-under-rule",
        mail(HUBER, already_protected=True, rules=MUST_SCHOOL),
        "Refuse",
        (Reason.ALREADY_PROTECTED, RULE),
    ),
    (
        "fail/only-signed-before-under-wish",
        mail(HUBER, already_protected=True, wish=Wish.ENCRYPT),
        "Refuse",
        (Reason.ALREADY_PROTECTED, WISH),
    ),
    (
        "fail/from-ambiguous-under-rule",
        mail(HUBER, sender=None, rules=MUST_SCHOOL),
        "Refuse",
        (Reason.FROM_AMBIGUOUS, RULE),
    ),
    (
        "fail/from-ambiguous-under-wish-to-sign",
        mail(NOBODY, sender=None, wish=Wish.SIGN),
        "Refuse",
        (Reason.FROM_AMBIGUOUS, WISH),
    ),
    (
        "fail/not-entitled-under-wish",
        mail(HUBER, sender_entitled=False, wish=Wish.ENCRYPT),
        "Refuse",
        (Reason.SENDER_NOT_ENTITLED, WISH),
    ),
    (
        "fail/no-own-under-rule",
        mail(HUBER, rules=MUST_SCHOOL, **NO_OWN),
        "Refuse",
        (Reason.NO_FITTING_CERTIFICATE, RULE),
    ),
    (
        "fail/no-own-under-wish-to-sign",
        mail(NOBODY, wish=Wish.SIGN, **NO_OWN),
        "Refuse",
        (Reason.NO_FITTING_CERTIFICATE, WISH),
    ),
    ("fail/wish", mail(HUBER, NOBODY, wish=Wish.ENCRYPT), "Refuse", (MISSING, WISH)),
    ("fail/rule", mail(HUBER, NOBODY, rules=MUST_SCHOOL), "Refuse", (MISSING, RULE)),
    (
        "fail/rule-of-a-domain-above",
        mail(NOBODY, rules=rules(must_encrypt_domains=["example"])),
        "Refuse",
        (MISSING, RULE),
    ),
    (
        "ok/rule-of-another-domain",
        mail(NOBODY, rules=rules(must_encrypt_domains=["where.example"])),
        "Sign",
        (MISSING,),
    ),
    ("fail/bulk-under-rule", mail(HUBER, bulk=True, rules=MUST_SCHOOL), "Refuse",
     (Reason.BULK_MAIL, RULE)),
    ("fail/nobody-to-write-to-under-wish", mail(wish=Wish.ENCRYPT), "Refuse",
     (Reason.NO_RECIPIENT, WISH)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "plan", "reasons"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
@pytest.mark.requirement("A46", "A52", "A57", "A58", "A60", "A83", "B6")
def test_every_row_of_the_table(
    facts: OutboundFacts, plan: str, reasons: tuple[Reason, ...]
) -> None:
    decision = decide(facts)
    assert (plan_of(decision), decision.reasons) == (plan, reasons)


# --- the plan itself -----------------------------------------------------------------------------


@pytest.mark.requirement("A15", "A58")
def test_a_plan_names_all_certificates_of_every_recipient_and_the_sender_s_own() -> None:
    two = {HUBER: (partner("huber"),), ALICE: (partner("alice"), partner("alice_rekeyed"))}
    decision = decide(mail(HUBER, ALICE, encryption=two))
    assert isinstance(decision, Send)
    assert isinstance(decision.plan, SignAndEncrypt)
    assert [len(decision.plan.recipients[one]) for one in (HUBER, ALICE)] == [1, 2]
    assert own_in(decision.plan) == [certificate("alice")]


def test_a_sender_without_an_own_encryption_certificate_still_encrypts() -> None:
    facts = mail(HUBER, sender=FRIEDA, signing=(own("frieda_sign"),))
    decision = decide(facts)
    assert isinstance(decision, Send)
    assert isinstance(decision.plan, SignAndEncrypt)
    assert own_in(decision.plan) == []


def test_a_certificate_that_arrived_for_the_sender_s_address_does_not_read_his_copies() -> None:
    facts = mail(HUBER, signing=(own("alice"), partner("alice_rekeyed")))
    decision = decide(facts)
    assert isinstance(decision, Send)
    assert isinstance(decision.plan, SignAndEncrypt)
    assert own_in(decision.plan) == [certificate("alice")]


def test_plans_hold_certificates_checked_for_their_purpose_and_never_nobody() -> None:
    signer = usable(own("alice"), ALICE, Purpose.SIGN, NOW, RULES)
    reader = usable(partner("huber"), HUBER, Purpose.ENCRYPT, NOW, RULES)
    assert signer is not None
    assert reader is not None
    wrong: list[tuple[Usable, tuple[EncryptedCopy, ...]]] = [
        (reader, (copy({HUBER: (reader,)}),)),
        (signer, (copy({HUBER: (signer,)}),)),
        (signer, (copy({HUBER: (reader,)}, signer),)),
        (signer, ()),
        (signer, (copy({}),)),
        (signer, (copy({HUBER: ()}),)),
        (signer, (copy({HUBER: (reader,), DANA: ()}),)),
        (signer, (copy({HUBER: (reader,)}), copy({HUBER: (reader,)}))),
    ]
    for one, copies in wrong:
        with pytest.raises(ValueError, match=r"certificate|two encrypted copies"):
            SignAndEncrypt(one, copies)
    with pytest.raises(ValueError, match="another purpose"):
        Sign(reader)


def copy(recipients: Mapping[EmailAddress, tuple[Usable, ...]], *to_self: Usable) -> EncryptedCopy:
    return EncryptedCopy(recipients=recipients, to_self=to_self, cipher="aes256-cbc", transports={})


def own_in(plan: SignAndEncrypt) -> list[Certificate]:
    return [one.certificate for copy in plan.copies for one in copy.to_self]


def test_a_decision_is_no_truth_value() -> None:
    for decision in (decide(mail(HUBER)), decide(mail(NOBODY, wish=Wish.ENCRYPT))):
        with pytest.raises(TypeError):
            bool(decision)


# --- what always holds ---------------------------------------------------------------------------

PEOPLE = [ALICE, BOB, DANA, HUBER, STRANGER, NOBODY]
CANDIDATES = {
    ALICE: [own("alice"), own("alice_rekeyed"), own("alice", pending=True), partner("alice")],
    BOB: [partner("bob"), partner("bob", failed(PathFinding.REVOKED))],
    DANA: [partner("dana"), partner("dana", change_unconfirmed=True)],
    HUBER: [
        partner("huber"),
        partner("huber", failed(PathFinding.UNTRUSTED_ROOT)),
        partner("otto"),
    ],
    STRANGER: [partner("stranger")],
    NOBODY: [partner("sina")],
}
RULE_SETS = st.builds(
    rules,
    mode=st.sampled_from(Mode),
    must_encrypt_domains=st.sets(st.sampled_from(["school.example", "example", "office.example"])),
    must_encrypt_partners=st.sets(st.sampled_from([str(one) for one in PEOPLE]), max_size=2),
    calendar=st.sampled_from(CalendarRule),
    key_change=st.sampled_from(["alert", "hold"]),
    private_key_senders=st.sets(st.sampled_from([str(ALICE), str(BOB)])),
)


def _some_of(address: EmailAddress) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(CANDIDATES[address]), max_size=3).map(tuple)


FACTS = st.builds(
    OutboundFacts,
    sender=st.sampled_from([ALICE, BOB, None]),
    sender_entitled=st.booleans() | st.just(True),
    recipients=st.lists(st.sampled_from(PEOPLE), max_size=5).map(tuple),
    at=st.just(NOW),
    rules=RULE_SETS,
    internal=st.frozensets(st.sampled_from([ALICE, BOB, HUBER])),
    bulk=st.booleans(),
    calendar=st.booleans(),
    already_protected=st.booleans(),
    already_encrypted=st.booleans(),
    wish=st.sampled_from(Wish),
    holds_private_key=st.booleans(),
    may_send_keys=st.booleans(),
    signing=_some_of(ALICE) | st.just((own("alice"),)),
    encryption=st.fixed_dictionaries({}, optional={one: _some_of(one) for one in PEOPLE}),
)
OFTEN = settings(max_examples=250)


@given(facts=FACTS)
@OFTEN
@pytest.mark.requirement("A16", "A58", "C1", "C2")
def test_never_encrypts_while_an_obstacle_exists_for_any_recipient(facts: OutboundFacts) -> None:
    decision = decide(facts)
    assert decision.recipients.keys() == set(facts.recipients)
    if plan_of(decision) == "SignAndEncrypt":
        assert isinstance(decision, Send)
        assert isinstance(decision.plan, SignAndEncrypt)
        assert not any(decision.recipients.values())
        assert decision.plan.recipients.keys() == set(facts.recipients)
        assert all(decision.plan.recipients.values())
        assert decision.plan.signer.address == facts.sender
        assert facts.sender_entitled
        assert not facts.bulk


@given(facts=FACTS)
@OFTEN
@pytest.mark.requirement("B6")
def test_what_must_be_encrypted_never_leaves_readable(facts: OutboundFacts) -> None:
    decision = decide(facts)
    if encryption_is_demanded(facts):
        untouched = facts.already_protected and facts.already_encrypted
        allowed = {"SignAndEncrypt", "Refuse", *(["Plain"] if untouched else [])}
        assert plan_of(decision) in allowed
        assert untouched or plan_of(decision) != "Plain"


@given(facts=FACTS)
@OFTEN
def test_what_must_be_signed_never_leaves_unsigned(facts: OutboundFacts) -> None:
    if facts.wish is Wish.SIGN and not facts.already_protected:
        assert plan_of(decide(facts)) != "Plain"


@given(facts=FACTS)
@OFTEN
@pytest.mark.requirement("A53")
def test_no_private_key_leaves_without_permission(facts: OutboundFacts) -> None:
    decision = decide(facts)
    named = str(facts.sender) in facts.rules.private_key_senders
    if facts.holds_private_key and not facts.may_send_keys and not named:
        assert plan_of(decision) == "Refuse"


@given(facts=FACTS)
@OFTEN
def test_nobody_signs_for_another(facts: OutboundFacts) -> None:
    if facts.sender is None or not facts.sender_entitled:
        assert plan_of(decide(facts)) in {"Plain", "Refuse"}


@given(facts=FACTS, order=st.randoms(use_true_random=False))
@OFTEN
def test_order_and_repetition_change_nothing(facts: OutboundFacts, order: Any) -> None:
    def shuffled(values: tuple[Any, ...]) -> tuple[Any, ...]:
        mixed = list(values)
        order.shuffle(mixed)
        return tuple(mixed)

    again = replace(
        facts,
        recipients=shuffled((*facts.recipients, *facts.recipients)),
        signing=shuffled(facts.signing),
        encryption={one: shuffled(found) for one, found in facts.encryption.items()},
    )
    assert plan_of(decide(again)) == plan_of(decide(facts))
    assert decide(again).reasons == decide(facts).reasons
    assert _fingerprints(decide(again)) == _fingerprints(decide(facts))


@given(facts=FACTS)
@OFTEN
def test_equal_facts_give_equal_decisions_with_reasons(facts: OutboundFacts) -> None:
    decision = decide(facts)
    assert decision == decide(replace(facts))
    assert decision.reasons
    assert len(set(decision.reasons)) == len(decision.reasons)


@given(facts=FACTS)
@OFTEN
@pytest.mark.requirement("A60")
def test_the_offer_is_what_decide_would_do(facts: OutboundFacts) -> None:
    shown = offer(facts)
    assert shown.decision == decide(facts)
    assert shown.on_wish == decide(replace(facts, wish=Wish.ENCRYPT))
    encrypted = plan_of(shown.decision) == "SignAndEncrypt"
    assert encrypted == (shown.encryption in (EncryptionOffer.AUTOMATIC, EncryptionOffer.REQUIRED))


@given(facts=FACTS)
@OFTEN
def test_a_wish_never_lessens_the_protection(facts: OutboundFacts) -> None:
    rank = ["Plain", "Sign", "SignAndEncrypt", "Refuse"]
    found = [rank.index(plan_of(decide(replace(facts, wish=wish)))) for wish in Wish]
    assert found == sorted(found)


def _fingerprints(decision: OutboundDecision) -> object:
    if not isinstance(decision, Send) or not isinstance(decision.plan, SignAndEncrypt):
        return None
    plan = decision.plan
    readers = {
        str(address): [one.certificate.fingerprint for one in found]
        for address, found in plan.recipients.items()
    }
    return plan.signer.certificate.fingerprint, sorted(readers.items()), len(own_in(plan))


def test_recipients_in_any_order_give_the_same_decision() -> None:
    decisions = [decide(mail(*order)) for order in permutations((HUBER, DANA, BOB))]
    assert all(decision == decisions[0] for decision in decisions)
