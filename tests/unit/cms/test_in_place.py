"""Opening a message where it lies: same results, no second buffer, nothing of a failure left."""

import os
import tracemalloc
from collections.abc import Callable, Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM

from siegel.base import ber, der, oids
from siegel.base.buffers import Buffer, joined
from siegel.base.errors import KeyUnavailable
from siegel.base.findings import Finding
from siegel.base.keys import KeyId, TransportScheme
from siegel.base.limits import MIB, Limits
from siegel.cms import content_opening
from siegel.cms.content_algorithm import BLOCK
from siegel.cms.content_opening import Sealed
from siegel.cms.enveloped import (
    Opened,
    RecipientSpec,
    build_enveloped_data,
    decrypt,
    parse_enveloped,
    parse_enveloped_in_place,
)
from siegel.cms.recipients_read import AgreementDoor
from tests.unit.cms import sealing
from tests.unit.cms.forge import replaced
from tests.unit.cms.people import Person, Ring, person

WHO = person("rsa2048")
OTHER = person("rsa2048", 1)
CIPHERS = ["aes128-cbc", "aes192-cbc", "aes256-cbc", "aes256-gcm", "chacha20-poly1305"]
FAILED = (Finding.DECRYPTION_FAILED,)


def built(content: bytes, *people: Person, cipher: str = "aes256-cbc", ski: bool = False) -> bytes:
    specs = [RecipientSpec(certificate=who, by_ski=ski) for who in people or (WHO,)]
    return joined(build_enveloped_data([content], specs, cipher=cipher, rng=counted_octets))


def counted_octets(length: int) -> bytes:
    """Always the same, because a wrong key pads well once in 256 times."""
    return bytes(range(1, length + 1))


def segmented(data: bytes, sizes: Sequence[int], *, nested: bool = False) -> bytes:
    """The ciphertext in segments of ``sizes``, repeated; all structures of indefinite length."""
    whole = joined(parse_enveloped(data).content)
    pieces, start, turn = [], 0, 0
    while start < len(whole):
        size = sizes[turn % len(sizes)]
        pieces.append(der.octet_string(whole[start : start + size]))
        start, turn = start + size, turn + 1
    if nested:
        pieces = [
            b"\x24\x80" + b"".join(pieces) + b"\x00\x00",
            der.tlv(0x24, der.octet_string(b"")),
        ]
    return replaced(data, der.tlv(0x80, whole), b"\xa0\x80" + b"".join(pieces) + b"\x00\x00")


LENGTHS = [0, 1, 15, 16, 17, 1000, BLOCK - 16, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 7, 300_000]


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("form", ["der", "segments", "nested"])
def test_content_of_any_length_comes_back_in_its_own_buffer(
    cipher: str, length: int, form: str
) -> None:
    content = os.urandom(length)
    data = built(content, cipher=cipher)
    if form != "der" and length:
        data = segmented(data, (1000, 7, 0, 4096), nested=form == "nested")
    buffer = bytearray(data)
    opened = decrypt(parse_enveloped_in_place(buffer), Ring(WHO))
    assert opened.content == [content]
    assert opened.content[0] is buffer
    assert decrypt(parse_enveloped(data), Ring(WHO)).content == [content]


def test_the_octets_of_a_message_that_is_not_given_away_stay() -> None:
    data = bytearray(built(b"Ein Bescheid", cipher="aes256-gcm"))
    before = bytes(data)
    assert decrypt(parse_enveloped(data), Ring(WHO)).content == [b"Ein Bescheid"]
    assert data == before


def test_a_tag_behind_the_content_is_no_content() -> None:
    for content in (b"", b"x", bytes(2 * BLOCK)):
        octets = AESGCM(sealing.KEY).encrypt(sealing.NONCE, content, None)
        inside = sealing.encrypted(sealing.GCM, octets)
        infos = der.set_of(sealing.ktri())
        data = sealing.content_info(oids.ENVELOPED_DATA, der.integer(2), infos, inside)
        opened = decrypt(parse_enveloped_in_place(bytearray(data)), Ring(WHO))
        assert opened.content == [content]
        assert opened.findings == (Finding.TAG_APPENDED_TO_CONTENT,)


@pytest.mark.parametrize("cipher", CIPHERS)
def test_nothing_of_a_failed_content_is_left(cipher: str) -> None:
    """Unauthenticated plaintext of GCM and badly padded plaintext of CBC are wiped."""
    content = b"Ein geheimer Bescheid. " * 10_000
    buffer = bytearray(built(content, cipher=cipher))
    view = parse_enveloped_in_place(buffer)
    (ciphertext,) = view.content
    start, length = view.place or 0, len(ciphertext)
    buffer[start + length - 20] ^= 0x55  # the block before the last: padding and tag both suffer
    opened = decrypt(view, Ring(WHO))
    assert (opened.content, opened.findings) == (None, FAILED)
    assert buffer[start : start + length] == bytes(length)


