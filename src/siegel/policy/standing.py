"""How a certificate stands, in one word for a list: the state people see, and what explains it.

The obstacles are all that is in the way; the standing is the one to look at first. It is not asked
by any rule about mail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from siegel.pki.certificate import Certificate
from siegel.pki.verdict import PathFinding, PathStatus, PathVerdict
from siegel.policy.reasons import Obstacle

SOON = timedelta(days=30)  # time to get a new certificate before the old one ends


class Standing(StrEnum):
    """The first that holds is shown; the worst comes first."""

    LOCKED = "locked"
    REVOKED = "revoked"
    REFUSED = "refused"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    FOR_READING = "for_reading"
    UNSUITABLE = "unsuitable"
    NOT_TRUSTED = "not_trusted"
    NO_ACCOUNT = "no_account"
    UNCONFIRMED = "unconfirmed"
    UNCHECKED = "unchecked"
    EXPIRES_SOON = "expires_soon"
    TRUSTED = "trusted"
    USABLE = "usable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of one certificate. ``against``: obstacles for what it is made for.
    ``archived``: our key only opens old mail. ``refused``: a person does not want it used."""

    certificate: Certificate
    path: PathVerdict
    against: tuple[Obstacle, ...]
    archived: bool = False
    refused: bool = False


_OF_OBSTACLES = (
    (Standing.REVOKED, {Obstacle.REVOKED}),
    (Standing.EXPIRED, {Obstacle.EXPIRED}),
    (Standing.NOT_YET_VALID, {Obstacle.NOT_YET_VALID}),
    (
        Standing.UNSUITABLE,
        {
            Obstacle.ADDRESS_DIFFERS,
            Obstacle.WRONG_USAGE,
            Obstacle.WEAK_KEY,
            Obstacle.POST_QUANTUM_OFF,
            Obstacle.ORGANISATION_CERTIFICATE_OFF,
        },
    ),
    (Standing.NOT_TRUSTED, {Obstacle.NOT_TRUSTED}),
    (Standing.NO_ACCOUNT, {Obstacle.NO_ACCOUNT}),
    (Standing.UNCONFIRMED, {Obstacle.CHANGE_UNCONFIRMED, Obstacle.PENDING}),
    (Standing.UNCHECKED, {Obstacle.REVOCATION_UNKNOWN}),
)
_RANK = {standing: rank for rank, standing in enumerate(Standing)}


def standing_of(seen: Seen, at: datetime) -> Standing:
    """The certificate of a person."""
    return min(_standings(seen, at), key=lambda standing: _RANK[standing])


def standing_of_authority(certificate: Certificate, path: PathVerdict, at: datetime) -> Standing:
    """An authority is not used itself: either it vouches for others here, or it does not."""
    if path.revoked_at is not None or PathFinding.REVOKED in path.findings:
        return Standing.REVOKED
    if at > certificate.not_after:
        return Standing.EXPIRED
    if at < certificate.not_before:
        return Standing.NOT_YET_VALID
    if path.status is not PathStatus.VALID:
        return Standing.NOT_TRUSTED
    return Standing.EXPIRES_SOON if certificate.not_after - at <= SOON else Standing.TRUSTED


def against_its_use(
    certificate: Certificate,
    signing: tuple[Obstacle, ...] | None,
    encryption: tuple[Obstacle, ...],
) -> tuple[Obstacle, ...]:
    """What is in the way of what the certificate is made for; ``signing`` None: not our key.

    One that only signs, or only encrypts, is as good as any other.
    """
    found = encryption if signing is None else signing
    if certificate.may_sign or certificate.may_encrypt:
        return tuple(obstacle for obstacle in found if obstacle is not Obstacle.WRONG_USAGE)
    return found


def _standings(seen: Seen, at: datetime) -> Iterable[Standing]:
    yield Standing.USABLE
    if seen.refused:
        yield Standing.REFUSED
    if seen.archived:
        yield Standing.FOR_READING
    if seen.certificate.not_after - at <= SOON:
        yield Standing.EXPIRES_SOON
    for standing, obstacles in _OF_OBSTACLES:
        if not obstacles.isdisjoint(seen.against):
            yield standing
