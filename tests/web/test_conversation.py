"""The page of a conversation: one calm line, content that cannot imitate it, and nothing more."""

import pytest
from django.test import Client
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.policy.access import Capacity, Standing
from siegel.policy.roles import Role
from siegel.store.mail_rows import ItemRow
from siegel.store.queries import account_people
from tests.flows.office import ALICE, HUBER, Office, encrypted_bytes, mail, signed_by, signed_bytes
from tests.web.conftest import SignIn
from tests.web.letters import ALICES, filed, html_mail


@pytest.fixture
def reader(office: Office, sign_in: SignIn) -> Client:
    client = sign_in(Role.MEMBER, email="mira@office.example")
    account_people.admit(
        ALICES,
        EmailAddress.parse("mira@office.example"),
        Standing(capacity=Capacity.OWNER, since=office.at, until=None),
        by="test",
        at=office.at,
    )
    client.cookies["siegel_language"] = "en"
    return client


def _page(client: Client, item: ItemRow, query: str = "") -> str:
    address = reverse("conversation:show", args=[item.conversation]) + query
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.requirement("A2")
def test_a_signed_message_says_who_it_really_is_from(reader: Client, office: Office) -> None:
    raw = signed_bytes(HUBER, mail(HUBER.address, ALICE.address, text="Guten Tag"))

    page = _page(reader, filed(office, raw))

    assert "Signature checked." in page
    assert f"really from {HUBER.address}" in page
    assert "Guten Tag" in page


@pytest.mark.requirement("A77")
def test_a_signature_alone_is_no_encryption(reader: Client, office: Office) -> None:
    raw = signed_bytes(HUBER, mail(HUBER.address, ALICE.address))

    assert "It was readable on its way." in _page(reader, filed(office, raw))


def test_what_was_encrypted_is_opened_for_its_reader(reader: Client, office: Office) -> None:
    raw = encrypted_bytes(
        signed_by(HUBER, mail(HUBER.address, ALICE.address, text="Geheim")), ALICE
    )

    page = _page(reader, filed(office, raw))

    assert "Confidential." in page
    assert "Geheim" in page


@pytest.mark.requirement("A76")
def test_the_signature_is_shown_as_what_it_is(reader: Client, office: Office) -> None:
    raw = signed_bytes(HUBER, mail(HUBER.address, ALICE.address))
    item = filed(office, raw)

    assert "Signature (smime.p7s)" in _page(reader, item)
    answer = reader.get(reverse("conversation:part", args=[item.id, "signature"]))
    assert answer["Content-Disposition"] == 'attachment; filename="smime.p7s"'
    assert answer.content[:1] == b"0"  # an ASN.1 SEQUENCE


def test_nobody_else_sees_it(reader: Client, office: Office, sign_in: SignIn) -> None:
    item = filed(office, mail(HUBER.address, ALICE.address))
    stranger = sign_in(Role.ADMINISTRATOR, email="claus@office.example")

    for view, arguments in (
        ("show", [item.conversation]),
        ("frame", [item.id, 0]),
        ("part", [item.id, "0"]),
        ("source", [item.id]),
        ("original", [item.id]),
    ):
        assert stranger.get(reverse(f"conversation:{view}", args=arguments)).status_code == 404


def test_the_frame_has_a_policy_of_its_own(reader: Client, office: Office) -> None:
    raw = signed_bytes(HUBER, html_mail("<p>Guten <b>Tag</b></p>", sender=HUBER.address))
    item = filed(office, raw)

    answer = reader.get(reverse("conversation:frame", args=[item.id, 0]))

    assert "script-src" not in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert (
        "sandbox allow-popups allow-popups-to-escape-sandbox" in answer["Content-Security-Policy"]
    )
    assert "'self'" not in answer["Content-Security-Policy"].replace("frame-ancestors 'self'", "")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "<b>Tag</b>" in answer.content.decode()


def test_the_original_comes_octet_for_octet(reader: Client, office: Office) -> None:
    raw = signed_bytes(HUBER, mail(HUBER.address, ALICE.address))
    item = filed(office, raw)

    answer = reader.get(reverse("conversation:original", args=[item.id]))

    assert answer.content == raw
    assert answer["Content-Disposition"].startswith("attachment")
