"""Every published forgery on the page of its reader: filed, opened, shown.

No good state for the wrong sender, no decrypted text beside what others added, no reference to the
outside without the reader's wish.
"""

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
from tests.spoof.case import SECRET, Case
from tests.spoof.cases import CASES
from tests.unit.flows_pure.test_html import points_nowhere
from tests.unit.flows_pure.test_mail_html import harmless
from tests.world import WORLD

GOOD = (MessageState.VERIFIED, MessageState.CONFIDENTIAL)
every = pytest.mark.parametrize(
    "case", CASES, ids=[f"{'ok' if c.good else 'fail'}/{c.family.name}/{c.name}" for c in CASES]
)


def _shown(case: Case, office: Office) -> Shown:
    account = EmailAddress.parse(WORLD.person(case.reader).address)
    folder = mail_folders.ensure(account, "INBOX", role=FolderRole.INBOX)
    arrival = Arrival(account=account, folder=folder.id, raw=case.make(), received_at=office.at)
    item = filing.file(arrival, office.site, at=office.at)
    return mail_reading.shown(mail_items.get(item), office.site, at=office.at)


@pytest.mark.requirement("A2", "A4", "A65")
@every
def test_the_page_of_its_reader_is_not_deceived(case: Case, office: Office) -> None:
    shown = _shown(case, office)

    assert (shown.state in GOOD) is case.good
    assert shown.state is shown.item.state
    if case.good:
        assert shown.address == case.about
    frames = [_frame(shown, body) for block in shown.blocks for body in block.bodies]
    assert all((harmless if shown.authentic else points_nowhere)(text) for text in frames)
    assert _beside_nothing_foreign(shown)
    texts = [*frames, *_texts(shown), shown.subject, shown.address]
    assert not any(octets.decode() in text for octets in case.hidden for text in texts)


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
