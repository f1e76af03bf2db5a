"""A catalogue of roots that German authorities use and no public list has: names, not trust.

It tells people whom to ask. Nothing here is an anchor, holds a certificate or compares anything: a
subject key identifier can be written into any certificate, so it helps to find the right file and
proves nothing. Whether to trust such a root is a person's decision about a fingerprint.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources


class Operator(StrEnum):
    """Who runs the root and knows its fingerprint."""

    BSI = "bsi"
    BAVARIA = "bavaria"
    BAMF = "bamf"
    EMPLOYMENT_AGENCY = "employment_agency"


PAGES = {
    Operator.BSI: "https://www.bsi.bund.de/DE/Themen/weitereThemen/VerwaltungsPKIVPKI/"
    "Wurzelzertifizierungsstelle/Zertifikate/zertifikate_node.html",
    Operator.BAVARIA: "https://www.pki.bayern.de/",
}
"""Official pages; who is missing publishes none that is known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRoot:
    """``subject_key_identifier`` and ``sha256`` in hex; "" where they are not known for sure."""

    name: str
    operator: Operator
    page: str = ""
    subject_key_identifier: str = ""
    sha256: str = ""


def known_private_roots() -> tuple[KnownRoot, ...]:
    data = resources.files("siegel.pki") / "data" / "known_private_roots.json"
    return tuple(
        KnownRoot(
            name=entry["name"],
            operator=(operator := Operator(entry["operator"])),
            page=PAGES.get(operator, ""),
            subject_key_identifier=entry.get("subject_key_identifier", ""),
            sha256=entry.get("sha256", ""),
        )
        for entry in json.loads(data.read_bytes())
    )
