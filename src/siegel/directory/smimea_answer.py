"""What an SMIMEA record says (RFC 8162 §2, RFC 6698 §2.1), and which certificates it brings.

Only a record that holds a whole certificate of a person brings one to encrypt with. Whether DNSSEC
vouches for the answer is decided before anything of it is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from siegel.base.errors import SiegelError
from siegel.pki.certificate import Certificate, parse_certificate

MAX_RECORDS = 20  # of one name; people have one or two keys
MAX_RECORD = 32 * 1024  # octets; a certificate has about 2,000, one with ML-DSA 10,000
_HEADER = 3  # octets before the data


class Usage(IntEnum):
    """RFC 6698 §2.1.1, by the names of RFC 7218."""

    PKIX_TA = 0
    PKIX_EE = 1
    DANE_TA = 2
    DANE_EE = 3


class Selector(IntEnum):
    CERTIFICATE = 0
    KEY = 1


class Matching(IntEnum):
    EXACT = 0
    SHA_256 = 1
    SHA_512 = 2


class Unfit(StrEnum):
    """Why a record brings nothing to encrypt with."""

    DOMAIN_ASSERTS = "domain_asserts"  # usage 3, which the administrator has not allowed
    ONLY_A_DIGEST = "only_a_digest"
    OF_AN_AUTHORITY = "of_an_authority"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    usage: Usage
    selector: Selector
    matching: Matching
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """``unfit``: of the records that bring nothing, each reason once."""

    certificates: tuple[Certificate, ...]
    unfit: frozenset[Unfit]


def read(rdata: bytes) -> Record | None:
    """None for values that no RFC gives a meaning: such a record is unusable (RFC 6698 §4.1)."""
    if not _HEADER < len(rdata) <= MAX_RECORD:
        return None
    try:
        return Record(
            usage=Usage(rdata[0]),
            selector=Selector(rdata[1]),
            matching=Matching(rdata[2]),
            data=rdata[_HEADER:],
        )
    except ValueError:
        return None


def offered(answers: Iterable[bytes], *, domain_may_assert: bool) -> Offered:
    """The certificates of the records. ``domain_may_assert``: those count that the domain vouches
    for by itself (usage 3); trust in their paths is another question."""
    found: dict[Certificate, None] = {}
    unfit: set[Unfit] = set()
    for rdata in list(answers)[:MAX_RECORDS]:
        one = _certificate_of(read(rdata), domain_may_assert)
        if isinstance(one, Unfit):
            unfit.add(one)
        else:
            found[one] = None
    return Offered(certificates=tuple(found), unfit=frozenset(unfit))


def _certificate_of(record: Record | None, domain_may_assert: bool) -> Certificate | Unfit:
    if record is None:
        return Unfit.UNREADABLE
    if record.usage in (Usage.PKIX_TA, Usage.DANE_TA):
        return Unfit.OF_AN_AUTHORITY
    if record.usage is Usage.DANE_EE and not domain_may_assert:
        return Unfit.DOMAIN_ASSERTS
    if record.matching is not Matching.EXACT or record.selector is not Selector.CERTIFICATE:
        return Unfit.ONLY_A_DIGEST
    try:
        certificate = parse_certificate(record.data)
    except SiegelError:
        return Unfit.UNREADABLE
    return Unfit.OF_AN_AUTHORITY if certificate.is_ca else certificate
