"""Certificates on their way: an enrolment is open from the making of its key to its certificate."""

from datetime import datetime

from django.db.models import QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.store import models
from siegel.store.authority_rows import EnrolmentListing, EnrolmentRow
from siegel.store.queries import keys
from siegel.store.text import clean
from siegel.store.transaction import conflicting


def begin(
    account: EmailAddress, authority: int, use: str, spki_sha256: str, *, by: str, at: datetime
) -> None:
    """``Conflict`` if one for the same use is open: take that up instead."""
    owner = models.MailAccount.objects.filter(address=str(account)).first()
    if owner is None:
        raise NotFound(f"no account {account}")
    with conflicting(f"a certificate for {account} is being made already"):
        models.Enrolment.objects.create(
            account=owner,
            authority_id=authority,
            key_id=spki_sha256,
            use=use,
            begun_by=clean(by, 400),
            begun_at=at,
        )


def open_one(account: EmailAddress, authority: int, use: str) -> EnrolmentRow | None:
    row = models.Enrolment.objects.filter(
        account__address=str(account), authority=authority, use=use, certificate=None
    ).first()
    if row is None:
        return None
    return EnrolmentRow(id=row.pk, account=account, use=use, key=keys.get(row.key_id))


def end(enrolment: int, fingerprint: str, *, at: datetime) -> None:
    """``Conflict`` if somebody else has ended it: then his certificate counts, not this one."""
    still_open = models.Enrolment.objects.filter(pk=enrolment, certificate=None)
    if not still_open.update(certificate_id=fingerprint, ended_at=at):
        raise Conflict("somebody else has just made this certificate")


def number_of(fingerprint: str) -> int:
    """Of the enrolment that made this certificate. Raises ``NotFound``."""
    asked = models.Enrolment.objects.filter(certificate=fingerprint)
    number: int | None = asked.values_list("pk", flat=True).first()
    if number is None:
        raise NotFound(f"no enrolment made {fingerprint}")
    return number


def ended_at(fingerprint: str) -> datetime | None:
    """When this certificate was made; None: no enrolment made it."""
    asked = models.Enrolment.objects.filter(certificate=fingerprint)
    return asked.values_list("ended_at", flat=True).first()


def certificate_of(enrolment: int) -> str | None:
    """The fingerprint, or None while it is open. Raises ``NotFound``."""
    asked = models.Enrolment.objects.filter(pk=enrolment)
    found = asked.values_list("certificate_id", flat=True)[:1]
    if not found:
        raise NotFound(f"no enrolment {enrolment}")
    return found[0]


def unfinished(*, limit: int = 200) -> tuple[EnrolmentListing, ...]:
    """Work that broke off, the newest first."""
    return _listed(models.Enrolment.objects.filter(certificate=None).order_by("-id")[:limit])


def lately(*, limit: int) -> tuple[EnrolmentListing, ...]:
    """The last that brought a certificate, the newest first."""
    ended = models.Enrolment.objects.exclude(ended_at=None)
    return _listed(ended.order_by("-ended_at", "-id")[:limit])


def _listed(asked: QuerySet[models.Enrolment]) -> tuple[EnrolmentListing, ...]:
    return tuple(
        EnrolmentListing(
            id=row.pk,
            account=EmailAddress.parse(row.account.address),
            authority=row.authority.name,
            use=row.use,
            certificate=row.certificate_id,
            begun_by=row.begun_by,
            begun_at=row.begun_at,
            ended_at=row.ended_at,
        )
        for row in asked.select_related("account", "authority")
    )
