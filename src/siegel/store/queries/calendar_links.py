"""Secret addresses of calendars: one for each person, known by the hash of its token."""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.models import CalendarLink, User


def put(person: EmailAddress, token_sha256: str, language: str, *, at: datetime) -> None:
    """The new one of a person; the one before opens nothing any more."""
    user = User.objects.filter(email=str(person)).first()
    if user is None:
        raise NotFound(f"no user {person}")
    CalendarLink.objects.update_or_create(
        user=user,
        defaults={"token_sha256": token_sha256, "language": language, "made_at": at},
    )


def find(token_sha256: str) -> tuple[EmailAddress, str] | None:
    """Whose it is, and the language; None: unknown, ended, or the person may not sign in."""
    found = CalendarLink.objects.filter(token_sha256=token_sha256, user__is_active=True)
    row = found.values_list("user__email", "language").first()
    return None if row is None else (EmailAddress.parse(row[0]), row[1])


def made_at(person: EmailAddress) -> datetime | None:
    found = CalendarLink.objects.filter(user__email=str(person))
    return found.values_list("made_at", flat=True).first()


def remove(person: EmailAddress) -> bool:
    return bool(CalendarLink.objects.filter(user__email=str(person)).delete()[0])
