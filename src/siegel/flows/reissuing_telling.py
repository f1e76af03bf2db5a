"""Tell partners that we have new certificates: one signed mail for each of them, with the new one.

Partners are those with whom an affected account corresponds in secret, or who were sent its
certificate. A mail leaves through the outbound flow like every other one: signed or not at all. Its
octets follow from what is stored, so that after a kill the very same mail is handed over again, and
the outbound flow knows what it has handed over already.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, SiegelError
from siegel.flows import outbound
from siegel.flows.exporting import export_public
from siegel.flows.signed_letters import written
from siegel.flows.site import Site
from siegel.pki.export import ExportFormat
from siegel.policy.actions import Action
from siegel.store.queries import correspondents, journal, reissue_notices, reissues
from siegel.store.queries.reissues import CampaignState
from siegel.store.reissue_rows import CampaignRow, NoticeRow
from siegel.store.transaction import together
from siegel.transport.envelope import Envelope, Role
from siegel.transport.replies import Reply
from siegel.wording.letters import Letter

AT_ONCE = 10  # mails of one round
GIVE_UP_AFTER = timedelta(days=3)
_RULE = "-" * 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Whom it would tell, by account."""

    partners: Mapping[EmailAddress, tuple[EmailAddress, ...]]

    @property
    def mails(self) -> int:
        return sum(len(found) for found in self.partners.values())

    def first(self, most: int) -> tuple[tuple[EmailAddress, tuple[EmailAddress, ...], int], ...]:
        """(account, partners, how many more): no more than so many partners in all."""
        shown, left = [], most
        for account, found in self.partners.items():
            part = found[: max(0, left)]
            left -= len(part)
            shown.append((account, part, len(found) - len(part)))
        return tuple(shown)


def preview(campaign: int) -> Telling:
    """For each account that has its new certificate the partners who hear of it."""
    accounts = reissue_notices.accounts(campaign, replaced=True)
    partners: dict[EmailAddress, list[EmailAddress]] = {}
    for account, partner in sorted(correspondents.of_accounts(accounts), key=_spelled):
        partners.setdefault(account, []).append(partner)
    return Telling(partners={account: tuple(found) for account, found in partners.items()})


def not_reached(campaign: int, *, limit: int = 50) -> tuple[NoticeRow, ...]:
    """Whose mail server refused the mail, or did not answer for days."""
    return reissue_notices.failed(campaign, limit=limit)


def rewrite(campaign: int, *, subject: str, german: str, english: str) -> None:
    """What partners read; ``Conflict`` once the first of them may have read it."""
    if reissues.get(campaign).telling_since is not None:
        raise Conflict("partners are being told already")
    reissues.note(campaign, subject=subject, german=german, english=english)


def tell(campaign: int, site: Site, *, by: str, at: datetime) -> int:
    """Plan the mails, also later for accounts that got theirs since; how many are new."""
    row = reissues.get(campaign)
    if row.started_at is None or row.state is CampaignState.ENDED:
        raise Conflict("it does not run")
    telling = preview(campaign)
    pairs = [
        (account, partner, f"<reissue-{campaign}-{site.rng(12).hex()}@{site.hostname}>")
        for account, found in telling.partners.items()
        for partner in found
    ]
    with together():
        new = reissue_notices.plan(campaign, pairs, at=at)
        reissues.note(campaign, telling_since=row.telling_since or at)
        detail = {"campaign": campaign, "mails": new}
        journal.write(at=at, actor=by, action=Action.REISSUE_TELLING, detail=detail)
    return new


def send_due(campaign: CampaignRow, site: Site, *, at: datetime) -> int:
    """Hand over some of what waits; how many were dealt with."""
    if campaign.telling_since is None:
        return 0
    found = reissue_notices.waiting(campaign.id, limit=AT_ONCE, at=at)
    for notice in found:
        _send(notice, campaign, site, at)
    return len(found)


def letter_of(campaign: CampaignRow) -> Letter:
    """Both languages in one mail: nobody knows which one a partner reads."""
    text = f"{campaign.german.strip()}\n\n{_RULE}\n\n{campaign.english.strip()}\n"
    return Letter(campaign.subject, text)


def _send(notice: NoticeRow, campaign: CampaignRow, site: Site, at: datetime) -> None:
    try:
        reply = _handed_over(notice, campaign, site, at)
    except SiegelError as error:
        reissue_notices.put_back(notice.id, error.code, next_try_at=at + _pause(notice))
        return
    answer = f"{reply.code} {reply.enhanced}"
    if reply.accepted:
        reissue_notices.sent(notice.id, at=at)
        site.transactions.forget(at)  # nobody waits for our answer, so nobody sends it again
    elif reply.code >= 500 or at - notice.planned_at >= GIVE_UP_AFTER:
        reissue_notices.failed_for_good(notice.id, answer, at=at)
    else:
        reissue_notices.put_back(notice.id, answer, next_try_at=at + _pause(notice))


def _handed_over(notice: NoticeRow, campaign: CampaignRow, site: Site, at: datetime) -> Reply:
    if notice.replacement is None:
        raise Conflict("its new certificate is gone")
    raw = written(
        notice.account,
        EmailAddress.parse(notice.partner),
        letter_of(campaign),
        [export_public(notice.replacement, ExportFormat.DER, notice.planned_at)],
        message_id=notice.message_id,
        boundary_from=lambda size: hashlib.sha256(notice.message_id.encode()).digest()[:size],
        dated=notice.planned_at,
    )
    envelope = Envelope(
        role=Role.OUTBOUND, sender=str(notice.account), recipients=(notice.partner,)
    )
    return outbound.relay(envelope, raw, site, at=at)


def _pause(notice: NoticeRow) -> timedelta:
    return timedelta(minutes=min(60, 2**notice.attempts))


def _spelled(pair: tuple[EmailAddress, EmailAddress]) -> tuple[str, str]:
    return str(pair[0]), str(pair[1])
