"""``pki.pkcs12``: certificate files of many programs, old and new, right and wrong passphrases."""

import csv
import os
import re
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st

from siegel.base import ber, der
from siegel.base.errors import (
    Conflict,
    LimitExceeded,
    MalformedMessage,
    SiegelError,
    UnsupportedAlgorithm,
    WrongPassphrase,
)
from siegel.base.secret import Secret
from siegel.pki import pbe
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.pkcs12 import MAX_BAGS, MAX_SIZE, Pkcs12, build_pkcs12, is_pkcs12, open_pkcs12
from siegel.pki.softkeys import key_matches, load_private_key
from tests.peers.programs import must, program
from tests.world import WORLD, Flavour

DATA = der.oid("1.2.840.113549.1.7.1")
ENCRYPTED_DATA = der.oid("1.2.840.113549.1.7.6")
KEY_BAG = "1.2.840.113549.1.12.10.1.1"
SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2"
CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3"
NESTED_BAG = "1.2.840.113549.1.12.10.1.6"
UMLAUTS = "Grüße, Ärger & Öl"


def of(*names: str) -> tuple[Certificate, ...]:
    return tuple(parse_certificate(WORLD.person(name).certificate_der) for name in names)


# Files written by hand, for what no program writes


def data(content: bytes) -> bytes:
    return der.sequence(DATA, der.context(0, der.octet_string(content)))


def pfx(*safes: bytes, mac: bytes = b"") -> bytes:
    return der.sequence(der.integer(3), data(der.sequence(*safes)), mac)


def contents(*bags: bytes) -> bytes:
    return data(der.sequence(*bags))


def bag(kind: str, value: bytes) -> bytes:
    return der.sequence(der.oid(kind), der.context(0, value))


def key_bag(name: str) -> bytes:
    return bag(KEY_BAG, WORLD.person(name).pkcs8)


def certificate_bag(blob: bytes) -> bytes:
    x509 = der.oid("1.2.840.113549.1.9.22.1")
    return bag(CERTIFICATE_BAG, der.sequence(x509, der.context(0, der.octet_string(blob))))


def shrouded(name: str, passphrase: bytes) -> bytes:
    """PBES2 under exactly these octets, whatever spelling they are."""
    private = WORLD.person(name).private_key
    encryption = BestAvailableEncryption(passphrase)
    blob = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, encryption)
    return bag(SHROUDED_KEY_BAG, blob)


# Files of other programs

_EXPECTED = re.compile(r"opens: (\d+) certs, (\d+) keys|(\d+) private keys, (\d+) certificates")


def rows(corpora: Path, folder: str) -> list[tuple[str, Path, str, str]]:
    with (corpora / folder / "expected.tsv").open(encoding="utf-8") as stream:
        table = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        (
            row["file"],
            corpora / folder / row["file"],
            row["key_or_cert"].removeprefix("password=").replace("(empty/none)", ""),
            row["expected"],
        )
        for row in table
        if row["operation"] == "pkcs12-open"
    ]


@cache
def opened_file(path: Path, passphrase: str) -> Pkcs12:
    """Opened once for all tests: some of these files take a second."""
    return open_pkcs12(path.read_bytes(), Secret(passphrase))


def counted(opened: Pkcs12) -> tuple[int, int]:
    return len(opened.certificates), len(opened.keys)


def wanted(expected: str) -> tuple[int, int] | None:
    """(certificates, keys); None where the table says that the file opens and no more."""
    match = _EXPECTED.match(expected)
    if match is None:
        return None
    one, two, three, four = match.groups()
    return (int(one), int(two)) if one else (int(four), int(three))


@pytest.mark.slow
@pytest.mark.requirement("A28", "A74")
@pytest.mark.parametrize("folder", ["pkcs12", "rfc9216"])
def test_files_of_many_programs_open_as_documented(corpora: Path, folder: str) -> None:
    """No row deviates: OpenSSL 3.0 needs its legacy provider for some and refuses PBMAC1."""
    deviations = []
    seen = rows(corpora, folder)
    for name, path, passphrase, expected in seen:
        try:
            result: object = counted(opened_file(path, passphrase))
        except (WrongPassphrase, MalformedMessage) as error:
            result = type(error)
        if expected.startswith("fail"):
            right = result is WrongPassphrase
        elif expected.startswith("refuse"):
            right = result in (WrongPassphrase, MalformedMessage)
        else:
            right = result == (wanted(expected) or (1, 1))
        if not right:
            deviations.append((name, expected, result))
    assert deviations == []
    assert len(seen) >= 8


