"""„Anleitung schicken“: a partner gets a signed mail with the steps, the guide on paper, and our
certificate. Whoever answers it signed can be written to encrypted from then on.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows import mail_access
from siegel.flows.certificates import judged
from siegel.flows.exporting import Exported, export_public, public_file
from siegel.flows.own_certificates import to_give
from siegel.flows.signed_letters import send_signed
from siegel.flows.site import Site
from siegel.pki.export import ExportFormat
from siegel.policy.actions import Action
from siegel.policy.roles import Role
from siegel.store.queries import accounts, journal
from siegel.store.rows import CertificateRow
from siegel.transport.replies import Reply
from siegel.wording.guides.letter import guide_letter
from siegel.wording.guides.model import Guide
from siegel.wording.letters import Letter

SENDERS_SHOWN = 200  # accounts to choose from; who has more of them begins at the certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What goes to the partner, shown before it goes. ``guide`` is complete."""

    sender: EmailAddress
    guide: Guide
    letter: Letter
    files: tuple[Exported, ...]


def senders(user: EmailAddress, roles: Collection[Role], at: datetime) -> tuple[EmailAddress, ...]:
    """Accounts in whose name this person may send it: those with a certificate to give that the
    person writes for; for certificate managers, who introduce the office, all of them."""
    if {Role.CERTIFICATE_MANAGER, Role.ADMINISTRATOR}.isdisjoint(roles):
        every = mail_access.writable(user, at=at)
    else:
        every = tuple(row.address for row in accounts.list_all() if row.active)
    return tuple(to_give(every[:SENDERS_SHOWN], at))


def packed(
    sender: EmailAddress, guide: Guide, paper: bytes, *, organisation: str, at: datetime
) -> Package:
    """Raises ``NotFound`` for an account without a certificate to give."""
    found = to_give([sender], at).get(sender)
    if found is None:
        raise NotFound(f"{sender} has no certificate to give")
    name = f"{guide.slug}-{guide.language.value}.pdf"
    return Package(
        sender=sender,
        guide=guide,
        letter=guide_letter(guide, sender=str(sender), organisation=organisation),
        files=(
            export_public(found.fingerprint, ExportFormat.DER, at),
            *_authorities_of(found, at),
            Exported(name=name, media_type="application/pdf", data=paper),
        ),
    )


def _authorities_of(row: CertificateRow, at: datetime) -> Iterator[Exported]:
    for authority in judged([row], at)[0].chain:
        yield public_file(authority, (), ExportFormat.DER)


def send_guide(package: Package, to: EmailAddress, site: Site, *, by: str, at: datetime) -> Reply:
    """250 when the next hop has it."""
    reply = send_signed(package.sender, to, package.letter, package.files, site, at=at)
    if reply.accepted:
        guide = package.guide
        journal.write(
            at=at,
            actor=by,
            action=Action.GUIDE_SENT,
            about=str(package.sender),
            recipients=[str(to)],
            detail={"guide": guide.slug, "language": guide.language.value},
        )
    return reply