class Wrong(Person):
    """A key whose RSA block never had the right padding."""

    def decrypt(self, blob: Buffer, scheme: TransportScheme) -> bytes:
        super().decrypt(blob, scheme)
        return bytes(7)


class Unplugged(Person):
    def decrypt(self, blob: Buffer, scheme: TransportScheme) -> bytes:
        raise KeyUnavailable("the token is not there")


class Everybody(Ring):
    """All keys may be meant, as with one subjectKeyIdentifier in several certificates."""

    def matching(self, identifier: KeyId) -> list[Person]:
        return list(self.people)


def like(kind: type[Person], who: Person = WHO) -> Person:
    return kind(who.x509, who.private, who.key_kind)


@pytest.mark.parametrize("cipher", [*CIPHERS, "aes128-gcm"])
@pytest.mark.parametrize("order", [(OTHER, WHO), (WHO, OTHER)])
def test_a_key_that_does_not_fit_leaves_the_ciphertext_to_the_next(
    cipher: str, order: tuple[Person, ...]
) -> None:
    content = b"Ein Bescheid. " * 20_000
    for data in (
        built(content, cipher=cipher, ski=True),
        built(content, OTHER, WHO, cipher=cipher),
    ):
        opened = decrypt(parse_enveloped_in_place(bytearray(data)), Everybody(*order), rng=bytes)
        assert opened.content == [content]


@pytest.mark.parametrize("seal", [sealing.sealed_cbc, sealing.sealed_gcm])
def test_the_first_content_key_that_fits_opens(seal: Callable[..., bytes]) -> None:
    infos = [sealing.ktri(bytes([number]) * 32) for number in range(1, 6)]
    data = seal(*infos[:3], sealing.ktri(), *infos[3:])
    opened = decrypt(parse_enveloped_in_place(bytearray(data)), Ring(WHO))
    assert opened.content == [sealing.CONTENT]
    none = decrypt(parse_enveloped_in_place(bytearray(seal(*infos))), Ring(WHO))
    assert (none.content, none.findings) == (None, FAILED)


def test_ccm_is_tried_without_harm_too() -> None:
    content = sealing.CONTENT
    octets = AESCCM(sealing.KEY, 12).encrypt(sealing.NONCE, content, None)
    params = der.sequence(der.octet_string(sealing.NONCE))
    data = sealing.content_info(
        oids.AUTH_ENVELOPED_DATA,
        der.integer(0),
        der.set_of(sealing.ktri(bytes(32)), sealing.ktri()),
        sealing.encrypted(der.algorithm(oids.AES256_CCM, params), octets[:-12]),
        der.octet_string(octets[-12:]),
    )
    assert decrypt(parse_enveloped_in_place(bytearray(data)), Ring(WHO)).content == [content]


class Counted:
    """With how many keys the content was decrypted, each time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[int] = []
        real = content_opening.decrypt

        def watched(sealed: Sealed, keys: Sequence[bytes]) -> bytearray:
            self.seen.append(len(keys))
            return real(sealed, keys)

        monkeypatch.setattr(content_opening, "decrypt", watched)


def test_as_many_keys_are_tried_whether_the_padding_was_right_or_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beside a content key that the attacker knows, one more or fewer would tell on the probe."""
    counted = Counted(monkeypatch)
    known, probe = sealing.ktri(bytes([1]) * 32), sealing.ktri(bytes([2]) * 32, OTHER)
    for rejecting in (OTHER, like(Wrong, OTHER)):
        data = sealing.sealed_gcm(known, probe)
        opened = decrypt(parse_enveloped(data), Ring(WHO, rejecting))
        assert opened.findings == FAILED
    assert counted.seen == [2, 2]


def kari(wrapped: bytes) -> bytes:
    """A key agreement whose wrapped key has no integrity."""
    who = person("p256")
    data = joined(build_enveloped_data([b""], [RecipientSpec(certificate=who)]))
    (info,) = parse_enveloped(data).recipients[0].doors
    assert isinstance(info, AgreementDoor)
    element = ber.read(data).children()[1].children()[0].children()[1].children()[0]
    old, new = der.octet_string(info.encrypted_key), der.octet_string(wrapped)
    return replaced(bytes(element.raw), old, new)


def transported(algorithm: bytes, block: bytes) -> bytes:
    named = sealing.named(WHO)
    return der.sequence(der.integer(0), named, algorithm, der.octet_string(block))


def v15(block: bytes) -> bytes:
    return transported(der.algorithm(oids.RSA, der.null()), block)


