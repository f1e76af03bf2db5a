"""Lists that the help shows and administrators keep: who issues certificates, and pages that help.

``SHIPPED`` holds until an administrator changes a list. An address here is a way to information
and never trust: which authorities count is decided elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from siegel.wording.words import Language

LONGEST_TITLE = 120  # characters: one line of a list
LONGEST_NOTE = 300


class HelpList(StrEnum):
    """CA: authorities that issue certificates to the public. LINK: pages that explain."""

    CA = "ca"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLink:
    """``key`` names the entry within its list and stays when the entry changes."""

    key: str
    url: str
    titles: Mapping[Language, str]
    notes: Mapping[Language, str]


def _link(key: str, url: str, titles: tuple[str, str], notes: tuple[str, str]) -> HelpLink:
    """Titles and notes German first, then English."""
    languages = (Language.DE, Language.EN)
    return HelpLink(
        key=key,
        url=url,
        titles=dict(zip(languages, titles, strict=True)),
        notes=dict(zip(languages, notes, strict=True)),
    )


SHIPPED: Mapping[HelpList, tuple[HelpLink, ...]] = {
    HelpList.CA: (
        _link(
            "harica",
            "https://cm.harica.gr/",
            ("HARICA", "HARICA"),
            (
                "Griechische Stelle, von der auch der Verein DFN seine Zertifikate hat. "
                "Seiten auf Englisch.",
                "Greek authority, from which the German research network DFN has its "
                "certificates, too.",
            ),
        ),
        _link(
            "dfn",
            "https://www.pki.dfn.de/",
            ("DFN-PKI", "DFN-PKI"),
            (
                "Für Hochschulen und Forschung, mit Anleitungen auf Deutsch.",
                "For universities and research, with guides in German.",
            ),
        ),
        _link(
            "actalis",
            "https://www.actalis.com/",
            ("Actalis", "Actalis"),
            (
                "Stelle aus Italien. Im ersten Jahr kostenlos, darum gut zum Testen.",
                "Authority from Italy. Free for the first year, so good for tests.",
            ),
        ),
        _link(
            "d-trust",
            "https://www.d-trust.net/",
            ("D-Trust", "D-Trust"),
            ("Stelle der Bundesdruckerei.", "Authority of Germany’s Bundesdruckerei."),
        ),
        _link(
            "sectigo",
            "https://www.sectigo.com/",
            ("Sectigo", "Sectigo"),
            ("Große Stelle, auch für viele Adressen.", "Large authority, also for many addresses."),
        ),
        _link(
            "swisssign",
            "https://www.swisssign.com/",
            ("SwissSign", "SwissSign"),
            ("Stelle aus der Schweiz.", "Authority from Switzerland."),
        ),
    ),
    HelpList.LINK: (
        _link(
            "bamf",
            "https://www.bamf.de/",
            ("Bundesamt für Migration und Flüchtlinge", "Federal Office for Migration (BAMF)"),
            (
                "Suchen Sie dort nach „E-Mail-Verschlüsselung“.",
                "Search there for “E-Mail-Verschlüsselung”.",
            ),
        ),
        _link(
            "employment-agency",
            "https://www.arbeitsagentur.de/",
            ("Bundesagentur für Arbeit", "Federal Employment Agency"),
            (
                "Mit einer Suche nach den Zertifikaten der Agentur. Suchen Sie dort nach "
                "„E-Mail-Verschlüsselung“.",
                "With a search for the agency’s certificates. Search there for "
                "“E-Mail-Verschlüsselung”.",
            ),
        ),
        _link(
            "smime-io",
            "https://smime.io/",
            ("smime.io", "smime.io"),
            (
                "Wo es Zertifikate gibt und wer S/MIME nutzt, von einem Freiwilligen gepflegt.",
                "Where to get certificates and who uses S/MIME, kept by a volunteer.",
            ),
        ),
    ),
}
