"""SignedData: the door to building, reading and checking it."""

from siegel.cms.countersignature import check_countersigner, countersigners
from siegel.cms.signed_build import SignerSpec, build_signed_data
from siegel.cms.signed_read import SignedDataView, SignerInfoView, parse_signed_data
from siegel.cms.signer_check import SignerCheck, check_signer

__all__ = [
    "SignedDataView",
    "SignerCheck",
    "SignerInfoView",
    "SignerSpec",
    "build_signed_data",
    "check_countersigner",
    "check_signer",
    "countersigners",
    "parse_signed_data",
]
