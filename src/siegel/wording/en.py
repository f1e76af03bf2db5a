"""English: what was decided and why (see ``words`` for what a text has to be)."""

from siegel.policy.inbound import CryptographicSummary
from siegel.policy.outbound import EncryptionOffer
from siegel.policy.reasons import Obstacle, Reason
from siegel.wording.en_findings import (
    FINDINGS,
    PATH_FINDINGS,
    PATH_STATUSES,
    REVOCATION,
)
from siegel.wording.en_people import INTACT, TRUSTED_FOR_FROM, VALID, VALIDATION
from siegel.wording.words import Wordbook, Words

REASONS = {
    Reason.EVERY_RECIPIENT_HAS_A_CERTIFICATE: Words(
        "Every recipient has a certificate",
        "The mail is signed and encrypted so that only you and the recipients can read it.",
    ),
    Reason.WISH_OF_THE_WRITER: Words(
        "Protection requested",
        "Whoever wrote this mail wants it sent with this protection or not at all.",
        "If it may also leave without this protection, take the request back.",
    ),
    Reason.ENCRYPTION_REQUIRED: Words(
        "Encrypted only",
        "Mail to at least one of these addresses may leave your organisation only encrypted.",
        "Ask your administrator if the rule does not fit.",
    ),
    Reason.CIPHER_BY_RULE: Words(
        "Set by rule",
        "Your organisation has set in which way mail is encrypted, whatever the programs of the "
        "recipients say.",
    ),
    Reason.CIPHER_READ_BY_ALL: Words(
        "Strongest way",
        "The programs of all recipients can read the strongest way there is.",
    ),
    Reason.CIPHER_FOR_UNKNOWN_PROGRAM: Words(
        "Program not known",
        "Of at least one program nobody knows yet what it can read. So the mail is encrypted in "
        "the way that your organisation has chosen for such programs.",
        "A signed mail from this person often says what the program can read.",
    ),
    Reason.CIPHER_LIMITED_BY_PROGRAM: Words(
        "As strong as everybody can read",
        "There is a stronger way, but at least one program says that it cannot read it.",
    ),
    Reason.CIPHER_IN_COMMON: Words(
        "The best that all have in common",
        "Each program can read something stronger, but not the same thing. So the mail is "
        "encrypted in the strongest way that all of them can read.",
    ),
    Reason.SEPARATE_BY_KEY: Words(
        "Several copies for several kinds of keys",
        "Some programs fail if a mail is also meant for a kind of key that they do not know. So "
        "each kind gets its own copy, all with the same text and the same signature.",
    ),
    Reason.SEPARATE_BY_CIPHER: Words(
        "Several copies for several programs",
        "The programs of the recipients cannot all read the same. So there are several copies, "
        "each as strong as its readers can read it.",
    ),
    Reason.POST_QUANTUM: Words(
        "Safe from quantum computers",
        "All keys that this mail is encrypted to are of the new kind. Whoever records the mail "
        "today cannot read it with a quantum computer later.",
    ),
    Reason.POST_QUANTUM_IN_PART: Words(
        "Safe from quantum computers only in part",
        "Some keys are of the new kind, others are not. A quantum computer could open the mail "
        "with one of the others.",
        "It helps only if all recipients and you have such a key.",
    ),
    Reason.ORGANISATION_CERTIFICATE: Words(
        "Certificate of the organisation, bound by administration",
        "The person has no certificate of their own. The mail goes to that of the organisation"
        " or domain, where others may read it, too.",
        "Ask the person for a certificate of their own if nobody else is to read it.",
    ),
    Reason.OWN_COPY_LEFT_OUT: Words(
        "Not readable for yourself",
        "Your key is of a kind that the programs of the recipients might not know. So that they "
        "can read the mail, your key was left out of this copy.",
        "Keep the mail in your folder of sent mail.",
    ),
    Reason.PRIVATE_KEY_ATTACHED: Words(
        "Private key attached",
        "An attachment holds a private key. Whoever has it can read your mail and sign in your "
        "name. The mail was not sent.",
        "Remove the file. To hand out your certificate, export it without the key.",
    ),
    Reason.ALREADY_PROTECTED: Words(
        "Already protected",
        "Your mail program has already protected this mail. Siegel leaves it as it is.",
    ),
    Reason.FROM_AMBIGUOUS: Words(
        "Sender not clear",
        "The From field does not hold exactly one address. No signature can belong to it.",
        "The From field of the mail has to hold exactly one address.",
    ),
    Reason.SENDER_NOT_ENTITLED: Words(
        "Somebody else's address",
        "The mail comes from an account that may not use this sender address. Nobody signs in "
        "another person's name.",
        "Send from your own address, or ask to be allowed to use this one.",
    ),
    Reason.NO_FITTING_CERTIFICATE: Words(
        "No certificate for the sender",
        "There is no certificate here that can be used for the sender address.",
        "Import one, or send from an address that already has one.",
    ),
    Reason.BULK_MAIL: Words(
        "Bulk mail",
        "Mail to many people and mail that is sent by programs is signed, but never encrypted.",
        "If it must be encrypted, write to each person separately.",
    ),
    Reason.NO_RECIPIENT: Words(
        "No recipient yet",
        "It is not known yet to whom the mail goes.",
        "Enter who shall get it.",
    ),
    Reason.RECIPIENT_WITHOUT_CERTIFICATE: Words(
        "Not every recipient has a certificate",
        "Mail is encrypted only if that works for everybody. For at least one person something is "
        "missing.",
        "See what is missing for whom, or ask that person for a signed mail.",
    ),
    Reason.CALENDAR_PART: Words(
        "Calendar invitation",
        "Many calendars cannot read encrypted invitations. So it is only signed.",
        "If it is secret, ask for encryption when you send it.",
    ),
    Reason.INTERNAL_MAIL: Words(
        "Internal mail",
        "The mail stays in your organisation. It is signed, and encrypted only on request.",
    ),
    Reason.ENCRYPTION_NOT_CHOSEN: Words(
        "Not chosen",
        "The mail could be encrypted for everybody. In your organisation that is done on request.",
        "Choose “encrypt” when you write, if you want that.",
    ),
    Reason.NO_COMMON_CIPHER: Words(
        "Nothing that all can read",
        "There is no safe way of encrypting that the programs of all recipients can read. The "
        "mail was not sent.",
        "Write to each person separately, or ask your administrator to allow several copies.",
    ),
    Reason.NOT_PROTECTED: Words(
        "Unprotected",
        "The mail came without a signature and not encrypted. Who sent it is not certain.",
        "If it matters, ask the sender, but not by a reply to this mail.",
    ),
    Reason.ENCRYPTED: Words(
        "Encrypted",
        "The mail was encrypted on its way to you and was opened here.",
    ),
    Reason.ENCRYPTION_CLOSED: Words(
        "Still closed",
        "The mail is encrypted and could not be opened here.",
        "Import the file with the key it was sent to. Then the mail opens.",
    ),
    Reason.ENCRYPTION_WEAK: Words(
        "Encryption too weak",
        "The mail was encrypted in an old way that can be broken today. It counts as readable.",
        "Ask the sender to change the settings of the mail program.",
    ),
    Reason.NOT_SIGNED: Words(
        "Not signed",
        "There is no signature. So nobody can tell who wrote the mail.",
        "Ask the sender to sign mail.",
    ),
    Reason.SIGNATURE_COUNTS: Words(
        "Signature checked",
        "The mail comes from this address, and nobody changed it on its way.",
    ),
    Reason.SIGNS_ONLY_A_PART: Words(
        "Only a part is signed",
        "This signature is about one part of the mail, not about all that you see.",
        "Look at that part by itself. The rest is not to be trusted.",
    ),
    Reason.SIGNED_BY_ORGANISATION: Words(
        "Certificate of the organisation, bound by administration",
        "The office or company signed, not the person. Your administration has bound this"
        " certificate to the address.",
        "It does not say who wrote. Ask if that matters.",
    ),
    Reason.SIGNATURE_BROKEN: Words(
        "Signature does not fit",
        "Text and signature do not belong together. The mail was changed on its way, or the "
        "signature was wrong from the start.",
        "Ask the sender, but not by answering this mail.",
    ),
    Reason.SIGNATURE_NOT_CHECKABLE: Words(
        "Cannot be checked",
        "The certificate for the signature is missing, or it is of a kind we do not know.",
        "Ask the sender to send the certificate with the signature.",
    ),
    Reason.SIGNED_BY_SENDER_FIELD: Words(
        "Signed on behalf of another",
        "Not the person in the From field signed, but the one who sent the mail for that person.",
        "Ask the person in the From field about it.",
    ),
    Reason.SIGNER_ADDRESS_DIFFERS: Words(
        "Signature does not match the sender",
        "Another address signed than the one in the From field.",
        "Do not click on anything, and ask in another way.",
    ),
    Reason.SIGNER_REVOKED: Words(
        "Certificate revoked",
        "The sender's certificate was revoked. Whoever signs with it may be a stranger.",
        "Ask in another way.",
    ),
    Reason.SIGNER_NOT_TRUSTED: Words(
        "Certificate not trusted",
        "We do not know whether the authority behind this certificate deserves trust, or the "
        "certificate is no longer valid.",
        "Whoever manages your certificates can check the authority and then trust it.",
    ),
    Reason.SIGNER_MAY_NOT_SIGN: Words(
        "Not made for signing",
        "This certificate may not be used to sign mail.",
        "Ask the sender to choose the right one.",
    ),
    Reason.SIGNATURE_WEAK: Words(
        "Signature too weak",
        "The signature is of an old kind that can be forged today. It does not count.",
        "Ask the sender to change the settings of the mail program.",
    ),
    Reason.SIGNING_TIME_IN_FUTURE: Words(
        "Signed in the future",
        "By its signature the mail was signed later than it arrived here.",
        "The sender should check the clock of the computer.",
    ),
    Reason.SIGNED_OUTSIDE_ENCRYPTION: Words(
        "Signed only outside",
        "Only the closed envelope is signed. That does not tell who wrote the text in it.",
        "Ask the sender to sign first and then encrypt.",
    ),
    Reason.REVOCATION_UNKNOWN: Words(
        "Revocation not known",
        "Nobody could tell whether the certificate is revoked. By your rules it does not count.",
        "This usually settles by itself after a while.",
    ),
    Reason.TOO_COMPLEX: Words(
        "Too many layers",
        "The mail is wrapped in more layers than we open.",
        "Ask the sender to send it again in the usual way.",
    ),
}

