"""Lines below messages: kept for an account, by whoever writes there."""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.flows import mail_access
from siegel.store.queries import signature_texts
from siegel.store.queries.signature_texts import LONGEST, MOST
from siegel.store.writing_rows import SignatureTextRow

__all__ = ["LONGEST", "below", "get", "mine", "put", "remove"]

_CUT = "-- "  # programs leave out what is below when they answer (RFC 3676 §4.3)


def mine(person: EmailAddress, *, at: datetime) -> tuple[SignatureTextRow, ...]:
    return signature_texts.of_accounts(mail_access.writable(person, at=at))


def below(account: EmailAddress) -> str:
    """The text of the account, as it stands under a new message; "" without any."""
    found = signature_texts.of_accounts([account])
    text = next((row.text for row in found if row.by_default), "")
    return f"\n\n{_CUT}\n{text.rstrip()}\n" if text.strip() else ""


def get(id_: int, person: EmailAddress, *, at: datetime) -> SignatureTextRow:
    """Raises ``NotFound`` for a text of an account the person does not write for."""
    row = signature_texts.get(id_)
    if row.account not in mail_access.writable(person, at=at):
        raise NotFound(f"no signature text {id_}")
    return row


def put(
    account: EmailAddress,
    name: str,
    text: str,
    person: EmailAddress,
    *,
    by_default: bool,
    by: str,
    at: datetime,
    id_: int | None = None,
) -> int:
    """Raises ``NotFound`` for an account the person does not write for, ``Conflict`` for a name
    that is taken and for too many texts."""
    if account not in mail_access.writable(person, at=at):
        raise NotFound(f"no account {account}")
    if id_ is None and len(signature_texts.of_accounts([account])) >= MOST:
        raise Conflict(f"{account} has {MOST} texts already")
    return signature_texts.put(account, name, text, by_default=by_default, by=by, at=at, id_=id_)


def remove(id_: int, person: EmailAddress, *, at: datetime) -> None:
    get(id_, person, at=at)
    signature_texts.remove(id_)
