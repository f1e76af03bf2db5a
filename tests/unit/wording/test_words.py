"""Every member has words in both languages, and the German ones can be read by everybody."""

import re
from dataclasses import fields
from enum import StrEnum

import pytest

from siegel.base.findings import Finding
from siegel.pki.classes import ValidationType
from siegel.pki.verdict import PathFinding, PathStatus, RevocationStatus
from siegel.policy.answers import Intact, TrustedForFrom, Valid
from siegel.policy.inbound import CryptographicSummary
from siegel.policy.outbound import EncryptionOffer
from siegel.policy.reasons import Obstacle, Reason
from siegel.wording.de import GERMAN
from siegel.wording.en import ENGLISH
from siegel.wording.lookup import words
from siegel.wording.words import Language, Wordbook, Worded, Words
from tests.unit.wording.readability import (
    first_vienna_formula,
    fourth_vienna_formula,
    syllables,
    words_of,
)

LISTS: tuple[type[Worded], ...] = (
    Reason,
    Obstacle,
    Finding,
    PathFinding,
    PathStatus,
    RevocationStatus,
    CryptographicSummary,
    EncryptionOffer,
    Intact,
    Valid,
    TrustedForFrom,
    ValidationType,
)
MEMBERS: list[Worded] = [member for one in LISTS for member in one]
HARDEST = 10.0  # the tenth school year

# what people of the mail team say, and nobody else
JARGON = {
    "algorithm", "anchor", "attribut", "authentisier", "ber", "ca", "cbc", "chiffre", "cipher",
    "client", "cms", "crl", "digest", "der-kodier", "envelope", "extension", "fingerprint", "gcm",
    "hash", "header", "kryptogra", "leaf", "mime", "oaep", "ocsp", "pfad", "pkcs", "pki", "policy",
    "pss", "revo", "root", "rsa", "s/mime", "sha", "smtp", "trust", "validier", "x.509",
}  # fmt: skip
JARGON_WHOLE = {"ber", "ca", "cms", "pss", "sha", "pki", "rsa", "gcm", "cbc", "crl", "root"}


def name(member: StrEnum) -> str:
    return f"{type(member).__name__}.{member.name}"


def text(one: Words) -> str:
    return f"{one.sentence} {one.next_step}".strip()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("member", MEMBERS, ids=name)
@pytest.mark.requirement("A90")
def test_every_member_has_words_in_every_language(member: Worded, language: Language) -> None:
    found = words(member, language)
    assert found.title.strip()
    assert found.sentence.endswith(".")
    assert not found.next_step or found.next_step.endswith(".")


@pytest.mark.parametrize("book", [GERMAN, ENGLISH], ids=["german", "english"])
def test_no_words_are_left_over(book: Wordbook) -> None:
    tables = [getattr(book, field.name) for field in fields(book)]
    assert sorted(map(name, MEMBERS)) == sorted(name(key) for table in tables for key in table)


def test_equal_values_of_different_lists_have_their_own_words() -> None:
    assert str(PathFinding.EXPIRED) == str(Obstacle.EXPIRED)
    assert words(PathFinding.EXPIRED, Language.DE) != words(Obstacle.EXPIRED, Language.DE)


# nothing is wrong, or it is decided already: whoever reads these has nothing to do
NOTHING_TO_DO: tuple[Worded, ...] = (  # no set: members of different lists may be equal
    Reason.EVERY_RECIPIENT_HAS_A_CERTIFICATE, Reason.CIPHER_BY_RULE, Reason.CIPHER_READ_BY_ALL,
    Reason.CIPHER_LIMITED_BY_PROGRAM, Reason.CIPHER_IN_COMMON, Reason.SEPARATE_BY_KEY,
    Reason.SEPARATE_BY_CIPHER, Reason.POST_QUANTUM, Reason.ALREADY_PROTECTED,
    Reason.INTERNAL_MAIL, Reason.ENCRYPTED, Reason.SIGNATURE_COUNTS,
    Finding.TAG_APPENDED_TO_CONTENT, Finding.UNUSUAL_PSS, Finding.SIGNED_RECEIPT,
    Finding.RECEIPT_REQUESTED, Finding.SECURITY_LABELLED, Finding.COUNTERSIGNED,
    Finding.SEVERAL_SIGNERS, Finding.SMIME_TYPE_DIFFERS, Finding.CERTIFICATES_ONLY,
    Finding.COMPRESSED, PathStatus.VALID, RevocationStatus.GOOD,
    CryptographicSummary.VERIFIED, CryptographicSummary.CONFIDENTIAL,
    EncryptionOffer.AUTOMATIC, EncryptionOffer.REQUIRED, Intact.YES, Valid.YES,
    TrustedForFrom.YES, *ValidationType,
)  # fmt: skip


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("member", MEMBERS, ids=name)
@pytest.mark.requirement("A90")
def test_everything_says_what_to_do_next_unless_nothing_is_to_be_done(
    member: Worded, language: Language
) -> None:
    is_quiet = any(type(one) is type(member) and one == member for one in NOTHING_TO_DO)
    assert bool(words(member, language).next_step) != is_quiet


