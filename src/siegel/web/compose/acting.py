"""What the buttons of the page do. Whatever is pressed, nothing that was typed is lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from siegel.base.errors import Conflict, NotFound, SiegelError
from siegel.flows import (
    draft_copies,
    drafts,
    handing_over,
    looking_up,
    outbox,
    outbox_undo,
    replying,
)
from siegel.flows.drafts import Attached, Draft, Upload, Way
from siegel.flows.outbox import OutboxState
from siegel.flows.recipient_standing import Standings
from siegel.store.outbox_rows import OutboxRow
from siegel.web import running
from siegel.web.compose import facts, page
from siegel.web.compose.page import Desk
from siegel.web.person import Person, language_of
from siegel.web.templatetags.siegel import plain
from siegel.web.uploads import limit_of
from siegel.wording.outbox_letters import obstacle_lines, reason_lines

_REFUSED = "compose_refused"  # in the session: files that were not attached, shown once


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One press of a button."""

    request: HttpRequest
    person: Person
    at: datetime

    @property
    def asked(self) -> str:
        return self.request.POST.get("do", "")


def act(request: HttpRequest, person: Person, desk: Desk, at: datetime) -> HttpResponse:
    now = Moment(request=request, person=person, at=at)
    name, _sign, argument = now.asked.partition(":")
    deed = _DEEDS.get(name)
    if deed is None:  # a recipient more or less, or a look at how it stands
        return _page(now, desk)
    try:
        return deed(now, desk, argument)
    except Conflict:
        if name == "autosave":
            return JsonResponse({"saved": False}, status=409)
        return _page(now, desk, changed_elsewhere=True)


def refused_before(request: HttpRequest, desk: Desk) -> dict[str, object]:
    """Files that were not attached a moment ago."""
    kept = request.session.get(_REFUSED)
    if desk.draft is None or not kept or kept["draft"] != desk.draft.id:
        return {}
    del request.session[_REFUSED]
    return {"refused": [(plain(name), Attached(why)) for name, why in kept["files"]]}


def thrown_away(draft: Draft, person: Person, at: datetime) -> None:
    draft_copies.take_away(draft, person.email, at=at)
    drafts.discard(draft.id, person.email)


def saved_file(octets: bytes, name: str) -> HttpResponse:
    response = HttpResponse(octets, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, plain(name, 200)) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _save(now: Moment, desk: Desk, argument: str) -> HttpResponse:
    del argument
    draft = _kept(now, desk)
    on_server = draft_copies.put(draft, now.person.email, running.site(), at=now.at, now=True)
    messages.success(now.request, _said_of(draft, on_server))
    return _to(now, draft)


def _said_of(draft: Draft, on_server: bool) -> str:
    if on_server:
        return _("The draft is saved, encrypted also on your mail server.")
    if draft_copies.keeps_copies(draft.account):
        return _("The draft is saved here only: without a certificate none lies on the server.")
    return _("The draft is saved.")


def _autosave(now: Moment, desk: Desk, argument: str) -> HttpResponse:
    del argument
    draft = _kept(now, desk)
    draft_copies.put(draft, now.person.email, running.site(), at=now.at, now=False)
    said = _("Draft saved at %(time)s, encrypted") % {"time": moment_of_day(draft)}
    address = reverse("compose:edit", args=[draft.id])
    return JsonResponse(
        {"saved": True, "id": draft.id, "version": draft.version, "action": address, "said": said}
    )


def _apart(now: Moment, desk: Desk, argument: str) -> HttpResponse:
    """What was typed here becomes a draft of its own; the other one stays as it is."""
    del argument
    source = desk.draft
    draft = _kept(now, replace(desk, draft=None))
    for each in source.files if source is not None else ():
        octets = drafts.octets(source, each, running.site()) if source is not None else b""
        upload = Upload(
            name=each.name, media_type=each.media_type, octets=octets, carried=each.carried
        )
        drafts.attach(draft.id, upload, now.person.email, running.site())
    return _to(now, draft)


def _attach(now: Moment, desk: Desk, argument: str) -> HttpResponse:
    del argument
    draft = _kept(now, desk)
    refused = []
    for file in now.request.FILES.getlist("files"):
        name = file.name or _("file")
        upload = Upload(name=name, media_type=file.content_type or "", octets=file.read())
        result = drafts.attach(draft.id, upload, now.person.email, running.site())
        if result is not Attached.ATTACHED:
            refused.append((name[:200], result.value))
    if not now.request.FILES and _is_too_much(now.request):
        refused.append((_("The file"), Attached.TOO_LARGE.value))
    if refused:
        now.request.session[_REFUSED] = {"draft": draft.id, "files": refused[:20]}
    return _to(now, draft, anchor="files")


