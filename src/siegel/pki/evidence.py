"""What a path is judged with besides anchors: gathered before, by someone who may do I/O."""

from dataclasses import dataclass
from datetime import datetime

from siegel.pki.certificate import Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Intermediates and revocation data, nothing of it believed yet. CRLs and OCSP as DER."""

    intermediates: tuple[Certificate, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()
    gathered_at: datetime | None = None
