"""What only an office knows, for its guides: names, addresses, authorities with fingerprints."""

from collections.abc import Mapping
from dataclasses import dataclass

from siegel.wording.guides.phrases import PHRASES
from siegel.wording.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouching:
    """An authority of the chain above the office's certificates. ``file``: a plain name;
    ``url``: "" where nothing can be loaded."""

    name: str
    fingerprint: str
    is_root: bool
    file: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherLink:
    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideFacts:
    """``site``: where partners begin, a whole URL; "" while the site is closed. ``address``,
    ``file`` and ``file_url``: of the certificate that this reader wants, "" if that is open.
    ``own_key``: where a partner makes a key with our authority; ``robot``: the address that answers
    trials. "" = not offered here."""

    office: str
    site: str
    address: str = ""
    file: str = ""
    file_url: str = ""
    chain: tuple[Vouching, ...] = ()
    issuers: tuple[FurtherLink, ...] = ()
    own_key: str = ""
    robot: str = ""
    robot_page: str = ""
    contact_address: str = ""
    contact_phone: str = ""

    def values(self, language: Language) -> Mapping[str, str]:
        """For the places in texts; what is not known gets a general word."""
        said = PHRASES[language]
        root = next((one.file for one in self.chain if one.is_root), "")
        return {
            "office": self.office or said["our_office"],
            "address": self.address or said["our_address"],
            "site": self.site or said["us"],
            "file": self.file or said["a_file"],
            "root_file": root or said["a_root_file"],
        }
