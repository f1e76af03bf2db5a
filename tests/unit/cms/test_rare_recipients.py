"""Recipients other than by RSA or by an ephemeral EC key: passwords, shared keys, static keys."""

import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from siegel.base import der, oids
from siegel.base.buffers import joined
from siegel.base.errors import LimitExceeded
from siegel.base.findings import Finding
from siegel.base.keys import IssuerAndSerial
from siegel.base.limits import Limits
from siegel.cms.enveloped import Opened, decrypt, parse_enveloped
from tests.unit.cms.conftest import OpensslCms
from tests.unit.cms.people import Person, Ring, person
from tests.unit.cms.sealing import CONTENT, IV, KEY, ktri, named, sealed_cbc
from tests.unit.cms.test_corpora import read

WHO = person("rsa2048")
FAILED = (Finding.DECRYPTION_FAILED,)
UNSUPPORTED = (Finding.UNSUPPORTED,)


def opened(data: bytes, ring: Ring, limits: Limits | None = None) -> Opened:
    """With a substitute that is always the same: a random one pads well once in 256 times."""
    limits = limits or Limits()
    return decrypt(parse_enveloped(data, limits=limits), ring, limits=limits, rng=bytes)


def plain(data: bytes, ring: Ring) -> bytes | None:
    content = opened(data, ring).content
    return None if content is None else joined(content)


SHARED = {16: bytes(range(16)), 24: bytes(range(24)), 32: bytes(range(32))}
CIPHERS = ("-aes128", "-aes192", "-aes256", "-aes-128-gcm", "-aes-256-gcm")


@pytest.mark.parametrize("length", SHARED)
@pytest.mark.parametrize("cipher", CIPHERS)
def test_shared_keys_of_openssl_open(openssl_cms: OpensslCms, length: int, cipher: str) -> None:
    data = openssl_cms(
        "-encrypt", "-binary", "-outform", "DER", "-in", CONTENT, cipher,
        "-secretkey", SHARED[length].hex(), "-secretkeyid", "c0fee0",
    )  # fmt: skip
    ring = Ring(shared={bytes.fromhex("c0fee0"): SHARED[length]})
    result = opened(data, ring)
    assert result.content is not None
    assert joined(result.content) == CONTENT
    assert (result.matched, result.findings) == ((True,), ())
    (recipient,) = parse_enveloped(data).recipients
    assert (recipient.kind, recipient.identifiers) == ("kekri", (bytes.fromhex("c0fee0"),))
    other = Ring(shared={b"another": SHARED[length]})
    assert opened(data, other).findings == (Finding.NO_DECRYPTION_KEY,)
    wrong = Ring(shared={bytes.fromhex("c0fee0"): bytes(length)})
    assert plain(data, wrong) != CONTENT


def kekri(wrap: bytes, wrapped: bytes, identifier: bytes = b"list") -> bytes:
    name = der.sequence(der.octet_string(identifier))
    return der.context(2, der.integer(4), name, wrap, der.octet_string(wrapped))


def wrapped_3des(kek: bytes, key: bytes) -> bytes:
    """RFC 3217 §3.1."""

    def cbc(iv: bytes, octets: bytes) -> bytes:
        context = Cipher(TripleDES(kek), modes.CBC(iv)).encryptor()
        return context.update(octets) + context.finalize()

    checked = key + hashlib.sha1(key, usedforsecurity=False).digest()[:8]
    first = IV[:8] + cbc(IV[:8], checked)
    return cbc(bytes.fromhex("4adda22c79e82105"), first[::-1])


def test_3des_as_a_shared_key_opens_and_is_marked_weak() -> None:
    kek, key = bytes(range(1, 25)), bytes(range(2, 26))
    context = Cipher(TripleDES(key), modes.CBC(IV[:8])).encryptor()
    filling = 8 - len(CONTENT) % 8
    content = context.update(CONTENT + bytes([filling]) * filling) + context.finalize()
    info = kekri(der.algorithm(oids.DES_EDE3_WRAP, der.null()), wrapped_3des(kek, key))
    algorithm = der.algorithm(oids.DES_EDE3_CBC, der.octet_string(IV[:8]))
    data = der.sequence(
        der.oid(oids.ENVELOPED_DATA),
        der.context(
            0,
            der.sequence(
                der.integer(2),
                der.set_of(info),
                der.sequence(
                    der.oid(oids.DATA), algorithm, der.context(0, content, constructed=False)
                ),
            ),
        ),
    )
    result = opened(data, Ring(shared={b"list": kek}))
    assert result.content is not None
    assert joined(result.content) == CONTENT
    assert result.findings == (Finding.WEAK_CIPHER, Finding.WEAK_KEY_TRANSPORT)


