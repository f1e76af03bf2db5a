"""Ask for the link that proves an address, and remember in this browser that it was used.

The cookie is signed and holds the address only; without it nobody gets a certificate, because a
proof says that somebody reads the mail of an address, and not who sits at this browser.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError, MalformedAddress, TooManyAttempts
from siegel.flows import address_control
from siegel.flows.address_control import Purpose
from siegel.web import clock, running
from siegel.web.joining.words import NotSent
from siegel.web.partner_limits import client_of
from siegel.web.person import language_of

COOKIE = "siegel_address"
PLACE = "/partner/joining/"
AN_HOUR = 3600  # seconds; making a key takes a minute, finding the passphrase a bit longer


def ask(request: HttpRequest, address: EmailAddress) -> NotSent | None:
    """None: the mail is on its way."""
    try:
        sent = address_control.begin(
            address,
            running.site(),
            purpose=Purpose.OWN_KEY,
            by=str(address),
            at=clock.now(),
            client=client_of(request),
            language=language_of(request),
        )
    except TooManyAttempts:
        return NotSent.TOO_OFTEN
    except ConfigurationError:
        return NotSent.NOT_SET_UP
    return None if sent else NotSent.NOT_TAKEN


def remember(response: HttpResponseBase, address: EmailAddress) -> None:
    response.set_signed_cookie(
        COOKIE,
        str(address),
        salt=COOKIE,
        max_age=AN_HOUR,
        path=PLACE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def proved_here(request: HttpRequest) -> EmailAddress | None:
    """The address that was proved in this browser within the last hour."""
    text = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=AN_HOUR)
    try:
        address = EmailAddress.parse(text or "")
    except MalformedAddress:
        return None
    return address if address_control.is_proved(address, at=clock.now()) else None
