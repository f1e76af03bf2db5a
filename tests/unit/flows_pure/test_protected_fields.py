"""Header fields of opened mail: the protected ones take the place of those outside (RFC 9788)."""

import pytest

from siegel.flows.opened_mail import opened_fields
from tests.unit.smime.mails import mail, opened
from tests.unit.smime.test_header_protection import entity
from tests.unit.smime.test_layers import encrypted

INSIDE = (
    b"From: stranger@elsewhere.example\r\n"
    b"To: dana@partner.example\r\n"
    b"Subject: Der wahre Betreff\r\n"
    b"X-Note: inside\r\n"
)


def fields(*, authenticated: bool, hp: bytes = b"cipher") -> list[tuple[str, str]]:
    raw = mail(encrypted(entity(hp, INSIDE)), extra=b"X-Note: outside\r\n")
    found = opened_fields(opened(raw, "huber"), authenticated=authenticated)
    return [(field.name, field.value) for field in found]


@pytest.mark.parametrize("authenticated", [True, False])
def test_a_protected_subject_takes_the_place_of_the_one_outside(authenticated: bool) -> None:
    subjects = [value for name, value in fields(authenticated=authenticated) if name == "Subject"]

    assert subjects == ["Der wahre Betreff"]


@pytest.mark.parametrize(
    ("authenticated", "to"),
    [(True, "dana@partner.example"), (False, "huber@school.example")],
)
def test_where_an_answer_goes_is_said_by_somebody_who_signed(authenticated: bool, to: str) -> None:
    found = dict(fields(authenticated=authenticated))

    assert found["To"] == to
    assert (found["From"], found["X-Note"]) == ("alice@office.example", "outside")


def test_without_header_protection_nothing_comes_out() -> None:
    assert ("Subject", "Bescheid") in fields(authenticated=True, hp=b"")
