"""The page of one mailbox: choose where mail lies, find settings, try them, keep them."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound, TransportFailure
from siegel.flows import mailbox_finding, mailbox_trying, mailboxes
from siegel.flows.account_access import open_with
from siegel.flows.mailbox_trying import Trial
from siegel.flows.mailboxes import Credentials
from siegel.policy.access import AccountRight
from siegel.policy.roles import Role
from siegel.store.mailbox_rows import Authentication, MailboxRow, Settings
from siegel.web import clock, running
from siegel.web.access import for_role, recently
from siegel.web.mailboxes import consent, pending
from siegel.web.mailboxes.facts import shown, standing
from siegel.web.mailboxes.forms import MailboxForm, initial, of_servers
from siegel.web.person import Person, language_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who looks at which mailbox."""

    request: HttpRequest
    person: Person
    account: EmailAddress
    row: MailboxRow | None

    def form(self, data: object = None, **found: object) -> MailboxForm:
        site = running.site()
        return MailboxForm(
            data,
            initial={**initial(self.row, self.account), **found},
            providers=list(site.mail_servers.providers),
            has_password=pending.is_there(self.request)
            or (self.row is not None and self.row.has_credentials),
            plain=self.person.is_administrator or bool(site.mail_servers.reach.unencrypted_hosts),
        )

    def answer(
        self,
        form: MailboxForm,
        trials: tuple[Trial, ...] = (),
        settings: Settings | None = None,
        **more: object,
    ) -> HttpResponse:
        language = language_of(self.request)
        servers = () if settings is None else (settings.imap, settings.smtp)
        context = {
            "account": self.account,
            "row": self.row,
            "form": form,
            "standing": standing(self.row, language),
            "trials": [
                shown(trial, f"{server.host}:{server.port}", language)
                for trial, server in zip(trials, servers, strict=True)
            ],
            "is_here": self.row is not None and self.row.settings is None,
            **more,
        }
        return render(self.request, "mailboxes/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.MEMBER)
def edit(request: HttpRequest, person: Person, account: str) -> HttpResponse:
    desk = desk_for(request, person, account)
    if request.method != "POST":
        return desk.answer(desk.form())
    asked = request.POST.get("do", "")
    if asked == "here":
        return _deliver_here(desk)
    if asked in ("find", "guess"):
        return _find(desk, guess=asked == "guess")
    return _connect(desk, untried=asked == "keep")


@require_POST
@recently
@for_role(Role.MEMBER)
def test(request: HttpRequest, person: Person, account: str) -> HttpResponse:
    """Try what is kept."""
    desk = desk_for(request, person, account)
    if desk.row is None or desk.row.settings is None:
        raise Http404
    settings, site = desk.row.settings, running.site()
    try:
        kept = mailboxes.fresh(desk.account, settings, site, clock.now())
    except TransportFailure:
        kept = Credentials()
    trials = mailbox_trying.attempt(settings, kept, site)
    return desk.answer(desk.form(), trials, settings, was_kept=True)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.MEMBER)
def remove(request: HttpRequest, person: Person, account: str) -> HttpResponse:
    """GET says what will happen; POST does it."""
    desk = desk_for(request, person, account)
    if desk.row is None:
        raise Http404
    if request.method != "POST":
        return render(request, "mailboxes/remove.html", {"account": desk.account})
    mailboxes.remove(desk.account, by=person.actor, at=clock.now())
    messages.success(request, _("The mailbox is disconnected and its password deleted."))
    return redirect("accounts:detail", account=str(desk.account))


def desk_for(request: HttpRequest, person: Person, account: str) -> Desk:
    """404 also for what this person may not do: nobody learns what there is."""
    right = AccountRight.CONNECT_MAILBOX
    try:
        opened = open_with(right, account, person.email, person.roles, at=clock.now())
    except NotFound as error:
        raise Http404 from error
    address = opened.account.address
    return Desk(request=request, person=person, account=address, row=mailboxes.get(address))


def _deliver_here(desk: Desk) -> HttpResponse:
    mailboxes.deliver_here(desk.account, by=desk.person.actor, at=clock.now())
    messages.success(desk.request, _("Mail of this account is delivered here from now on."))
    return redirect("mailboxes:edit", account=str(desk.account))


def _find(desk: Desk, *, guess: bool) -> HttpResponse:
    found = mailbox_finding.find(desk.account, running.site(), guess=guess)
    if found is None:
        return desk.answer(desk.form(), not_found="guess" if guess else "find")
    form = desk.form(**of_servers(found.imap, found.smtp), method=found.method)
    return desk.answer(form, found=found)


def _connect(desk: Desk, *, untried: bool) -> HttpResponse:
    form = desk.form(desk.request.POST)
    if not form.is_valid():
        return desk.answer(form)
    settings = form.settings(hosts_approved=_may_be_private(desk, form))
    if settings.authentication is Authentication.OAUTH2:
        return consent.begin(desk.request, desk.account, settings)
    given = form.given() or pending.credentials(desk.request, desk.account, settings)
    if given is None and mailboxes.asks_again(desk.row, settings):
        form.add_error("password", _("Please enter the password for this server and name."))
        return desk.answer(form)
    if not untried:
        kept = given or mailboxes.credentials(desk.account, settings, running.site())
        trials = mailbox_trying.attempt(settings, kept, running.site())
        if not mailbox_trying.succeeded(trials):
            if given is not None:
                pending.put(desk.request, desk.account, settings, given)
            return desk.answer(form, trials, settings, may_keep=True)
    return _keep(desk, settings, given, untried=untried)


def _keep(
    desk: Desk, settings: Settings, given: Credentials | None, *, untried: bool
) -> HttpResponse:
    mailboxes.connect(
        desk.account, settings, given, running.site(), by=desk.person.actor, at=clock.now()
    )
    pending.forget(desk.request)
    if untried:
        messages.warning(desk.request, _("Saved as entered. Whether it works is not tested."))
    else:
        messages.success(desk.request, _("Both connections work. The mailbox is connected."))
    return redirect("mailboxes:edit", account=str(desk.account))


def _may_be_private(desk: Desk, form: MailboxForm) -> bool:
    """What an administrator enters, or entered before and nobody changed since."""
    if desk.person.is_administrator:
        return True
    before = None if desk.row is None else desk.row.settings
    said = form.settings(hosts_approved=False)
    return (
        before is not None
        and before.hosts_approved
        and (before.imap.host, before.imap.port) == (said.imap.host, said.imap.port)
        and (before.smtp.host, before.smtp.port) == (said.smtp.host, said.smtp.port)
    )
