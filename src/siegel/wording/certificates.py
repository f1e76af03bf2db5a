"""Certificates in words: how one stands, what became of a file, what is wrong with a passphrase.

``{n}`` in a title stands for a number of days. Like all words they name nobody.
"""

from collections.abc import Mapping
from typing import assert_never

from siegel.policy.passphrases import LONG_ENOUGH, LONGEST, SHORTEST, Weakness
from siegel.policy.standing import Standing
from siegel.policy.uploads import Became
from siegel.wording.words import Language, Words

Told = Standing | Became | Weakness

_STANDINGS: Mapping[Language, Mapping[Standing, Words]] = {
    Language.DE: {
        Standing.LOCKED: Words(
            "Gesperrt bis Passphrase",
            "Die Datei ist noch zu. Was in ihr liegt, sieht man erst danach.",
            "Geben Sie die Passphrase ein, die zu der Datei gehört.",
        ),
        Standing.REVOKED: Words(
            "Widerrufen",
            "Der Aussteller hat dieses Zertifikat für ungültig erklärt.",
            "Bitten Sie um ein neues.",
        ),
        Standing.REFUSED: Words(
            "Abgelehnt",
            "Jemand bei Ihnen hat gesagt, dass dieses Zertifikat nicht genutzt werden soll.",
            "Fragen Sie dort nach, wenn das nicht mehr stimmt.",
        ),
        Standing.EXPIRED: Words(
            "Abgelaufen",
            "Die Zeit, für die es galt, ist um. Alte Post bleibt damit lesbar.",
            "Bitten Sie um ein neues.",
        ),
        Standing.NOT_YET_VALID: Words(
            "Noch nicht gültig", "Es gilt erst ab einem späteren Tag.", "Warten Sie bis dahin."
        ),
        Standing.FOR_READING: Words(
            "Nur noch zum Lesen",
            "Der Schlüssel öffnet alte Post. Er signiert nicht mehr.",
        ),
        Standing.UNSUITABLE: Words(
            "Nicht geeignet",
            "Es ist nicht für Mail gemacht oder zu schwach.",
            "Bitten Sie die Stelle, die es gab, um ein anderes.",
        ),
        Standing.NOT_TRUSTED: Words(
            "Nicht vertraut",
            "Wer dafür bürgt, ist hier noch nicht bestätigt.",
            "Lassen Sie von der Verwaltung den Aussteller prüfen.",
        ),
        Standing.NO_ACCOUNT: Words(
            "Kein E-Mail-Konto",
            "Zu keiner Adresse in diesem Zertifikat gibt es hier ein Konto.",
            "Legen Sie das Konto an.",
        ),
        Standing.UNCONFIRMED: Words(
            "Noch nicht bestätigt",
            "Für die Adresse war vorher ein anderer Schlüssel bekannt.",
            "Fragen Sie den Partner auf einem anderen Weg, ob der neue von ihm ist.",
        ),
        Standing.UNCHECKED: Words(
            "Nicht geprüft",
            "Ob es noch gilt, konnte niemand sagen.",
            "Versuchen Sie es später noch einmal.",
        ),
        Standing.EXPIRES_SOON: Words(
            "Läuft in {n} Tagen ab",
            "Es gilt noch, aber nicht mehr lange.",
            "Sorgen Sie jetzt für ein neues.",
        ),
        Standing.TRUSTED: Words("Vertraut", "Wofür diese Stelle bürgt, das gilt hier."),
        Standing.USABLE: Words("Verwendbar", "Es ist alles in Ordnung."),
    },
    Language.EN: {
        Standing.LOCKED: Words(
            "Locked until passphrase",
            "The file is still closed. What it holds can only be seen afterwards.",
            "Enter the passphrase that belongs to the file.",
        ),
        Standing.REVOKED: Words(
            "Revoked", "The issuer has declared this certificate invalid.", "Ask for a new one."
        ),
        Standing.REFUSED: Words(
            "Refused",
            "Somebody in your organisation said that this certificate must not be used.",
            "Ask there if that is no longer right.",
        ),
        Standing.EXPIRED: Words(
            "Expired",
            "The time it was made for is over. Old mail stays readable with it.",
            "Ask for a new one.",
        ),
        Standing.NOT_YET_VALID: Words(
            "Not yet valid", "It counts only from a later day on.", "Wait until then."
        ),
        Standing.FOR_READING: Words(
            "Only for reading", "The key opens old mail. It no longer signs."
        ),
        Standing.UNSUITABLE: Words(
            "Not suitable",
            "It is not made for mail, or too weak.",
            "Ask the authority that issued it for another one.",
        ),
        Standing.NOT_TRUSTED: Words(
            "Not trusted",
            "Whoever vouches for it has not been confirmed here yet.",
            "Have the issuer checked by your administration.",
        ),
        Standing.NO_ACCOUNT: Words(
            "No mail account",
            "There is no account here for any address in this certificate.",
            "Create the account.",
        ),
        Standing.UNCONFIRMED: Words(
            "Not confirmed yet",
            "Another key was known for the address before.",
            "Ask the partner in another way whether the new one is theirs.",
        ),
        Standing.UNCHECKED: Words(
            "Not checked", "Nobody could say whether it is still good.", "Try again later."
        ),
        Standing.EXPIRES_SOON: Words(
            "Expires in {n} days",
            "It still counts, but not for long.",
            "See to a new one now.",
        ),
        Standing.TRUSTED: Words("Trusted", "What this authority vouches for counts here."),
        Standing.USABLE: Words("Usable", "Everything is in order."),
    },
}

