"""What a campaign leaves to do elsewhere: uploads at authorities' portals, the partner page."""

from dataclasses import dataclass
from datetime import datetime

from siegel.flows import checklists, publishing, reissuing_telling
from siegel.store.queries import reissue_notices, reissues
from siegel.store.reissue_rows import CampaignRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """``uploads``: steps of checklists of these accounts that are due. ``published``: old ones that
    everybody still finds. ``partners``: mails that somebody could send, planned ones included."""

    uploads: int
    published: int
    partners: int


def remaining(campaign: CampaignRow, at: datetime) -> Remaining:
    accounts = frozenset(reissue_notices.accounts(campaign.id, replaced=True))
    old = reissues.replaced_ones(campaign.id)
    return Remaining(
        uploads=sum(each.checklist.account in accounts for each in checklists.due(at)),
        published=len(publishing.by_fingerprints(old, at)),
        partners=reissuing_telling.preview(campaign.id).mails,
    )
