"""What a message may cost to open: every limit with an input that would hurt without it."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import keywrap
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from siegel.base import der, oids
from siegel.base.buffers import joined
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.findings import Finding
from siegel.base.keys import TransportKind, TransportScheme
from siegel.base.limits import DEFAULT, MIB, Limits
from siegel.cms import content_opening, key_wrap
from siegel.cms.enveloped import (
    EnvelopedView,
    RecipientSpec,
    build_enveloped_data,
    decrypt,
    parse_enveloped,
    parse_enveloped_in_place,
)
from siegel.cms.recipients_read import MAX_UKM
from tests.unit.cms import sealing
from tests.unit.cms.forge import replaced
from tests.unit.cms.people import Ring, certify, person
from tests.work import Counted, Run, grows_in_proportion, steps_in_proportion

Reader = Callable[[bytes], EnvelopedView]
READERS: dict[str, Reader] = {
    "as it lies": parse_enveloped,
    "in place": lambda data: parse_enveloped_in_place(bytearray(data)),
}
WHO = person("rsa2048")
V15 = TransportScheme(TransportKind.RSA_PKCS1)


def with_content(content: bytes) -> bytes:
    """An EnvelopedData whose content is ``content``, a whole [0]."""
    inside = der.sequence(der.oid(oids.DATA), sealing.AES, content)
    infos = der.set_of(sealing.ktri())
    return sealing.content_info(oids.ENVELOPED_DATA, der.integer(0), infos, inside)


def segmented(size: int, length: int = 1000) -> bytes:
    specs = [RecipientSpec(certificate=WHO)]
    data = joined(build_enveloped_data([bytes(size)], specs))
    whole = joined(parse_enveloped(data).content)
    pieces = (der.octet_string(whole[i : i + length]) for i in range(0, len(whole), length))
    return replaced(data, der.tlv(0x80, whole), b"\xa0\x80" + b"".join(pieces) + b"\x00\x00")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("length", [100, 1000])
def test_segments_are_opened_in_linear_time(reader: str, length: int) -> None:
    def made(size: int) -> Run:
        data = segmented(size, length)
        return lambda: decrypt(READERS[reader](data), Ring(WHO))

    assert steps_in_proportion(made, MIB // 4)
    assert grows_in_proportion(made, MIB)


@pytest.mark.parametrize("reader", READERS)
def test_empty_segments_without_end_are_refused(reader: str) -> None:
    data = with_content(b"\xa0\x80" + b"\x04\x00" * (DEFAULT.ber_segments + 1) + b"\x00\x00")
    with pytest.raises(LimitExceeded) as error:
        READERS[reader](data)
    assert error.value.params == {"limit": "ber_segments"}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("end", [b"", b"\x00\x00"])
def test_segments_nested_without_end_are_refused(reader: str, end: bytes) -> None:
    deep = 100_000
    data = with_content(b"\xa0\x80" + b"\x24\x80" * deep + end * deep + b"\x00\x00")
    with pytest.raises((LimitExceeded, MalformedMessage)):
        READERS[reader](data)


def test_recipients_are_counted_before_they_are_read() -> None:
    """Each costs a look-up of keys, and more when one is found."""
    data = sealing.sealed_cbc(*[der.sequence()] * (DEFAULT.recipients + 1))
    with pytest.raises(LimitExceeded) as error:
        parse_enveloped(data)
    assert error.value.params == {"limit": "recipients"}
    with pytest.raises(LimitExceeded):
        parse_enveloped(sealing.sealed_cbc(*[der.sequence()] * (DEFAULT.ber_elements + 1)))


def test_as_many_recipients_as_allowed_cost_no_more_than_the_keys_tried() -> None:
    """The private key takes 0.3 ms or more for each."""
    who = certify("busy", person("rsa2048", 1).private)  # type: ignore[arg-type]  # an RSA key
    data = sealing.sealed_gcm(*[sealing.ktri(bytes(32), who)] * DEFAULT.recipients)
    opened = decrypt(parse_enveloped(data), Ring(who))
    assert opened.findings == (Finding.DECRYPTION_FAILED,)
    assert len(who.asked) == DEFAULT.decryption_keys


def test_many_keys_in_one_agreement_cost_no_more_than_the_keys_tried() -> None:
    who = certify("agreeing", person("p256", 1).private)  # type: ignore[arg-type]  # an EC key
    ours = der.sequence(sealing.named(who), der.octet_string(bytes(40)))
    own = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = own.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    info = der.context(
        1,
        der.integer(3),
        der.context(0, der.context(1, der.algorithm(oids.EC_PUBLIC_KEY), der.bit_string(point))),
        der.algorithm(oids.STD_DH_SHA256_KDF, der.algorithm(oids.AES256_WRAP)),
        der.sequence(*[ours] * 2000),
    )
    opened = decrypt(parse_enveloped(sealing.sealed_gcm(info)), Ring(who))
    assert opened.findings == (Finding.DECRYPTION_FAILED,)
    assert len(who.asked) == DEFAULT.decryption_keys


def test_keys_that_fail_over_large_content_cost_a_block_each_and_one_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """32 keys that came out, none of which fits: for CBC one block each is looked at."""
    infos = [sealing.ktri(bytes([number]) * 32) for number in range(1, 40)]
    many = sealing.sealed_cbc(*infos, content=bytes(MIB))
    keys = Counted(monkeypatch, content_opening, "_fits")
    passes = Counted(monkeypatch, content_opening, "_through")

    opened = decrypt(parse_enveloped(many), Ring(WHO))

    assert opened.findings == (Finding.DECRYPTION_FAILED,)
    assert keys.calls > 20
    assert passes.calls == 1


def test_a_wrapped_key_longer_than_any_is_not_even_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """AES key wrap goes over its octets six times, and the sender chooses how many there are."""
    tried: list[int] = []
    real = keywrap.aes_key_unwrap

    def watched(kek: bytes, wrapped: bytes) -> bytes:
        tried.append(len(wrapped))
        return real(kek, wrapped)

    monkeypatch.setattr(key_wrap, "aes_key_unwrap", watched)
    for length in (40, 48, MIB):
        info = der.context(
            2,
            der.integer(4),
            der.sequence(der.octet_string(b"list")),
            der.algorithm(oids.AES256_WRAP),
            der.octet_string(bytes(length)),
        )
        ring = Ring(shared={b"list": bytes(32)})
        assert decrypt(parse_enveloped(sealing.sealed_cbc(info)), ring).findings == (
            Finding.DECRYPTION_FAILED,
        )
    assert tried == [40]


def test_keying_material_that_every_recipient_would_digest_again_is_bounded() -> None:
    who = person("p256")
    assert isinstance(who.public_key, ec.EllipticCurvePublicKey)
    point = who.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key = der.algorithm("1.2.840.10045.2.1") + der.tlv(der.BIT_STRING, b"\0", point)

    def read(length: int) -> None:
        info = der.context(
            1,
            der.integer(3),
            der.context(0, der.context(1, key)),
            der.context(1, der.octet_string(bytes(length))),
            der.algorithm(oids.STD_DH_SHA256_KDF, der.algorithm(oids.AES256_WRAP)),
            der.sequence(der.sequence(sealing.named(who), der.octet_string(bytes(40)))),
        )
        view = parse_enveloped(sealing.sealed_cbc(info))
        assert decrypt(view, Ring(who)).findings == (Finding.DECRYPTION_FAILED,)

    read(MAX_UKM)
    with pytest.raises(LimitExceeded):
        read(MAX_UKM + 1)


def test_the_limits_are_the_callers() -> None:
    data = sealing.sealed_cbc(sealing.ktri(), sealing.ktri())
    for limits in (Limits(recipients=1), Limits(ber_depth=2), Limits(ber_elements=5)):
        with pytest.raises(LimitExceeded):
            parse_enveloped(data, limits=limits)
