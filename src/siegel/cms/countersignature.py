"""Countersignatures (RFC 5652 §11.4): who else signed – not the text, but a signature over it.

They stand outside of what is signed, so that anybody on the way can add or remove some. They say
something about when and before whom a signature existed and nothing about who wrote the text:
nothing is judged by them.
"""

from collections.abc import Iterator

from siegel.base import oids
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.keys import CertifiedKey
from siegel.base.limits import DEFAULT, Limits
from siegel.cms.attributes import type_and_values
from siegel.cms.signed_read import SignerInfoView, read_signer_info
from siegel.cms.signer_check import Check, SignerCheck


def countersigners(
    signer: SignerInfoView, *, limits: Limits = DEFAULT
) -> Iterator[SignerInfoView | None]:
    """Who signed the signature of ``signer``; None for each that cannot be read.

    There may be several attributes with several values each.
    """
    for element in signer.unsigned:
        try:
            oid, values = type_and_values(element)
        except (MalformedMessage, LimitExceeded):
            continue  # ``check_signer`` says so
        for value in values if oid == oids.COUNTERSIGNATURE else ():
            try:
                yield read_signer_info(value, limits)
            except (MalformedMessage, LimitExceeded):
                yield None


def check_countersigner(
    signer: SignerInfoView, signed: SignerInfoView, certificate: CertifiedKey | None
) -> SignerCheck:
    """Check ``signer``, who signed the signature of ``signed``; no content type is named there."""
    return Check(signer, [signed.signature], certificate, {}).run(None)
