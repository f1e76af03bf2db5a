"""Mail to the test address that is fetched from a mail server: the same as at the gateway."""

import hashlib
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows import harvesting, robot
from siegel.flows.filing import read_and_judged
from siegel.flows.site import Site
from siegel.mime.message import Message
from siegel.mime.parse import parse_message
from siegel.policy.robot import ANSWERED_WITHIN
from siegel.store.transaction import together


def take(
    account: EmailAddress, raw: bytes, received_at: datetime, site: Site, *, at: datetime
) -> bool:
    """Take it aside; False for old mail, which is no test any more.

    Raises what ``parse_message`` raises. MAIL FROM is what the mail server wrote down at the end of
    the way (RFC 5321 §4.4: Return-Path, the topmost field of it).
    """
    if at - received_at > ANSWERED_WITHIN:
        return False
    message = parse_message(raw, limits=site.limits)
    opened, judged = read_and_judged(account, message, site, at=at)
    with together():
        robot.take(raw, message, _return_path(message), site, at=at)
        if opened.layers:
            sha256 = hashlib.sha256(raw).hexdigest()
            harvesting.record(sha256, (str(account),), opened, judged, seen_at=received_at)
    return True


def _return_path(message: Message) -> str:
    field = message.get("Return-Path")
    return field.value.strip().strip("<>") if field is not None else ""
