"""Orders over ACME in words: where one stands or why it ended, and what helps.

And why a challenge mail is not answered. Words name no authority or person: those stand beside.
"""

from collections.abc import Mapping

from siegel.policy.acme import AcmeReason, MailRefusal, MailStanding
from siegel.wording.words import Language, Words

_GERMAN: Mapping[AcmeReason, Words] = {
    AcmeReason.TO_BE_PLACED: Words(
        "Wird gleich gestellt",
        "Der Schlüssel ist da. Der Antrag geht in den nächsten Sekunden hinaus.",
        "Sie müssen nichts tun.",
    ),
    AcmeReason.AWAITING_MAIL: Words(
        "Wartet auf die Prüfmail",
        "Die Zertifizierungsstelle schickt dem Konto eine Mail. Siegel gibt darauf die Antwort.",
        "Sie müssen nichts tun. Kommt die Mail nicht an, dann sehen Sie bei den Spam-Mails nach.",
    ),
    AcmeReason.MAIL_ANSWERED: Words(
        "Prüfmail beantwortet",
        "Die Antwort ist hinaus. Nun prüft die Zertifizierungsstelle.",
        "Sie müssen nichts tun.",
    ),
    AcmeReason.BEING_ISSUED: Words(
        "Wird ausgestellt",
        "Die Adresse ist geprüft. Das Zertifikat kommt gleich.",
        "Sie müssen nichts tun.",
    ),
    AcmeReason.RATE_LIMITED: Words(
        "Zu viele Anträge",
        "Die Stelle nimmt gerade keine Anträge mehr an. Siegel fragt später noch einmal.",
        "Sie müssen nichts tun.",
    ),
    AcmeReason.NOT_REACHED: Words(
        "Nicht erreicht",
        "Der Server der Stelle meldet sich nicht. Siegel versucht es weiter.",
        "Dauert es länger, dann prüfen Sie, ob Siegel ins Internet darf.",
    ),
    AcmeReason.SERVER_TROUBLE: Words(
        "Störung beim Aussteller",
        "Der Server der Stelle hat einen Fehler. Siegel versucht es weiter.",
        "Dauert es länger, dann fragen Sie bei der Stelle nach.",
    ),
    AcmeReason.ANSWER_NOT_SENT: Words(
        "Antwort nicht gesendet",
        "Der eigene Mailserver hat die Antwort nicht angenommen. Siegel versucht es weiter.",
        "Sehen Sie nach, ob das Konto sonst Mail senden kann.",
    ),
    AcmeReason.KEY_NOT_FOUND_NOW: Words(
        "Absender noch nicht geprüft",
        "Die Prüfmail ist da. Der Nameserver gibt aber gerade keine Auskunft über den Absender.",
        "Dauert es länger, dann prüfen Sie, ob Siegel den Nameserver erreicht.",
    ),
    AcmeReason.NOT_CONFIGURED: Words(
        "Nicht eingerichtet",
        "In der Konfiguration steht keine solche Stelle.",
        "Tragen Sie unter [acme] ihre Adresse ein.",
    ),
    AcmeReason.ADDRESS_NOT_ALLOWED: Words(
        "Server nicht erlaubt",
        "Die Adresse des Servers ist nicht sicher oder liegt im eigenen Netz.",
        "Ist es Ihr eigener Server, dann nennen Sie ihn unter [acme] bei private_hosts.",
    ),
    AcmeReason.TERMS_NOT_AGREED: Words(
        "Den Regeln nicht zugestimmt",
        "Die Stelle will, dass Sie ihre Regeln lesen und annehmen.",
        "Lesen Sie die Regeln. Setzen Sie dann unter [acme] terms_agreed auf true.",
    ),
    AcmeReason.ACCOUNT_BINDING_NEEDED: Words(
        "Nur für Kunden",
        "Die Stelle gibt nur ihren Kunden etwas. Sie will wissen, welcher Kunde Sie sind.",
        "Holen Sie dort die Kennung und den Schlüssel und tragen Sie beides unter [acme] ein.",
    ),
    AcmeReason.ACCOUNT_REFUSED: Words(
        "Als Kunde abgelehnt",
        "Die Stelle will Siegel nicht als Kunden. Ihre Worte stehen dabei.",
        "Prüfen Sie die Angaben unter [acme], oder fragen Sie die Stelle.",
    ),
    AcmeReason.IDENTIFIER_REFUSED: Words(
        "Adresse abgelehnt",
        "Die Stelle macht für diese Adresse kein Zertifikat. Ihre Worte stehen dabei.",
        "Fragen Sie dort nach. Auch ein CAA-Eintrag Ihrer Domain kann der Grund sein.",
    ),
    AcmeReason.NO_EMAIL_CHALLENGE: Words(
        "Keine Prüfung mit Mail",
        "Die Stelle prüft Adressen nicht mit einer Mail.",
        "Nehmen Sie eine andere Stelle, oder stellen Sie den Antrag von Hand.",
    ),
    AcmeReason.NO_MAIL_CAME: Words(
        "Keine Prüfmail gekommen",
        "Einen Tag lang kam keine echte Mail der Stelle an.",
        "Sehen Sie bei den Spam-Mails nach. Stellen Sie dann den Antrag noch einmal.",
    ),
    AcmeReason.CHALLENGE_FAILED: Words(
        "Prüfung nicht bestanden",
        "Die Stelle hat die Antwort nicht gelten lassen. Ihre Worte stehen dabei.",
        "Prüfen Sie, ob Ihr Mailserver mit DKIM signiert. Fragen Sie dann neu an.",
    ),
    AcmeReason.REQUEST_REFUSED: Words(
        "Antrag abgelehnt",
        "Die Stelle will zu diesem Antrag kein Zertifikat machen. Ihre Worte stehen dabei.",
        "Oft hilft ein Schlüssel von anderer Art. Sonst fragen Sie dort nach.",
    ),
    AcmeReason.ORDER_GONE: Words(
        "Antrag verfallen",
        "Die Stelle kennt den Antrag nicht mehr, oder er lag zu lange.",
        "Stellen Sie ihn noch einmal.",
    ),
    AcmeReason.WRONG_CERTIFICATE: Words(
        "Falsches Zertifikat",
        "Was kam, passt nicht zum Schlüssel oder nennt die Adresse nicht. Siegel nimmt es nicht.",
        "Fragen Sie bei der Stelle nach.",
    ),
    AcmeReason.WITHDRAWN: Words(
        "Zurückgezogen",
        "Der Antrag wurde hier zurückgezogen. Siegel fragt nicht weiter.",
        "Beginnen Sie neu, wenn Sie doch eines brauchen.",
    ),
}

