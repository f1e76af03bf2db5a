"""Mail of accounts for pictures: a mailbox that holds a message of every state, and what people
write themselves.

``furnish_mail`` comes after ``scenery.engage_colleagues``: Mira (the administrator) and Alice
(a member) both work with the account „Verwaltung“, and each has an account alone. All mail goes
through ``flows.filing``, as every way into a mailbox does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Final

from siegel.base.address import EmailAddress
from siegel.flows import accounts, filing
from siegel.flows.filing import Arrival
from siegel.policy.access import Capacity, Standing
from siegel.policy.message_state import MessageState
from siegel.policy.roles import Role
from siegel.store.mail_rows import Flags
from siegel.store.models import MailAccount, Mailbox
from siegel.store.models.mailbox import MailboxKind
from siegel.store.models.writing import OutboxState
from siegel.store.queries import mail_folders, mail_items
from siegel.store.queries.mail_folders import FolderRole
from tests.browser.hostile import HOSTILE
from tests.browser.hostile_letters import hostile_letter
from tests.browser.letters import letter, octets, outer, with_files, with_html, with_invitation
from tests.browser.scenery import BY, COLLEAGUES, DAY, HOUR, Names, colleague
from tests.browser.writing_scenery import furnish_writing, outgoing
from tests.flows.office import (
    ALICE,
    DANA,
    HUBER,
    UNKNOWN,
    Office,
    encrypted_bytes,
    signed_by,
    signed_bytes,
)
from tests.spoof import making
from tests.world import WORLD, WORLD_NOW, Person

TEAM: Final = EmailAddress.parse("verwaltung@office.example")
TEAM_FIELD: Final = f"Verwaltung <{TEAM}>"
FOLDERS: Final = {
    FolderRole.INBOX: "INBOX",
    FolderRole.SENT: "Sent",
    FolderRole.DRAFTS: "Drafts",
    FolderRole.ARCHIVE: "Archive",
    FolderRole.JUNK: "Junk",
    FolderRole.TRASH: "Trash",
    FolderRole.OTHER: "Schulbuchamt",
}


@dataclass(frozen=True, slots=True)
class Filed:
    """``name``: what it is called among the names; ``role``: the folder it goes to."""

    name: str
    raw: bytes
    seen: bool = True
    flagged: bool = False
    role: FolderRole = FolderRole.INBOX


def furnish_mail(office: Office) -> Names:
    """Names: ``mail_account``; ``folder_inbox``, ``_sent``, ``_drafts``, ``_archive``, ``_junk``,
    ``_trash``, ``_other``; ``conversation_X`` and ``item_X`` for each state of ``MessageState`` and
    for ``thread`` (three messages), ``html``, ``files``, ``invitation``, ``sent`` and ``junk``;
    ``outbox_X`` for each state of the outbox."""
    office.at = WORLD_NOW - 6 * DAY
    reader = _team(office)
    _own_mailboxes(office)
    names = {"mail_account": str(TEAM)}
    for role, name in FOLDERS.items():
        folder = mail_folders.ensure(TEAM, name, role=role, delimiter="/")
        names[f"folder_{role.value or 'other'}"] = str(folder.id)
    for each in _letters(reader, office.at):
        office.later(hours=3)
        item = mail_items.get(filed(office, each))
        names |= {f"conversation_{each.name}": str(item.conversation)}
        names |= {f"item_{each.name}": str(item.id)}
    office.at = WORLD_NOW
    return names | furnish_writing(office, TEAM)


def furnish_hostile_mail(office: Office) -> None:
    """Markup wherever the writer of a message decides what is read: each hostile text in a message
    that joins a conversation of ``furnish_mail``, so that the pages of that one show it."""
    answered = ("anmeldung", "raeume", "pruefung", "liste", "brief", "konferenz", "kurs-3", "konto")
    for number, text in enumerate(HOSTILE):
        made = hostile_letter(text, number, TEAM_FIELD, office.at, answered[number])
        filed(office, Filed("hostile", octets(made), seen=False))
        outgoing(office, TEAM, OutboxState.HELD, text)


def filed(office: Office, each: Filed, account: EmailAddress = TEAM) -> int:
    """The item."""
    folder = mail_folders.ensure(account, FOLDERS[each.role], role=each.role, delimiter="/")
    arrival = Arrival(
        account=account,
        folder=folder.id,
        raw=each.raw,
        received_at=office.at,
        flags=Flags(seen=each.seen, flagged=each.flagged),
    )
    return filing.file(arrival, office.site, at=office.at)


def deliver_here(account: EmailAddress, at: datetime) -> None:
    Mailbox.objects.create(
        account=MailAccount.objects.get(address=str(account)),
        kind=MailboxKind.GATEWAY,
        changed_by=BY,
        changed_at=at,
    )


def _team(office: Office) -> Person:
    """The account of several, with its certificate; whose keys open its mail."""
    person = colleague("verwaltung", "Verwaltung", WORLD_NOW + 500 * DAY)
    mira, alice = (_user(role) for role in (Role.ADMINISTRATOR, Role.MEMBER))
    accounts.create(TEAM, "Verwaltung", by=BY, at=office.at, owner=mira)
    standing = Standing(capacity=Capacity.MEMBER, since=office.at - DAY, until=None)
    accounts.admit(TEAM, alice, standing, by=BY, at=office.at)
    office.key(person)
    deliver_here(TEAM, office.at)
    return person


def _own_mailboxes(office: Office) -> None:
    """Alice's, with little in it, and Mira's, which is empty."""
    alice, mira = EmailAddress.parse(ALICE.address), _user(Role.ADMINISTRATOR)
    standing = Standing(capacity=Capacity.OWNER, since=office.at - DAY, until=None)
    accounts.admit(alice, _user(Role.MEMBER), standing, by=BY, at=office.at)
    accounts.create(mira, COLLEAGUES[Role.ADMINISTRATOR][1], by=BY, at=office.at, owner=mira)
    for account in (alice, mira):
        deliver_here(account, office.at)
        mail_folders.ensure(account, "INBOX", role=FolderRole.INBOX, delimiter="/")
    text = "Liebe Alice,\n\nder Schlüssel zum Archiv liegt im Sekretariat.\n\nViele Grüße\nHans\n"
    made = letter(
        "Hans Huber <huber@school.example>",
        ALICE.address,
        "Schlüssel zum Archiv",
        text,
        at=office.at,
        key="archiv",
    )
    raw = signed_bytes(HUBER, octets(made), office.at)
    filed(office, Filed("own", raw, seen=False), alice)


def _user(role: Role) -> EmailAddress:
    return EmailAddress.parse(COLLEAGUES[role][0])


def _letters(reader: Person, at: datetime) -> Iterator[Filed]:
    """From the oldest to the newest; the states first."""
    yield from _states(reader, at)
    yield from _thread(reader, at)
    yield from _contents(at)


def _states(reader: Person, at: datetime) -> Iterator[Filed]:
    """One message of each state, named by it."""
    for state, make in _OF_STATE.items():
        yield Filed(state.value, make(reader, at), seen=state not in _UNREAD)


def _from(person: Person, name: str) -> str:
    return f"{name} <{person.address}>"


def _huber(subject: str, text: str, at: datetime, key: str, **more: str) -> EmailMessage:
    return letter(
        _from(HUBER, "Hans Huber"), TEAM_FIELD, subject, _written(text), at=at, key=key, **more
    )


def _written(text: str) -> str:
    return f"Guten Tag,\n\n{text}\n\nFreundliche Grüße\nHans Huber\nSchule am Park\n"


def _unprotected(reader: Person, at: datetime) -> bytes:
    return octets(
        letter(
            f"Ines Baumann <{UNKNOWN}>",
            TEAM_FIELD,
            "Anmeldung zum Sprachkurs",
            "Guten Tag,\n\nich möchte mich zum Kurs „Spanisch für den Beruf“ anmelden.\n\n"
            "Ines Baumann\n",
            at=at,
            key="anmeldung",
        )
    )


def _verified(reader: Person, at: datetime) -> bytes:
    text = "die Räume 11 und 12 sind ab Montag frei. Bitte bestätigen Sie die Belegung."
    return signed_bytes(HUBER, octets(_huber("Räume ab Montag", text, at, "raeume")), at)


def _confidential(reader: Person, at: datetime) -> bytes:
    text = "die Prüfungsaufgaben liegen bei uns. Das Kennwort folgt mit der Post."
    signed = signed_by(HUBER, octets(_huber("Prüfungsaufgaben", text, at, "pruefung")), at)
    return encrypted_bytes(signed, reader)


def _encrypted_unverified(reader: Person, at: datetime) -> bytes:
    text = "die Liste ist diesmal nicht unterschrieben."
    made = _huber("Liste der Teilnehmer", text, at, "liste")
    return outer(made) + b"MIME-Version: 1.0\r\n" + making.sealed(_entity(made), reader)


def _mismatch(reader: Person, at: datetime) -> bytes:
    text = "bitte überweisen Sie den Betrag noch heute auf das neue Konto."
    return signed_bytes(DANA, octets(_huber("Neues Konto", text, at, "konto")), at)


def _broken(reader: Person, at: datetime) -> bytes:
    made = _huber("Rechnung 2026-114", "der Betrag ist 1200 Euro.", at, "rechnung")
    raw = signed_bytes(HUBER, octets(made), at)
    assert b"1200" in raw
    return raw.replace(b"1200", b"9200")


def _key_missing(reader: Person, at: datetime) -> bytes:
    made = _huber("Vertrag", "der Vertrag liegt bei.", at, "vertrag")
    return encrypted_bytes(signed_by(HUBER, octets(made), at), DANA)


def _not_checkable(reader: Person, at: datetime) -> bytes:
    ursula = WORLD.person("ursula")
    made = letter(
        _from(ursula, "Ursula Unger"),
        TEAM_FIELD,
        "Bescheid über die Förderung",
        "Guten Tag,\n\nIhr Antrag ist bewilligt.\n\nUrsula Unger\n",
        at=at,
        key="bescheid",
    )
    return signed_bytes(ursula, octets(made), at)


_OF_STATE: Final[dict[MessageState, Callable[[Person, datetime], bytes]]] = {
    MessageState.UNPROTECTED: _unprotected,
    MessageState.VERIFIED: _verified,
    MessageState.CONFIDENTIAL: _confidential,
    MessageState.ENCRYPTED_UNVERIFIED: _encrypted_unverified,
    MessageState.MISMATCH: _mismatch,
    MessageState.BROKEN: _broken,
    MessageState.KEY_MISSING: _key_missing,
    MessageState.NOT_CHECKABLE: _not_checkable,
}
_UNREAD: Final = frozenset({MessageState.CONFIDENTIAL, MessageState.KEY_MISSING})


def _entity(made: EmailMessage) -> bytes:
    """Content with its own header fields only."""
    inner = EmailMessage(policy=made.policy)
    inner.set_content(made.get_content())
    del inner["MIME-Version"]
    return inner.as_bytes()


def _thread(reader: Person, at: datetime) -> Iterator[Filed]:
    """A question, our answer and the thanks, all confidential."""
    first = _huber("Kurs im Frühjahr", "wann beginnt der Kurs im Frühjahr?", at, "kurs-1")
    yield Filed("thread_first", encrypted_bytes(signed_by(HUBER, octets(first), at), reader))
    answer = letter(
        TEAM_FIELD,
        _from(HUBER, "Hans Huber"),
        "Re: Kurs im Frühjahr",
        "Guten Tag Herr Huber,\n\nam 2. März, um 18 Uhr.\n\nMira Köhler\n",
        at=at + HOUR,
        key="kurs-2",
        answers="kurs-1",
    )
    ours = encrypted_bytes(signed_by(reader, octets(answer), at + HOUR), reader)
    yield Filed("sent", ours, role=FolderRole.SENT)
    thanks = _huber(
        "Re: Kurs im Frühjahr", "danke, wir kommen.", at + 2 * HOUR, "kurs-3", answers="kurs-2"
    )
    raw = encrypted_bytes(signed_by(HUBER, octets(thanks), at + 2 * HOUR), reader)
    yield Filed("thread", raw, seen=False, flagged=True)


def _contents(at: datetime) -> Iterator[Filed]:
    """HTML, files, an invitation, and advertising among the junk."""
    html = letter(
        "Partner GmbH <dana@partner.example>",
        TEAM_FIELD,
        "Unser Herbstprogramm",
        "Unser Herbstprogramm finden Sie auf unseren Seiten.\n",
        at=at,
        key="programm",
    )
    yield Filed("html", octets(with_html(html, PROGRAMME)))
    files = with_files(_huber("Elternbrief", "anbei der Elternbrief.", at, "brief"))
    yield Filed("files", signed_bytes(HUBER, octets(files), at))
    asked = with_invitation(_huber("Lehrerkonferenz", "ich lade ein.", at, "konferenz"))
    yield Filed("invitation", signed_bytes(HUBER, octets(asked), at), seen=False)
    junk = letter(
        "Gewinn <gewinn@werbung.example>",
        TEAM_FIELD,
        "Sie haben gewonnen",
        "Klicken Sie hier.\n",
        at=at,
        key="gewinn",
    )
    yield Filed("junk", octets(junk), role=FolderRole.JUNK)


PROGRAMME: Final = """\
<html><head><style>h2 { color: #1f5f3f } td { padding: 4px 12px }</style></head><body>
<h2>Unser Herbstprogramm</h2>
<p><img src="cid:bild" alt="Wappen" width="96" height="64">
<img src="https://bilder.partner.example/banner.png" alt="Herbst" width="240" height="60"></p>
<table><tr><td><b>Oktober</b></td><td>Italienisch für die Reise</td></tr>
<tr><td><b>November</b></td><td>Geschäftsbriefe auf Englisch</td></tr></table>
<p>Mehr dazu auf <a href="https://www.partner.example/programm">unseren Seiten</a>.</p>
</body></html>
"""
"""With a picture that came along and one from outside."""
