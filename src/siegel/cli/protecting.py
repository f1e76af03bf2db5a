"""Protect one message with keys from files: the smallest way through the engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base.buffers import Buffer
from siegel.base.limits import Limits
from siegel.cli.exits import CliError, Exit
from siegel.library.identities import check_in_time, recipient_specs, signing_identity
from siegel.library.keys import Keys
from siegel.mime.message import Message
from siegel.pki.certificate import Certificate
from siegel.pki.softkeys import SoftwareKey
from siegel.smime.protect import encrypt, sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How to protect, as the command line says."""

    cipher: str
    pss: bool
    oaep: bool
    opaque: bool
    by_ski: bool
    at: datetime
    limits: Limits
    out_of_date: bool = False


def protected_chunks(
    message: Message, held: Keys, recipients: Sequence[Certificate], choices: Choices
) -> list[Buffer]:
    """Signed by every key of the files that can sign, encrypted if there are recipients."""
    identities = [
        signing_identity(key, held, pss=choices.pss) for key in _signing_keys(held, choices)
    ]
    specs = recipients and recipient_specs(
        recipients, at=choices.at, oaep=choices.oaep, by_ski=choices.by_ski
    )
    signed = sign(message, identities, at=choices.at, opaque=choices.opaque, limits=choices.limits)
    if not specs:
        return signed.chunks()
    return encrypt(signed, specs, cipher=choices.cipher)


def _signing_keys(held: Keys, choices: Choices) -> list[SoftwareKey]:
    """Each of them signs, so one that is out of date is not passed over in silence."""
    keys = [key for key in held.keys if key.certificate.may_sign]
    if not keys:
        raise CliError("no key among the files may sign mail", Exit.BAD_INPUT)
    for key in keys if not choices.out_of_date else ():
        check_in_time(key.certificate, choices.at)
    return keys
