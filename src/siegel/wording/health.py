"""The checks of the installation in words: what was looked at, how it is, what to do next."""

from collections.abc import Mapping
from datetime import datetime

from siegel.policy.health import Check, Checked, State
from siegel.wording.amounts import grouped, moment_in_words, size_in_words
from siegel.wording.words import Language, Words

NAMES: Mapping[Language, Mapping[Check, str]] = {
    Language.DE: {
        Check.OUTBOUND_LISTENER: "Annahme ausgehender Mail",
        Check.INBOUND_LISTENER: "Annahme eingehender Mail",
        Check.OUTBOUND_HOP: "Weitergabe ausgehender Mail",
        Check.INBOUND_HOP: "Weitergabe eingehender Mail",
        Check.KEY_FILE: "Schlüsseldatei",
        Check.HARDWARE: "Schlüssel in Hardware",
        Check.SIGNING: "Signieren",
        Check.CERTIFICATES: "Eigene Zertifikate",
        Check.MAILBOXES: "Postfächer",
        Check.DISK: "Speicherplatz",
        Check.WORKER: "Hintergrunddienst",
        Check.ROOTS: "Öffentliche Aussteller",
        Check.FETCHING: "Sperrlisten holen",
        Check.NOTICES: "Nachrichten von Siegel",
        Check.BACKUP: "Sicherung",
    },
    Language.EN: {
        Check.OUTBOUND_LISTENER: "Taking outgoing mail",
        Check.INBOUND_LISTENER: "Taking incoming mail",
        Check.OUTBOUND_HOP: "Passing outgoing mail on",
        Check.INBOUND_HOP: "Passing incoming mail on",
        Check.KEY_FILE: "Key file",
        Check.HARDWARE: "Keys in hardware",
        Check.SIGNING: "Signing",
        Check.CERTIFICATES: "Own certificates",
        Check.MAILBOXES: "Mailboxes",
        Check.DISK: "Disk space",
        Check.WORKER: "Background service",
        Check.ROOTS: "Public authorities",
        Check.FETCHING: "Fetching revocation lists",
        Check.NOTICES: "Notices of Siegel",
        Check.BACKUP: "Backup",
    },
}

STATES: Mapping[Language, Mapping[State, str]] = {
    Language.DE: {
        State.OK: "In Ordnung",
        State.WARN: "Bitte ansehen",
        State.BAD: "Gestört",
        State.UNKNOWN: "Nicht bekannt",
    },
    Language.EN: {
        State.OK: "Good",
        State.WARN: "Please look",
        State.BAD: "Broken",
        State.UNKNOWN: "Not known",
    },
}

_Said = Mapping[State, tuple[str, str]]

