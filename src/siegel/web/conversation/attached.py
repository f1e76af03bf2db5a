"""An attached message on a page of its own: opened and judged by itself, whoever passed it on."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siegel.base.errors import NotFound
from siegel.flows import mail_reading
from siegel.flows.people import Role
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.conversation import facts
from siegel.web.conversation.message import Line, opened
from siegel.web.conversation.views import FRAMES, LONGEST_TITLE
from siegel.web.conversation.ways import way_of
from siegel.web.conversation.wishes import number_in, wishes_of
from siegel.web.person import Person, language_of
from siegel.web.policies import besides
from siegel.web.templatetags.siegel import plain


@require_safe
@for_role(Role.MEMBER)
def attached(request: HttpRequest, person: Person, item: int) -> HttpResponse:
    way = way_of(request)
    if not way:
        raise Http404
    try:
        shown = mail_reading.read(item, person.email, running.site(), at=clock.now(), way=way)
    except NotFound:
        raise Http404 from None
    wishes = wishes_of(request, item)
    language = language_of(request)
    message = opened(shown, wishes, language, consented=False)
    context = {
        "title": plain(shown.subject, LONGEST_TITLE) or _("No subject"),
        "line": Line(head=facts.head_of_attached(shown, wishes, language), opened=message),
        "item": shown.item,
        "anyway": number_in(request, "anyway"),
    }
    return besides(FRAMES, render(request, "conversation/attached.html", context), request)
