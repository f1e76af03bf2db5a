"""The switches: strict values, folded addresses, and nothing undocumented."""

import json
from dataclasses import fields
from typing import Any

import pytest

from siegel.base.errors import ConfigurationError
from siegel.policy.rules import Cipher, Mode, OrganisationRules, describe

CHANGED: dict[str, Any] = {
    "mode": "offered",
    "must_encrypt_domains": ["amt.example", "xn--mnchen-3ya.example"],
    "must_encrypt_partners": ["huber@school.example"],
    "bulk_recipient_limit": 10,
    "bulk_senders": ["news@office.example"],
    "calendar": "protect",
    "subject_word": "[geheim]",
    "subject_tag": False,
    "key_change": "hold",
    "unknown_revocation": "allow_cached_7d",
    "private_key_senders": ["alice@office.example"],
    "rsa_signature": "pss",
    "key_transport": "oaep",
    "cipher": "aes256-gcm",
    "unknown_recipient_profile": "modern",
    "split_on_mismatch": False,
    "post_quantum": "prefer",
    "post_quantum_signature": "prefer",
    "organisation_certificates": True,
    "look_up": True,
    "min_rsa_bits": 3072,
}


def test_rules_survive_json_unchanged() -> None:
    assert OrganisationRules.from_dict(json.loads(json.dumps(CHANGED))).to_dict() == CHANGED
    defaults = OrganisationRules()
    assert OrganisationRules.from_dict(json.loads(json.dumps(defaults.to_dict()))) == defaults
    assert not [name for name in CHANGED if defaults.to_dict()[name] == CHANGED[name]]
    assert CHANGED.keys() == defaults.to_dict().keys()


def test_what_is_missing_has_its_default() -> None:
    assert OrganisationRules.from_dict({}) == OrganisationRules()
    assert OrganisationRules().mode is Mode.AUTOMATIC
    assert OrganisationRules().cipher is Cipher.AUTO


def test_addresses_and_domains_are_folded() -> None:
    found = OrganisationRules.from_dict(
        {"must_encrypt_domains": ["München.Example"], "bulk_senders": ["News@OFFICE.example"]}
    )
    assert found.must_encrypt_domains == {"xn--mnchen-3ya.example"}
    assert found.bulk_senders == {"news@office.example"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mode", "sometimes"),
        ("mode", None),
        ("mode", True),
        ("must_encrypt_domains", "amt.example"),
        ("must_encrypt_domains", ["amt example"]),
        ("must_encrypt_domains", ["a@amt.example"]),
        ("must_encrypt_domains", {"amt.example": 1}),
        ("must_encrypt_partners", ["nobody"]),
        ("must_encrypt_partners", [1]),
        ("bulk_recipient_limit", 0),
        ("bulk_recipient_limit", 1001),
        ("bulk_recipient_limit", True),
        ("bulk_recipient_limit", "50"),
        ("bulk_recipient_limit", 50.0),
        ("subject_word", ""),
        ("subject_word", "  "),
        ("subject_word", "a\r\nBcc: x@y.example"),
        ("subject_word", "x" * 61),
        ("subject_word", 5),
        ("subject_tag", 1),
        ("cipher", "des-ede3-cbc"),
        ("cipher", "3des-cbc"),
        ("unknown_recipient_profile", "weak"),
        ("split_on_mismatch", "yes"),
        ("post_quantum", "only"),
        ("min_rsa_bits", 1024),
        ("min_rsa_bits", 16384),
    ],
)
def test_a_value_that_means_nothing_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=f"rule {name}: "):
        OrganisationRules.from_dict({name: value})


def test_an_unknown_rule_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="unknown rule: must_encrypt"):
        OrganisationRules.from_dict({"must_encrypt": []})


def test_rules_made_in_code_are_read_as_strictly() -> None:
    made: dict[str, Any] = {"min_rsa_bits": 512}
    with pytest.raises(ConfigurationError, match="min_rsa_bits"):
        OrganisationRules(**made)


def test_every_rule_is_described_with_its_default() -> None:
    described = describe()
    assert [name for name, _, _ in described] == [rule.name for rule in fields(OrganisationRules)]
    assert {name: default for name, default, _ in described} == OrganisationRules().to_dict()
    assert all(len(doc) > 20 for _, _, doc in described)