@pytest.mark.slow
@pytest.mark.requirement("A28", "B12")
def test_keys_of_other_programs_are_matched_with_their_certificates(corpora: Path) -> None:
    for folder in ("pkcs12", "rfc9216"):
        for _, path, passphrase, expected in rows(corpora, folder):
            if not _EXPECTED.match(expected):
                continue
            opened = opened_file(path, passphrase)
            for entry in opened.keys:
                assert len(entry.certificates) == (1 if opened.certificates else 0)
                assert all(key_matches(one, entry.key) for one in entry.certificates)
                again = load_private_key(entry.pkcs8.reveal(), validated=True)
                assert again.public_key() == entry.key.public_key()


@pytest.mark.slow
@pytest.mark.requirement("A28")
def test_a_wrong_passphrase_is_told_from_a_damaged_file(corpora: Path) -> None:
    for name, path, _, expected in rows(corpora, "pkcs12"):
        if "Key bag" in expected or not expected.startswith("opens:"):
            continue
        blob = path.read_bytes()
        if not _protected(blob):
            continue
        with pytest.raises(WrongPassphrase):
            open_pkcs12(blob, Secret("certainly not this one"))
        with pytest.raises(MalformedMessage):
            open_pkcs12(blob[: len(blob) // 2], Secret("certainly not this one"))
        assert is_pkcs12(blob), name


def _protected(blob: bytes) -> bool:
    """With a MAC, or encrypted: a file without either opens for everybody."""
    return len(ber.read(blob).children()) == 3


@pytest.mark.requirement("A87")
def test_the_armoured_form_is_read(corpora: Path) -> None:
    blob = (corpora / "rfc9216" / "alice.p12.pem").read_bytes()
    assert counted(open_pkcs12(blob, Secret("alice"))) == (3, 2)
    assert is_pkcs12(blob)


# Files of the world


@pytest.mark.requirement("A28", "A73", "A74")
@pytest.mark.parametrize("flavour", ["modern", "compatible"])
@pytest.mark.parametrize("name", ["alice", "dana", "carla"])
def test_a_file_opens_with_everything_in_it(name: str, flavour: Flavour) -> None:
    person = WORLD.person(name)
    opened = open_pkcs12(person.p12("geheim", flavour), Secret("geheim"))
    (entry,) = opened.keys
    assert entry.certificates == of(name)
    assert entry.spki_sha256 == of(name)[0].spki_sha256
    assert entry.friendly_name == person.address
    assert {one.der for one in opened.certificates} == {person.certificate_der, *person.chain}
    assert opened.outdated is (flavour == "compatible")


def test_neither_key_nor_passphrase_is_printed() -> None:
    opened = open_pkcs12(WORLD.person("dana").p12("geheim"), Secret("geheim"))
    assert "key object" not in repr(opened)
    assert "Secret(***)" in repr(opened)


@pytest.mark.requirement("A87")
def test_all_keys_of_a_history_are_read_each_with_its_own_certificates() -> None:
    names = ("alice", "bob", "dana")
    bags = [key_bag(name) for name in names]
    people = ("alice_renewed", "dana", "alice", "bob", "huber")
    bags += [certificate_bag(WORLD.person(name).certificate_der) for name in people]
    opened = open_pkcs12(pfx(contents(*bags)), Secret(""))
    assert [entry.certificates for entry in opened.keys] == [
        of("alice_renewed", "alice"),
        of("bob"),
        of("dana"),
    ]
    assert opened.certificates == of(*people)
    assert opened.outdated  # there is no MAC


def test_a_key_that_comes_twice_is_one_key() -> None:
    opened = open_pkcs12(pfx(contents(key_bag("dana")), contents(key_bag("dana"))), Secret(""))
    assert len(opened.keys) == 1


def test_a_key_without_certificate_has_the_name_of_its_key_pair() -> None:
    (entry,) = open_pkcs12(pfx(contents(key_bag("dana"))), Secret("")).keys
    assert entry.certificates == ()
    assert entry.spki_sha256 == of("dana")[0].spki_sha256


def test_containers_inside_containers_are_read() -> None:
    inner = bag(NESTED_BAG, der.sequence(key_bag("dana")))
    assert len(open_pkcs12(pfx(contents(inner)), Secret("")).keys) == 1


def test_a_broken_certificate_does_not_keep_the_key_out() -> None:
    file = pfx(contents(key_bag("dana"), certificate_bag(b"0\0")))
    assert counted(open_pkcs12(file, Secret(""))) == (0, 1)


# Passphrases


@pytest.mark.requirement("A28")
@pytest.mark.parametrize("flavour", ["modern", "compatible"])
@pytest.mark.parametrize("passphrase", [UMLAUTS, "пароль", "密码", "🔑 clé", "a", " "])
def test_passphrases_of_all_languages_open_files(passphrase: str, flavour: Flavour) -> None:
    blob = WORLD.person("dana").p12(passphrase, flavour)
    assert len(open_pkcs12(blob, Secret(passphrase)).keys) == 1
    with pytest.raises(WrongPassphrase):
        open_pkcs12(blob, Secret(passphrase + "x"))


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(UMLAUTS.encode("utf-8"), id="utf-8"),
        pytest.param(UMLAUTS.encode("latin-1"), id="latin-1"),
        pytest.param(UMLAUTS.encode("utf-16-be") + b"\0\0", id="bmp"),
    ],
)
def test_modern_encryption_opens_in_every_spelling_of_the_passphrase(octets: bytes) -> None:
    file = pfx(contents(shrouded("dana", octets)))
    assert len(open_pkcs12(file, Secret(UMLAUTS)).keys) == 1
    with pytest.raises(WrongPassphrase):
        open_pkcs12(file, Secret("Gruesse"))


