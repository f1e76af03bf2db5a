"""What to do with a request at authorities that people know, in plain words.

Their portals change; each says what they ask for in general and how the certificate comes. None of
this is tested here, and a page says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from siegel.wording.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideAuthority:
    """``takes_requests`` False: it makes keys itself, so that a request is of no use there."""

    names: Mapping[Language, str]
    takes_requests: bool
    steps: Mapping[Language, str]


def _authority(name: str, german: str, english: str, *, takes: bool = True) -> OutsideAuthority:
    """``name``: "German|English" where they differ."""
    steps = {Language.DE: german, Language.EN: english}
    german_name, _, english_name = name.partition("|")
    names = {Language.DE: german_name, Language.EN: english_name or german_name}
    return OutsideAuthority(names=names, takes_requests=takes, steps=steps)


OUTSIDE_AUTHORITIES = (
    _authority(
        "HARICA, DFN, GÉANT TCS",
        "Wählen Sie im Portal ein E-Mail-Zertifikat und dort „CSR hochladen“. Fügen Sie den Text "
        "aus der Datei .csr ein. Bestätigen Sie die Mail, die an die Adresse geht. Laden Sie die "
        "Kette als .p7b herunter.",
        "Choose an e-mail certificate in the portal, and there “submit CSR”. Paste the text of the "
        ".csr file. Confirm the mail that goes to the address. Download the chain as .p7b.",
    ),
    _authority(
        "D-Trust",
        "Wählen Sie im Portal das Produkt für E-Mail und laden Sie die Datei .p10 hoch. Je nach "
        "Produkt prüft D-Trust Ihre Angaben. Das Zertifikat kommt mit der Kette.",
        "Choose the product for e-mail in the portal and upload the .p10 file. Depending on the "
        "product D-Trust checks what you say. The certificate comes with its chain.",
    ),
    _authority(
        "Sectigo, SwissSign, GlobalSign",
        "Fragen Sie Ihren Zugang für Firmen nach „Enrollment mit CSR“. Fügen Sie den Text aus der "
        "Datei .csr ein. Laden Sie das Zertifikat mit seiner Kette (PEM oder .p7b) herunter.",
        "Ask your company account for “enrollment with CSR”. Paste the text of the .csr file. "
        "Download the certificate with its chain (PEM or .p7b).",
    ),
    _authority(
        "Verwaltungs-PKI (V-PKI)",
        "Geben Sie die Datei .p10 Ihrer Registrierungsstelle, wie deren Anleitung es sagt. Sie "
        "prüft, wer Sie sind, und schickt das Zertifikat zurück.",
        "Give the .p10 file to your registration office as its guide says. It checks who you are "
        "and sends the certificate back.",
    ),
    _authority(
        "Actalis",
        "Diese Stelle macht den Schlüssel selbst und gibt eine .p12-Datei heraus. Ziehen Sie den "
        "Antrag hier zurück, und laden Sie dann die .p12-Datei unter „Zertifikate“ hoch.",
        "This authority makes the key itself and hands out a .p12 file. Withdraw this request, "
        "then upload the .p12 file under “Certificates”.",
        takes=False,
    ),
    _authority(
        "Andere Stelle|Another authority",
        "Suchen Sie dort nach „CSR“ oder „PKCS#10“. Will die Stelle Text, nehmen Sie .csr, will "
        "sie eine Datei, .p10. Was zurückkommt, laden Sie hier hoch, so wie es ist.",
        "Look there for “CSR” or “PKCS#10”. If it wants text, take .csr, if it wants a file, .p10. "
        "Upload here what comes back, just as it is.",
    ),
)
