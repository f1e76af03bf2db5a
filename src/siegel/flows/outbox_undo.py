"""Undo sending: a message that nobody has got yet becomes a draft again."""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.flows import outbox as box
from siegel.flows.site import Site
from siegel.policy.actions import Action
from siegel.store.outbox_rows import OutboxRow
from siegel.store.queries import outbox
from siegel.store.transaction import together


def back_to_draft(id_: int, person: EmailAddress, site: Site, *, by: str, at: datetime) -> int:
    """The draft. Raises ``Conflict`` when the message is on its way or somebody has got it, and
    ``NotFound`` for a message of others. Message and draft change places in one transaction."""
    row = box.get(id_, person, at=at)
    if row.state not in box.BEFORE_LEAVING:
        raise Conflict("it is on its way or has left already")
    raw = box.text_of(row, site)
    with together():
        draft = _draft(row, raw, person, site, at)
        if not outbox.withdrawn(id_, come_from=box.BEFORE_LEAVING):
            raise Conflict("it is on its way or has left already")
        box.note(row, Action.OUTBOX_WITHDRAWN, by=by, at=at)
    return draft


def _draft(row: OutboxRow, raw: bytes, person: EmailAddress, site: Site, at: datetime) -> int:
    sealed = site.vault.seal_content(raw, box.use_of(row.message_id), rng=site.rng)
    return outbox.as_draft(row, person, sealed, at=at)
