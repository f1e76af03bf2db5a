"""Findings: what hostile or ordinary input shows. Values of one closed enum, ranked.

The most specific finding comes first for the person who reads it (``ranked``). Severity says what
a finding does to the result: NOTE changes nothing, WEAK keeps it from being shown as protected,
BAD means that the layer or signature does not count.
"""

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """What a finding does to the result; see the head of this module."""

    NOTE = 1
    WEAK = 2
    BAD = 3


class Finding(StrEnum):
    """One thing seen in a message. Wording in both languages lives in ``siegel.wording``."""

    # about the decryption
    NO_DECRYPTION_KEY = "no_decryption_key"
    DECRYPTION_FAILED = "decryption_failed"
    NOT_AUTHENTICATED = "not_authenticated"
    WEAK_CIPHER = "weak_cipher"
    WEAK_KEY_TRANSPORT = "weak_key_transport"
    TAG_APPENDED_TO_CONTENT = "tag_appended_to_content"
    # about the octets and the mathematics of signatures
    NO_SIGNER = "no_signer"
    DIGEST_MISMATCH = "digest_mismatch"
    SIGNATURE_INVALID = "signature_invalid"
    SIGNER_CERTIFICATE_MISSING = "signer_certificate_missing"
    SIGNED_ATTRIBUTES_MISSING = "signed_attributes_missing"
    SIGNED_ATTRIBUTES_MALFORMED = "signed_attributes_malformed"
    CONTENT_TYPE_MISMATCH = "content_type_mismatch"
    ALGORITHM_PROTECTION_MISMATCH = "algorithm_protection_mismatch"
    SIGNING_CERTIFICATE_MISMATCH = "signing_certificate_mismatch"
    DUPLICATE_CONTENT = "duplicate_content"
    CONTENT_MISSING = "content_missing"
    CONTENT_IS_ATTRIBUTES = "content_is_attributes"
    WEAK_DIGEST = "weak_digest"
    WEAK_SIGNATURE_KEY = "weak_signature_key"
    UNUSUAL_PSS = "unusual_pss"
    # what a signer says besides the text
    SIGNED_RECEIPT = "signed_receipt"
    RECEIPT_REQUESTED = "receipt_requested"
    SECURITY_LABELLED = "security_labelled"
    COUNTERSIGNED = "countersigned"
    SERVICES_UNREADABLE = "services_unreadable"
    # who signed
    SIGNER_ADDRESS_DIFFERS = "signer_address_differs"
    SIGNED_BY_SENDER_FIELD = "signed_by_sender_field"
    SIGNED_BY_ORGANISATION = "signed_by_organisation"
    FROM_AMBIGUOUS = "from_ambiguous"
    NAME_SHOWS_ANOTHER_ADDRESS = "name_shows_another_address"
    SIGNING_TIME_IN_FUTURE = "signing_time_in_future"
    SIGNER_MAY_NOT_SIGN = "signer_may_not_sign"
    SEVERAL_SIGNERS = "several_signers"
    # structure
    SIGNATURE_STRIPPED = "signature_stripped"
    MALFORMED = "malformed"
    UNSUPPORTED = "unsupported"
    TOO_COMPLEX = "too_complex"
    LIST_FOOTER = "list_footer"
    PARTIAL_SIGNATURE = "partial_signature"
    ERRANT_LAYER = "errant_layer"
    PROTECTED_SUBJECT_DIFFERS = "protected_subject_differs"
    SIGNED_OUTSIDE_ENCRYPTION = "signed_outside_encryption"
    SMIME_TYPE_DIFFERS = "smime_type_differs"
    CERTIFICATES_ONLY = "certificates_only"
    COMPRESSED = "compressed"

    @property
    def severity(self) -> Severity:
        return _SEVERITY.get(self, Severity.BAD)


_SEVERITY = {
    Finding.NOT_AUTHENTICATED: Severity.WEAK,
    Finding.WEAK_CIPHER: Severity.WEAK,
    Finding.WEAK_KEY_TRANSPORT: Severity.WEAK,
    Finding.WEAK_DIGEST: Severity.WEAK,
    Finding.WEAK_SIGNATURE_KEY: Severity.WEAK,
    Finding.TAG_APPENDED_TO_CONTENT: Severity.NOTE,
    Finding.UNUSUAL_PSS: Severity.NOTE,
    Finding.SIGNED_RECEIPT: Severity.NOTE,
    Finding.RECEIPT_REQUESTED: Severity.NOTE,
    Finding.SECURITY_LABELLED: Severity.NOTE,
    Finding.COUNTERSIGNED: Severity.NOTE,
    Finding.SERVICES_UNREADABLE: Severity.NOTE,
    Finding.SIGNED_BY_ORGANISATION: Severity.NOTE,
    Finding.SEVERAL_SIGNERS: Severity.NOTE,
    Finding.SIGNED_OUTSIDE_ENCRYPTION: Severity.NOTE,
    Finding.SMIME_TYPE_DIFFERS: Severity.NOTE,
    Finding.CERTIFICATES_ONLY: Severity.NOTE,
    Finding.COMPRESSED: Severity.NOTE,
    Finding.ERRANT_LAYER: Severity.NOTE,
    Finding.PROTECTED_SUBJECT_DIFFERS: Severity.NOTE,
}
_RANK = {finding: position for position, finding in enumerate(Finding)}


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, the heaviest and then the most specific first."""
    return tuple(sorted(set(findings), key=lambda f: (-f.severity, _RANK[f])))


def worst(findings: Iterable[Finding]) -> Severity | None:
    return max((f.severity for f in findings), default=None)