WRAP = der.algorithm(oids.AES256_WRAP)
KEKRI = {
    "ok/AES": (kekri(WRAP, aes_key_wrap(KEY, KEY)), ()),
    "fail/integrity": (kekri(WRAP, bytes(40)), FAILED),
    "fail/too short": (kekri(WRAP, b"x"), FAILED),
    "fail/key of another length": (kekri(WRAP, aes_key_wrap(KEY, KEY[:16])), FAILED),
    "fail/wrap for another length": (
        kekri(der.algorithm(oids.AES128_WRAP), aes_key_wrap(KEY, KEY)),
        FAILED,
    ),
    "fail/wrap of no table": (kekri(der.algorithm("1.2.3"), bytes(40)), UNSUPPORTED),
}


@pytest.mark.parametrize("case", KEKRI)
def test_shared_keys_open_or_fail_like_everything(case: str) -> None:
    info, findings = KEKRI[case]
    result = opened(sealed_cbc(info), Ring(shared={b"list": KEY}))
    assert (result.matched, result.findings) == ((True,), findings)
    assert (result.content is not None) == case.startswith("ok/")


PASSWORD_CIPHERS = {
    "-aes128": "aes128-cbc",
    "-aes192": "aes192-cbc",
    "-aes256": "aes256-cbc",
    "-des3": "3des-cbc",
}


@pytest.mark.parametrize("cipher", PASSWORD_CIPHERS)
@pytest.mark.parametrize("password", ["geheim", "Schlüssel – größer"])
def test_passwords_of_openssl_open(openssl_cms: OpensslCms, cipher: str, password: str) -> None:
    data = openssl_cms(
        "-encrypt", "-binary", "-outform", "DER", "-in", CONTENT, cipher,
        "-pwri_password", password,
    )  # fmt: skip
    result = opened(data, Ring(passwords=("falsch", password)))
    assert result.content is not None
    assert joined(result.content) == CONTENT
    weak = (Finding.WEAK_CIPHER, Finding.WEAK_KEY_TRANSPORT) if cipher == "-des3" else ()
    assert (result.matched, result.findings) == ((True,), weak)
    assert parse_enveloped(data).recipients[0].kind == "pwri"
    assert plain(data, Ring(passwords=("falsch",))) != CONTENT
    assert opened(data, Ring()).findings == (Finding.NO_DECRYPTION_KEY,)


SALT = bytes(range(8))


def pbkdf2(
    rounds: int = 2048, prf: str | None = oids.HMAC_SHA256, *, salt: bytes | None = None
) -> bytes:
    params = der.sequence(
        salt or der.octet_string(SALT),
        der.integer(rounds),
        b"" if prf is None else der.algorithm(prf, der.null()),
    )
    return der.context(0, der.oid(oids.PBKDF2), params)


PWRI_KEK = der.algorithm(oids.PWRI_KEK, der.algorithm(oids.AES256_CBC, der.octet_string(IV)))


def pwri_wrapped(kek: bytes, formatted: bytes) -> bytes:
    """RFC 3211 §2.3.1: the formatted key encrypted twice."""
    context = Cipher(algorithms.AES(kek), modes.CBC(IV)).encryptor()
    once = context.update(formatted) + context.finalize()
    context = Cipher(algorithms.AES(kek), modes.CBC(once[-16:])).encryptor()
    return context.update(once) + context.finalize()


def formatted(key: bytes = KEY) -> bytes:
    start = bytes([len(key)]) + bytes(octet ^ 0xFF for octet in key[:3]) + key
    return start + bytes(-len(start) % 16)


def pwri(
    derivation: bytes | None = None,
    algorithm: bytes = PWRI_KEK,
    inside: bytes | None = None,
    *,
    digest: str = "sha256",
    rounds: int = 2048,
    raw: bytes | None = None,
) -> bytes:
    kek = hashlib.pbkdf2_hmac(digest, b"geheim", SALT, rounds, 32)
    wrapped = pwri_wrapped(kek, formatted() if inside is None else inside) if raw is None else raw
    return der.context(
        3,
        der.integer(0),
        pbkdf2() if derivation is None else derivation,
        algorithm,
        der.octet_string(wrapped),
    )