_BECAME: Mapping[Language, Mapping[Became, Words]] = {
    Language.DE: {
        Became.KEY: Words("Eingespielt", "Der private Schlüssel ist dabei."),
        Became.CERTIFICATES: Words("Eingespielt", "Ein privater Schlüssel ist nicht dabei."),
        Became.KNOWN: Words("Schon bekannt", "Nichts darin war neu."),
        Became.LOCKED: Words(
            "Wartet auf die Passphrase",
            "Die Datei ist geschützt und liegt nun in der Liste.",
            "Geben Sie dort die Passphrase ein.",
        ),
        Became.TOO_MANY_WAITING: Words(
            "Zu viele warten schon",
            "Von Ihnen warten schon 100 Dateien auf ihre Passphrase.",
            "Öffnen oder entfernen Sie erst einige davon.",
        ),
        Became.TOO_LARGE: Words(
            "Zu groß",
            "Eine Datei darf höchstens 1 MiB groß sein. Zertifikate sind viel kleiner.",
            "Sehen Sie nach, ob es die richtige Datei ist.",
        ),
        Became.TOO_MANY: Words(
            "Zu viel auf einmal",
            "Auf einmal gehen 50 Dateien mit zusammen 8 MiB.",
            "Laden Sie den Rest danach hoch.",
        ),
        Became.WRONG_ENDING: Words(
            "Keine Zertifikatsdatei",
            "Der Name endet nicht wie der einer Zertifikatsdatei.",
            "Nehmen Sie eine Datei mit .p12, .pfx, .cer, .crt, .pem, .der, .p7b oder .p7c.",
        ),
        Became.NO_CERTIFICATE: Words(
            "Kein Zertifikat darin",
            "In der Datei ist kein Zertifikat, das man lesen kann.",
            "Holen Sie die Datei noch einmal von dort, wo Sie das Zertifikat bekommen haben.",
        ),
        Became.UNSUPPORTED: Words(
            "Nicht lesbar",
            "Die Datei ist auf eine Art geschützt, die hier niemand lesen kann.",
            "Lassen Sie sich die Datei in einer anderen Form geben.",
        ),
    },
    Language.EN: {
        Became.KEY: Words("Imported", "With private key."),
        Became.CERTIFICATES: Words("Imported", "Without private key."),
        Became.KNOWN: Words("Known already", "Nothing in it was new."),
        Became.LOCKED: Words(
            "Waits for its passphrase",
            "The file is protected and stands in the list now.",
            "Enter the passphrase there.",
        ),
        Became.TOO_MANY_WAITING: Words(
            "Too many wait already",
            "100 files of yours wait for their passphrase already.",
            "Open or remove some of them first.",
        ),
        Became.TOO_LARGE: Words(
            "Too large",
            "A file may have at most 1 MiB. Certificates are much smaller.",
            "Look whether it is the right file.",
        ),
        Became.TOO_MANY: Words(
            "Too much at once",
            "At once you can upload 50 files with 8 MiB together.",
            "Upload the rest afterwards.",
        ),
        Became.WRONG_ENDING: Words(
            "Not a certificate file",
            "Its name does not end like that of a certificate file.",
            "Take a file with .p12, .pfx, .cer, .crt, .pem, .der, .p7b or .p7c.",
        ),
        Became.NO_CERTIFICATE: Words(
            "No certificate in it",
            "There is no certificate in the file that can be read.",
            "Get the file once more from where you received the certificate.",
        ),
        Became.UNSUPPORTED: Words(
            "Cannot be read",
            "The file is protected in a way that nobody here can read.",
            "Ask for the file in another form.",
        ),
    },
}

