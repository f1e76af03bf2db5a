"""What the program behind a certificate reads, and which source is believed."""

from typing import Any

import pytest

from siegel.base import der, oids
from siegel.base.keys import KeyKind
from siegel.cms.algorithms import CONTENT_CIPHERS, Use
from siegel.cms.capabilities import Capabilities
from siegel.policy.reading import (
    BELIEVED_FOR,
    PROFILES,
    STRONGEST_FIRST,
    Announcement,
    EnvelopeKind,
    Source,
    kind_of,
    newest,
    reading,
)
from siegel.policy.rules import Cipher, OrganisationRules
from tests.unit.policy.facts import DAY, NOW, RULES, certificate, rules

GCM, CBC = "aes256-gcm", "aes256-cbc"
MODERN = rules(unknown_recipient_profile="modern")
EXTENSION = der.sequence(der.algorithm(oids.AES128_GCM), der.algorithm(oids.AES128_CBC))

OF_2003 = der.sequence(
    der.algorithm(oids.RC2_CBC, der.integer(128)), der.algorithm(oids.DES_EDE3_CBC)
)


def said(*ciphers: str, ago: float = 1, **more: Any) -> Announcement:
    """A list, announced so many days ago."""
    capabilities = Capabilities(ciphers=ciphers, **more)
    return Announcement(capabilities=capabilities, signed_at=NOW - ago * DAY)


CASES: dict[
    str, tuple[str, dict[str, Any], Announcement | None, OrganisationRules, set[str], Source]
]
CASES = {
    "ok/unknown-reads-what-all-read": (
        "huber", {}, None, RULES, {CBC, "aes128-cbc"}, Source.UNKNOWN,
    ),
    "ok/unknown-by-the-other-profile": (
        "huber", {}, None, MODERN, {GCM, "aes128-gcm", CBC, "aes128-cbc"}, Source.UNKNOWN,
    ),
    "ok/announced-counts-as-it-is": ("huber", {}, said(GCM), RULES, {GCM}, Source.ANNOUNCED),
    "ok/announced-is-not-widened-by-a-profile": (
        "huber", {}, said("aes128-cbc"), MODERN, {"aes128-cbc"}, Source.ANNOUNCED,
    ),
    "ok/weak-ones-are-no-way-to-write": (
        "huber", {}, said("3des-cbc", "rc2-128-cbc", CBC), RULES, {CBC}, Source.ANNOUNCED,
    ),
    "ok/read-but-not-written": (
        "huber", {}, said("aes192-gcm", "aes256-ccm", CBC), RULES, {CBC}, Source.ANNOUNCED,
    ),
    "ok/nothing-but-weak-ones-leaves-nothing": (
        "huber", {}, said("3des-cbc"), RULES, set(), Source.ANNOUNCED,
    ),
    "ok/a-list-without-ciphers-denies-none": (
        "huber", {}, said(agreement=True), RULES, {CBC, "aes128-cbc"}, Source.UNKNOWN,
    ),
    "ok/nor-does-one-of-a-modern-key": (
        "carla_encrypt", {}, said(), RULES, {GCM, "aes128-gcm", CBC, "aes128-cbc"}, Source.KEY,
    ),
    "ok/an-authority-that-knows-only-what-nobody-writes": (
        "huber", {"capabilities": OF_2003}, None, RULES, {CBC, "aes128-cbc"}, Source.UNKNOWN,
    ),
    "ok/announced-too-long-ago": (
        "huber", {}, said(GCM, ago=731), RULES, {CBC, "aes128-cbc"}, Source.UNKNOWN,
    ),
    "ok/announced-just-in-time": (
        "huber", {}, said(GCM, ago=BELIEVED_FOR / DAY), RULES, {GCM}, Source.ANNOUNCED,
    ),
    "ok/the-certificate-says-it": (
        "huber", {"capabilities": EXTENSION}, None, RULES,
        {"aes128-gcm", "aes128-cbc"}, Source.CERTIFICATE,
    ),
    "ok/a-signed-mail-goes-before-the-certificate": (
        "huber", {"capabilities": EXTENSION}, said(GCM), RULES, {GCM}, Source.ANNOUNCED,
    ),
    "ok/an-old-mail-leaves-it-to-the-certificate": (
        "huber", {"capabilities": EXTENSION}, said(GCM, ago=800), RULES,
        {"aes128-gcm", "aes128-cbc"}, Source.CERTIFICATE,
    ),
    "ok/an-extension-that-is-no-list": (
        "huber", {"capabilities": b"\x30\x01"}, None, RULES, {CBC, "aes128-cbc"}, Source.UNKNOWN,
    ),
    "ok/who-has-x25519-is-modern": (
        "carla_encrypt", {}, None, RULES, {GCM, "aes128-gcm", CBC, "aes128-cbc"}, Source.KEY,
    ),
    "ok/a-rule-goes-before-everything": (
        "huber", {"capabilities": EXTENSION}, said(GCM), rules(cipher="aes192-cbc"),
        {"aes192-cbc"}, Source.RULE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_first_source_that_says_something_is_believed(case: str) -> None:
    name, changes, announced, rule, ciphers, source = CASES[case]
    found = reading(certificate(name, **changes), announced, NOW, rule)
    assert (set(found.ciphers), found.source) == (ciphers, source)


def test_everything_that_is_ever_chosen_can_be_written_and_has_128_bits() -> None:
    known = {cipher.name: cipher for cipher in CONTENT_CIPHERS}
    for name in STRONGEST_FIRST:
        assert known[name].use is Use.CREATE
        assert known[name].key_length >= 16
    assert all(set(profile) <= set(STRONGEST_FIRST) for profile in PROFILES.values())
    assert {c.value for c in Cipher} - {"auto"} == set(STRONGEST_FIRST)


RSA, EC, KEM = EnvelopeKind.TRANSPORT, EnvelopeKind.AGREEMENT, EnvelopeKind.ENCAPSULATION


@pytest.mark.parametrize(
    ("kind", "announced", "expected"),
    [
        (KeyKind.RSA, None, {RSA}),
        (KeyKind.EC, None, {RSA, EC}),
        (KeyKind.X25519, None, {RSA, EC}),
        (KeyKind.X448, None, {RSA, EC}),
        (KeyKind.ML_KEM, None, {RSA, KEM}),
        (KeyKind.RSA, said(CBC), {RSA}),
        (KeyKind.RSA, said(CBC, agreement=True), {RSA, EC}),
        (KeyKind.RSA, said(CBC, agreement=True, encapsulation=True), {RSA, EC, KEM}),
        (KeyKind.RSA, said(CBC, ago=800, agreement=True), {RSA}),
    ],
)
def test_a_kind_of_key_is_known_to_those_who_have_one_or_say_so(
    kind: KeyKind, announced: Announcement | None, expected: set[EnvelopeKind]
) -> None:
    found = reading(certificate("huber", key_kind=kind), announced, NOW, RULES)
    assert found.kinds == expected
    assert kind_of(certificate("huber", key_kind=kind)) in found.kinds


def test_a_rule_about_the_cipher_does_not_touch_the_rest_of_an_announcement() -> None:
    announced = said(CBC, oaep=frozenset({"sha256"}), cek_hkdf=True, agreement=True)
    found = reading(certificate("huber"), announced, NOW, rules(cipher=GCM))
    assert found.oaep == {"sha256"}
    assert found.cek_hkdf
    assert EnvelopeKind.AGREEMENT in found.kinds


def test_the_newest_announcement_counts() -> None:
    old, new = said(CBC, ago=5), said(GCM, ago=2)
    assert newest([old, None, new]) is new
    assert newest([None]) is None
