"""Mail that lies in no folder any more stays for a month, and then goes without a trace."""

import pytest

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows import filing
from siegel.flows.filing import Arrival
from siegel.flows.retention import NOWHERE_KEPT, clear_due
from siegel.store.models import Conversation, MailItem, StoredMessage
from siegel.store.queries import mail_filing, mail_folders, mail_items, messages
from siegel.store.queries.mail_folders import FolderRole
from tests.flows.office import ALICE, BOB, HUBER, Office, mail

RAW = mail(HUBER.address, ALICE.address, BOB.address)


def _filed(office: Office, address: str = ALICE.address) -> int:
    account = EmailAddress.parse(address)
    folder = mail_folders.ensure(account, "INBOX", role=FolderRole.INBOX)
    arrival = Arrival(account=account, folder=folder.id, raw=RAW, received_at=office.at)
    return filing.file(arrival, office.site, at=office.at)


def _taken_out(item: int) -> None:
    mail_filing.take_out([place.id for place in mail_filing.places_of([item])])


def _clear(office: Office) -> None:
    clear_due(office.at, journal_for=NOWHERE_KEPT)


def test_mail_in_a_folder_stays_for_years(office: Office) -> None:
    item = _filed(office)

    for _ in range(3):
        _clear(office.later(days=1000))

    assert messages.raw(mail_items.get(item).sha256) == RAW


def test_mail_in_no_folder_goes_after_a_month_with_its_conversation(office: Office) -> None:
    _taken_out(_filed(office))

    _clear(office)
    _clear(office.later(days=29))
    assert MailItem.objects.count() == 1
    _clear(office.later(days=2))

    assert not MailItem.objects.exists()
    assert not Conversation.objects.exists()
    assert not StoredMessage.objects.exists()


def test_mail_that_came_back_begins_no_second_time(office: Office) -> None:
    item = _filed(office)
    _taken_out(item)
    _clear(office)
    assert _filed(office.later(days=20)) == item
    _clear(office)
    _taken_out(item)

    _clear(office.later(days=20))

    assert MailItem.objects.filter(pk=item).exists()


def test_what_another_account_keeps_is_not_taken_from_it(office: Office) -> None:
    _taken_out(_filed(office))
    bobs = _filed(office, BOB.address)

    _clear(office)
    _clear(office.later(days=40))

    assert messages.raw(mail_items.get(bobs).sha256) == RAW


def test_an_item_that_went_is_unknown(office: Office) -> None:
    item = _filed(office)
    _taken_out(item)
    _clear(office)
    _clear(office.later(days=31))

    with pytest.raises(NotFound):
        mail_items.get(item)
