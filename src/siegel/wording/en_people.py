"""English: the three answers about a signature, and how much an authority checked."""

from siegel.pki.classes import ValidationType
from siegel.policy.answers import Intact, TrustedForFrom, Valid
from siegel.wording.words import Words

_ASK = "Ask the sender in another way."

INTACT = {
    Intact.YES: Words("Unchanged", "The text is exactly as it was signed."),
    Intact.NO: Words("Changed", "The text is no longer the one that was signed.", _ASK),
    Intact.UNKNOWN: Words(
        "Cannot be told", "Whether the text is still as it was cannot be told.", _ASK
    ),
}

VALID = {
    Valid.YES: Words("Signature fits", "The signature was made with the key that belongs to it."),
    Valid.WEAK: Words(
        "Signature too weak",
        "The signature fits, but in this old way it can be forged today. It does not count.",
        "Ask the sender to change the settings of the mail program.",
    ),
    Valid.NO: Words("Signature is wrong", "The signature does not fit the key or the text.", _ASK),
    Valid.UNKNOWN: Words(
        "Cannot be told",
        "We could not check this signature. It does not count.",
        "Ask the sender to send the certificate along with the signature.",
    ),
}

TRUSTED_FOR_FROM = {
    TrustedForFrom.YES: Words(
        "Sender fits",
        "The certificate belongs to the address in the From field, and we trust who issued it.",
    ),
    TrustedForFrom.ORGANISATION: Words(
        "Certificate of the organisation, bound by administration",
        "The office or company signed, not the person.",
        "Ask the person if that matters.",
    ),
    TrustedForFrom.ON_BEHALF: Words(
        "Signed on behalf of another",
        "Who sent the mail signed it, not the person in the From field.",
        "Ask the person in the From field about it.",
    ),
    TrustedForFrom.NO: Words(
        "Sender does not fit",
        "This signature does not say that the mail comes from the address in the From field.",
        _ASK,
    ),
    TrustedForFrom.UNKNOWN: Words(
        "Cannot be told",
        "Whether the mail comes from the address in the From field cannot be told.",
        _ASK,
    ),
}

VALIDATION = {
    ValidationType.MAILBOX: Words(
        "Only the mailbox was checked",
        "Who has the certificate can read mail to this address. Nobody checked any name.",
    ),
    ValidationType.ORGANISATION: Words(
        "Organisation was checked",
        "The authority checked which office or company the address belongs to. The certificate"
        " names no person.",
    ),
    ValidationType.SPONSOR: Words(
        "Person and organisation were checked",
        "The authority checked the office or company, which said who the person is.",
    ),
    ValidationType.INDIVIDUAL: Words(
        "Person was checked", "The authority checked who the person is, say by an identity card."
    ),
    ValidationType.UNSTATED: Words(
        "Not said what was checked",
        "The authority does not say what it checked. Names in the certificate are mere claims.",
    ),
}