def test_a_passphrase_may_come_as_latin_1_itself() -> None:
    blob = WORLD.person("dana").p12(UMLAUTS)
    assert len(open_pkcs12(blob, Secret(UMLAUTS.encode("latin-1"))).keys) == 1


def test_a_passphrase_typed_as_letter_and_dots_is_the_same_passphrase() -> None:
    blob = WORLD.person("dana").p12("Grüße")
    assert len(open_pkcs12(blob, Secret("Gru\u0308ße")).keys) == 1


_OPENSSL_WRITES = {
    "rc2-40-and-3des": "-legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-3DES",
    "rc2-40-only": "-legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-RC2-40",
    "rc2-128": "-legacy -certpbe PBE-SHA1-RC2-128 -keypbe PBE-SHA1-RC2-128",
    "rc4": "-legacy -certpbe PBE-SHA1-RC4-128 -keypbe PBE-SHA1-RC4-40",
    "2des": "-legacy -certpbe PBE-SHA1-2DES -keypbe PBE-SHA1-2DES",
    "aes": "-certpbe AES-128-CBC -keypbe AES-192-CBC -macalg sha512",
    "pbes2-3des": "-certpbe DES-EDE3-CBC -keypbe DES-EDE3-CBC",
    "unencrypted": "-certpbe NONE -keypbe NONE",
    "no-mac": "-nomac",
    "sha384": "-macalg sha384 -iter 5000",
}


@pytest.mark.interop
@pytest.mark.parametrize("options", _OPENSSL_WRITES.values(), ids=_OPENSSL_WRITES)
@pytest.mark.parametrize("passphrase", ["geheim", UMLAUTS, ""], ids=["ascii", "umlauts", "empty"])
def test_every_encryption_that_openssl_writes_is_read(
    options: str, passphrase: str, tmp_path: Path
) -> None:
    files = WORLD.person("alice").write(tmp_path)
    command = [program("openssl"), "pkcs12", "-export", "-inkey", str(files.key), *options.split()]
    command += ["-in", str(files.certificate), "-certfile", str(files.chain)]
    blob = must([*command, "-passout", f"pass:{passphrase}"], env={**os.environ, "LC_ALL": "C"})
    opened = open_pkcs12(blob, Secret(passphrase))
    assert counted(opened) == (2, 1)
    assert opened.keys[0].certificates == of("alice")
    if "NONE" not in options:
        with pytest.raises(WrongPassphrase):
            open_pkcs12(blob, Secret("certainly not this one"))


