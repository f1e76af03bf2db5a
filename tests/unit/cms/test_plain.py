"""Data, DigestedData and EncryptedData: the examples of RFC 4134, OpenSSL, and broken ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from siegel.base import der, oids
from siegel.base.buffers import joined
from siegel.base.errors import DecryptionFailed, MalformedMessage, UnsupportedAlgorithm
from siegel.base.secret import Secret
from siegel.cms.plain import open_encrypted_data, read_data, read_digested
from tests.unit.cms.conftest import OpensslCms
from tests.unit.cms.sealing import AES, CONTENT, GCM, KEY, cbc, content_info, encrypted, padded
from tests.unit.cms.test_corpora import read

RFC_4134_KEY = Secret(bytes.fromhex("737c791f25ead0e04629254352f7dc6291e5cb26917ada32"))


@pytest.mark.parametrize("number", ["3.1", "3.2"])
def test_data_of_rfc_4134_is_read(corpora: Path, number: str) -> None:
    place = corpora / "rfc4134"
    content = read_data((place / f"{number}.bin").read_bytes())
    assert joined(content) == (place / "ExContent.bin").read_bytes()


def test_digested_data_of_rfc_4134_is_intact(corpora: Path) -> None:
    place = corpora / "rfc4134"
    data = (place / "6.0.bin").read_bytes()
    view = read_digested(data)
    expected = (place / "ExContent.bin").read_bytes()
    assert view.content is not None
    assert joined(view.content) == expected
    assert (view.digest, view.weak, view.intact) == ("sha1", True, True)
    changed = read_digested(data.replace(expected, expected[:-1] + b"!"))
    assert changed.intact is False


@pytest.mark.parametrize("number", ["7.1", "7.2"])
def test_encrypted_data_of_rfc_4134_opens(corpora: Path, number: str) -> None:
    place = corpora / "rfc4134"
    data = (place / f"{number}.bin").read_bytes()
    assert open_encrypted_data(data, RFC_4134_KEY) == (place / "ExContent.bin").read_bytes()


def test_encrypted_data_of_openssls_tests_is_read(corpora: Path) -> None:
    data = read(corpora / "openssl" / "80-test_cmsapi_data" / "encryptedData.der")
    with pytest.raises((DecryptionFailed, UnsupportedAlgorithm)):
        open_encrypted_data(data, Secret(bytes(16)))


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha512"])
def test_digested_data_of_openssl_is_intact(openssl_cms: OpensslCms, digest: str) -> None:
    data = openssl_cms(
        "-digest_create", "-binary", "-outform", "DER", "-in", CONTENT, "-md", digest, "-nodetach"
    )
    view = read_digested(data)
    assert view.content is not None
    assert joined(view.content) == CONTENT
    assert (view.content_type, view.digest, view.intact) == (oids.DATA, digest, True)


@pytest.mark.parametrize("cipher", ["-aes128", "-aes192", "-aes256"])
def test_encrypted_data_of_openssl_opens(openssl_cms: OpensslCms, cipher: str) -> None:
    key = bytes(range(int(cipher[4:]) // 8))
    data = openssl_cms(
        "-EncryptedData_encrypt", "-binary", "-outform", "DER", "-in", CONTENT, cipher,
        "-secretkey", key.hex(),
    )  # fmt: skip
    assert open_encrypted_data(data, Secret(key)) == CONTENT


def digested(*fields: bytes, digest: str = oids.SHA256) -> bytes:
    start = (der.integer(0), der.algorithm(digest))
    return content_info(oids.DIGESTED_DATA, *start, *fields)


def test_a_digest_that_cannot_be_computed_is_neither_intact_nor_broken() -> None:
    content = der.sequence(der.oid(oids.DATA), der.context(0, der.octet_string(CONTENT)))
    for digest, name in ((oids.MD5, "md5"), ("1.2.3", None)):
        view = read_digested(digested(content, der.octet_string(bytes(16)), digest=digest))
        assert (view.digest, view.intact) == (name, None)
    bare = der.sequence(der.oid(oids.DATA))
    view = read_digested(digested(bare, der.octet_string(bytes(32))))
    assert (view.content, view.intact) == (None, None)


def encrypted_data(*fields: bytes) -> bytes:
    return content_info(oids.ENCRYPTED_DATA, der.integer(0), *fields)


def opened(data: bytes) -> bytes:
    return bytes(open_encrypted_data(data, Secret(KEY)))


def test_the_handmade_encrypted_data_opens() -> None:
    inside = encrypted(AES, cbc(padded(CONTENT)))
    assert opened(encrypted_data(inside)) == CONTENT
    assert opened(encrypted_data(inside, der.context(1, der.null()))) == CONTENT
    for key in (bytes(32), KEY[:16], KEY + b"\x00", b""):
        with pytest.raises(DecryptionFailed):
            open_encrypted_data(encrypted_data(inside), Secret(key))


NOTHING = der.sequence(der.oid(oids.DATA))
MALFORMED: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "fail/Data that is a structure": (
        read_data,
        der.sequence(der.oid(oids.DATA), der.context(0, der.sequence())),
    ),
    "fail/Data of another type": (read_data, content_info(oids.SIGNED_DATA)),
    "fail/DigestedData of three fields": (read_digested, digested(NOTHING)),
    "fail/DigestedData without type": (
        read_digested,
        digested(der.sequence(), der.octet_string(b"")),
    ),
    "fail/DigestedData with empty content": (
        read_digested,
        digested(der.sequence(der.oid(oids.DATA), der.context(0)), der.octet_string(b"")),
    ),
    "fail/DigestedData of a structure": (
        read_digested,
        digested(
            der.sequence(der.oid(oids.DATA), der.context(0, der.sequence())), der.octet_string(b"")
        ),
    ),
    "fail/DigestedData without digest": (read_digested, digested(NOTHING, der.null())),
    "fail/EncryptedData of one field": (opened, encrypted_data()),
    "fail/EncryptedData without content": (opened, encrypted_data(NOTHING)),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_none_of_them_is_malformed(case: str) -> None:
    reader, data = MALFORMED[case]
    with pytest.raises(MalformedMessage):
        reader(data)


UNSUPPORTED = {
    "fail/cipher of no table": encrypted(der.algorithm("1.2.3", der.null()), bytes(16)),
    "fail/cipher with a tag": encrypted(GCM, bytes(32)),
}


@pytest.mark.parametrize("case", UNSUPPORTED)
def test_encrypted_data_in_other_ways_is_unsupported(case: str) -> None:
    with pytest.raises(UnsupportedAlgorithm):
        opened(encrypted_data(UNSUPPORTED[case]))
