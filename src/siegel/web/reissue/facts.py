"""Campaigns as the pages show them: mark, word, reason, one action."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from siegel.flows.reissuing import Campaign, Item
from siegel.flows.reissuing_finding import Finding, Found
from siegel.flows.reissuing_remaining import Remaining
from siegel.policy.reissue import Affected, Step
from siegel.store.reissue_rows import CampaignState
from siegel.web.certificate_names import name_of
from siegel.wording.reissue import reissue_words
from siegel.wording.words import Language

_LOOKS = {
    Step.ORDER: ("is-todo", "clock"),
    Step.LOOK: ("is-bad", "warning"),
    Step.AWAIT: ("is-todo", "clock"),
    Step.SWITCH: ("is-todo", "cert"),
    Step.TELL: ("is-todo", "mail"),
    Step.REVOKE: ("is-warn", "cert"),
    Step.DONE: ("is-good", "check"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One certificate of a campaign. ``old``, ``new``: where they are shown."""

    about: str
    state: str
    icon: str
    tag: str
    why: str
    detail: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    title: str
    why: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Something that is left: how many, what it means, and where it is done ("" = here)."""

    number: int
    title: str
    why: str
    action: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    about: str
    name: str
    address: str
    tag: str
    follows: bool


def look_of(campaign: Campaign) -> tuple[str, str, str]:
    """State, icon and word of the whole."""
    row, figures = campaign.row, campaign.figures
    if row.state is CampaignState.ENDED:
        return "is-open", "check", _("Ended")
    if row.started_at is None:
        return "is-todo", "draft", _("Not started")
    if figures.problems:
        return "is-warn", "warning", _("Needs you")
    if row.state is CampaignState.STOPPED:
        return "is-open", "clock", _("Stopped")
    if figures.open:
        return "is-todo", "clock", _("Certificates are being replaced")
    return "is-good", "check", _("All new certificates are there")


def lines_of(items: Iterable[Item], language: Language) -> list[Line]:
    return [_line(item, language) for item in items]


def _line(item: Item, language: Language) -> Line:
    row = item.row
    state, icon = _LOOKS[item.step]
    said = reissue_words(item.step, language)
    if row.problem is not None:
        said = reissue_words(row.problem, language)
    new = row.replacement
    return Line(
        about=str(row.account),
        state=state,
        icon=icon,
        tag=said.title,
        why=said.sentence,
        detail=row.detail,
        old=reverse("certificates:one", args=[row.old]),
        new="" if new is None else reverse("certificates:one", args=[new]),
    )


def counts_of(finding: Finding, language: Language) -> list[Count]:
    """What becomes of what was found, with how many."""
    counts: Mapping[Affected, int] = finding.counts
    return [
        Count(title=said.title, why=said.sentence, number=counts.get(each, 0))
        for each in Affected
        for said in [reissue_words(each, language)]
        if counts.get(each, 0)
    ]


def preview_of(found: Iterable[Found], language: Language) -> list[PreviewLine]:
    return [
        PreviewLine(
            about=str(each.row.account or next(iter(each.row.addresses), "")),
            name=name_of(each.row.certificate),
            address=reverse("certificates:one", args=[each.row.fingerprint]),
            tag=reissue_words(each.standing, language).title,
            follows=each.leader is not None,
        )
        for each in found
    ]


def rests_of(campaign: Campaign, left: Remaining, *, switched: bool) -> list[Rest]:
    """What remains, the next thing first."""
    number, figures = campaign.row.id, campaign.figures
    found = (
        Rest(
            number=figures.open,
            title=_("without a new certificate"),
            why=_("They come by themselves, or wait for an answer from outside."),
            action=_("Keys and requests"),
            address=_where("keys:list"),
        ),
        Rest(
            number=0 if switched else figures.replaced,
            title=_("sign with the old certificate"),
            why=_("Choose the moment from which the new ones sign."),
            action="",
            address="",
        ),
        Rest(
            number=max(0, left.partners - figures.partners),
            title=_("partners to tell"),
            why=_("You see text and list before. Each gets one mail."),
            action=_("Tell partners"),
            address=reverse("reissue:partners", args=[number]),
        ),
        Rest(
            number=figures.untold,
            title=_("partners not told yet"),
            why=_("Their mails wait and leave by themselves."),
            action=_("Tell partners"),
            address=reverse("reissue:partners", args=[number]),
        ),
        Rest(
            number=figures.not_told,
            title=_("partners not reached"),
            why=_("Their mail server refused the mail. Call them."),
            action=_("See which"),
            address=reverse("reissue:partners", args=[number]),
        ),
        Rest(
            number=left.uploads,
            title=_("uploads at authorities' portals"),
            why=_("Portals keep the old certificate until you upload the new one."),
            action=_("Authorities' portals"),
            address=_where("checklists:list"),
        ),
        Rest(
            number=left.published,
            title=_("old certificates on the partner page"),
            why=_(
                "Partners find the new one beside it. The old one goes when it ends or is revoked."
            ),
            action=_("Partner page"),
            address=_where("publishing:overview"),
        ),
        Rest(
            number=figures.to_revoke,
            title=_("old certificates still count"),
            why=_("Those of our own authority can be revoked once the new ones sign."),
            action=_("Revoke the old ones") if switched else "",
            address=reverse("reissue:revoke", args=[number]) if switched else "",
        ),
    )
    return [each for each in found if each.number]


def _where(view: str) -> str:
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
