"""What an office says in its guides: its names, its certificates, the authorities behind them.

Where pages lie is the web's business: ``Places`` says it. What is not published is not in a guide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows import help_links, publishing
from siegel.flows.exporting import file_name
from siegel.flows.publishing_site import SiteRow
from siegel.pki.certificate import Certificate
from siegel.policy.robot import RobotRules
from siegel.wording.guides.facts import FurtherLink, GuideFacts, Vouching
from siegel.wording.help_links import HelpList
from siegel.wording.words import Language

MOST_AUTHORITIES = 8  # a chain has three; more of them nobody compares on one page


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Whole addresses; "" = not installed. ``authority``, ``certificate``: of the file of one."""

    site: str
    authority: Callable[[Certificate], str]
    certificate: Callable[[Certificate], str]
    own_key: str = ""
    robot_page: str = ""


NOWHERE = Places(site="", authority=lambda _: "", certificate=lambda _: "")
"""While the partner site is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``address``: whom this reader writes to; passed over if its certificate is not published."""

    language: Language
    address: EmailAddress | None = None
    at: datetime


def gathered(
    site: SiteRow, places: Places, asked: Asked, robot: RobotRules | None = None
) -> GuideFacts:
    language, address, at = asked.language, asked.address, asked.at
    rows = publishing.published(address, at) if address is not None else ()
    mine = rows[0].certificate if rows else None
    return GuideFacts(
        office=site.texts[language].name,
        site=places.site,
        address=str(address) if mine is not None else "",
        file=f"{file_name(mine)}.cer" if mine is not None else "",
        file_url=places.certificate(mine) if mine is not None else "",
        chain=tuple(_vouching(one, places) for one in publishing.chain_files(at))[
            :MOST_AUTHORITIES
        ],
        issuers=_issuers(language),
        own_key=places.own_key,
        robot=str(robot.address) if robot is not None else "",
        robot_page=places.robot_page,
        contact_address=str(site.contact_address or ""),
        contact_phone=site.contact_phone,
    )


def _vouching(authority: Certificate, places: Places) -> Vouching:
    return Vouching(
        name=authority.common_name or authority.organisation or authority.fingerprint[:16],
        fingerprint=authority.fingerprint,
        is_root=authority.is_self_issued,
        file=f"{file_name(authority)}.cer",
        url=places.authority(authority),
    )


def _issuers(language: Language) -> tuple[FurtherLink, ...]:
    return tuple(
        FurtherLink(title=one.titles[language], url=one.url, note=one.notes[language])
        for one in help_links.listed(HelpList.CA).links
    )
