"""What programs say they can read: lists of real programs, our own, and hostile ones."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from siegel.base import ber, der, oids
from siegel.base.keys import EmptyKeyring, KeyKind
from siegel.cms.algorithms import CONTENT_CIPHERS, Use
from siegel.cms.capabilities import (
    MAX_ENTRIES,
    MAX_OCTETS,
    Capabilities,
    parse_capabilities,
    write_capabilities,
)
from siegel.mime.parse import parse_message
from siegel.smime.open import open_message

# as RFC 8551 §2.5.2, RFC 9709 §6 and RFC 5753 §7 print them
AES256_GCM = bytes.fromhex("300b060960864801650304012e")
AES256_CBC = bytes.fromhex("300b060960864801650304012a")
AES128_CBC = bytes.fromhex("300b0609608648016503040102")
CEK_HKDF = bytes.fromhex("300d060b2a864886f70d010910031f")
TRIPLE_DES = bytes.fromhex("300a06082a864886f70d0307")
RC2_128 = bytes.fromhex("300e06082a864886f70d030202020080")
SHA256_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
ECDH_AES128 = bytes.fromhex("301706062b8104010b01300d06096086480165030401050500")
OAEP_DEFAULT = bytes.fromhex("300d06092a864886f70d0101073000")
OAEP_SHA256_UNTAGGED = bytes.fromhex(
    "303806092a864886f70d010107302b300d06096086480165030402010500"
    "301a06092a864886f70d010108300d06096086480165030402010500"
)


def caps(*entries: bytes) -> bytes:
    return der.sequence(*entries)


def oaep(digest: str, mask_digest: str, *more: bytes, function: str = oids.MGF1) -> bytes:
    mask = der.algorithm(function, der.algorithm(mask_digest))
    fields = (der.context(0, der.algorithm(digest)), der.context(1, mask), *more)
    return der.algorithm(oids.RSA_OAEP, der.sequence(*fields))


LISTS = {
    "ok/nothing": (caps(), Capabilities()),
    "ok/one-cipher": (caps(AES256_GCM), Capabilities(ciphers=("aes256-gcm",))),
    "ok/in-the-order-of-the-owner": (
        caps(AES128_CBC, AES256_CBC, TRIPLE_DES, AES128_CBC),
        Capabilities(ciphers=("aes128-cbc", "aes256-cbc", "3des-cbc")),
    ),
    "ok/weak-ones-are-named-as-they-are": (
        caps(TRIPLE_DES, RC2_128),
        Capabilities(ciphers=("3des-cbc", "rc2-128-cbc")),
    ),
    "ok/unknown-and-signatures-are-passed-over": (
        caps(der.algorithm("1.2.3.4"), SHA256_RSA, AES256_CBC),
        Capabilities(ciphers=("aes256-cbc",)),
    ),
    "ok/content-key-derived-once-more": (caps(CEK_HKDF), Capabilities(cek_hkdf=True)),
    "ok/key-agreement": (caps(ECDH_AES128), Capabilities(agreement=True)),
    "ok/ml-kem": (caps(der.algorithm(oids.ML_KEM_768)), Capabilities(encapsulation=True)),
    "ok/binary-inside": (
        caps(der.algorithm(oids.PREFER_BINARY_INSIDE)),
        Capabilities(binary_inside=True),
    ),
    "ok/oaep-as-it-is-by-default": (caps(OAEP_DEFAULT), Capabilities(oaep=frozenset({"sha1"}))),
    "ok/oaep-without-parameters": (
        caps(der.algorithm(oids.RSA_OAEP)),
        Capabilities(oaep=frozenset({"sha1"})),
    ),
    "ok/oaep-with-sha-256": (
        caps(oaep(oids.SHA256, oids.SHA256)),
        Capabilities(oaep=frozenset({"sha256"})),
    ),
    "ok/oaep-as-in-the-example-of-rfc-3560": (
        caps(OAEP_SHA256_UNTAGGED),
        Capabilities(oaep=frozenset({"sha256"})),
    ),
    "ok/oaep-twice": (
        caps(OAEP_DEFAULT, oaep(oids.SHA512, oids.SHA512)),
        Capabilities(oaep=frozenset({"sha1", "sha512"})),
    ),
    "ok/oaep-with-two-digests-is-passed-over": (
        caps(oaep(oids.SHA256, oids.SHA1)),
        Capabilities(),
    ),
    "ok/oaep-with-another-mask-is-passed-over": (
        caps(oaep(oids.SHA256, oids.SHA256, function="1.2.3")),
        Capabilities(),
    ),
    "ok/oaep-with-a-label-is-passed-over": (
        caps(oaep(oids.SHA256, oids.SHA256, der.context(2, der.algorithm(oids.P_SPECIFIED)))),
        Capabilities(),
    ),
    "fail/empty": (b"", None),
    "fail/no-sequence": (der.set_of(AES256_CBC), None),
    "fail/behind-the-end": (caps(AES256_CBC) + b"\x00", None),
    "fail/cut": (caps(AES256_CBC)[:-1], None),
    "fail/an-entry-that-is-no-algorithm": (caps(AES256_CBC, der.integer(1)), None),
    "fail/an-entry-of-three": (caps(der.sequence(der.oid("1.2.3"), der.null(), der.null())), None),
    "ok/oaep-with-parameters-that-are-none-is-passed-over": (
        caps(der.algorithm(oids.RSA_OAEP, der.null()), AES256_CBC),
        Capabilities(ciphers=("aes256-cbc",)),
    ),
    "ok/oaep-with-an-empty-field-is-passed-over": (
        caps(der.algorithm(oids.RSA_OAEP, der.sequence(der.context(0), der.context(1)))),
        Capabilities(),
    ),
    "fail/more-entries-than-any-program-has": (caps(*[AES256_CBC] * (MAX_ENTRIES + 1)), None),
    "fail/longer-than-any-program-s": (
        caps(der.algorithm("1.2.3", der.octet_string(bytes(MAX_OCTETS)))),
        None,
    ),
}


@pytest.mark.parametrize("case", LISTS, ids=LISTS)
def test_lists_are_read_for_what_matters_here(case: str) -> None:
    octets, expected = LISTS[case]
    assert parse_capabilities(octets) == expected
    assert parse_capabilities(memoryview(octets)) == expected


@given(octets=st.binary(max_size=200))
@example(octets=caps(AES256_CBC))
def test_octets_of_strangers_never_raise(octets: bytes) -> None:
    for attempt in (octets, caps(octets), caps(der.algorithm(oids.RSA_OAEP, octets))):
        found = parse_capabilities(attempt)
        assert found is None or isinstance(found, Capabilities)


def test_our_own_list_names_what_we_read_best_first_and_nothing_weak() -> None:
    found = parse_capabilities(write_capabilities())
    assert found == Capabilities(
        ciphers=(
            "aes256-gcm",
            "aes128-gcm",
            "chacha20-poly1305",
            "aes256-cbc",
            "aes192-cbc",
            "aes128-cbc",
        ),
        oaep=frozenset({"sha1", "sha256"}),
        agreement=True,
        cek_hkdf=True,
    )
    good = {cipher.name for cipher in CONTENT_CIPHERS if cipher.use in (Use.CREATE, Use.READ)}
    assert good.issuperset(found.ciphers)
    for entry in (AES256_GCM, AES256_CBC, AES128_CBC, CEK_HKDF, OAEP_DEFAULT):
        assert entry in write_capabilities()


POST_QUANTUM = {
    oids.ML_KEM_768: KeyKind.ML_KEM,
    oids.ML_KEM_1024: KeyKind.ML_KEM,
    oids.ML_DSA_44: KeyKind.ML_DSA,
    oids.ML_DSA_65: KeyKind.ML_DSA,
    oids.ML_DSA_87: KeyKind.ML_DSA,
}


@given(kinds=st.sets(st.sampled_from(KeyKind)))
def test_post_quantum_is_announced_by_those_who_have_such_keys(kinds: set[KeyKind]) -> None:
    octets = write_capabilities(kinds)
    named = {entry.children()[0].oid() for entry in ber.read(octets).children()}
    assert named.intersection(POST_QUANTUM) == {
        o for o, kind in POST_QUANTUM.items() if kind in kinds
    }
    # RFC 9936 §4, RFC 9882: no parameters
    for entry in ber.read(octets).children():
        if entry.children()[0].oid() in POST_QUANTUM:
            assert len(entry.children()) == 1
    found = parse_capabilities(octets)
    assert found is not None
    assert found.encapsulation == (KeyKind.ML_KEM in kinds)


REAL = {
    "mimekit/smime/thunderbird-signed.txt": ("aes256-cbc", "aes128-cbc", "3des-cbc", "rc2-128-cbc"),
    "james/smime-test-resource-set/mail_with_signature.eml": (
        "aes256-cbc",
        "aes192-cbc",
        "aes128-cbc",
        "3des-cbc",
        "rc2-128-cbc",
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_the_lists_of_real_programs_are_read_out_of_their_mail(corpora: Path, name: str) -> None:
    opened = open_message(parse_message((corpora / name).read_bytes()), EmptyKeyring())
    octets = opened.signed_layers[0].signers[0].capabilities
    assert octets is not None
    assert parse_capabilities(octets) == Capabilities(ciphers=REAL[name])
