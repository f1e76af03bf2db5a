"""The bar as the template shows it: where somebody is, what to do there, and where that is."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from siegel.flows import tour
from siegel.flows.tour import Exhibit, Progress, Step
from siegel.web.person import person_of

# the page on which a step is done; one that is not installed is left out
_PAGES = {
    Step.DROP: "certificates:list",
    Step.UNLOCK: "certificates:list",
    Step.TRUST: "trust:overview",
    Step.READ: "inbox:home",
    Step.JOURNAL: "journal:list",
    Step.ASK: "rules:explain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """``number`` None: the tour is over. ``is_here``: this is the page of the step. ``unfolded``:
    there, on what lies below, and on the first page; elsewhere it is one line."""

    exhibit: Exhibit
    number: int | None
    steps: tuple[int, ...]
    done: bool
    page: str
    is_here: bool
    unfolded: bool


def panel_of(request: HttpRequest) -> Panel | None:
    """None for strangers, outside a demo, and for those who closed it."""
    person = person_of(request)
    shown = exhibit()
    if person is None or shown is None:
        return None
    progress = tour.progress(person.email, shown)
    return None if progress.closed else _panel(request, shown, progress)


def exhibit() -> Exhibit | None:
    return tour.read(settings.SIEGEL_DATA_DIR) if settings.SIEGEL.web.demo else None


def _panel(request: HttpRequest, shown: Exhibit, progress: Progress) -> Panel:
    page = page_of_step(progress.step, shown)
    path = page.partition("?")[0]
    return Panel(
        exhibit=shown,
        number=progress.step,
        steps=tuple(Step),
        done=progress.done,
        page=page,
        is_here=request.path == path,
        unfolded=request.path == reverse("start") or request.path.startswith(path),
    )


def page_of_step(step: Step | None, shown: Exhibit) -> str:
    """ "" where there is none; the question of the last step is asked already."""
    if step is None:
        return ""
    try:
        page = reverse(_PAGES[step])
    except NoReverseMatch:
        return ""
    if step is not Step.ASK:
        return page
    return f"{page}?{urlencode({'sender': shown.sender, 'to': shown.recipient})}"