def _look_up(now: Moment, desk: Desk, argument: str) -> HttpResponse:
    """„In Verzeichnissen suchen“: for everybody to whom nothing can be encrypted yet."""
    del argument
    missing = [each.address for each in _standings(now, desk).recipients if not each.ready]
    found = looking_up.look_up(missing, running.site(), by=now.person.actor, at=now.at, again=True)
    language = language_of(now.request)
    return _page(now, desk, looked_up=[facts.looked_up(each, language) for each in found])


def _certificate(now: Moment, desk: Desk, argument: str) -> HttpResponse:
    """„Mein Zertifikat beilegen“."""
    del argument
    draft = _kept(now, desk)
    upload = handing_over.own_certificate(draft.written, draft.account, at=now.at)
    if upload is None:
        messages.error(now.request, _("This sender has no certificate that could be attached."))
    else:
        drafts.attach(draft.id, upload, now.person.email, running.site())
    return _to(now, draft, anchor="files")


def _detach(now: Moment, desk: Desk, argument: str) -> HttpResponse:
    draft = _kept(now, desk)
    if argument.isdigit():
        drafts.detach(draft.id, int(argument), now.person.email)
    return _to(now, draft, anchor="files")


def _drop_quote(now: Moment, desk: Desk, argument: str) -> HttpResponse:
    """The words of the other stay here; then the message may leave signed only."""
    del argument
    draft = _kept(now, replace(desk, written=replying.without_quote(desk.written)))
    drafts.drop_carried(draft, now.person.email)
    return _to(now, draft)


def _discard(now: Moment, desk: Desk, argument: str) -> HttpResponse:
    del argument
    if desk.draft is not None:
        return redirect("compose:discard", desk.draft.id)
    return redirect(page.back_of(now.request) or reverse("compose:drafts"))


def _send(now: Moment, desk: Desk, argument: str) -> HttpResponse:
    del argument
    draft = _kept(now, _as_suggested(now, desk))
    desk = replace(desk, draft=draft, written=draft.written)
    questions = _questions(now, desk)
    if questions:
        return _page(now, desk, questions=questions, asked=[each.mark for each in questions])
    try:
        item = handing_over.hand_over(
            draft, now.person.email, running.site(), by=now.person.actor, at=now.at
        )
    except (Conflict, NotFound):
        raise
    except SiegelError:
        messages.error(now.request, _("The message could not be made. It is kept as a draft."))
        return _to(now, draft)
    _tell(now, item)
    return redirect(page.back_of(now.request) or _home())


def _as_suggested(now: Moment, desk: Desk) -> Desk:
    """Whoever sends takes the choice that was ticked, if it is still the one that would be."""
    written = desk.written
    found = _standings(now, desk)
    waits = written.way is Way.RULE and found.ready < len(found.recipients)
    way = facts.settled(written, found)
    if waits and found.may_sign and now.request.POST.get("suggested") == way:
        return replace(desk, written=replace(written, way=way))
    return desk