def oaep(block: bytes) -> bytes:
    return transported(der.algorithm(oids.RSA_OAEP, der.sequence()), block)


def rsa_of(key: bytes) -> bytes:
    assert isinstance(WHO.public_key, rsa.RSAPublicKey)
    return WHO.public_key.encrypt(key, padding.PKCS1v15())


def kekri(wrapped: bytes) -> bytes:
    name, wrap = der.sequence(der.octet_string(b"list")), der.algorithm(oids.AES256_WRAP)
    return der.context(2, der.integer(4), name, wrap, der.octet_string(wrapped))


def pwri() -> bytes:
    params = der.sequence(der.octet_string(b"salt"), der.integer(10))
    cipher = der.algorithm(oids.AES256_CBC, der.octet_string(sealing.IV))
    return der.context(
        3,
        der.integer(0),
        der.context(0, der.oid(oids.PBKDF2), params),
        der.algorithm(oids.PWRI_KEK, cipher),
        der.octet_string(bytes(48)),
    )


def kemri() -> bytes:
    who = person("mlkem768")
    data = joined(build_enveloped_data([b""], [RecipientSpec(certificate=who)], rng=bytes))
    info = ber.read(data).children()[1].children()[0].children()[1].children()[0]
    return bytes(info.raw)


ALIKE: dict[str, Callable[[], bytes]] = {
    "v1.5: padding": lambda: v15(bytes(256)),
    "v1.5: block of wrong length": lambda: v15(bytes(9)),
    "v1.5: another key": lambda: sealing.ktri(bytes(32)),
    "v1.5: key of wrong length": lambda: sealing.ktri(bytes(24)),
    "v1.5: empty key": lambda: sealing.ktri(b""),
    "OAEP: padding": lambda: oaep(rsa_of(sealing.KEY)),
    "OAEP: too short": lambda: oaep(bytes(8)),
    "agreement: integrity of the wrap": lambda: kari(bytes(40)),
    "agreement: length of the wrap": lambda: kari(bytes(3)),
    "shared key: integrity of the wrap": lambda: kekri(bytes(40)),
    "shared key: length of the wrap": lambda: kekri(b""),
    "password: wrong": pwri,
    "encapsulation: another key": kemri,
}


@pytest.mark.requirement("A22")
@pytest.mark.parametrize("case", ALIKE)
@pytest.mark.parametrize("seal", [sealing.sealed_cbc, sealing.sealed_gcm])
def test_failures_of_every_kind_are_one_and_the_same(
    case: str, seal: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same finding, same shape, same way through: the content is decrypted once, with one key."""
    counted = Counted(monkeypatch)
    asked: list[int] = []

    def rng(length: int) -> bytes:
        asked.append(length)
        return bytes(range(100, 100 + length))

    people = (WHO, person("p256"), person("mlkem768"))
    ring = Ring(*people, shared={b"list": bytes(32)}, passwords=("falsch",))
    opened = decrypt(parse_enveloped_in_place(bytearray(seal(ALIKE[case]()))), ring, rng=rng)
    assert opened == Opened(content=None, matched=(True,), key_found=True, findings=FAILED)
    assert (counted.seen, asked) == ([1], [32])


def test_a_token_that_is_not_there_matters_only_when_nothing_else_opens() -> None:
    ring = Ring(like(Unplugged), OTHER)
    data = sealing.sealed_gcm(sealing.ktri(), sealing.ktri(sealing.KEY, OTHER))
    assert decrypt(parse_enveloped(data), ring).content == [sealing.CONTENT]
    for probe in (bytes(32), bytes(5)):
        failing = sealing.sealed_gcm(sealing.ktri(), sealing.ktri(probe, OTHER))
        with pytest.raises(KeyUnavailable):
            decrypt(parse_enveloped(failing), ring)


def peak(run: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("cipher", ["aes256-cbc", "aes256-gcm"])
@pytest.mark.parametrize("sizes", [None, (1000,), (4096,)])
def test_opening_in_place_takes_no_memory_to_speak_of(
    cipher: str, sizes: tuple[int, ...] | None
) -> None:
    data = built(bytes(4 * MIB), cipher=cipher)
    buffer = bytearray(data if sizes is None else segmented(data, sizes))
    taken = peak(lambda: decrypt(parse_enveloped_in_place(buffer), Ring(WHO)))
    assert taken < MIB // 4


def test_many_keys_that_do_not_fit_take_no_memory_either() -> None:
    infos = [sealing.ktri(bytes([number]) * 32) for number in range(1, 30)]
    buffer = bytearray(sealing.sealed_gcm(*infos, content=bytes(4 * MIB)))
    taken = peak(lambda: decrypt(parse_enveloped_in_place(buffer), Ring(WHO), limits=Limits()))
    assert taken < MIB // 4