_GERMAN: Mapping[Check, _Said] = {
    Check.OUTBOUND_LISTENER: {
        State.OK: ("Der Dienst nimmt Mail an, die hinaus soll.", ""),
        State.BAD: (
            "Der Dienst nimmt keine Mail an, die hinaus soll. Der Mailserver davor hebt sie auf.",
            "Starten Sie Siegel neu, und lesen Sie, was der Dienst dazu schreibt.",
        ),
        State.UNKNOWN: ("Ob der Dienst Mail annimmt, hat noch niemand gefragt.", ""),
    },
    Check.INBOUND_LISTENER: {
        State.OK: ("Der Dienst nimmt Mail an, die herein kommt.", ""),
        State.BAD: (
            "Der Dienst nimmt keine Mail von außen an. Der Mailserver davor hebt sie auf.",
            "Starten Sie Siegel neu, und lesen Sie, was der Dienst dazu schreibt.",
        ),
        State.UNKNOWN: ("Ob der Dienst Mail annimmt, hat noch niemand gefragt.", ""),
    },
    Check.OUTBOUND_HOP: {
        State.OK: ("Der Server, der die fertige Mail bekommt, ist da.", ""),
        State.BAD: (
            "Der Server, der die fertige Mail bekommen soll, meldet sich nicht. Nichts geht "
            "hinaus, und nichts geht verloren.",
            "Sehen Sie nach, ob er läuft und ob ihn Siegel über das Netz findet.",
        ),
        State.UNKNOWN: ("Ob der Server dahinter da ist, hat noch niemand gefragt.", ""),
    },
    Check.INBOUND_HOP: {
        State.OK: ("Der Server, der die geöffnete Mail bekommt, ist da.", ""),
        State.BAD: (
            "Der Server, der die geöffnete Mail bekommen soll, meldet sich nicht. Nichts kommt "
            "an, und nichts geht verloren.",
            "Sehen Sie nach, ob er läuft und ob ihn Siegel über das Netz findet.",
        ),
        State.UNKNOWN: ("Ob der Server dahinter da ist, hat noch niemand gefragt.", ""),
    },
    Check.KEY_FILE: {
        State.OK: ("Die Datei ist da, und sie passt zu den Schlüsseln, die hier liegen.", ""),
        State.BAD: (
            "Die Datei fehlt, passt nicht, oder es dürfen sie zu viele lesen. Nach dem nächsten "
            "Start wird nichts mehr signiert und geöffnet.",
            "Legen Sie die Datei aus Ihrer Kopie zurück. Nur Siegel darf sie lesen.",
        ),
        State.UNKNOWN: ("Die Datei hat noch niemand geprüft.", ""),
    },
    Check.HARDWARE: {
        State.OK: ("Das Gerät mit den Schlüsseln ist da und antwortet.", ""),
        State.BAD: (
            "Das Gerät mit den Schlüsseln antwortet nicht. Was es signieren oder öffnen soll, "
            "bleibt so lange liegen.",
            "Sehen Sie nach, ob es steckt und läuft und ob die PIN noch stimmt.",
        ),
        State.UNKNOWN: ("Hier ist kein Gerät eingetragen, in dem Schlüssel liegen.", ""),
    },
    Check.SIGNING: {
        State.OK: ("Von {sent} Mails der letzten 24 Stunden gingen {signed} signiert hinaus.", ""),
        State.WARN: (
            "Von {sent} Mails der letzten 24 Stunden gingen nur {signed} signiert hinaus. Sonst "
            "sind es {usual} von 100.",
            "Suchen Sie im Journal nach Mails, die ohne Schutz hinaus gingen.",
        ),
        State.BAD: (
            "Seit 24 Stunden ging keine Mail mehr signiert hinaus, obwohl {sent} gesendet wurden. "
            "Sonst sind es {usual} von 100.",
            "Lesen Sie im Journal, warum. Oft ist ein Zertifikat zu alt oder gesperrt.",
        ),
        State.UNKNOWN: ("Es gab noch nicht genug Mail, um zu sehen, was üblich ist.", ""),
    },
    Check.CERTIFICATES: {
        State.OK: ("Kein Konto verliert in den nächsten 30 Tagen sein Zertifikat.", ""),
        State.WARN: (
            "So viele Konten brauchen in den nächsten 30 Tagen ein neues Zertifikat: {expiring}.",
            "Holen Sie die neuen, bevor die alten enden.",
        ),
        State.BAD: (
            "So viele Konten haben nur noch Zertifikate, die zu alt sind: {expired}. Ihre Mails "
            "gehen ohne Signatur hinaus.",
            "Spielen Sie neue Zertifikate ein.",
        ),
    },
    Check.MAILBOXES: {
        State.OK: ("Von allen Mailservern wird die Mail geholt.", ""),
        State.WARN: (
            "So viele Konten bekommen seit {at} keine Mail von ihrem Server: {number}.",
            "Öffnen Sie das Konto. Beim Postfach steht, was nicht klappt.",
        ),
        State.BAD: (
            "So viele Konten bekommen seit {at} keine Mail von ihrem Server: {number}.",
            "Öffnen Sie das Konto. Beim Postfach steht, was nicht klappt.",
        ),
    },
    Check.DISK: {
        State.OK: ("Es sind {free} von {size} frei.", ""),
        State.WARN: (
            "Es sind nur noch {free} von {size} frei.",
            "Machen Sie Platz, bevor Siegel keine Mail mehr annimmt.",
        ),
        State.BAD: (
            "Es sind nur noch {free} frei. Siegel nimmt bald keine Mail mehr an.",
            "Machen Sie jetzt Platz, oder nehmen Sie eine größere Platte.",
        ),
        State.UNKNOWN: ("Wie viel Platz frei ist, konnte Siegel nicht lesen.", ""),
    },
    Check.WORKER: {
        State.OK: ("Der Dienst war zuletzt am {at} da.", ""),
        State.WARN: (
            "Der Dienst war zuletzt am {at} da. Er kommt sonst alle zehn Minuten.",
            "Warten Sie kurz. Kommt er nicht, starten Sie Siegel neu.",
        ),
        State.BAD: (
            "Der Dienst war zuletzt am {at} da. Niemand holt Listen, räumt auf und warnt Sie.",
            "Starten Sie Siegel neu, und lesen Sie, was der Dienst dazu schreibt.",
        ),
        State.UNKNOWN: ("Der Dienst war noch nie da.", "Starten Sie ihn mit „siegel serve“."),
    },
    Check.ROOTS: {
        State.OK: ("Die Liste, wem alle vertrauen, ist vom {at}.", ""),
        State.WARN: (
            "Die Liste, wem alle vertrauen, ist vom {at} und damit zu alt.",
            "Nehmen Sie eine neue Version von Siegel, oder holen Sie die Liste neu.",
        ),
    },
    Check.FETCHING: {
        State.OK: ("Zuletzt kam am {at} etwas an.", ""),
        State.WARN: (
            "Seit {at} kam nichts mehr an. Ob ein Zertifikat gesperrt ist, bleibt oft offen.",
            "Sehen Sie nach, ob Siegel ins Netz darf, auch durch Ihren Proxy.",
        ),
        State.UNKNOWN: ("Siegel hat noch nichts geholt, oder es darf nicht ins Netz.", ""),
    },
    Check.NOTICES: {
        State.OK: ("In den letzten 24 Stunden ging alles hinaus, was Siegel schrieb.", ""),
        State.WARN: (
            "So viele Mails von Siegel gingen in 24 Stunden nicht hinaus: {number}.",
            "Lesen Sie im Journal, warum, und prüfen Sie den Absender.",
        ),
    },
    Check.BACKUP: {
        State.OK: ("Die letzte Sicherung ist vom {at}.", ""),
        State.WARN: (
            "Die letzte Sicherung ist vom {at}.",
            "Sichern Sie jetzt mit „siegel store backup“, am besten jede Nacht.",
        ),
        State.UNKNOWN: (
            "Von einer Sicherung weiß Siegel nichts.",
            "Sichern Sie mit „siegel store backup“, am besten jede Nacht.",
        ),
    },
}

