"""English: what was seen in a message and along the path of a certificate."""

from siegel.base.findings import Finding
from siegel.pki.verdict import PathFinding, PathStatus, RevocationStatus
from siegel.wording.words import Words

_ASK = "Ask the sender in another way."
_SEND_AGAIN = "Ask the sender to send the mail again."
_NEW_SETTINGS = "Ask the sender to change the settings of the mail program."
_NEW_CERTIFICATE = "Ask for a new certificate."
_WRONG_CERTIFICATE = "Ask the authority that issued the certificate for a correct one."

FINDINGS = {
    Finding.NO_DECRYPTION_KEY: Words(
        "Key missing",
        "The mail is encrypted for a key that is not here.",
        "Import the file with this key. Then the mail opens by itself.",
    ),
    Finding.DECRYPTION_FAILED: Words(
        "Could not be opened",
        "The key is here, but it does not open the mail. It was probably damaged on its way.",
        _SEND_AGAIN,
    ),
    Finding.NOT_AUTHENTICATED: Words(
        "Not protected from changes",
        "This kind of encryption does not notice when somebody changes the text on its way. Only "
        "a signature protects from that.",
        "Ask the sender to sign mail, too.",
    ),
    Finding.WEAK_CIPHER: Words(
        "Encryption too weak",
        "The mail was encrypted in an old way that can be broken today.",
        _NEW_SETTINGS,
    ),
    Finding.WEAK_KEY_TRANSPORT: Words(
        "Key packed in a weak way",
        "The key of this mail was packed in an old way that should no longer be used.",
        _NEW_SETTINGS,
    ),
    Finding.TAG_APPENDED_TO_CONTENT: Words(
        "Unusual form",
        "The mail is packed a little differently than usual. We could open it safely all the same.",
    ),
    Finding.NO_SIGNER: Words(
        "Nobody signed",
        "The mail looks signed, but there is no signature in it.",
        _SEND_AGAIN,
    ),
    Finding.DIGEST_MISMATCH: Words(
        "Text was changed",
        "The text is no longer the one that was signed.",
        _ASK,
    ),
    Finding.SIGNATURE_INVALID: Words(
        "Signature is wrong",
        "The signature was not made with the key that belongs to it.",
        _ASK,
    ),
    Finding.SIGNER_CERTIFICATE_MISSING: Words(
        "Certificate missing",
        "No certificate came with the signature, and we have none. So it cannot be checked.",
        "Ask the sender to send the certificate with the signature.",
    ),
    Finding.SIGNED_ATTRIBUTES_MISSING: Words(
        "Signature incomplete",
        "The signature lacks a part that every signature must have.",
        _SEND_AGAIN,
    ),
    Finding.SIGNED_ATTRIBUTES_MALFORMED: Words(
        "Signature badly built",
        "A part of the signature is not built as it must be.",
        _SEND_AGAIN,
    ),
    Finding.CONTENT_TYPE_MISMATCH: Words(
        "Signature of something else",
        "The signature says that it belongs to something else than this text.",
        _ASK,
    ),
    Finding.ALGORITHM_PROTECTION_MISMATCH: Words(
        "Method exchanged",
        "How it was signed is written in the mail twice, and the two do not agree.",
        _ASK,
    ),
    Finding.SIGNING_CERTIFICATE_MISMATCH: Words(
        "Certificate exchanged",
        "The signature names another certificate than the one it fits.",
        _ASK,
    ),
    Finding.DUPLICATE_CONTENT: Words(
        "Two texts",
        "The text is in the mail twice. Nobody can tell which one is signed.",
        _ASK,
    ),
    Finding.CONTENT_MISSING: Words(
        "Text missing",
        "The signature is here, but not the text it belongs to.",
        _SEND_AGAIN,
    ),
    Finding.CONTENT_IS_ATTRIBUTES: Words(
        "Text slipped in",
        "What looks like text is part of another signature. This is a way to forge mail.",
        _ASK,
    ),
    Finding.WEAK_DIGEST: Words(
        "Signature too weak",
        "The signature is of an old kind that can be forged today.",
        _NEW_SETTINGS,
    ),
    Finding.WEAK_SIGNATURE_KEY: Words(
        "Key too weak",
        "With such a short key the signature can be forged today.",
        "The sender needs a new certificate with a longer key.",
    ),
    Finding.UNUSUAL_PSS: Words(
        "Unusual signature",
        "The signature uses values that are rarely seen. It is correct all the same.",
    ),
    Finding.SIGNED_RECEIPT: Words(
        "Signed receipt",
        "The mail is no text: a program confirms with it that another mail arrived.",
    ),
    Finding.RECEIPT_REQUESTED: Words(
        "Receipt requested",
        "The sender would like to have a signed receipt. None is sent from here by itself.",
    ),
    Finding.SECURITY_LABELLED: Words(
        "With a security label",
        "The sender marked how secret the mail is. The mark is shown, and nothing is closed by it.",
    ),
    Finding.COUNTERSIGNED: Words(
        "Signed by one more",
        "Somebody else signed the signature. That says nothing about who wrote the text.",
    ),
    Finding.SERVICES_UNREADABLE: Words(
        "Addition not readable",
        "The signature holds one more remark of the sender. It could not be read.",
        "Ask the sender if it matters.",
    ),
    Finding.SIGNER_ADDRESS_DIFFERS: Words(
        "Signature does not match the sender",
        "Another address signed than the one in the From field.",
        "Do not click on anything, and ask in another way.",
    ),
    Finding.SIGNED_BY_SENDER_FIELD: Words(
        "Signed on behalf of another",
        "The person who sent the mail signed it, not the one in the From field.",
        "Ask the person in the From field about it.",
    ),
    Finding.SIGNED_BY_ORGANISATION: Words(
        "Certificate of the organisation, bound by administration",
        "The office or company signed. Which person wrote, that does not say.",
        "Ask the person if that matters.",
    ),
    Finding.FROM_AMBIGUOUS: Words(
        "Sender not clear",
        "The From field does not hold exactly one address, or it says one thing outside and "
        "another inside.",
        _ASK,
    ),
    Finding.SIGNING_TIME_IN_FUTURE: Words(
        "Signed in the future",
        "By its signature the mail was signed later than it arrived here.",
        "The sender should check the clock of the computer.",
    ),
    Finding.SIGNER_MAY_NOT_SIGN: Words(
        "Not made for signing",
        "This certificate may not be used to sign mail.",
        "Ask the sender to choose the right one.",
    ),
    Finding.SEVERAL_SIGNERS: Words(
        "Several signatures",
        "More than one person or office signed the mail. Every signature was checked.",
    ),
    Finding.MALFORMED: Words(
        "Badly built",
        "A part of the mail is not built as it must be. We could not read it.",
        _SEND_AGAIN,
    ),
    Finding.UNSUPPORTED: Words(
        "Kind not known",
        "The mail is protected in a way that we do not read.",
        _NEW_SETTINGS,
    ),
    Finding.TOO_COMPLEX: Words(
        "Too large or too deep",
        "A part of the mail is too large or wrapped in too many layers. We do not read it.",
        "Ask the sender to send the mail again in the usual way.",
    ),
    Finding.ERRANT_LAYER: Words(
        "Separately protected part",
        "A part inside the mail is protected by itself. That says nothing about the whole mail.",
        "Look at that part on its own, and ask the sender if it matters.",
    ),
    Finding.SIGNATURE_STRIPPED: Words(
        "Signature was lost",
        "The mail seems to have been signed. On its way it was changed so that the signature is"
        " missing or no longer fits.",
        "Ask the sender to send the mail in another way.",
    ),
    Finding.LIST_FOOTER: Words(
        "A list added text",
        "The mail came by way of a list, which added text at the end that is not signed.",
        "Look at the signed part by itself.",
    ),
    Finding.PROTECTED_SUBJECT_DIFFERS: Words(
        "Subject was changed outside",
        "The subject that you see in the list of mails is not the one that the sender wrote.",
        "The subject inside the mail is the right one.",
    ),
    Finding.NAME_SHOWS_ANOTHER_ADDRESS: Words(
        "Name pretends to be an address",
        "The name of the sender holds another address than the one the mail comes from. That is"
        " how one pretends to be somebody else.",
        "Do not click on anything, and ask in another way.",
    ),
    Finding.PARTIAL_SIGNATURE: Words(
        "Only a part is signed",
        "The signature does not cover all of the text you see.",
        _ASK,
    ),
    Finding.SIGNED_OUTSIDE_ENCRYPTION: Words(
        "Signed only outside",
        "Only the closed envelope is signed. That does not tell who wrote the text in it.",
        "Ask the sender to sign first and then encrypt.",
    ),
    Finding.SMIME_TYPE_DIFFERS: Words(
        "Label does not fit",
        "The outside says something else than what is in the mail. What is inside counts.",
    ),
    Finding.CERTIFICATES_ONLY: Words(
        "Certificates only",
        "This mail holds nothing but certificates. They do not protect its text.",
    ),
    Finding.COMPRESSED: Words(
        "Compressed",
        "The text was made smaller for its way. That has nothing to do with protection.",
    ),
}

