"""Keys that people fetch, as the pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.pki.pkcs12 import Flavour
from siegel.policy.delivering import DeliveryFault, DeliveryState
from siegel.store.delivery_rows import KeyDeliveryRow
from siegel.wording.delivering import said_of_delivery
from siegel.wording.words import Language

_LOOKS = {
    DeliveryState.READY: ("is-todo", "download"),
    DeliveryState.FETCHED: ("is-good", "check"),
    DeliveryState.OVER: ("is-open", "clock"),
    DeliveryState.WITHDRAWN: ("is-open", "close"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    row: KeyDeliveryRow
    who: str
    shown_to: str
    state: str
    icon: str
    tag: str
    why: str
    is_ready: bool
    may_withdraw: bool
    is_compatible: bool
    shows_passphrase: bool


def delivery_line(row: KeyDeliveryRow, at: datetime, language: Language) -> DeliveryLine:
    found = row.state(at)
    state, icon = _LOOKS[found]
    said = said_of_delivery(found, language)
    return DeliveryLine(
        row=row,
        who=row.user_name or str(row.user),
        shown_to=row.shown_to.removeprefix("user:"),
        state=state,
        icon=icon,
        tag=said.title,
        why=said.sentence,
        is_ready=found is DeliveryState.READY,
        may_withdraw=found is DeliveryState.READY or row.shows_passphrase(at),
        is_compatible=row.flavour == Flavour.COMPATIBLE,
        shows_passphrase=row.shows_passphrase(at),
    )


def faults_of(
    outcomes: Mapping[EmailAddress, DeliveryFault | None], language: Language
) -> list[str]:
    """A sentence for each account that has nothing ready."""
    found = []
    for account, why in outcomes.items():
        if why is not None:
            said = said_of_delivery(why, language)
            found.append(f"{account}: {said.sentence} {said.next_step}".strip())
    return found