OBSTACLES = {
    Obstacle.NO_CERTIFICATE: Words(
        "No certificate",
        "We have no certificate of this address yet.",
        "Ask the person for a signed mail. The certificate comes with it by itself.",
    ),
    Obstacle.REVOKED: Words(
        "Revoked",
        "The certificate, or the authority that issued it, was revoked.",
        "Ask for a new certificate.",
    ),
    Obstacle.EXPIRED: Words(
        "Expired",
        "The certificate is no longer valid; its time is over.",
        "Ask for a new certificate.",
    ),
    Obstacle.NOT_YET_VALID: Words(
        "Not yet valid",
        "The certificate becomes valid on a day that is still to come.",
        "Wait until then, or take another one.",
    ),
    Obstacle.ADDRESS_DIFFERS: Words(
        "Another address",
        "The certificate does not name exactly this address. Only upper and lower case are alike.",
        "Check the address, or ask for a certificate that names it.",
    ),
    Obstacle.ORGANISATION_CERTIFICATE_OFF: Words(
        "Only a certificate of the organisation",
        "There is only a certificate of the organisation or domain, bound by administration. By"
        " your rules nothing is encrypted with it.",
        "Ask the person for a certificate of their own, or change the rule.",
    ),
    Obstacle.WRONG_USAGE: Words(
        "Made for something else",
        "This certificate is not made for what shall be done with it.",
        "Take one that was made for mail.",
    ),
    Obstacle.WEAK_KEY: Words(
        "Key too weak",
        "The key is too short. It can be broken today.",
        "Ask for a new certificate with a longer key.",
    ),
    Obstacle.POST_QUANTUM_OFF: Words(
        "Kind of key not in use",
        "The certificate has a key of a new kind that your organisation does not use yet.",
        "Ask your administrator to allow it, or use another certificate.",
    ),
    Obstacle.LOCKED: Words(
        "Passphrase missing",
        "The file with the key is still locked.",
        "Enter the passphrase of the file.",
    ),
    Obstacle.NO_PRIVATE_KEY: Words(
        "Private key missing",
        "Only the public part of this certificate is here. Signing needs the private key, too.",
        "Import the file that ends in .p12 or .pfx.",
    ),
    Obstacle.NO_ACCOUNT: Words(
        "No account",
        "There is no account here for the address in the certificate.",
        "Create the account for exactly this address.",
    ),
    Obstacle.PENDING: Words(
        "Not yet accepted",
        "The certificate came with a mail, but nobody in your organisation has checked it yet.",
        "Whoever manages the certificates should look at it, then accept or reject it.",
    ),
    Obstacle.CHANGE_UNCONFIRMED: Words(
        "New key, not confirmed",
        "The person has had a new key for a short time. Somebody on your side has to confirm it.",
        "Call the person and ask whether the new key is theirs.",
    ),
    Obstacle.NOT_TRUSTED: Words(
        "Not trusted",
        "We do not know whether the authority behind this certificate deserves trust.",
        "Whoever manages the certificates can check the authority and then trust it.",
    ),
    Obstacle.REVOCATION_UNKNOWN: Words(
        "Revocation not known",
        "Nobody could tell whether the certificate is revoked. By your rules it is not used then.",
        "This usually settles by itself after a while.",
    ),
    Obstacle.NO_COMMON_CIPHER: Words(
        "Reads something else",
        "This person's program cannot read in a safe way what the others can read.",
        "Ask the person to use a newer program, or write separately.",
    ),
}

