"""What the test robot writes: what it saw, what that means, what to do next.

No word of it comes from the message it answers, so that nobody can make it carry his text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from siegel.policy.robot import Silence
from siegel.policy.robot_report import (
    OnAnswer,
    OnEncryption,
    OnSignature,
    Report,
    SeenCertificate,
)
from siegel.wording.letters import Letter, in_words
from siegel.wording.words import Language

_LONGEST_NAME = 120  # characters of an issuer's name
_SUBJECTS = {Language.DE: "Ihr Test", Language.EN: "Your test"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How the answer leaves, and where the partner finds more. ``page`` empty: nowhere."""

    organisation: str
    signed: bool
    encrypted: bool
    page: str


def robot_letter(languages: Sequence[Language], report: Report, sending: Sending) -> Letter:
    """In the one language of the sender, or in both."""
    subject = " / ".join(_SUBJECTS[each] for each in languages)
    texts = [_text(each, report, sending) for each in languages]
    end = f"\n{sending.organisation}\n"
    return Letter(f"{subject} ({sending.organisation})", "\n-----\n\n".join(texts) + end)


def _text(language: Language, report: Report, sending: Sending) -> str:
    words = _FRAME[language]
    questions = [
        (words["signature"], SIGNATURE[language][report.signature]),
        (words["encryption"], ENCRYPTION[language][report.encryption]),
        (words["answer"], ANSWER[language][report.answer]),
    ]
    parts = [words["greeting"]]
    parts += [f"{number}. {asked}\n{said}" for number, (asked, said) in enumerate(questions, 1)]
    if report.certificate is not None:
        parts.append(_certificate(language, report.certificate))
    parts.append(_how_it_leaves(words, sending))
    if sending.page:
        parts.append(words["page"].format(page=sending.page))
    parts.append(words["end"])
    return "\n\n".join(parts) + "\n"


def _certificate(language: Language, seen: SeenCertificate) -> str:
    words = _FRAME[language]
    pairs = " ".join(seen.fingerprint[at : at + 4] for at in range(0, len(seen.fingerprint), 4))
    lines = [
        words["certificate"],
        f"  {words['fingerprint']}: {pairs}",
        f"  {words['not_after']}: {in_words(seen.not_after, language)}",
    ]
    if seen.issuer:
        lines.append(f"  {words['issuer']}: {_plain(seen.issuer)}")
    return "\n".join(lines)


def _how_it_leaves(words: Mapping[str, str], sending: Sending) -> str:
    if sending.encrypted:
        return words["encrypted"]
    return words["signed"] if sending.signed else words["plain"]


def _plain(name: str) -> str:
    """Names of authorities are names, no addresses to click on."""
    shown = "".join(each if each.isprintable() else " " for each in name)
    for mark in ("://", "www.", "@"):
        shown = shown.replace(mark, " ")
    return shown if len(shown) <= _LONGEST_NAME else shown[: _LONGEST_NAME - 1] + "…"


_FRAME: Mapping[Language, Mapping[str, str]] = {
    Language.DE: {
        "greeting": "Guten Tag,\n\nSie haben uns einen Test geschickt. Das kam bei uns an:",
        "signature": "Ihre Unterschrift (Signatur)",
        "encryption": "Ihre Verschlüsselung",
        "answer": "Unser Weg zu Ihnen",
        "certificate": "Das Zertifikat Ihrer Signatur:",
        "fingerprint": "Fingerabdruck (SHA-256)",
        "not_after": "gültig bis",
        "issuer": "ausgestellt von",
        "encrypted": "Diese Antwort ist signiert und für Sie verschlüsselt. Können Sie sie lesen? "
        "Dann klappt beides. Unser Zertifikat liegt in der Signatur.",
        "signed": "Diese Antwort ist signiert. Unser Zertifikat liegt in der Signatur. Ihr "
        "Programm merkt es sich, wenn Sie hierauf antworten.",
        "plain": "Diese Antwort ist leider nicht signiert. Das liegt an uns, nicht an Ihnen.",
        "page": "Schritt für Schritt steht alles auf dieser Seite:\n{page}",
        "end": "Diese Antwort kam von selbst. Ein Mensch hat Ihre Mail nicht gelesen.",
    },
    Language.EN: {
        "greeting": "Hello,\n\nyou sent us a test. This is what arrived:",
        "signature": "Your signature",
        "encryption": "Your encryption",
        "answer": "Our way to you",
        "certificate": "The certificate of your signature:",
        "fingerprint": "Fingerprint (SHA-256)",
        "not_after": "valid until",
        "issuer": "issued by",
        "encrypted": "This answer is signed and encrypted for you. You can read it? Then both "
        "work. Our certificate is in the signature.",
        "signed": "This answer is signed. Our certificate is in the signature. Your program keeps "
        "it when you reply to this message.",
        "plain": "This answer is not signed, sorry. That is our fault, not yours.",
        "page": "Everything is explained step by step on this page:\n{page}",
        "end": "This answer was written by itself. No person has read your message.",
    },
}

