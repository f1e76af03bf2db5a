"""What may become of a file that somebody hands in as a certificate."""

from enum import StrEnum


class Became(StrEnum):
    """Of one file; whether anything in it was new is part of the answer."""

    KEY = "key"
    CERTIFICATES = "certificates"
    KNOWN = "known"
    LOCKED = "locked"
    TOO_MANY_WAITING = "too_many_waiting"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    WRONG_ENDING = "wrong_ending"
    NO_CERTIFICATE = "no_certificate"
    UNSUPPORTED = "unsupported"
