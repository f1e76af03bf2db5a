"""Which of our certificates are meant: by issuer, class, dates and kind of key.

„Alle Zertifikate dieses Typs, die nach dem … ausgestellt wurden“: so authorities say what they take
back. Nothing is changed here; the same question gives the same answer until certificates change.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from siegel.base.address import EmailAddress
from siegel.base.keys import KeyKind
from siegel.ca.profiles import KeyUse
from siegel.pki.certificate import Certificate
from siegel.pki.classes import ValidationType
from siegel.policy.reissue import Affected
from siegel.store.queries import affected
from siegel.store.queries.affected import Between
from siegel.store.reissue_rows import IssuerRow, OwnRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """All that is given must hold; nothing given means every own certificate. Days are those of
    UTC, as they stand in certificates. ``issuer``: the hash of its name."""

    issuer: str | None = None
    validation: ValidationType | None = None
    key_kind: KeyKind | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    ends_from: date | None = None
    ends_to: date | None = None

    def as_text(self) -> dict[str, str]:
        """For the campaign to remember; without what was not given."""
        said = {
            "issuer": self.issuer,
            "validation": self.validation and self.validation.value,
            "key_kind": self.key_kind and self.key_kind.value,
            "issued_from": _iso(self.issued_from),
            "issued_to": _iso(self.issued_to),
            "ends_from": _iso(self.ends_from),
            "ends_to": _iso(self.ends_to),
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One certificate that is meant. ``leader``: another of the same account and use that is newer:
    one replacement is enough for both. ``successor``: the newer one that is there already."""

    row: OwnRow
    use: KeyUse
    standing: Affected
    leader: str | None = None
    successor: str | None = None

    @property
    def place(self) -> str:
        """What the list is ordered by."""
        return f"{self.row.account or self.row.addresses[:1]} {self.row.fingerprint}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``more``: the question is too wide, there are more than one campaign takes."""

    found: tuple[Found, ...] = field(repr=False)
    more: bool

    @property
    def counts(self) -> Mapping[Affected, int]:
        """Accounts and uses that need one, and what needs nothing; others go with those."""
        return Counter(each.standing for each in self.found if each.leader is None)


def issuers(at: datetime) -> tuple[IssuerRow, ...]:
    """Whom to choose from."""
    return affected.issuers(at)


def find(criteria: Criteria, at: datetime) -> Finding:
    """A fixed number of queries for any number of certificates."""
    rows, more = affected.own(
        at,
        issuer=criteria.issuer,
        issued=_between(criteria.issued_from, criteria.issued_to),
        ends=_between(criteria.ends_from, criteria.ends_to),
    )
    meant = [row for row in rows if _fits(row.certificate, criteria)]
    accounts = {row.account for row in meant if row.account is not None}
    known = affected.of_accounts(accounts, at)
    return Finding(found=tuple(sorted(_judged(meant, known), key=lambda f: f.place)), more=more)


def use_of(certificate: Certificate) -> KeyUse | None:
    """What it is for; None: for mail not at all."""
    if certificate.may_sign and certificate.may_encrypt:
        return KeyUse.DUAL
    if certificate.may_sign:
        return KeyUse.SIGNING
    return KeyUse.ENCRYPTION if certificate.may_encrypt else None


def is_successor(one: OwnRow, old: Certificate, use: KeyUse) -> bool:
    """It can take the place of ``old``: for the same use, not revoked, and it begins no earlier."""
    certificate = one.certificate
    return (
        one.fingerprint != old.fingerprint
        and not one.is_revoked
        and use_of(certificate) is use
        and certificate.not_before >= old.not_before
    )


def _fits(certificate: Certificate, criteria: Criteria) -> bool:
    class_ = certificate.validation_class
    type_ = ValidationType.UNSTATED if class_ is None else class_.type
    return (
        use_of(certificate) is not None
        and criteria.validation in (None, type_)
        and criteria.key_kind in (None, certificate.key_kind)
    )


def _judged(meant: Iterable[OwnRow], known: Iterable[OwnRow]) -> Iterable[Found]:
    rows = sorted(meant, key=lambda row: row.certificate.not_before, reverse=True)
    names = {row.fingerprint for row in rows}
    others: dict[EmailAddress, list[OwnRow]] = {}
    for one in known:
        if one.account is not None and one.fingerprint not in names:
            others.setdefault(one.account, []).append(one)
    leaders: dict[tuple[EmailAddress, KeyUse], str] = {}
    for row in rows:
        use = use_of(row.certificate)
        if use is None:
            continue
        if row.account is None:
            yield Found(row=row, use=use, standing=Affected.NO_ACCOUNT)
            continue
        leader = leaders.setdefault((row.account, use), row.fingerprint)
        follows = None if leader == row.fingerprint else leader
        newer = [o for o in others.get(row.account, ()) if is_successor(o, row.certificate, use)]
        newer.sort(key=lambda one: (one.certificate.not_after, one.fingerprint))
        yield Found(
            row=row,
            use=use,
            standing=Affected.REPLACED if newer else Affected.TO_REPLACE,
            leader=follows,
            successor=newer[-1].fingerprint if newer else None,
        )


def _between(first: date | None, last: date | None) -> Between:
    return Between(
        first=None if first is None else datetime.combine(first, time.min, UTC),
        last=None if last is None else datetime.combine(last, time.max, UTC),
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
