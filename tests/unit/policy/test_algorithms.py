"""Copies and ciphers for several recipients: the table, and what always holds."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.base.keys import KeyKind, TransportKind
from siegel.pki.verdict import RevocationStatus
from siegel.policy.algorithms import (
    EncryptedCopy,
    NoCommonCipher,
    Why,
    choose_algorithms,
)
from siegel.policy.outbound import (
    EncryptionOffer,
    Refuse,
    Send,
    SignAndEncrypt,
    decide,
    offer,
)
from siegel.policy.reading import STRONGEST_FIRST, EnvelopeKind, kind_of
from siegel.policy.reasons import Obstacle, Reason
from siegel.policy.rules import OrganisationRules
from siegel.policy.sharing import Known
from siegel.policy.usability import Candidate, Purpose, Usable, usable
from siegel.policy.wish import Wish
from tests.unit.policy.facts import (
    ALICE,
    BOB,
    DANA,
    FRIEDA,
    HUBER,
    NOW,
    RULES,
    certificate,
    mail,
    own,
    partner,
    rules,
)
from tests.unit.policy.test_reading import said

GCM, GCM128, CHACHA = "aes256-gcm", "aes128-gcm", "chacha20-poly1305"
CBC, CBC128 = "aes256-cbc", "aes128-cbc"
CARLA = EmailAddress.parse("carla@partner.example")
PETRA = EmailAddress.parse("petra@partner.example")
QUENTIN = EmailAddress.parse("quentin@partner.example")
SPLIT, WHOLE = rules(split_on_mismatch=True), rules(split_on_mismatch=False)
QUANTUM = rules(post_quantum="prefer")


def chosen(
    encryption: Mapping[EmailAddress, Iterable[Candidate]],
    rule: OrganisationRules = RULES,
    **changes: Any,
) -> tuple[EncryptedCopy, ...]:
    decision = decide(asked(encryption, rule, **changes))
    assert isinstance(decision, Send)
    assert isinstance(decision.plan, SignAndEncrypt)
    return decision.plan.copies


def asked(
    encryption: Mapping[EmailAddress, Iterable[Candidate]],
    rule: OrganisationRules = RULES,
    **changes: Any,
) -> Any:
    known = {address: tuple(found) for address, found in encryption.items()}
    return mail(*known, encryption=known, rules=rule, internal=frozenset(), **changes)


def short(copies: Iterable[EncryptedCopy]) -> list[tuple[set[str], str]]:
    return [({a.local for a in copy.recipients}, copy.cipher) for copy in copies]


def reasons(copy: EncryptedCopy) -> list[Reason]:
    return [why.reason for why in copy.why]


def huber(*ciphers: str, **more: Any) -> Candidate:
    return partner("huber", announced=said(*ciphers, **more) if ciphers else None)


def dana(*ciphers: str, **more: Any) -> Candidate:
    """Has a key on a curve, so that mail to Huber, who has RSA, may need two copies."""
    return partner("dana", announced=said(*ciphers, **more) if ciphers else None)


def bob(*ciphers: str, **more: Any) -> Candidate:
    return partner("bob", announced=said(*ciphers, **more) if ciphers else None)


# --- the cipher ----------------------------------------------------------------------------------

ALL, BY_RULE = Reason.CIPHER_READ_BY_ALL, Reason.CIPHER_BY_RULE
UNKNOWN, LIMITED = Reason.CIPHER_FOR_UNKNOWN_PROGRAM, Reason.CIPHER_LIMITED_BY_PROGRAM
IN_COMMON = Reason.CIPHER_IN_COMMON

ONE_COPY: dict[
    str, tuple[dict[EmailAddress, list[Candidate]], OrganisationRules, str, tuple[Why, ...]]
]
ONE_COPY = {
    "ok/unknown": ({HUBER: [huber()]}, RULES, CBC, (Why(UNKNOWN, (HUBER,)),)),
    "ok/all-announced-the-strongest": (
        {HUBER: [huber(CBC, GCM)], BOB: [bob(GCM, CHACHA)]}, RULES, GCM, (Why(ALL),),
    ),
    "ok/one-of-them-is-unknown": (
        {HUBER: [huber(CBC, GCM)], BOB: [bob()]}, RULES, CBC, (Why(UNKNOWN, (BOB,)),),
    ),
    "ok/one-of-them-announced-less": (
        {HUBER: [huber(GCM, CBC)], BOB: [bob(CBC, CBC128)]}, RULES, CBC, (Why(LIMITED, (BOB,)),),
    ),
    "ok/one-unknown-and-one-who-reads-no-more": (
        {HUBER: [huber()], BOB: [bob(CBC)]}, RULES, CBC,
        (Why(UNKNOWN, (HUBER,)), Why(LIMITED, (BOB,))),
    ),
    "ok/only-those-who-hold-it-back-are-named": (
        {HUBER: [huber()], BOB: [bob(CBC128)]}, RULES, CBC128, (Why(LIMITED, (BOB,)),),
    ),
    "ok/the-first-of-a-list-is-not-the-best-of-it": (
        {HUBER: [huber(CBC128, CBC)]}, RULES, CBC, (Why(LIMITED, (HUBER,)),),
    ),
    "ok/chacha20-where-it-is-the-best-in-common": (
        {HUBER: [huber(CHACHA, CBC)], BOB: [bob(GCM, CHACHA)]}, RULES, CHACHA,
        (Why(LIMITED, (HUBER,)),),
    ),
    "ok/what-is-common-may-be-nobody-s-best": (
        {HUBER: [huber(GCM, CBC128)], BOB: [bob(CHACHA, CBC128)]}, RULES, CBC128,
        (Why(IN_COMMON, (BOB, HUBER)),),
    ),
    "ok/an-unknown-one-that-reads-more-is-no-reason": (
        {HUBER: [huber(GCM, CBC128)], BOB: [bob()]}, RULES, CBC128,
        (Why(IN_COMMON, (BOB, HUBER)),),
    ),
    "ok/weak-ones-in-a-list-change-nothing": (
        {HUBER: [huber("3des-cbc", "rc2-128-cbc", CBC128)]}, RULES, CBC128,
        (Why(LIMITED, (HUBER,)),),
    ),
    "ok/modern-by-rule": (
        {HUBER: [huber()]}, rules(unknown_recipient_profile="modern"), GCM,
        (Why(UNKNOWN, (HUBER,)),),
    ),
    "ok/a-rule-for-everybody": (
        {HUBER: [huber(CBC)], BOB: [bob("3des-cbc")]}, rules(cipher=GCM128), GCM128,
        (Why(BY_RULE),),
    ),
    "ok/with-all-of-one-s-programs": (
        {BOB: [bob(GCM), partner("alice", announced=said(CBC), linked_to=frozenset({BOB}))]},
        # Bob's own certificate goes before one that was bound to him
        rules(organisation_certificates=True), GCM, (Why(ALL),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE_COPY)
def test_the_strongest_that_everybody_reads_and_why_no_stronger_one(case: str) -> None:
    encryption, rule, cipher, why = ONE_COPY[case]
    (copy,) = chosen(encryption, rule)
    assert (copy.cipher, copy.why) == (cipher, why)
    assert copy.recipients.keys() == encryption.keys()


def test_a_person_with_two_programs_gets_what_both_read() -> None:
    two = [partner("alice", announced=said(GCM, CBC)), partner("alice_rekeyed")]
    (copy,) = chosen({ALICE: two})
    assert len(copy.recipients[ALICE]) == 2
    assert (copy.cipher, copy.why) == (CBC, (Why(UNKNOWN, (ALICE,)),))


@pytest.mark.parametrize(("ciphers", "reason"), [((CBC128,), LIMITED), ((GCM, CBC128), IN_COMMON)])
def test_of_a_person_with_two_programs_the_one_that_reads_less_is_the_reason(
    ciphers: tuple[str, ...], reason: Reason
) -> None:
    two = [partner("alice", announced=said(*ciphers)), partner("alice_rekeyed")]
    (copy,) = chosen({ALICE: two})
    assert (copy.cipher, copy.why) == (CBC128, (Why(reason, (ALICE,)),))


def test_the_key_that_signs_speaks_for_the_one_that_only_receives() -> None:
    signs = partner("frieda_sign", announced=said(GCM))
    (copy,) = chosen({FRIEDA: [signs, partner("frieda_encrypt")]})
    assert [c.fingerprint for c in copy.certificates][:1] == [
        certificate("frieda_encrypt").fingerprint
    ]
    assert copy.cipher == GCM


def test_no_other_key_speaks_for_one_that_can_speak_for_itself() -> None:
    signs = Candidate(
        certificate=certificate("frieda_sign", addresses=(ALICE,)),
        path=own("alice").path,
        announced=said(GCM),
    )
    (copy,) = chosen({ALICE: [partner("alice"), signs]})
    assert copy.cipher == CBC


def test_what_waits_for_a_person_s_word_speaks_for_nobody() -> None:
    signs = partner("frieda_sign", announced=said(GCM), pending=True)
    (copy,) = chosen({FRIEDA: [signs, partner("frieda_encrypt")]})
    assert copy.cipher == CBC


def test_a_change_of_key_that_is_held_changes_no_cipher_either() -> None:
    signs = partner("frieda_sign", announced=said("3des-cbc"), change_unconfirmed=True)
    people = {FRIEDA: [signs, partner("frieda_encrypt")]}
    (copy,) = chosen(people, rules(key_change="hold"))
    assert copy.cipher == CBC
    assert isinstance(decide(asked(people)), Refuse)


def test_a_key_that_was_lost_says_nothing_more() -> None:
    signs = partner("frieda_sign", announced=said("3des-cbc"))
    lost = replace(signs, path=replace(signs.path, revocation=RevocationStatus.REVOKED))
    (copy,) = chosen({FRIEDA: [lost, partner("frieda_encrypt")]})
    assert copy.cipher == CBC


# --- nothing in common ---------------------------------------------------------------------------


@pytest.mark.parametrize("wish", list(Wish))
def test_without_anything_in_common_nothing_is_sent_not_even_in_clear(wish: Wish) -> None:
    decision = decide(asked({HUBER: [huber(GCM)], BOB: [bob(CBC)]}, WHOLE, wish=wish))
    assert isinstance(decision, Refuse)
    assert decision.reasons[0] is Reason.NO_COMMON_CIPHER
    assert decision.recipients == {
        HUBER: (Obstacle.NO_COMMON_CIPHER,),
        BOB: (Obstacle.NO_COMMON_CIPHER,),
    }
    assert not decision.temporary


def test_who_reads_only_weak_ciphers_is_named_and_the_others_are_not() -> None:
    for rule in (WHOLE, SPLIT):
        decision = decide(asked({HUBER: [huber("3des-cbc")], BOB: [bob(CBC)]}, rule))
        assert isinstance(decision, Refuse)
        assert decision.recipients == {HUBER: (Obstacle.NO_COMMON_CIPHER,), BOB: ()}


def test_encryption_that_nobody_could_read_is_not_offered() -> None:
    rule = rules(mode="offered", split_on_mismatch=False)
    found = offer(asked({HUBER: [huber(GCM)], BOB: [bob(CBC)]}, rule))
    assert found.encryption is EncryptionOffer.IMPOSSIBLE


@pytest.mark.requirement("A15")
def test_by_rule_there_are_several_copies_the_largest_group_first() -> None:
    people = {
        HUBER: [huber(GCM)],
        BOB: [bob(CBC)],
        ALICE: [partner("alice", announced=said(CBC, CBC128))],
    }
    copies = chosen(people, SPLIT)
    assert short(copies) == [({"alice", "bob"}, CBC), ({"huber"}, GCM)]
    assert all(Reason.SEPARATE_BY_CIPHER in reasons(copy) for copy in copies)
    assert all(copy.to_self for copy in copies)


def test_of_groups_of_the_same_size_the_stronger_one_goes_first() -> None:
    copies = chosen({HUBER: [huber(CBC)], BOB: [bob(GCM)]}, SPLIT)
    assert short(copies) == [({"bob"}, GCM), ({"huber"}, CBC)]


def test_a_blind_copy_weakens_no_other_one() -> None:
    people = {HUBER: [huber(GCM, CBC)], BOB: [bob(CBC)]}
    assert short(chosen(people)) == [({"bob", "huber"}, CBC)]
    copies = chosen(people, hidden=frozenset({BOB}))
    assert short(copies) == [({"huber"}, GCM), ({"bob"}, CBC)]
    assert not any(Reason.SEPARATE_BY_KEY in reasons(copy) for copy in copies)


# --- kinds of keys -------------------------------------------------------------------------------


def test_kinds_of_keys_do_not_meet_where_a_program_might_not_know_one() -> None:
    copies = chosen({HUBER: [huber()], DANA: [dana()], BOB: [bob()]})
    assert short(copies) == [({"dana"}, CBC), ({"bob", "huber"}, CBC)]
    assert all(Reason.SEPARATE_BY_KEY in reasons(copy) for copy in copies)


def test_kinds_of_keys_meet_where_everybody_knows_them() -> None:
    (copy,) = chosen({HUBER: [huber(CBC, agreement=True)], DANA: [dana()]})
    assert Reason.SEPARATE_BY_KEY not in reasons(copy)


def test_a_person_with_both_kinds_gets_one_copy_for_both() -> None:
    with_rsa = Candidate(
        certificate=certificate("huber", addresses=(DANA,)), path=own("alice").path
    )
    copies = chosen({DANA: [with_rsa, dana()], HUBER: [huber()]})
    assert [set(copy.recipients) for copy in copies] == [{DANA}, {HUBER}]
    assert len(copies[0].recipients[DANA]) == 2


def test_a_copy_apart_by_key_has_its_own_cipher() -> None:
    copies = chosen({HUBER: [huber()], DANA: [dana(GCM)]})
    assert short(copies) == [({"dana"}, GCM), ({"huber"}, CBC)]


# --- the sender's own key ------------------------------------------------------------------------

MODERN_ALICE = Candidate(
    certificate=certificate("dana", addresses=(ALICE,)),
    path=own("alice").path,
    has_private_key=True,
    has_account=True,
)


@pytest.mark.requirement("A15")
def test_the_sender_s_key_is_in_every_copy_whose_readers_know_its_kind() -> None:
    for copy in chosen({HUBER: [huber()], DANA: [dana()]}):
        assert [one.certificate for one in copy.to_self] == [certificate("alice")]
        assert copy.transports[certificate("alice").fingerprint].kind is TransportKind.RSA_PKCS1


def test_the_sender_s_key_is_left_out_where_a_reader_might_stumble_over_its_kind() -> None:
    copies = chosen({HUBER: [huber()], DANA: [dana()]}, signing=(MODERN_ALICE,))
    assert [bool(copy.to_self) for copy in copies] == [True, False]
    assert [Reason.OWN_COPY_LEFT_OUT in reasons(copy) for copy in copies] == [False, True]
    (copy,) = chosen({HUBER: [huber(CBC, agreement=True)]}, signing=(MODERN_ALICE,))
    assert copy.to_self


def test_of_two_own_keys_the_one_that_fits_is_used() -> None:
    copies = chosen({HUBER: [huber()]}, signing=(MODERN_ALICE, own("alice")))
    assert [one.certificate for one in copies[0].to_self] == [certificate("alice")]
    assert Reason.OWN_COPY_LEFT_OUT not in reasons(copies[0])


# --- how the content key travels -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "announced", "expected"),
    [
        ("auto", {"sha256"}, ("rsa_oaep", "sha256")),
        ("auto", {"sha1", "sha256"}, ("rsa_oaep", "sha256")),
        ("auto", {"sha384", "sha512"}, ("rsa_oaep", "sha384")),
        ("auto", {"sha1"}, ("rsa_pkcs1", "sha256")),
        ("auto", {"sha3_256"}, ("rsa_pkcs1", "sha256")),
        ("auto", set(), ("rsa_pkcs1", "sha256")),
        ("pkcs1", {"sha256"}, ("rsa_pkcs1", "sha256")),
        ("oaep", set(), ("rsa_oaep", "sha256")),
    ],
)
def test_oaep_is_written_to_those_who_announced_a_digest_of_ours_or_by_rule(
    rule: str, announced: set[str], expected: tuple[str, str]
) -> None:
    reader = huber(CBC, oaep=frozenset(announced))
    (copy,) = chosen({HUBER: [reader], BOB: [bob()]}, rules(key_transport=rule))
    scheme = copy.transports[certificate("huber").fingerprint]
    assert (scheme.kind.value, scheme.digest) == expected
    assert scheme.mgf_digest == scheme.digest
    unknown = copy.transports[certificate("bob").fingerprint]
    assert unknown.kind.value == ("rsa_oaep" if rule == "oaep" else "rsa_pkcs1")


def test_content_keys_are_derived_once_more_only_if_everybody_announced_it() -> None:
    assert chosen({HUBER: [huber(CBC, cek_hkdf=True)]})[0].cek_hkdf
    assert not chosen({HUBER: [huber(CBC, cek_hkdf=True)], BOB: [bob(CBC)]})[0].cek_hkdf
    assert not chosen({HUBER: [huber()]})[0].cek_hkdf


# --- post-quantum --------------------------------------------------------------------------------

KEM = partner("quentin_encrypt")
CLASSIC = Candidate(certificate=certificate("huber", addresses=(QUENTIN,)), path=KEM.path)
KEM_ALICE = Candidate(
    certificate=certificate("quentin_encrypt", addresses=(ALICE,)),
    path=KEM.path,
    has_private_key=True,
    has_account=True,
)


def test_post_quantum_keys_wait_for_the_rule() -> None:
    (copy,) = chosen({QUENTIN: [KEM, CLASSIC]})
    assert [c.key_kind for c in copy.certificates][:1] == [KeyKind.RSA]
    decision = decide(asked({QUENTIN: [KEM]}, wish=Wish.ENCRYPT))
    assert isinstance(decision, Refuse)
    assert decision.recipients[QUENTIN] == (Obstacle.POST_QUANTUM_OFF,)


def test_by_rule_they_stand_in_place_of_the_classic_ones() -> None:
    (copy,) = chosen({QUENTIN: [KEM, CLASSIC]}, QUANTUM, signing=(own("alice"), KEM_ALICE))
    assert {c.key_kind for c in copy.certificates} == {KeyKind.ML_KEM}
    assert copy.cipher == GCM  # who has such a key has a modern program
    assert Reason.POST_QUANTUM in reasons(copy)
    assert not copy.transports


def test_another_door_is_said_to_be_one() -> None:
    (copy,) = chosen({QUENTIN: [KEM]}, QUANTUM)
    assert {c.key_kind for c in copy.certificates} == {KeyKind.ML_KEM, KeyKind.RSA}
    assert Reason.POST_QUANTUM_IN_PART in reasons(copy)
    copies = chosen({QUENTIN: [KEM], HUBER: [huber()]}, QUANTUM, signing=(own("alice"), KEM_ALICE))
    assert short(copies) == [({"quentin"}, GCM), ({"huber"}, CBC)]
    assert Reason.POST_QUANTUM_IN_PART in reasons(copies[0])
    assert Reason.POST_QUANTUM not in reasons(copies[0])


def test_ml_dsa_signs_only_by_rule_and_then_before_others() -> None:
    modern = Candidate(
        certificate=certificate("quentin", addresses=(ALICE,)),
        path=KEM.path,
        has_private_key=True,
        has_account=True,
    )
    for rule, expected in ((RULES, KeyKind.RSA), (rules(post_quantum_signature="prefer"), None)):
        for signing in permutations((modern, own("alice"), own("alice_rekeyed"))):
            decision = decide(asked({HUBER: [huber()]}, rule, signing=signing))
            assert isinstance(decision, Send)
            assert isinstance(decision.plan, SignAndEncrypt)
            kind = decision.plan.signer.certificate.key_kind
            assert kind is (expected or KeyKind.ML_DSA)
    alone = decide(asked({HUBER: [huber()]}, signing=(modern,)))
    assert alone.sender == (Obstacle.POST_QUANTUM_OFF,)


# --- what always holds ---------------------------------------------------------------------------

ANNOUNCED = st.none() | st.builds(
    lambda ciphers, ago, more: said(*ciphers, ago=ago, **more),
    st.lists(st.sampled_from([*STRONGEST_FIRST, "3des-cbc", "rc2-128-cbc", "aes256-ccm"])),
    st.sampled_from([0, 1, 700, 800]),
    st.fixed_dictionaries(
        {},
        optional={
            "agreement": st.booleans(),
            "encapsulation": st.booleans(),
            "cek_hkdf": st.booleans(),
            "oaep": st.frozensets(st.sampled_from(["sha1", "sha256", "sha512"])),
        },
    ),
)
NAMES = {
    HUBER: ["huber"],
    DANA: ["dana"],
    BOB: ["bob"],
    PETRA: ["petra"],
    ALICE: ["alice", "alice_rekeyed"],
    CARLA: ["carla", "carla_encrypt"],
    QUENTIN: ["quentin", "quentin_encrypt"],
}


@st.composite
def candidates(draw: st.DrawFn) -> dict[EmailAddress, tuple[Candidate, ...]]:
    people = draw(st.lists(st.sampled_from(list(NAMES)), min_size=1, max_size=5, unique=True))
    return {
        address: tuple(partner(name, announced=draw(ANNOUNCED)) for name in NAMES[address])
        for address in people
    }


RULE_SETS = st.builds(
    rules,
    cipher=st.just("auto") | st.sampled_from(STRONGEST_FIRST),
    key_transport=st.sampled_from(["auto", "pkcs1", "oaep"]),
    unknown_recipient_profile=st.sampled_from(["compat", "modern"]),
    split_on_mismatch=st.booleans(),
    post_quantum=st.just("prefer"),
)
OFTEN = settings(max_examples=200, deadline=None)


def choose(
    people: Mapping[EmailAddress, tuple[Candidate, ...]],
    rule: OrganisationRules,
    hidden: Iterable[EmailAddress] = (),
) -> tuple[EncryptedCopy, ...] | NoCommonCipher:
    return choose_algorithms(
        {address: _usable(found, address, rule) for address, found in people.items()},
        _usable((own("alice"), MODERN_ALICE, KEM_ALICE), ALICE, rule),
        Known(candidates=people, hidden=frozenset(hidden), at=NOW, rules=rule),
    )


def _usable(
    found: Iterable[Candidate], address: EmailAddress, rule: OrganisationRules
) -> tuple[Usable, ...]:
    each = (usable(one, address, Purpose.ENCRYPT, NOW, rule) for one in found)
    return tuple(one for one in each if one is not None)


def written(rule: OrganisationRules) -> set[str]:
    return set(STRONGEST_FIRST) if rule.cipher.value == "auto" else {rule.cipher.value}


@given(people=candidates(), rule=RULE_SETS, data=st.data())
@OFTEN
def test_everybody_is_in_one_copy_and_reads_it(
    people: dict[EmailAddress, tuple[Candidate, ...]], rule: OrganisationRules, data: st.DataObject
) -> None:
    hidden = data.draw(st.sets(st.sampled_from(list(people))))
    found = choose(people, rule, hidden)
    if isinstance(found, NoCommonCipher):
        assert set(found.addresses) <= set(people)
        assert found.addresses
        return
    assert sorted(a for copy in found for a in copy.recipients) == sorted(people)
    for copy in found:
        assert copy.cipher in written(rule)
        assert len(copy.recipients) == 1 or hidden.isdisjoint(copy.recipients)
        assert copy.why
        for address in copy.recipients:
            alone = choose({address: people[address]}, rule)
            assert not isinstance(alone, NoCommonCipher)
            # never stronger than what he would get alone
            best = STRONGEST_FIRST.index(alone[0].cipher)
            assert STRONGEST_FIRST.index(copy.cipher) >= best
            assert copy.cek_hkdf <= alone[0].cek_hkdf
            if rule.cipher.value == "auto":
                _is_read(copy.cipher, people[address], rule)


def _is_read(cipher: str, found: tuple[Candidate, ...], rule: OrganisationRules) -> None:
    """Said again, and differently: a list of ciphers that is young enough names this one."""
    for one in found:
        spoken = one.announced
        young = spoken is not None and (NOW - spoken.signed_at).days <= 730
        listed = spoken.capabilities.ciphers if spoken is not None and young else ()
        assert not one.certificate.may_encrypt or not listed or cipher in listed


@given(people=candidates(), rule=RULE_SETS)
@OFTEN
def test_kinds_of_keys_meet_only_where_all_readers_know_them(
    people: dict[EmailAddress, tuple[Candidate, ...]], rule: OrganisationRules
) -> None:
    found = choose(people, rule)
    for copy in found if not isinstance(found, NoCommonCipher) else ():
        kinds = {kind_of(c) for c in copy.certificates}
        for address, certificates in copy.recipients.items():
            his = {kind_of(one.certificate) for one in certificates}
            for kind in kinds - his - {EnvelopeKind.TRANSPORT}:
                assert any(_knows(kind, one) for one in people[address])


def _knows(kind: EnvelopeKind, one: Candidate) -> bool:
    spoken = one.announced
    if spoken is None or (NOW - spoken.signed_at).days > 730:
        return False
    said = spoken.capabilities
    return said.agreement if kind is EnvelopeKind.AGREEMENT else said.encapsulation


@given(people=candidates(), rule=RULE_SETS, data=st.data())
@OFTEN
def test_the_order_of_recipients_and_certificates_changes_nothing(
    people: dict[EmailAddress, tuple[Candidate, ...]], rule: OrganisationRules, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(list(people)))
    facts = asked(people, rule, signing=(own("alice"),))
    turned = replace(
        facts,
        recipients=tuple(order),
        encryption={address: tuple(reversed(people[address])) for address in order},
    )
    assert decide(turned) == decide(facts)


@given(people=candidates(), rule=RULE_SETS)
@OFTEN
@pytest.mark.requirement("C1")
def test_a_recipient_more_never_makes_it_stronger_than_he_reads(
    people: dict[EmailAddress, tuple[Candidate, ...]], rule: OrganisationRules
) -> None:
    rule = replace(rule, split_on_mismatch=False)
    everybody = choose(people, rule)
    for address in people:
        alone = choose({address: people[address]}, rule)
        if isinstance(alone, NoCommonCipher):
            assert isinstance(everybody, NoCommonCipher)
            assert address in everybody.addresses
