"""SMIMECapabilities: what a program says it can read (RFC 8551 §2.5.2, RFC 4262).

The same octets stand in signed attributes and in an extension of certificates. They are hints of
their owner; whether they may be believed and what follows from them is decided elsewhere. Which
signatures somebody can check is passed over: how mail is signed is a rule of its sender.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from siegel.base import ber, der, oids
from siegel.base.buffers import Buffer
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.keys import KeyKind
from siegel.cms.algorithms import AlgorithmId, cipher_by_oid, digest_by_oid, read_algorithm

MAX_OCTETS = 8192  # the longest list of a mail program has about 300
MAX_ENTRIES = 128  # programs name about ten, CMS has not many more that mean anything here


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a list says in words that matter here; what it names besides is passed over.

    ``ciphers``: names of content ciphers, the owner's favourite first, weak ones among them.
    ``oaep``: digests that RSAES-OAEP is read with. ``agreement``, ``encapsulation``: RecipientInfos
    with a key agreement (RFC 5753, 8418) or with ML-KEM (RFC 9936) are understood. ``cek_hkdf``:
    content keys may be derived once more (RFC 9709). ``binary_inside``: encrypted parts need no
    transfer encoding.
    """

    ciphers: tuple[str, ...] = ()
    oaep: frozenset[str] = frozenset()
    agreement: bool = False
    encapsulation: bool = False
    cek_hkdf: bool = False
    binary_inside: bool = False


def parse_capabilities(octets: Buffer) -> Capabilities | None:
    """None for what is no list of capabilities, or a longer one than any program writes."""
    if len(octets) > MAX_OCTETS:
        return None
    try:
        element = ber.read(octets)
        entries = element.expect(der.SEQUENCE).children()
        if element.end != len(octets) or len(entries) > MAX_ENTRIES:
            return None
        return _read([read_algorithm(entry) for entry in entries])
    except (MalformedMessage, LimitExceeded):
        return None


def _read(entries: list[AlgorithmId]) -> Capabilities:
    named = {entry.oid for entry in entries}
    found = (cipher_by_oid(entry.oid) for entry in entries)
    return Capabilities(
        ciphers=tuple(dict.fromkeys(cipher.name for cipher in found if cipher is not None)),
        oaep=frozenset(_oaep_digests(entries)),
        agreement=not named.isdisjoint(_AGREEMENTS),
        encapsulation=not named.isdisjoint(_ENCAPSULATIONS),
        cek_hkdf=oids.CEK_HKDF_SHA256 in named,
        binary_inside=oids.PREFER_BINARY_INSIDE in named,
    )


def _oaep_digests(entries: Iterable[AlgorithmId]) -> Iterable[str]:
    """Parameters that cannot be read make no entry: then v1.5 is written, which is always read."""
    for entry in entries:
        digest = _oaep_digest(entry.params) if entry.oid == oids.RSA_OAEP else None
        if digest is not None:
            yield digest


def _oaep_digest(params: ber.Element | None) -> str | None:
    """The digest, if the mask is made with the same. SHA-1 where none is named (RFC 4055 §4.1).

    The example of RFC 3560 §5 lacks the context tags, so that it is read without them as well.
    """
    try:
        return _digest_of_both(params)
    except MalformedMessage:
        return None


def _digest_of_both(params: ber.Element | None) -> str | None:
    fields = [] if params is None else params.expect(der.SEQUENCE).children()
    if not fields:
        return "sha1"
    if len(fields) != 2:
        return None
    digest, mask = (_algorithm(field) for field in fields)
    masked = None if mask.params is None else read_algorithm(mask.params)
    known = digest_by_oid(digest.oid)
    if known is None or masked is None or mask.oid != oids.MGF1 or masked.oid != digest.oid:
        return None
    return known.name


def _algorithm(field: ber.Element) -> AlgorithmId:
    inside = field.children() if field.tag in (0xA0, 0xA1) else [field]
    if len(inside) != 1:
        raise MalformedMessage("no RSAES-OAEP-params")
    return read_algorithm(inside[0])


def write_capabilities(kinds: Collection[KeyKind] = ()) -> bytes:
    """What this engine reads, best first; never 3DES or RC2.

    ``kinds`` are the kinds of keys that the owner has certificates of: ML-KEM and ML-DSA are named
    only then, because who lacks them has no use for a sender that has heard of them.
    """
    entries = list(_OWN)
    if KeyKind.ML_KEM in kinds:
        entries += [der.algorithm(oids.ML_KEM_768), der.algorithm(oids.ML_KEM_1024)]
    if KeyKind.ML_DSA in kinds:
        entries += [der.algorithm(oid) for oid in (oids.ML_DSA_44, oids.ML_DSA_65, oids.ML_DSA_87)]
    return der.sequence(*entries)


def _oaep(digest: str) -> bytes:
    """RSAES-OAEP-params with one digest for both (RFC 4055 §4.1)."""
    inner = der.algorithm(digest, der.null())
    mask = der.algorithm(oids.MGF1, inner)
    return der.algorithm(oids.RSA_OAEP, der.sequence(der.context(0, inner), der.context(1, mask)))


_WRAPS = (der.algorithm(oids.AES256_WRAP), der.algorithm(oids.AES128_WRAP))
_OWN = (
    *map(
        der.algorithm,  # capabilities of AES have no parameters (RFC 3565 §4, RFC 5084 §3)
        (
            oids.AES256_GCM,
            oids.AES128_GCM,
            oids.CHACHA20_POLY1305,
            oids.AES256_CBC,
            oids.AES192_CBC,
            oids.AES128_CBC,
            oids.CEK_HKDF_SHA256,
        ),
    ),
    # RFC 5753 §7: the key wrap is the parameter
    *(der.algorithm(oids.STD_DH_SHA256_KDF, wrap) for wrap in _WRAPS),
    *(der.algorithm(oids.STD_DH_HKDF_SHA256, wrap) for wrap in _WRAPS),
    _oaep(oids.SHA256),
    der.algorithm(oids.RSA_OAEP, der.sequence()),
)

_AGREEMENTS = frozenset(
    (
        oids.STD_DH_SHA1_KDF,
        oids.STD_DH_SHA224_KDF,
        oids.STD_DH_SHA256_KDF,
        oids.STD_DH_SHA384_KDF,
        oids.STD_DH_SHA512_KDF,
        oids.COFACTOR_DH_SHA1_KDF,
        oids.COFACTOR_DH_SHA224_KDF,
        oids.COFACTOR_DH_SHA256_KDF,
        oids.COFACTOR_DH_SHA384_KDF,
        oids.COFACTOR_DH_SHA512_KDF,
        oids.STD_DH_HKDF_SHA256,
        oids.STD_DH_HKDF_SHA384,
        oids.STD_DH_HKDF_SHA512,
    )
)
_ENCAPSULATIONS = frozenset((oids.ML_KEM_512, oids.ML_KEM_768, oids.ML_KEM_1024))