PWRI = {
    "ok/SHA-256": (pwri(), ()),
    "ok/SHA-512": (pwri(pbkdf2(prf=oids.HMAC_SHA512), digest="sha512"), ()),
    "ok/SHA-1 is what is not written": (pwri(pbkdf2(prf=None), digest="sha1"), ()),
    "ok/one round": (pwri(pbkdf2(1), rounds=1), ()),
    "fail/another digest": (pwri(pbkdf2(prf=oids.HMAC_SHA384)), FAILED),
    "fail/check octets": (pwri(inside=b"\x20" + bytes(47)), FAILED),
    "fail/length beyond the end": (pwri(inside=b"\xff" + formatted()[1:]), FAILED),
    "fail/length below the check": (pwri(inside=b"\x02" + formatted()[1:]), FAILED),
    "fail/one block": (pwri(raw=bytes(16)), FAILED),
    "fail/two octets": (pwri(raw=bytes(2)), FAILED),
    "fail/half a block": (pwri(raw=bytes(40)), FAILED),
    "fail/no derivation": (pwri(b""), UNSUPPORTED),
    "fail/unknown derivation": (
        pwri(der.context(0, der.oid("1.2.3"), der.sequence())),
        UNSUPPORTED,
    ),
    "fail/unknown function": (pwri(pbkdf2(prf="1.2.3")), UNSUPPORTED),
    "fail/salt from elsewhere": (pwri(pbkdf2(salt=der.algorithm("1.2.3"))), UNSUPPORTED),
    "fail/salt without end": (pwri(pbkdf2(salt=der.octet_string(bytes(5000)))), UNSUPPORTED),
    "fail/no round": (pwri(pbkdf2(0)), UNSUPPORTED),
    "fail/unknown wrap": (pwri(algorithm=der.algorithm("1.2.3", der.null())), UNSUPPORTED),
    "fail/wrap of no cipher": (
        pwri(algorithm=der.algorithm(oids.PWRI_KEK, der.algorithm("1.2.3", der.null()))),
        UNSUPPORTED,
    ),
    "fail/wrap in another mode": (
        pwri(
            algorithm=der.algorithm(
                oids.PWRI_KEK,
                der.algorithm(oids.AES256_GCM, der.sequence(der.octet_string(IV))),
            )
        ),
        UNSUPPORTED,
    ),
}


@pytest.mark.parametrize("case", PWRI)
def test_passwords_open_or_fail_like_everything(case: str) -> None:
    info, findings = PWRI[case]
    result = opened(sealed_cbc(info), Ring(passwords=("geheim",)))
    assert (result.matched, result.findings) == ((True,), findings)
    assert (result.content is not None) == case.startswith("ok/")


def test_a_password_may_cost_as_much_as_the_limit_and_no_more() -> None:
    """Who sends the message chooses the rounds; without the limit these would take an hour."""
    dear = sealed_cbc(pwri(pbkdf2(2**31 - 1), raw=bytes(48)))
    assert opened(dear, Ring(passwords=("geheim",))).findings == (Finding.TOO_COMPLEX,)
    several = sealed_cbc(*[pwri(raw=bytes(48))] * 50, pwri())
    limits = Limits(password_rounds=3 * 2048)
    assert opened(several, Ring(passwords=("geheim",)), limits).findings == FAILED
    assert opened(sealed_cbc(pwri()), Ring(passwords=("geheim",)), limits).content is not None


def test_a_private_key_is_asked_before_passwords() -> None:
    who = person("rsa2048", 1)
    data = sealed_cbc(*[pwri(raw=bytes(48))] * 40, ktri(who=who))
    result = opened(data, Ring(who, passwords=("geheim",)), Limits(decryption_keys=1))
    assert result.content is not None


