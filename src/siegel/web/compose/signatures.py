"""Signature texts: lines below messages, of one account, kept by whoever writes there."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.flows import mail_access, signature_texts
from siegel.flows.people import Role
from siegel.store.writing_rows import SignatureTextRow
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.person import Person


class SignatureForm(forms.Form):
    account = forms.CharField(label=gettext_lazy("Account"))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        help_text=gettext_lazy("Only you and your colleagues see it."),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=signature_texts.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    by_default = forms.BooleanField(
        label=gettext_lazy("Stands under every new message"), required=False
    )

    def __init__(self, accounts: tuple[EmailAddress, ...], *given: object, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]  # passed on as Django takes it
        self.fields["account"] = forms.ChoiceField(
            label=gettext_lazy("Account"), choices=[(str(each), str(each)) for each in accounts]
        )


@require_safe
@for_role(Role.MEMBER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    found = signature_texts.mine(person.email, at=clock.now())
    return render(request, "compose/signatures.html", {"texts": found})


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    return _form(request, person, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def edit(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    return _form(request, person, _one(number, person))


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def remove(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    found = _one(number, person)
    if request.method == "POST":
        signature_texts.remove(number, person.email, at=clock.now())
        messages.success(request, _("The signature text is gone."))
        return redirect("compose:signatures")
    return render(request, "compose/signature_remove.html", {"text": found})


def _form(request: HttpRequest, person: Person, row: SignatureTextRow | None) -> HttpResponse:
    accounts = mail_access.writable(person.email, at=clock.now())
    if not accounts:
        raise Http404
    given = request.POST if request.method == "POST" else None
    form = SignatureForm(accounts if row is None else (row.account,), given, initial=_initial(row))
    if given is not None and form.is_valid() and _saved(form, person, row):
        messages.success(request, _("The signature text is saved."))
        return redirect("compose:signatures")
    return render(request, "compose/signature.html", {"form": form, "text": row})


def _saved(form: SignatureForm, person: Person, row: SignatureTextRow | None) -> bool:
    found = form.cleaned_data
    try:
        signature_texts.put(
            EmailAddress.parse(found["account"]),
            found["name"],
            found["text"],
            person.email,
            by_default=found["by_default"],
            by=person.actor,
            at=clock.now(),
            id_=row.id if row is not None else None,
        )
    except Conflict:
        form.add_error("name", _("There is a text with this name, or there are too many."))
        return False
    return True


def _initial(row: SignatureTextRow | None) -> dict[str, object]:
    if row is None:
        return {"by_default": True}
    return {
        "account": str(row.account),
        "name": row.name,
        "text": row.text,
        "by_default": row.by_default,
    }


def _one(number: int, person: Person) -> SignatureTextRow:
    try:
        return signature_texts.get(number, person.email, at=clock.now())
    except NotFound as error:
        raise Http404 from error
