"""Private keys as people have them: files, and what they are used for together.

``Keys`` is a ``Keyring``: it opens messages; and it is what ``sign`` signs with. Keys that live in
a token or behind a service implement ``Keyring``, ``SigningKey`` and ``DecryptionKey`` themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias, final

from siegel.base.errors import MalformedMessage
from siegel.base.secret import Secret

if TYPE_CHECKING:
    from siegel.base.keys import DecryptionKey, KeyId
    from siegel.pki.certificate import Certificate
    from siegel.pki.softkeys import SoftwareKey

Passphrase: TypeAlias = str | bytes | Secret

_CERTIFICATE = b"-----BEGIN CERTIFICATE"


class MissingCertificate(MalformedMessage):
    """A key without any certificate: nobody could know whose signature it makes."""


@final
class Keys:
    """Private keys with their certificates, and other certificates that came along.

    Never changed; ``+`` joins two. ``shared_keys`` (by the name that both sides agreed on) and
    ``passphrases`` open messages that were encrypted without any certificate.
    """

    __slots__ = ("_passphrases", "_ring", "_shared", "certificates", "keys")

    keys: tuple[SoftwareKey, ...]
    certificates: tuple[Certificate, ...]

    def __init__(
        self,
        keys: Iterable[SoftwareKey] = (),
        certificates: Iterable[Certificate] = (),
        *,
        shared_keys: Mapping[bytes, Secret] | None = None,
        passphrases: Iterable[Passphrase] = (),
    ) -> None:
        from siegel.pki.softkeys import SoftwareKeyring

        self.keys = tuple(keys)
        own = (one for key in self.keys for one in key.certificates)
        self.certificates = tuple(dict.fromkeys((*own, *certificates)))
        self._shared = dict(shared_keys or {})
        self._passphrases = tuple(map(secret, passphrases))
        self._ring = SoftwareKeyring(
            self.keys,
            certificates=self.certificates,
            shared_keys=self._shared,
            passphrases=self._passphrases,
        )

    def matching(self, identifier: KeyId) -> Sequence[DecryptionKey]:
        return self._ring.matching(identifier)

    def shared_keys(self, identifier: bytes) -> Sequence[Secret]:
        return self._ring.shared_keys(identifier)

    def passphrases(self) -> Sequence[Secret]:
        return self._ring.passphrases()

    def __add__(self, other: Keys) -> Keys:
        return Keys(
            dict.fromkeys((*self.keys, *other.keys)),
            (*self.certificates, *other.certificates),
            shared_keys=self._shared | other._shared,
            passphrases=(*self._passphrases, *other._passphrases),
        )

    def __repr__(self) -> str:
        return f"Keys({', '.join(key.certificate.subject for key in self.keys)})"


def open_pkcs12(data: bytes, passphrase: Passphrase) -> Keys:
    """All private keys of a .p12 or .pfx file that have a certificate in it, and the certificates.

    Raises ``WrongPassphrase``; ``MalformedMessage`` for anything else than such a file or one
    without any key; ``LimitExceeded``; ``UnsupportedAlgorithm``.
    """
    from siegel.pki import pkcs12
    from siegel.pki.softkeys import SoftwareKey

    opened = pkcs12.open_pkcs12(data, secret(passphrase))
    certified = [entry for entry in opened.keys if entry.certificates]
    if not certified:
        raise MalformedMessage("no private key with its certificate inside")
    keys = [SoftwareKey(entry.key, entry.certificates) for entry in certified]
    return Keys(keys, opened.certificates)


def open_key_file(
    data: bytes,
    passphrase: Passphrase | None = None,
    *,
    certificates: Iterable[Certificate] = (),
) -> Keys:
    """The keys of a file of any form: .p12, .pfx, or a PEM or DER key.

    The certificate of a bare key stands in the same file or among ``certificates``. Raises like
    ``open_pkcs12``, ``WrongPassphrase`` also where one is needed and none was given.
    """
    from siegel.pki.pkcs12 import is_pkcs12

    if is_pkcs12(data):
        return open_pkcs12(data, passphrase or b"")
    return _bare(data, passphrase, tuple(certificates))


def secret(passphrase: Passphrase) -> Secret:
    return passphrase if isinstance(passphrase, Secret) else Secret(passphrase)


def _bare(data: bytes, passphrase: Passphrase | None, beside: Sequence[Certificate]) -> Keys:
    from siegel.pki.bundle import parse_certificates
    from siegel.pki.keyfile import private_key_from_file
    from siegel.pki.softkeys import SoftwareKey, key_matches

    given = secret(passphrase or b"")
    private = private_key_from_file(data, given if given.reveal() else None)
    own = parse_certificates(data) if _CERTIFICATE in data else ()
    matching = [one for one in (*own, *beside) if key_matches(one, private)]
    if not matching:
        raise MissingCertificate("no certificate for this key, neither in the file nor beside it")
    return Keys([SoftwareKey(private, matching)], own)
