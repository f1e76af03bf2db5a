"""People: the list, one person, inviting somebody."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, MalformedAddress, NotFound
from siegel.flows import people
from siegel.flows.account_access import accounts_of, left_alone_without
from siegel.flows.notices import send_notice
from siegel.flows.people import Invited
from siegel.policy.roles import Role
from siegel.store.rows import UserRow
from siegel.web import clock, keyset, running
from siegel.web.access import for_role, recently
from siegel.web.people.facts import invitation, line_of
from siegel.web.people.forms import InviteForm, RolesForm
from siegel.web.person import Person

PAGE = 50


@require_safe
@for_role(Role.ADMINISTRATOR)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    search = request.GET.get("q", "")[:200]
    after = keyset.address_in(request, keyset.AFTER)
    before = None if after else keyset.address_in(request, keyset.BEFORE)
    rows = people.page(at=clock.now(), search=search, after=after, before=before, limit=PAGE + 1)
    shown, has_older, has_newer = keyset.cut(request, rows, PAGE)
    context = {
        "lines": [line_of(row) for row in shown],
        "q": search,
        "page": keyset.neighbours(
            request, shown, lambda row: row.email, older=has_older, newer=has_newer
        ),
    }
    return render(request, "people/list.html", context)


@require_safe
@recently
@for_role(Role.ADMINISTRATOR)
def detail(request: HttpRequest, person: Person, email: str) -> HttpResponse:
    user = found(email)
    form = RolesForm(initial={"roles": [role.value for role in user.roles]})
    return render(request, "people/detail.html", shown(user, form, person))


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
@never_cache
def invite(request: HttpRequest, person: Person) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            invited = people.invite(
                said["email"],
                said["name"],
                form.chosen(),
                by=person.actor,
                at=clock.now(),
                rng=running.site().rng,
            )
        except Conflict:
            form.add_error("email", _("This person is known already."))
        else:
            return linked(request, said["email"], invited)
    return render(request, "people/invite.html", {"form": form})


def linked(request: HttpRequest, email: EmailAddress, invited: Invited) -> HttpResponse:
    """The page that shows the link, once: the store has only its hash. It is mailed as well."""
    path = reverse("people:welcome", kwargs={"token": invited.token.reveal().decode()})
    link = (settings.SIEGEL.web.url or f"{request.scheme}://{request.get_host()}") + path
    subject, text = invitation(settings.SIEGEL.organisation.name or "Siegel", link, invited.ends_at)
    was_sent = send_notice(running.site(), email, subject, text, at=clock.now())
    if not was_sent:
        messages.warning(request, _("The mail could not be sent. Pass the link on yourself."))
    context = {"email": email, "link": link, "ends_at": invited.ends_at, "was_sent": was_sent}
    return render(request, "people/invited.html", context)


def found(email: str) -> UserRow:
    try:
        return people.find(EmailAddress.parse(email), at=clock.now())
    except (NotFound, MalformedAddress) as error:
        raise Http404 from error


def shown(user: UserRow, form: RolesForm, person: Person) -> dict[str, object]:
    at = clock.now()
    return {
        "line": line_of(user),
        "form": form,
        "accounts": accounts_of(user.email),
        "alone": left_alone_without(user.email, at=at) if user.active else (),
        "is_oneself": user.email == person.email,
    }
