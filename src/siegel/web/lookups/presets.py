"""Directories of the field, as far as they are the same for everybody: names and what to ask for.

Hosts stand in none of them: they change, and whoever runs the directory tells the right one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    name: str
    hint: Promise
    domains: str = ""


PRESETS: Mapping[str, Preset] = {
    "ba": Preset(
        name="Bundesagentur für Arbeit",
        domains="arbeitsagentur.de",
        hint=_(
            "The employment agency gives access to its directory on request. Ask your contact "
            "there; name and password come by encrypted mail, with server and search base."
        ),
    ),
    "bund": Preset(
        name="Verwaltungs-PKI",
        domains="bund.de",
        hint=_(
            "Directory of the federal administration. Server and search base stand in the papers "
            "of the office you work with."
        ),
    ),
    "dfn": Preset(
        name="DFN-PKI",
        hint=_(
            "Universities and research. Server and search base stand on the pages of the DFN, "
            "under “LDAP”."
        ),
    ),
    "dtrust": Preset(
        name="D-TRUST",
        hint=_(
            "Certificates of this provider, if their owners published them. Server and search "
            "base stand in the provider’s documents."
        ),
    ),
}