PATH_FINDINGS = {
    PathFinding.REVOKED: Words(
        "Revoked",
        "The certificate, or one of the authorities above it, was revoked.",
        _NEW_CERTIFICATE,
    ),
    PathFinding.EXPIRED: Words(
        "Expired",
        "The certificate, or one of the authorities above it, is no longer valid.",
        _NEW_CERTIFICATE,
    ),
    PathFinding.NOT_YET_VALID: Words(
        "Not yet valid",
        "The certificate, or one of the authorities above it, becomes valid later.",
        "Wait until then.",
    ),
    PathFinding.BAD_SIGNATURE: Words(
        "Certificate forged",
        "The authority named in the certificate did not issue it as it is here.",
        "Do not use it, and ask the sender.",
    ),
    PathFinding.DISTRUSTED: Words(
        "Distrusted",
        "Your organisation has decided not to trust this certificate or its authority.",
        "Ask whoever manages your certificates.",
    ),
    PathFinding.NAME_CONSTRAINT: Words(
        "Address not allowed",
        "The authority may not issue certificates for this address.",
        _WRONG_CERTIFICATE,
    ),
    PathFinding.NOT_A_CA: Words(
        "Not an authority",
        "Whoever issued this certificate may not issue any.",
        "Do not use it, and ask the sender.",
    ),
    PathFinding.PATH_LENGTH: Words(
        "Too many authorities between",
        "The authority at the top does not allow so many others below it.",
        _WRONG_CERTIFICATE,
    ),
    PathFinding.CRITICAL_EXTENSION: Words(
        "Unknown entry",
        "The certificate holds something one has to know to use it. We do not know it.",
        _WRONG_CERTIFICATE,
    ),
    PathFinding.POLICY: Words(
        "Rule of the authority broken",
        "The certificate breaks a rule that an authority above it has set.",
        _WRONG_CERTIFICATE,
    ),
    PathFinding.WRONG_USAGE: Words(
        "Made for something else",
        "The certificate is not made for what was done with it here.",
        "Take one that was made for mail.",
    ),
    PathFinding.LEAF_IS_CA: Words(
        "Certificate of an authority",
        "This certificate belongs to an authority that issues others. It is not meant for mail.",
        "Take one that was made for mail.",
    ),
    PathFinding.WEAK_KEY: Words(
        "Key too weak",
        "The key is too short. It can be broken today.",
        _NEW_CERTIFICATE,
    ),
    PathFinding.WEAK_DIGEST: Words(
        "Made in an old way",
        "The certificate was made in a way that can be forged today.",
        _NEW_CERTIFICATE,
    ),
    PathFinding.MALFORMED_ADDRESS: Words(
        "Address badly written",
        "What the certificate gives as its address is none.",
        _WRONG_CERTIFICATE,
    ),
    PathFinding.MALFORMED: Words(
        "Certificate badly built",
        "The certificate is not built as it must be.",
        _WRONG_CERTIFICATE,
    ),
    PathFinding.UNTRUSTED_ROOT: Words(
        "Authority not trusted",
        "The topmost authority is known, but nobody on your side has said that it is trusted.",
        "Whoever manages the certificates can check it and then trust it.",
    ),
    PathFinding.ISSUER_UNKNOWN: Words(
        "Authority not known",
        "The certificate of the authority that issued this one is missing.",
        "Ask the sender to send all certificates with the signature.",
    ),
    PathFinding.TOO_COMPLEX: Words(
        "Too many ways",
        "There are more ways to an authority at the top than we check.",
        "Ask the sender to send only the certificates that are needed.",
    ),
    PathFinding.INDIRECT_LIST: Words(
        "Indirect list, not evaluated",
        "Whether the certificate is revoked stands in the list of another authority (an indirect "
        "CRL). Such lists are not evaluated.",
        "Ask the authority that issued the certificate.",
    ),
    PathFinding.REVOCATION_UNKNOWN: Words(
        "Revocation not known",
        "Nobody could tell whether the certificate is revoked.",
        "This usually settles by itself after a while.",
    ),
    PathFinding.NO_ANCHORS: Words(
        "Nobody is trusted yet",
        "Your organisation trusts no authority yet. So no certificate can be good.",
        "Whoever manages the certificates has to enter at least one authority.",
    ),
    PathFinding.OTHER: Words(
        "Not in order",
        "Something is wrong with this certificate.",
        "Ask whoever manages your certificates.",
    ),
}

