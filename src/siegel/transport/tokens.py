"""One PKCS #11 token (python-pkcs11): its session, and the few calls made to it.

One session for the process, used by one thread at a time; it is opened when it is first needed and
anew after trouble or in a new process. Whatever a token says instead of an answer is one of three
things: it is not there now (``KeyUnavailable``), it cannot do this (``UnsupportedAlgorithm``), or
the ciphertext does not open (``ValueError``).
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from siegel.base import ber
from siegel.base.errors import (
    ConfigurationError,
    Conflict,
    KeyUnavailable,
    NotFound,
    SiegelError,
    UnsupportedAlgorithm,
)
from siegel.base.secret import Secret
from siegel.pki.key_generation import KeyChoice
from siegel.pki.token_reference import KeyReference, TokenPublicKey
from siegel.transport.token_keys import TokenEcKey, TokenRsaKey, key_of

if TYPE_CHECKING:
    import pkcs11

T = TypeVar("T")
_ID = 16  # octets of a new key's CKA_ID
_RSA = {KeyChoice.RSA_2048: 2048, KeyChoice.RSA_3072: 3072, KeyChoice.RSA_4096: 4096}
_CURVES: dict[KeyChoice, ec.EllipticCurve] = {
    KeyChoice.P_256: ec.SECP256R1(),
    KeyChoice.P_384: ec.SECP384R1(),
}
_DIGESTS = {"sha1": "SHA_1", "sha256": "SHA256", "sha384": "SHA384", "sha512": "SHA512"}
_MGFS = {"sha1": "SHA1", "sha256": "SHA256", "sha384": "SHA384", "sha512": "SHA512"}


@final
class Tokens:
    """``module``: the library of the token's maker; ``label``: the token's; ``pin``: its user's."""

    def __init__(self, module: Path, label: str, pin: Secret | None) -> None:
        self._module, self._label, self._pin = module, label, pin
        self._lock = threading.RLock()
        self._session: Any = None
        self._process = 0

    def private_key(self, reference: KeyReference) -> TokenRsaKey | TokenEcKey:
        return key_of(reference, self)

    def generate(self, choice: KeyChoice, label: str) -> TokenRsaKey | TokenEcKey:
        """Raises ``Conflict`` if there is a key under this label, ``UnsupportedAlgorithm``."""

        def make(session: "pkcs11.Session") -> KeyReference:
            if list(session.get_objects(_wanted(label=label))):
                raise Conflict(f"there is a key {label!r} in the token already")
            identifier = os.urandom(_ID)
            pair = _generated(session, choice, label, identifier)
            return self._reference(pair[1], pair[0], label, identifier)

        return key_of(self._ask(make), self)

    def named(self, label: str) -> TokenRsaKey | TokenEcKey:
        """Raises ``NotFound``, and ``Conflict`` for several of this name."""
        import pkcs11

        def look(session: "pkcs11.Session") -> KeyReference:
            found = list(session.get_objects(_wanted(label=label)))
            if not found:
                raise NotFound(f"no private key {label!r} in the token")
            if len(found) > 1:
                raise Conflict(f"several private keys {label!r} in the token")
            identifier = bytes(found[0][pkcs11.Attribute.ID])
            publics = list(
                session.get_objects(
                    {
                        pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PUBLIC_KEY,
                        pkcs11.Attribute.ID: identifier,
                    }
                )
            )
            return self._reference(found[0], publics[0] if publics else None, label, identifier)

        return key_of(self._ask(look), self)

    def look(self) -> None:
        """Whether the token answers; raises ``KeyUnavailable`` if not."""
        self._ask(lambda session: list(session.get_objects(_wanted(label="siegel looks"))))

    def sign_pkcs1(self, key: KeyReference, digest_info: bytes) -> bytes:
        return self._sign(key, digest_info, "RSA_PKCS")

    def sign_pss(self, key: KeyReference, digest: bytes, pss: str) -> bytes:
        import pkcs11

        mechanism, mask = pkcs11.Mechanism[_DIGESTS[pss]], pkcs11.MGF[_MGFS[pss]]
        return self._sign(key, digest, "RSA_PKCS_PSS", (mechanism, mask, len(digest)))

    def sign_ecdsa(self, key: KeyReference, digest: bytes) -> bytes:
        return self._sign(key, digest, "ECDSA")

    def decrypt_pkcs1(self, key: KeyReference, ciphertext: bytes) -> bytes:
        return self._decrypt(key, ciphertext, "RSA_PKCS")

    def decrypt_oaep(self, key: KeyReference, ciphertext: bytes, oaep: str) -> bytes:
        import pkcs11

        if oaep not in _DIGESTS:
            raise UnsupportedAlgorithm("this token cannot open OAEP with such a digest")
        mechanism, mask = pkcs11.Mechanism[_DIGESTS[oaep]], pkcs11.MGF[_MGFS[oaep]]
        return self._decrypt(key, ciphertext, "RSA_PKCS_OAEP", (mechanism, mask, None))

    def agree(self, key: KeyReference, point: bytes) -> bytes:
        import pkcs11

        octets = (key.public_key.key_size + 7) // 8
        template = {
            pkcs11.Attribute.SENSITIVE: False,
            pkcs11.Attribute.EXTRACTABLE: True,
            pkcs11.Attribute.VALUE_LEN: octets,
        }

        def derive(session: "pkcs11.Session") -> bytes:
            secret = _found(session, key).derive_key(
                pkcs11.KeyType.GENERIC_SECRET,
                octets * 8,
                mechanism=pkcs11.Mechanism.ECDH1_DERIVE,
                mechanism_param=(pkcs11.KDF.NULL, None, point),
                template=template,
                store=False,
            )
            return bytes(secret[pkcs11.Attribute.VALUE])

        return self._ask(derive)

    def _sign(self, key: KeyReference, data: bytes, mechanism: str, param: object = None) -> bytes:
        import pkcs11

        how = {"mechanism": pkcs11.Mechanism[mechanism], "mechanism_param": param}
        return bytes(self._ask(lambda session: _found(session, key).sign(data, **how)))

    def _decrypt(
        self, key: KeyReference, ciphertext: bytes, mechanism: str, param: object = None
    ) -> bytes:
        """Tokens have many names for a padding that is wrong, some of them those of real trouble:
        whether it is trouble is seen by asking the token for something else."""
        import pkcs11

        how = {"mechanism": pkcs11.Mechanism[mechanism], "mechanism_param": param}

        def decrypt(session: "pkcs11.Session") -> bytes | None:
            private = _found(session, key)
            try:
                return bytes(private.decrypt(ciphertext, **how))
            except _cannot():
                raise
            except pkcs11.PKCS11Error:
                _found(session, key)
                return None

        opened = self._ask(decrypt)
        if opened is None:
            raise ValueError("the ciphertext does not open")
        return opened

    def _ask(self, work: Callable[[Any], T]) -> T:
        """With the session that is there; if that has gone, once with a new one."""
        import pkcs11

        with self._lock:
            try:
                try:
                    return work(self._opened())
                except _cannot():
                    raise
                except pkcs11.PKCS11Error:
                    self._session = None
                    return work(self._opened())
            except KeyUnavailable:  # perhaps somebody has logged us out
                self._session = None
                raise
            except _cannot() as error:
                raise UnsupportedAlgorithm("this token cannot do that") from error
            except pkcs11.PKCS11Error as error:
                self._session = None
                said = type(error).__name__
                raise KeyUnavailable(f"the token does not answer: {said}") from error

    def _opened(self) -> Any:
        import pkcs11

        if self._session is not None and self._process == os.getpid():
            return self._session
        if not self._module.is_file():
            raise KeyUnavailable(f"the module of the token is not there: {self._module}")
        library = pkcs11.lib(str(self._module))
        if self._process not in (0, os.getpid()):
            library.reinitialize()  # a child may not use what its parent has begun
        token = library.get_token(token_label=self._label)
        self._process = os.getpid()
        pin = None if self._pin is None else self._pin.reveal().decode()
        try:
            self._session = token.open(rw=True, user_pin=pin)
        except pkcs11.UserAlreadyLoggedIn:
            self._session = token.open(rw=True)
        return self._session

    def _reference(self, private: Any, public: Any, label: str, identifier: bytes) -> KeyReference:
        spki = _public_key(private, public).public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        return KeyReference(token=self._label, key_id=identifier, label=label, spki=spki)


