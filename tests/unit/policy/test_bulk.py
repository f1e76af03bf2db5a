"""What counts as bulk mail."""

import pytest

from siegel.base.address import EmailAddress
from siegel.policy.bulk import is_bulk
from tests.unit.policy.facts import ALICE, RULES, rules

Fields = list[tuple[str, str]]
NEWS = rules(bulk_senders=["News@Office.example"])


@pytest.mark.parametrize(
    ("fields", "bulk"),
    [
        pytest.param([("Subject", "Hallo")], False, id="ok/letter"),
        pytest.param([("List-Unsubscribe", "<mailto:x@y.example>")], True, id="list-unsubscribe"),
        pytest.param([("LIST-ID", "<news.office.example>")], True, id="list-id"),
        pytest.param([("Listen", "no list")], False, id="ok/no-list-field"),
        pytest.param([("Precedence", "Bulk")], True, id="precedence-bulk"),
        pytest.param([("Precedence", "list")], True, id="precedence-list"),
        pytest.param([("Precedence", "junk")], True, id="precedence-junk"),
        pytest.param([("Precedence", "first-class")], False, id="ok/precedence"),
        pytest.param([("Auto-Submitted", "auto-generated")], True, id="automatic"),
        pytest.param([("Auto-Submitted", "auto-replied; owner=x")], True, id="answered"),
        pytest.param([("Auto-Submitted", "No")], False, id="ok/by-hand"),
        pytest.param([("Auto-Submitted", "no; x=y")], False, id="ok/by-hand-with-parameter"),
        pytest.param([("X-Siegel-Bulk", "yes")], True, id="our-marker"),
    ],
)
@pytest.mark.requirement("A83")
def test_header_fields_show_bulk_mail(fields: Fields, bulk: bool) -> None:
    assert is_bulk(fields, ALICE, 1, RULES) is bulk


@pytest.mark.parametrize(("recipients", "bulk"), [(1, False), (50, False), (51, True)])
def test_more_recipients_than_the_rule_allows_are_bulk(recipients: int, bulk: bool) -> None:
    assert is_bulk([], ALICE, recipients, RULES) is bulk


def test_the_limit_is_a_rule() -> None:
    assert is_bulk([], ALICE, 3, rules(bulk_recipient_limit=2))


@pytest.mark.parametrize(
    ("sender", "bulk"), [("news@office.EXAMPLE", True), ("alice@office.example", False)]
)
def test_named_senders_send_bulk_mail(sender: str, bulk: bool) -> None:
    assert is_bulk([], EmailAddress.parse(sender), 1, NEWS) is bulk


def test_an_unknown_sender_is_not_bulk_for_that() -> None:
    assert not is_bulk([], None, 1, NEWS)
