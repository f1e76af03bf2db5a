"""Siegel itself: it writes by its library, and its word is that of ``siegel message open``."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from siegel import __version__
from siegel.base.buffers import joined
from siegel.base.keys import SignatureScheme
from siegel.cms.recipients import RecipientSpec
from siegel.mime.parse import parse_message
from siegel.pki.certificate import parse_certificate
from siegel.pki.export import public_part
from siegel.pki.softkeys import SoftwareKey, load_private_key
from siegel.smime import protect
from siegel.smime.schemes import recipient_spec, signature_scheme
from siegel.smime.sign import SigningIdentity
from tests.cli.command import quick
from tests.interop.matrix.formats import Carry, Compress, Encrypt, Format, Sign, Step
from tests.interop.matrix.side import Letter, NoWay, Side, ders, entity, header, people, text_of
from tests.peers.mime import pkcs7_mime
from tests.peers.programs import PeerError
from tests.world import WORLD, Person

_LATER = "2030-01-01T00:00:00"  # peers sign by the real clock
_KINDS = {Sign: "signed", Encrypt: "encrypted", Compress: "compressed"}


class SiegelSide(Side):
    name = "siegel"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        roots = [self._file(f"{one.role.name}.cer", one.der) for one in WORLD.trusted_roots]
        self._trust = [word for root in roots for word in ("--anchor", root)]

    @property
    def version(self) -> str:
        return __version__

    def write(self, format: Format) -> Letter:
        text = text_of(format)
        message = header(format) + entity(text)
        signed: protect.SignedMessage | None = None
        for step in format.steps:
            match step:
                case Sign():
                    signed = _signed(message, step)
                    message = bytes(joined(signed.chunks()))
                case Encrypt():
                    message = _encrypted(signed, step)
                case Compress():
                    raise NoWay("compresses nothing")
                case Carry():
                    message = header(format) + _carried(step)
        return Letter(format, text, message)

    def read(self, letter: Letter) -> str:
        said = self._said(letter)
        steps = letter.format.steps
        if any(isinstance(step, Carry) for step in steps):
            return _read_certificates(said, steps)
        if [layer["kind"] for layer in said["layers"]] != [_KINDS[type(s)] for s in steps[::-1]]:
            raise PeerError(("siegel",), 1, _words(said))
        for layer, step in zip(said["layers"], steps[::-1], strict=True):
            _check_form(layer, step)
        payload = self._payload.read_bytes()
        assert payload == letter.entity or letter.said_in(payload.decode()), "another content"
        if said["summary"] == _best(letter.format):
            return ""
        if not all(layer.get("opened", True) for layer in said["layers"]):
            raise PeerError(("siegel",), 1, _words(said))
        return _words(said)

    def _said(self, letter: Letter) -> Any:
        keys = [word for one in people(letter.format.readers) for word in self._key(one)]
        message = self._file("message.eml", letter.message)
        self._payload.unlink(missing_ok=True)
        options = [*keys, *self._trust, "--at", _LATER, "--payload", str(self._payload)]
        said = quick("message", "open", message, "--json", *options)
        if said.code not in (0, 1):
            raise PeerError(("siegel",), said.code, said.err)
        return said.json

    def _key(self, person: Person) -> tuple[str, str]:
        pem = person.key_pem + person.certificate_pem
        return "--key", self._file(f"{person.name}.pem", pem)

    @property
    def _payload(self) -> Path:
        return self._folder / "payload"

    def _file(self, name: str, octets: bytes) -> str:
        path = self._folder / name
        path.write_bytes(octets)
        return str(path)


def _signed(message: bytes, step: Sign) -> protect.SignedMessage:
    if step.countersigner:
        raise NoWay("countersigns nothing")
    identities = [_identity(person, step) for person in people(step.signers)]
    now = datetime.now(UTC)
    return protect.sign(parse_message(message), identities, at=now, opaque=step.opaque)


def _identity(person: Person, step: Sign) -> SigningIdentity:
    certificate = parse_certificate(person.certificate_der)
    scheme = signature_scheme(certificate, pss=step.pss)
    return SigningIdentity(
        key=SoftwareKey(load_private_key(person.pkcs8, validated=True), [certificate]),
        scheme=SignatureScheme(scheme.kind, step.digest),
        chain=(certificate.der, *person.chain),
        by_ski=step.by_key_id,
    )


def _encrypted(signed: protect.SignedMessage | None, step: Encrypt) -> bytes:
    if signed is None:
        raise NoWay("encrypts nothing that is not signed")
    if step.streamed:
        raise NoWay("writes DER only")
    if step.appended_tag:
        raise NoWay("writes AES-GCM as AuthEnvelopedData only")
    recipients = [_recipient(person, step) for person in people(step.recipients)]
    return bytes(joined(protect.encrypt(signed, recipients, cipher=step.cipher_to_write)))


def _recipient(person: Person, step: Encrypt) -> RecipientSpec:
    certificate = parse_certificate(person.certificate_der)
    chosen = recipient_spec(certificate, oaep=step.oaep)
    return RecipientSpec(certificate=certificate, transport=chosen.transport, by_ski=step.by_key_id)


def _carried(step: Carry) -> bytes:
    first, *others = [parse_certificate(one.certificate_der) for one in people(step.people)]
    return pkcs7_mime(public_part(first, others, format="p7c"), "certs-only")


def _check_form(layer: Any, step: Step) -> None:
    """Whether the writer did what it was asked for."""
    if isinstance(step, Sign):
        signers = layer["signers"]
        assert len(signers) == len(step.signers), "another number of signers"
        assert all(_by_key_id(one) is step.by_key_id for one in signers)
        witnesses = [one for signer in signers for one in signer["countersignatures"]]
        assert len(witnesses) == (step.countersigner is not None)
        assert all(one["intact"] and one["signature_valid"] for one in witnesses)
    if isinstance(step, Encrypt):
        assert layer["cipher"] in ((step.cipher,) if step.cipher else ("aes128-cbc", "aes256-cbc"))
        assert len(layer["recipients"]) >= len(step.recipients)
        assert all(_by_key_id(one) is step.by_key_id for one in layer["recipients"])


def _by_key_id(named: Any) -> bool:
    return "subject_key_identifier" in named["identifier"]


def _best(format: Format) -> str:
    """What the summary can be at best (RFC 9787 §4.6)."""
    encrypted = any(isinstance(step, Encrypt) for step in format.steps)
    return "confidential" if encrypted else "verified"


def _read_certificates(said: Any, steps: tuple[Step, ...]) -> str:
    (step,) = steps
    assert isinstance(step, Carry)
    expected = {hashlib.sha256(der).hexdigest() for der in ders(step)}
    assert {one["sha256"] for one in said["certificates"]} >= expected  # or its chain as well
    assert "certificates_only" in said["findings"]
    return ""


def _words(said: Any) -> str:
    inside = [finding for layer in said["layers"] for finding in layer["findings"]]
    signers = [signer for layer in said["layers"] for signer in layer.get("signers", [])]
    inside += [word for signer in signers for word in (*signer["findings"], *signer["reasons"])]
    words = dict.fromkeys((*said["findings"], *inside, *said["reasons"]))
    return f"{said['summary']}: {', '.join(words)}"
