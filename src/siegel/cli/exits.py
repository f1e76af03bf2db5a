"""Exit codes (a public interface) and the one place that turns errors into a line and a code."""

from enum import IntEnum

import click

from siegel.base.errors import (
    ConfigurationError,
    LimitExceeded,
    MalformedMessage,
    NotFound,
    SiegelError,
    TransportFailure,
    UnsupportedAlgorithm,
    WrongPassphrase,
)


class Exit(IntEnum):
    """What the caller of the command learns; 64 to 78 follow sysexits(3), and
    numbers above 128 are signals as a shell reports them.
    """

    GOOD = 0
    JUDGED = 1
    USAGE = 2
    BAD_INPUT = 65
    NO_INPUT = 66
    UNAVAILABLE = 69
    INTERNAL = 70
    TRY_LATER = 75
    PASSPHRASE = 77
    CONFIGURATION = 78
    INTERRUPTED = 130
    BROKEN_PIPE = 141


_CODES: tuple[tuple[type[SiegelError], Exit], ...] = (
    (WrongPassphrase, Exit.PASSPHRASE),
    (ConfigurationError, Exit.CONFIGURATION),
    (NotFound, Exit.NO_INPUT),
    (MalformedMessage, Exit.BAD_INPUT),
    (LimitExceeded, Exit.BAD_INPUT),
    (UnsupportedAlgorithm, Exit.BAD_INPUT),
    (TransportFailure, Exit.UNAVAILABLE),
)


class CliError(click.ClickException):
    """One line for the person, one code for the script."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.code = code


def exit_for(error: SiegelError) -> Exit:
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code
    return Exit.TRY_LATER if error.temporary else Exit.BAD_INPUT
