"""What another mail server said about a recipient, in words for people (RFC 3463).

The server's own sentence stands beside it; it is in English, and for whoever looks after servers.
"""

import re

from siegel.wording.words import Language, Words

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_REPLY = re.compile(r"\s*([245]\d\d)\b")
_BY_STATUS = {
    "1": "address", "2": "mailbox", "2.2": "full", "3": "system", "3.4": "size",
    "4": "network", "5": "system", "6": "content", "7": "policy",
}  # fmt: skip
_BY_REPLY = {"552": "size", "550": "address", "551": "address", "553": "address"}
_GERMAN = {
    "address": Words(
        "Adresse unbekannt", "Diese Adresse gibt es dort nicht. Prüfen Sie die Schreibweise."
    ),
    "mailbox": Words(
        "Postfach nimmt nichts an", "Das Postfach nimmt zurzeit nichts an. Rufen Sie dort an."
    ),
    "full": Words("Postfach voll", "Das Postfach ist voll. Versuchen Sie es in ein paar Tagen."),
    "size": Words(
        "Nachricht zu groß", "Die Nachricht ist zu groß. Lassen Sie Anhänge weg oder teilen Sie."
    ),
    "system": Words("Störung beim Empfänger", "Der andere Server hat gerade eine Störung."),
    "network": Words("Nicht erreichbar", "Der andere Server war nicht zu erreichen."),
    "content": Words("Inhalt abgelehnt", "Der andere Server nimmt diesen Inhalt nicht an."),
    "policy": Words(
        "Abgelehnt", "Der andere Server nimmt diese Mail nicht an. Rufen Sie den Empfänger an."
    ),
    "other": Words("Nicht angenommen", "Der andere Server hat die Mail nicht angenommen."),
}
_ENGLISH = {
    "address": Words("Unknown address", "There is no such address. Check the spelling."),
    "mailbox": Words("Mailbox closed", "The mailbox takes nothing at present. Call the recipient."),
    "full": Words("Mailbox full", "The mailbox is full. Try again in a few days."),
    "size": Words("Too big", "The message is too big. Leave attachments out, or split it."),
    "system": Words("Trouble over there", "The other server has trouble at present."),
    "network": Words("Not reached", "The other server could not be reached."),
    "content": Words("Content refused", "The other server does not take this content."),
    "policy": Words("Refused", "The other server does not take this message. Call the recipient."),
    "other": Words("Not taken", "The other server did not take the message."),
}


def answer_words(answer: str, language: Language) -> Words:
    """For an answer as it was kept: reply code, enhanced code, text."""
    return (_GERMAN if language is Language.DE else _ENGLISH)[_kind(answer)]


def _kind(answer: str) -> str:
    status = _STATUS.search(answer)
    if status is not None:
        subject, detail = status[2], f"{status[2]}.{status[3]}"
        found = _BY_STATUS.get(detail) or _BY_STATUS.get(subject)
        if found is not None:
            return found
    reply = _REPLY.match(answer)
    return _BY_REPLY.get(reply[1], "other") if reply is not None else "other"
