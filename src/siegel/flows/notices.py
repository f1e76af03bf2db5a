"""Mail that Siegel itself writes to people: alarms, reminders, invitations.

Handed to the outbound flow like any other mail, so it is signed as soon as the sender's address has
an account and a certificate. Marked as automatic (RFC 3834 §5): nobody's absence note answers it,
and it is never encrypted. Nothing is queued: what was not taken stands in the journal, and whoever
asked for the notice may ask again.
"""

import logging
from datetime import datetime
from email.utils import format_datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import SiegelError
from siegel.flows import outbound
from siegel.flows.site import Site
from siegel.mime.build import field
from siegel.mime.transfer import encode_quoted_printable
from siegel.policy.actions import Action
from siegel.store.queries import journal
from siegel.transport.envelope import Envelope, Role
from siegel.transport.header_fields import to_value
from siegel.transport.replies import TRY_LATER, Reply

log = logging.getLogger(__name__)


def send_notice(site: Site, to: EmailAddress, subject: str, text: str, *, at: datetime) -> bool:
    """Whether the next hop has taken it. ``text`` is plain text, its lines end with ``\\n``."""
    sender = site.notices_from
    if sender is None:
        _not_sent(to, "no sender", at)
        return False
    taken = hand_over(site, sender, to, written(site, sender, to, subject, text, at), at=at)
    site.transactions.forget(at)  # nobody waits for our answer, so nobody sends it again
    return taken


def hand_over(
    site: Site, sender: EmailAddress, to: EmailAddress, raw: bytes, *, at: datetime
) -> bool:
    """Whether the next hop has taken a notice; the same octets again count as one notice until
    they are taken (see ``flows.delivery``)."""
    envelope = Envelope(role=Role.OUTBOUND, sender=str(sender), recipients=(str(to),))
    reply = _relayed(envelope, raw, site, at)
    if not reply.accepted:
        _not_sent(to, f"{reply.code} {reply.enhanced}", at)
    return reply.accepted


def _relayed(envelope: Envelope, raw: bytes, site: Site, at: datetime) -> Reply:
    try:
        return outbound.relay(envelope, raw, site, at=at)
    except SiegelError as error:
        log.warning("notice not made code=%s", error.code)
        return TRY_LATER


def written(
    site: Site,
    sender: EmailAddress,
    to: EmailAddress,
    subject: str,
    text: str,
    at: datetime,
    message_id: str = "",
) -> bytes:
    """A notice as it will be sent, with a Message-ID of its own where none is given."""
    lines = "\r\n".join([*text.splitlines(), ""])
    header = [
        field("From", f"Siegel <{sender}>"),
        field("To", to_value(str(to))),
        field("Subject", subject),
        field("Date", format_datetime(at)),
        field("Message-ID", message_id or f"<{site.rng(16).hex()}@{site.hostname}>"),
        field("Auto-Submitted", "auto-generated"),
        field("MIME-Version", "1.0"),
        field("Content-Type", "text/plain; charset=utf-8"),
        field("Content-Transfer-Encoding", "quoted-printable"),
    ]
    return b"".join([*header, b"\r\n", encode_quoted_printable(lines.encode("utf-8", "replace"))])


def _not_sent(to: EmailAddress, answer: str, at: datetime) -> None:
    detail = {"answer": answer}
    journal.write(
        at=at, actor="system:notices", action=Action.NOTICE_NOT_SENT, about=str(to), detail=detail
    )
