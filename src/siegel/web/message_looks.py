"""The mark of a message's state: class of the stylesheet and sign of the sprite."""

from siegel.policy.message_state import MessageState

_LOOKS = {
    MessageState.UNPROTECTED: ("is-open", "postcard"),
    MessageState.VERIFIED: ("is-good", "seal"),
    MessageState.CONFIDENTIAL: ("is-full", "seal-lock"),
    MessageState.ENCRYPTED_UNVERIFIED: ("is-warn", "lock-noseal"),
    MessageState.MISMATCH: ("is-bad", "seal-broken"),
    MessageState.BROKEN: ("is-bad", "seal-broken"),
    MessageState.KEY_MISSING: ("is-todo", "key-missing"),
    MessageState.NOT_CHECKABLE: ("is-warn is-dashed", "seal-q"),
}


def look_of(state: MessageState) -> tuple[str, str]:
    return _LOOKS[state]
