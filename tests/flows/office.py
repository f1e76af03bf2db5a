"""An office in the test's own store, with next hops that remember and can be told to refuse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from siegel.base.address import EmailAddress
from siegel.base.buffers import Buffer, joined
from siegel.base.errors import TransportFailure
from siegel.base.secret import Secret
from siegel.flows import accounts, deciding, importing, inbound, outbound, ruling
from siegel.flows.site import Site
from siegel.mime.parse import parse_message
from siegel.pki.certificate import parse_certificate
from siegel.pki.softkeys import SoftwareKey
from siegel.smime.protect import SignedMessage, encrypt, sign
from siegel.smime.schemes import recipient_spec, signature_scheme
from siegel.smime.sign import SigningIdentity
from siegel.store.queries import organisation
from siegel.store.vault import create_key_file, open_vault
from siegel.transport.envelope import Envelope, MailOptions, RecipientOptions, Role
from siegel.transport.replies import Reply
from siegel.transport.submission import NO_OPTIONS, NO_RECIPIENT_OPTIONS, Receipt, Refusal
from siegel.wording.words import Language
from tests.world import WORLD, WORLD_NOW, Authority, Person

ALICE, BOB, HUBER, DANA = (WORLD.person(name) for name in ("alice", "bob", "huber", "dana"))
UNKNOWN = "niemand@nirgends.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One submission to a next hop."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    options: MailOptions


@dataclass(slots=True)
class Hop:
    """Remembers; ``refuse`` gives a recipient a refusal, ``fails`` counts down failures."""

    sent: list[Sent] = field(default_factory=list)
    refuse: dict[str, Refusal] = field(default_factory=dict)
    fails: int = 0

    def submit(
        self,
        sender: str,
        recipients: Sequence[str],
        chunks: Sequence[Buffer],
        *,
        options: MailOptions = NO_OPTIONS,
        recipient_options: Mapping[str, RecipientOptions] = NO_RECIPIENT_OPTIONS,
    ) -> Receipt:
        if self.fails:
            self.fails -= 1
            raise TransportFailure("not reached", unclear=False)
        refused = {r: self.refuse[r] for r in recipients if r in self.refuse}
        accepted = tuple(r for r in recipients if r not in refused)
        if accepted:
            content = joined(chunks)
            self.sent.append(
                Sent(sender=sender, recipients=accepted, content=content, options=options)
            )
        return Receipt(accepted=accepted, refused=refused)


def refusal(code: int) -> Refusal:
    permanent = code >= 500
    enhanced = "5.1.1" if permanent else "4.2.0"
    return Refusal(code=code, enhanced=enhanced, text="no such user", permanent=permanent)


class Office:
    """What an administrator set up, and the two ways of mail through it."""

    def __init__(self, folder: Path, *, at: datetime = WORLD_NOW) -> None:
        self.at = at
        self.folder = folder
        self.out, self.into = Hop(), Hop()
        organisation.establish(name="Test", language="de", domains=("office.example",))
        key_file = folder / "siegel.key"
        create_key_file(key_file)
        self.site = Site(
            hostname="siegel.office.example",
            language=Language.DE,
            vault=open_vault(key_file, at=at),
            hops={Role.OUTBOUND: self.out, Role.INBOUND: self.into},
        )

    def later(self, **how_long: float) -> "Office":
        self.at += timedelta(**how_long)
        return self

    def trust(self, authority: Authority = WORLD.root) -> None:
        certificate = parse_certificate(authority.der)
        importing.import_file(authority.der, None, None, by="test", at=self.at)
        deciding.trust_by_hand(
            certificate.fingerprint,
            certificate.fingerprint,
            channel="Telefon",
            why="",
            domains=(),
            by="test",
            at=self.at,
        )

    def own(self, person: Person, *, account: bool = True) -> None:
        """Import the key of one of ours."""
        if account:
            accounts.create(EmailAddress.parse(person.address), "", by="test", at=self.at)
        self.key(person)

    def key(self, person: Person) -> None:
        secret = Secret("geheim")
        data = person.p12("geheim", "modern")
        importing.import_file(data, secret, self.site.vault, by="test", at=self.at)

    def partner(self, person: Person) -> None:
        importing.import_file(person.certificate_der, None, None, by="test", at=self.at)

    def rule(self, name: str, value: object) -> None:
        ruling.set_rule(name, value, by="test", at=self.at)

    def send(self, raw: bytes, sender: str, *recipients: str) -> Reply:
        envelope = Envelope(role=Role.OUTBOUND, sender=sender, recipients=recipients)
        return outbound.relay(envelope, raw, self.site, at=self.at)

    def receive(self, raw: bytes, sender: str, *recipients: str) -> Reply:
        envelope = Envelope(role=Role.INBOUND, sender=sender, recipients=recipients)
        return inbound.receive(envelope, raw, self.site, at=self.at)


def mail(
    sender: str, *to: str, subject: str = "Betreff", text: str = "Hallo", extra: str = ""
) -> bytes:
    header = (
        f"From: <{sender}>\r\nTo: {', '.join(f'<{a}>' for a in to)}\r\nSubject: {subject}\r\n"
        f"Message-ID: <{subject}@test.example>\r\n{extra}"
    )
    return f"{header}\r\n{text}\r\n".encode()


def signed_by(person: Person, raw: bytes, at: datetime = WORLD_NOW) -> SignedMessage:
    """Signed as that person's mail program would, with the engine."""
    certificate = parse_certificate(person.certificate_der)
    identity = SigningIdentity(
        key=SoftwareKey(person.private_key, [certificate]),
        scheme=signature_scheme(certificate),
        chain=(certificate.der, *person.chain),
    )
    return sign(parse_message(raw), [identity], at=at)


def signed_bytes(person: Person, raw: bytes, at: datetime = WORLD_NOW) -> bytes:
    return joined(signed_by(person, raw, at).chunks())


def encrypted_bytes(signed: SignedMessage, *readers: Person) -> bytes:
    specs = [recipient_spec(parse_certificate(reader.certificate_der)) for reader in readers]
    return joined(encrypt(signed, specs))