@pytest.mark.interop
def test_two_keys_of_a_java_key_store_are_read(tmp_path: Path) -> None:
    """``cryptography`` alone returns the first key of such a file."""
    store = tmp_path / "store.p12"
    for alias in ("one", "two"):
        make = [program("keytool"), "-genkeypair", "-keystore", str(store), "-storetype", "PKCS12"]
        make += ["-storepass", "geheim", "-alias", alias, "-dname", f"CN={alias}"]
        must([*make, "-keyalg", "EC"])
    opened = open_pkcs12(store.read_bytes(), Secret("geheim"))
    assert [entry.friendly_name for entry in opened.keys] == ["one", "two"]
    assert [entry.certificates[0].subject for entry in opened.keys] == ["CN=one", "CN=two"]


# Damaged, hostile and strange files


@pytest.mark.requirement("A28")
@pytest.mark.parametrize(
    "blob",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"not a file of this kind", id="text"),
        pytest.param(WORLD.person("alice").certificate_der, id="certificate"),
        pytest.param(WORLD.person("alice").pkcs8, id="bare-key"),
        pytest.param(WORLD.person("alice").p12("x")[:-1], id="cut-off"),
        pytest.param(der.sequence(der.integer(4), data(der.sequence())), id="version-4"),
        pytest.param(der.sequence(der.integer(3)), id="no-safe"),
        pytest.param(der.sequence(der.integer(3), der.sequence(DATA)), id="no-content"),
        pytest.param(der.sequence(der.integer(3), data(b"junk")), id="junk-inside"),
        pytest.param(pfx(contents(der.sequence(der.oid(KEY_BAG)))), id="bag-without-value"),
        pytest.param(pfx(contents(bag(KEY_BAG, der.sequence()))), id="empty-key"),
        pytest.param(pfx(contents(bag(SHROUDED_KEY_BAG, der.null()))), id="empty-shrouded-key"),
        pytest.param(
            pfx(der.sequence(ENCRYPTED_DATA, der.context(0, der.sequence()))), id="empty-encrypted"
        ),
        pytest.param(pfx(contents(), mac=der.sequence(der.null(), der.null())), id="empty-mac"),
    ],
)
def test_what_is_no_certificate_file_is_malformed(blob: bytes) -> None:
    with pytest.raises(MalformedMessage):
        open_pkcs12(blob, Secret("x"))


def test_damage_behind_an_intact_mac_is_no_wrong_passphrase() -> None:
    safe = der.sequence(contents(shrouded("dana", b"other")))
    passphrase = pbe.Passphrase(Secret("geheim"))
    blob = der.sequence(der.integer(3), data(safe), pbe.mac_data(safe, passphrase.wide[0]))
    with pytest.raises(MalformedMessage):
        open_pkcs12(blob, Secret("geheim"))
    with pytest.raises(WrongPassphrase):
        open_pkcs12(blob, Secret("other"))


_SIGNED = der.sequence(der.oid("1.2.840.113549.1.7.2"), der.context(0, der.null()))
_ENVELOPED = der.sequence(der.oid("1.2.840.113549.1.7.3"), der.context(0, der.null()))
_SINGLE_DES = der.algorithm("1.2.840.113549.1.5.3", der.sequence())
_SINGLE_DES_KEY = bag(SHROUDED_KEY_BAG, der.sequence(_SINGLE_DES, der.octet_string(b"")))


@pytest.mark.parametrize(
    "blob",
    [
        pytest.param(der.sequence(der.integer(3), _SIGNED), id="signed"),
        pytest.param(pfx(_ENVELOPED), id="encrypted-to-a-public-key"),
        pytest.param(pfx(contents(_SINGLE_DES_KEY)), id="single-des"),
    ],
)
def test_files_protected_in_ways_nobody_uses_are_unsupported(blob: bytes) -> None:
    with pytest.raises(UnsupportedAlgorithm):
        open_pkcs12(blob, Secret("x"))


