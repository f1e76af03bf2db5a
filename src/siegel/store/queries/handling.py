"""Who takes care of conversations."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.models import Conversation, User
from siegel.store.text import clean


def accounts_of(conversations: Iterable[int]) -> dict[int, EmailAddress]:
    """Whose they are; what is not there is left out. One query."""
    asked = Conversation.objects.filter(pk__in=list(conversations))
    found = asked.values_list("pk", "account__address")
    return {talk: EmailAddress.parse(address) for talk, address in found}


def assign(
    conversations: Sequence[int], user: EmailAddress | None, *, by: str, at: datetime
) -> int:
    """How many are somebody else's now."""
    who = User.objects.get(email=str(user)).pk if user is not None else None
    asked = Conversation.objects.filter(pk__in=conversations).exclude(assigned_to=who)
    return asked.update(assigned_to=who, assigned_by=clean(by, 400), assigned_at=at)
