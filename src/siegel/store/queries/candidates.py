"""Gathering for one message: accounts, entitlement, certificates and rules, in six queries.

The six are: accounts behind the addresses, the organisation, linked certificates, pending ones,
those of whole organisations (and where there are some, two for what people refused), and keys
bound to the accounts; the number of recipients changes nothing about that.
"""

from collections.abc import Iterable, Iterator, Mapping

from django.db.models import Exists, OuterRef

from siegel.base.address import EmailAddress
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.store.models import CertificateAddress, KeyBinding, KeyChangeAlert, PendingCertificate
from siegel.store.models.certificate import LinkState
from siegel.store.models.partner import Answer
from siegel.store.queries import accounts, bindings, organisation
from siegel.store.queries.accounts import Known
from siegel.store.rows import CandidateRow, OutboundRows


def outbound(
    sender: EmailAddress | None,
    envelope_from: EmailAddress | None,
    recipients: Iterable[EmailAddress],
) -> OutboundRows:
    """``sender`` None: From has no or several addresses, so nothing is anybody's."""
    to = tuple(dict.fromkeys(recipients))
    senders = tuple(address for address in (sender, envelope_from) if address is not None)
    known = accounts.known((*senders, *to))
    office = organisation.get()
    found = _candidates(dict.fromkeys((*senders[: sender is not None], *to)), known)
    account = known.owner(sender) if sender is not None else None
    return OutboundRows(
        account_of_sender=known.rows.get(account) if account is not None else None,
        entitled=_entitled(sender, envelope_from, known),
        own=found[sender] if sender is not None else (),
        partners={recipient: found[recipient] for recipient in to},
        internal=frozenset(
            each for each in to if each.domain in office.domains or known.owner(each) is not None
        ),
        rules=office.rules,
    )


def for_addresses(
    addresses: Iterable[EmailAddress],
) -> Mapping[EmailAddress, tuple[CandidateRow, ...]]:
    asked = dict.fromkeys(addresses)
    return _candidates(asked, accounts.known(asked))


def rejected(addresses: Iterable[EmailAddress]) -> tuple[Certificate, ...]:
    """What people refused for the addresses: its signatures count no more than its key is used."""
    spelled = [str(address) for address in addresses]
    links = CertificateAddress.objects.filter(address__in=spelled, state=LinkState.REJECTED)
    waited = PendingCertificate.objects.filter(address__in=spelled, answer=Answer.REJECTED)
    found = (
        *links.values_list("certificate__der", flat=True),
        *waited.values_list("der", flat=True),
    )
    return tuple(parse_certificate(bytes(der)) for der in found)


def _entitled(
    sender: EmailAddress | None, envelope_from: EmailAddress | None, known: Known
) -> bool:
    if sender is None or envelope_from is None:
        return False
    return known.entitled(envelope_from, sender)


def _candidates(
    addresses: Iterable[EmailAddress], known: Known
) -> dict[EmailAddress, tuple[CandidateRow, ...]]:
    spelled = {str(address): address for address in addresses}
    found: dict[EmailAddress, list[CandidateRow]] = {each: [] for each in spelled.values()}
    bound_keys = _bound_keys(known)
    linked = _linked(spelled, known, bound_keys)
    for row in (*linked, *_pending(spelled), *bindings.candidates(spelled)):
        found[row.address].append(row)
    return {address: tuple(rows) for address, rows in found.items()}


def _bound_keys(known: Known) -> set[tuple[str, int]]:
    bindings = KeyBinding.objects.filter(account__in=list(known.rows), key__archived_at=None)
    return set(bindings.values_list("key_id", "account_id"))


def _linked(
    spelled: Mapping[str, EmailAddress], known: Known, bound_keys: set[tuple[str, int]]
) -> Iterator[CandidateRow]:
    unanswered = KeyChangeAlert.objects.filter(
        address=OuterRef("address"), current=OuterRef("certificate_id"), answer=Answer.OPEN
    )
    links = (
        CertificateAddress.objects.filter(address__in=list(spelled))
        .exclude(state=LinkState.REJECTED)
        .annotate(change_unconfirmed=Exists(unanswered))
        .order_by("-certificate__not_before", "certificate_id")
        .values_list(
            "address", "certificate_id", "certificate__der", "certificate__spki_sha256",
            "change_unconfirmed", "last_seen_at", "certificate__kept_signing__until",
        )
    )  # fmt: skip
    for text, fingerprint, der, spki, unconfirmed, last_seen_at, until in links:
        account = known.owners.get(text)
        yield CandidateRow(
            address=spelled[text],
            fingerprint=fingerprint,
            der=bytes(der),
            has_private_key=account is not None and (spki, account) in bound_keys,
            has_account=account is not None,
            change_unconfirmed=unconfirmed,
            last_seen_at=last_seen_at,
            signs_until=until,
        )


def _pending(spelled: Mapping[str, EmailAddress]) -> Iterator[CandidateRow]:
    waiting = PendingCertificate.objects.filter(address__in=list(spelled), answer=Answer.OPEN)
    for text, fingerprint, der, seen_at in waiting.order_by("-seen_at", "fingerprint").values_list(
        "address", "fingerprint", "der", "seen_at"
    ):
        yield CandidateRow(
            address=spelled[text],
            fingerprint=fingerprint,
            der=bytes(der),
            pending=True,
            last_seen_at=seen_at,
        )
