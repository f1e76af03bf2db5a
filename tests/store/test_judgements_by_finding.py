"""Which kept messages could not be opened: found by address and finding, whatever came later."""

import pytest

from siegel.store.queries import judgements, messages
from siegel.store.queries.messages import Direction
from tests.store.given import DAY, NOW

pytestmark = pytest.mark.django_db
CLOSED = "no_decryption_key"


def keep(name: str, *recipients: str, days: int = 0) -> str:
    return messages.keep(
        name.encode(), direction=Direction.INBOUND, received_at=NOW + days * DAY,
        keep_until=NOW + 30 * DAY, recipients=recipients,
    ).sha256  # fmt: skip


def test_messages_are_found_by_any_address_and_the_exact_finding() -> None:
    later = keep("later", "a@b.example", "c@b.example", days=1)
    first = keep("first", "a@b.example")
    other = keep("other", "x@b.example")
    near = keep("near", "a@b.example")
    for sha256 in (later, first, other):
        findings = ["signed_outside_encryption", CLOSED]
        judgements.add(sha256, summary="encrypted_unverified", findings=findings, at=NOW)
    judgements.add(near, summary="unprotected", findings=[f"{CLOSED}_either"], at=NOW)
    both = ["a@b.example", "c@b.example"]
    assert judgements.with_finding(both, CLOSED) == (first, later)
    assert judgements.with_finding(["nobody@b.example"], CLOSED) == ()


def test_a_later_judgement_does_not_hide_the_earlier_one() -> None:
    sha256 = keep("m", "a@b.example")
    judgements.add(sha256, summary="encrypted_unverified", findings=[CLOSED], at=NOW)
    judgements.add(sha256, summary="confidential", at=NOW + DAY)
    assert judgements.with_finding(["a@b.example"], CLOSED) == (sha256,)
