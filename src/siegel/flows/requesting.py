"""Certificates from authorities outside: the request goes out, the answer finds its key.

The key is kept before the request leaves, so that no answer can come too early. An answer may come
as PEM, DER, .p7b or with its chain in any order, by this door or by an ordinary import.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.ca import names, profiles
from siegel.ca.names import Organisation, PersonName
from siegel.ca.profiles import KeyUse
from siegel.flows import authority_upkeep, importing
from siegel.flows.workshop import Workshop
from siegel.pki import key_generation
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.key_generation import KeyChoice
from siegel.pki.names import display_name
from siegel.pki.request import answering, build_request
from siegel.pki.softkeys import PrivateKey, spki_sha256
from siegel.pki.token_reference import kept_form
from siegel.policy.actions import Action
from siegel.store.authority_rows import RequestRow
from siegel.store.queries import accounts, authorities, certificates, journal, keys, requests
from siegel.store.transaction import together


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the authority outside is asked for. It decides what it certifies. ``in_token``: the key
    is made in hardware, and stays there."""

    address: EmailAddress
    person: PersonName | None = None
    organisation: Organisation | None = None
    use: KeyUse = KeyUse.DUAL
    key: KeyChoice = key_generation.DEFAULT
    in_token: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Certificates that found their keys, those of the chain, and what is odd about them."""

    certificates: tuple[Certificate, ...]
    chain: tuple[Certificate, ...]
    without_address: tuple[EmailAddress, ...]
    authorities: tuple[str, ...]


def create(wanted: Wanted, workshop: Workshop, *, by: str, at: datetime) -> RequestRow:
    """A key for the account, sealed, and a request for it to be sent to an authority.

    Raises ``NotFound`` without the account, ``Conflict`` for a key that cannot sign its request.
    """
    if not wanted.key.can_sign:
        raise Conflict(
            "an X25519 key cannot sign a request; only an authority of our own certifies it"
        )
    key = _new_key(wanted, workshop)
    return _asked(wanted, key, _subject(wanted), workshop, by=by, at=at)


def renew(
    fingerprint: str, key: KeyChoice | None, workshop: Workshop, *, by: str, at: datetime
) -> RequestRow:
    """The same names and use once more, on a new key of this kind, or (None) on the one it has.

    Raises ``NotFound``; ``Conflict`` for a certificate that is none of our accounts'.
    """
    row = certificates.get(fingerprint)
    owner = next(iter(keys.accounts_of(row.spki_sha256)), None)
    if owner is None or not row.has_private_key or authorities.holds(row.spki_sha256):
        raise Conflict("only a certificate of an account of ours is renewed here")
    old = row.certificate
    if key is not None:
        pair = key_generation.generate(key)
    else:
        sealed = keys.get(row.spki_sha256)
        pair = workshop.vault.private_key(sealed)
    address = next((one for one in old.addresses if one == owner), owner)
    wanted = Wanted(address=address, use=use_of(old), key=key or key_generation.DEFAULT)
    return _asked(wanted, pair, old.parsed.subject, workshop, by=by, at=at)


def use_of(certificate: Certificate) -> KeyUse:
    """What a certificate says it is for (RFC 5280 §4.2.1.3)."""
    usage = certificate.key_usage
    if usage is None:
        return KeyUse.DUAL
    signs = bool(usage & {"digitalSignature", "nonRepudiation"})
    opens = bool(usage & {"keyEncipherment", "keyAgreement"})
    if signs and opens:
        return KeyUse.DUAL
    return KeyUse.SIGNING if signs else KeyUse.ENCRYPTION


def _new_key(wanted: Wanted, workshop: Workshop) -> PrivateKey:
    if not wanted.in_token:
        return key_generation.generate(wanted.key)
    label = f"{wanted.address} {workshop.rng(4).hex()}"  # every key has a name of its own
    return workshop.vault.tokens.generate(wanted.key, label)


def _asked(
    wanted: Wanted,
    key: PrivateKey,
    subject: x509.Name,
    workshop: Workshop,
    *,
    by: str,
    at: datetime,
) -> RequestRow:
    accounts.get(wanted.address)
    usage = profiles.leaf_usage(profiles.certifiable(key.public_key()), wanted.use)
    der = build_request(key, subject, _extensions(wanted, usage))
    name = spki_sha256(key)
    sealed = workshop.vault.seal(kept_form(key), name, rng=workshop.rng)
    with together():
        keys.add(name, sealed, by=by, at=at)
        shown = display_name(subject.public_bytes())
        number = requests.add(
            name, der, shown, account=wanted.address, authority=None, by=by, at=at
        )
        journal.write(
            at=at,
            actor=by,
            action=Action.CERTIFICATE_REQUESTED,
            about=str(wanted.address),
            recipients=[str(wanted.address)],
            detail={"request": number, "key": name},
        )
    return requests.get(number)


def listing(*, answered: bool = False) -> tuple[RequestRow, ...]:
    return requests.all_rows() if answered else requests.waiting()


def get(number: int) -> RequestRow:
    """Raises ``NotFound``."""
    return requests.get(number)


def withdraw(number: int, *, by: str, at: datetime) -> RequestRow:
    """Nobody waits for its answer any more. The key is kept: an answer that comes all the same is
    taken. Raises ``NotFound``; ``Conflict`` for a request that has its answer."""
    row = requests.get(number)
    with together():
        if not requests.withdraw(number, by=by, at=at):
            raise Conflict("the request has its answer, or was withdrawn before")
        journal.write(
            at=at,
            actor=by,
            action=Action.REQUEST_WITHDRAWN,
            about=str(row.account or row.authority or row.subject),
            detail={"request": number},
        )
    return requests.get(number)


def answer(
    data: bytes, workshop: Workshop, *, by: str, at: datetime, only: str | None = None
) -> Answered:
    """Import what came, and use each certificate with the key that waits for it; ``only``: with
    the key of this name.

    Raises ``Conflict`` if no key waits for any of them that was not here before; nothing is
    imported then.
    """
    found = parse_certificates(data)
    waiting = {
        row.spki_sha256: row for row in requests.unanswered() if only in (None, row.spki_sha256)
    }
    known = certificates.by_fingerprint(one.fingerprint for one in found)
    answers = answering((one for one in found if one.fingerprint not in known), waiting)
    if not answers:
        raise Conflict("no key here waits for any certificate of this file")
    certified: list[str] = []
    with together():
        importing.import_found(found, by=by, at=at)
        for name, certificate in answers.items():
            row = authorities.with_key(name)
            if row is not None:
                authority_upkeep.certify(row, certificate, workshop.vault, by=by, at=at)
                certified.append(row.name)
    people = ((waiting[name].account, one) for name, one in answers.items())
    return Answered(
        certificates=tuple(answers.values()),
        chain=tuple(one for one in found if one not in answers.values()),
        without_address=tuple(
            account for account, one in people if account and account not in one.addresses
        ),
        authorities=tuple(certified),
    )


def _subject(wanted: Wanted) -> x509.Name:
    if wanted.person is not None and wanted.organisation is not None:
        return names.sponsor_name(wanted.person, wanted.organisation)
    if wanted.organisation is not None:
        return names.organisation_name(wanted.organisation)
    return names.mailbox_name(wanted.address)


def _extensions(
    wanted: Wanted, usage: x509.KeyUsage
) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    """RFC 8823 §3: keyUsage tells an authority that one of a pair of certificates is wanted."""
    return (
        (names.alternative_names([wanted.address]), False),
        (usage, True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
    )
