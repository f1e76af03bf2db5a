"""Write the seeds anew: ``python -m tests.fuzz.make_seeds``.

A seed is a small, well-formed input, one for each construct a fuzzer would not find by itself.
All of it is made here, by Siegel or by OpenSSL, from the certificate world of the tests.
"""

import base64
import shutil
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from siegel.base import der, oids
from siegel.mime.parse import parse_message
from tests.fuzz import SEEDS
from tests.fuzz.material import NESTED, PASSPHRASE, SHARED_KEY, SHARED_KEY_NAME, mail_of
from tests.peers.openssl import OpenSSL
from tests.unit.smime.mails import MAIL, TEXT, sealed_mail, signed_mail
from tests.world import WORLD

READERS = ("huber", "dana", "carla_encrypt")
Seeds = Iterator[tuple[str, bytes]]

KEY_BAG = "1.2.840.113549.1.12.10.1.1"
CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3"
X509_CERTIFICATE = "1.2.840.113549.1.9.22.1"


def ber() -> Seeds:
    yield "integer", der.integer(1 << 70)
    yield "algorithm", der.algorithm(oids.RSA, der.null())
    yield "indefinite", b"\x30\x80\x02\x01\x05\x24\x80\x04\x02ab\x04\x00\x00\x00\x00\x00"
    yield "set", der.set_of(der.integer(3), der.octet_string(b"x"), der.oid(oids.DATA))
    yield "long_length", b"\x04\x84\x00\x00\x00\x02ab"
    yield "certificate", WORLD.person("dana").certificate_der


def mime() -> Seeds:
    yield "plain", MAIL
    yield "nested", mail_of(NESTED)
    yield "signed", signed_mail("dana")
    yield "embedded", mail_of(b"Content-Type: message/rfc822\r\n\r\n" + MAIL)
    yield (
        "parameters",
        mail_of(
            b"Content-Type: text/plain; charset*=utf-8''us%2Dascii;\r\n"
            b" name*0*=utf-8'de'Gr%C3%BC; name*1=\xc3\x9fe.txt (comment)\r\n\r\nText\r\n"
        ),
    )


def cms() -> Seeds:
    for name, mail in opening():
        message = parse_message(mail).root
        body = message.children[1] if message.children else message
        if body.transfer_encoding == "base64":
            yield name, body.decoded()
    yield "compressed", _compressed(TEXT)
    yield "detached_none", der.sequence(der.oid(oids.SIGNED_DATA), der.context(0, der.sequence()))


def opening() -> Seeds:
    for name in ("alice", "dana", "carla"):
        yield f"signed_{name}", signed_mail(name)
        yield f"opaque_{name}", signed_mail(name, opaque=True)
    yield "nested", signed_mail("dana", mail=mail_of(NESTED))
    for reader in READERS:
        yield f"sealed_cbc_{reader}", sealed_mail("dana", reader)
        yield f"sealed_gcm_{reader}", sealed_mail("dana", reader, cipher="aes256-gcm")
    yield "oaep", sealed_mail("dana", "huber", oaep=True)
    yield "triple", _triple()
    yield "compressed", _as_mail(_compressed(TEXT), b"compressed-data")
    yield from _by_openssl()


def pkcs12() -> Seeds:
    for name in ("alice", "dana"):
        yield f"modern_{name}", WORLD.person(name).p12(PASSPHRASE)
        yield f"compatible_{name}", WORLD.person(name).p12(PASSPHRASE, "compatible")
    yield "open_bags", _unprotected_pkcs12()


def _unprotected_pkcs12() -> bytes:
    """Neither MAC nor encryption (RFC 7292 §4): every octet inside can be changed and is read."""
    dana = WORLD.person("dana")
    named = der.octet_string(dana.certificate_der)
    certificate = der.sequence(der.oid(X509_CERTIFICATE), der.context(0, named))
    bags = der.sequence(
        der.sequence(der.oid(CERTIFICATE_BAG), der.context(0, certificate)),
        der.sequence(der.oid(KEY_BAG), der.context(0, dana.pkcs8)),
    )
    return der.sequence(der.integer(3), _data(der.sequence(_data(bags))))


def _data(content: bytes) -> bytes:
    return der.sequence(der.oid(oids.DATA), der.context(0, der.octet_string(content)))


def _triple() -> bytes:
    inner = sealed_mail("dana", "huber")
    return signed_mail("alice", mail=inner)


def _compressed(content: bytes) -> bytes:
    """CompressedData (RFC 3274), which Siegel reads and does not write."""
    deflated = der.context(0, der.octet_string(zlib.compress(content)))
    inside = der.sequence(der.oid(oids.DATA), deflated)
    body = der.sequence(der.integer(0), der.algorithm(oids.ZLIB), inside)
    return der.sequence(der.oid(oids.COMPRESSED_DATA), der.context(0, body))


def _as_mail(blob: bytes, smime_type: bytes) -> bytes:
    head = b'Content-Type: application/pkcs7-mime; smime-type=%s; name="smime.p7m"\r\n' % smime_type
    text = base64.encodebytes(blob).replace(b"\n", b"\r\n")
    return mail_of(head + b"Content-Transfer-Encoding: base64\r\n\r\n" + text)


def _by_openssl() -> Seeds:
    """What only others write: passwords, shared keys, 3DES, BER."""
    inner = signed_mail("dana")
    shared = ("-secretkey", SHARED_KEY.hex(), "-secretkeyid", SHARED_KEY_NAME.hex())
    huber = WORLD.person("huber")
    with TemporaryDirectory() as folder:
        openssl = OpenSSL(Path(folder))
        ways = {
            "password": openssl.encrypt(inner, form="DER", extra=("-pwri_password", PASSPHRASE)),
            "shared_key": openssl.encrypt(inner, form="DER", extra=shared),
            "indefinite": openssl.encrypt(inner, huber, form="DER", streamed=True),
            "3des": openssl.encrypt(inner, huber, form="DER", cipher="des3"),
        }
    for name, blob in ways.items():
        yield name, _as_mail(blob, b"enveloped-data")


def write(name: str, seeds: Seeds) -> int:
    folder = SEEDS / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    count = 0
    for count, (seed, data) in enumerate(seeds, 1):  # noqa: B007 - counted
        (folder / seed).write_bytes(data)
    return count


MAKERS = {"ber": ber, "mime": mime, "cms": cms, "open": opening, "pkcs12": pkcs12}


def main() -> int:
    for name, maker in MAKERS.items():
        print(f"{name}: {write(name, maker())} seeds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
