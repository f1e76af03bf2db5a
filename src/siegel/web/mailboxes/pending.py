"""A password between two tries: sealed in the session, for the very servers it was typed for, so
that it need not be typed again and never stands in a page."""

from django.http import HttpRequest

from siegel.base.address import EmailAddress
from siegel.flows import mailboxes
from siegel.flows.mailboxes import Credentials
from siegel.store.mailbox_rows import Settings
from siegel.web import running

_KEY = "siegel_mailbox"


def put(
    request: HttpRequest, account: EmailAddress, settings: Settings, given: Credentials
) -> None:
    request.session[_KEY] = mailboxes.put_by(account, settings, given, running.site())


def credentials(
    request: HttpRequest, account: EmailAddress, settings: Settings
) -> Credentials | None:
    kept = request.session.get(_KEY)
    if not isinstance(kept, str):
        return None
    return mailboxes.taken_up(account, settings, kept, running.site())


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
