"""Why: the closed lists of everything that policy may give as a reason.

``Obstacle`` says what stands between one certificate and its use, ``Reason`` why a message is
treated as it is. Their words, German and English, live in ``siegel.wording``; the journal keeps
the values. Order is rank: what explains most to a person comes first.
"""

from enum import StrEnum


class Obstacle(StrEnum):
    """What keeps a certificate from being used for an address and a purpose."""

    NO_CERTIFICATE = "no_certificate"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    ADDRESS_DIFFERS = "address_differs"
    ORGANISATION_CERTIFICATE_OFF = "organisation_certificate_off"
    WRONG_USAGE = "wrong_usage"
    WEAK_KEY = "weak_key"
    POST_QUANTUM_OFF = "post_quantum_off"
    LOCKED = "locked"
    NO_PRIVATE_KEY = "no_private_key"
    NO_ACCOUNT = "no_account"
    PENDING = "pending"
    CHANGE_UNCONFIRMED = "change_unconfirmed"
    NOT_TRUSTED = "not_trusted"
    REVOCATION_UNKNOWN = "revocation_unknown"
    NO_COMMON_CIPHER = "no_common_cipher"


class Reason(StrEnum):
    """Why a message is sent, refused or shown as it is."""

    # outgoing: why it is protected
    EVERY_RECIPIENT_HAS_A_CERTIFICATE = "every_recipient_has_a_certificate"
    WISH_OF_THE_WRITER = "wish_of_the_writer"
    ENCRYPTION_REQUIRED = "encryption_required"
    # outgoing: why it is encrypted in this way
    CIPHER_BY_RULE = "cipher_by_rule"
    CIPHER_READ_BY_ALL = "cipher_read_by_all"
    CIPHER_FOR_UNKNOWN_PROGRAM = "cipher_for_unknown_program"
    CIPHER_LIMITED_BY_PROGRAM = "cipher_limited_by_program"
    CIPHER_IN_COMMON = "cipher_in_common"
    SEPARATE_BY_KEY = "separate_by_key"
    SEPARATE_BY_CIPHER = "separate_by_cipher"
    POST_QUANTUM = "post_quantum"
    POST_QUANTUM_IN_PART = "post_quantum_in_part"
    ORGANISATION_CERTIFICATE = "organisation_certificate"
    OWN_COPY_LEFT_OUT = "own_copy_left_out"
    # outgoing: why it is protected less, or not sent
    PRIVATE_KEY_ATTACHED = "private_key_attached"
    ALREADY_PROTECTED = "already_protected"
    FROM_AMBIGUOUS = "from_ambiguous"
    SENDER_NOT_ENTITLED = "sender_not_entitled"
    NO_FITTING_CERTIFICATE = "no_fitting_certificate"
    BULK_MAIL = "bulk_mail"
    NO_RECIPIENT = "no_recipient"
    RECIPIENT_WITHOUT_CERTIFICATE = "recipient_without_certificate"
    CALENDAR_PART = "calendar_part"
    INTERNAL_MAIL = "internal_mail"
    ENCRYPTION_NOT_CHOSEN = "encryption_not_chosen"
    NO_COMMON_CIPHER = "no_common_cipher"
    # incoming: what the message is
    NOT_PROTECTED = "not_protected"
    ENCRYPTED = "encrypted"
    ENCRYPTION_CLOSED = "encryption_closed"
    ENCRYPTION_WEAK = "encryption_weak"
    NOT_SIGNED = "not_signed"
    SIGNATURE_COUNTS = "signature_counts"
    SIGNED_BY_ORGANISATION = "signed_by_organisation"
    # incoming: why a signature does not count
    SIGNATURE_BROKEN = "signature_broken"
    SIGNATURE_NOT_CHECKABLE = "signature_not_checkable"
    SIGNED_BY_SENDER_FIELD = "signed_by_sender_field"
    SIGNER_ADDRESS_DIFFERS = "signer_address_differs"
    SIGNER_REVOKED = "signer_revoked"
    SIGNER_NOT_TRUSTED = "signer_not_trusted"
    SIGNER_MAY_NOT_SIGN = "signer_may_not_sign"
    SIGNATURE_WEAK = "signature_weak"
    SIGNING_TIME_IN_FUTURE = "signing_time_in_future"
    SIGNED_OUTSIDE_ENCRYPTION = "signed_outside_encryption"
    REVOCATION_UNKNOWN = "revocation_unknown"
    TOO_COMPLEX = "too_complex"
    SIGNS_ONLY_A_PART = "signs_only_a_part"
