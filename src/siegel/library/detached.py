"""Signatures that lie beside a file (.p7s): CMS SignedData without content (RFC 5652 §5).

A file has no From: whose signature is expected is for the caller to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from siegel.base.errors import LimitExceeded, UnsupportedAlgorithm
from siegel.base.limits import DEFAULT, Limits
from siegel.library.judging import moment
from siegel.library.octets import Source, Written, chunks_of, gathered

if TYPE_CHECKING:
    from datetime import datetime

    from siegel.base.address import EmailAddress
    from siegel.base.buffers import Buffer
    from siegel.library.judging import Anchors
    from siegel.library.protecting import Signers
    from siegel.pki.certificate import Certificate
    from siegel.pki.evidence import Evidence
    from siegel.policy.signers import SignerJudgement


def sign_detached(
    source: Source, signers: Signers, *, at: datetime, pss: bool = False, out_of_date: bool = False
) -> Written:
    """A signature to lie beside a file, in DER, signed as ``sign`` does; read in one pass.

    Raises ``UnusableCertificate`` if no key may sign.
    """
    from siegel.cms.signed import build_signed_data
    from siegel.library.identities import identities_of
    from siegel.smime.sign import signer_spec

    who = identities_of(signers, at=moment(at), pss=pss, out_of_date=out_of_date)
    digests = _digests(source, {one.scheme.digest for one in who})
    specs = [signer_spec(one, at) for one in who]
    chain = dict.fromkeys(der for one in who for der in one.chain)
    return Written(build_signed_data(None, digests, specs, tuple(chain), detached=True))


def verify_detached(
    signature: Source,
    content: Source,
    *,
    anchors: Anchors,
    at: datetime,
    signer: EmailAddress | str | None = None,
    evidence: Evidence | None = None,
    certificates: Iterable[Certificate] = (),
    limits: Limits = DEFAULT,
) -> tuple[SignerJudgement, ...]:
    """Every signature in a .p7s file (DER or PEM) over ``content``, judged; empty without any.

    One that ``counts`` is intact, valid, on a path to ``anchors``, and by ``signer`` if one is
    named. Raises ``MalformedMessage`` if ``signature`` is none, ``LimitExceeded``,
    ``MalformedAddress``.
    """
    from siegel.base.address import EmailAddress
    from siegel.library.lone_signatures import judge_layer
    from siegel.smime import verify

    blob = _without_armour(gathered(signature, limits))
    layer = verify.verify_detached(
        blob, _bounded(content, limits), tuple(certificates), limits=limits
    )
    expected = EmailAddress.parse(signer) if isinstance(signer, str) else signer
    return judge_layer(layer, expected, anchors=anchors, at=moment(at), evidence=evidence)


def _digests(source: Source, names: Iterable[str]) -> dict[str, bytes]:
    running = {name: hashlib.new(name) for name in names}
    if any(name.startswith("shake") for name in running):
        raise UnsupportedAlgorithm("no detached signatures with a digest of any length")
    for chunk in chunks_of(source):
        for digest in running.values():
            digest.update(chunk)
    return {name: digest.digest() for name, digest in running.items()}


def _bounded(source: Source, limits: Limits) -> list[Buffer]:
    chunks, size = [], 0
    for chunk in chunks_of(source):
        size += len(chunk)
        if size > limits.message_size:
            raise LimitExceeded(f"larger than {limits.message_size} bytes", limit="message_size")
        chunks.append(chunk)
    return chunks


def _without_armour(data: Buffer) -> Buffer:
    from siegel.base import b64, pem

    if not bytes(data[:64]).lstrip().startswith(b"-----BEGIN"):
        return data
    armoured = next(pem.blocks(data), None)
    return b64.decode(armoured.body) if armoured else data
