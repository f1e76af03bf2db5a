"""Errors: we could not do it. What a message *shows* is a finding, never an error.

SiegelError
├─ MalformedMessage       the input is no message, certificate or key of the kind it claims
├─ MalformedAddress       not an e-mail address that mail can be bound to
├─ LimitExceeded          a named limit of docs/limits.md was hit
├─ UnsupportedAlgorithm   an algorithm outside the tables of docs/algorithms.md
├─ InvalidSignature       a cryptographic check failed (primitive level only)
├─ DecryptionFailed       one error for bad key, padding, tag or length
├─ KeyUnavailable         the key exists, but cannot be used now
├─ WrongPassphrase        the passphrase does not open the file
├─ NotFound
├─ Conflict
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
    code = "malformed"


class MalformedAddress(SiegelError):
    code = "malformed_address"


class LimitExceeded(SiegelError):
    code = "limit_exceeded"


class UnsupportedAlgorithm(SiegelError):
    code = "unsupported_algorithm"


class InvalidSignature(SiegelError):
    code = "invalid_signature"


class DecryptionFailed(SiegelError):
    code = "decryption_failed"


class KeyUnavailable(SiegelError):
    code = "key_unavailable"
    temporary = True


class WrongPassphrase(SiegelError):
    code = "wrong_passphrase"


class NotFound(SiegelError):
    code = "not_found"


class Conflict(SiegelError):
    code = "conflict"


class TransportFailure(SiegelError):
    code = "transport"
    temporary = True


class ConfigurationError(SiegelError):
    code = "configuration"
