"""Links by which invited people set their password: one at a time, once, until a moment."""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.models import Invitation, User
from siegel.store.rows import InvitationRow
from siegel.store.text import clean


def put(user: EmailAddress, token_sha256: str, *, by: str, at: datetime, ends_at: datetime) -> None:
    """The new link of a person; one that was sent before opens nothing any more."""
    found = User.objects.filter(email=str(user)).first()
    if found is None:
        raise NotFound(f"no user {user}")
    Invitation.objects.update_or_create(
        user=found,
        defaults={
            "token_sha256": token_sha256,
            "invited_by": clean(by, 400),
            "invited_at": at,
            "ends_at": ends_at,
        },
    )


def find(token_sha256: str, *, at: datetime) -> InvitationRow | None:
    """None: unknown, used, too late, or the person may not sign in any more."""
    found = (
        Invitation.objects.select_related("user")
        .filter(token_sha256=token_sha256, ends_at__gt=at, user__is_active=True)
        .first()
    )
    return None if found is None else _row(found)


def of_user(user: EmailAddress) -> InvitationRow | None:
    found = Invitation.objects.select_related("user").filter(user__email=str(user)).first()
    return None if found is None else _row(found)


def use(token_sha256: str) -> bool:
    """True for whoever comes first; the link is gone."""
    return bool(Invitation.objects.filter(token_sha256=token_sha256).delete()[0])


def withdraw(user: EmailAddress) -> None:
    Invitation.objects.filter(user__email=str(user)).delete()


def _row(invitation: Invitation) -> InvitationRow:
    return InvitationRow(
        user=EmailAddress.parse(invitation.user.email),
        display_name=invitation.user.display_name,
        invited_by=invitation.invited_by,
        invited_at=invitation.invited_at,
        ends_at=invitation.ends_at,
    )
