"""Open a message: walk its layers from outside, decrypt with the reader's keys, check signatures.

RFC 8551 §3.7 (any nesting, within limits), RFC 9787 §4 (envelope, payload, errant layers).
``open_message`` says what is mathematically there, never what it is worth: paths, trust and the
comparison with From belong to ``pki`` and ``policy``. It never raises on bad cryptography.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from siegel.base import oids
from siegel.base.buffers import Buffer, Random, joined
from siegel.base.errors import LimitExceeded, SiegelError
from siegel.base.findings import Finding, ranked
from siegel.base.keys import Keyring
from siegel.base.limits import DEFAULT, Limits
from siegel.cms import compressed, content_info, enveloped
from siegel.mime.message import Message, Part
from siegel.mime.parse import parse_entity
from siegel.pki.certificate import Certificate
from siegel.smime.errant import errant_layers
from siegel.smime.header_protection import protected_fields, subject_differs
from siegel.smime.layers import (
    CompressedLayer,
    EncryptedLayer,
    ErrantLayer,
    Layer,
    OpenedMessage,
    RecipientSeen,
    SignedLayer,
    asking_for_receipts,
)
from siegel.smime.recognise import Shape, shape
from siegel.smime.remains import (
    beside_a_signature,
    traces_of_a_signature,
)
from siegel.smime.verify import read_detached, read_opaque


def open_message(
    message: Message,
    keyring: Keyring,
    *,
    certificates: Sequence[Certificate] = (),
    limits: Limits = DEFAULT,
    rng: Random = os.urandom,
) -> OpenedMessage:
    """The layers of ``message`` from outside inwards and the payload inside them.

    Raises ``KeyUnavailable`` when a key that fits cannot be asked now, and nothing else.

    ``keyring`` holds the keys this reader is entitled to. ``certificates`` are known ones, for
    signatures that came without (RFC 5652 §5.1 lets a sender leave them out).
    """
    walk = _Walk(keyring, tuple(certificates), limits, rng)
    payload = walk.inwards(message.root)
    errant = errant_layers(payload, walk.known, limits=limits)
    walk.findings.extend([Finding.ERRANT_LAYER] if errant else [])
    if not _signed(walk.layers):
        walk.findings.extend(_without_signature(message, payload, errant))
    if _protected(walk.layers) and subject_differs(message, payload):
        walk.findings.append(Finding.PROTECTED_SUBJECT_DIFFERS)
    walk.findings.extend(_order(walk.layers))
    walk.findings.extend([Finding.RECEIPT_REQUESTED] if asking_for_receipts(walk.layers) else [])
    return OpenedMessage(
        message=message,
        layers=tuple(walk.layers),
        payload=payload,
        protected_fields=protected_fields(payload) if _protected(walk.layers) else (),
        errant=errant,
        certificates=_once(c for s in _signed(walk.layers) for c in s.certificates),
        crls=tuple(dict.fromkeys(crl for s in _signed(walk.layers) for crl in s.crls)),
        findings=ranked(walk.findings),
    )


@dataclass(slots=True)
class _Walk:
    keyring: Keyring
    known: tuple[Certificate, ...]
    limits: Limits
    rng: Random
    layers: list[Layer] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def inwards(self, part: Part) -> Part:
        """Follow the layers from ``part``; the part where they end is the payload."""
        while (kind := shape(part)) is not None:
            if len(self.layers) >= self.limits.layers:
                self.findings.append(Finding.TOO_COMPLEX)
                return part
            inner = self._step(part, kind)
            if inner is None:
                return part
            part = inner
        return part

    def _step(self, part: Part, kind: Shape) -> Part | None:
        """One layer: record it and return what is inside, or None where the walk ends."""
        if part.ambiguous:
            # another program may follow the other of two fields and show another text
            self.findings.append(Finding.MALFORMED)
            return None
        try:
            if kind is Shape.MULTIPART_SIGNED:
                layer, inner = read_detached(part, self.known, limits=self.limits)
                self.layers.append(layer)
                return inner
            return self._cms(part, part.decoded_anew(self.limits))
        except SiegelError as error:
            if error.temporary:
                raise  # a token that does not answer now says nothing about the message
            self.findings.append(_FINDING_OF.get(error.code, Finding.MALFORMED))
            return None

    def _cms(self, part: Part, blob: bytearray) -> Part | None:
        kind = content_info.content_type(blob)
        if kind == oids.SIGNED_DATA:
            return self._signed(part, blob)
        if kind in (oids.ENVELOPED_DATA, oids.AUTH_ENVELOPED_DATA):
            return self._encrypted(part, blob)
        if kind == oids.COMPRESSED_DATA:
            if any(isinstance(layer, CompressedLayer) for layer in self.layers):
                raise LimitExceeded("compressed more than once", limit="layers")
            self.layers.append(CompressedLayer())
            self.findings.append(Finding.COMPRESSED)
            return self._entity(part, compressed.decompress(blob, self.limits))
        self.findings.append(Finding.UNSUPPORTED)
        return None

    def _signed(self, part: Part, blob: bytearray) -> Part | None:
        layer, content = read_opaque(blob, self.known, limits=self.limits)
        if Finding.CERTIFICATES_ONLY in layer.findings:
            # RFC 8551 §3.8: a certs-only message protects nothing, it carries certificates
            self.findings.append(Finding.CERTIFICATES_ONLY)
        self.layers.append(layer)
        return None if content is None else self._entity(part, content)

    def _encrypted(self, part: Part, blob: bytearray) -> Part | None:
        # opened where it lies: a layer takes no memory beside its octets
        view = enveloped.parse_enveloped_in_place(blob, limits=self.limits)
        opened = enveloped.decrypt(view, self.keyring, rng=self.rng, limits=self.limits)
        left = self.limits.password_rounds - opened.rounds
        self.limits = replace(self.limits, password_rounds=left)
        recipients = tuple(
            RecipientSeen(
                kind=recipient.kind,
                identifier=recipient.identifiers[0] if recipient.identifiers else None,
                matched=matched,
                weak=recipient.weak,
            )
            for recipient, matched in zip(view.recipients, opened.matched, strict=True)
        )
        self.layers.append(
            EncryptedLayer(
                opened=opened.content is not None,
                cipher=view.cipher,
                authenticated=view.authenticated,
                weak=view.weak,
                key_found=opened.key_found,
                recipients=recipients,
                findings=opened.findings,
            )
        )
        return None if opened.content is None else self._entity(part, _whole(opened.content))

    def _entity(self, part: Part, content: Buffer) -> Part:
        # every opened piece is a document of its own (RFC 8551 §6): never spliced into others
        return parse_entity(content, limits=self.limits, path=part.path)


def _whole(content: Sequence[Buffer]) -> Buffer:
    """One buffer, not copied where it is one already."""
    return content[0] if len(content) == 1 else joined(content)


def _without_signature(
    message: Message, payload: Part, errant: Sequence[ErrantLayer]
) -> Iterator[Finding]:
    """No signature around the whole: what there is instead, and what seems to have been there."""
    beside = beside_a_signature(message, payload, errant)
    if beside is not None:
        yield beside
    if traces_of_a_signature(payload):
        yield Finding.SIGNATURE_STRIPPED


_FINDING_OF = {
    "limit_exceeded": Finding.TOO_COMPLEX,
    "unsupported_algorithm": Finding.UNSUPPORTED,
}


def _order(layers: Sequence[Layer]) -> list[Finding]:
    """RFC 9787 §5.2: a signature only outside the encryption says nothing about who wrote it."""
    kinds = [type(layer) for layer in layers]
    if EncryptedLayer not in kinds or SignedLayer not in kinds:
        return []
    innermost = len(kinds) - 1 - kinds[::-1].index(EncryptedLayer)
    return [] if SignedLayer in kinds[innermost:] else [Finding.SIGNED_OUTSIDE_ENCRYPTION]


def _protected(layers: Sequence[Layer]) -> bool:
    return any(not isinstance(layer, CompressedLayer) for layer in layers)


def _signed(layers: Sequence[Layer]) -> list[SignedLayer]:
    return [layer for layer in layers if isinstance(layer, SignedLayer)]


def _once(certificates: Iterable[Certificate]) -> tuple[Certificate, ...]:
    return tuple({c.fingerprint: c for c in certificates}.values())
