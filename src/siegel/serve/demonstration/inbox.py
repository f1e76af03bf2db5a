"""Mail that waits on the pages of the demo: a conversation of every state a message can have.

Anna's and Ben's mail is handed on to folders, where the six messages are read back. The office,
Helga, Kim and Carla have mailboxes here; everything comes in by the real inbound port.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from siegel.base.address import EmailAddress
from siegel.cli.files import read_certificates
from siegel.cli.keyfiles import read_key_files
from siegel.config.schema import Settings
from siegel.flows import accounts, mailboxes, outbox
from siegel.flows.site import Site
from siegel.library.protecting import sign
from siegel.pki.certificate import Certificate
from siegel.policy.access import Capacity, Standing
from siegel.serve.demonstration.cast import (
    CARLA,
    CLARKE,
    HELGA,
    HUBER,
    KIM,
    NAMES,
    OFFICE,
    PUBLISHER,
    SOMMER,
    UNKNOWN,
    VOGT,
    Files,
)
from siegel.serve.demonstration.letters import invitation, letter, programme, registration
from siegel.serve.demonstration.partner import MailProgram
from siegel.serve.demonstration.post import Draft, hand_in
from siegel.serve.demonstration.telling import expect, headline, line
from siegel.store.queries import outbox as sent
from siegel.store.queries.outbox import OutboxState

BY = f"user:{HELGA}"
SECONDS = 60.0  # until the worker has sent a message; it takes a second
POLL = 0.1
AWAY = timedelta(days=30)  # for so long Helga and Kim look after Carla's mail


def open_mailboxes(at: datetime) -> None:
    """Whose mail lies here, and who reads it."""
    helga, kim = EmailAddress.parse(HELGA), EmailAddress.parse(KIM)
    owner = Standing(capacity=Capacity.OWNER, since=at, until=None)
    member = Standing(capacity=Capacity.MEMBER, since=at, until=None)
    deputy = Standing(capacity=Capacity.DEPUTY, since=at, until=at + AWAY)
    for account, people in (
        (OFFICE, ((helga, owner), (kim, member))),
        (HELGA, ((helga, owner),)),
        (KIM, ((kim, owner),)),
        (CARLA, ((helga, deputy), (kim, deputy))),
    ):
        address = EmailAddress.parse(account)
        mailboxes.deliver_here(address, by=BY, at=at)
        for person, standing in people:
            accounts.admit(address, person, standing, by=BY, at=at)


@dataclass(slots=True, kw_only=True)
class Inbox:
    """Fills the mailboxes. ``program``: Frau Huber's; ``site``: what the office's answer takes."""

    settings: Settings
    partner: Files
    program: MailProgram
    site: Site

    def fill(self) -> None:
        headline(8, "Mail for the pages: the office, Helga and Kim find it in their inbox.")
        self._plain()
        self._protected()
        self._doubtful()
        self._conversation()
        self._welcome()

    def _plain(self) -> None:
        self._arrives(programme(PUBLISHER, _now()))
        self._arrives(registration(UNKNOWN, _now()))

    def _protected(self) -> None:
        at = _now()
        text = "Guten Tag,\n\ndie Räume 11 und 12 sind ab Montag frei.\n\nPetra Huber"
        self._arrives(letter(HUBER, "Räume ab Montag", text, at), by=HUBER)
        text = "Dear colleagues,\n\nthe timetable for spring is ready.\n\nEmma Clarke"
        self._arrives(letter(CLARKE, "Timetable for spring", text, at), by=CLARKE)
        self._arrives(invitation(CLARKE, at), by=CLARKE)
        text = "Guten Tag,\n\ndie Prüfungsaufgaben bleiben bis Freitag unter uns.\n\nPetra Huber"
        self._arrives(
            letter(HUBER, "Prüfungsaufgaben", text, at), by=HUBER, readers=self._known(OFFICE)
        )

    def _doubtful(self) -> None:
        """Each for another reason nothing to rely on."""
        at = _now()
        text = "Guten Tag,\n\nbitte überweisen Sie noch heute auf das neue Konto.\n\nPetra Huber"
        self._arrives(letter(HUBER, "Neues Konto", text, at), by=SOMMER)
        text = "Guten Tag,\n\nder Betrag ist 120 Euro.\n\nPetra Huber"
        bill = letter(HUBER, "Rechnung", text, at)
        self._hand_in(bill, self._protect(bill, HUBER).replace(b"120 Euro", b"920 Euro"))
        text = "Guten Tag,\n\ndie Förderung ist bewilligt.\n\nJens Vogt"
        self._arrives(letter(VOGT, "Bescheid über die Förderung", text, at), by=VOGT)
        text = "Guten Tag,\n\ndie Liste, diesmal ohne Unterschrift.\n\nPetra Huber"
        plain = letter(HUBER, "Liste der Teilnehmer", text, at)
        sealed = self.program.seal(plain.as_bytes(), self._known(OFFICE))
        if sealed is not None:
            self._hand_in(plain, sealed)
        text = "Liebe Carla,\n\ndas Gutachten ist nur für Dich.\n\nPetra Huber"
        closed = letter(HUBER, "Gutachten", text, at, to=CARLA)
        self._arrives(closed, by=HUBER, readers=self._known(CARLA))

    def _conversation(self) -> None:
        """A question, the office's answer by its outbox, and thanks."""
        at = _now()
        text = "Guten Tag,\n\nwann beginnt der Kurs im Frühjahr?\n\nPetra Huber"
        question = letter(HUBER, "Kurs im Frühjahr", text, at)
        self._arrives(question, by=HUBER, readers=self._known(OFFICE))
        text = "Guten Tag Frau Huber,\n\nam 2. März um 18 Uhr.\n\nHelga Wendt"
        subject = "Re: Kurs im Frühjahr"
        answer = letter(OFFICE, subject, text, at, to=HUBER, answers=_id(question))
        self._leaves(answer)
        text = "Vielen Dank, wir kommen zu dritt.\n\nPetra Huber"
        thanks = letter(HUBER, subject, text, _now(), answers=_id(answer))
        self._arrives(thanks, by=HUBER, readers=self._known(OFFICE))

    def _welcome(self) -> None:
        german = "Willkommen. Diese Nachricht ist erfunden, wie alles in diesem Beispiel."
        english = "Welcome. This message is made up, like everything in this demo."
        for person in (HELGA, KIM):
            text = f"{german}\n\n{english}\n\n{NAMES[OFFICE]}"
            self._arrives(letter(UNKNOWN, "Willkommen / Welcome", text, _now(), to=person))

    def _arrives(
        self, message: EmailMessage, *, by: str = "", readers: tuple[Certificate, ...] = ()
    ) -> None:
        octets = self._protect(message, by, readers) if by else message.as_bytes()
        self._hand_in(message, octets)

    def _protect(
        self, message: EmailMessage, by: str, readers: tuple[Certificate, ...] = ()
    ) -> bytes:
        if by == HUBER:
            return self.program.protect(message.as_bytes(), readers, _now())
        keys = read_key_files([str(self.partner.pkcs12(by))], [str(self.partner.passphrase)])
        return bytes(sign(message.as_bytes(), keys, at=_now()))

    def _known(self, address: str) -> tuple[Certificate, ...]:
        """A certificate that Frau Huber has."""
        return read_certificates([str(self.partner.certificate(address))])

    def _hand_in(self, message: EmailMessage, octets: bytes) -> None:
        listen = self.settings.gateway.inbound.listen
        to = str(message["To"]).rpartition("<")[2].rstrip(">")
        draft = Draft(
            sender=str(message["From"]).rpartition("<")[2].rstrip(">"),
            recipients=(to,),
            subject=str(message["Subject"]),
            text="",
            message_id=_id(message),
            octets=octets,
        )
        answer = hand_in(draft, octets, listen.host, listen.port)
        line(to.partition("@")[0], f"{answer.code} {draft.subject}")
        expect(answer.code == 250, "the gateway files the mail")

    def _leaves(self, message: EmailMessage) -> None:
        sender = EmailAddress.parse(OFFICE)
        accepted = outbox.Letter(
            account=sender,
            sender=sender,
            user=EmailAddress.parse(HELGA),
            raw=message.as_bytes(),
            recipients=((EmailAddress.parse(HUBER), "to"),),
            subject=str(message["Subject"]),
            message_id=_id(message),
        )
        number = outbox.accept(accepted, self.site, by=BY, at=_now())
        deadline = time.monotonic() + SECONDS
        while sent.get(number).state is not OutboxState.SENT and time.monotonic() < deadline:
            time.sleep(POLL)
        expect(sent.get(number).state is OutboxState.SENT, "the worker sends what was accepted")
        line("outbox", f"sent: {message['Subject']}")


def _id(message: EmailMessage) -> str:
    return str(message["Message-ID"])


def _now() -> datetime:
    return datetime.now(UTC)
