"""A layer never holds more than one extra copy of the message, however it was written."""

import tracemalloc

import pytest

from siegel.base import der
from siegel.base.b64 import encode_lines
from siegel.base.buffers import joined
from siegel.base.limits import MIB
from siegel.cms.enveloped import RecipientSpec, build_enveloped_data, parse_enveloped
from siegel.mime.parse import parse_message
from siegel.smime.open import open_message
from tests.unit.cms.forge import replaced
from tests.unit.cms.people import Ring, person

WHO = person("rsa2048")
PLAIN = b"Content-Type: text/plain\r\n\r\n" + b"Ein sehr langer Bescheid.\r\n" * (8 * MIB // 27)
HEADER = (
    b"From: a@example.org\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n"
)


def mail(data: bytes) -> bytes:
    return HEADER + b"".join(encode_lines([data]))


def segmented(data: bytes) -> bytes:
    """As BouncyCastle writes it: 1,000 octets in each segment."""
    whole = joined(parse_enveloped(data).content)
    pieces = (der.octet_string(whole[i : i + 1000]) for i in range(0, len(whole), 1000))
    return replaced(data, der.tlv(0x80, whole), b"\xa0\x80" + b"".join(pieces) + b"\x00\x00")


@pytest.mark.parametrize("cipher", ["aes256-cbc", "aes256-gcm"])
@pytest.mark.parametrize("form", ["DER", "BER in segments"])
def test_opening_takes_the_message_once(cipher: str, form: str) -> None:
    spec = RecipientSpec(certificate=WHO)
    data = joined(build_enveloped_data([PLAIN], [spec], cipher=cipher))
    message = parse_message(mail(data if form == "DER" else segmented(data)))
    tracemalloc.start()
    try:
        opened = open_message(message, Ring(WHO))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert opened.payload.exact == PLAIN
    assert peak < 1.05 * len(PLAIN)
