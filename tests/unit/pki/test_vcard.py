"""vCards: what programs write is read, what we write comes back, hostile ones cost little."""

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded, MalformedMessage, SiegelError
from siegel.pki.certificate import parse_certificate
from siegel.pki.vcard import MAX_CARDS, MAX_SIZE, MAX_VALUES, Card, read_cards, write_card
from tests.work import Run, grows_in_proportion
from tests.world import WORLD

HUBER = parse_certificate(WORLD.person("huber").certificate_der)
BASE64 = base64.b64encode(HUBER.der).decode()


def card(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""]).encode()


@pytest.mark.parametrize(
    "key",
    [
        f"KEY:data:application/pkix-cert;base64,{BASE64}",
        f"KEY;ENCODING=b;TYPE=X509:{BASE64}",
        f"KEY;X509;ENCODING=BASE64:\r\n {BASE64[:60]}\r\n {BASE64[60:]}\r\n",
        f"item3.KEY;MEDIATYPE=application/pkix-cert:{BASE64}",
    ],
    ids=["4.0", "3.0", "2.1", "group"],
)
def test_the_certificate_of_a_card_is_read(key: str) -> None:
    (read,) = read_cards(card("VERSION:3.0", "FN:Hans", key))
    assert read.certificates == (HUBER,)


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["FN:Hans Huber"], "Hans Huber"),
        (["N:Huber;Hans;;Dr.;"], "Hans Huber"),
        (["FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=FCrgen"], "Jürgen"),
        (["FN;ENCODING=QUOTED-PRINTABLE:J=C3=BCr=", "gen"], "Jürgen"),
        (["FN:Huber\\, Hans\\; Schule"], "Huber, Hans; Schule"),
        (["FN:Ha", " ns"], "Hans"),
        (["ORG:Schule;Sekretariat"], "Schule, Sekretariat"),
        (["EMAIL:hans@school.example"], "hans@school.example"),
    ],
)
def test_a_name_is_read_as_it_was_meant(lines: list[str], name: str) -> None:
    (read,) = read_cards(card(*lines))
    assert read.name == name


def test_a_card_of_windows_in_its_own_charset_is_read() -> None:
    (read,) = read_cards("BEGIN:VCARD\nFN:Jürgen\nEND:VCARD\n".encode("cp1252"))
    assert read.name == "Jürgen"


def test_what_is_no_certificate_is_passed_over() -> None:
    lines = ["FN:x", "KEY:https://keys.example/x", "KEY:data:application/pgp-keys;base64,AAAA"]
    (read,) = read_cards(card(*lines, "KEY;ENCODING=b:!!!", "EMAIL:keine Adresse", "PHOTO:x"))
    assert (read.certificates, read.addresses) == ((), ())


def test_the_limits_are_kept() -> None:
    many = card("FN:x", *(f"EMAIL:p{n}@a.example" for n in range(99)))
    assert len(read_cards(many)[0].addresses) == MAX_VALUES
    with pytest.raises(LimitExceeded):
        read_cards(card("FN:x") * (MAX_CARDS + 1))
    with pytest.raises(LimitExceeded):
        read_cards(bytes(MAX_SIZE + 1))
    for nothing in (b"", b"BEGIN:VCARD\r\n", card("TEL:1"), b"\xff\xfe"):
        with pytest.raises(MalformedMessage):
            read_cards(nothing)


@pytest.mark.parametrize(
    "filling",
    [b"A" * 10, b"=\n", b"QUOTED-PRINTABLE", b"QUOTED-PRINTABLE:=\n", b"\n ", b";", b"\\"],
)
def test_reading_takes_time_in_proportion_whatever_a_card_is_filled_with(filling: bytes) -> None:
    def made(size: int) -> Run:
        text = b"BEGIN:VCARD\nFN:" + filling * (size // len(filling)) + b"\nEND:VCARD"
        return lambda: _read_or_refused(text)

    assert grows_in_proportion(made, 120_000)


def _read_or_refused(text: bytes) -> None:
    with contextlib.suppress(SiegelError):
        read_cards(text)


@given(st.text(min_size=1, max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_what_is_written_is_read_again(name: str, organisation: str, note: str) -> None:
    address = EmailAddress.parse("hans@school.example")
    given_card = Card(
        name=name, organisation=organisation, note=note, addresses=(address,), certificates=(HUBER,)
    )
    written = write_card(given_card)
    assert all(len(line) <= 76 for line in written.split(b"\r\n"))
    (read,) = read_cards(written)
    assert (read.addresses, read.certificates) == ((address,), (HUBER,))
    assert read.name == " ".join(_plain(name).split()) or address.spelling in read.name


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
