"""Replacing many certificates, in words: steps, problems, and the mail to partners."""

from collections.abc import Mapping
from dataclasses import dataclass

from siegel.policy.reissue import Affected, Problem, Step
from siegel.wording.words import Language, Words

_GERMAN: Mapping[Affected | Problem | Step, Words] = {
    Affected.TO_REPLACE: Words("Zu ersetzen", "Dafür wird ein neues Zertifikat geholt."),
    Affected.REPLACED: Words("Schon ersetzt", "Ein neueres für denselben Zweck ist schon da."),
    Affected.NO_ACCOUNT: Words(
        "Kein Konto",
        "Zu dieser Adresse gibt es hier kein Konto. Das Zertifikat bleibt, wie es ist.",
    ),
    Problem.NO_ACCOUNT: Words("Kein Konto", "Das Konto ist hier nicht mehr in Betrieb."),
    Problem.NO_AUTHORITY: Words(
        "Keine Stelle", "Hier stellt keine Stelle dafür aus, oder mehr als eine. Wählen Sie sie."
    ),
    Problem.REFUSED: Words(
        "Nicht möglich", "Auf diesem Weg bekommt die Adresse keines. Der Grund steht dabei."
    ),
    Problem.WITHDRAWN: Words("Antrag zurückgezogen", "Auf die Antwort wartet niemand mehr."),
    Problem.TROUBLE: Words(
        "Nicht gelungen", "Etwas ging schief. Es wird von selbst noch einmal versucht."
    ),
    Step.ORDER: Words("Wird geholt", "Das neue Zertifikat kommt, sobald es an der Reihe ist."),
    Step.LOOK: Words("Braucht Sie", "Von selbst geht es nicht weiter. Lesen Sie den Grund."),
    Step.AWAIT: Words("Antwort fehlt", "Der Antrag liegt vor. Die Antwort von außen fehlt noch."),
    Step.SWITCH: Words("Neu ist da", "Signiert wird noch mit dem alten, bis zum Wechsel."),
    Step.TELL: Words("Partner warten", "Noch nicht jeder Partner hat die Mail mit dem neuen."),
    Step.REVOKE: Words("Altes gilt noch", "Das neue signiert. Das alte ist noch nicht gesperrt."),
    Step.DONE: Words("Fertig", "Hier ist nichts mehr zu tun."),
}

_ENGLISH: Mapping[Affected | Problem | Step, Words] = {
    Affected.TO_REPLACE: Words("To replace", "A new certificate will be got for it."),
    Affected.REPLACED: Words("Replaced already", "A newer one for the same use is there."),
    Affected.NO_ACCOUNT: Words(
        "No account", "There is no account for this address here. The certificate stays as it is."
    ),
    Problem.NO_ACCOUNT: Words("No account", "The account is not in use here any more."),
    Problem.NO_AUTHORITY: Words(
        "No authority", "No authority of ours issues for this, or more than one. Choose it."
    ),
    Problem.REFUSED: Words(
        "Not possible", "In this way the address gets none. The reason stands beside it."
    ),
    Problem.WITHDRAWN: Words("Request withdrawn", "Nobody waits for its answer any more."),
    Problem.TROUBLE: Words("Did not work", "Something went wrong. It is tried again by itself."),
    Step.ORDER: Words("On its way", "The new certificate comes as soon as it is its turn."),
    Step.LOOK: Words("Needs you", "It does not go on by itself. Read the reason."),
    Step.AWAIT: Words(
        "Answer missing", "The request is there. The answer from outside is not yet."
    ),
    Step.SWITCH: Words("New one is there", "The old one still signs, until the switch."),
    Step.TELL: Words("Partners wait", "Not every partner has the message with the new one yet."),
    Step.REVOKE: Words(
        "Old one still counts", "The new one signs. The old one is not revoked yet."
    ),
    Step.DONE: Words("Done", "There is nothing left to do here."),
}

_BOOKS = {Language.DE: _GERMAN, Language.EN: _ENGLISH}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerLetter:
    """In both languages: nobody knows which one a partner reads."""

    subject: str
    german: str
    english: str


def reissue_words(member: Affected | Problem | Step, language: Language) -> Words:
    return _BOOKS[language][member]


def partner_letter(organisation: str) -> PartnerLetter:
    """What partners are told, until somebody writes it differently."""
    end = f"\n\n{organisation}" if organisation else ""
    return PartnerLetter(
        subject="Neues Zertifikat für E-Mails / New certificate for e-mail",
        german="Guten Tag,\n\n"
        "wir haben ein neues Zertifikat. Es liegt dieser E-Mail bei und ersetzt das alte.\n\n"
        "Meist müssen Sie gar nichts tun: Diese E-Mail ist signiert, und Ihr Mailprogramm merkt "
        "sich das neue Zertifikat, wenn Sie darauf antworten. Tut es das nicht, öffnen Sie den "
        "Anhang und fügen Sie ihn zu Ihren Kontakten hinzu. Mails, die Sie noch mit dem alten "
        f"verschlüsseln, können wir weiter lesen.{end}",
        english="Hello,\n\n"
        "we have a new certificate. It is attached to this message and takes the place of the old "
        "one.\n\n"
        "Usually you need not do anything: this message is signed, and your mail program keeps the "
        "new certificate when you reply. If it does not, open the attachment and add it to your "
        "contacts. Mail that you still encrypt with the old one can be read here as before."
        f"{end}",
    )
