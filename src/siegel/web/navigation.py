"""The navigation: which pages there are, for whom, and what waits there."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from siegel.flows.mail_list import Waiting
from siegel.flows.people import Role
from siegel.web.person import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """``view`` is the name of a URL; pages below it (``view:…`` or the same namespace) mark it as
    the current one, or with ``also`` only it and those named. ``tab``: also in the bar of a phone;
    ``aside``: nowhere else, because the frame has a button of its own. ``figure``: what waits."""

    view: str
    label: Promise
    icon: str
    role: Role = Role.MEMBER
    tab: Promise | None = None
    also: tuple[str, ...] | None = None
    aside: bool = False
    figure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """``mail``: only for those who work with a mail account."""

    label: Promise
    entries: tuple[Entry, ...]
    mail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry as this page shows it."""

    address: str
    label: str
    icon: str
    current: bool
    tab: str
    aside: bool
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    label: str
    links: tuple[Link, ...]


GROUPS = (
    Group(
        label=pgettext_lazy("navigation", "Mail"),
        mail=True,
        entries=(
            Entry(
                view="inbox:home",
                label=_("Inbox"),
                icon="inbox",
                tab=_("Inbox"),
                also=("inbox:folder", "conversation:show", "conversation:source"),
                figure="unread",
            ),
            Entry(
                view="compose:new",
                label=_("New message"),
                icon="compose",
                tab=_("Write"),
                also=("compose:edit", "compose:reply", "compose:forward"),
                aside=True,
            ),
            Entry(
                view="inbox:assigned",
                label=_("Assigned to me"),
                icon="assigned",
                also=(),
                figure="assigned",
            ),
            Entry(view="compose:drafts", label=_("Drafts"), icon="draft", also=()),
            Entry(view="outbox:list", label=_("Outbox"), icon="outbox"),
            Entry(view="inbox:sent", label=_("Sent"), icon="send", also=()),
        ),
    ),
    Group(
        label=_("Security"),
        entries=(
            Entry(view="start", label=_("Overview"), icon="assigned", tab=_("Overview")),
            Entry(
                view="certificates:list",
                label=_("X.509 certificates"),
                icon="cert",
                tab=_("Certificates"),
            ),
            Entry(
                view="keys:list",
                label=_("Keys and requests"),
                icon="key",
                role=Role.CERTIFICATE_MANAGER,
            ),
            Entry(
                view="expiry:overview",
                label=_("What ends"),
                icon="clock",
                role=Role.CERTIFICATE_MANAGER,
                also=(
                    "expiry:calendar",
                    "reissue:list",
                    "reissue:new",
                    "reissue:one",
                    "reissue:partners",
                    "reissue:revoke",
                ),
            ),
            Entry(
                view="authority:list",
                label=_("Our authority"),
                icon="anchor",
                role=Role.CERTIFICATE_MANAGER,
            ),
            Entry(view="contacts:list", label=_("Contacts"), icon="partner"),
            Entry(
                view="trust:overview",
                label=_("Trust"),
                icon="anchor",
                role=Role.CERTIFICATE_MANAGER,
                tab=_("Trust"),
            ),
            Entry(view="rules:overview", label=_("Rules"), icon="rules", tab=_("Rules")),
            Entry(view="journal:list", label=_("Journal"), icon="journal", tab=_("Journal")),
        ),
    ),
    Group(
        label=_("For partners"),
        entries=(
            Entry(
                view="publishing:overview",
                label=_("Partner page"),
                icon="upload",
                role=Role.CERTIFICATE_MANAGER,
            ),
            Entry(view="office_guides:list", label=_("Guides"), icon="help"),
            Entry(
                view="checklists:list",
                label=_("Authorities' portals"),
                icon="assigned",
                role=Role.CERTIFICATE_MANAGER,
            ),
            Entry(
                view="lookups:list",
                label=_("Directories"),
                icon="search",
                role=Role.CERTIFICATE_MANAGER,
            ),
        ),
    ),
    Group(
        label=_("Office"),
        entries=(
            Entry(view="accounts:list", label=_("Mail accounts"), icon="mail"),
            Entry(view="people:list", label=_("People"), icon="person", role=Role.ADMINISTRATOR),
            Entry(view="health:overview", label=_("Health"), icon="clock", role=Role.ADMINISTRATOR),
        ),
    ),
)


def shelves(request: HttpRequest, person: Person, waiting: Waiting) -> tuple[Shelf, ...]:
    """What this person may open. A part that is not installed is left out."""
    groups = (group for group in GROUPS if waiting.accounts or not group.mail)
    found = (
        Shelf(label=str(g.label), links=tuple(_links(request, person, g, waiting))) for g in groups
    )
    return tuple(shelf for shelf in found if shelf.links)


def tabs(shown: tuple[Shelf, ...]) -> tuple[Link, ...]:
    """At most four for the bar of a phone; the fifth is the whole navigation."""
    return tuple(link for shelf in shown for link in shelf.links if link.tab)[:4]


def writing(shown: tuple[Shelf, ...]) -> str:
    """Where a new message is written; "" for those who write none."""
    links = (link for shelf in shown for link in shelf.links)
    return next((link.address for link in links if link.aside), "")


def _links(request: HttpRequest, person: Person, group: Group, waiting: Waiting) -> Iterator[Link]:
    here = request.resolver_match
    for entry in group.entries:
        if not person.may(entry.role):
            continue
        try:
            address = reverse(entry.view)
        except NoReverseMatch:
            continue
        current = here is not None and _is_current(here.view_name, entry)
        yield Link(
            address=address,
            label=str(entry.label),
            icon=entry.icon,
            current=current,
            tab=str(entry.tab) if entry.tab is not None else "",
            aside=entry.aside,
            count=getattr(waiting, entry.figure) if entry.figure else 0,
        )


def _is_current(view: str, entry: Entry) -> bool:
    if entry.also is not None:
        return view in (entry.view, *entry.also)
    return _same_part(view, entry.view)


def _same_part(view: str, entry: str) -> bool:
    part = entry.partition(":")[0]
    return view == entry or (":" in entry and view.startswith(f"{part}:"))
