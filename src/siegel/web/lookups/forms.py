"""What an administrator enters about a directory. A password that was given is not shown again."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError, MalformedAddress
from siegel.base.secret import Secret
from siegel.directory.ldap_filter import DEFAULT_TEMPLATE, checked_template
from siegel.flows.lookup_sources import StoreSettings
from siegel.policy import values
from siegel.store.lookup_rows import LdapSettings, Security, StoreRow
from siegel.transport.http_store_client import checked_base

MOST_DOMAINS = 50


def _line(**attributes: str) -> forms.TextInput:
    return forms.TextInput(
        attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off", **attributes}
    )


def _name() -> forms.CharField:
    return forms.CharField(label=_("Name"), max_length=200, widget=_line())


def _domains() -> forms.CharField:
    return forms.CharField(
        label=_("Only for these domains"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_("One in each line. Empty: it is asked for every address outside."),
    )


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who runs it, whom to ask, since when you have access."),
    )


def _active() -> forms.BooleanField:
    return forms.BooleanField(label=_("Ask this directory"), required=False, initial=True)


class _WithDomains(forms.Form):
    def clean_domains(self) -> tuple[str, ...]:
        words = str(self.cleaned_data["domains"]).replace(",", " ").replace(";", " ").split()
        if len(words) > MOST_DOMAINS:
            raise forms.ValidationError(_("At most 50 domains fit in here."))
        return tuple(dict.fromkeys(_domain(word) for word in words))


class DirectoryForm(_WithDomains):
    name = _name()
    host = forms.CharField(label=_("Server"), max_length=255, widget=_line(inputmode="url"))
    security = forms.ChoiceField(
        label=_("Connection"),
        choices=(
            (Security.TLS.value, _("TLS (recommended)")),
            (Security.STARTTLS.value, _("STARTTLS")),
            (Security.NONE.value, _("Without encryption")),
        ),
        initial=Security.TLS.value,
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=636)
    base = forms.CharField(
        label=_("Search base"),
        max_length=500,
        required=False,
        widget=_line(),
        help_text=_("The branch that is searched, as ou=people,o=office,c=de."),
    )
    filter = forms.CharField(
        label=_("Filter"),
        max_length=500,
        initial=DEFAULT_TEMPLATE,
        widget=_line(),
        help_text=_("{address} stands for the address that is looked for."),
    )
    user = forms.CharField(
        label=_("Login name"),
        max_length=400,
        required=False,
        widget=_line(),
        help_text=_("Empty: the directory is asked without login."),
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    domains = _domains()
    note = _note()
    active = _active()
    probe = forms.CharField(
        label=_("Address to try with"),
        required=False,
        max_length=400,
        widget=_line(inputmode="email"),
        help_text=_("Best one of which you know that it stands there."),
    )

    @property
    def where(self) -> list[forms.BoundField]:
        return [self[name] for name in ("host", "port", "security")]

    @property
    def login(self) -> list[forms.BoundField]:
        return [self[name] for name in ("user", "password")]

    @property
    def question(self) -> list[forms.BoundField]:
        return [self[name] for name in ("base", "filter", "domains")]

    def clean_filter(self) -> str:
        try:
            return checked_template(str(self.cleaned_data["filter"]))
        except ValueError as error:
            raise forms.ValidationError(
                _("This is no filter with a place for the address. It looks like (mail={address}).")
            ) from error

    def clean_probe(self) -> EmailAddress | None:
        given = str(self.cleaned_data["probe"]).strip()
        return _address(given) if given else None

    def clean(self) -> None:
        super().clean()
        for name in ("name", "host", "base", "user", "password"):
            if not str(self.cleaned_data.get(name, "")).isprintable():
                self.add_error(name, gettext("There are characters in it that cannot be sent."))

    def settings(self) -> LdapSettings:
        said = self.cleaned_data
        return LdapSettings(
            name=said["name"],
            host=said["host"].lower().rstrip("."),
            port=said["port"],
            security=Security(said["security"]),
            base=said["base"],
            filter=said["filter"],
            user=said["user"],
            domains=said["domains"],
            active=said["active"],
            note=said["note"],
        )

    def given(self) -> Secret | None:
        """None: no password was typed."""
        password = self.cleaned_data["password"]
        return Secret(password) if password else None


class StoreForm(_WithDomains):
    name = _name()
    url = forms.CharField(
        label=_("Address of the store"),
        max_length=1000,
        widget=_line(inputmode="url"),
        help_text=_("As https://certificates.office.example/search.cgi"),
    )
    domains = _domains()
    note = _note()
    active = _active()

    def clean_url(self) -> str:
        try:
            return checked_base(str(self.cleaned_data["url"]))
        except ValueError as error:
            raise forms.ValidationError(
                _("This is no web address. It begins with https:// and has no question mark.")
            ) from error

    def settings(self) -> StoreSettings:
        said = self.cleaned_data
        return StoreSettings(**{name: said[name] for name in _OF_STORE})


_OF_STORE = ("name", "url", "domains", "active", "note")


class DnsForm(forms.Form):
    smimea = forms.BooleanField(
        label=_("Look for certificates in DNS (SMIMEA)"),
        required=False,
        help_text=_("Only answers that DNSSEC secures count."),
    )
    domain_asserts = forms.BooleanField(
        label=_("A domain may vouch for its people itself"),
        required=False,
        help_text=_("Most domains do so. Whether a certificate is trusted is decided here."),
    )


class AskForm(forms.Form):
    address = forms.CharField(
        label=_("E-mail address"), max_length=400, widget=_line(inputmode="email")
    )

    def clean_address(self) -> EmailAddress:
        return _address(str(self.cleaned_data["address"]).strip())


def initial(kept: LdapSettings) -> dict[str, Any]:
    """As it is kept, without the password."""
    return {
        "name": kept.name,
        "host": kept.host,
        "port": kept.port,
        "security": kept.security.value,
        "base": kept.base,
        "filter": kept.filter,
        "user": kept.user,
        "domains": "\n".join(kept.domains),
        "note": kept.note,
        "active": kept.active,
    }


def initial_of_store(kept: StoreRow) -> dict[str, Any]:
    said = {name: getattr(kept, name) for name in _OF_STORE}
    return {**said, "domains": "\n".join(kept.domains)}


def _domain(word: str) -> str:
    try:
        return values.domain(word)
    except ConfigurationError as error:
        raise forms.ValidationError(
            _("“%(word)s” is not a domain."), params={"word": word[:60]}
        ) from error


def _address(text: str) -> EmailAddress:
    try:
        return EmailAddress.parse(text)
    except MalformedAddress as error:
        raise forms.ValidationError(
            _("“%(word)s” is not an e-mail address."), params={"word": text[:60]}
        ) from error
