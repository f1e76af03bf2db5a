"""The page of one certificate in words: what it says, who vouches for it, what happened to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from siegel.flows.certificate_page import CertificatePage, ChainLink
from siegel.pki.certificate import Certificate
from siegel.pki.verdict import RevocationStatus
from siegel.policy.standing import Standing
from siegel.store.queries.listing import Kind
from siegel.store.rows import CertificateRow, JournalRow
from siegel.web.certificate_names import name_of, trusted_through
from siegel.web.certificates.facts import (
    Line,
    actor_name,
    certificate_line,
    issuer_of,
    use_of,
)
from siegel.web.person import Person
from siegel.web.templatetags.siegel import day
from siegel.wording.actions import said_of_action
from siegel.wording.lookup import words
from siegel.wording.words import Language, Words

MOST = 20  # addresses, accounts and older certificates shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    term: str
    value: str
    mono: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One certificate of the chain, the root first."""

    name: str
    about: str
    address: str
    icon: str
    state: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """``address``: where the journal has it, for who may look there."""

    at: datetime
    title: str
    who: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    address: str
    begin: datetime
    end: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything the template prints."""

    fingerprint: str
    line: Line
    kind: Kind
    addresses: tuple[str, ...]
    issuer: str
    use: str
    begin: datetime
    end: datetime
    obstacles: tuple[Words, ...]
    facts: tuple[Fact, ...]
    chain: tuple[Link, ...]
    chain_state: str
    history: tuple[Entry, ...]
    accounts: tuple[str, ...]
    seen: tuple[tuple[str, datetime], ...]
    others: tuple[Other, ...]
    alerts: int
    own: bool
    archived_at: datetime | None
    may_open_accounts: bool
    may_manage: bool
    may_send: bool
    may_revoke: bool


def page_of(
    found: CertificatePage,
    person: Person,
    language: Language,
    at: datetime,
    *,
    may_send: bool = False,
) -> Page:
    state, row = found.state, found.state.row
    kind = _kind(row)
    line = certificate_line(state, kind, person, language, at)
    certificate = row.certificate
    obstacles = () if state.standing is Standing.USABLE else state.against
    anchored = "is-good" if any(link.anchor for link in found.chain) else "is-warn"
    return Page(
        fingerprint=row.fingerprint,
        line=line,
        kind=kind,
        addresses=tuple(str(a) for a in certificate.addresses[:MOST]),
        issuer=issuer_of(certificate),
        use=use_of(certificate),
        begin=row.not_before,
        end=row.not_after,
        obstacles=tuple(words(obstacle, language) for obstacle in obstacles),
        facts=tuple(_facts(found, language)),
        chain=tuple(_chain(found.chain, line, anchored)),
        chain_state=anchored,
        history=tuple(_entry(entry, person, language) for entry in found.history),
        accounts=tuple(str(account) for account in found.accounts[:MOST]),
        seen=tuple(
            (str(link.address), link.last_seen_at)
            for link in row.links[:MOST]
            if link.last_seen_at is not None
        ),
        others=tuple(_other(each, at) for each in found.others[:MOST]),
        alerts=len(found.alerts),
        own=row.has_private_key,
        archived_at=found.archived_at,
        may_open_accounts=person.is_certificate_manager,
        may_manage=person.is_certificate_manager and row.has_private_key and not row.is_ca,
        may_send=may_send,
        may_revoke=person.is_certificate_manager and _is_revocable(found, at),
    )


def _is_revocable(found: CertificatePage, at: datetime) -> bool:
    """By an authority of ours, of those that are in force; nobody can revoke a root."""
    issued = found.issued
    if issued is None or issued.reason is not None:
        return False
    return issued.certificate.not_after > at and not issued.certificate.is_self_issued


def _kind(row: CertificateRow) -> Kind:
    if row.is_ca:
        return Kind.AUTHORITY
    return Kind.OWN if row.has_private_key else Kind.PARTNER


def _facts(found: CertificatePage, language: Language) -> Iterator[Fact]:
    state, certificate = found.state, found.state.row.certificate
    holder = ", ".join(filter(None, (certificate.person or certificate.common_name,
                                     certificate.organisation)))  # fmt: skip
    yield Fact(term=_("Holder"), value=holder or certificate.subject)
    if not certificate.is_ca:
        yield Fact(term=_("What was checked"), value=_checked(certificate, language))
    yield Fact(term=_("Key"), value=_key(certificate))
    yield Fact(term=_("Signature of the issuer"), value=_signature(certificate))
    yield Fact(term=_("Serial number"), value=_serial(certificate), mono=True)
    yield Fact(term=_("Revocation"), value=_revocation(state.path.revocation))
    yield Fact(term=_("Private key"), value=_private_key(found))
    yield Fact(
        term=_("Came here"),
        value=_("%(date)s, by %(who)s")
        % {"date": day(found.state.row.added_at), "who": actor_name(found.state.row.added_by)},
    )


def _checked(certificate: Certificate, language: Language) -> str:
    """What the authority says it has checked about the holder; no rule asks for it."""
    found = certificate.validation_class
    return words(found.type, language).title if found else _("The authority does not say")


def _key(certificate: Certificate) -> str:
    bits = certificate.key_bits
    name = certificate.key_name
    return name if str(bits) in name or not bits else f"{name}, {bits} Bit"


def _signature(certificate: Certificate) -> str:
    digest = certificate.parsed.signature_hash_algorithm
    oid = certificate.parsed.signature_algorithm_oid
    named = getattr(oid, "_name", "") or oid.dotted_string
    return f"{digest.name.upper()} ({named})" if digest is not None else named


def _serial(certificate: Certificate) -> str:
    digits = f"{abs(certificate.serial):X}"
    padded = digits.zfill(len(digits) + len(digits) % 2)
    return ":".join(padded[i : i + 2] for i in range(0, len(padded), 2))


def _revocation(status: RevocationStatus) -> str:
    return {
        RevocationStatus.GOOD: _("Checked: not revoked"),
        RevocationStatus.REVOKED: _("Revoked"),
        RevocationStatus.UNKNOWN: _("No answer from the issuer"),
        RevocationStatus.NOT_CHECKED: _("Not checked yet"),
    }[status]


def _private_key(found: CertificatePage) -> str:
    if not found.state.row.has_private_key:
        return _("Not here: it belongs to somebody else")
    if found.archived_at is not None:
        return _("Here, only for old mail since %(date)s") % {"date": day(found.archived_at)}
    return _("Here, sealed")


def _chain(chain: tuple[ChainLink, ...], line: Line, anchored: str) -> Iterator[Link]:
    """The root first. ``line``: the certificate itself; ``anchored``: the state of those above."""
    for position, link in reversed(list(enumerate(chain))):
        certificate = link.certificate
        if position == len(chain) - 1 and link.issuer_missing:
            yield Link(
                name=issuer_of(certificate),
                about=_("Not known here"),
                address="",
                icon="help",
                state="is-warn is-dashed",
                here=False,
            )
        yield Link(
            name=name_of(certificate),
            about=_("this certificate") if position == 0 else trusted_through(link),
            address=reverse("certificates:one", args=[certificate.fingerprint])
            if position and link.stored
            else "",
            icon=line.icon if position == 0 else "anchor" if link.anchor else "cert",
            state=anchored if position else line.state,
            here=position == 0,
        )


def _entry(row: JournalRow, person: Person, language: Language) -> Entry:
    return Entry(
        at=row.at,
        title=said_of_action(row.action, language).title,
        who=actor_name(row.actor),
        address=reverse("journal:detail", args=[row.id]) if person.is_certificate_manager else "",
    )


def _other(row: CertificateRow, at: datetime) -> Other:
    if row.not_after < at:
        said = _("only for reading") if row.has_private_key else _("expired")
    else:
        said = _("only for reading") if row.key_archived else _("in use")
    return Other(
        address=reverse("certificates:one", args=[row.fingerprint]),
        begin=row.not_before,
        end=row.not_after,
        words=said,
    )
