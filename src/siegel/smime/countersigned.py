"""Read and check the countersignatures of one layer (RFC 5652 §11.4), to be shown."""

from collections.abc import Collection, Iterator

from siegel.base.findings import Finding
from siegel.base.limits import Limits
from siegel.cms.signed import SignerInfoView, check_countersigner, countersigners
from siegel.pki.certificate import Certificate
from siegel.smime.layers import Countersignature
from siegel.smime.named import named_by


class Countersigned:
    """The countersignatures of all signers of a layer, and theirs; their number is bounded."""

    __slots__ = ("_certificates", "_left", "_limits")

    def __init__(self, certificates: Collection[Certificate], limits: Limits) -> None:
        self._certificates = certificates
        self._limits = limits
        self._left = limits.countersignatures

    def of(self, signer: SignerInfoView) -> tuple[Countersignature, ...]:
        return tuple(self._read(signer)) if signer.unsigned else ()

    def _read(self, signer: SignerInfoView) -> Iterator[Countersignature]:
        for info in countersigners(signer, limits=self._limits):
            self._left -= 1
            if self._left < 0:
                yield _unread(Finding.TOO_COMPLEX)
                return
            yield _unread(Finding.MALFORMED) if info is None else self._checked(info, signer)

    def _checked(self, info: SignerInfoView, signed: SignerInfoView) -> Countersignature:
        """With the first certificate that verifies, else with the first that is named."""
        checked = [
            (certificate, check_countersigner(info, signed, certificate))
            for certificate in named_by(info.identifier, self._certificates)
        ]
        certificate, check = next((c for c in checked if c[1].signature_valid), checked[0])
        return Countersignature(
            identifier=info.identifier,
            certificate=certificate,
            intact=check.intact,
            signature_valid=check.signature_valid,
            signing_time=check.signing_time,
            countersignatures=self.of(info),
            findings=check.findings,
        )


def _unread(finding: Finding) -> Countersignature:
    return Countersignature(
        identifier=None,
        certificate=None,
        intact=None,
        signature_valid=None,
        signing_time=None,
        findings=(finding,),
    )