@pytest.mark.parametrize("member", MEMBERS, ids=name)
@pytest.mark.requirement("A92")
def test_german_texts_are_easy_to_read(member: Worded) -> None:
    said = text(words(member, Language.DE))
    assert first_vienna_formula(said) <= HARDEST
    assert fourth_vienna_formula(said) <= HARDEST


@pytest.mark.parametrize("member", MEMBERS, ids=name)
@pytest.mark.requirement("A92")
def test_german_texts_have_no_jargon(member: Worded) -> None:
    found = words(member, Language.DE)
    said = [word.lower() for word in words_of(f"{found.title} {text(found)}")]
    whole = [word for word in said if word in JARGON_WHOLE]
    parts = [word for word in said for one in JARGON - JARGON_WHOLE if one in word]
    assert not whole + parts


@pytest.mark.parametrize("member", MEMBERS, ids=name)
def test_the_two_languages_say_different_things_in_the_same_places(member: Worded) -> None:
    german, english = words(member, Language.DE), words(member, Language.EN)
    assert german.sentence != english.sentence
    assert bool(german.next_step) == bool(english.next_step)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("member", [*Obstacle], ids=name)
@pytest.mark.requirement("A8", "A91")
def test_every_obstacle_says_what_to_do_next(member: Obstacle, language: Language) -> None:
    assert words(member, language).next_step


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("member", MEMBERS, ids=name)
def test_words_keep_the_reserved_word_verified_for_the_project(
    member: Worded, language: Language
) -> None:
    """German „verifiziert“ is said of roots, English "verified" of messages: neither is needed."""
    found = words(member, language)
    said = f"{found.title} {text(found)}".lower()
    assert not re.search(r"\bverifizier|\bverified\b", said)


@pytest.mark.requirement("A17")
def test_encrypted_without_a_signature_reads_as_less_than_verified() -> None:
    found = words(CryptographicSummary.ENCRYPTED_UNVERIFIED, Language.DE)
    assert "ungeprüft" in found.title
    assert found.next_step


@pytest.mark.requirement("A77")
def test_a_checked_signature_says_that_the_text_could_be_read() -> None:
    assert "lesen" in words(CryptographicSummary.VERIFIED, Language.DE).sentence
    assert "read" in words(CryptographicSummary.VERIFIED, Language.EN).sentence


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("Mail", 1),
        ("Schlüssel", 2),
        ("Signatur", 3),
        ("Zertifikat", 4),
        ("verschlüsselt", 3),
        ("neue", 2),
        ("Feuer", 2),
        ("Adresse", 3),
        ("schreien", 2),
        ("bei", 1),
        ("Verwaltung", 3),
    ],
)
def test_the_measure_counts_syllables_as_a_reader_does(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_measure_finds_hard_texts_hard() -> None:
    hard = (
        "Die Zertifikatssperrlistenverteilungspunkterweiterung konnte aufgrund nicht verfügbarer "
        "Verzeichnisdienstverbindungen nicht ausgewertet werden, weshalb eine abschließende "
        "Gültigkeitsfeststellung unterbleiben musste."
    )
    easy = "Der Hund ist da. Er mag dich."
    assert fourth_vienna_formula(hard) > 14
    assert fourth_vienna_formula(easy) < 3
    assert first_vienna_formula(hard) > 14
    assert first_vienna_formula(easy) < 0


def test_the_first_formula_is_the_published_sum() -> None:
    """Four words, two sentences: one of three syllables and of more than six letters, three of
    one syllable."""
    text = "Der Hund bellt. Signatur."
    assert first_vienna_formula(text) == pytest.approx(
        0.1935 * 25 + 0.1672 * 2 + 0.1297 * 25 - 0.0327 * 75 - 0.875
    )
