"""People who may log in, and what they may do."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.base.secret import Secret
from siegel.store.models import Membership, User
from siegel.store.models.user import Role
from siegel.store.rows import UserRow
from siegel.store.text import clean

__all__ = ["Role", "check_password", "create_admin", "find", "list_all", "prefer"]


def create_admin(
    email: EmailAddress, *, password: Secret | None, at: datetime, display_name: str = ""
) -> UserRow:
    """An administrator who can log in: a new one, or an existing user made able to again.

    Also the way back after a lost password; without ``password`` nobody can log in by one.
    """
    with transaction.atomic():
        user, _ = User.objects.get_or_create(email=str(email), defaults={"created_at": at})
        user.display_name = clean(display_name, 500) or user.display_name
        user.is_active = True
        user.set_password(None if password is None else password.reveal().decode("utf-8"))
        user.save()
        if Role.ADMINISTRATOR not in _roles(user, at):
            Membership.objects.create(user=user, role=Role.ADMINISTRATOR, since=at)
    return find(email, at=at)


def check_password(email: EmailAddress, password: Secret) -> bool:
    """False for unknown and inactive users too, after the same work."""
    user = User.objects.filter(email=str(email), is_active=True).first()
    spoken = password.reveal().decode("utf-8", "replace")
    if user is None:
        User().set_password(spoken)
        return False
    return user.check_password(spoken)


def find(email: EmailAddress, *, at: datetime) -> UserRow:
    user = User.objects.filter(email=str(email)).first()
    if user is None:
        raise NotFound(f"no user {email}")
    return _row(user, _roles(user, at))


def prefer(email: EmailAddress, *, language: str | None = None, theme: str | None = None) -> None:
    """How this person wants to see pages; None leaves it as it is."""
    wishes = {"language": language, "theme": theme}
    given = {name: wish for name, wish in wishes.items() if wish is not None}
    if given:
        User.objects.filter(email=str(email)).update(**given)


def list_all(*, at: datetime) -> tuple[UserRow, ...]:
    roles: dict[int, set[str]] = {}
    for user_id, role in _in_force(at).values_list("user_id", "role"):
        roles.setdefault(user_id, set()).add(role)
    return tuple(
        _row(user, frozenset(roles.get(user.pk, ()))) for user in User.objects.order_by("email")
    )


def _roles(user: User, at: datetime) -> frozenset[str]:
    return frozenset(_in_force(at).filter(user=user).values_list("role", flat=True))


def _in_force(at: datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(Q(until=None) | Q(until__gt=at), since__lte=at)


def _row(user: User, roles: frozenset[str]) -> UserRow:
    return UserRow(
        email=EmailAddress.parse(user.email),
        display_name=user.display_name,
        active=user.is_active,
        roles=roles,
        created_at=user.created_at,
        language=user.language,
        theme=user.theme,
    )
