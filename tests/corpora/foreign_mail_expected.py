"""What we say to messages of RFC 4134, RFC 9788, KDE and MimeKit, by file.

The mathematics agree with the tables of the collections; what the messages are worth is judged
by today's rules. Where this differs, docs/deviations.md gives the reason.
"""

_OLD = "weak_digest weak_signature_key"
_NO_ATTRIBUTES = (
    "unprotected: signature_broken signer_not_trusted signature_weak"
    f" (signed_attributes_missing {_OLD})"
)
_RSA_WITHOUT_ATTRIBUTES = (
    "unprotected: signature_broken signer_address_differs signer_not_trusted signature_weak"
    f" (signed_attributes_missing signer_address_differs {_OLD})"
)
_WEAKLY_ENCRYPTED = "unprotected: encrypted encryption_weak not_signed (weak_cipher)"
_UNKNOWN_KIND = "unprotected: not_protected (unsupported)"

RFC4134 = {
    "3.1.bin": _UNKNOWN_KIND,
    "3.2.bin": _UNKNOWN_KIND,
    "4.1.bin": _NO_ATTRIBUTES,
    "4.2.bin": _RSA_WITHOUT_ATTRIBUTES,
    "4.4.bin": f"unprotected: signer_not_trusted signature_weak ({_OLD})",
    "4.5.bin": _RSA_WITHOUT_ATTRIBUTES,
    "4.6.bin": (
        "unprotected: signature_broken signer_not_trusted signature_weak"
        f" (signer_certificate_missing signed_attributes_missing {_OLD} several_signers)"
    ),
    "4.7.bin": _NO_ATTRIBUTES,
    "4.8.eml": _RSA_WITHOUT_ATTRIBUTES,
    "4.9.eml": _RSA_WITHOUT_ATTRIBUTES,
    "4.10.bin": f"unprotected: signer_not_trusted signature_weak ({_OLD})",
    "4.11.bin": "unprotected: not_signed (certificates_only)",
    "5.1.bin": _WEAKLY_ENCRYPTED,
    "5.2.bin": "encrypted_unverified: encryption_closed not_signed (unsupported)",
    "5.3.eml": _WEAKLY_ENCRYPTED,
    "6.0.bin": _UNKNOWN_KIND,
    "7.1.bin": _UNKNOWN_KIND,
    "7.2.bin": _UNKNOWN_KIND,
}

_KDE_SIGNED = (
    "encrypted_unverified: encrypted signer_not_trusted signature_weak signing_time_in_future"
    f" (signing_time_in_future {_OLD})"
)
KDE = {
    "testdata/smime-cert.mbox": "unprotected: not_protected (malformed)",
    "testdata/smime-encrypted-ambiguous-mime.mbox": "unprotected: not_protected (errant_layer)",
    "testdata/smime-encrypted-not-so-ambiguous-mime.mbox": (
        "unprotected: not_protected (errant_layer)"
    ),
    "testdata/smime-encrypted-octet-stream.mbox": _WEAKLY_ENCRYPTED,
    "testdata/smime-encrypted.mbox": _WEAKLY_ENCRYPTED,
    "testdata/smime-opaque-enc+sign.mbox": _KDE_SIGNED,
    "testdata/smime-opaque-sign.mbox": (
        "unprotected: signer_not_trusted signature_weak signing_time_in_future"
        f" (signing_time_in_future {_OLD})"
    ),
    "testdata/smime-opaque-signed-encrypted-attachment.mbox": _KDE_SIGNED,
    "testdata/smime-signed-apple.mbox": (
        "unprotected: signature_broken signer_address_differs signer_not_trusted signature_weak"
        " signing_time_in_future"
        " (digest_mismatch signer_address_differs signing_time_in_future weak_digest)"
    ),
    "testdata/smime-signed-charset.mbox": (
        "unprotected: signature_not_checkable signing_time_in_future"
        " (signer_certificate_missing signing_time_in_future)"
    ),
    "testdata/smime-signed-encrypted.mbox": (
        "unprotected: encrypted encryption_weak signer_not_trusted signature_weak"
        f" (weak_cipher {_OLD})"
    ),
    "testdata/smime.p7m": "unprotected: not_protected",
}

THUNDERBIRD_2013 = "unprotected: signer_not_trusted signature_weak (weak_digest)"

RFC9788 = {
    "smime-multipart-complex-hp.eml": "verified: signature_counts",
    "smime-multipart-hp.eml": "verified: signature_counts",
    "smime-one-part-hp.eml": "verified: signature_counts",
    "smime-signed-enc-hp-baseline-reply.eml": "confidential: encrypted signature_counts",
}
