"""„Warum wurde das nicht verschlüsselt?“ by Message-ID or recipient; for one's own mail everybody
may ask.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siegel.base.errors import MalformedAddress
from siegel.flows import journal_view
from siegel.flows import why as why_flow
from siegel.flows.why import Why
from siegel.policy.roles import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.journal.forms import WhyForm
from siegel.web.journal.telling import tell
from siegel.web.journal.views import sight
from siegel.web.person import Person, language_of


@require_safe
@for_role(Role.MEMBER)
def why(request: HttpRequest, person: Person) -> HttpResponse:
    asked = any(request.GET.get(name, "").strip() for name in ("message_id", "recipient"))
    form = WhyForm(request.GET if asked else None)
    found = _found(form, person) if asked and form.is_valid() else ()
    language = language_of(request)
    context = {
        "form": form,
        "asked": asked and not form.errors,
        "told": [tell(each, language) for each in found],
        "may_manage": person.is_certificate_manager,
    }
    return render(request, "journal/why.html", context)


def _found(form: WhyForm, person: Person) -> tuple[Why, ...]:
    said, at = form.cleaned_data, clock.now()
    senders = journal_view.may_ask_about_sender(sight(person))
    if said["message_id"].strip():
        return why_flow.of_message(said["message_id"], at=at, senders=senders)
    try:
        return why_flow.of_recipient(said["recipient"], at=at, senders=senders)
    except MalformedAddress:
        form.add_error("recipient", _("This is no e-mail address."))
        return ()
