"""Mail to the test address is taken aside: no person gets it, the worker answers it.

It is opened, judged and learned from like every other mail (``harvesting``): a mail that is validly
signed registers its sender's certificate here, and nobody else's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.base.buffers import Buffer, joined
from siegel.flows.journaling import message_id
from siegel.flows.outgoing_message import any_address, the_one_sender
from siegel.flows.site import Site
from siegel.mime.message import Message
from siegel.store.queries import messages, robot_mail
from siegel.store.queries.messages import Direction
from siegel.store.transaction import together
from siegel.transport.envelope import MailOptions, RecipientOptions
from siegel.transport.submission import NO_OPTIONS, NO_RECIPIENT_OPTIONS, Receipt


def recipients_of_robot(recipients: Iterable[str], site: Site) -> tuple[str, ...]:
    """Those of the envelope that mean the test address."""
    if site.robot is None:
        return ()
    address = site.robot.address
    return tuple(each for each in recipients if any_address(each) == address)


@dataclass(frozen=True, slots=True)
class TakenAside:
    """As a next hop: takes what is for the robot."""

    message: Message
    site: Site
    at: datetime

    def submit(
        self,
        sender: str,
        recipients: Sequence[str],
        chunks: Sequence[Buffer],
        *,
        options: MailOptions = NO_OPTIONS,
        recipient_options: Mapping[str, RecipientOptions] = NO_RECIPIENT_OPTIONS,
    ) -> Receipt:
        del options, recipient_options
        take(joined(chunks), self.message, sender, self.site, at=self.at)
        return Receipt(accepted=tuple(recipients), refused={})


def take(raw: bytes, message: Message, envelope_from: str, site: Site, *, at: datetime) -> None:
    """Keep it until it is answered; the same octets again are the same test."""
    with together():
        stored = messages.keep(
            raw,
            direction=Direction.INBOUND,
            received_at=at,
            envelope_from=envelope_from,
            recipients=[] if site.robot is None else [str(site.robot.address)],
            message_id=message_id(message),
            keep_until=at + timedelta(days=site.keep_days),
        )
        sender = the_one_sender(message)
        robot_mail.add(stored.sha256, sender=sender, envelope_from=envelope_from, at=at)


def is_mailbox_of(account: EmailAddress, site: Site) -> bool:
    return site.robot is not None and account == site.robot.address
