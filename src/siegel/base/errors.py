"""Errors: we could not do it. What a message *shows* is a finding, never an error.

SiegelError
├─ MalformedMessage       the input is no message, certificate or key of the kind it claims
├─ MalformedAddress       not an e-mail address that mail can be bound to
├─ LimitExceeded          a named limit of docs/limits.md was hit
├─ UnsupportedAlgorithm   an algorithm outside the tables of docs/algorithms.md
├─ InvalidSignature       a cryptographic check failed (primitive level only)
├─ DecryptionFailed       one error for bad key, padding, tag or length
├─ KeyUnavailable         the key exists, but cannot be used now
├─ UnusableCertificate    out of date, or not made for what it is wanted for
├─ WrongPassphrase        the passphrase does not open the file
├─ NotFound
├─ Conflict
├─ TooManyAttempts        somebody tried too often; later it may be tried again
├─ TransportFailure       a mail server refused or could not be reached
└─ ConfigurationError     the installation is not set up as it must be
"""

from typing import ClassVar


class SiegelError(Exception):
    """The root: a stable ``code``, whether trying again may help, and parameters for the journal.

    ``str(error)`` is a sentence for the person at the command line. Doors that speak to strangers
    use ``code`` with generic words of their own and never the parameters.
    """

    code: ClassVar[str] = "error"
    temporary: bool = False

    def __init__(self, message: str, *, temporary: bool | None = None, **params: object) -> None:
        super().__init__(message)
        self.params = params
        if temporary is not None:
            self.temporary = temporary


class MalformedMessage(SiegelError):
    """The input is no message, certificate, key or signature of the kind it claims to be."""

    code = "malformed"


class MalformedAddress(SiegelError):
    """Not an e-mail address that mail can be bound to."""

    code = "malformed_address"


class LimitExceeded(SiegelError):
    """A limit of docs/limits.md was hit; ``params`` may name it."""

    code = "limit_exceeded"


class UnsupportedAlgorithm(SiegelError):
    """An algorithm or kind of key outside the tables of docs/algorithms.md."""

    code = "unsupported_algorithm"


class InvalidSignature(SiegelError):
    """A cryptographic check failed. In a message this is a finding, never this error."""

    code = "invalid_signature"


class DecryptionFailed(SiegelError):
    """The one error for a bad key, padding, tag or length; a finding in a message."""

    code = "decryption_failed"


class KeyUnavailable(SiegelError):
    """The key exists, but cannot be used now; trying again later may help."""

    code = "key_unavailable"
    temporary = True


class UnusableCertificate(SiegelError):
    """Out of date, or not made for what it is wanted for; or nobody is named at all."""

    code = "unusable_certificate"


class WrongPassphrase(SiegelError):
    """The passphrase does not open the file, or is missing."""

    code = "wrong_passphrase"


class NotFound(SiegelError):
    """A file, account or certificate of this name does not exist."""

    code = "not_found"


class Conflict(SiegelError):
    """It contradicts what is there already, or itself."""

    code = "conflict"


class TooManyAttempts(SiegelError):
    """Somebody tried too often in a short time; later it may be tried again."""

    code = "too_many_attempts"
    temporary = True


class TransportFailure(SiegelError):
    """A mail server refused or could not be reached; ``temporary`` tells which."""

    code = "transport"
    temporary = True


class ConfigurationError(SiegelError):
    """The installation is not set up as it must be."""

    code = "configuration"
