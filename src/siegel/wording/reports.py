"""The mail that tells administrators of a message a reader has doubts about."""

from datetime import datetime

from siegel.wording.words import Language

_SUBJECTS = {
    Language.DE: "Eine Nachricht wurde gemeldet: {state}",
    Language.EN: "A message was reported: {state}",
}
_TEXTS = {
    Language.DE: (
        "{reader} hat eine Nachricht gemeldet.\n\n"
        "Konto: {account}\nAngeblicher Absender: {sender}\nZustand: {state}\n"
        "Eingegangen: {received_at:%d.%m.%Y, %H:%M} Uhr (UTC)\nNummer im Journal: {number}\n\n"
        "Was darin steht, bleibt bei den Personen dieses Kontos. Sprechen Sie mit ihnen, und "
        "warnen Sie die anderen, wenn jemand in fremdem Namen schreibt.\n"
    ),
    Language.EN: (
        "{reader} has reported a message.\n\n"
        "Account: {account}\nSender, as it claims: {sender}\nState: {state}\n"
        "Received: {received_at:%d %B %Y, %H:%M} (UTC)\nNumber in the journal: {number}\n\n"
        "What it says stays with the people of this account. Speak with them, and warn the others "
        "if somebody writes in a name that is not theirs.\n"
    ),
}


def report_text(
    language: Language,
    *,
    reader: str,
    account: str,
    sender: str,
    state: str,
    received_at: datetime,
    number: int,
) -> tuple[str, str]:
    """(subject, text)."""
    return _SUBJECTS[language].format(state=state), _TEXTS[language].format(
        reader=reader,
        account=account,
        sender=sender or "?",
        state=state,
        received_at=received_at,
        number=number,
    )
