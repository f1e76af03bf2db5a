"""Messages that pretend to come from Alice, judged as gateway and commands judge them.

Classes after "Johnny, you are fired" (Müller et al. 2019): CMS (what is signed), MIME (where the
signature stands), ID (whose name is shown). The attacker is Dana, whose certificate is in order
for her own address, or somebody without any trusted certificate. Nothing may be green for Alice.
"""

from collections.abc import Callable

import pytest

from siegel.base import ber, der, oids
from siegel.base.address import EmailAddress
from siegel.base.buffers import joined
from siegel.base.findings import Finding
from siegel.cms.signed import SignerSpec, build_signed_data
from siegel.mime.fields import from_addresses
from siegel.policy.inbound import CryptographicSummary, InboundJudgement
from siegel.policy.reasons import Reason
from tests.peers import mime
from tests.unit.smime import mails
from tests.unit.smime.mails import NOW, TEXT, identity, judged, mail, opened
from tests.unit.smime.test_layers import encrypted, mixed, opaque
from tests.unit.smime.test_structure import HEAD, OTHER, cms, parts, signature

Make = Callable[[], bytes]
ALICE = "alice@office.example"
DANA = EmailAddress.parse("dana@partner.example")
GREEN = (CryptographicSummary.VERIFIED, CryptographicSummary.CONFIDENTIAL)
UNPROTECTED = CryptographicSummary.UNPROTECTED


def _clear(entity: bytes, *names: str) -> bytes:
    return parts(entity, signature(cms(entity, *names)))


def _info_of(blob: bytes) -> ber.Element:
    (info,) = _fields(blob)[-1].children()
    return info


def _fields(blob: bytes) -> list[ber.Element]:
    return ber.read(blob).children()[1].children()[0].children()


def _with_infos(blob: bytes, *infos: bytes) -> bytes:
    inside = b"".join(bytes(field.raw) for field in _fields(blob)[:-1]) + der.set_of(*infos)
    return der.sequence(der.oid(oids.SIGNED_DATA), der.context(0, der.sequence(inside)))


def _two_signers() -> bytes:
    """Alice signed another text, Dana this one."""
    forged, good = cms(TEXT, "alice"), cms(OTHER, "dana")
    both = _with_infos(good, bytes(_info_of(forged).raw), bytes(_info_of(good).raw))
    return parts(OTHER, signature(both))


def _named_alice() -> bytes:
    """Dana's signature with Alice's name on it."""
    alice, dana = _info_of(cms(OTHER, "alice")).children(), _info_of(cms(OTHER, "dana")).children()
    swapped = [dana[0], alice[1], *dana[2:]]
    info = der.sequence(*(bytes(field.raw) for field in swapped))
    return parts(OTHER, signature(_with_infos(cms(OTHER, "alice"), info)))


def _attributes_as_content() -> bytes:
    """Falko Strenzke 2024: what Alice signed in truth were attributes, here they are the text."""
    fields = _info_of(cms(TEXT, "alice")).children()
    text = b"\x31" + bytes(fields[3].raw[1:])
    info = der.sequence(*(bytes(field.raw) for field in (*fields[:3], *fields[4:])))
    blob = _with_infos(cms(text, "alice", detached=False), info)
    return mime.pkcs7_mime(blob, "signed-data")


def _without_signers(*, content: bytes | None) -> bytes:
    given = None if content is None else [content]
    blob = build_signed_data(given, None, [], identity("alice").chain, detached=content is None)
    return mime.pkcs7_mime(joined(blob), "signed-data")


def _alices_certificate_on_top() -> bytes:
    one = identity("dana")
    spec = SignerSpec(key=one.key, scheme=one.scheme, signing_time=NOW, encryption_certificate=None)
    certificates = [*identity("alice").chain, *one.chain]
    blob = joined(build_signed_data([OTHER], None, [spec], certificates, detached=True))
    return parts(OTHER, signature(blob))


