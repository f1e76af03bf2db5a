"""Certificates as the pages show them: mark, word, reason, one action; nothing is judged here."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from siegel.flows.certificate_list import Item
from siegel.flows.certificates import CertificateState
from siegel.pki.certificate import Certificate
from siegel.pki.verdict import PathFinding
from siegel.policy.expiry import days_left
from siegel.policy.standing import Standing
from siegel.store.queries.listing import Kind
from siegel.store.rows import LockedFileRow
from siegel.web.certificate_names import name_of
from siegel.web.person import Person
from siegel.web.standings import look_of
from siegel.web.templatetags.siegel import day, plain
from siegel.wording.certificates import title_of, told
from siegel.wording.lookup import words
from siegel.wording.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    address: str
    label: str
    download: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the list. ``life``: how much of its time has passed, in per cent; None = unknown.
    ``may_unlock``: this person may try a passphrase."""

    title: str
    about: str
    kind: str
    state: str
    icon: str
    tag: str
    why: str
    span: str
    address: str
    life: int | None = None
    action: Action | None = None
    locked: LockedFileRow | None = None
    may_unlock: bool = False


def line_of(item: Item, person: Person, language: Language, at: datetime) -> Line:
    if item.locked is not None:
        return _locked_line(item.locked, person, language)
    assert item.state is not None  # noqa: S101 - an item is one or the other
    return certificate_line(item.state, item.kind, person, language, at)


def certificate_line(
    state: CertificateState, kind: Kind, person: Person, language: Language, at: datetime
) -> Line:
    look, icon = look_of(state.standing)
    row = state.row
    return Line(
        title=plain(name_of(row.certificate)),
        about=_about(state),
        kind=kind_words(kind),
        state=look,
        icon=icon,
        tag=title_of(state.standing, language, days=days_left(row.not_after, at)),
        why=why_of(state, language),
        span=_span(state),
        address=reverse("certificates:one", args=[row.fingerprint]),
        life=_life(row.not_before, row.not_after, at),
        action=_action(state, person),
    )


def kind_words(kind: Kind) -> str:
    return {
        Kind.OWN: _("Own"),
        Kind.PARTNER: _("Partner"),
        Kind.AUTHORITY: _("Authority"),
        Kind.LOCKED: _("File"),
    }[kind]


def why_of(state: CertificateState, language: Language) -> str:
    """The reason in one sentence, with the date or the name that explains it."""
    row, standing = state.row, state.standing
    match standing:
        case Standing.REVOKED if state.path.revoked_at is not None:
            return _("Withdrawn by the issuer on %(date)s.") % {"date": day(state.path.revoked_at)}
        case Standing.EXPIRED:
            return _("Since %(date)s. Old messages stay readable.") % {"date": day(row.not_after)}
        case Standing.NOT_YET_VALID:
            return _("Counts from %(date)s on.") % {"date": day(row.not_before)}
        case Standing.NOT_TRUSTED:
            return _not_trusted(state)
        case Standing.USABLE:
            return _use(state)
        case Standing.UNSUITABLE if state.against:
            return words(state.against[0], language).sentence
    said = told(standing, language)
    return f"{said.sentence} {said.next_step}".strip()


def use_of(certificate: Certificate) -> str:
    """What the key may be used for."""
    if certificate.is_ca:
        return _("Vouching for certificates")
    if certificate.may_sign and certificate.may_encrypt:
        return _("Signing and encrypting")
    if certificate.may_sign:
        return _("Signing")
    return _("Encrypting") if certificate.may_encrypt else _("Nothing that concerns mail")


def issuer_of(certificate: Certificate) -> str:
    return _issuer_name(certificate)


def _not_trusted(state: CertificateState) -> str:
    certificate = state.row.certificate
    if PathFinding.DISTRUSTED in state.path.findings:
        return _("Your administration has decided not to trust it.")
    if certificate.is_self_issued:
        return _("Nobody has confirmed it here yet.")
    issuer = name_of(state.chain[-1]) if state.chain else _issuer_name(certificate)
    return _("The issuer “%(name)s” is not confirmed here yet.") % {"name": plain(issuer)}