_ENGLISH: Mapping[AcmeReason, Words] = {
    AcmeReason.TO_BE_PLACED: Words(
        "About to be placed",
        "The key is here. The request leaves within seconds.",
        "You need not do anything.",
    ),
    AcmeReason.AWAITING_MAIL: Words(
        "Waiting for the challenge mail",
        "The authority sends a mail to the account, and Siegel answers it.",
        "You need not do anything. If the mail does not come, look into the spam folder.",
    ),
    AcmeReason.MAIL_ANSWERED: Words(
        "Challenge answered",
        "The answer has left. Now the authority checks it.",
        "You need not do anything.",
    ),
    AcmeReason.BEING_ISSUED: Words(
        "Being issued",
        "The address is proved. The certificate is about to come.",
        "You need not do anything.",
    ),
    AcmeReason.RATE_LIMITED: Words(
        "Too many requests",
        "The authority takes no more requests for now. Siegel asks again later.",
        "You need not do anything.",
    ),
    AcmeReason.NOT_REACHED: Words(
        "Not reached",
        "The authority's server does not answer. Siegel keeps trying.",
        "If it lasts, see whether Siegel may reach the Internet.",
    ),
    AcmeReason.SERVER_TROUBLE: Words(
        "Trouble at the authority",
        "The authority's server has an error. Siegel keeps trying.",
        "If it lasts, ask the authority.",
    ),
    AcmeReason.ANSWER_NOT_SENT: Words(
        "Answer not sent",
        "Our own mail server did not take the answer. Siegel keeps trying.",
        "See whether the account can send other mail.",
    ),
    AcmeReason.KEY_NOT_FOUND_NOW: Words(
        "Sender not checked yet",
        "The challenge mail is here, but the name server says nothing about its sender.",
        "If it lasts, see whether Siegel reaches the name server.",
    ),
    AcmeReason.NOT_CONFIGURED: Words(
        "Not set up",
        "The configuration names no such authority.",
        "Enter its address under [acme].",
    ),
    AcmeReason.ADDRESS_NOT_ALLOWED: Words(
        "Server not allowed",
        "The address of the server is not secured, or lies in a private network.",
        "If it is a server of your own, name it under [acme], private_hosts.",
    ),
    AcmeReason.TERMS_NOT_AGREED: Words(
        "Terms not agreed to",
        "The authority wants you to read its terms and agree to them.",
        "Read them, then set terms_agreed under [acme] to true.",
    ),
    AcmeReason.ACCOUNT_BINDING_NEEDED: Words(
        "For customers only",
        "The authority serves its customers only and wants to know which one you are.",
        "Get the key identifier and the MAC key there, and enter both under [acme].",
    ),
    AcmeReason.ACCOUNT_REFUSED: Words(
        "Refused as a customer",
        "The authority does not accept this account. Its own words stand beside.",
        "Check what stands under [acme], or ask the authority.",
    ),
    AcmeReason.IDENTIFIER_REFUSED: Words(
        "Address refused",
        "The authority makes no certificate for this address. Its own words stand beside.",
        "Ask there. A CAA record of your domain may be the reason, too.",
    ),
    AcmeReason.NO_EMAIL_CHALLENGE: Words(
        "No challenge by mail",
        "The authority does not check addresses by mail.",
        "Take another authority, or make the request by hand.",
    ),
    AcmeReason.NO_MAIL_CAME: Words(
        "No challenge mail came",
        "For a whole day no genuine mail of the authority has come.",
        "Look into the spam folder, then ask again.",
    ),
    AcmeReason.CHALLENGE_FAILED: Words(
        "Challenge failed",
        "The authority did not accept the answer. Its own words stand beside.",
        "See whether your mail server signs with DKIM, then ask again.",
    ),
    AcmeReason.REQUEST_REFUSED: Words(
        "Request refused",
        "The authority makes no certificate for this request. Its own words stand beside.",
        "Another kind of key often helps. Otherwise ask there.",
    ),
    AcmeReason.ORDER_GONE: Words(
        "Request lapsed",
        "The authority does not know the request any more, or it lay too long.",
        "Make it once more.",
    ),
    AcmeReason.WRONG_CERTIFICATE: Words(
        "Wrong certificate",
        "What came does not fit the key or does not name the address. Siegel does not take it.",
        "Ask the authority.",
    ),
    AcmeReason.WITHDRAWN: Words(
        "Withdrawn",
        "The request was withdrawn here. Siegel asks no further.",
        "Begin a new one if you need it after all.",
    ),
}