def _standings(now: Moment, desk: Desk) -> Standings:
    account = drafts.account_for(desk.written.sender, now.person.email, at=now.at)
    types = [each.media_type for each in desk.draft.files] if desk.draft is not None else []
    return handing_over.standings_of(desk.written, account, types, at=now.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Asked before it leaves. ``blocks``: there is no sending without another answer."""

    mark: str
    text: str
    blocks: bool = False


def _questions(now: Moment, desk: Desk) -> list[Question]:
    """What keeps it here, else what is asked once."""
    kept = _in_the_way(now, desk)
    if kept:
        return kept
    asked = now.request.POST.getlist("asked")
    return [each for each in _doubts(desk) if each.mark not in asked]


def _in_the_way(now: Moment, desk: Desk) -> list[Question]:
    written = desk.written
    people = handing_over.people_of(written)
    found = _standings(now, desk)
    shown = facts.shown(written, found, now.person, language_of(now.request), now.at)
    if facts.holds_a_key(found):
        return [_blocking("key", shown.lock.about)]
    if shown.unreadable:
        return [_blocking("unreadable", _("One recipient is no e-mail address."))]
    if not people.everybody:
        return [_blocking("nobody", _("Name at least one recipient."))]
    if shown.choices and found.ready < len(found.recipients) and not _chosen(written.way, shown):
        return [_blocking("way", shown.question)]
    return []


def _chosen(way: Way, shown: facts.Shown) -> bool:
    """One of the choices, or the only sensible thing: nobody is ready, and nothing demands it."""
    values = [each.value for each in shown.choices]
    if way in values:
        return True
    return way is Way.RULE and Way.READY not in values and Way.SIGN in values


def _doubts(desk: Desk) -> list[Question]:
    written = desk.written
    found = []
    if not written.subject:
        found.append(Question(mark="subject", text=_("The subject is empty.")))
    has_files = desk.draft is not None and bool(desk.draft.files)
    if not has_files and replying.speaks_of_files(written.text):
        told = _("The text speaks of an attachment, but no file is attached.")
        found.append(Question(mark="files", text=told))
    if desk.doubtful:
        told = _(
            "The signature of the message that you answer is not good. Is it the right person?"
        )
        found.append(Question(mark="doubtful", text=told))
    if desk.asks_elsewhere and _goes_elsewhere(desk):
        told = _("The answer does not go to the checked sender %(address)s.")
        found.append(Question(mark="elsewhere", text=told % {"address": desk.asks_elsewhere}))
    return found


def _goes_elsewhere(desk: Desk) -> bool:
    to = [str(each.address) for each in handing_over.people_of(desk.written).everybody]
    return desk.asks_elsewhere not in to


def _blocking(mark: str, text: str) -> Question:
    return Question(mark=mark, text=text, blocks=True)


def _kept(now: Moment, desk: Desk) -> Draft:
    """Saved under the version that the form was made from."""
    site = running.site()
    if desk.draft is None:
        draft = drafts.start(desk.written, now.person.email, desk.kind, desk.item, site, at=now.at)
        if desk.carried and desk.item is not None:
            for upload in replying.files_of(desk.item, now.person.email, site, at=now.at):
                drafts.attach(draft.id, upload, now.person.email, site)
            draft = drafts.get(draft.id, now.person.email, site)
        return draft
    given = now.request.POST.get("version", "")
    version = int(given) if given.isdigit() else desk.draft.version
    return drafts.save(desk.draft.id, version, desk.written, now.person.email, site, at=now.at)


def _page(now: Moment, desk: Desk, **more: object) -> HttpResponse:
    shown = page.context(now.request, now.person, desk, now.at, **more)
    return render(now.request, "compose/write.html", shown)


def _to(now: Moment, draft: Draft, *, anchor: str = "") -> HttpResponse:
    address = reverse("compose:edit", args=[draft.id])
    back = page.back_of(now.request)
    query = f"?back={back}" if back else ""
    return redirect(f"{address}{query}{'#' if anchor else ''}{anchor}")


def _tell(now: Moment, item: int) -> None:
    row = outbox.get(item, now.person.email, at=now.at)
    if row.state is OutboxState.HELD:
        _tell_held(now, row)
        return
    seconds = outbox_undo.seconds_of(now.person.email)
    told = _("It leaves in %(seconds)s seconds.") if seconds else _("It leaves at once.")
    told %= {"seconds": seconds}
    messages.success(now.request, told, extra_tags=str(item) if seconds else "")


def _tell_held(now: Moment, row: OutboxRow) -> None:
    """The first reason; the others stand in the outbox, where the link leads."""
    language = language_of(now.request)
    own = obstacle_lines(row.obstacles.get("", ()), language)
    told = format_html(
        '{} {} <a href="{}">{}</a>',
        _("It does not leave yet: it is held in the outbox."),
        next(iter((*reason_lines(row.reasons, language), *own)), ""),
        reverse("outbox:show", args=[row.id]),
        _("Show it in the outbox"),
    )
    messages.warning(now.request, told)


def _home() -> str:
    try:
        return reverse("inbox:home")
    except NoReverseMatch:
        return reverse("compose:drafts")


def _is_too_much(request: HttpRequest) -> bool:
    size = request.META.get("CONTENT_LENGTH") or "0"
    return size.isdigit() and int(size) > limit_of(request.path)


def moment_of_day(draft: Draft) -> str:
    return f"{draft.saved_at:%H:%M}"


_DEEDS: Mapping[str, Callable[[Moment, Desk, str], HttpResponse]] = {
    "save": _save,
    "autosave": _autosave,
    "apart": _apart,
    "attach": _attach,
    "certificate": _certificate,
    "detach": _detach,
    "look_up": _look_up,
    "drop_quote": _drop_quote,
    "discard": _discard,
    "send": _send,
}
