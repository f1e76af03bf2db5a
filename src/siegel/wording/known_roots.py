"""The catalogue of private roots in words: who runs a root, what it is for, how to compare it."""

from collections.abc import Mapping

from siegel.pki.known_roots import KnownRoot, Operator
from siegel.wording.words import Language, Words

_ASK_DE = (
    "Rufen Sie dort an, und lassen Sie sich den langen Wert vorlesen, an dem man das Zertifikat "
    "erkennt (SHA-256). Nehmen Sie dafür eine Nummer, die nicht aus einer Mail stammt."
)
_ASK_EN = (
    "Call them and have the SHA-256 fingerprint of the certificate read to you. Take the number"
    " from anywhere but a mail."
)

OPERATORS: Mapping[Language, Mapping[Operator, Words]] = {
    Language.DE: {
        Operator.BSI: Words(
            "Bundesamt für Sicherheit in der Informationstechnik (BSI)",
            "Unter dieser Stelle stehen viele Behörden von Bund, Ländern und Kreisen.",
            _ASK_DE,
        ),
        Operator.BAVARIA: Words(
            "Freistaat Bayern",
            "Unter dieser Stelle stehen viele Ämter in Bayern. Sie kann ihr Zertifikat selbst vom "
            "Bund haben.",
            _ASK_DE,
        ),
        Operator.BAMF: Words(
            "Bundesamt für Migration und Flüchtlinge",
            "Das Bundesamt gibt seinen Leuten Zertifikate, denen man erst einmal nicht traut.",
            _ASK_DE,
        ),
        Operator.EMPLOYMENT_AGENCY: Words(
            "Bundesagentur für Arbeit",
            "Die Agentur gibt ihren Leuten Zertifikate, denen man erst einmal nicht traut.",
            _ASK_DE,
        ),
    },
    Language.EN: {
        Operator.BSI: Words(
            "Federal Office for Information Security (BSI)",
            "Many offices of the federation, the states and the districts stand under this root.",
            _ASK_EN,
        ),
        Operator.BAVARIA: Words(
            "Free State of Bavaria",
            "Many offices in Bavaria stand under this root. It may have its own certificate from"
            " the federal one.",
            _ASK_EN,
        ),
        Operator.BAMF: Words(
            "Federal Office for Migration and Refugees",
            "The office gives its people certificates that nobody trusts by default.",
            _ASK_EN,
        ),
        Operator.EMPLOYMENT_AGENCY: Words(
            "Federal Employment Agency",
            "The agency gives its people certificates that nobody trusts by default.",
            _ASK_EN,
        ),
    },
}


def described(root: KnownRoot, language: Language) -> Mapping[str, str]:
    """One root for a list; "" where nothing is known."""
    words = OPERATORS[language][root.operator]
    return {
        "name": root.name,
        "operator": words.title,
        "about": words.sentence,
        "page": root.page,
        "subject_key_identifier": root.subject_key_identifier,
        "sha256": root.sha256,
        "advice": words.next_step,
    }
