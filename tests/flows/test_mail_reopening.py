"""Mail of accounts opens by itself: after its key, and after a decision about trust."""

from pathlib import Path

import pytest
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.flows import accounts, mail_facts, mail_reading, mail_reopening, rejudging
from siegel.policy.actions import Action
from siegel.policy.message_state import MessageState
from siegel.store.queries import journal, judgements, mail_items
from tests.flows.office import (
    ALICE,
    BOB,
    HUBER,
    Office,
    encrypted_bytes,
    mail,
    signed_by,
    signed_bytes,
)
from tests.web.letters import filed
from tests.world import WORLD

ALICES = EmailAddress.parse(ALICE.address)


@pytest.fixture
def locked_office(transactional_db: None, settings: Settings, tmp_path: Path) -> Office:
    """Alice has an account; her key comes later."""
    del transactional_db
    settings.SIEGEL_DATA_DIR = tmp_path / "data"
    made = Office(tmp_path)
    made.trust()
    accounts.create(ALICES, "", by="test", at=made.at)
    made.own(BOB)
    rejudging.judge_anew(made.site, at=made.at)
    return made


@pytest.mark.requirement("A66", "A65")
def test_a_message_opens_once_its_key_is_there(locked_office: Office) -> None:
    letter = mail(HUBER.address, ALICE.address, text="Geheim")
    item = filed(locked_office, encrypted_bytes(signed_by(HUBER, letter), ALICE))
    assert item.state is MessageState.KEY_MISSING
    assert mail_facts.inside_of(item, locked_office.site.vault).preview == ""

    locked_office.later(hours=1).key(ALICE)
    done = mail_reopening.reopen([ALICES], locked_office.site, at=locked_office.at)

    item = mail_items.get(item.id)
    assert (done.opened, done.more) == (1, False)
    assert item.state is MessageState.CONFIDENTIAL
    assert mail_facts.inside_of(item, locked_office.site.vault).preview == "Geheim"
    assert item.preview == ""
    assert len(judgements.history(item.sha256)) == 2
    assert journal.read(action=Action.MESSAGE_OPENED_LATER)[0].about == HUBER.address


def test_the_rest_is_done_by_the_worker_in_as_many_rounds_as_it_takes(
    locked_office: Office,
) -> None:
    for number in range(5):
        letter = mail(HUBER.address, ALICE.address, subject=f"Brief {number}")
        filed(locked_office, encrypted_bytes(signed_by(HUBER, letter), ALICE))
    locked_office.later(hours=1).key(ALICE)
    site, at = locked_office.site, locked_office.at

    first = mail_reopening.reopen([ALICES], site, at=at, most=2)
    rounds = [mail_reopening.reopen_due(site, at=at, most=2) for _ in range(3)]

    assert (first.opened, first.more) == (2, True)
    assert [(each.opened, each.more) for each in rounds] == [(2, True), (1, False), (0, False)]


def test_what_another_key_closed_is_tried_once_for_each_new_key(locked_office: Office) -> None:
    letter = mail(HUBER.address, ALICE.address)
    filed(locked_office, encrypted_bytes(signed_by(HUBER, letter), BOB))
    site = locked_office.site
    locked_office.later(hours=1).key(ALICE)
    at = locked_office.later(minutes=1).at

    assert mail_reopening.reopen_due(site, at=at).looked_at == 1
    assert mail_reopening.reopen_due(site, at=at).looked_at == 0


def test_without_a_new_key_nothing_is_looked_at(locked_office: Office) -> None:
    letter = mail(HUBER.address, ALICE.address)
    filed(locked_office, encrypted_bytes(signed_by(HUBER, letter), ALICE))

    done = mail_reopening.reopen_due(locked_office.site, at=locked_office.later(hours=1).at)

    assert done.looked_at == 0


def test_the_line_follows_a_decision_about_trust(locked_office: Office) -> None:
    """„verifiziert (vertraut)“ is said of a root; mail signed below it counts from then on."""
    stranger = WORLD.person("ursula")
    item = filed(locked_office, signed_bytes(stranger, mail(stranger.address, ALICE.address)))
    assert item.state is MessageState.NOT_CHECKABLE

    locked_office.later(hours=1).trust(WORLD.unknown_root)
    rejudging.judge_anew(locked_office.site, at=locked_office.later(minutes=1).at)

    assert mail_items.get(item.id).state is MessageState.VERIFIED
    shown = mail_reading.shown(mail_items.get(item.id), locked_office.site, at=locked_office.at)
    assert shown.state is MessageState.VERIFIED
