"""What to do about an end, in words: on the page, and in a calendar."""

from collections.abc import Mapping

from siegel.policy.expiry import Todo
from siegel.wording.words import Language, Words

_BOOKS: Mapping[Language, Mapping[Todo, Words]] = {
    Language.DE: {
        Todo.LIST: Words(
            "Sperrliste überfällig",
            "Wer genau prüft, glaubt unseren Zertifikaten nicht mehr. Stellen Sie die Liste neu "
            "aus.",
        ),
        Todo.RENEW: Words(
            "Eigenes Zertifikat erneuern",
            "Danach geht Post von dort ohne Signatur hinaus. Alte Post bleibt lesbar.",
        ),
        Todo.AUTHORITY: Words(
            "Eigene Stelle erneuern",
            "Danach gilt nichts mehr, was diese Stelle ausgestellt hat.",
        ),
        Todo.UPLOAD: Words(
            "Neu hochladen",
            "Das Portal der Behörde braucht unser neues Zertifikat.",
        ),
        Todo.ASK: Words(
            "Partner fragen",
            "Danach können wir dorthin nicht mehr verschlüsselt schreiben.",
        ),
        Todo.SUCCESSOR: Words(
            "Nachfolger prüfen",
            "Danach gilt nicht mehr, wofür diese fremde Stelle bürgt.",
        ),
    },
    Language.EN: {
        Todo.LIST: Words(
            "Revocation list overdue",
            "Whoever checks closely does not believe our certificates any more. Issue the list "
            "anew.",
        ),
        Todo.RENEW: Words(
            "Renew our certificate",
            "After that, mail from there leaves without a signature. Old mail stays readable.",
        ),
        Todo.AUTHORITY: Words(
            "Renew our authority",
            "After that, nothing this authority has issued counts any more.",
        ),
        Todo.UPLOAD: Words("Upload again", "The authority's portal needs our new certificate."),
        Todo.ASK: Words(
            "Ask the partner",
            "After that, we can no longer write encrypted mail there.",
        ),
        Todo.SUCCESSOR: Words(
            "Check the successor",
            "After that, nothing this authority outside vouches for counts any more.",
        ),
    },
}

CALENDAR_NAMES = {Language.DE: "Was abläuft", Language.EN: "What ends"}


def said_of_todo(todo: Todo, language: Language) -> Words:
    return _BOOKS[language][todo]
