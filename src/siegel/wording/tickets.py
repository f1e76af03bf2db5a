"""Certificates on their way, in words: where one stands, and why a way to it is closed."""

from collections.abc import Mapping

from siegel.policy.acme import AcmeReason
from siegel.policy.tickets import Hindrance, TicketReason
from siegel.wording.acme import acme_words
from siegel.wording.words import Language, Words

_REASONS: Mapping[Language, Mapping[TicketReason, Words]] = {
    Language.DE: {
        TicketReason.MADE: Words("Da", "Das Zertifikat ist da und mit seinem Schlüssel verbunden."),
        TicketReason.BROKEN_OFF: Words(
            "Unterbrochen",
            "Der Schlüssel ist gemacht, das Zertifikat noch nicht.",
            "Führen Sie es zu Ende; der Schlüssel bleibt derselbe.",
        ),
        TicketReason.REQUEST_OPEN: Words(
            "Wartet auf Antwort",
            "Der Schlüssel liegt hier. Das Zertifikat kommt von der Stelle draußen.",
            "Reichen Sie den Antrag dort ein, und laden Sie die Antwort hier hoch.",
        ),
        TicketReason.WITHDRAWN: Words(
            "Zurückgezogen",
            "Niemand wartet mehr auf die Antwort. Kommt sie doch, passt sie noch zum Schlüssel.",
            "Beginnen Sie neu, wenn Sie doch eines brauchen.",
        ),
    },
    Language.EN: {
        TicketReason.MADE: Words("Here", "The certificate is here and joined with its key."),
        TicketReason.BROKEN_OFF: Words(
            "Interrupted",
            "The key is made, the certificate is not yet.",
            "Finish it; the key stays the same.",
        ),
        TicketReason.REQUEST_OPEN: Words(
            "Waits for an answer",
            "The key is here. The certificate comes from the authority outside.",
            "Hand the request in there, and upload the answer here.",
        ),
        TicketReason.WITHDRAWN: Words(
            "Withdrawn",
            "Nobody waits for the answer any more. If it comes, it still fits the key.",
            "Begin a new one if you need it after all.",
        ),
    },
}
_HINDRANCES: Mapping[Language, Mapping[Hindrance, Words]] = {
    Language.DE: {
        Hindrance.NO_AUTHORITY: Words(
            "Keine eigene Stelle",
            "Hier gibt es noch keine eigene Stelle, die Zertifikate macht.",
            "Ihre Verwaltung kann eine anlegen.",
        ),
        Hindrance.FOREIGN_DOMAIN: Words(
            "Fremde Adresse",
            "Die eigene Stelle darf für diese Adresse kein Zertifikat machen.",
            "Nehmen Sie eine Stelle draußen.",
        ),
        Hindrance.NOT_CONFIGURED: Words(
            "Nicht eingerichtet",
            "Es ist kein Server eingetragen, der Zertifikate von selbst gibt (ACME).",
            "Ihre Verwaltung kann einen eintragen.",
        ),
    },
    Language.EN: {
        Hindrance.NO_AUTHORITY: Words(
            "No authority of our own",
            "There is no authority of our own here yet that makes certificates.",
            "Your administrators can create one.",
        ),
        Hindrance.FOREIGN_DOMAIN: Words(
            "Foreign address",
            "Our own authority may make no certificate for this address.",
            "Take an authority outside.",
        ),
        Hindrance.NOT_CONFIGURED: Words(
            "Not set up",
            "No server is named that gives certificates by itself (ACME).",
            "Your administrators can name one.",
        ),
    },
}


def said_of_ticket(reason: TicketReason | AcmeReason, language: Language) -> Words:
    if isinstance(reason, AcmeReason):
        return acme_words(reason, language)
    return _REASONS[language][reason]


def said_of_hindrance(hindrance: Hindrance, language: Language) -> Words:
    return _HINDRANCES[language][hindrance]
