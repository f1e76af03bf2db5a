"""Post-quantum keys: ML-DSA (FIPS 204, RFC 9881) and ML-KEM (FIPS 203, RFC 9935).

A private key comes as the seed it was made from, as what follows from the seed (``expandedKey``),
or as both. Keys are made from their seed here; ``cryptography`` knows no other way. Not computed:
ML-KEM-512, which ``cryptography`` leaves out for its strength, SLH-DSA (RFC 9814) and the
composite algorithms, which are drafts; they are known by name, so that a reader can be told.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import mldsa, mlkem

from siegel.base import ber, der, oids
from siegel.base.errors import MalformedMessage, SiegelError, UnsupportedAlgorithm
from siegel.base.named_only import NAMED_ONLY

MlDsaPrivateKey = mldsa.MLDSA44PrivateKey | mldsa.MLDSA65PrivateKey | mldsa.MLDSA87PrivateKey
MlDsaPublicKey = mldsa.MLDSA44PublicKey | mldsa.MLDSA65PublicKey | mldsa.MLDSA87PublicKey
MlKemPrivateKey = mlkem.MLKEM768PrivateKey | mlkem.MLKEM1024PrivateKey
MlKemPublicKey = mlkem.MLKEM768PublicKey | mlkem.MLKEM1024PublicKey
QuantumSafePrivateKey = MlDsaPrivateKey | MlKemPrivateKey

_SEED = der.CONTEXT  # [0] IMPLICIT OCTET STRING
_UNSUPPORTED = {
    **NAMED_ONLY,
    oids.ML_KEM_512: "ML-KEM-512",
    **{f"1.3.6.1.5.5.7.6.{number}": "composite ML-KEM" for number in range(55, 67)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _ParameterSet:
    """One row of FIPS 203 table 2 or FIPS 204 table 1; sizes in octets."""

    name: str
    seed: int
    expanded: int
    make: Callable[[bytes], QuantumSafePrivateKey]
    ranks: bytes = b""  # k and l of ML-DSA, which enter the seed's expansion


_SETS = {
    oids.ML_DSA_44: _ParameterSet(
        name="ML-DSA-44",
        seed=32,
        expanded=2560,
        make=mldsa.MLDSA44PrivateKey.from_seed_bytes,
        ranks=b"\x04\x04",
    ),
    oids.ML_DSA_65: _ParameterSet(
        name="ML-DSA-65",
        seed=32,
        expanded=4032,
        make=mldsa.MLDSA65PrivateKey.from_seed_bytes,
        ranks=b"\x06\x05",
    ),
    oids.ML_DSA_87: _ParameterSet(
        name="ML-DSA-87",
        seed=32,
        expanded=4896,
        make=mldsa.MLDSA87PrivateKey.from_seed_bytes,
        ranks=b"\x08\x07",
    ),
    oids.ML_KEM_768: _ParameterSet(
        name="ML-KEM-768", seed=64, expanded=2400, make=mlkem.MLKEM768PrivateKey.from_seed_bytes
    ),
    oids.ML_KEM_1024: _ParameterSet(
        name="ML-KEM-1024", seed=64, expanded=3168, make=mlkem.MLKEM1024PrivateKey.from_seed_bytes
    ),
}


def name_of(algorithm: str) -> str | None:
    """The name of a post-quantum algorithm, computed here or not; None for any other OID."""
    known = _SETS.get(algorithm)
    return known.name if known else _UNSUPPORTED.get(algorithm)


def private_key(pkcs8: bytes) -> QuantumSafePrivateKey | None:
    """The key of an unencrypted PKCS #8 blob; None where it holds a key of another kind.

    ``MalformedMessage`` for a seed and an expanded key that do not belong together (RFC 9881 §8.2,
    RFC 9935 §8): compared is what hashes show, K, tr and ρ of ML-DSA, the public key and z of
    ML-KEM. The secret vectors behind them are not compared – and never used, because the key is
    made from the seed. ``UnsupportedAlgorithm`` for what cannot be computed here.
    """
    algorithm, content = _key_info(pkcs8)
    if algorithm in _UNSUPPORTED:
        raise UnsupportedAlgorithm(f"private key of a kind without support: {name_of(algorithm)}")
    rules = _SETS.get(algorithm)
    return _from_choice(rules, content) if rules else None


def _key_info(pkcs8: bytes) -> tuple[str, bytes]:
    """Algorithm and content of OneAsymmetricKey (RFC 5958 §2); nothing where it is none."""
    try:
        _, algorithm, content = ber.read(pkcs8).expect(der.SEQUENCE).children()[:3]
        return algorithm.children()[0].oid(), content.expect(der.OCTET_STRING).joined()
    except (SiegelError, ValueError, IndexError):
        return "", b""


def _from_choice(rules: _ParameterSet, content: bytes) -> QuantumSafePrivateKey:
    """RFC 9881 §6, RFC 9935 §6: CHOICE { seed [0], expandedKey, both }."""
    choice = ber.read(content)
    if choice.tag == _SEED:
        return _from_seed(rules, choice.joined())
    if choice.tag == der.SEQUENCE:
        parts = [part.expect(der.OCTET_STRING).joined() for part in choice.children()]
        return _from_both(rules, parts)
    if choice.tag == der.OCTET_STRING:
        raise UnsupportedAlgorithm(
            f"this {rules.name} key was written without its seed; "
            "ask the program that made it for the seed form"
        )
    raise MalformedMessage(f"not an {rules.name} private key")


def _from_seed(rules: _ParameterSet, seed: bytes) -> QuantumSafePrivateKey:
    if len(seed) != rules.seed:
        raise MalformedMessage(f"an {rules.name} seed has {rules.seed} octets")
    return rules.make(seed)


def _from_both(rules: _ParameterSet, parts: list[bytes]) -> QuantumSafePrivateKey:
    if len(parts) != 2 or len(parts[1]) != rules.expanded:
        raise MalformedMessage(f"not an {rules.name} private key")
    seed, expanded = parts
    key = _from_seed(rules, seed)
    public = key.public_key().public_bytes_raw()
    if rules.ranks:
        known = _start_of_ml_dsa(seed + rules.ranks, public)
        agree = expanded.startswith(known)
    else:
        agree = expanded.endswith(public + hashlib.sha3_256(public).digest() + seed[32:])
    if not agree:
        raise MalformedMessage(f"seed and expanded form of this {rules.name} key differ")
    return key


def _start_of_ml_dsa(seed: bytes, public: bytes) -> bytes:
    """ρ, K and tr: the first 128 octets of an expanded key (FIPS 204, algorithms 6 and 24)."""
    expansion = hashlib.shake_256(seed).digest(128)
    return expansion[:32] + expansion[96:] + hashlib.shake_256(public).digest(64)
