"""Sign a message, and encrypt what is signed.

There is no way to encrypt what was not signed: ``encrypt_to`` is a method of what ``sign`` returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias, final

from siegel.base.limits import DEFAULT, Limits
from siegel.library.judging import moment
from siegel.library.octets import Source, Written, gathered

if TYPE_CHECKING:
    from datetime import datetime

    from siegel.library.keys import Keys
    from siegel.pki.certificate import Certificate
    from siegel.smime.protect import SignedMessage
    from siegel.smime.sign import SigningIdentity

    Signers: TypeAlias = Keys | SigningIdentity | Sequence[Keys | SigningIdentity]
    """Who signs: keys from files, or whatever implements ``SigningKey``; several sign together."""


def sign(
    source: Source,
    signers: Signers,
    *,
    at: datetime,
    opaque: bool = False,
    pss: bool = False,
    out_of_date: bool = False,
    limits: Limits = DEFAULT,
) -> SignedMail:
    """``source`` signed by each of ``signers``, with the signing time ``at``.

    Of ``Keys`` the one signs that may sign mail and is in time; if several do, one that names the
    address in From, then the newest. ``opaque`` puts the content inside the signature, ``pss``
    signs with RSA-PSS. What a mail server might change is re-encoded before (RFC 8551 §3.1).
    ``out_of_date`` signs with a certificate that is not valid at that time, too: for tests of
    those who have to refuse such a signature.

    Raises ``UnusableCertificate`` if no key may sign, ``MalformedMessage``, ``LimitExceeded``.
    """
    from siegel.library.identities import identities_of
    from siegel.mime.fields import from_addresses
    from siegel.mime.parse import parse_message
    from siegel.smime import protect

    message = parse_message(gathered(source, limits), limits=limits)
    who = identities_of(
        signers, at=moment(at), senders=from_addresses(message), pss=pss, out_of_date=out_of_date
    )
    return SignedMail(protect.sign(message, who, at=at, opaque=opaque, limits=limits), at)


@final
class SignedMail(Written):
    """A signed message, ready to be sent or encrypted; made by ``sign`` only."""

    __slots__ = ("_at", "_signed")

    def __init__(self, signed: SignedMessage, at: datetime) -> None:
        super().__init__(signed.chunks())
        self._signed = signed
        self._at = at

    def encrypt_to(
        self,
        recipients: Iterable[Certificate],
        *,
        cipher: str = "aes256-cbc",
        oaep: bool = False,
        by_ski: bool = False,
    ) -> Written:
        """One encrypted copy that exactly these recipients can open; call it again for others.

        Add the sender's own certificate for a copy that he can read. ``cipher`` is the name of a
        content cipher in docs/algorithms.md; ``oaep`` carries the content key to RSA recipients
        with OAEP, ``by_ski`` names certificates by their subjectKeyIdentifier.

        Raises ``UnusableCertificate`` without recipients, and if one may not be encrypted to or is
        out of date at the signing time; ``UnsupportedAlgorithm``. Whether a certificate deserves
        trust is a question to ask before (``validate_path``).
        """
        from siegel.library.identities import recipient_specs
        from siegel.smime import protect

        specs = recipient_specs(recipients, at=self._at, oaep=oaep, by_ski=by_ski)
        return Written(protect.encrypt(self._signed, specs, cipher=cipher))
