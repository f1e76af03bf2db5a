"""The way to the words: ``words(member, language)``."""

from typing import assert_never

from siegel.base.findings import Finding
from siegel.pki.classes import ValidationType
from siegel.pki.verdict import PathFinding, PathStatus, RevocationStatus
from siegel.policy.answers import Intact, TrustedForFrom, Valid
from siegel.policy.inbound import CryptographicSummary
from siegel.policy.outbound import EncryptionOffer
from siegel.policy.reasons import Obstacle, Reason
from siegel.wording.de import GERMAN
from siegel.wording.en import ENGLISH
from siegel.wording.words import Language, Wordbook, Worded, Words

_BOOKS = {Language.DE: GERMAN, Language.EN: ENGLISH}


def words(member: Worded, language: Language) -> Words:
    """Every member has its words in every language."""
    book: Wordbook = _BOOKS[language]
    match member:
        case Reason():
            return book.reasons[member]
        case Obstacle():
            return book.obstacles[member]
        case Finding():
            return book.findings[member]
        case PathFinding() | PathStatus() | RevocationStatus():
            return _of_path(member, book)
        case CryptographicSummary():
            return book.summaries[member]
        case EncryptionOffer():
            return book.offers[member]
        case Intact() | Valid() | TrustedForFrom() | ValidationType():
            return _of_people(member, book)
        case _:
            assert_never(member)


def _of_people(member: Intact | Valid | TrustedForFrom | ValidationType, book: Wordbook) -> Words:
    match member:
        case Intact():
            return book.intact[member]
        case Valid():
            return book.valid[member]
        case TrustedForFrom():
            return book.trusted_for_from[member]
        case ValidationType():
            return book.validation[member]


def _of_path(member: PathFinding | PathStatus | RevocationStatus, book: Wordbook) -> Words:
    match member:
        case PathFinding():
            return book.path_findings[member]
        case PathStatus():
            return book.path_statuses[member]
        case RevocationStatus():
            return book.revocation[member]
