"""Who gets which copy: the named recipients share one, every Bcc gets its own (RFC 9787 §9.4.1).

The recipients of one encrypted copy can be read from it by everybody who gets it; a gateway sees
a Bcc only by its absence from To and Cc.
"""

from collections.abc import Mapping

from siegel.base.address import EmailAddress
from siegel.mime.fields import addresses
from siegel.mime.message import Message


def audiences(
    recipients: Mapping[str, EmailAddress], message: Message
) -> tuple[tuple[str, ...], ...]:
    """Groups of envelope recipients (as written): first the named ones, then each Bcc alone."""
    named = {
        mailbox.address
        for name in ("To", "Cc")
        for mailbox in addresses(message, name)
        if mailbox.address is not None
    }
    visible = tuple(text for text, address in recipients.items() if address in named)
    hidden = tuple((text,) for text, address in recipients.items() if address not in named)
    return ((visible,) if visible else ()) + hidden