_WORDS: Mapping[Language, Mapping[AcmeReason, Words]] = {
    Language.DE: _GERMAN,
    Language.EN: _ENGLISH,
}

_REFUSALS: Mapping[Language, Mapping[MailRefusal, str]] = {
    Language.DE: {
        MailRefusal.MALFORMED: "Die Mail ist nicht so geschrieben, wie sie sein muss.",
        MailRefusal.OTHER_SENDER: "Der Absender ist nicht die Stelle, bei der gefragt wurde.",
        MailRefusal.OTHER_RECIPIENT: "Die Mail ist nicht nur an dieses Konto gerichtet.",
        MailRefusal.OUT_OF_TIME: "Die Mail kam, bevor gefragt wurde.",
        MailRefusal.ANSWERED_BEFORE: "Diese Mail hat schon eine Antwort bekommen.",
        MailRefusal.TOO_MANY: "Für diesen Antrag gab es schon genug Antworten.",
        MailRefusal.NOT_SIGNED: "Der Absender ist nicht mit DKIM bewiesen.",
        MailRefusal.OTHER_DOMAIN: "Mit DKIM hat eine fremde Domain signiert.",
        MailRefusal.FIELDS_NOT_SIGNED: "Die Signatur mit DKIM deckt nicht alles Nötige ab.",
    },
    Language.EN: {
        MailRefusal.MALFORMED: "The mail is not written as it must be.",
        MailRefusal.OTHER_SENDER: "The sender is not the authority that was asked.",
        MailRefusal.OTHER_RECIPIENT: "The mail is not for this account alone.",
        MailRefusal.OUT_OF_TIME: "The mail came before anything was asked.",
        MailRefusal.ANSWERED_BEFORE: "This mail has been answered before.",
        MailRefusal.TOO_MANY: "There were enough answers for this request.",
        MailRefusal.NOT_SIGNED: "The sender is not proved by DKIM.",
        MailRefusal.OTHER_DOMAIN: "The DKIM signature is of another domain.",
        MailRefusal.FIELDS_NOT_SIGNED: "The DKIM signature does not cover all that it must.",
    },
}


_CHALLENGE = {
    Language.DE: "Prüfmail einer Zertifizierungsstelle",
    Language.EN: "Challenge mail of an authority",
}
_STANDINGS: Mapping[Language, Mapping[MailStanding, tuple[str, str]]] = {
    Language.DE: {
        MailStanding.ANSWERED: ("Siegel hat darauf geantwortet.", "Sie müssen nichts tun."),
        MailStanding.WAITS: ("Siegel prüft sie gleich.", "Sie müssen nichts tun."),
        MailStanding.UNASKED: (
            "Hier hat niemand nach einem Zertifikat gefragt. Siegel gibt keine Antwort.",
            "Antworten auch Sie nicht darauf.",
        ),
    },
    Language.EN: {
        MailStanding.ANSWERED: ("Siegel has answered it.", "You need not do anything."),
        MailStanding.WAITS: ("Siegel is about to check it.", "You need not do anything."),
        MailStanding.UNASKED: (
            "Nobody here has asked for a certificate. Siegel does not answer.",
            "Do not answer it either.",
        ),
    },
}
_NOT_ANSWERED = {
    Language.DE: ("Siegel hat nicht geantwortet.", "Antworten auch Sie nicht darauf."),
    Language.EN: ("Siegel has not answered.", "Do not answer it either."),
}


def challenge_words(became: MailStanding | MailRefusal, language: Language) -> Words:
    """For whoever reads a mail that calls itself a challenge."""
    if isinstance(became, MailStanding):
        return Words(_CHALLENGE[language], *_STANDINGS[language][became])
    first, last = _NOT_ANSWERED[language]
    return Words(_CHALLENGE[language], f"{first} {refusal_words(became, language)}", last)


def acme_words(reason: AcmeReason, language: Language) -> Words:
    return _WORDS[language][reason]


def refusal_words(refusal: MailRefusal, language: Language) -> str:
    return _REFUSALS[language][refusal]
