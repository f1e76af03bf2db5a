"""Which certificates of organisations and domains an administrator bound, and to whom."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.models import AddressBinding, CertificateAddress, PendingCertificate
from siegel.store.models.certificate import LinkState
from siegel.store.models.partner import Answer
from siegel.store.rows import BindingRow, CandidateRow
from siegel.store.text import clean


def bind(fingerprint: str, name: str, *, why: str, by: str, at: datetime) -> bool:
    """``name``: a folded address or domain. False if it was bound to it already."""
    _, new = AddressBinding.objects.get_or_create(
        certificate_id=fingerprint,
        name=name,
        defaults={"why": clean(why), "bound_by": clean(by, 400), "bound_at": at},
    )
    return new


def unbind(fingerprint: str, name: str) -> bool:
    """False if there was no such binding."""
    return bool(AddressBinding.objects.filter(certificate=fingerprint, name=name).delete()[0])


def listing() -> tuple[BindingRow, ...]:
    """All that are in force, by name."""
    found = AddressBinding.objects.select_related("certificate").order_by("name", "certificate_id")
    return tuple(
        BindingRow(
            fingerprint=row.certificate_id,
            subject=row.certificate.subject,
            name=row.name,
            why=row.why,
            bound_by=row.bound_by,
            bound_at=row.bound_at,
        )
        for row in found
    )


def candidates(spelled: Mapping[str, EmailAddress]) -> tuple[CandidateRow, ...]:
    """The certificates bound to these addresses or to their domains, one row for each address.

    What a person refused for an address stays refused for it, whatever its domain is bound to.
    """
    domains = {address.domain for address in spelled.values()}
    found = AddressBinding.objects.filter(name__in=[*spelled, *domains]).order_by(
        "-certificate__not_before", "certificate_id"
    )
    bound = [
        CandidateRow(address=address, fingerprint=fingerprint, der=bytes(der), bound=True)
        for name, fingerprint, der in found.values_list(
            "name", "certificate_id", "certificate__der"
        )
        for text, address in spelled.items()
        if name in (text, address.domain)
    ]
    refused = _refused(spelled) if bound else frozenset()
    return tuple(
        {
            (row.fingerprint, row.address): row
            for row in bound
            if (row.fingerprint, str(row.address)) not in refused
        }.values()
    )


def _refused(addresses: Iterable[str]) -> frozenset[tuple[str, str]]:
    asked = list(addresses)
    links = CertificateAddress.objects.filter(address__in=asked, state=LinkState.REJECTED)
    waited = PendingCertificate.objects.filter(address__in=asked, answer=Answer.REJECTED)
    return frozenset(
        (
            *links.values_list("certificate_id", "address"),
            *waited.values_list("fingerprint", "address"),
        )
    )
