"""For which certificates a message that stays closed was encrypted: which file people look for."""

from django.utils.translation import gettext as _

from siegel.base.errors import SiegelError
from siegel.base.keys import IssuerAndSerial, KeyId
from siegel.pki.names import short_name
from siegel.smime.layers import OpenedMessage
from siegel.web.templatetags.siegel import groups, plain

MOST = 3  # certificates named of a message; a mail to many has one for each
LONGEST = 80  # characters of an issuer


def closed_for(opened: OpenedMessage) -> str:
    """ "" if the message does not say. The writer of the mail wrote this, so it is cleaned."""
    named = dict.fromkeys(
        recipient.identifier
        for layer in opened.encrypted_layers
        if not layer.opened
        for recipient in layer.recipients
        if recipient.identifier is not None
    )
    found = "; ".join(map(_named, list(named)[:MOST]))
    if not found:
        return ""
    more = _(" and others") if len(named) > MOST else ""
    return _("It is encrypted for the certificate: %(found)s%(more)s.") % {
        "found": found,
        "more": more,
    }


def _named(identifier: KeyId) -> str:
    if not isinstance(identifier, IssuerAndSerial):
        return _("key identifier %(number)s") % {"number": _grouped(identifier.hex())}
    number = _grouped(f"{abs(identifier.serial):X}")
    try:
        issuer = plain(short_name(identifier.issuer), LONGEST)
    except SiegelError:
        issuer = ""
    if not issuer:
        return _("number %(number)s") % {"number": number}
    return _("number %(number)s, issued by %(issuer)s") % {"number": number, "issuer": issuer}


def _grouped(digits: str) -> str:
    """In fours, as people compare it; what is longer than any serial number is cut."""
    return " ".join(groups(digits[:64]))
