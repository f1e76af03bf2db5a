"""Recognise private keys in any file: PEM, DER, PKCS #12, Java key stores, and ZIP around them.

Guards against accidents, not against someone who hides a key on purpose. Encrypted containers
count, because whoever sends one gives the key away as well. What is longer, deeper or denser than
the limits below is not looked into.
"""

import io
import re
import struct
import zipfile

from siegel.base import b64, ber, der
from siegel.base.errors import SiegelError
from siegel.base.limits import MIB, Limits
from siegel.pki.pkcs12 import is_pkcs12

MAX_ENTRIES = 1000  # of one archive: office documents have hundreds
MAX_ENTRY_SIZE = 16 * MIB  # octets of one entry unpacked; a key file has thousands
MAX_TOTAL_SIZE = 64 * MIB  # octets unpacked out of one file, all depths together
MAX_RATIO = 200  # unpacked to packed; text reaches 20, only bombs reach 1,000
MAX_BARE_BASE64 = MIB  # characters of a base64 file without armour
MIN_PEM_KEY = 60  # base64 characters: an Ed25519 key has 64; less is a text about keys

_PEM = re.compile(
    rb"-----BEGIN (?P<label>(?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?|PKCS12)-----"
    rb"(?:[ \t]*\r?\n[A-Za-z-]{1,40}:[^\r\n]{0,200}){0,10}"
    rb"(?P<body>[A-Za-z0-9+/=\s]{%d})" % MIN_PEM_KEY
)
_BARE_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]+={0,2}\s*\Z")
_KEY_STORES = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")  # JKS, JCEKS
_TRUSTED_CERTIFICATE = 2  # kind of an entry; 1 is a private key, 3 a secret one
_TYPED_CERTIFICATES = 2  # version of a store that names the type of each certificate
_KEY_FILES = (".p12", ".pfx", ".key", ".jks")
_PASSWORD_BASED = ("1.2.840.113549.1.5.", "1.2.840.113549.1.12.1.")
_SMALL = Limits(ber_depth=16, ber_elements=2000, ber_segments=2000)
_ENCRYPTED_ENTRY = 0x1  # general purpose flag of a ZIP entry
_INTEGERS_DSA = 6  # version, p, q, g, y, x
_INTEGERS_RSA = 9  # version, n, e, d, p, q and the three of CRT (RFC 8017 appendix A.1.2)
_SCALAR_SIZES = range(20, 73)  # octets of an elliptic curve scalar, up to sect571


def contains_private_key(data: bytes, *, depth: int = 2) -> bool:
    """Whether ``data`` holds a private key, encrypted or not, also inside ZIP to ``depth``."""
    return _Search().found_in(data, depth)


class _Search:
    """One search with its budget of unpacked octets."""

    def __init__(self) -> None:
        self._left = MAX_TOTAL_SIZE

    def found_in(self, data: bytes, depth: int) -> bool:
        if data.startswith(_KEY_STORES):
            return _holds_key_entry(data)
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            data = data.decode("utf-16", "replace").encode("ascii", "replace")
        if _PEM.search(data) or _is_key(data) or _is_key(_bare_base64(data)):
            return True
        return depth > 0 and data[:2] == b"PK" and self._found_in_zip(data, depth)

    def _found_in_zip(self, data: bytes, depth: int) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()[:MAX_ENTRIES]
                return any(self._found_in_entry(archive, entry, depth) for entry in entries)
        except Exception:  # whatever the library says about a broken archive
            return False

    def _found_in_entry(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> bool:
        if entry.flag_bits & _ENCRYPTED_ENTRY:
            return entry.filename.lower().endswith(_KEY_FILES)
        allowed = min(MAX_ENTRY_SIZE, self._left, entry.compress_size * MAX_RATIO)
        if entry.file_size > allowed:
            return False
        self._left -= entry.file_size
        return self.found_in(_unpacked(archive, entry, allowed), depth - 1)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, allowed: int) -> bytes:
    """The announced size may be a lie: never more than is allowed is unpacked."""
    try:
        with archive.open(entry) as stream:
            return stream.read(allowed)
    except Exception:  # unknown compression, wrong checksum: this entry cannot be read by anyone
        return b""


def _holds_key_entry(store: bytes) -> bool:
    """A Java key store (JKS, JCEKS) with an entry that is more than a trusted certificate."""
    try:
        version, entries = struct.unpack_from(">II", store, 4)
        position = 12
        for _ in range(min(entries, MAX_ENTRIES)):
            if struct.unpack_from(">I", store, position)[0] != _TRUSTED_CERTIFICATE:
                return True
            position = _behind(">H", store, position + 4) + 8  # alias, then a date
            if version == _TYPED_CERTIFICATES:
                position = _behind(">H", store, position)
            position = _behind(">I", store, position)
    except struct.error:
        return False  # cut off before any key
    return False


def _behind(length: str, store: bytes, position: int) -> int:
    """Where the field ends whose length stands at ``position``."""
    size: int = struct.unpack_from(length, store, position)[0]
    return position + struct.calcsize(length) + size


def _bare_base64(data: bytes) -> bytes:
    """A DER file as base64 without armour: every SEQUENCE begins with the letter M."""
    if len(data) > MAX_BARE_BASE64 or data.lstrip()[:1] != b"M" or not _BARE_BASE64.match(data):
        return b""
    try:
        return b64.decode(data)
    except SiegelError:
        return b""


def _is_key(data: bytes) -> bool:
    if data[:1] != b"\x30":
        return False
    return is_pkcs12(data) or any(shape(data) for shape in (_is_key_info, _is_plain_key))


def _is_key_info(data: bytes) -> bool:
    """PrivateKeyInfo (RFC 5958) and EncryptedPrivateKeyInfo."""
    tags = [element.tag for element in _children(data)]
    if tags[:3] == [der.INTEGER, der.SEQUENCE, der.OCTET_STRING]:
        version, algorithm = _children(data)[:2]
        return bytes(version.content) in (b"\0", b"\1") and bool(_oid_of(algorithm))
    if tags == [der.SEQUENCE, der.OCTET_STRING]:
        return _oid_of(_children(data)[0]).startswith(_PASSWORD_BASED)
    return False


def _is_plain_key(data: bytes) -> bool:
    """RSAPrivateKey (RFC 8017), the DSA form of OpenSSL, ECPrivateKey (RFC 5915)."""
    fields = _children(data)
    if not fields or fields[0].tag != der.INTEGER:
        return False
    version, rest = bytes(fields[0].content), fields[1:]
    if all(element.tag == der.INTEGER for element in rest[: _INTEGERS_RSA - 1]):
        return version in (b"\0", b"\1") and len(fields) in (_INTEGERS_DSA, _INTEGERS_RSA)
    return version == b"\1" and _is_scalar(rest)


def _is_scalar(fields: list[ber.Element]) -> bool:
    tags = [element.tag for element in fields]
    return tags in _EC_TAGS and len(fields[0].content) in _SCALAR_SIZES


_EC_TAGS = [[der.OCTET_STRING, *rest] for rest in ([], [0xA0], [0xA1], [0xA0, 0xA1])]


def _children(data: bytes) -> list[ber.Element]:
    try:
        return ber.read(data, limits=_SMALL).expect(der.SEQUENCE).children()
    except SiegelError:
        return []


def _oid_of(algorithm: ber.Element) -> str:
    try:
        return next(iter(algorithm.children())).oid()
    except (SiegelError, StopIteration):
        return ""
