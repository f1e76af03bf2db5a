"""Keys on their way to people. File and passphrase leave the store once, each for itself."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.delivery_rows import KeyDeliveryRow
from siegel.store.models import KeyDelivery, MailAccount, User
from siegel.store.text import clean

LISTED = 50
_OF_USER = 20


def add(
    *,
    account: EmailAddress,
    certificate: str,
    user: EmailAddress,
    flavour: str,
    by: str,
    at: datetime,
    ends_at: datetime,
) -> int:
    """Without file and passphrase, which are sealed under its number: ``fill`` follows in the same
    transaction."""
    row = KeyDelivery.objects.create(
        account=MailAccount.objects.get(address=str(account)),
        certificate_id=certificate,
        user=User.objects.get(email=str(user)),
        flavour=flavour,
        prepared_by=clean(by, 400),
        prepared_at=at,
        ends_at=ends_at,
    )
    return row.pk


def fill(id_: int, *, file: bytes, passphrase: bytes) -> None:
    KeyDelivery.objects.filter(pk=id_).update(file=file, passphrase=passphrase)


def get(id_: int) -> KeyDeliveryRow:
    found = _rows(KeyDelivery.objects.filter(pk=id_))
    if not found:
        raise NotFound(f"no key to fetch {id_}")
    return found[0]


def latest() -> tuple[KeyDeliveryRow, ...]:
    return _rows(KeyDelivery.objects.order_by("-prepared_at", "-id")[:LISTED])


def of_user(user: EmailAddress) -> tuple[KeyDeliveryRow, ...]:
    """The latest first."""
    asked = KeyDelivery.objects.filter(user__email=str(user))
    return _rows(asked.order_by("-prepared_at", "-id")[:_OF_USER])


def take_file(id_: int, *, at: datetime) -> bytes | None:
    """The sealed file, once; None: it was taken, withdrawn, or its time is over."""
    with transaction.atomic():
        waiting = _waiting(id_, at).filter(fetched_at=None)
        if not waiting.update(fetched_at=at):
            return None
        found = KeyDelivery.objects.get(pk=id_)
        KeyDelivery.objects.filter(pk=id_).update(file=b"")
    return bytes(found.file)


def take_passphrase(id_: int, *, by: str, at: datetime) -> bytes | None:
    """The sealed passphrase, once; None as above."""
    with transaction.atomic():
        waiting = _waiting(id_, at).filter(shown_at=None)
        if not waiting.update(shown_at=at, shown_to=clean(by, 400)):
            return None
        found = KeyDelivery.objects.get(pk=id_)
        KeyDelivery.objects.filter(pk=id_).update(passphrase=b"")
    return bytes(found.passphrase)


def withdraw(id_: int, *, by: str, at: datetime) -> bool:
    """What was not handed out can be had no more; False if both were, or it was withdrawn."""
    still_here = KeyDelivery.objects.filter(
        Q(fetched_at=None) | Q(shown_at=None), pk=id_, withdrawn_at=None
    )
    gone = {"file": b"", "passphrase": b""}
    return bool(still_here.update(withdrawn_at=at, withdrawn_by=clean(by, 400), **gone))


def let_go(*, at: datetime) -> int:
    """Empty what nobody fetched in time; how many there were."""
    over = KeyDelivery.objects.filter(~Q(file=b"") | ~Q(passphrase=b""), ends_at__lte=at)
    return over.update(file=b"", passphrase=b"")


def _waiting(id_: int, at: datetime) -> QuerySet[KeyDelivery]:
    return KeyDelivery.objects.filter(pk=id_, withdrawn_at=None, ends_at__gt=at)


def _rows(asked: QuerySet[KeyDelivery]) -> tuple[KeyDeliveryRow, ...]:
    return tuple(
        KeyDeliveryRow(
            id=row.pk,
            account=EmailAddress.parse(row.account.address),
            certificate=row.certificate_id,
            user=EmailAddress.parse(row.user.email),
            user_name=row.user.display_name,
            flavour=row.flavour,
            has_passphrase=bool(row.passphrase),
            prepared_by=row.prepared_by,
            prepared_at=row.prepared_at,
            ends_at=row.ends_at,
            fetched_at=row.fetched_at,
            shown_to=row.shown_to,
            shown_at=row.shown_at,
            withdrawn_at=row.withdrawn_at,
        )
        for row in asked.select_related("account", "user").defer("file")
    )
