"""What the status page says, in both languages. Reasons and obstacles have words in ``wording``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from siegel.transport.envelope import Role
from siegel.wording.words import Language


@dataclass(frozen=True, slots=True)
class Counted:
    """A sentence about a number; ``{n}`` stands for it in both forms."""

    one: str
    many: str

    def about(self, number: int, language: Language) -> str:
        return (self.one if number == 1 else self.many).format(n=grouped(number, language))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """Every text of the page: a language without one of them cannot be written down."""

    title: str
    skip: str
    tagline: str
    other_language: str
    good: str
    good_why: str
    look: Counted
    look_why: str
    part: str
    bad: str
    bad_why: str
    store_closed: str
    store_closed_why: str
    service: str
    ports: Mapping[Role, str]
    ports_why: Mapping[Role, str]
    answers: str
    silent: str
    mail: str
    day: str
    month: str
    signed: str
    encrypted: str
    opened: str
    refused: str
    signed_why: str
    encrypted_why: str
    opened_why: str
    refused_why: str
    certificates: str
    accounts: Counted
    accounts_why: str
    own: Counted
    own_why: Counted
    own_none_why: str
    own_newest: str
    partners: Counted
    partners_why: str
    waiting: str
    alerts: Counted
    alerts_why: str
    pending: Counted
    pending_why: str
    expiring: Counted
    expiring_why: str
    roots: str
    roots_why: str
    roots_fresh: str
    roots_stale: str
    roots_old: Counted
    roots_old_why: str
    as_of: str
    months: tuple[str, ...]


GERMAN = PageWords(
    title="Zustand",
    skip="Zum Inhalt",
    tagline="Unterschrieben, verschlossen, angekommen.",
    other_language="English",
    good="Alles läuft.",
    good_why="Das Gateway nimmt Post an, und nichts wartet auf eine Entscheidung.",
    look=Counted("Eines wartet auf Sie.", "{n} Dinge warten auf Sie."),
    look_why="Das Gateway nimmt Post an. Was zu tun ist, steht unten.",
    part="Eine Richtung steht still.",
    bad="Das Gateway nimmt keine Post an.",
    bad_why="Es geht nichts verloren: Der Mailserver davor hebt die Post auf und versucht es "
    "wieder. Der Grund steht im Protokoll des Dienstes.",
    store_closed="Der Datenspeicher antwortet nicht.",
    store_closed_why="Ohne ihn wird keine Post angenommen; der Mailserver davor hebt sie auf. "
    "Der Grund steht im Protokoll des Dienstes.",
    service="Betrieb",
    ports={Role.OUTBOUND: "Ausgehende Post", Role.INBOUND: "Eingehende Post"},
    ports_why={
        Role.OUTBOUND: "wird signiert und verschlüsselt",
        Role.INBOUND: "wird geöffnet und geprüft",
    },
    answers="Nimmt an",
    silent="Antwortet nicht",
    mail="Post",
    day="24 Stunden",
    month="30 Tage",
    signed="Signiert",
    encrypted="Davon verschlüsselt",
    opened="Geöffnet",
    refused="Abgelehnt",
    signed_why="ausgehend, mit der Unterschrift des Absenders",
    encrypted_why="lesbar nur für die Empfänger und den Absender",
    opened_why="verschlüsselt eingegangen und entschlüsselt zugestellt",
    refused_why="ausgehend, mit Begründung an den Absender zurück",
    certificates="Konten und Zertifikate",
    accounts=Counted("{n} E-Mail-Konto", "{n} E-Mail-Konten"),
    accounts_why="für diese Adressen wird signiert und geöffnet",
    own=Counted("{n} eigenes Zertifikat verwendbar", "{n} eigene Zertifikate verwendbar"),
    own_why=Counted(
        "von {n}, dessen privater Schlüssel hier liegt",
        "von {n}, deren privater Schlüssel hier liegt",
    ),
    own_none_why="noch ist keines eingespielt",
    own_newest="beurteilt sind die neuesten {n}",
    partners=Counted("{n} Zertifikat von Partnern", "{n} Zertifikate von Partnern"),
    partners_why="verwendet, wenn ihr Aussteller vertraut ist",
    waiting="Was zu tun ist",
    alerts=Counted(
        "{n} Partner hat einen neuen Schlüssel.", "{n} Partner haben einen neuen Schlüssel."
    ),
    alerts_why="Bitte über einen zweiten Weg nachfragen, ob er echt ist.",
    pending=Counted(
        "{n} Zertifikat von außen ist noch nicht bestätigt.",
        "{n} Zertifikate von außen sind noch nicht bestätigt.",
    ),
    pending_why="Verwendet wird so ein Zertifikat erst, wenn sein Aussteller vertraut ist.",
    expiring=Counted(
        "{n} eigenes Zertifikat läuft in den nächsten 30 Tagen ab.",
        "{n} eigene Zertifikate laufen in den nächsten 30 Tagen ab.",
    ),
    expiring_why="Bitte rechtzeitig erneuern; danach geht die Post ohne Unterschrift hinaus.",
    roots="Öffentliche Aussteller",
    roots_why="Liste vom {date}",
    roots_fresh="Aktuell",
    roots_stale="Veraltet",
    roots_old=Counted(
        "Die Liste der öffentlichen Aussteller ist {n} Tag alt.",
        "Die Liste der öffentlichen Aussteller ist {n} Tage alt.",
    ),
    roots_old_why="Sie wird mit jeder neuen Version erneuert.",
    as_of="Stand {date}, {time} Uhr (UTC)",
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
        "Oktober", "November", "Dezember",
    ),
)  # fmt: skip

ENGLISH = PageWords(
    title="Status",
    skip="Skip to content",
    tagline="Signed, sealed, delivered.",
    other_language="Deutsch",
    good="All is running.",
    good_why="The gateway takes mail, and nothing waits for a decision.",
    look=Counted("One thing waits for you.", "{n} things wait for you."),
    look_why="The gateway takes mail. What is to be done stands below.",
    part="One direction stands still.",
    bad="The gateway does not take mail.",
    bad_why="Nothing is lost: the mail server before it keeps the mail and tries again. The "
    "reason stands in the log of the service.",
    store_closed="The store does not answer.",
    store_closed_why="Without it no mail is taken; the mail server before us keeps it. The reason "
    "stands in the log of the service.",
    service="Service",
    ports={Role.OUTBOUND: "Outgoing mail", Role.INBOUND: "Incoming mail"},
    ports_why={
        Role.OUTBOUND: "is signed and encrypted",
        Role.INBOUND: "is opened and checked",
    },
    answers="Takes mail",
    silent="Does not answer",
    mail="Mail",
    day="24 hours",
    month="30 days",
    signed="Signed",
    encrypted="Of these encrypted",
    opened="Opened",
    refused="Refused",
    signed_why="outgoing, with the sender's signature",
    encrypted_why="readable by its recipients and the sender only",
    opened_why="came encrypted, delivered decrypted",
    refused_why="outgoing, returned to the sender with the reason",
    certificates="Accounts and certificates",
    accounts=Counted("{n} mail account", "{n} mail accounts"),
    accounts_why="mail of these addresses is signed and opened",
    own=Counted("{n} own certificate usable", "{n} own certificates usable"),
    own_why=Counted("of {n} whose private key is here", "of {n} whose private keys are here"),
    own_none_why="none has been imported yet",
    own_newest="the newest {n} were judged",
    partners=Counted("{n} certificate of partners", "{n} certificates of partners"),
    partners_why="used if their issuer is trusted",
    waiting="To do",
    alerts=Counted("{n} partner has a new key.", "{n} partners have new keys."),
    alerts_why="Please ask over a second channel whether it is genuine.",
    pending=Counted(
        "{n} certificate from outside is not confirmed yet.",
        "{n} certificates from outside are not confirmed yet.",
    ),
    pending_why="Such a certificate is used only once its issuer is trusted.",
    expiring=Counted(
        "{n} certificate of our own expires within 30 days.",
        "{n} certificates of our own expire within 30 days.",
    ),
    expiring_why="Please renew in time; afterwards mail leaves without a signature.",
    roots="Public authorities",
    roots_why="list of {date}",
    roots_fresh="Up to date",
    roots_stale="Out of date",
    roots_old=Counted(
        "The list of public authorities is {n} day old.",
        "The list of public authorities is {n} days old.",
    ),
    roots_old_why="Every new version brings a new one.",
    as_of="As of {date}, {time} (UTC)",
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
)  # fmt: skip

BOOKS: Mapping[Language, PageWords] = {Language.DE: GERMAN, Language.EN: ENGLISH}


def grouped(number: int, language: Language) -> str:
    """1.234 in German, 1,234 in English."""
    text = f"{number:,}"
    return text.replace(",", ".") if language is Language.DE else text


def in_words(moment: datetime, language: Language) -> str:
    """4. Mai 2028, 4 May 2028."""
    month = BOOKS[language].months[moment.month - 1]
    dot = "." if language is Language.DE else ""
    return f"{moment.day}{dot} {month} {moment.year}"