_known: dict[tuple[Path, str], Tokens] = {}


def tokens_of(module: Path, label: str, pin: Secret | None) -> Tokens:
    """The one of this process: whoever closes a session logs out all others of the same token.

    Raises ``ConfigurationError`` where the extra [pkcs11] is not installed.
    """
    try:
        import pkcs11
    except ImportError as error:
        raise ConfigurationError(
            "pkcs11.module needs the extra: pip install siegel[pkcs11]", key="pkcs11.module"
        ) from error
    del pkcs11
    return _known.setdefault((module, label), Tokens(module, label, pin))


def _cannot() -> tuple[type[Exception], ...]:
    """What a token says of mechanisms and parameters that it does not have."""
    import pkcs11

    return (
        pkcs11.ArgumentsBad,
        pkcs11.FunctionNotSupported,
        pkcs11.MechanismInvalid,
        pkcs11.MechanismParamInvalid,
        pkcs11.KeyTypeInconsistent,
    )


def _wanted(*, label: str) -> dict[Any, Any]:
    import pkcs11

    return {
        pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY,
        pkcs11.Attribute.LABEL: label,
    }


def _found(session: Any, key: KeyReference) -> Any:
    import pkcs11

    wanted = {
        pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY,
        pkcs11.Attribute.ID: key.key_id,
    }
    found = list(session.get_objects(wanted))  # to its end: a search left open blocks the next
    if not found:
        raise KeyUnavailable(f"the token has no key {key.label!r} any more")
    return found[0]


