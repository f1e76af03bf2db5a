"""What people enter about a mailbox. A password that was given is never shown again."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.flows.mailboxes import Credentials
from siegel.store.mailbox_rows import (
    Authentication,
    MailboxRow,
    Security,
    ServerRow,
    Settings,
)

LONGEST_HOST, LONGEST_USER, LONGEST_PASSWORD = 255, 400, 1000
_SECURITY = (
    (Security.TLS.value, _("TLS (encrypted from the beginning)")),
    (Security.STARTTLS.value, _("STARTTLS (encrypted after the greeting)")),
)
_NONE = (Security.NONE.value, _("Without encryption"))
PASSWORD = "password"  # noqa: S105 - names a method
PROVIDERS = {
    "microsoft": _("Sign in at Microsoft"),
    "google": _("Sign in at Google"),
    "other": _("Sign in at the provider"),
}


def _host(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_HOST, widget=_line("url"))


def _port() -> forms.IntegerField:
    return forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)


def _line(mode: str) -> forms.TextInput:
    return forms.TextInput(
        attrs={"inputmode": mode, "autocapitalize": "none", "spellcheck": "false"}
    )


class MailboxForm(forms.Form):
    """Login, and the two servers. ``plain``: whether connections without TLS can be chosen."""

    method = forms.ChoiceField(label=_("How Siegel signs in"), widget=forms.RadioSelect)
    user = forms.CharField(
        label=_("Login name"),
        max_length=LONGEST_USER,
        widget=_line("email"),
        help_text=_("Often the whole e-mail address."),
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    imap_host = _host(_("Server (IMAP)"))
    imap_port = _port()
    imap_security = forms.ChoiceField(label=_("Connection"))
    smtp_host = _host(_("Server (SMTP)"))
    smtp_port = _port()
    smtp_security = forms.ChoiceField(label=_("Connection"))
    smtp_user = forms.CharField(
        label=_("Login name for sending"),
        required=False,
        max_length=LONGEST_USER,
        widget=_line("email"),
        help_text=_("Only if it is another one."),
    )

    def __init__(
        self, *args: object, providers: Iterable[str], plain: bool, **options: object
    ) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on
        methods = [(PASSWORD, _("With a password")), *((p, PROVIDERS[p]) for p in providers)]
        self.has_choice = len(methods) > 1
        self._choose("method", methods)
        self.initial.setdefault("method", PASSWORD)
        for name in ("imap_security", "smtp_security"):
            self._choose(name, [*_SECURITY, _NONE] if plain else list(_SECURITY))

    @property
    def login_fields(self) -> list[forms.BoundField]:
        """One way to sign in is no choice."""
        names = ("method", "user", "password") if self.has_choice else ("user", "password")
        return [self[name] for name in names]

    @property
    def fetching(self) -> list[forms.BoundField]:
        return [self[name] for name in ("imap_host", "imap_port", "imap_security")]

    @property
    def sending(self) -> list[forms.BoundField]:
        return [self[name] for name in ("smtp_host", "smtp_port", "smtp_security", "smtp_user")]

    def clean(self) -> None:
        super().clean()
        for name in ("user", "smtp_user", "password", "imap_host", "smtp_host"):
            if not str(self.cleaned_data.get(name, "")).isprintable():
                self.add_error(name, gettext("There are characters in it that cannot be sent."))

    def settings(self, *, hosts_approved: bool) -> Settings:
        said = self.cleaned_data
        method = said["method"]
        by_password = method == PASSWORD
        return Settings(
            imap=self._server("imap", said["user"]),
            smtp=self._server("smtp", said["smtp_user"] or said["user"]),
            authentication=Authentication.PASSWORD if by_password else Authentication.OAUTH2,
            provider="" if by_password else method,
            hosts_approved=hosts_approved,
        )

    def given(self) -> Credentials | None:
        """None: no password was typed."""
        password = self.cleaned_data["password"]
        return Credentials(password=Secret(password)) if password else None

    def _server(self, kind: str, user: str) -> ServerRow:
        said = self.cleaned_data
        return ServerRow(
            host=said[f"{kind}_host"].lower().rstrip("."),
            port=said[f"{kind}_port"],
            security=Security(said[f"{kind}_security"]),
            user=user,
        )

    def _choose(self, name: str, choices: Sequence[tuple[str, object]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = list(choices)


def initial(row: MailboxRow | None, account: EmailAddress) -> dict[str, object]:
    """As it is kept, without the password; else what is usual."""
    if row is None or row.settings is None:
        return {
            "user": str(account),
            "imap_port": 993,
            "imap_security": Security.TLS.value,
            "smtp_port": 465,
            "smtp_security": Security.TLS.value,
        }
    kept = row.settings
    return {"method": kept.provider or PASSWORD, **of_servers(kept.imap, kept.smtp)}


def of_servers(imap: ServerRow, smtp: ServerRow) -> dict[str, object]:
    return {
        "user": imap.user,
        "imap_host": imap.host,
        "imap_port": imap.port,
        "imap_security": imap.security.value,
        "smtp_host": smtp.host,
        "smtp_port": smtp.port,
        "smtp_security": smtp.security.value,
        "smtp_user": "" if smtp.user == imap.user else smtp.user,
    }
