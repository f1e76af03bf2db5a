"""What leaves the store: frozen facts, no models. Importable without Django.

Facts only; whether a certificate is usable or a message verified is judged above. ``der`` is the
truth about a certificate; ``certificate`` parses it on demand (cached by DER).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from siegel.base.address import EmailAddress
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.policy.access import Standing
from siegel.policy.roles import Role
from siegel.policy.rule_levels import RuleLayer
from siegel.policy.rules import OrganisationRules
from siegel.wording.help_links import HelpLink
from siegel.wording.partner_site import SiteTexts
from siegel.wording.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    name: str
    language: str
    domains: frozenset[str]
    rules: OrganisationRules


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """``roles`` are those in force at the moment asked for. ``waits``: invited, and no password
    was set yet; ``last_seen_at``: the last sign-in."""

    email: EmailAddress
    display_name: str
    active: bool
    roles: frozenset[Role]
    created_at: datetime
    waits: bool = False
    last_seen_at: datetime | None = None
    language: str = ""
    theme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    address: EmailAddress
    display_name: str
    active: bool
    added_at: datetime
    aliases: tuple[EmailAddress, ...] = ()
    delegations: tuple[EmailAddress, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountListing:
    """An account in a list. ``people`` work with it now; ``certificate_until``: the longest valid
    certificate it has a key for, whatever its state (None: there is none)."""

    address: EmailAddress
    display_name: str
    active: bool
    people: int
    other_addresses: int
    certificate_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPersonRow:
    """One person on one account. ``active``: the person may sign in at all."""

    account: EmailAddress
    account_name: str
    user: EmailAddress
    user_name: str
    active: bool
    standing: Standing
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountWithout:
    """An account that has no certificate to sign with."""

    address: EmailAddress
    display_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWithoutAccount:
    """An address that could sign and open mail if it had an account."""

    address: EmailAddress
    fingerprint: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    user: EmailAddress
    display_name: str
    invited_by: str
    invited_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """``state`` as last seen, since when, and the one that people were told of."""

    check: str
    state: str
    since: datetime
    told: str
    tried_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseRow:
    name: str
    at: datetime
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """An address a certificate is used for; ``state`` is linked, confirmed or rejected."""

    address: EmailAddress
    state: str
    linked_by: str
    linked_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingRow:
    """A certificate that an administrator bound to ``name``: an address, or a whole domain."""

    fingerprint: str
    subject: str
    name: str
    why: str
    bound_by: str
    bound_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRow:
    """A certificate with its state in this installation, for lists and pages.

    ``has_private_key``: the key pair is ours (``key_archived``: only for old mail any more).
    ``has_account``: one of the linked addresses belongs to an active account. ``bound``: addresses
    and domains that an administrator bound it to.
    """

    fingerprint: str
    der: bytes = field(repr=False)
    subject: str
    issuer: str
    serial: str
    spki_sha256: str
    not_before: datetime
    not_after: datetime
    is_ca: bool
    source: str
    added_at: datetime
    added_by: str
    has_private_key: bool
    has_account: bool
    links: tuple[LinkRow, ...]
    bound: tuple[str, ...] = ()
    key_archived: bool = False

    @property
    def certificate(self) -> Certificate:
        return parse_certificate(self.der)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """A certificate that might be used for ``address``: what policy's ``Candidate`` needs.

    ``has_private_key``: an unarchived key bound to the account of ``address``. ``bound``: an
    administrator tied it to the address or its domain. ``pending``: seen, but nobody accepted it.
    ``signs_until``: its successor does not sign before that moment.
    """

    address: EmailAddress
    fingerprint: str
    der: bytes = field(repr=False)
    has_private_key: bool = False
    has_account: bool = False
    bound: bool = False
    pending: bool = False
    change_unconfirmed: bool = False
    last_seen_at: datetime | None = None
    signs_until: datetime | None = None

    @property
    def certificate(self) -> Certificate:
        return parse_certificate(self.der)

    @property
    def linked_to(self) -> frozenset[EmailAddress]:
        return frozenset({self.address}) if self.bound else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundRows:
    """All the store knows for one outgoing message.

    ``internal``: recipients in our domains or with an account. ``partners`` has every recipient,
    with an empty tuple where nothing is known.
    """

    account_of_sender: AccountRow | None
    entitled: bool
    own: tuple[CandidateRow, ...]
    partners: Mapping[EmailAddress, tuple[CandidateRow, ...]]
    internal: frozenset[EmailAddress]
    rules: OrganisationRules


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedKey:
    """A private key as it lies in the store, and all certificates of its key pair (DER)."""

    spki_sha256: str
    sealed: bytes = field(repr=False)
    archived: bool
    certificates: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedFileRow:
    """A .p12 or key file that waits for its passphrase, still encrypted."""

    id: int
    name: str
    sha256: str
    size: int
    uploaded_at: datetime
    uploaded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    """A line of the list: a certificate, or a file that waits for its passphrase."""

    kind: str
    certificate: CertificateRow | None = None
    locked: LockedFileRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """A person or office of the address book."""

    id: int
    name: str
    organisation: str
    note: str
    addresses: tuple[EmailAddress, ...]
    added_at: datetime
    added_by: str
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRow:
    """An address whose certificate came with mail, in no contact yet."""

    address: EmailAddress
    der: bytes = field(repr=False)
    seen_at: datetime

    @property
    def certificate(self) -> Certificate:
        return parse_certificate(self.der)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderMailRow:
    """A planned mail that the next hop has not taken yet; ``raw`` is sent as it is."""

    id: int
    recipient: str
    raw: bytes = field(repr=False)
    planned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RootListRow:
    """A list of public roots that was taken over; ``number`` orders them."""

    number: int
    source: str
    sha256: str
    published_at: datetime
    who: str
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RootRow:
    """A certificate of such a list; not ``trusted`` = it must not count for mail."""

    der: bytes = field(repr=False)
    trusted: bool
    distrust_after: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustDecisionRow:
    """A decision; ``der`` is None when the store does not have the certificate itself.

    ``decision`` is trusted, distrusted or withdrawn; ``domains`` empty = every domain.
    """

    id: int
    fingerprint: str
    decision: str
    domains: frozenset[str]
    who: str
    when: datetime
    why: str
    compared_fingerprint: str
    channel: str
    supersedes: int | None
    der: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRow:
    """A partner's certificate that waits for a person; ``only_trust``: or for a trusted root."""

    id: int
    address: EmailAddress
    fingerprint: str
    der: bytes = field(repr=False)
    reasons: tuple[str, ...]
    seen_at: datetime
    only_trust: bool
    source: str = "harvested"

    @property
    def certificate(self) -> Certificate:
        return parse_certificate(self.der)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """A partner's address came with another key than before (fingerprints of certificates)."""

    id: int
    address: EmailAddress
    previous: str
    current: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityRow:
    signing_time: datetime
    der: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessageRow:
    sha256: str
    size: int
    path: str
    direction: str
    received_at: datetime
    message_id: str
    envelope_from: str
    keep_until: datetime
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementRow:
    id: int
    message_sha256: str
    summary: str
    reasons: tuple[str, ...]
    findings: tuple[str, ...]
    verdicts: Mapping[str, Any]
    at: datetime
    supersedes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """One entry; ``id`` is the journal number people are told."""

    id: int
    at: datetime
    actor: str
    action: str
    about: str
    message_id: str
    recipients: tuple[str, ...]
    reasons: tuple[str, ...]
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownRootRow:
    """A root, or an issuer without its certificate (``der`` None), that chains arrived under.

    ``senders`` are some addresses, the latest first; ``intermediates`` what lies below it.
    """

    mark: str
    name: str
    der: bytes | None = field(repr=False)
    name_sha256: str
    key_identifier: str
    first_seen_at: datetime
    last_seen_at: datetime
    times: int
    senders: tuple[EmailAddress, ...]
    intermediates: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RejudgementRow:
    """A decision, or a list of public roots, whose effect on kept mail is not yet worked out.

    ``id`` is None before the work has begun; ``last_message``: everything up to it is done.
    """

    id: int | None
    decision: TrustDecisionRow | None
    root_list: RootListRow | None
    last_message: int
    looked_at: int
    changed: int
    linked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpListRow:
    """A list of the help as an administrator left it, in its order."""

    links: tuple[HelpLink, ...]
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """Rules of one domain, partner or account, and who set them."""

    id: int
    layer: RuleLayer
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TourRow:
    """Where somebody is in the tour of the demo; ``step`` counts from 1."""

    step: int = 1
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """The partner site as administrators set it. ``texts`` hold what they wrote; ``logo_sha256`` is
    "" without a logo; ``changed_at`` None: nobody set it up yet."""

    is_open: bool = False
    lists_everybody: bool = False
    asks_acceptance: bool = False
    colour: str
    colour_dark: str
    contact_address: EmailAddress | None = None
    contact_phone: str = ""
    imprint_url: str = ""
    privacy_url: str = ""
    accessibility_url: str = ""
    texts: Mapping[Language, SiteTexts]
    logo_sha256: str = ""
    changed_at: datetime | None = None
    changed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationRow:
    """An address whose certificate everybody may find."""

    address: EmailAddress
    published_at: datetime
    published_by: str

    @property
    def by(self) -> str:
        """For people: whose name stands at sign-in."""
        return self.published_by.removeprefix("user:")