SIGNATURE: Mapping[Language, Mapping[OnSignature, str]] = {
    Language.DE: {
        OnSignature.COUNTS: "Alles gut. Ihre Mail ist signiert, und wir vertrauen der Signatur.",
        OnSignature.NOT_SIGNED: "Ihre Mail war nicht signiert. Schalten Sie beim Schreiben "
        "„signieren“ ein. Dafür brauchen Sie ein eigenes Zertifikat.",
        OnSignature.NOT_TRUSTED: "Die Signatur ist unversehrt. Die Stelle, die Ihr Zertifikat "
        "gab, kennen wir aber noch nicht. Wir müssen sie erst prüfen. Rufen Sie uns gern an.",
        OnSignature.EXPIRED: "Die Signatur ist unversehrt. Ihr Zertifikat ist aber abgelaufen. "
        "Holen Sie sich bitte ein neues.",
        OnSignature.REVOKED: "Ihr Zertifikat ist gesperrt. Nehmen Sie es nicht mehr, und holen "
        "Sie sich ein neues.",
        OnSignature.OTHER_ADDRESS: "Die Signatur ist unversehrt. Das Zertifikat nennt aber eine "
        "andere Adresse als die, von der Sie schreiben. Beide müssen gleich sein.",
        OnSignature.BROKEN: "Die Signatur passt nicht zum Text. Auf dem Weg hat jemand die Mail "
        "verändert. Oft war es ein Server, der etwas unten anhängt.",
        OnSignature.NOT_CHECKABLE: "Die Signatur können wir nicht prüfen. Oft fehlt das "
        "Zertifikat darin. Stellen Sie ein, dass Ihr Programm es mitschickt.",
        OnSignature.ONLY_A_PART: "Nur ein Teil der Mail ist signiert. Ein Programm auf dem Weg "
        "hat etwas um die Mail gelegt. Die Signatur zählt so nicht.",
        OnSignature.NOT_FOR_SIGNING: "Ihr Zertifikat ist nicht zum Signieren von Mails gemacht. "
        "Nehmen Sie ein anderes.",
        OnSignature.OUTSIDE_ENCRYPTION: "Die Signatur liegt außen um die verschlüsselte Mail. "
        "Richtig ist es umgekehrt: erst signieren, dann verschlüsseln.",
        OnSignature.OTHERWISE: "Die Signatur zählt bei uns nicht. Fragen Sie bitte bei uns nach.",
    },
    Language.EN: {
        OnSignature.COUNTS: "All is well. Your message is signed, and we trust the signature.",
        OnSignature.NOT_SIGNED: "Your message was not signed. Switch on “sign” when you write. "
        "For this you need a certificate of your own.",
        OnSignature.NOT_TRUSTED: "The signature is intact. But we do not know the authority yet "
        "that gave you the certificate. We have to look at it first. You are welcome to call us.",
        OnSignature.EXPIRED: "The signature is intact. But your certificate has expired. Please "
        "get a new one.",
        OnSignature.REVOKED: "Your certificate is revoked. Use it no more, and get a new one.",
        OnSignature.OTHER_ADDRESS: "The signature is intact. But the certificate names another "
        "address than the one you write from. Both have to be the same.",
        OnSignature.BROKEN: "The signature does not fit the text. The message was changed on its "
        "way. Often it was a server that adds something at the end.",
        OnSignature.NOT_CHECKABLE: "We cannot check the signature. Often the certificate is "
        "missing in it. Set your program to send it along.",
        OnSignature.ONLY_A_PART: "Only a part of the message is signed. A program on the way has "
        "put something around it. The signature does not count like this.",
        OnSignature.NOT_FOR_SIGNING: "Your certificate is not made for signing mail. Use another "
        "one.",
        OnSignature.OUTSIDE_ENCRYPTION: "The signature lies around the encrypted message. The "
        "other way is right: sign first, then encrypt.",
        OnSignature.OTHERWISE: "The signature does not count here. Please ask us.",
    },
}