def _generated(session: Any, choice: KeyChoice, label: str, identifier: bytes) -> Any:
    import pkcs11
    from pkcs11.util.ec import encode_named_curve_parameters

    how = {"store": True, "label": label, "id": identifier}
    if choice in _RSA:
        return session.generate_keypair(pkcs11.KeyType.RSA, _RSA[choice], **how)
    if choice in _CURVES:
        curve = encode_named_curve_parameters(_CURVES[choice].name)
        parameters = session.create_domain_parameters(
            pkcs11.KeyType.EC, {pkcs11.Attribute.EC_PARAMS: curve}, local=True
        )
        return parameters.generate_keypair(**how)
    raise UnsupportedAlgorithm(f"keys of the kind {choice.value} are not made in tokens")


def _public_key(private: Any, public: Any) -> TokenPublicKey:
    import pkcs11

    if private.key_type is pkcs11.KeyType.RSA:
        modulus = int.from_bytes(private[pkcs11.Attribute.MODULUS], "big")
        exponent = int.from_bytes(private[pkcs11.Attribute.PUBLIC_EXPONENT], "big")
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    if private.key_type is not pkcs11.KeyType.EC or public is None:
        raise UnsupportedAlgorithm("only RSA keys, and EC keys with their public key beside them")
    return _ec_public_key(bytes(public[pkcs11.Attribute.EC_PARAMS]), _point(public))


def _point(public: Any) -> bytes:
    import pkcs11

    try:
        return bytes(ber.read(bytes(public[pkcs11.Attribute.EC_POINT])).content)  # OCTET STRING
    except SiegelError as error:
        raise UnsupportedAlgorithm("the token says no point of its EC key") from error


def _ec_public_key(parameters: bytes, point: bytes) -> ec.EllipticCurvePublicKey:
    from pkcs11.util.ec import encode_named_curve_parameters

    for curve in _CURVES.values():
        if encode_named_curve_parameters(curve.name) == parameters:
            return ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
    raise UnsupportedAlgorithm("a curve that is not used in tokens")