def _html(body: bytes) -> bytes:
    return b"Content-Type: text/html\r\n\r\n" + body + b"\r\n"


def _attached(entity: bytes) -> bytes:
    return b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + mail(entity)


def _kind(kind: bytes, entity: bytes) -> bytes:
    return entity.replace(b"multipart/mixed", b"multipart/" + kind)


def _genuine() -> bytes:
    return _clear(TEXT, "alice")


CMS: list[tuple[str, Make]] = [
    ("C1 no signer, content inside", lambda: _without_signers(content=OTHER)),
    ("C1 no signer, beside a text", lambda: parts(OTHER, signature(_without_cms()))),
    ("C1 certificates only", lambda: _without_signers(content=None)),
    ("C2 two signers, the genuine one over another text", _two_signers),
    ("C2 several signers, none of them Alice", lambda: _clear(OTHER, "dana", "petra")),
    ("C3 signed text inside, another text outside",
     lambda: parts(OTHER, signature(cms(TEXT, detached=False)))),
    ("C3 signed text inside and outside",
     lambda: parts(TEXT, signature(cms(TEXT, detached=False)))),
    ("C4 a signed receipt for a text", lambda: parts(
        OTHER, signature(cms(OTHER, content_type="1.2.840.113549.1.9.16.1.1")))),
    ("C4 the genuine mail inside of Dana's signature",
     lambda: opaque(mixed(OTHER, _genuine()), "dana")),
    ("C5 attributes as content", _attributes_as_content),
    ("C6 a certificate of the same name by nobody", lambda: _clear(OTHER, "mallory")),
    ("C7 Alice's certificate goes first", _alices_certificate_on_top),
    ("C7 Dana's signature with Alice's name", _named_alice),
    ("C8 Dana signs for Alice", lambda: _clear(OTHER, "dana")),
    ("C8 the genuine signature over another text", lambda: parts(OTHER, signature(cms(TEXT)))),
]  # fmt: skip

MIME: list[tuple[str, Make]] = [
    ("M1 text before the signed part", lambda: mixed(OTHER, _genuine())),
    ("M1 text behind the signed part", lambda: mixed(_genuine(), OTHER)),
    ("M1 HTML that hides the signed part",
     lambda: mixed(_html(b"Zahlen Sie<plaintext style='display:none'>"), _genuine())),
    ("M2 signed part as alternative", lambda: _kind(b"alternative", mixed(OTHER, _genuine()))),
    ("M2 signed part as first alternative",
     lambda: _kind(b"alternative", mixed(_genuine(), OTHER))),
    ("M3 signed part by reference",
     lambda: _kind(b"related", mixed(_html(b"<img src='cid:x'>"), _genuine()))),
    ("M4 signed message attached", lambda: mixed(OTHER, _attached(_genuine()))),
    ("M4 signed message alone", lambda: _attached(_genuine())),
    ("M5 three parts", lambda: parts(OTHER, TEXT, signature())),
    ("M5 a part behind the signature", lambda: parts(TEXT, signature(), OTHER)),
    ("M5 signature goes first", lambda: parts(signature(), TEXT)),
    ("M6 two structures at once", lambda: HEAD[:-2] + _kind(b"x", mixed(OTHER, _genuine()))),
    ("M7 genuine part within encryption", lambda: encrypted(mixed(OTHER, _genuine()), "huber")),
    ("M8 signed outside of somebody's encryption", lambda: opaque(encrypted(OTHER), "alice")),
]  # fmt: skip


def _without_cms() -> bytes:
    return joined(build_signed_data(None, None, [], identity("alice").chain, detached=True))


CASES = [*CMS, *MIME]