_ENGLISH: Mapping[Check, _Said] = {
    Check.OUTBOUND_LISTENER: {
        State.OK: ("The service takes mail that is to go out.", ""),
        State.BAD: (
            "The service takes no mail that is to go out. The mail server before it keeps it.",
            "Restart Siegel, and read what the service says in its log.",
        ),
        State.UNKNOWN: ("Nobody has asked yet whether the service takes mail.", ""),
    },
    Check.INBOUND_LISTENER: {
        State.OK: ("The service takes mail that comes in.", ""),
        State.BAD: (
            "The service takes no mail from outside. The mail server before it keeps it.",
            "Restart Siegel, and read what the service says in its log.",
        ),
        State.UNKNOWN: ("Nobody has asked yet whether the service takes mail.", ""),
    },
    Check.OUTBOUND_HOP: {
        State.OK: ("The server that takes the finished mail answers.", ""),
        State.BAD: (
            "The server that is to take the finished mail does not answer. Nothing goes out, and "
            "nothing is lost.",
            "Look whether it runs and whether Siegel can reach it.",
        ),
        State.UNKNOWN: ("Nobody has asked yet whether the next server is there.", ""),
    },
    Check.INBOUND_HOP: {
        State.OK: ("The server that takes the opened mail answers.", ""),
        State.BAD: (
            "The server that is to take the opened mail does not answer. Nothing arrives, and "
            "nothing is lost.",
            "Look whether it runs and whether Siegel can reach it.",
        ),
        State.UNKNOWN: ("Nobody has asked yet whether the next server is there.", ""),
    },
    Check.KEY_FILE: {
        State.OK: ("The file is there and fits the keys in the store.", ""),
        State.BAD: (
            "The file is missing, is another one, or too many may read it. After the next start "
            "nothing would be signed and opened.",
            "Bring the file back from your copy. Only Siegel may read it.",
        ),
        State.UNKNOWN: ("Nobody has looked at the file yet.", ""),
    },
    Check.HARDWARE: {
        State.OK: ("The device with the keys is there and answers.", ""),
        State.BAD: (
            "The device with the keys does not answer. What it should sign or open waits.",
            "See whether it is plugged in and running, and whether its PIN is still right.",
        ),
        State.UNKNOWN: ("No device that keeps keys is configured.", ""),
    },
    Check.SIGNING: {
        State.OK: ("Of {sent} messages in the last 24 hours {signed} went out signed.", ""),
        State.WARN: (
            "Of {sent} messages in the last 24 hours only {signed} went out signed. Usually it is "
            "{usual} of 100.",
            "Look in the journal for mail that went out unprotected.",
        ),
        State.BAD: (
            "No message has gone out signed for 24 hours, although {sent} were sent. Usually it is "
            "{usual} of 100.",
            "Read in the journal why. Often a certificate has expired or was revoked.",
        ),
        State.UNKNOWN: ("There has not been enough mail yet to see what is usual.", ""),
    },
    Check.CERTIFICATES: {
        State.OK: ("No account loses its certificate within 30 days.", ""),
        State.WARN: (
            "Accounts that need a new certificate within 30 days: {expiring}.",
            "Get the new ones before the old ones end.",
        ),
        State.BAD: (
            "Accounts that have expired certificates only: {expired}. Their mail goes out without "
            "a signature.",
            "Import new certificates.",
        ),
    },
    Check.MAILBOXES: {
        State.OK: ("Mail is fetched from all mail servers.", ""),
        State.WARN: (
            "Accounts that get no mail from their server since {at}: {number}.",
            "Open the account. Its mailbox says what does not work.",
        ),
        State.BAD: (
            "Accounts that get no mail from their server since {at}: {number}.",
            "Open the account. Its mailbox says what does not work.",
        ),
    },
    Check.DISK: {
        State.OK: ("{free} of {size} are free.", ""),
        State.WARN: (
            "Only {free} of {size} are free.",
            "Make room before Siegel stops taking mail.",
        ),
        State.BAD: (
            "Only {free} are free. Siegel will soon stop taking mail.",
            "Make room now, or take a larger disk.",
        ),
        State.UNKNOWN: ("Siegel could not read how much room is free.", ""),
    },
    Check.WORKER: {
        State.OK: ("The service was last seen on {at}.", ""),
        State.WARN: (
            "The service was last seen on {at}. It usually comes every ten minutes.",
            "Wait a little. If it does not come, restart Siegel.",
        ),
        State.BAD: (
            "The service was last seen on {at}. Nobody fetches lists, cleans up and warns you.",
            "Restart Siegel, and read what the service says in its log.",
        ),
        State.UNKNOWN: ("The service was never seen.", "Start it with “siegel serve”."),
    },
    Check.ROOTS: {
        State.OK: ("The list of publicly trusted authorities is of {at}.", ""),
        State.WARN: (
            "The list of publicly trusted authorities is of {at}, which is too old.",
            "Take a new version of Siegel, or refresh the list.",
        ),
    },
    Check.FETCHING: {
        State.OK: ("Something was last looked for and found on {at}.", ""),
        State.WARN: (
            "Nothing could be fetched since {at}. Whether a certificate was revoked often stays "
            "open.",
            "Look whether Siegel may reach the Internet, through your proxy, too.",
        ),
        State.UNKNOWN: ("Siegel has fetched nothing yet, or may not.", ""),
    },
    Check.NOTICES: {
        State.OK: ("All that Siegel wrote in the last 24 hours went out.", ""),
        State.WARN: (
            "Mails of Siegel that did not go out in the last 24 hours: {number}.",
            "Read in the journal why, and check the sender.",
        ),
    },
    Check.BACKUP: {
        State.OK: ("The last backup is of {at}.", ""),
        State.WARN: (
            "The last backup is of {at}.",
            "Make one now with “siegel store backup”, at best every night.",
        ),
        State.UNKNOWN: (
            "Siegel does not know of any backup.",
            "Make one with “siegel store backup”, at best every night.",
        ),
    },
}

SAID: Mapping[Language, Mapping[Check, _Said]] = {Language.DE: _GERMAN, Language.EN: _ENGLISH}
_SIZES = ("free", "size")


def said_of_check(checked: Checked, language: Language) -> Words:
    """The check's name as title, how it is, and what to do ("" = nothing)."""
    sentence, step = SAID[language][checked.check][checked.state]
    values = {name: _shown(name, value, language) for name, value in checked.values.items()}
    return Words(NAMES[language][checked.check], sentence.format(**values), step)


def _shown(name: str, value: int | datetime, language: Language) -> str:
    if isinstance(value, datetime):
        return moment_in_words(value, language)
    return size_in_words(value, language) if name in _SIZES else grouped(value, language)
