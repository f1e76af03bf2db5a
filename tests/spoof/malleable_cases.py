"""Efail and others: the ciphertext itself is changed, or says another algorithm than it has."""

from collections.abc import Callable, Iterator

from asn1crypto import cms as asn1

from tests.peers import mime
from tests.spoof.case import ATTACKER, ENCRYPTED_UNVERIFIED, EVIL, READER, VICTIM, Case, Family
from tests.spoof.decryption_cases import HIDDEN
from tests.spoof.making import FORGED, PRIVATE, blob, envelope, html, mailed, parts, sealed, signed


def malleable_cases() -> Iterator[Case]:
    for name, make, said, shown in _CHANGED:
        yield Case(
            family=Family.MALLEABLE,
            name=name,
            make=mailed(make),
            summary=ENCRYPTED_UNVERIFIED,
            said=frozenset({said}),
            shown=shown,
            hidden=(EVIL,) if shown else HIDDEN,
        )


_LEAK = html(
    b"<b>Brief</b><img src=http://evil.example/a><a href='http://evil.example/b'>x</a>"
    b"<link rel=stylesheet href=//evil.example><form action=http://evil.example></form>"
    b"<style>@import 'http://evil.example'</style><p style='background:url(//evil.example)'>"
)


def _flipped(cipher: str, place: int, *, inner: bytes = PRIVATE) -> bytes:
    """One bit of the encrypted content flipped, ``place`` octets after its beginning."""
    whole = envelope(inner, READER, cipher=cipher)
    info = asn1.ContentInfo.load(whole)["content"]
    name = "encrypted_content_info" if "cbc" in cipher else "auth_encrypted_content_info"
    content = info[name]["encrypted_content"].contents
    at = whole.index(content) + place % len(content)
    broken = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    return mime.pkcs7_mime(broken, "enveloped-data" if "cbc" in cipher else "authEnveloped-data")


def _gadget() -> bytes:
    """Efail: the known beginning of the text becomes an image, block for block.

    The first block is made to say something else by way of the initialisation vector.
    """
    known, wanted = b"Content-Type: te", b"Content-Type:hte"
    whole = envelope(html(b"<b>Brief</b>" + b"x" * 64).replace(b"ml;", b"ml;", 1), READER)
    vector = asn1.ContentInfo.load(whole)["content"]["encrypted_content_info"][
        "content_encryption_algorithm"
    ]["parameters"].contents
    other = bytes(v ^ k ^ w for v, k, w in zip(vector, known, wanted, strict=True))
    return mime.pkcs7_mime(whole.replace(vector, other), "enveloped-data")


def _relabelled() -> bytes:
    """AES-GCM called AES-CBC: the same key, no tag (RFC 9709 §1)."""
    info = asn1.ContentInfo.load(envelope(PRIVATE, READER, cipher="aes256-gcm"))["content"]
    inside = info["auth_encrypted_content_info"]
    cipher = inside["encrypted_content"].contents
    enveloped = asn1.EnvelopedData(
        {
            "version": "v0",
            "recipient_infos": info["recipient_infos"],
            "encrypted_content_info": {
                "content_type": "data",
                "content_encryption_algorithm": {
                    "algorithm": "aes256_cbc",
                    "parameters": b"\0" * 16,
                },
                "encrypted_content": cipher[: len(cipher) // 16 * 16],
            },
        }
    )
    whole = asn1.ContentInfo({"content_type": "enveloped_data", "content": enveloped}).dump()
    return mime.pkcs7_mime(bytes(whole), "enveloped-data")


def _without_tag() -> bytes:
    """AES-GCM in EnvelopedData, where there is no place for a tag."""
    info = asn1.ContentInfo.load(envelope(PRIVATE, READER, cipher="aes256-gcm"))["content"]
    enveloped = asn1.EnvelopedData(
        {
            "version": "v0",
            "recipient_infos": info["recipient_infos"],
            "encrypted_content_info": info["auth_encrypted_content_info"].untag(),
        }
    )
    whole = asn1.ContentInfo({"content_type": "enveloped_data", "content": enveloped}).dump()
    return mime.pkcs7_mime(bytes(whole), "enveloped-data")


def _wrong_key() -> bytes:
    """The encrypted content key changed (Bleichenbacher asks like this)."""
    whole = envelope(PRIVATE, READER, cipher="aes256-gcm")
    infos = asn1.ContentInfo.load(whole)["content"]["recipient_infos"]
    key = infos[0].chosen["encrypted_key"].contents
    return mime.pkcs7_mime(
        whole.replace(key, key[:-1] + bytes([key[-1] ^ 1])), "authEnveloped-data"
    )


_FAILED = "decryption_failed"
_CHANGED: list[tuple[str, Callable[[], bytes], str, tuple[bytes, ...]]] = [
    ("unsigned HTML with references to the outside", lambda: sealed(_LEAK),
     "not_signed", (b"Brief",)),
    ("unsigned HTML in a multipart", lambda: sealed(parts("mixed", _LEAK, FORGED)),
     "not_signed", (b"Brief",)),
    ("HTML signed by somebody else than From", lambda: sealed(
        signed(_LEAK, blob(_LEAK, ATTACKER))), "signer_address_differs", (b"Brief",)),
    ("HTML under a broken signature (CBC bit flipped)", lambda: sealed(
        signed(_LEAK, blob(FORGED, VICTIM))), "digest_mismatch", (b"Brief",)),
    ("first block changed by the vector", _gadget, "not_signed", (b"Brief",)),
    ("padding changed (CBC)", lambda: _flipped(
        "aes256-cbc", -17, inner=PRIVATE.ljust(96)), _FAILED, ()),
    ("one bit of an AES-GCM text", lambda: _flipped("aes256-gcm", 3), _FAILED, ()),
    ("AES-GCM called AES-CBC", _relabelled, "not_signed", ()),
    ("AES-GCM without its tag", _without_tag, _FAILED, ()),
    ("content key changed", _wrong_key, _FAILED, ()),
]  # fmt: skip