def test_a_file_with_nothing_but_unusable_keys_says_so() -> None:
    unknown = der.sequence(der.integer(0), der.algorithm("1.2.3.4"), der.octet_string(b"x"))
    with pytest.raises(UnsupportedAlgorithm):
        open_pkcs12(pfx(contents(bag(KEY_BAG, unknown))), Secret(""))
    both = pfx(contents(bag(KEY_BAG, unknown), key_bag("dana")))
    assert len(open_pkcs12(both, Secret("")).keys) == 1


def _legacy_bag(iterations: int, algorithm: str = "1.2.840.113549.1.12.1.3") -> bytes:
    parameters = der.sequence(der.octet_string(bytes(8)), der.integer(iterations))
    scheme = der.algorithm(algorithm, parameters)
    return bag(SHROUDED_KEY_BAG, der.sequence(scheme, der.octet_string(bytes(16))))


def _mac(iterations: int) -> bytes:
    info = der.sequence(der.algorithm("1.3.14.3.2.26", der.null()), der.octet_string(bytes(20)))
    return der.sequence(info, der.octet_string(bytes(8)), der.integer(iterations))


@pytest.mark.parametrize(
    "blob",
    [
        pytest.param(bytes(MAX_SIZE + 1), id="octets"),
        pytest.param(pfx(contents(*[bag("1.2.3.4", der.null())] * (MAX_BAGS + 1))), id="bags"),
        pytest.param(pfx(contents(_legacy_bag(10_000_001))), id="iterations"),
        pytest.param(pfx(contents(_legacy_bag(0))), id="no-iterations"),
        pytest.param(pfx(contents(_legacy_bag(-1))), id="negative-iterations"),
        pytest.param(
            pfx(contents(_legacy_bag(10_000_001, "1.2.840.113549.1.12.1.6"))), id="rc2-iterations"
        ),
        pytest.param(pfx(contents(), mac=_mac(10_000_001)), id="mac-iterations"),
        pytest.param(pfx(contents(), mac=_mac(1 << 4000)), id="huge-iterations"),
    ],
)
def test_files_beyond_the_limits_are_refused_at_once(blob: bytes) -> None:
    with pytest.raises(LimitExceeded):
        open_pkcs12(blob, Secret("x"))


def test_many_small_derivations_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pbe, "MAX_ITERATIONS", 1000)
    work = pbe.Work(1500)
    work.spend(1000)
    with pytest.raises(LimitExceeded):
        work.spend(1000)


def test_deeply_nested_containers_are_refused() -> None:
    inner = key_bag("dana")
    for _ in range(6):
        inner = bag(NESTED_BAG, der.sequence(inner))
    with pytest.raises(LimitExceeded):
        open_pkcs12(pfx(contents(inner)), Secret(""))


@cache
def _small(outdated: bool) -> bytes:
    """A quick one: an EC key, one iteration."""
    person = WORLD.person("dana")
    assert isinstance(person.private_key, ec.EllipticCurvePrivateKey)
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1).hmac_hash(hashes.SHA256())
    scheme = pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC
    if not outdated:
        scheme = pkcs12.PBES.PBESv2SHA256AndAES256CBC
    encryption = builder.key_cert_algorithm(scheme).build(b"x")
    return pkcs12.serialize_key_and_certificates(
        None, person.private_key, person.certificate, None, encryption
    )


@given(st.booleans(), st.data())
def test_a_damaged_file_ends_in_one_of_our_errors(outdated: bool, draw: st.DataObject) -> None:
    blob = bytearray(_small(outdated))
    for _ in range(draw.draw(st.integers(1, 3))):
        position = draw.draw(st.integers(0, len(blob) - 1))
        blob[position] = draw.draw(st.integers(0, 255))
    try:
        assert len(open_pkcs12(bytes(blob), Secret("x")).keys) <= 1
    except SiegelError:
        return


@given(st.data())
def test_a_damaged_file_without_mac_ends_in_one_of_our_errors(draw: st.DataObject) -> None:
    """The MAC would keep most damage from ever being read."""
    version, safe = (bytes(part.raw) for part in ber.read(_small(True)).children()[:2])
    blob = bytearray(der.sequence(version, safe))
    for _ in range(draw.draw(st.integers(0, 3))):
        position = draw.draw(st.integers(0, len(blob) - 1))
        blob[position] = draw.draw(st.integers(0, 255))
    try:
        assert len(open_pkcs12(bytes(blob), Secret("x")).keys) <= 1
    except SiegelError:
        return


