"""Copies in sentences: every reason that policy gives for one has its clause."""

import pytest

from siegel.base.address import EmailAddress
from siegel.policy.algorithms import EncryptedCopy, Why
from siegel.policy.reading import STRONGEST_FIRST
from siegel.policy.reasons import Reason
from siegel.wording.encryption import name_of, said_of
from siegel.wording.words import Language

HUBER = EmailAddress.parse("huber@school.example")
DANA = EmailAddress.parse("dana@partner.example")
OF_COPIES = list(Reason)[
    list(Reason).index(Reason.CIPHER_BY_RULE) : list(Reason).index(Reason.OWN_COPY_LEFT_OUT) + 1
]

NAMING = (
    Reason.CIPHER_FOR_UNKNOWN_PROGRAM,
    Reason.CIPHER_LIMITED_BY_PROGRAM,
    Reason.CIPHER_IN_COMMON,
    Reason.ORGANISATION_CERTIFICATE,
)


def copy(*why: Why) -> EncryptedCopy:
    return EncryptedCopy(
        recipients={HUBER: (), DANA: ()}, to_self=(), cipher="aes256-cbc", transports={}, why=why
    )


@pytest.mark.parametrize("reason", OF_COPIES)
def test_every_reason_of_a_copy_has_a_clause_in_each_language(reason: Reason) -> None:
    found = {said_of(copy(Why(reason, (DANA, HUBER))), language) for language in Language}
    assert len(found) == len(Language)
    named = [reason in NAMING] * 2
    assert ["of dana@" in one or "von dana@" in one for one in sorted(found)] == named
    assert not any("{" in one for one in found)


def test_a_copy_is_told_with_its_readers_its_cipher_and_all_reasons() -> None:
    why = (Why(Reason.CIPHER_LIMITED_BY_PROGRAM, (HUBER,)), Why(Reason.SEPARATE_BY_KEY))
    assert said_of(copy(*why), Language.EN) == (
        "copy for huber@school.example, dana@partner.example: AES-256-CBC, because the program of"
        " huber@school.example reads nothing stronger, a copy of its own for this kind of key"
    )


def test_ciphers_have_the_names_of_the_standards() -> None:
    assert [name_of(cipher) for cipher in STRONGEST_FIRST] == [
        "AES-256-GCM",
        "ChaCha20-Poly1305",
        "AES-128-GCM",
        "AES-256-CBC",
        "AES-192-CBC",
        "AES-128-CBC",
    ]
