"""Messages and files that only carry certificates (RFC 8551 §3.8)."""

from siegel.base.buffers import Buffer
from siegel.base.errors import MalformedMessage
from siegel.base.limits import DEFAULT, Limits
from siegel.cms.signed import build_signed_data, parse_signed_data
from siegel.pki.certificate import Certificate, parse_certificate


def build_certs_only(certificates: tuple[Certificate, ...]) -> bytes:
    """A SignedData without content and signers that holds ``certificates`` in their order."""
    return b"".join(build_signed_data(None, None, [], [c.der for c in certificates], detached=True))


def read_certs_only(blob: Buffer, *, limits: Limits = DEFAULT) -> tuple[Certificate, ...]:
    """The certificates of any SignedData. Raises ``MalformedMessage`` when there is none."""
    view = parse_signed_data(blob, limits=limits)
    if not view.certificates:
        raise MalformedMessage("no certificate inside")
    return tuple(parse_certificate(der) for der in view.certificates[: limits.certificates])
