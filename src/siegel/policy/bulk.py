"""Is this bulk mail? Lists, newsletters, automatic mail and mail to very many people.

„E-Mailverschlüsselung ist nicht für den Massenmailversand … verfügbar“ – what follows from bulk
mail is decided in ``outbound``, here it is only recognised.
"""

from collections.abc import Iterable

from siegel.base.address import EmailAddress
from siegel.policy.rules import OrganisationRules

MARKER_FIELD = "X-Siegel-Bulk"
PRECEDENCES = frozenset({"bulk", "list", "junk"})


def is_bulk(
    fields: Iterable[tuple[str, str]],
    sender: EmailAddress | None,
    recipients: int,
    rules: OrganisationRules,
) -> bool:
    """One sign is enough. ``fields``: (name, unfolded value); ``recipients``: of the envelope."""
    return (
        recipients > rules.bulk_recipient_limit
        or (sender is not None and str(sender) in rules.bulk_senders)
        or any(is_sign_of_bulk(name.lower(), value.strip().lower()) for name, value in fields)
    )


def is_sign_of_bulk(name: str, value: str) -> bool:
    """Of a list (RFC 2369, 2919), automatic (RFC 3834 §5), or so named by its sender."""
    if name == "precedence":
        return value in PRECEDENCES
    if name == "auto-submitted":
        return value.split(";")[0].strip() != "no"
    return name.startswith("list-") or name == MARKER_FIELD.lower()
