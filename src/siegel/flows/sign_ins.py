"""Who may come in, and what the journal keeps of it.

The journal names people of this installation only: what strangers type is never kept, and whoever
calls ``failed`` in a loop gets one entry (the callers bound it).
"""

from collections.abc import Iterable
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows.people import PROVIDER
from siegel.policy.actions import Action
from siegel.policy.roles import Role
from siegel.store import second_factors
from siegel.store.queries import journal, users
from siegel.store.rows import UserRow

POWERFUL = frozenset({Role.ADMINISTRATOR, Role.CERTIFICATE_MANAGER})


def may_enter(email: EmailAddress, *, at: datetime) -> bool:
    """Active, with a role in force."""
    person = _known(email, at)
    return person is not None and person.active and bool(person.roles)


def lacks_second_factor(email: EmailAddress, roles: Iterable[str]) -> bool:
    """Whoever decides about keys and trust needs more than a password."""
    return bool(POWERFUL.intersection(roles)) and not second_factors.exists(email)


def signed_in(email: EmailAddress, methods: Iterable[str], client: str, *, at: datetime) -> None:
    used = list(dict.fromkeys(methods))
    _write(Action.USER_SIGNED_IN, email, f"user:{email}", at, methods=used, client=client)


def failed(email: EmailAddress, client: str, *, at: datetime) -> None:
    if _known(email, at) is not None:
        _write(Action.USER_SIGN_IN_FAILED, email, "system:sign-in", at, client=client)


def refused(email: EmailAddress, reason: str, *, at: datetime) -> None:
    """The identity provider knows the person, this installation lets nobody of that kind in."""
    if _known(email, at) is not None:
        _write(Action.USER_SIGN_IN_REFUSED, email, PROVIDER, at, reason=reason)


def note(action: Action, email: EmailAddress, *, at: datetime, **detail: str) -> None:
    """Something this person did to the own sign-in."""
    _write(action, email, f"user:{email}", at, **detail)


def _write(
    action: Action, email: EmailAddress, by: str, at: datetime, **detail: list[str] | str
) -> None:
    journal.write(at=at, actor=by, action=action, about=str(email), detail=dict(detail))


def _known(email: EmailAddress, at: datetime) -> UserRow | None:
    try:
        return users.find(email, at=at)
    except NotFound:
        return None