PATH_STATUSES = {
    PathStatus.VALID: Words(
        "Trusted certificate",
        "The certificate comes from an authority that your organisation trusts.",
    ),
    PathStatus.INVALID: Words(
        "Certificate not good",
        "Something is wrong with the certificate or with an authority above it.",
        "The next lines say what it is.",
    ),
    PathStatus.INDETERMINATE: Words(
        "Nothing known for or against it",
        "Nothing is wrong with the certificate, but no trusted authority stands behind it here.",
        "Whoever manages the certificates can decide about the authority.",
    ),
}

REVOCATION = {
    RevocationStatus.GOOD: Words(
        "Not revoked",
        "The authority that issued the certificate says that it is not revoked.",
    ),
    RevocationStatus.REVOKED: Words(
        "Revoked",
        "The certificate was revoked. Its key may be in the wrong hands.",
        _NEW_CERTIFICATE,
    ),
    RevocationStatus.UNKNOWN: Words(
        "Cannot be determined",
        "We asked whether the certificate is revoked, but got no good answer.",
        "This usually settles by itself after a while.",
    ),
    RevocationStatus.NOT_CHECKED: Words(
        "Not checked",
        "Nobody has asked yet whether the certificate is revoked.",
        "Ask the authority if much depends on it.",
    ),
}