# Files that we write


def _built(name: str, flavour: str, passphrase: str = UMLAUTS) -> bytes:
    person = WORLD.person(name)
    chain = [parse_certificate(one) for one in person.chain]
    private = load_private_key(person.pkcs8, validated=True)
    return build_pkcs12(private, of(name)[0], chain, Secret(passphrase), flavour=flavour)


@pytest.mark.requirement("A30")
@pytest.mark.parametrize("flavour", ["modern", "compatible"])
@pytest.mark.parametrize("name", ["alice", "dana"])
def test_a_written_file_is_read_by_ourselves_and_by_cryptography(name: str, flavour: str) -> None:
    blob = _built(name, flavour)
    opened = open_pkcs12(blob, Secret(UMLAUTS))
    assert opened.keys[0].certificates == of(name)
    assert opened.keys[0].friendly_name == of(name)[0].common_name
    theirs = pkcs12.load_pkcs12(blob, UMLAUTS.encode())
    assert theirs.key is not None
    assert theirs.cert is not None
    assert theirs.cert.certificate == WORLD.person(name).certificate
    assert len(theirs.additional_certs) == len(WORLD.person(name).chain)


@pytest.mark.interop
@pytest.mark.requirement("A30")
@pytest.mark.parametrize("flavour", ["modern", "compatible"])
def test_a_written_file_is_read_by_openssl(flavour: str, tmp_path: Path) -> None:
    file = tmp_path / "alice.p12"
    file.write_bytes(_built("alice", flavour))
    command = [program("openssl"), "pkcs12", "-in", str(file), "-noenc", "-info"]
    command += ["-legacy"] if flavour == "compatible" else []
    out = must([*command, "-passin", f"pass:{UMLAUTS}"])
    assert out.count(b"BEGIN CERTIFICATE") == 2
    assert WORLD.person("alice").key_pem.strip() in out


@pytest.mark.interop
@pytest.mark.requirement("A30")
@pytest.mark.parametrize("flavour", ["modern", "compatible"])
def test_a_written_file_is_read_by_java(flavour: str, tmp_path: Path) -> None:
    file = tmp_path / "dana.p12"
    file.write_bytes(_built("dana", flavour, "geheim"))
    command = (program("keytool"), "-list", "-keystore", str(file), "-storepass", "geheim")
    assert b"PrivateKeyEntry" in must(command)


def test_a_key_is_written_neither_without_passphrase_nor_with_a_strange_certificate() -> None:
    private = load_private_key(WORLD.person("dana").pkcs8, validated=True)
    with pytest.raises(Conflict):
        build_pkcs12(private, of("dana")[0], (), Secret(""))
    with pytest.raises(Conflict):
        build_pkcs12(private, of("alice")[0], (), Secret("geheim"))


@pytest.mark.interop
def test_a_kind_of_key_that_cryptography_does_not_write_is_read_by_openssl(tmp_path: Path) -> None:
    file = tmp_path / "carla.p12"
    file.write_bytes(_built("carla_encrypt", "modern"))
    command = (program("openssl"), "pkcs12", "-in", str(file), "-noenc", "-info")
    out = must([*command, "-passin", f"pass:{UMLAUTS}"])
    assert out.count(b"BEGIN CERTIFICATE") == 2
    assert out.count(b"friendlyName: Carla Conrad") == 2  # key and certificate
    assert WORLD.person("carla_encrypt").key_pem.strip() in out


@pytest.mark.interop
def test_a_kind_of_key_that_cryptography_does_not_write_is_read_by_java(tmp_path: Path) -> None:
    file = tmp_path / "carla.p12"
    file.write_bytes(_built("carla_encrypt", "modern", "geheim"))
    command = (program("keytool"), "-list", "-keystore", str(file), "-storepass", "geheim")
    assert b"PrivateKeyEntry" in must(command)


def test_old_devices_get_no_file_with_a_key_they_do_not_know() -> None:
    with pytest.raises(UnsupportedAlgorithm):
        _built("carla_encrypt", "compatible")
