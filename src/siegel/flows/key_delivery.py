"""Keys for the mail programs of staff: fetched once by the person they are for (B22).

File and passphrase never meet here: each lies sealed for itself, is handed out once on a page of
its own, and is then gone. Whoever has only one of them has nothing. ``preparing_keys`` makes them.
"""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.base.secret import Secret
from siegel.flows.exporting import PKCS12_TYPE, Exported, file_name
from siegel.flows.site import Site
from siegel.policy.access import Capacity, Standing
from siegel.policy.actions import Action
from siegel.store.delivery_rows import KeyDeliveryRow
from siegel.store.queries import account_people, certificates, journal, key_deliveries
from siegel.store.text import Json
from siegel.store.transaction import together

_MAY_HAVE = (Capacity.OWNER, Capacity.MEMBER)


def may_have(standing: Standing | None, at: datetime) -> bool:
    """A deputy reads and writes for a time, and takes no key away."""
    if standing is None:
        return False
    return standing.is_in_force(at) and standing.capacity in _MAY_HAVE


def listed() -> tuple[KeyDeliveryRow, ...]:
    """The latest first."""
    return key_deliveries.latest()


def mine(person: EmailAddress) -> tuple[KeyDeliveryRow, ...]:
    return key_deliveries.of_user(person)


def get(id_: int) -> KeyDeliveryRow:
    """Raises ``NotFound``."""
    return key_deliveries.get(id_)


def mine_of(id_: int, person: EmailAddress, *, at: datetime) -> KeyDeliveryRow:
    """``NotFound`` for what is not there, not this person's, or of an account the person does not
    work with any more."""
    row = key_deliveries.get(id_)
    standing = account_people.standing(row.account, person)
    if row.user != person or not may_have(standing, at):
        raise NotFound(f"no key to fetch {id_}")
    return row


def fetch(id_: int, person: EmailAddress, site: Site, *, by: str, at: datetime) -> Exported:
    """The file, once. Raises ``NotFound``; ``Conflict`` when it was fetched or is over."""
    row = mine_of(id_, person, at=at)
    with together():
        sealed = key_deliveries.take_file(id_, at=at)
        if not sealed:
            raise Conflict(f"the file is not here any more: {row.state(at).value}")
        data = site.vault.unseal_content(sealed, use_of_seal(id_, "file"))
        note(Action.KEY_DELIVERY_FETCHED, row, by=by, at=at)
    name = file_name(certificates.get(row.certificate).certificate)
    return Exported(name=f"{name}.p12", media_type=PKCS12_TYPE, data=data)


def passphrase(id_: int, site: Site, *, by: str, at: datetime) -> Secret:
    """To be read once, by whoever the door has let in: the person, or a manager who tells it.

    Raises ``NotFound``; ``Conflict`` when it was shown or is over.
    """
    row = key_deliveries.get(id_)
    with together():
        sealed = key_deliveries.take_passphrase(id_, by=by, at=at)
        if not sealed:
            raise Conflict("the passphrase is not here any more")
        shown = Secret(site.vault.unseal_content(sealed, use_of_seal(id_, "passphrase")))
        note(Action.KEY_DELIVERY_SHOWN, row, by=by, at=at)
    return shown


def withdraw(id_: int, *, by: str, at: datetime) -> None:
    """A file that somebody else fetched is worth nothing without its passphrase.

    Raises ``NotFound``; ``Conflict`` when both were handed out, or it was withdrawn before."""
    row = key_deliveries.get(id_)
    with together():
        if not key_deliveries.withdraw(id_, by=by, at=at):
            raise Conflict(f"it cannot be taken back: {row.state(at).value}")
        note(Action.KEY_DELIVERY_WITHDRAWN, row, by=by, at=at)


def use_of_seal(id_: int, what: str) -> str:
    return f"key delivery {id_} {what}"


def note(action: Action, row: KeyDeliveryRow, *, by: str, at: datetime) -> None:
    detail: dict[str, Json] = {"delivery": row.id, "for": str(row.user), "flavour": row.flavour}
    journal.write(
        at=at,
        actor=by,
        action=action,
        about=row.certificate,
        recipients=[str(row.account)],
        detail=detail,
    )