def _issuer_name(certificate: Certificate) -> str:
    parts = dict(part.strip().partition("=")[::2] for part in certificate.issuer.split(","))
    return parts.get("CN") or parts.get("O") or certificate.issuer


def _use(state: CertificateState) -> str:
    row, certificate = state.row, state.row.certificate
    if state.signing is not None:
        if certificate.may_sign and certificate.may_encrypt:
            return _("Signs and opens mail of this address.")
        return (
            _("Signs mail of this address.")
            if certificate.may_sign
            else _("Opens mail of this address.")
        )
    seen = [link.last_seen_at for link in row.links if link.last_seen_at is not None]
    if seen:
        return _("Last seen in a signed message on %(date)s.") % {"date": day(max(seen))}
    return _("Added on %(date)s.") % {"date": day(row.added_at)}


def _about(state: CertificateState) -> str:
    row = state.row
    if row.is_ca:
        return _issuer_name(row.certificate)
    named = [str(address) for address in row.certificate.addresses]
    return next(iter(named or [str(link.address) for link in row.links]), "")


def _span(state: CertificateState) -> str:
    row = state.row
    if state.standing is Standing.NOT_YET_VALID:
        return _("from %(date)s") % {"date": day(row.not_before)}
    return _("until %(date)s") % {"date": day(row.not_after)}


def _life(begin: datetime, end: datetime, at: datetime) -> int:
    whole = (end - begin).total_seconds()
    passed = (at - begin).total_seconds() / whole if whole > 0 else 1
    return round(100 * min(max(passed, 0), 1))


def _action(state: CertificateState, person: Person) -> Action | None:
    address = next((str(a) for a in state.row.certificate.addresses), "")
    match state.standing:
        case Standing.USABLE:
            export = reverse("certificates:export", args=[state.row.fingerprint, "der"])
            return Action(address=export, label=_("Export"), download=True)
        case Standing.NO_ACCOUNT if person.is_administrator:
            new = f"{reverse('accounts:create')}?{urlencode({'address': address})}"
            return Action(address=new, label=_("Create account"))
        case Standing.NOT_TRUSTED if person.is_certificate_manager:
            return Action(address=_judging(state), label=_("Check the issuer"))
        case Standing.EXPIRED | Standing.REVOKED | Standing.EXPIRES_SOON if (
            address and state.signing is None and not state.row.is_ca
        ):
            return Action(address=_letter(address), label=_("Ask for a new one"))
    return None


def _judging(state: CertificateState) -> str:
    """Where its root is judged; what is not at hand may wait in the inbox."""
    top = state.chain[-1] if state.chain else state.row.certificate
    if top.is_ca and top.is_self_issued:
        return reverse("trust:root", args=[top.fingerprint])
    return reverse("trust:inbox")


def _letter(address: str) -> str:
    """Opens the person's own mail program with a letter that asks for a signed message."""
    text = _(
        "Hello,\n\nyour certificate for encrypted e-mail has ended or will end soon. Please send me"
        " a signed message with the new one, so that I can go on writing to you encrypted.\n"
    )
    query = {"subject": _("Your certificate for encrypted e-mail"), "body": text}
    return f"mailto:{quote(address)}?{urlencode(query, quote_via=quote)}"


def _locked_line(row: LockedFileRow, person: Person, language: Language) -> Line:
    look, icon = look_of(Standing.LOCKED)
    return Line(
        title=plain(row.name),
        about=_("Content still unknown"),
        kind=kind_words(Kind.LOCKED),
        state=look,
        icon=icon,
        tag=told(Standing.LOCKED, language).title,
        why=_("Uploaded on %(date)s by %(who)s.")
        % {"date": day(row.uploaded_at), "who": plain(actor_name(row.uploaded_by))},
        span=_("Validity unknown"),
        address=reverse("certificates:locked", args=[row.id]),
        locked=row,
        may_unlock=person.is_certificate_manager or row.uploaded_by == person.actor,
    )


def actor_name(actor: str) -> str:
    """Who did it, as people read it: "user:mira@…" is Mira's address."""
    return actor.partition(":")[2] or actor
