"""The mark of a certificate's standing: class of the stylesheet and sign of the sprite."""

from siegel.policy.standing import Standing

_LOOKS = {
    Standing.LOCKED: ("is-todo", "lock"),
    Standing.REVOKED: ("is-bad", "seal-broken"),
    Standing.REFUSED: ("is-open", "close"),
    Standing.EXPIRED: ("is-open", "clock"),
    Standing.NOT_YET_VALID: ("is-open is-dashed", "calendar"),
    Standing.FOR_READING: ("is-open", "key"),
    Standing.UNSUITABLE: ("is-warn", "warning"),
    Standing.NOT_TRUSTED: ("is-warn is-dashed", "anchor"),
    Standing.NO_ACCOUNT: ("is-todo", "person"),
    Standing.UNCONFIRMED: ("is-warn", "seal-q"),
    Standing.UNCHECKED: ("is-warn is-dashed", "seal-q"),
    Standing.EXPIRES_SOON: ("is-warn", "clock"),
    Standing.TRUSTED: ("is-good", "anchor"),
    Standing.USABLE: ("is-good", "seal"),
}


def look_of(standing: Standing) -> tuple[str, str]:
    return _LOOKS[standing]
