"""Mails that Siegel writes for people: the certificate for a partner, and reminders of an end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from siegel.policy.expiry import days_left
from siegel.wording.words import Language

LINES = 100  # certificates named in each part of a reminder; nobody reads more
_MONTHS = {
    Language.DE: (
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
        "Oktober", "November", "Dezember",
    ),
    Language.EN: (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


class Whose(StrEnum):
    """Whom an ending certificate belongs to."""

    OWN = "own"
    PARTNER = "partner"
    OUR_AUTHORITY = "our_authority"
    LIST = "list"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """One certificate that ends: ``name`` is an address, or the name of an authority."""

    whose: Whose
    name: str
    not_after: datetime
    published: bool = False


def certificate_letter(language: Language, *, sender: str, organisation: str) -> Letter:
    """What goes with the certificate to a partner."""
    if language is Language.DE:
        return Letter(
            f"Mein Zertifikat für verschlüsselte E-Mails ({sender})",
            "Guten Tag,\n\n"
            "im Anhang finden Sie mein Zertifikat. Damit können Sie mir verschlüsselte E-Mails "
            "schicken. Es enthält nichts Geheimes.\n\n"
            "Meist müssen Sie gar nichts tun: Diese E-Mail ist signiert, und Ihr Mailprogramm "
            "merkt sich das Zertifikat, wenn Sie darauf antworten. Tut es das nicht, öffnen Sie "
            "den Anhang und fügen Sie ihn zu Ihren Kontakten hinzu.\n\n"
            "Antworten Sie mir bitte signiert, dann kann auch ich Ihnen verschlüsselt "
            f"schreiben.\n\n{_signature(sender, organisation)}",
        )
    return Letter(
        f"My certificate for encrypted e-mail ({sender})",
        "Hello,\n\n"
        "attached you find my certificate. With it you can send me encrypted e-mail. There is "
        "nothing secret in it.\n\n"
        "Usually you need not do anything: this message is signed, and your mail program keeps "
        "the certificate when you reply. If it does not, open the attachment and add it to your "
        "contacts.\n\n"
        "Please send me a signed reply, then I can write encrypted e-mail to you as well.\n\n"
        f"{_signature(sender, organisation)}",
    )


def asking_letter(*, sender: str, organisation: str, anew: bool) -> Letter:
    """What asks a partner for a signed mail, in both languages: nobody knows theirs. ``anew``: we
    have a certificate that cannot be used any more."""
    end = _signature(sender, organisation)
    german = (
        "Ihr Zertifikat kann ich nicht mehr verwenden. Haben Sie ein neues?"
        if anew
        else "ich möchte Ihnen verschlüsselt schreiben. Dazu brauche ich Ihr Zertifikat."
    )
    english = (
        "I can no longer use your certificate. Do you have a new one?"
        if anew
        else "I would like to write encrypted e-mail to you. For this I need your certificate."
    )
    return Letter(
        "Bitte um eine signierte E-Mail / Please send a signed e-mail",
        f"Guten Tag,\n\n{german}\n\nBitte antworten Sie mir mit einer signierten E-Mail. Das "
        "Zertifikat kommt dann von selbst mit.\n\n"
        f"Hello,\n\n{english}\n\nPlease answer with a signed e-mail. The certificate then comes "
        f"with it by itself.\n\n{end}",
    )


def key_ready_letter(language: Language, account: str) -> Letter:
    """Nothing secret in it: neither file nor passphrase, not even a link that opens something."""
    if language is Language.DE:
        return Letter(
            "Ein Schlüssel liegt für Sie bereit",
            "Guten Tag,\n\n"
            f"für das Konto {account} liegt eine Datei mit Ihrem Schlüssel bereit.\n\n"
            "Melden Sie sich bei Siegel an und öffnen Sie „Meine Schlüssel“. Sie können die Datei "
            "einmal herunterladen. Die Passphrase steht nicht in dieser E-Mail: Sie lesen sie auf "
            "einer Seite für sich, oder jemand sagt sie Ihnen.\n\n"
            f"{_REMINDER[language]['end']}\n",
        )
    return Letter(
        "A key is ready for you",
        f"Hello,\n\na file with your key for the account {account} is ready.\n\n"
        "Sign in to Siegel and open “My keys”. You can download the file once. The passphrase is "
        "not in this e-mail: you read it on a page of its own, or somebody tells it to you.\n\n"
        f"{_REMINDER[language]['end']}\n",
    )


def reminder_letter(
    language: Language, endings: Sequence[Ending], at: datetime, *, page: str = ""
) -> Letter:
    """One mail about all that ends, the most urgent first. ``page``: where to do something."""
    ordered = sorted(endings, key=lambda each: (each.not_after, each.name))
    words = _REMINDER[language]
    subject = words["one"] if len(ordered) == 1 else words["many"].format(n=len(ordered))
    parts = [words["greeting"]]
    for whose in Whose:
        mine = [each for each in ordered if each.whose is whose]
        if mine:
            lines = [_line(each, language, at) for each in mine[:LINES]]
            if len(mine) > LINES:
                lines.append("  " + words["more"].format(n=len(mine) - LINES))
            parts.append("\n".join([words[f"{whose.value}_head"], *lines, words[whose.value]]))
    if page:
        parts.append(f"{words['page']}\n{page}")
    return Letter(subject, "\n\n".join([*parts, words["end"]]) + "\n")


def in_words(moment: datetime, language: Language) -> str:
    """A date as people write it."""
    month = _MONTHS[language][moment.month - 1]
    day = f"{moment.day}." if language is Language.DE else f"{moment.day}"
    return f"{day} {month} {moment.year}"


def _signature(sender: str, organisation: str) -> str:
    return f"{organisation}\n{sender}\n" if organisation else f"{sender}\n"


def _line(ending: Ending, language: Language, at: datetime) -> str:
    left, date = days_left(ending.not_after, at), in_words(ending.not_after, language)
    public = f"; {_REMINDER[language]['published']}" if ending.published else ""
    return f"  – {ending.name}: {_when(left, date, language)}{public}"


def _when(left: int, date: str, language: Language) -> str:
    german = language is Language.DE
    if left < 0:
        return f"seit {date} abgelaufen" if german else f"expired on {date}"
    if left == 0:
        return f"endet heute ({date})" if german else f"ends today ({date})"
    if left == 1:
        return f"endet morgen ({date})" if german else f"ends tomorrow ({date})"
    return f"endet in {left} Tagen ({date})" if german else f"ends in {left} days ({date})"


_REMINDER = {
    Language.DE: {
        "one": "Ein Zertifikat läuft ab",
        "many": "{n} Zertifikate laufen ab",
        "greeting": "Guten Tag,",
        "more": "… und {n} weitere; sie stehen in der Liste der Zertifikate.",
        "own_head": "Diese Zertifikate gehören zu unserem Haus:",
        "own": "Danach wird Post von dort nicht mehr signiert. Bitte holen Sie rechtzeitig ein "
        "neues. Das alte bleibt hier, damit alte Post lesbar ist.",
        "partner_head": "Diese Zertifikate gehören Partnern:",
        "partner": "Danach können wir dorthin nicht mehr verschlüsselt schreiben. Bitten Sie um "
        "eine signierte E-Mail mit dem neuen Zertifikat; es wird von selbst übernommen.",
        "authority_head": "Diese Stellen bürgen für andere:",
        "authority": "Danach gelten die Zertifikate nicht mehr, für die sie bürgen. Fragen Sie "
        "dort nach dem Nachfolger, und vergleichen Sie seinen Fingerabdruck.",
        "our_authority_head": "Diese Zertifikate sind die unserer eigenen Stelle:",
        "our_authority": "Danach gilt nichts mehr, was sie ausgestellt hat. Erneuern Sie die "
        "Stelle vorher, und geben Sie das neue Zertifikat an die Partner.",
        "list_head": "Diese Sperrlisten unserer Stelle sind überfällig:",
        "list": "Wer genau prüft, glaubt unseren Zertifikaten nicht mehr. Stellen Sie die Liste "
        "neu aus, und sehen Sie nach, ob der Hintergrunddienst läuft.",
        "published": "steht auf der Partnerseite",
        "page": "Was Sie tun können, sehen Sie hier:",
        "end": "Siegel hat diese E-Mail von selbst geschrieben.",
    },
    Language.EN: {
        "one": "A certificate ends",
        "many": "{n} certificates end",
        "greeting": "Hello,",
        "more": "… and {n} more; they stand in the list of certificates.",
        "own_head": "These certificates are our own:",
        "own": "After that, mail from there is no longer signed. Please get a new one in time. "
        "The old one stays here, so that old mail can still be read.",
        "partner_head": "These certificates belong to partners:",
        "partner": "After that, we can no longer write encrypted mail to them. Ask for a signed "
        "message with the new certificate; it is learned by itself.",
        "authority_head": "These authorities vouch for others:",
        "authority": "After that, the certificates they vouch for do not count any more. Ask them "
        "for the successor, and compare its fingerprint.",
        "our_authority_head": "These certificates are those of our own authority:",
        "our_authority": "After that, nothing it issued counts any more. Renew the authority "
        "before, and give its new certificate to partners.",
        "list_head": "These revocation lists of our authority are overdue:",
        "list": "Whoever checks closely does not believe our certificates any more. Issue the "
        "list anew, and see whether the worker runs.",
        "published": "stands on the partner page",
        "page": "What you can do stands here:",
        "end": "Siegel wrote this message by itself.",
    },
}