SILENCES: Mapping[Language, Mapping[Silence, str]] = {
    Language.DE: {
        Silence.SWITCHED_OFF: "Es gibt keine Testadresse mehr.",
        Silence.UNREADABLE: "Die Mail war nicht zu lesen.",
        Silence.TOO_OLD: "Die Mail war zu alt.",
        Silence.NO_SENDER: "Die Mail nennt keinen Absender.",
        Silence.AUTOMATIC: "Die Mail kam von einer Liste oder von selbst.",
        Silence.NO_PERSON: "Hinter dem Absender liest kein Mensch.",
        Silence.LOOP: "Das Hin und Her nahm kein Ende.",
        Silence.SENDER_DIFFERS: "Der Umschlag nennt einen anderen Absender als die Mail.",
        Silence.SENDER_NOT_PROVED: "Ob der Absender stimmt, war nicht sicher.",
        Silence.TOO_MANY_FROM_ADDRESS: "Von dieser Adresse kam heute zu viel.",
        Silence.TOO_MANY_FROM_DOMAIN: "Von diesem Haus kam heute zu viel.",
        Silence.TOO_MANY: "In dieser Stunde kam zu viel.",
        Silence.FORBIDDEN: "Eine Regel lässt die Antwort so nicht hinaus.",
        Silence.NOT_TAKEN: "Der Mailserver nahm die Antwort nicht an.",
    },
    Language.EN: {
        Silence.SWITCHED_OFF: "There is no test address any more.",
        Silence.UNREADABLE: "The message could not be read.",
        Silence.TOO_OLD: "The message was too old.",
        Silence.NO_SENDER: "The message names no sender.",
        Silence.AUTOMATIC: "The message came from a list, or by itself.",
        Silence.NO_PERSON: "Nobody reads at the sender's address.",
        Silence.LOOP: "The to and fro did not end.",
        Silence.SENDER_DIFFERS: "The envelope names another sender than the message.",
        Silence.SENDER_NOT_PROVED: "It was not certain that the sender is right.",
        Silence.TOO_MANY_FROM_ADDRESS: "Too much came from this address today.",
        Silence.TOO_MANY_FROM_DOMAIN: "Too much came from this domain today.",
        Silence.TOO_MANY: "Too much came within this hour.",
        Silence.FORBIDDEN: "A rule does not let the answer out like this.",
        Silence.NOT_TAKEN: "The mail server did not take the answer.",
    },
}

ENCRYPTION: Mapping[Language, Mapping[OnEncryption, str]] = {
    Language.DE: {
        OnEncryption.OPENED: "Alles gut. Ihre Mail kam verschlüsselt an, und wir konnten sie "
        "öffnen.",
        OnEncryption.OPENED_WEAK: "Wir konnten Ihre Mail öffnen. Das Verfahren ist aber zu alt "
        "und zu schwach. Stellen Sie in Ihrem Programm AES ein.",
        OnEncryption.CLOSED: "Ihre Mail kam verschlüsselt an, aber nicht für diese Adresse. "
        "Nehmen Sie das Zertifikat aus der Signatur dieser Antwort.",
        OnEncryption.NOT_ENCRYPTED: "Ihre Mail war nicht verschlüsselt. Antworten Sie hierauf, "
        "und schalten Sie „verschlüsseln“ ein.",
    },
    Language.EN: {
        OnEncryption.OPENED: "All is well. Your message came encrypted, and we could open it.",
        OnEncryption.OPENED_WEAK: "We could open your message. But the method is too old and too "
        "weak. Set your program to AES.",
        OnEncryption.CLOSED: "Your message came encrypted, but not for this address. Use the "
        "certificate in the signature of this answer.",
        OnEncryption.NOT_ENCRYPTED: "Your message was not encrypted. Reply to this one, and switch "
        "on “encrypt”.",
    },
}

ANSWER: Mapping[Language, Mapping[OnAnswer, str]] = {
    Language.DE: {
        OnAnswer.READY: "Alles gut. Wir haben Ihr Zertifikat und können Ihnen verschlüsselt "
        "schreiben.",
        OnAnswer.WAITS_FOR_US: "Ihr Zertifikat ist da. Bei uns muss noch jemand darauf schauen. "
        "Danach können wir Ihnen verschlüsselt schreiben.",
        OnAnswer.NO_CERTIFICATE: "Wir haben kein Zertifikat von Ihnen. Schicken Sie uns eine "
        "signierte Mail, dann kommt es von selbst mit.",
        OnAnswer.NOT_FOR_ENCRYPTION: "Ihr Zertifikat ist nicht zum Verschlüsseln gemacht. "
        "Schicken Sie uns bitte auch das andere.",
        OnAnswer.OVER: "Ihr Zertifikat gilt nicht mehr. Schicken Sie uns eine Mail, die mit dem "
        "neuen signiert ist.",
        OnAnswer.OTHERWISE: "Wir können Ihnen noch nicht verschlüsselt schreiben. Fragen Sie bitte "
        "bei uns nach.",
    },
    Language.EN: {
        OnAnswer.READY: "All is well. We have your certificate and can write encrypted mail to "
        "you.",
        OnAnswer.WAITS_FOR_US: "Your certificate is here. Somebody of us still has to look at it. "
        "After that we can write encrypted mail to you.",
        OnAnswer.NO_CERTIFICATE: "We have no certificate of yours. Send us a signed message, then "
        "it comes by itself.",
        OnAnswer.NOT_FOR_ENCRYPTION: "Your certificate is not made for encryption. Please send us "
        "the other one, too.",
        OnAnswer.OVER: "Your certificate is no longer valid. Send us a message that is signed with "
        "the new one.",
        OnAnswer.OTHERWISE: "We cannot write encrypted mail to you yet. Please ask us.",
    },
}
