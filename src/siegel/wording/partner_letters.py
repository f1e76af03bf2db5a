"""Mails to partners who come in by themselves: the link that proves an address, an invitation."""

from datetime import datetime

from siegel.wording.letters import Letter, in_words
from siegel.wording.words import Language


def control_letter(
    language: Language, *, organisation: str, address: str, link: str, ends_at: datetime
) -> Letter:
    """„… auf einen Link in einer zugesendeten E-Mail klicken“: shown that the address is his."""
    day = in_words(ends_at, language)
    if language is Language.DE:
        return Letter(
            f"Bitte bestätigen Sie Ihre Adresse ({organisation})",
            f"Guten Tag,\n\njemand möchte ein Zertifikat für die Adresse {address}. "
            "Waren Sie das? Dann öffnen Sie bitte diese Seite, und bestätigen Sie dort:\n\n"
            f"{link}\n\n"
            f"Der Link gilt einmal, bis zum {day}. Waren Sie es nicht, müssen Sie nichts tun. "
            f"Ohne Ihr Ja geschieht nichts.\n\n{organisation}\n",
        )
    return Letter(
        f"Please confirm your address ({organisation})",
        f"Hello,\n\nsomebody wants a certificate for the address {address}. Was it you? Then "
        "please open this page and confirm there:\n\n"
        f"{link}\n\n"
        f"The link works once, until {day}. If it was not you, you need not do anything. "
        f"Nothing happens without your word.\n\n{organisation}\n",
    )


def invitation_letter(
    language: Language,
    *,
    organisation: str,
    sender: str,
    address: str,
    link: str,
    ends_at: datetime,
) -> Letter:
    """„… kann ein anderer Ablauf zum Zertifikatsaustausch vorgesehen sein“: by a page."""
    day = in_words(ends_at, language)
    signature = f"{organisation}\n{sender}\n" if organisation else f"{sender}\n"
    if language is Language.DE:
        return Letter(
            "Ihr Zertifikat für verschlüsselte E-Mails",
            "Guten Tag,\n\nwir möchten Ihnen verschlüsselt schreiben. Dafür brauchen wir Ihr "
            f"Zertifikat für die Adresse {address}. Auf dieser Seite können Sie es abgeben:\n\n"
            f"{link}\n\n"
            "Haben Sie noch keines? Die Seite hilft auch dann weiter. Ihren privaten Schlüssel "
            "geben Sie bitte niemandem, auch uns nicht.\n\n"
            "Ebenso gut können Sie uns mit einer signierten E-Mail antworten. Diese E-Mail ist "
            "selbst signiert; daran sehen Sie, dass sie von uns kommt.\n\n"
            f"Der Link gilt einmal, bis zum {day}.\n\n{signature}",
        )
    return Letter(
        "Your certificate for encrypted e-mail",
        "Hello,\n\nwe would like to write encrypted e-mail to you. For this we need your "
        f"certificate for the address {address}. You can hand it in on this page:\n\n"
        f"{link}\n\n"
        "You have none yet? The page helps with that, too. Please never give your private key to "
        "anybody, not even to us.\n\n"
        "You can just as well answer with a signed e-mail. This message is signed itself; that is "
        "how you see that it comes from us.\n\n"
        f"The link works once, until {day}.\n\n{signature}",
    )
