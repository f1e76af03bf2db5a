"""People who may work with this installation: invited, given roles, let go. Nobody is deleted,
because the journal names them; and somebody who administers is always left.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.base.buffers import Random
from siegel.base.errors import Conflict, NotFound
from siegel.base.secret import Secret
from siegel.policy.actions import Action
from siegel.policy.roles import Role, RoleTable, sign_in
from siegel.store.queries import invitations, journal, users
from siegel.store.queries.users import find, page, prefer
from siegel.store.rows import InvitationRow, UserRow
from siegel.store.text import Json
from siegel.store.transaction import together

__all__ = [
    "INVITED_FOR",
    "Invited",
    "LastAdministrator",
    "Role",
    "accept",
    "change_roles",
    "deactivate",
    "find",
    "invitation",
    "invite",
    "invite_again",
    "make_administrator",
    "page",
    "prefer",
    "reactivate",
    "reset_second_factor",
    "sign_in_by_provider",
]

INVITED_FOR = timedelta(days=3)  # long enough for a weekend, short enough for a lost mail
_TOKEN = 32  # octets


class LastAdministrator(Conflict):
    """Nobody would be left who administers; ``siegel admin create`` is the way around."""

    code = "last_administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """``token`` belongs into the link and is nowhere else: the store has only its hash."""

    token: Secret
    ends_at: datetime


def make_administrator(
    email: EmailAddress, name: str, password: Secret, *, by: str, at: datetime
) -> None:
    with together():
        users.create_admin(email, password=password, at=at, display_name=name)
        _note(Action.USER_ADMINISTRATOR, email, by, at)


def invite(
    email: EmailAddress, name: str, roles: Iterable[Role], *, by: str, at: datetime, rng: Random
) -> Invited:
    """A new person who cannot sign in before setting a password; ``Conflict`` if known already."""
    wanted = sorted(roles)
    if not wanted:
        raise Conflict("a person without a role could do nothing")
    with together():
        users.add(email, at=at, display_name=name)
        users.set_roles(email, wanted, at=at)
        _note(Action.USER_INVITED, email, by, at, roles=[role.value for role in wanted])
        return _new_link(email, by, at, rng)


def invite_again(email: EmailAddress, *, by: str, at: datetime, rng: Random) -> Invited:
    """A new link; the one before opens nothing any more. Also for lost passwords."""
    with together():
        if not users.find(email, at=at).active:
            raise Conflict(f"{email} is deactivated")
        _note(Action.USER_INVITED, email, by, at)
        return _new_link(email, by, at, rng)


def invitation(token: str, *, at: datetime) -> InvitationRow | None:
    """Whose link this is; None for every link that opens nothing (any more)."""
    return invitations.find(_hash(token), at=at)


def accept(token: str, name: str, password: Secret, *, at: datetime) -> EmailAddress:
    """Set the password and use the link up; ``NotFound`` for one that opens nothing."""
    with together():
        found = invitation(token, at=at)
        if found is None or not invitations.use(_hash(token)):
            raise NotFound("this link opens nothing (any more)")
        users.set_password(found.user, password)
        if name.strip():
            users.rename(found.user, name)
        _note(Action.USER_PASSWORD_SET, found.user, f"user:{found.user}", at)
    return found.user


def change_roles(email: EmailAddress, roles: Iterable[Role], *, by: str, at: datetime) -> None:
    """Raises ``LastAdministrator``."""
    wanted = frozenset(roles)
    with together():
        users.hold()
        before = users.find(email, at=at)
        if Role.ADMINISTRATOR not in wanted:
            _keep_an_administrator(before, at)
        if before.roles != wanted:
            users.set_roles(email, wanted, at=at)
            _note_roles(before, wanted, by, at)


def deactivate(email: EmailAddress, *, by: str, at: datetime) -> None:
    """No sign-in any more, open sessions end, links open nothing. Raises ``LastAdministrator``."""
    with together():
        users.hold()
        _keep_an_administrator(users.find(email, at=at), at)
        _let_go(email, Action.USER_DEACTIVATED, by, at)


def reactivate(email: EmailAddress, *, by: str, at: datetime) -> None:
    with together():
        users.set_active(email, True)
        _note(Action.USER_REACTIVATED, email, by, at)


def reset_second_factor(email: EmailAddress, *, by: str, at: datetime) -> int:
    """Remove authenticator apps, passkeys and recovery codes; how many there were."""
    with together():
        removed = users.remove_second_factors(email)
        _note(Action.USER_SECOND_FACTOR_RESET, email, by, at, removed=removed)
    return removed


def sign_in_by_provider(
    email: EmailAddress,
    name: str,
    claims: Mapping[str, object],
    *,
    groups_claim: str,
    table: RoleTable,
    at: datetime,
) -> bool:
    """Take over what the identity provider says about a person; whether they may enter.

    A person whose groups give no role has left: deactivated, even if nobody else administers. Who
    was deactivated here stays so, whatever the provider says.
    """
    said = sign_in(claims, groups_claim, table)
    with together():
        known = _known(email, at)
        if not said.may_enter:
            if known is not None and known.active:
                _let_go(email, Action.USER_LEFT, PROVIDER, at)
            return False
        if known is None:
            users.add(email, at=at, display_name=name)
            known = users.find(email, at=at)
        if known.active and known.roles != said.roles:
            users.set_roles(email, said.roles, at=at)
            _note_roles(known, said.roles, PROVIDER, at)
        return known.active


PROVIDER = "system:oidc"


def _new_link(email: EmailAddress, by: str, at: datetime, rng: Random) -> Invited:
    token = rng(_TOKEN).hex()
    ends_at = at + INVITED_FOR
    invitations.put(email, _hash(token), by=by, at=at, ends_at=ends_at)
    return Invited(token=Secret(token), ends_at=ends_at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _known(email: EmailAddress, at: datetime) -> UserRow | None:
    try:
        return users.find(email, at=at)
    except NotFound:
        return None


def _keep_an_administrator(user: UserRow, at: datetime) -> None:
    if users.administrators(at=at) == (user.email,):
        raise LastAdministrator(f"{user.email} is the last administrator")


def _let_go(email: EmailAddress, action: Action, by: str, at: datetime) -> None:
    users.set_active(email, False)
    invitations.withdraw(email)
    _note(action, email, by, at)


def _note_roles(before: UserRow, after: Iterable[Role], by: str, at: datetime) -> None:
    detail: dict[str, Json] = {"before": sorted(before.roles), "after": sorted(after)}
    _note(Action.USER_ROLES_CHANGED, before.email, by, at, **detail)


def _note(action: Action, about: EmailAddress, by: str, at: datetime, **detail: Json) -> None:
    journal.write(at=at, actor=by, action=action, about=str(about), detail=detail)
