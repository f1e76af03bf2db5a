"""The mail that pictures show is what its names say."""

from siegel.policy.message_state import MessageState
from siegel.store.queries import mail_items
from tests.web.furnished import Furnished


def test_each_state_has_a_message_of_its_name(furnished: Furnished) -> None:
    names = furnished.names
    found = {state: mail_items.get(int(names[f"item_{state}"])).state for state in MessageState}
    assert found == {state: state for state in MessageState}


def test_three_messages_are_one_conversation(furnished: Furnished) -> None:
    talk = {furnished.names[f"conversation_{each}"] for each in ("thread_first", "sent", "thread")}
    assert len(talk) == 1