MALFORMED = {
    "kekri": der.context(2, der.integer(4), der.sequence(), WRAP, der.octet_string(b"")),
    "kekri of two fields": der.context(2, der.integer(4), der.sequence()),
    "pwri of nothing": der.context(3),
    "pwri, derivation of nothing": pwri(der.context(0, der.oid(oids.PBKDF2), der.sequence())),
    "kemri of nothing": der.context(4, der.oid(oids.ORI_KEM), der.sequence()),
    "kemri without value": der.context(4, der.oid(oids.ORI_KEM)),
    "unknown": der.context(7, der.null()),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_rare_recipient_written_wrongly_does_not_close_the_message(case: str) -> None:
    data = sealed_cbc(ktri(), MALFORMED[case])
    assert plain(data, Ring(WHO, passwords=("geheim",), shared={b"": KEY})) == CONTENT
    alone = opened(sealed_cbc(MALFORMED[case]), Ring(WHO, passwords=("x",), shared={b"": KEY}))
    assert alone.findings == (Finding.NO_DECRYPTION_KEY,)


SENDER, READER = person("p256"), person("p256", 1)


def static_kari(originator: bytes, ukm: bytes = b"octets of this message") -> bytes:
    """RFC 6278: both keys are certified, and the keying material makes each message another."""
    assert isinstance(SENDER.private, ec.EllipticCurvePrivateKey)
    assert isinstance(READER.public_key, ec.EllipticCurvePublicKey)
    secret = SENDER.private.exchange(ec.ECDH(), READER.public_key)
    info = der.sequence(
        WRAP,
        der.context(0, der.octet_string(ukm)),
        der.context(2, der.octet_string(bytes.fromhex("00000100"))),
    )
    kek = X963KDF(hashes.SHA256(), 32, info).derive(secret)
    return der.context(
        1,
        der.integer(3),
        der.context(0, originator),
        der.context(1, der.octet_string(ukm)),
        der.algorithm(oids.STD_DH_SHA256_KDF, WRAP),
        der.sequence(der.sequence(named(READER), der.octet_string(aes_key_wrap(kek, KEY)))),
    )


def originator_info(*certificates: bytes) -> bytes:
    return der.context(0, der.context(0, *certificates))


BY_SKI = der.context(0, SENDER.subject_key_identifier or b"", constructed=False)
STATIC = {
    "ok/by issuer and serial": (static_kari(named(SENDER)), originator_info(SENDER.der), True),
    "ok/by key identifier": (static_kari(BY_SKI), originator_info(SENDER.der), True),
    "ok/among others": (
        static_kari(named(SENDER)),
        originator_info(READER.der, WHO.der, SENDER.der),
        True,
    ),
    "ok/beside something broken": (
        static_kari(named(SENDER)),
        originator_info(der.sequence(der.null()), der.context(1), SENDER.der),
        True,
    ),
    "fail/certificate not there": (static_kari(named(SENDER)), originator_info(READER.der), False),
    "fail/no certificate": (static_kari(named(SENDER)), b"", False),
}


@pytest.mark.parametrize("case", STATIC)
def test_static_keys_open_when_the_certificate_came_along(case: str) -> None:
    info, before, opens = STATIC[case]
    result = opened(sealed_cbc(info, before=before), Ring(READER))
    assert (result.content is not None) == opens
    assert result.findings == (() if opens else UNSUPPORTED)


def test_a_static_key_of_another_kind_is_refused() -> None:
    lying = person("x25519")
    info = static_kari(named(lying))
    result = opened(sealed_cbc(info, before=originator_info(lying.der)), Ring(READER))
    assert result.findings == FAILED


def test_too_many_certificates_of_the_originator_are_refused() -> None:
    before = originator_info(*[SENDER.der] * 5)
    with pytest.raises(LimitExceeded):
        parse_enveloped(sealed_cbc(ktri(), before=before), limits=Limits(certificates=4))
    assert parse_enveloped(sealed_cbc(ktri(), before=before)).recipients


def test_password_recipients_that_once_crashed_openssl_stay_closed(corpora: Path) -> None:
    """A wrapped key of two octets (under a stream cipher); a password without a derivation."""
    ring = Ring(passwords=("secret", "password"))
    for name in ("80-test_cmsapi_data/cms_pwri_kek_oob.der", "cms-msg/missing-kdf.der"):
        result = opened(read(corpora / "openssl" / name), ring)
        assert (name, result.content, result.findings) == (name, None, UNSUPPORTED)
        assert result.key_found


def test_gcm_in_enveloped_data_opens_only_with_the_tag_behind_it(corpora: Path) -> None:
    """OpenSSL refuses this sample, because it does not look for the tag; it is there and holds."""
    data = read(corpora / "openssl" / "cms-msg" / "enveloped-content-type-for-aes-gcm.pem")
    ring = Ring(shared={b"C0FEE0": SHARED[16]})
    result = opened(data, ring)
    assert result.content is not None
    assert joined(result.content).startswith(b"Somewhat longer test content")
    assert result.findings == (Finding.TAG_APPENDED_TO_CONTENT,)
    content = joined(parse_enveloped(data).content)
    changed = data.replace(content[:1] + content[1:9], bytes([content[0] ^ 1]) + content[1:9])
    assert changed != data
    assert opened(changed, ring).findings == FAILED


def test_identifiers_name_whom_the_message_names() -> None:
    infos = [ktri(), static_kari(named(SENDER)), kekri(WRAP, bytes(40)), pwri()]
    view = parse_enveloped(sealed_cbc(*infos))
    shown = {recipient.kind: recipient.identifiers for recipient in view.recipients}
    issuer_and_serial: dict[Person, IssuerAndSerial] = {
        who: who.issuer_and_serial for who in (WHO, READER)
    }
    assert shown == {
        "ktri": (issuer_and_serial[WHO],),
        "kari": (issuer_and_serial[READER],),
        "kekri": (b"list",),
        "pwri": (),
    }
