"""Which of several certificates: the newest signs, all that are valid receive.

Certificates that name the address themselves go before those an administrator bound to it (a
certificate of a whole office): the latter are used only where there is none of the former.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.keys import KeyKind
from siegel.policy.reasons import Obstacle
from siegel.policy.rules import OrganisationRules
from siegel.policy.usability import Candidate, Purpose, Usable, obstacles, usable


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The certificates to use, the best first; without any, what keeps the best one from it.

    ``nearest``: the one that the obstacles are about; None where there is none at all.
    """

    usable: tuple[Usable, ...]
    obstacles: tuple[Obstacle, ...]
    nearest: Candidate | None = None


def for_signing(
    candidates: Iterable[Candidate],
    address: EmailAddress,
    at: datetime,
    rules: OrganisationRules,
) -> Selection:
    """The newest own certificate that may sign; never more than one.

    By rule one with ML-DSA goes before; without that rule it is not usable at all. Before both goes
    one whose successor waits for its moment (``signs_until``): as long as it may sign itself.
    """
    own = tuple(candidates)
    kept = frozenset(c.certificate.fingerprint for c in own if _goes_on_signing(c, at))
    selection = _select(own, address, Purpose.SIGN, at, rules)
    found = sorted(
        selection.usable,
        key=lambda u: (
            u.certificate.fingerprint not in kept,
            u.certificate.key_kind is not KeyKind.ML_DSA,
        ),
    )
    return replace(selection, usable=tuple(found[:1]))


def _goes_on_signing(candidate: Candidate, at: datetime) -> bool:
    return candidate.signs_until is not None and at < candidate.signs_until


def for_encryption(
    candidates: Iterable[Candidate],
    address: EmailAddress,
    at: datetime,
    rules: OrganisationRules,
) -> Selection:
    """All valid certificates of a recipient: nobody knows on which device he will read.

    With ``post_quantum`` those that a quantum computer does not break go instead of the others:
    beside them the others would be the door that is broken open later.
    """
    selection = _select(candidates, address, Purpose.ENCRYPT, at, rules)
    lasting = tuple(u for u in selection.usable if u.certificate.key_kind is KeyKind.ML_KEM)
    return Selection(usable=lasting, obstacles=()) if lasting else selection


def for_own_copy(
    candidates: Iterable[Candidate],
    address: EmailAddress,
    at: datetime,
    rules: OrganisationRules,
) -> tuple[Usable, ...]:
    """The sender's own certificates that can open his copy again.

    Only those whose private key is here: one that merely arrived by mail is not the sender's own,
    whatever address it names. None at all is no reason against encrypting to the recipients.
    """
    own = [candidate for candidate in candidates if candidate.has_private_key or candidate.locked]
    return _select(own, address, Purpose.ENCRYPT, at, rules).usable


def _select(
    candidates: Iterable[Candidate],
    address: EmailAddress,
    purpose: Purpose,
    at: datetime,
    rules: OrganisationRules,
) -> Selection:
    by_age = sorted(candidates, key=_newest_first)
    found = _once(one for c in by_age if (one := usable(c, address, purpose, at, rules)))
    if found:
        personal = tuple(one for one in found if address in one.certificate.addresses)
        return Selection(usable=personal or found, obstacles=())
    kept = [(obstacles(candidate, address, purpose, at, rules), candidate) for candidate in by_age]
    if not kept:
        return Selection(usable=(), obstacles=(Obstacle.NO_CERTIFICATE,))
    against, nearest = min(kept, key=lambda pair: _rank(pair[0]))
    return Selection(usable=(), obstacles=against, nearest=nearest)


_ORDER = {obstacle: place for place, obstacle in enumerate(Obstacle)}


def _rank(found: tuple[Obstacle, ...]) -> tuple[int, ...]:
    """What is nearest to being usable first; of equals that which says more."""
    return len(found), *(_ORDER[obstacle] for obstacle in found)


def _once(found: Iterable[Usable]) -> tuple[Usable, ...]:
    return tuple({one.certificate.fingerprint: one for one in found}.values())


def _newest_first(candidate: Candidate) -> tuple[float, str]:
    certificate = candidate.certificate
    return -certificate.not_before.timestamp(), certificate.fingerprint
