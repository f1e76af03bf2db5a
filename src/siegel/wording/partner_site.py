"""What an organisation says on its partner site, in each language, and what stands there until
somebody writes it anew.

The preset of the liability text is a suggestion for a lawyer to read, in plain words. A text that
was left empty is the preset; one that was changed is the organisation's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from siegel.wording.words import Language

LONGEST_LINE = 120  # characters: the name of an office, in one line
LONGEST_TEXT = 4000  # a page of a letter


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTexts:
    """``name``: of the organisation. ``contact``: besides address and telephone, such as hours.
    ``disclaimer``: what it answers for; ``legal_note``: which law holds."""

    name: str = ""
    contact: str = ""
    disclaimer: str = ""
    legal_note: str = ""

    def to_dict(self) -> dict[str, str]:
        """Only what somebody wrote."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: text for name, text in found.items() if text}

    @classmethod
    def from_dict(cls, kept: Mapping[str, object]) -> "SiteTexts":
        known = {each.name for each in fields(cls)}
        return cls(**{name: str(text) for name, text in kept.items() if name in known})

    def or_else(self, preset: "SiteTexts") -> "SiteTexts":
        return replace(preset, **self.to_dict())


PRESETS: Mapping[Language, SiteTexts] = {
    Language.DE: SiteTexts(
        disclaimer=(
            "Diese Seite und die Anleitungen sind sorgfältig gemacht. Trotzdem sieht jedes "
            "E-Mail-Programm ein wenig anders aus, und auf Ihrem Gerät kann etwas anders sein als "
            "bei uns. Sie richten die Verschlüsselung selbst ein und tragen das Risiko dafür. "
            "Sichern Sie vorher, was Ihnen wichtig ist. Für Schäden durch die Einrichtung haften "
            "wir nicht, außer bei Vorsatz oder grober Fahrlässigkeit. Ihr Programm und Ihr Gerät "
            "können wir nicht für Sie einrichten; bei Fragen zu unserem Zertifikat helfen wir gern."
        ),
        legal_note=(
            "In manchen Ländern gibt es eigene Gesetze für die Verschlüsselung. Bitte beachten "
            "Sie, was dort gilt, wo Sie sind."
        ),
    ),
    Language.EN: SiteTexts(
        disclaimer=(
            "This page and the guides were made with care. Still, every mail program looks a "
            "little different, and something on your device may be unlike ours. You set up "
            "encryption yourself and bear the risk of it. Save what matters to you first. We are "
            "not liable for damage caused by the setup, except for intent or gross negligence. We "
            "cannot set up your program or your device for you; with questions about our "
            "certificate we are glad to help."
        ),
        legal_note=(
            "Some countries have laws of their own about encryption. Please follow what holds "
            "where you are."
        ),
    ),
}
