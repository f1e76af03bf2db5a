"""Second factors of people, as django-allauth keeps them; their secrets are sealed by the vault."""

from collections.abc import Callable

from django.apps import apps

from siegel.base.address import EmailAddress

USE = "second factor"  # what the sealed secrets are bound to
_SEALED = ("secret", "seed")  # of a one-time code, of the recovery codes


def exists(email: EmailAddress) -> bool:
    """An authenticator app or a passkey; recovery codes alone are none."""
    model = apps.get_model("mfa", "Authenticator")
    own = model.objects.filter(user__email=str(email), type__in=("totp", "webauthn"))
    return bool(own.exists())


def reseal(anew: Callable[[str], str]) -> None:
    """Put ``anew(sealed)`` in the place of each sealed secret."""
    model = apps.get_model("mfa", "Authenticator")
    for row in model.objects.select_for_update():
        found = {name: anew(row.data[name]) for name in _SEALED if name in row.data}
        if found:
            row.data = {**row.data, **found}
            row.save(update_fields=["data"])
