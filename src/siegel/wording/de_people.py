"""German: the three answers about a signature, and how much an authority checked."""

from siegel.pki.classes import ValidationType
from siegel.policy.answers import Intact, TrustedForFrom, Valid
from siegel.wording.words import Words

_ASK = "Fragen Sie auf einem anderen Weg beim Absender nach."

INTACT = {
    Intact.YES: Words("Unverändert", "Der Text ist noch genau so, wie er signiert wurde."),
    Intact.NO: Words("Verändert", "Der Text ist nicht mehr der, der signiert wurde.", _ASK),
    Intact.UNKNOWN: Words(
        "Nicht feststellbar", "Ob der Text noch so ist, wie er war, kann man nicht sagen.", _ASK
    ),
}

VALID = {
    Valid.YES: Words(
        "Signatur passt", "Die Signatur wurde mit dem Schlüssel gemacht, der dazu gehört."
    ),
    Valid.WEAK: Words(
        "Signatur zu schwach",
        "Die Signatur passt, doch auf diese alte Art kann man sie heute fälschen. Sie zählt nicht.",
        "Bitten Sie den Absender, sein Mailprogramm neu einzustellen.",
    ),
    Valid.NO: Words(
        "Signatur ist falsch", "Die Signatur passt nicht zum Schlüssel oder zum Text.", _ASK
    ),
    Valid.UNKNOWN: Words(
        "Nicht feststellbar",
        "Diese Signatur konnten wir nicht prüfen. Sie zählt nicht.",
        "Bitten Sie den Absender, sein Zertifikat mit der Signatur zu senden.",
    ),
}

TRUSTED_FOR_FROM = {
    TrustedForFrom.YES: Words(
        "Absender passt",
        "Das Zertifikat gehört zur Adresse im Feld „Von“, und wir trauen der Stelle, die es gab.",
    ),
    TrustedForFrom.ORGANISATION: Words(
        "Zertifikat der Organisation, durch Verwaltung zugeordnet",
        "Signiert hat das Amt oder die Firma, nicht die Person selbst.",
        "Fragen Sie die Person selbst, wenn es darauf ankommt.",
    ),
    TrustedForFrom.ON_BEHALF: Words(
        "Im Auftrag signiert",
        "Signiert hat, wer die Mail geschickt hat, nicht die Person im Feld „Von“.",
        "Fragen Sie die Person im Feld „Von“, ob sie davon weiß.",
    ),
    TrustedForFrom.NO: Words(
        "Absender passt nicht",
        "Diese Signatur sagt nicht, dass die Mail von der Adresse im Feld „Von“ kommt.",
        _ASK,
    ),
    TrustedForFrom.UNKNOWN: Words(
        "Nicht feststellbar",
        "Ob die Mail von der Adresse im Feld „Von“ kommt, kann man nicht sagen.",
        _ASK,
    ),
}

VALIDATION = {
    ValidationType.MAILBOX: Words(
        "Nur das Postfach geprüft",
        "Wer das Zertifikat hat, kann Mails an diese Adresse lesen. Wie er heißt, hat niemand "
        "geprüft.",
    ),
    ValidationType.ORGANISATION: Words(
        "Organisation geprüft",
        "Die Stelle hat geprüft, zu welchem Amt oder welcher Firma die Adresse gehört. Eine Person "
        "nennt das Zertifikat nicht.",
    ),
    ValidationType.SPONSOR: Words(
        "Person und Organisation geprüft",
        "Die Stelle hat das Amt oder die Firma geprüft. Dort hat man gesagt, wer die Person ist.",
    ),
    ValidationType.INDIVIDUAL: Words(
        "Person geprüft", "Die Stelle hat geprüft, wer die Person ist, etwa am Ausweis."
    ),
    ValidationType.UNSTATED: Words(
        "Nicht gesagt, was geprüft wurde",
        "Die Stelle sagt nicht, was sie geprüft hat. Namen im Zertifikat sind nur Angaben.",
    ),
}
