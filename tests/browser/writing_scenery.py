"""What people of the office write themselves, for pictures: an outbox with every state.

Rows are put down as they lie in the store: most states come only after a next hop has answered,
and a picture needs no mail server.
"""

from datetime import datetime, timedelta
from typing import Final

from siegel.base.address import EmailAddress
from siegel.policy.reasons import Obstacle, Reason
from siegel.policy.roles import Role
from siegel.store.models import MailAccount, OutboxItem, OutboxRecipient, User
from siegel.store.models.writing import OutboxState
from tests.browser.scenery import BY, COLLEAGUES, Names
from tests.flows.office import HUBER, UNKNOWN, Office, mail

_SUBJECTS: Final = {
    OutboxState.WAITING: "Einladung zum Sommerfest",
    OutboxState.SENDING: "Stundenplan",
    OutboxState.HELD: "Zeugnis",
    OutboxState.SENT: "Bestätigung der Räume",
    OutboxState.FAILED: "Nachricht an eine falsche Adresse",
    OutboxState.WITHDRAWN: "Zurückgenommen",
}


def furnish_writing(office: Office, account: EmailAddress) -> Names:
    """Names: ``outbox_X`` for each state."""
    return {
        f"outbox_{state.value}": str(outgoing(office, account, state, subject))
        for state, subject in _SUBJECTS.items()
    }


def outgoing(office: Office, account: EmailAddress, state: OutboxState, subject: str) -> int:
    """A letter of Mira's to a recipient who fits the state."""
    message_id = f"<outbox-{OutboxItem.objects.count()}@office.example>"
    to = UNKNOWN if state in (OutboxState.HELD, OutboxState.FAILED) else HUBER.address
    raw = mail(str(account), to, subject="Brief", text="Guten Tag")
    item = OutboxItem.objects.create(
        account=MailAccount.objects.get(address=str(account)),
        user=User.objects.get(email=COLLEAGUES[Role.ADMINISTRATOR][0]),
        sender=str(account),
        subject=subject,
        message_id=message_id,
        sealed=office.site.vault.seal_content(raw, f"outbox {message_id}"),
        state=state,
        plan="sign" if to == UNKNOWN else "sign_and_encrypt",
        accepted_by=BY,
        accepted_at=office.at - timedelta(minutes=20),
        **_of_state(state, office.at),
    )
    accepted = {OutboxState.SENT: "accepted", OutboxState.FAILED: "refused"}
    OutboxRecipient.objects.create(item=item, address=to, kind="to", state=accepted.get(state, ""))
    return item.pk


def _of_state(state: OutboxState, at: datetime) -> dict[str, object]:
    match state:
        case OutboxState.WAITING:
            return {"due_at": at + timedelta(minutes=2)}
        case OutboxState.HELD:
            return {
                "reasons": [Reason.RECIPIENT_WITHOUT_CERTIFICATE.value],
                "obstacles": {UNKNOWN: [Obstacle.NO_CERTIFICATE.value]},
            }
        case OutboxState.SENT:
            return {"sent_at": at - timedelta(minutes=5), "answer": "250 2.0.0 accepted"}
        case OutboxState.FAILED:
            return {"attempts": 3, "answer": "550 5.1.1 no such user"}
    return {}
