"""The one line above a message, and its short form for lists (RFC 9787 §4.6 in plain words).

``{address}`` is the checked address of the signer, ``{sender}`` that of From; never a name.
"""

from dataclasses import dataclass

from siegel.policy.message_state import MessageState
from siegel.wording.words import Language


@dataclass(frozen=True, slots=True)
class StateWords:
    """``short`` for a list, ``title`` and ``sentence`` for the line; ``action``: what a person can
    do, "" if nothing."""

    short: str
    title: str
    sentence: str
    action: str = ""


_DE = {
    MessageState.UNPROTECTED: StateWords(
        "Ungeschützt",
        "Ungeschützt.",
        "Lesbar wie eine Postkarte; der Absender ist nicht geprüft.",
    ),
    MessageState.VERIFIED: StateWords(
        "Signatur geprüft",
        "Signatur geprüft.",
        "Unverändert und wirklich von {address}. Unterwegs war der Inhalt lesbar.",
    ),
    MessageState.CONFIDENTIAL: StateWords(
        "Vertraulich", "Vertraulich.", "Verschlüsselt, Absender {address} geprüft."
    ),
    MessageState.ENCRYPTED_UNVERIFIED: StateWords(
        "Absender ungeprüft",
        "Verschlüsselt, Absender ungeprüft.",
        "Wer sie geschrieben hat, ist nicht belegt. Die Nachricht kann von jedem stammen.",
        "Um signierte Antwort bitten",
    ),
    MessageState.MISMATCH: StateWords(
        "Signatur passt nicht",
        "Signatur passt nicht zum Absender.",
        "Unterschrieben hat {address}, geschrieben haben will {sender}.",
        "Verwaltung benachrichtigen",
    ),
    MessageState.BROKEN: StateWords(
        "Signatur ungültig",
        "Signatur ungültig.",
        "Die Nachricht wurde verändert, oder jemand anderes hat unterschrieben.",
        "Verwaltung benachrichtigen",
    ),
    MessageState.KEY_MISSING: StateWords(
        "Schlüssel fehlt",
        "Noch verschlossen: Der Schlüssel fehlt.",
        "Öffnet sich von selbst, sobald er eingespielt ist.",
        "Schlüssel einspielen",
    ),
    MessageState.NOT_CHECKABLE: StateWords(
        "Kann nicht geprüft werden",
        "Kann nicht geprüft werden.",
        "Ob die Nachricht wirklich von {sender} ist, steht noch nicht fest.",
        "Aussteller prüfen",
    ),
}
_EN = {
    MessageState.UNPROTECTED: StateWords(
        "Unprotected",
        "Unprotected.",
        "Readable like a postcard; the sender is not checked.",
    ),
    MessageState.VERIFIED: StateWords(
        "Signature checked",
        "Signature checked.",
        "Unchanged and really from {address}. It was readable on its way.",
    ),
    MessageState.CONFIDENTIAL: StateWords(
        "Confidential", "Confidential.", "Encrypted, sender {address} checked."
    ),
    MessageState.ENCRYPTED_UNVERIFIED: StateWords(
        "Sender not checked",
        "Encrypted, sender not checked.",
        "Nothing proves who wrote it. It may come from anyone.",
        "Ask for a signed answer",
    ),
    MessageState.MISMATCH: StateWords(
        "Signature does not match",
        "Signature does not match the sender.",
        "Signed by {address}, but it claims to be from {sender}.",
        "Tell the administrators",
    ),
    MessageState.BROKEN: StateWords(
        "Signature not valid",
        "Signature not valid.",
        "The message was changed, or somebody else signed it.",
        "Tell the administrators",
    ),
    MessageState.KEY_MISSING: StateWords(
        "Key missing",
        "Still closed: the key is missing.",
        "It opens by itself once the key is added.",
        "Add the key",
    ),
    MessageState.NOT_CHECKABLE: StateWords(
        "Cannot be checked",
        "Cannot be checked.",
        "Whether the message really is from {sender} is not settled yet.",
        "Check the issuer",
    ),
}
_TABLES = {Language.DE: _DE, Language.EN: _EN}


def state_words(state: MessageState, language: Language) -> StateWords:
    return _TABLES[language][state]