SUMMARIES = {
    CryptographicSummary.UNPROTECTED: Words(
        "Unprotected",
        "On its way the mail could be read and changed, like a postcard.",
        "If anything about it is odd, ask in another way.",
    ),
    CryptographicSummary.VERIFIED: Words(
        "Signature checked",
        "The mail is as it was written and comes from this address. On its way it could be read.",
    ),
    CryptographicSummary.CONFIDENTIAL: Words(
        "Confidential",
        "The mail comes from this address, is as it was written, and only the recipients could "
        "read it.",
    ),
    CryptographicSummary.ENCRYPTED_UNVERIFIED: Words(
        "Encrypted, sender unverified",
        "Nobody could read it on its way. But who wrote it is not certain.",
        "Ask in another way before you do what the mail demands.",
    ),
}

OFFERS = {
    EncryptionOffer.IMPOSSIBLE: Words(
        "Not possible",
        "This mail cannot be encrypted.",
        "See what is still missing.",
    ),
    EncryptionOffer.OFFERED: Words(
        "Encrypted on request",
        "This mail can be encrypted if you want it.",
        "Choose “encrypt”.",
    ),
    EncryptionOffer.AUTOMATIC: Words(
        "Will be encrypted",
        "This mail is encrypted by itself. You need not do anything.",
    ),
    EncryptionOffer.REQUIRED: Words(
        "Encrypted only",
        "This mail leaves encrypted or not at all.",
    ),
}

ENGLISH = Wordbook(
    reasons=REASONS,
    obstacles=OBSTACLES,
    findings=FINDINGS,
    path_findings=PATH_FINDINGS,
    path_statuses=PATH_STATUSES,
    revocation=REVOCATION,
    summaries=SUMMARIES,
    offers=OFFERS,
    intact=INTACT,
    valid=VALID,
    trusted_for_from=TRUSTED_FOR_FROM,
    validation=VALIDATION,
)
