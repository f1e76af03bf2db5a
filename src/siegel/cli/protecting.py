"""Protect one message with keys from files: the smallest way through the engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base.buffers import Buffer
from siegel.cli.exits import CliError, Exit
from siegel.cli.keyfiles import KeyFiles
from siegel.mime.message import Message
from siegel.pki.certificate import Certificate
from siegel.pki.softkeys import SoftwareKey
from siegel.policy.rules import OrganisationRules
from siegel.smime.protect import encrypt, sign
from siegel.smime.schemes import recipient_spec, signature_scheme
from siegel.smime.sign import SigningIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How to protect, as the command line says."""

    rules: OrganisationRules
    opaque: bool
    at: datetime


def protected_chunks(
    message: Message, held: KeyFiles, recipients: Sequence[Certificate], choices: Choices
) -> list[Buffer]:
    """Signed by every key file that can sign, encrypted if there are recipients."""
    identities = [_identity(key, held, choices) for key in _signing_keys(held)]
    for certificate in recipients:
        _require_usable(certificate, choices.at)
    signed = sign(message, identities, at=choices.at, opaque=choices.opaque)
    if not recipients:
        return signed.chunks()
    oaep = choices.rules.key_transport.value == "oaep"
    specs = [recipient_spec(certificate, oaep=oaep) for certificate in recipients]
    return encrypt(signed, specs, cipher=choices.rules.cipher.value)


def _signing_keys(held: KeyFiles) -> list[SoftwareKey]:
    keys = [key for key in held.keys if key.certificate.may_sign]
    if not keys:
        raise CliError("no key among the files may sign mail", Exit.BAD_INPUT)
    return keys


def _identity(key: SoftwareKey, held: KeyFiles, choices: Choices) -> SigningIdentity:
    """The certificate and those above it, without the root (RFC 8550 §2.3)."""
    certificate = key.certificate
    chain, current = [certificate.der], certificate
    for _ in held.certificates:
        above = next((c for c in held.certificates if c.subject_der == current.issuer_der), None)
        if above is None or above.is_self_issued:
            break
        chain.append(above.der)
        current = above
    encryption = next(
        (k.certificate for k in held.keys if k.certificate.may_encrypt and k is not key), None
    )
    apart = encryption if not certificate.may_encrypt else None
    if apart is not None:
        chain.append(apart.der)
    return SigningIdentity(
        key=key,
        scheme=signature_scheme(certificate, pss=choices.rules.rsa_signature.value == "pss"),
        chain=tuple(chain),
        encryption_certificate=apart,
    )


def _require_usable(certificate: Certificate, at: datetime) -> None:
    """Nobody is encrypted to by a certificate that is out of date or not made for it."""
    if not certificate.may_encrypt:
        raise CliError(f"{certificate.subject}: not a certificate for encryption", Exit.BAD_INPUT)
    if not certificate.not_before <= at <= certificate.not_after:
        raise CliError(f"{certificate.subject}: not valid at {at.isoformat()}", Exit.BAD_INPUT)
