"""People who may log in, and what they may do."""

from collections.abc import Iterable
from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.base.secret import Secret
from siegel.policy.roles import Role
from siegel.store.models import Invitation, Membership, User
from siegel.store.rows import UserRow
from siegel.store.text import clean
from siegel.store.transaction import conflicting

__all__ = [
    "Role",
    "add",
    "administrators",
    "check_password",
    "create_admin",
    "find",
    "hold",
    "list_all",
    "page",
    "prefer",
    "prefer_undo_seconds",
    "remove_second_factors",
    "rename",
    "set_active",
    "set_password",
    "set_roles",
    "undo_seconds",
]


def create_admin(
    email: EmailAddress, *, password: Secret | None, at: datetime, display_name: str = ""
) -> UserRow:
    """An administrator who can log in: a new one, or an existing user made able to again.

    Also the way back after a lost password or when the identity provider is gone, which no longer
    answers for this person; without ``password`` nobody can log in by one.
    """
    with transaction.atomic():
        user, _ = User.objects.get_or_create(email=str(email), defaults={"created_at": at})
        user.display_name = clean(display_name, 500) or user.display_name
        user.is_active = True
        user.set_password(None if password is None else password.reveal().decode("utf-8"))
        user.save()
        apps.get_model("socialaccount", "SocialAccount").objects.filter(user_id=user.pk).delete()
        if Role.ADMINISTRATOR not in _roles(user, at):
            Membership.objects.create(user=user, role=Role.ADMINISTRATOR, since=at)
    return find(email, at=at)


def add(email: EmailAddress, *, at: datetime, display_name: str = "") -> None:
    """A person without a password and without a role; ``Conflict`` if there is one already."""
    user = User(email=str(email), display_name=clean(display_name, 500), created_at=at)
    user.set_unusable_password()
    with conflicting(f"there is a user {email} already"):
        user.save(force_insert=True)


def rename(email: EmailAddress, display_name: str) -> None:
    _update(email, display_name=clean(display_name, 500))


def set_active(email: EmailAddress, active: bool) -> None:
    _update(email, is_active=active)


def set_password(email: EmailAddress, password: Secret) -> None:
    """Sessions that were opened with the old one end: their hash no longer fits."""
    user = _user(email)
    user.set_password(password.reveal().decode("utf-8"))
    user.save(update_fields=["password"])


def set_roles(email: EmailAddress, roles: Iterable[Role], *, at: datetime) -> None:
    """From ``at`` on the person has exactly these; what was before stays as history."""
    user, wanted = _user(email), frozenset(roles)
    with transaction.atomic():
        now = _roles(user, at)
        _in_force(at).filter(user=user).exclude(role__in=wanted).update(until=at)
        Membership.objects.filter(user=user, since__gt=at).delete()
        for role in sorted(wanted - now):
            Membership.objects.update_or_create(
                user=user, role=role, since=at, defaults={"until": None}
            )


def check_password(email: EmailAddress, password: Secret) -> bool:
    """False for unknown and inactive users too, after the same work."""
    user = User.objects.filter(email=str(email), is_active=True).first()
    spoken = password.reveal().decode("utf-8", "replace")
    if user is None:
        User().set_password(spoken)
        return False
    return user.check_password(spoken)


def find(email: EmailAddress, *, at: datetime) -> UserRow:
    user = _user(email)
    waits = Invitation.objects.filter(user=user).exists()
    return _row(user, _roles(user, at), waits=waits)


def prefer(email: EmailAddress, *, language: str | None = None, theme: str | None = None) -> None:
    """How this person wants to see pages; None leaves it as it is."""
    wishes = {"language": language, "theme": theme}
    given = {name: wish for name, wish in wishes.items() if wish is not None}
    if given:
        User.objects.filter(email=str(email)).update(**given)


def undo_seconds(email: EmailAddress) -> int:
    """How long this person can undo sending."""
    asked = User.objects.filter(email=str(email)).values_list("undo_seconds", flat=True)
    return asked.first() or 0


def prefer_undo_seconds(email: EmailAddress, seconds: int) -> None:
    User.objects.filter(email=str(email)).update(undo_seconds=seconds)


def list_all(*, at: datetime) -> tuple[UserRow, ...]:
    return _listed(_with_waiting(User.objects.all()).order_by("email"), at)


def page(
    *,
    at: datetime,
    search: str = "",
    after: EmailAddress | None = None,
    before: EmailAddress | None = None,
    limit: int = 50,
) -> tuple[UserRow, ...]:
    """By address, two queries however many there are. ``after``: the last address of the page
    before, ``before``: the first of the page behind. ``search``: part of a name or an address."""
    asked = Q()
    if after is not None:
        asked &= Q(email__gt=str(after))
    if before is not None:
        asked &= Q(email__lt=str(before))
    word = clean(search.strip(), 400)
    if word:
        asked &= Q(email__icontains=word) | Q(display_name__icontains=word)
    order = "email" if before is None else "-email"
    users = _with_waiting(User.objects.filter(asked)).order_by(order)[:limit]
    found = _listed(users, at)
    return found if before is None else found[::-1]


def administrators(*, at: datetime) -> tuple[EmailAddress, ...]:
    """Those who can sign in and administer."""
    admins = _in_force(at).filter(role=Role.ADMINISTRATOR, user__is_active=True)
    found = admins.order_by("user__email").values_list("user__email", flat=True)
    return tuple(map(EmailAddress.parse, dict.fromkeys(found)))


def hold() -> None:
    """Nobody else changes people until the surrounding transaction ends (on SQLite it holds the
    one write lock anyway): two administrators cannot remove each other at the same moment."""
    list(User.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def remove_second_factors(email: EmailAddress) -> int:
    """Authenticator apps, passkeys and recovery codes of the person; how many there were."""
    authenticators = apps.get_model("mfa", "Authenticator")
    return int(authenticators.objects.filter(user_id=_user(email).pk).delete()[0])


def _update(email: EmailAddress, **changes: object) -> None:
    if not User.objects.filter(email=str(email)).update(**changes):
        raise NotFound(f"no user {email}")


def _user(email: EmailAddress) -> User:
    user = User.objects.filter(email=str(email)).first()
    if user is None:
        raise NotFound(f"no user {email}")
    return user


def _with_waiting(users: QuerySet[User]) -> QuerySet[User]:
    return users.annotate(waits=Exists(Invitation.objects.filter(user=OuterRef("pk"))))


def _listed(users: QuerySet[User], at: datetime) -> tuple[UserRow, ...]:
    found = list(users)
    roles: dict[int, set[Role]] = {}
    held = _in_force(at).filter(user__in=[user.pk for user in found])
    for user_id, role in held.values_list("user_id", "role"):
        roles.setdefault(user_id, set()).add(Role(role))
    return tuple(
        _row(user, frozenset(roles.get(user.pk, ())), waits=bool(getattr(user, "waits", False)))
        for user in found
    )


def _roles(user: User, at: datetime) -> frozenset[Role]:
    return frozenset(map(Role, _in_force(at).filter(user=user).values_list("role", flat=True)))


def _in_force(at: datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(Q(until=None) | Q(until__gt=at), since__lte=at)


def _row(user: User, roles: frozenset[Role], *, waits: bool) -> UserRow:
    return UserRow(
        email=EmailAddress.parse(user.email),
        display_name=user.display_name,
        active=user.is_active,
        roles=roles,
        created_at=user.created_at,
        waits=waits,
        last_seen_at=user.last_login,
        language=user.language,
        theme=user.theme,
    )
