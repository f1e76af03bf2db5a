"""Siegel: S/MIME for a whole organisation (engine, SMTP gateway, store, command line).

The names here are the public library (docs/library.md). A module is loaded when one of its names
is asked for, so that ``import siegel`` costs nothing.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # known to type checkers by its name; ``typing`` takes as long as Python

if TYPE_CHECKING:
    from siegel.base.address import EmailAddress as EmailAddress
    from siegel.base.errors import Conflict as Conflict
    from siegel.base.errors import DecryptionFailed as DecryptionFailed
    from siegel.base.errors import InvalidSignature as InvalidSignature
    from siegel.base.errors import KeyUnavailable as KeyUnavailable
    from siegel.base.errors import LimitExceeded as LimitExceeded
    from siegel.base.errors import MalformedAddress as MalformedAddress
    from siegel.base.errors import MalformedMessage as MalformedMessage
    from siegel.base.errors import NotFound as NotFound
    from siegel.base.errors import SiegelError as SiegelError
    from siegel.base.errors import UnsupportedAlgorithm as UnsupportedAlgorithm
    from siegel.base.errors import UnusableCertificate as UnusableCertificate
    from siegel.base.errors import WrongPassphrase as WrongPassphrase
    from siegel.base.findings import Finding as Finding
    from siegel.base.findings import Severity as Severity
    from siegel.base.keys import DecryptionKey as DecryptionKey
    from siegel.base.keys import IssuerAndSerial as IssuerAndSerial
    from siegel.base.keys import KeyKind as KeyKind
    from siegel.base.keys import Keyring as Keyring
    from siegel.base.keys import SignatureKind as SignatureKind
    from siegel.base.keys import SignatureScheme as SignatureScheme
    from siegel.base.keys import SigningKey as SigningKey
    from siegel.base.keys import TransportKind as TransportKind
    from siegel.base.keys import TransportScheme as TransportScheme
    from siegel.base.limits import Limits as Limits
    from siegel.base.secret import Secret as Secret
    from siegel.library.detached import sign_detached as sign_detached
    from siegel.library.detached import verify_detached as verify_detached
    from siegel.library.explaining import explain as explain
    from siegel.library.judging import judge as judge
    from siegel.library.judging import validate_path as validate_path
    from siegel.library.keys import Keys as Keys
    from siegel.library.keys import open_key_file as open_key_file
    from siegel.library.keys import open_pkcs12 as open_pkcs12
    from siegel.library.messages import open_message as open_message
    from siegel.library.messages import parts as parts
    from siegel.library.octets import Written as Written
    from siegel.library.protecting import SignedMail as SignedMail
    from siegel.library.protecting import sign as sign
    from siegel.mime.content_type import ContentType as ContentType
    from siegel.mime.message import Field as Field
    from siegel.mime.message import Message as Message
    from siegel.mime.message import Part as Part
    from siegel.pki.anchors import AnchorSet as AnchorSet
    from siegel.pki.anchors import AnchorSource as AnchorSource
    from siegel.pki.anchors import TrustAnchor as TrustAnchor
    from siegel.pki.anchors import public_email_roots as public_email_roots
    from siegel.pki.bundle import parse_certificates as parse_certificates
    from siegel.pki.certificate import Certificate as Certificate
    from siegel.pki.certificate import parse_certificate as parse_certificate
    from siegel.pki.evidence import Evidence as Evidence
    from siegel.pki.export import ExportFormat as ExportFormat
    from siegel.pki.export import contains_private_key as contains_private_key
    from siegel.pki.export import public_part as public_part
    from siegel.pki.softkeys import SoftwareKey as SoftwareKey
    from siegel.pki.verdict import PathFinding as PathFinding
    from siegel.pki.verdict import PathReason as PathReason
    from siegel.pki.verdict import PathStatus as PathStatus
    from siegel.pki.verdict import PathVerdict as PathVerdict
    from siegel.pki.verdict import Purpose as Purpose
    from siegel.pki.verdict import RevocationStatus as RevocationStatus
    from siegel.policy.inbound import CryptographicSummary as CryptographicSummary
    from siegel.policy.inbound import InboundJudgement as InboundJudgement
    from siegel.policy.reasons import Reason as Reason
    from siegel.policy.rules import OrganisationRules as OrganisationRules
    from siegel.policy.signers import KnownCertificate as KnownCertificate
    from siegel.policy.signers import SignerJudgement as SignerJudgement
    from siegel.smime.layers import CompressedLayer as CompressedLayer
    from siegel.smime.layers import EncryptedLayer as EncryptedLayer
    from siegel.smime.layers import ErrantLayer as ErrantLayer
    from siegel.smime.layers import OpenedMessage as OpenedMessage
    from siegel.smime.layers import RecipientSeen as RecipientSeen
    from siegel.smime.layers import SignedLayer as SignedLayer
    from siegel.smime.layers import Signer as Signer
    from siegel.smime.schemes import signature_scheme as signature_scheme
    from siegel.smime.sign import SigningIdentity as SigningIdentity
    from siegel.wording.words import Language as Language
    from siegel.wording.words import Words as Words

_NAMES = {
    "siegel.base.address": "EmailAddress",
    "siegel.base.errors": (
        "Conflict DecryptionFailed InvalidSignature KeyUnavailable LimitExceeded "
        "MalformedAddress MalformedMessage NotFound SiegelError UnsupportedAlgorithm "
        "UnusableCertificate WrongPassphrase"
    ),
    "siegel.base.findings": "Finding Severity",
    "siegel.base.keys": (
        "DecryptionKey IssuerAndSerial KeyKind Keyring SignatureKind SignatureScheme "
        "SigningKey TransportKind TransportScheme"
    ),
    "siegel.base.limits": "Limits",
    "siegel.base.secret": "Secret",
    "siegel.library.detached": "sign_detached verify_detached",
    "siegel.library.explaining": "explain",
    "siegel.library.judging": "judge validate_path",
    "siegel.library.keys": "Keys open_key_file open_pkcs12",
    "siegel.library.messages": "open_message parts",
    "siegel.library.octets": "Written",
    "siegel.library.protecting": "SignedMail sign",
    "siegel.mime.content_type": "ContentType",
    "siegel.mime.message": "Field Message Part",
    "siegel.pki.anchors": "AnchorSet AnchorSource TrustAnchor public_email_roots",
    "siegel.pki.bundle": "parse_certificates",
    "siegel.pki.certificate": "Certificate parse_certificate",
    "siegel.pki.evidence": "Evidence",
    "siegel.pki.export": "ExportFormat contains_private_key public_part",
    "siegel.pki.softkeys": "SoftwareKey",
    "siegel.pki.verdict": "PathFinding PathReason PathStatus PathVerdict Purpose RevocationStatus",
    "siegel.policy.inbound": "CryptographicSummary InboundJudgement",
    "siegel.policy.reasons": "Reason",
    "siegel.policy.rules": "OrganisationRules",
    "siegel.policy.signers": "KnownCertificate SignerJudgement",
    "siegel.smime.layers": (
        "CompressedLayer EncryptedLayer ErrantLayer OpenedMessage RecipientSeen SignedLayer Signer"
    ),
    "siegel.smime.schemes": "signature_scheme",
    "siegel.smime.sign": "SigningIdentity",
    "siegel.wording.words": "Language Words",
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = ["__version__", *sorted(_HOME)]

if not TYPE_CHECKING:  # a type checker knows the names, and would take any other for one, too

    def __getattr__(name):
        """PEP 562: each public name from the module it lives in."""
        if name not in _HOME:
            raise AttributeError(f"module 'siegel' has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