@pytest.mark.requirement("A4", "A5", "A6", "A18")
@pytest.mark.parametrize(
    "make", [make for _, make in CASES], ids=[f"fail/{name}" for name, _ in CASES]
)
def test_no_trick_with_content_or_structure_is_green(make: Make) -> None:
    judgement = judged(opened(mail(make(), sender=ALICE), "huber"))

    assert judgement.summary not in GREEN
    assert not any(one.counts for one in judgement.signers)
    assert all(item.address != EmailAddress.parse(ALICE) or item.state == "pending"
               for item in judgement.harvest)  # fmt: skip


# ID: Dana signs with her own, good certificate, and writes a From that should look like Alice's


def _signed_with(header: bytes) -> bytes:
    return header + b"\r\nTo: huber@school.example\r\nMIME-Version: 1.0\r\n" + _clear(OTHER, "dana")


FOR_ALICE = [
    pytest.param(b"From: alice@office.example", id="fail/plainly"),
    pytest.param(b"From: alice@office.example\r\nSender: dana@partner.example", id="fail/sender"),
    pytest.param(b"From: alice@office.example, dana@partner.example", id="fail/two-addresses"),
    pytest.param(b"From: dana@partner.example, alice@office.example", id="fail/two-turned"),
    pytest.param(b"From: dana@partner.example; alice@office.example", id="fail/semicolon"),
    pytest.param(b"From: alice@office.example\r\nFrom: dana@partner.example", id="fail/two-fields"),
    pytest.param(
        b"From: dana@partner.example\r\nFrom: alice@office.example", id="fail/fields-turned"
    ),
    pytest.param(b"From: dana@partner.example\r\nFROM : alice@office.example", id="fail/blank"),
    pytest.param(b"From: dana@partner.example\rFrom: alice@office.example", id="fail/bare-cr"),
    pytest.param(b"From: dana@partner.example\r\n\0From: alice@office.example", id="fail/nul-name"),
    pytest.param(b"From: Alice: dana@partner.example;", id="fail/group"),
    pytest.param(b"From: alice@office.example: dana@partner.example;", id="fail/group-name"),
    pytest.param(b"From: alice@office.example\0 <dana@partner.example>", id="fail/nul"),
    pytest.param(b"From: alice@office.example <dana@partner.example>", id="fail/bare-phrase"),
    pytest.param(b"From: dana@partner.example <alice@office.example>", id="fail/phrase-turned"),
    pytest.param(b"From: <alice@office.example> <dana@partner.example>", id="fail/two-brackets"),
    pytest.param(b"From: <@alice@office.example:dana@partner.example>", id="fail/route"),
    pytest.param(b"From: dana@partner.example (alice@office.example)", id="fail/comment"),
    pytest.param(b"From: dana(alice@office.example)@partner.example", id="fail/comment-inside"),
    pytest.param(b"From: =?utf-8?q?alice=40office.example=00?=@partner.example", id="fail/word"),
    pytest.param(b"From: =?utf-8?q?alice=40office.example?=", id="fail/only-a-word"),
    pytest.param(b"From: =?utf-8?q?dana=40partner.example?=", id="fail/only-danas-word"),
    pytest.param(b'From: "dana@partner.example"@office.example', id="fail/quoted-local"),
    pytest.param(b"From: dana@partner.example.office.example", id="fail/longer-domain"),
    pytest.param(b"From: xdana@partner.example", id="fail/longer-name"),
    pytest.param(b"From: dana@partner.exampl", id="fail/shorter"),
    pytest.param(b"From: dana+alice@partner.example", id="fail/plus"),
    pytest.param("From: dаna@partner.example".encode(), id="fail/cyrillic"),
    pytest.param(b"From:", id="fail/empty"),
    pytest.param(b"Sender: dana@partner.example", id="fail/no-from"),
    pytest.param(
        b"Resent-From: dana@partner.example\r\nFrom: alice@office.example", id="fail/resent"
    ),
    pytest.param(
        b"Reply-To: dana@partner.example\r\nFrom: alice@office.example", id="fail/reply-to"
    ),
]


