"""What somebody tries who knows the gateway: slip past a rule, exhaust it, or lose a mail in it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from siegel.base.address import EmailAddress
from siegel.base.buffers import joined
from siegel.cms.enveloped import build_enveloped_data
from siegel.flows.outgoing_message import any_address
from siegel.flows.transactions import LONGEST_WAIT, Transactions
from siegel.mime.parse import parse_message
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.softkeys import SoftwareKey
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import PathVerdict, Purpose
from siegel.smime.protect import sign
from siegel.smime.schemes import recipient_spec, signature_scheme
from siegel.smime.sign import SigningIdentity
from siegel.store.queries import accounts, alerts, deliveries, pending
from siegel.transport.smtp_dialogue import profile
from tests.flows.office import (
    ALICE,
    BOB,
    HUBER,
    UNKNOWN,
    Office,
    encrypted_bytes,
    mail,
    signed_by,
    signed_bytes,
)
from tests.flows.test_inbound import delivered, from_huber
from tests.peers import mime
from tests.unit.smime.test_structure import cms
from tests.world import WORLD, WORLD_NOW

KEY = "00" * 32


# a rule that says "encrypted or not at all"


@pytest.mark.requirement("A58")
@pytest.mark.parametrize(
    "recipient",
    [
        pytest.param("a..b@nirgends.example", id="fail/dots"),
        pytest.param(".a@nirgends.example", id="fail/dot-in-front"),
        pytest.param("niemand@nirgends.example.", id="fail/root-of-dns"),
        pytest.param("niemand@NIRGENDS.example", id="fail/case"),
        pytest.param("a..b@unter.nirgends.example", id="fail/below"),
        pytest.param("niemand@-x.nirgends.example", id="fail/label-that-is-none"),
        pytest.param(f"{'n' * 65}@nirgends.example", id="fail/long"),
    ],
)
def test_no_spelling_of_an_address_escapes_must_encrypt(office: Office, recipient: str) -> None:
    office.rule("must_encrypt_domains", ["nirgends.example"])
    assert office.send(mail(ALICE.address, recipient), ALICE.address, recipient).code == 550
    assert office.out.sent == []


def test_the_dot_of_the_root_does_not_make_another_partner(office: Office) -> None:
    office.rule("must_encrypt_partners", [UNKNOWN])
    recipient = f"{UNKNOWN}."
    assert office.send(mail(ALICE.address, recipient), ALICE.address, recipient).code == 550


def test_what_cannot_be_read_equals_no_address_that_can() -> None:
    strange = any_address("a..b@partner.example")
    assert strange.domain == "partner.example"
    assert strange != EmailAddress.parse('"a..b"@partner.example')


def _signed_blob() -> bytes:
    return cms(b"Content-Type: text/plain\r\n\r\nHallo\r\n", "alice", detached=False)


READABLE: list[tuple[str, Callable[[], bytes]]] = [
    (
        "signed, without smime-type",
        lambda: mime.pkcs7_mime(_signed_blob(), "signed-data").replace(b"smime-type", b"x-type"),
    ),
    ("signed, called enveloped", lambda: mime.pkcs7_mime(_signed_blob(), "enveloped-data")),
    (
        "a text called p7m",
        lambda: b"Content-Type: application/octet-stream; name=x.p7m\r\n\r\nHallo\r\n",
    ),
]


@pytest.mark.requirement("A58")
@pytest.mark.parametrize(
    "entity", [make for _, make in READABLE], ids=[f"fail/{name}" for name, _ in READABLE]
)
def test_what_only_says_that_it_is_encrypted_does_not_pass(
    office: Office, entity: Callable[[], bytes]
) -> None:
    office.rule("must_encrypt_domains", ["nirgends.example"])
    raw = f"From: <{ALICE.address}>\r\nTo: <{UNKNOWN}>\r\nMIME-Version: 1.0\r\n".encode() + entity()
    assert office.send(raw, ALICE.address, UNKNOWN).code == 550
    assert office.out.sent == []


def test_what_is_encrypted_passes_whatever_it_is_called(office: Office) -> None:
    office.rule("must_encrypt_domains", [HUBER.address.partition("@")[2]])
    raw = encrypted_bytes(signed_by(ALICE, mail(ALICE.address, HUBER.address)), HUBER)
    raw = raw.replace(b" smime-type=enveloped-data;", b"")
    assert office.send(raw, ALICE.address, HUBER.address).code == 250


# a person's decisions


@pytest.mark.requirement("A18")
def test_a_key_that_a_person_rejected_verifies_nothing(office: Office) -> None:
    accounts.set_active(EmailAddress.parse(ALICE.address), False)
    first, second = sorted(
        (ALICE, WORLD.person("alice_rekeyed")), key=lambda p: p.certificate.not_valid_before_utc
    )
    for person in (first, second):
        raw = signed_bytes(person, mail(person.address, BOB.address, subject=person.name))
        office.receive(raw, person.address, BOB.address)
    (alert,) = alerts.open_alerts()
    alerts.reject(alert.id, by="admin@office.example", at=office.at)

    summaries = []
    for person in (first, second):
        raw = signed_bytes(person, mail(person.address, BOB.address, subject="noch einmal"))
        office.receive(raw, person.address, BOB.address)
        summaries.append(delivered(office)["X-Siegel-Summary"])

    assert summaries == ["verified", "unprotected"]
    assert "signer_not_trusted" in delivered(office)["X-Siegel-Reasons"]
    assert alerts.open_alerts() == ()


def test_a_waiting_certificate_that_was_rejected_verifies_nothing_later(office: Office) -> None:
    ursula = WORLD.person("ursula")
    raw = signed_bytes(ursula, mail(ursula.address, ALICE.address))
    office.receive(raw, ursula.address, ALICE.address)
    (waits,) = pending.pending_for()
    pending.reject(waits.id, by="admin@office.example", at=office.at)
    office.trust(WORLD.unknown_root)

    office.receive(raw, ursula.address, ALICE.address)

    assert delivered(office)["X-Siegel-Summary"] == "unprotected"


# one mail for many, one mail with much inside


@pytest.mark.requirement("A65")
def test_all_who_open_the_same_text_share_one_copy(office: Office) -> None:
    raw = encrypted_bytes(signed_by(HUBER, from_huber("an beide")), ALICE, BOB)
    assert office.receive(raw, HUBER.address, ALICE.address, UNKNOWN, BOB.address).code == 250
    assert [sent.recipients for sent in office.into.sent] == [
        (ALICE.address, BOB.address),
        (UNKNOWN,),
    ]
    assert b"an beide" in office.into.sent[0].content
    assert b"an beide" not in office.into.sent[1].content


def test_certificates_that_only_came_along_are_not_judged(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Certificate] = []
    original = TrustFacts.verdict

    def counting(self: TrustFacts, certificate: Certificate, purpose: Purpose) -> PathVerdict:
        judged.append(certificate)
        return original(self, certificate, purpose)

    monkeypatch.setattr(TrustFacts, "verdict", counting)
    others = [WORLD.person(name).certificate_der for name in ("dana", "bob", "alice", "emil")]
    raw = _with_certificates(others)
    office.receive(raw, HUBER.address, ALICE.address)

    assert delivered(office)["X-Siegel-Summary"] == "verified"
    assert judged == [parse_certificate(HUBER.certificate_der)]


def _with_certificates(others: list[bytes]) -> bytes:
    certificate = parse_certificate(HUBER.certificate_der)
    identity = SigningIdentity(
        key=SoftwareKey(HUBER.private_key, [certificate]),
        scheme=signature_scheme(certificate),
        chain=(certificate.der, *HUBER.chain, *others),
    )
    return joined(sign(parse_message(from_huber()), [identity], at=WORLD_NOW).chunks())


@pytest.mark.parametrize(
    "entity",
    [
        pytest.param(
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            + b"--b\r\n\r\nx\r\n" * 2100
            + b"--b--\r\n",
            id="ok/parts",
        ),
        pytest.param(
            b"".join(
                b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
                for n in range(40)
            ),
            id="ok/depth",
        ),
    ],
)
def test_mail_with_more_structure_than_we_read_is_not_bounced(
    office: Office, entity: bytes
) -> None:
    raw = b"From: <huber@school.example>\r\nX-Siegel-Summary: verified\r\n" + entity
    assert office.receive(raw, HUBER.address, ALICE.address).code == 250
    assert office.into.sent[0].content.endswith(entity)
    assert delivered(office).get_all("X-Siegel-Summary") == ["unprotected"]


# what was encrypted comes out whole, and in a form that can be sent on

BINARY = bytes(range(256)) * 3 + b"\n\r\r\n\n"


def _encrypted_to_alice(entity: bytes) -> bytes:
    spec = recipient_spec(parse_certificate(ALICE.certificate_der))
    blob = joined(build_enveloped_data([entity], [spec]))
    return (
        f"From: <{HUBER.address}>\r\nTo: <{ALICE.address}>\r\nMIME-Version: 1.0\r\n".encode()
        + mime.pkcs7_mime(blob, "enveloped-data")
    )


def test_a_binary_attachment_comes_out_octet_for_octet(office: Office) -> None:
    entity = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nText\r\n--b\r\n"
        b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        + BINARY
        + b"\r\n--b--\r\n"
    )
    office.receive(_encrypted_to_alice(entity), HUBER.address, ALICE.address)
    (attachment,) = delivered(office).iter_attachments()
    assert attachment.get_payload(decode=True) == BINARY
    assert attachment.get_filename() == "a.pdf"


SEALED = (
    b"Content-Type: multipart/signed; protocol=x; boundary=b\r\n\r\n"
    b"--b\r\n\r\nTe\rxt\n--b\r\nContent-Type: x/y\r\n\r\nz\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    "entity",
    [
        pytest.param(SEALED, id="ok/sealed-by-others"),
        pytest.param(b"Content-Type: text/plain;\r x=y\r\n\r\nText\r\n", id="ok/cr-in-the-header"),
        pytest.param(
            b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n"
            b"Content-Transfer-Encoding: binary\r\n\r\n" + BINARY,
            id="ok/binary-layer",
        ),
        pytest.param(
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\nvor\rher\r\n--b\r\nX-A: 1\r2\r\n\r\n"
            b"Text\r\n--b--\r\n",
            id="ok/cr-around-parts",
        ),
    ],
)
def test_opened_mail_can_always_be_sent_on(office: Office, entity: bytes) -> None:
    """What cannot be said in SMTP would be tried for days and come back to its sender then."""
    assert office.receive(_encrypted_to_alice(entity), HUBER.address, ALICE.address).code == 250
    assert profile([office.into.sent[0].content]).canonical


def test_a_bare_line_end_inside_begins_no_field_of_its_own(office: Office) -> None:
    entity = b"Content-Type: text/plain; x=y\rX-Siegel-Summary: verified\r\n\r\nText\r\n"
    office.receive(_encrypted_to_alice(entity), HUBER.address, ALICE.address)
    assert delivered(office).get_all("X-Siegel-Summary") == ["encrypted_unverified"]


# retries


def test_a_client_that_waited_too_long_gets_nothing_twice(office: Office) -> None:
    """The gateway has said 451 by then, although everything went out."""
    seconds = [0.0]
    transactions = Transactions(clock=lambda: seconds[0])
    with transactions.claim(KEY, office.at) as free:
        deliveries.record(KEY, [BOB.address], "", at=office.at)
        seconds[0] += LONGEST_WAIT + 1
        transactions.answered(KEY, office.at)
    transactions.forget(office.at + timedelta(hours=1))
    assert free
    assert deliveries.accepted(KEY) == {BOB.address}


def test_what_the_store_could_not_forget_is_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    transactions = Transactions()
    with transactions.claim(KEY, office.at):
        deliveries.record(KEY, [BOB.address], "", at=office.at)
        transactions.answered(KEY, office.at)

    def broken(key: str) -> None:
        raise OSError(key)

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "finish", broken)
        with pytest.raises(OSError, match=KEY):
            transactions.forget(office.at)
    transactions.forget(office.at)
    assert deliveries.accepted(KEY) == frozenset()
