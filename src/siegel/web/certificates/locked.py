"""A locked object: a file whose passphrase, typed in, turns it into a certificate."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from siegel.base.errors import (
    LimitExceeded,
    NotFound,
    SiegelError,
    TooManyAttempts,
    UnsupportedAlgorithm,
    WrongPassphrase,
)
from siegel.flows import mail_reopening, unlocking
from siegel.flows.importing import Imported
from siegel.flows.people import Role
from siegel.store.rows import LockedFileRow
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.certificates.facts import actor_name
from siegel.web.certificates.forms import PassphraseForm
from siegel.web.person import Person
from siegel.web.templatetags.siegel import plain


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def locked(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """The file, and the field that opens it."""
    row = _row(number, person)
    form = PassphraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            imported = _unlocked(form, number, person)
        except SiegelError as error:
            form.add_error("passphrase", _reason(error))
        else:
            messages.success(request, _done(row, imported))
            return redirect("certificates:one", imported.own[0].fingerprint)
    context = {"row": row, "title": plain(row.name), "form": form, "who": _who(row)}
    return render(request, "certificates/locked.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def remove(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Asks first: the file may be the only copy of a key."""
    row = _row(number, person)
    if request.method == "POST":
        unlocking.remove(number, by=person.actor, at=clock.now())
        messages.success(request, _("“%(name)s” is removed.") % {"name": plain(row.name)})
        return redirect("certificates:list")
    context = {"row": row, "who": _who(row)}
    return render(request, "certificates/locked_remove.html", context)


def _who(row: LockedFileRow) -> str:
    return actor_name(row.uploaded_by)


def _row(number: int, person: Person) -> LockedFileRow:
    try:
        return unlocking.one(number, by=person.actor, anyones=person.is_certificate_manager)
    except NotFound as error:
        raise Http404 from error


def _unlocked(form: PassphraseForm, number: int, person: Person) -> Imported:
    """What waited for its key opens with it."""
    site, at = running.site(), clock.now()
    imported = unlocking.unlock(number, form.secret(), site.vault, by=person.actor, at=at)
    mail_reopening.reopen(imported.accounts, site, at=at)
    return imported


def _reason(error: SiegelError) -> str:
    if isinstance(error, WrongPassphrase):
        return _("This passphrase does not fit. Capital letters count, and so does every sign.")
    if isinstance(error, TooManyAttempts):
        minutes = unlocking.ATTEMPTS_WITHIN.seconds // 60
        return _("That was too often. Wait %(n)s minutes, then try again.") % {"n": minutes}
    if isinstance(error, NotFound):
        return _("Somebody else has opened or removed the file in the meantime.")
    if isinstance(error, UnsupportedAlgorithm | LimitExceeded):
        return _("The file is protected in a way that nobody here can read.")
    return _("The passphrase fits, but the file holds no private key with its certificate.")


def _done(row: LockedFileRow, imported: Imported) -> str:
    if imported.without_account:
        return _("“%(name)s” is open. There is no mail account for %(address)s yet.") % {
            "name": plain(row.name),
            "address": imported.without_account[0],
        }
    return _("“%(name)s” is open; the certificate can be used.") % {"name": plain(row.name)}