@pytest.mark.requirement("A5", "A18", "A69")
@pytest.mark.parametrize("header", FOR_ALICE)
def test_no_trick_with_names_is_green(header: bytes) -> None:
    judgement = judged(opened(_signed_with(header)))

    assert judgement.summary is UNPROTECTED
    assert judgement.reasons
    assert not any(item.state == "linked" for item in judgement.harvest)


FOR_DANA = [
    pytest.param(b"From: dana@partner.example", id="ok/plainly"),
    pytest.param(b"From: DANA@Partner.Example", id="ok/case"),
    pytest.param(b"From: Alice Adler <dana@partner.example>", id="ok/name"),
    pytest.param(b'From: "dana@partner.example" <dana@partner.example>', id="ok/own-address"),
    pytest.param(
        b"From: dana@partner.example\r\nSender: alice@office.example", id="ok/foreign-sender"
    ),
    pytest.param(b"From: Dana\r\n <dana@partner.example>", id="ok/folded"),
]


NAMES_LIKE_ADDRESSES = [
    pytest.param(b'"alice@office.example"', id="fail/quoted"),
    pytest.param(b"=?utf-8?q?alice=40office.example?=", id="fail/encoded"),
    pytest.param(b'"Alice (alice@office.example)"', id="fail/in-brackets"),
    pytest.param(b'"alice @ office.example"', id="fail/blanks"),
    pytest.param('"alice＠office.example"'.encode(), id="fail/full-width"),
    pytest.param('"alice​@office.example"'.encode(), id="fail/invisible"),
    pytest.param(b'"dana@partner.example, alice@office.example"', id="fail/two"),
]


@pytest.mark.requirement("A5", "A18")
@pytest.mark.parametrize("name", NAMES_LIKE_ADDRESSES)
def test_a_name_that_is_another_address_leaves_nobody_who_signed(name: bytes) -> None:
    """Legal, and made for programs that show names only."""
    judgement = judged(opened(_signed_with(b"From: " + name + b" <dana@partner.example>")))

    assert judgement.summary is UNPROTECTED
    assert judgement.reasons == (Reason.FROM_AMBIGUOUS,)
    assert Finding.NAME_SHOWS_ANOTHER_ADDRESS in judgement.findings


@pytest.mark.parametrize(
    "name",
    [b'"dana@partner.example"', b'"Dana @ Partner"', b"\"'Dana@Partner.example'\"", b"@dana"],
)
def test_a_name_that_is_the_very_address_or_none_changes_nothing(name: bytes) -> None:
    judgement = judged(opened(_signed_with(b"From: " + name + b" <dana@partner.example>")))

    assert Finding.NAME_SHOWS_ANOTHER_ADDRESS not in judgement.findings


@pytest.mark.requirement("A69")
@pytest.mark.parametrize("header", FOR_DANA)
def test_a_name_is_only_a_name_and_green_is_said_of_the_address(header: bytes) -> None:
    """Doors show the address beside whatever name was written: it is Dana's, not Alice's."""
    found = opened(_signed_with(header))

    judgement = judged(found)

    assert judgement.summary is CryptographicSummary.VERIFIED
    assert from_addresses(found.message) == (DANA,)
    assert judgement.signer is not None
    assert judgement.signer.signer.certificate == mails.certificate("dana")


@pytest.mark.requirement("A18")
def test_the_genuine_message_is_green() -> None:
    """Otherwise the tables above would show nothing."""
    assert judged(opened(mail(_genuine(), sender=ALICE))).summary is CryptographicSummary.VERIFIED


def _verdict(judgement: InboundJudgement) -> str:
    return f"{judgement.summary.value}: {', '.join(reason.value for reason in judgement.reasons)}"


def test_every_class_has_a_reason_that_can_be_read() -> None:
    """Run with ``-s`` to see the table."""
    rows = [(name, judged(opened(mail(make()), "huber"))) for name, make in CASES]
    for name, judgement in rows:
        print(f"{name:55} {_verdict(judgement)}")

    assert all(judgement.reasons for _, judgement in rows)
