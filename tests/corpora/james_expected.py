"""What we say to the test mails of Apache James, row by row of its table.

Where this is stricter than the table, docs/deviations.md gives the reason.
"""

FOLDER = "smime-test-resource-set/"

EXPECTED = {
    FOLDER + "mail_with_signature.eml": "verified: signature_counts",
    FOLDER + "mail_with_signature_and_content_type_xpkcs7mime.eml": "verified: signature_counts",
    # made four days after the day on which the table judges
    FOLDER + "mail-with-signature-and-multi-certs.eml": (
        "unprotected: signing_time_in_future (signing_time_in_future)"
    ),
    "eml/mail_with_bad_signature.eml": (
        "unprotected: signature_broken signer_address_differs signer_not_trusted signature_weak"
        " (digest_mismatch signer_address_differs weak_digest)"
    ),
    "eml/mail_with_no_signature.eml": "unprotected: not_protected (malformed)",
    "eml/non_smime_mail.eml": "unprotected: not_protected",
    "eml/crypted.eml": "unprotected: encrypted encryption_weak not_signed (weak_cipher)",
    "eml/crypted_with_attachment.eml": (
        "unprotected: encrypted encryption_weak not_signed (weak_cipher)"
    ),
    "eml/bad_crypted.eml": (
        "unprotected: encryption_closed encryption_weak not_signed (no_decryption_key)"
    ),
}
