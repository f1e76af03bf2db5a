"""What people of the office write themselves, for pictures: an outbox with every state.

Rows are put down as they lie in the store: most states come only after a next hop has answered,
and a picture needs no mail server.
"""

from datetime import datetime, timedelta
from typing import Final

from siegel.base.address import EmailAddress
from siegel.flows import bulk
from siegel.flows.bulk import Order
from siegel.flows.bulk_list import read_list
from siegel.policy.reasons import Obstacle, Reason
from siegel.policy.roles import Role
from siegel.store.models import BulkJob, MailAccount, OutboxItem, OutboxRecipient, User
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
    """Names: ``outbox_X`` for each state, ``bulk_X`` for mail to many: new, running, done."""
    return {
        f"outbox_{state.value}": str(outgoing(office, account, state, subject))
        for state, subject in _SUBJECTS.items()
    } | to_many(office, account)


def to_many(office: Office, account: EmailAddress) -> Names:
    """One that is looked at, with mistakes in its list; one under way; one that failed in part."""
    person = EmailAddress.parse(COLLEAGUES[Role.ADMINISTRATOR][0])
    table = (
        "E-Mail;Vorname;Kurs\nhuber@school.example;Hans;Deutsch B1\nkeine Adresse;Bea;B2\n"
        "dana@partner.example;;Alphabet\ndana@partner.example;Dana;Alphabet\n"
    )
    names = {}
    for name, subject in (("new", "Termine"), ("running", "Einladung"), ("done", "Neue Räume")):
        order = Order(
            account=account,
            sender=account,
            user=person,
            subject=f"{subject} im Herbst",
            text="Guten Tag {{Vorname}},\n\nIhr Kurs „{{Kurs}}“ beginnt am Montag.",
            recipients=read_list(table.encode()),
        )
        id_ = bulk.prepare(order, office.site, by=BY, at=office.at)
        if name != "new":
            bulk.start(id_, person, by=BY, at=office.at)
        names[f"bulk_{name}"] = str(id_)
    job = BulkJob.objects.get(pk=names["bulk_done"])
    job.items.filter(number=1).update(state="sent", done_at=office.at)
    job.items.filter(number=2).update(state="failed", answer="550 5.1.1 no such user")
    BulkJob.objects.filter(pk=job.pk).update(state="done", ended_at=office.at)
    return names


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
    answer = "550 5.1.1 no such user" if state is OutboxState.FAILED else ""
    OutboxRecipient.objects.create(
        item=item, address=to, kind="to", state=accepted.get(state, ""), answer=answer
    )
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
