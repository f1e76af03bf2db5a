"""Every published forgery on the page of its reader: filed, opened, shown.

No good state for the wrong sender, no decrypted text beside what others added, no reference to the
outside without the reader's wish.
"""

from collections.abc import Iterator

import pytest

from siegel.base.address import EmailAddress
from siegel.flows import filing, mail_reading
from siegel.flows.filing import Arrival
from siegel.flows.mail_parts import Body
from siegel.flows.mail_reading import Shown
from siegel.policy.message_state import MessageState
from siegel.store.queries import mail_folders, mail_items
from siegel.store.queries.mail_folders import FolderRole
from siegel.web.conversation import frame
from siegel.web.conversation.facts import Wishes, blocks_of
from tests.flows.office import Office
from tests.spoof.case import SECRET, Case, Family
from tests.spoof.cases import CASES
from tests.unit.flows_pure.test_html import points_nowhere
from tests.unit.flows_pure.test_mail_html import harmless
from tests.web.furnished import undone
from tests.world import WORLD

GOOD = (MessageState.VERIFIED, MessageState.CONFIDENTIAL)


def _shown(case: Case, office: Office) -> Shown:
    account = EmailAddress.parse(WORLD.person(case.reader).address)
    folder = mail_folders.ensure(account, "INBOX", role=FolderRole.INBOX)
    arrival = Arrival(account=account, folder=folder.id, raw=case.make(), received_at=office.at)
    item = filing.file(arrival, office.site, at=office.at)
    return mail_reading.shown(mail_items.get(item), office.site, at=office.at)


@pytest.mark.requirement("A2", "A4", "A65", "A82")
@pytest.mark.parametrize("family", Family, ids=[family.name for family in Family])
def test_the_page_of_its_reader_is_not_deceived(family: Family, office: Office) -> None:
    """All of a family in one office; each leaves no trace there for the next."""
    deceived = []
    for case in CASES:
        if case.family is family:
            with undone():
                deceived += [f"{case.name}: {problem}" for problem in _problems(case, office)]
    assert not deceived, "\n".join(deceived)


def _problems(case: Case, office: Office) -> Iterator[str]:
    shown = _shown(case, office)
    if (shown.state in GOOD) is not case.good or (case.good and shown.address != case.about):
        yield f"is {shown.state} for {shown.address}"
    if shown.state is not shown.item.state:
        yield f"its line in the list says {shown.item.state}, not {shown.state}"
    frames = [_frame(shown, body) for block in shown.blocks for body in block.bodies]
    if not all((harmless if shown.authentic else points_nowhere)(text) for text in frames):
        yield "its frame refers to the outside"
    if not _beside_nothing_foreign(shown):
        yield "the secret stands beside something foreign"
    texts = [*frames, *_texts(shown), shown.subject, shown.address]
    if any(octets.decode() in text for octets in case.hidden for text in texts):
        yield "something hidden is shown"


def _beside_nothing_foreign(shown: Shown) -> bool:
    """A secret is seen in the one block of a message that was encrypted as a whole."""
    return all(
        block.path is None and bool(shown.opened.encrypted_layers)
        for block in shown.blocks
        if any(SECRET.decode() in mail_reading.text_of(body) for body in block.bodies)
    )


def _frame(shown: Shown, body: Body) -> str:
    return frame.inner(shown, body, remote=False) if body.html is not None else ""


def _texts(shown: Shown) -> list[str]:
    return [
        str(paragraph.html)
        for block in blocks_of(shown, Wishes(base="", text=True, anyway=True))
        for body in block.bodies
        for paragraph in body.paragraphs
    ]
