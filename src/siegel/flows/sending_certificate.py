"""„Falls Ihr Partner das Zertifikat nicht übernehmen kann, schicken Sie es gesondert als Anhang.“

A signed mail of one of our accounts with its certificate as attachment, through the outbound flow
like every other mail: signed or not sent at all.
"""

from collections.abc import Collection
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows.exporting import export_public
from siegel.flows.signed_letters import send_signed
from siegel.flows.site import Site
from siegel.pki.export import ExportFormat
from siegel.policy.access import AccountRight, rights
from siegel.policy.actions import Action
from siegel.policy.roles import Role
from siegel.store.queries import (
    account_people,
    accounts,
    certificates,
    journal,
    keys,
    organisation,
)
from siegel.transport.replies import Reply
from siegel.wording.letters import Letter, certificate_letter
from siegel.wording.words import Language


def send_certificate(
    fingerprint: str,
    sender: EmailAddress,
    to: EmailAddress,
    language: Language,
    site: Site,
    *,
    by: str,
    at: datetime,
) -> Reply:
    """250 when the next hop has it. Raises ``NotFound`` for an unknown certificate or account."""
    accounts.get(sender)
    exported = export_public(fingerprint, ExportFormat.DER, at)
    reply = send_signed(sender, to, letter_of(sender, language), [exported], site, at=at)
    if reply.accepted:
        journal.write(
            at=at,
            actor=by,
            action=Action.CERTIFICATE_SENT,
            about=fingerprint,
            recipients=[str(to)],
            detail={"sender": str(sender)},
        )
    return reply


def letter_of(sender: EmailAddress, language: Language) -> Letter:
    """What the partner reads; shown before it goes."""
    return certificate_letter(language, sender=str(sender), organisation=organisation.get().name)


def senders(
    fingerprint: str, user: EmailAddress, roles: Collection[Role], at: datetime
) -> tuple[EmailAddress, ...]:
    """Accounts in whose name this person may send the certificate: those that sign with its key and
    that the person writes for; certificate managers, who introduce the office, for all of them."""
    row = certificates.get(fingerprint)
    owners = keys.accounts_of(row.spki_sha256)
    if not {Role.CERTIFICATE_MANAGER, Role.ADMINISTRATOR}.isdisjoint(roles):
        return owners
    return tuple(account for account in owners if _may_write(account, user, at))


def _may_write(account: EmailAddress, user: EmailAddress, at: datetime) -> bool:
    standing = account_people.standing(account, user)
    return AccountRight.WRITE_MAIL in rights(standing, (), at)