_WEAKNESSES: Mapping[Language, Mapping[Weakness, Words]] = {
    Language.DE: {
        Weakness.EMPTY: Words("Leer", "Ohne Passphrase geht kein Schlüssel hinaus."),
        Weakness.SHORT: Words("Zu kurz", f"Es müssen {SHORTEST} Zeichen sein oder mehr."),
        Weakness.LONG: Words("Zu lang", f"Mehr als {LONGEST} Zeichen liest nicht jedes Programm."),
        Weakness.MONOTONOUS: Words(
            "Zu leicht zu raten",
            f"Nehmen Sie mehrere Wörter, die zusammen {LONG_ENOUGH} Zeichen haben, oder mischen "
            "Sie große und kleine Buchstaben mit Ziffern.",
        ),
        Weakness.WELL_KNOWN: Words("Zu bekannt", "So etwas wird als Erstes probiert."),
        Weakness.DIFFERS: Words("Nicht gleich", "Die beiden Eingaben sind nicht gleich."),
    },
    Language.EN: {
        Weakness.EMPTY: Words("Empty", "No key leaves without a passphrase."),
        Weakness.SHORT: Words("Too short", f"Take at least {SHORTEST} characters."),
        Weakness.LONG: Words(
            "Too long", f"Not every program reads more than {LONGEST} characters."
        ),
        Weakness.MONOTONOUS: Words(
            "Too easy to guess",
            f"Take several words with {LONG_ENOUGH} characters together, or mix capital and small "
            "letters with digits.",
        ),
        Weakness.WELL_KNOWN: Words("Too well known", "Such a passphrase is tried first."),
        Weakness.DIFFERS: Words("Not the same", "The two entries are not the same."),
    },
}


def told(member: Told, language: Language) -> Words:
    """Every member has its words in every language."""
    match member:
        case Standing():
            return _STANDINGS[language][member]
        case Became():
            return _BECAME[language][member]
        case Weakness():
            return _WEAKNESSES[language][member]
        case _:
            assert_never(member)


def title_of(standing: Standing, language: Language, *, days: int) -> str:
    """For a list; ``days`` until it ends."""
    if standing is Standing.EXPIRES_SOON and days <= 1:
        return _LAST_DAYS[language][max(days, 0)]
    return told(standing, language).title.format(n=days)


_LAST_DAYS = {
    Language.DE: ("Läuft heute ab", "Läuft morgen ab"),
    Language.EN: ("Expires today", "Expires tomorrow"),
}
