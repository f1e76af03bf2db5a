"""A reader tells the administrators of a message that is not what it says.

They learn which message of which account it is and how it stands, never what it says: they read
nobody's mail by being administrators.
"""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows import mail_access, notices
from siegel.flows.site import Site
from siegel.policy.actions import Action
from siegel.store.mail_rows import ItemRow
from siegel.store.queries import journal, users
from siegel.store.transaction import together
from siegel.wording.message_states import state_words
from siegel.wording.reports import report_text


def report(item: int, person: EmailAddress, site: Site, *, by: str, at: datetime) -> int:
    """How many administrators were told. The journal has it in any case."""
    row = mail_access.item(item, person, at=at)
    with together():
        number = journal.write(
            at=at,
            actor=by,
            action=Action.MESSAGE_REPORTED,
            about=row.from_address,
            message_id=row.message_id,
            recipients=(str(row.account),),
            detail={"state": row.state.value, "received_at": row.received_at.isoformat()},
        )
    return _tell(row, person, number, site, at)


def _tell(row: ItemRow, person: EmailAddress, number: int, site: Site, at: datetime) -> int:
    state = state_words(row.state, site.language).short
    subject, text = report_text(
        site.language,
        reader=str(person),
        account=str(row.account),
        sender=row.from_address,
        state=state,
        received_at=row.received_at,
        number=number,
    )
    told = users.administrators(at=at)
    return sum(notices.send_notice(site, to, subject, text, at=at) for to in told)
