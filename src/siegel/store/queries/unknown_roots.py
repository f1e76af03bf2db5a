"""Roots that chains arrived under and nobody judged: kept within limits, because strangers come.

When the table is full, the root that came the fewest times, and longest ago, makes room: a stranger
who invents ever new roots drives out his own.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from django.db import models, transaction
from django.db.models import F, Prefetch, QuerySet

from siegel.base.address import EmailAddress
from siegel.pki.certificate import Certificate
from siegel.pki.chain_top import ChainTop
from siegel.policy.unknown_roots import (
    KEPT_FOR,
    MAX_ALL_INTERMEDIATES,
    MAX_INTERMEDIATES,
    MAX_OCTETS,
    MAX_ROOTS,
    MAX_ROOTS_OF_SENDER,
    MAX_SENDERS,
)
from siegel.store.models import UnknownIntermediate, UnknownRoot, UnknownRootSender
from siegel.store.models.unknown import KEY_IDENTIFIER
from siegel.store.rows import UnknownRootRow
from siegel.store.text import clean

Row = TypeVar("Row", bound=models.Model)


def note(top: ChainTop, senders: Iterable[EmailAddress], *, at: datetime) -> None:
    """A chain under this end arrived with mail from these, or names them."""
    addresses = tuple(dict.fromkeys(str(sender) for sender in senders))[:MAX_SENDERS]
    with transaction.atomic():
        root = UnknownRoot.objects.select_for_update().filter(mark=top.mark).first()
        if root is None:
            _make_room(addresses)
            root = _new(top, at)
        else:
            UnknownRoot.objects.filter(pk=root.pk).update(last_seen_at=at, times=F("times") + 1)
        _add_senders(root, addresses, at)
        _add_intermediates(root, top.between, at)


def listing() -> tuple[UnknownRootRow, ...]:
    """All of them, the latest first; three queries."""
    return _rows(UnknownRoot.objects.order_by("-last_seen_at", "id"))


def called(mark: str) -> tuple[UnknownRootRow, ...]:
    """Those whose mark begins so."""
    return _rows(UnknownRoot.objects.filter(mark__startswith=mark).order_by("id")[:2])


def intermediates(issuer_names: Iterable[str]) -> tuple[bytes, ...]:
    """DER of the kept authorities that were issued under these names (digests)."""
    found = UnknownIntermediate.objects.filter(issuer_sha256__in=list(issuer_names))
    rows = found.order_by("-seen_at", "id").values_list("fingerprint", "der")
    by_mark = {mark: bytes(der) for mark, der in rows[:MAX_ALL_INTERMEDIATES]}
    return tuple(by_mark.values())


def expire(*, at: datetime) -> int:
    """Forget what was seen last before ``KEPT_FOR``; how many roots went."""
    old = UnknownRoot.objects.filter(last_seen_at__lt=at - KEPT_FOR)
    count = old.count()
    old.delete()
    return count


def digest(name_der: bytes) -> str:
    return hashlib.sha256(name_der).hexdigest()


def _make_room(addresses: Iterable[str]) -> None:
    """First each sender's own: who writes in a partner's name must not use up his number."""
    for address in addresses:
        own = UnknownRootSender.objects.filter(address=address)
        weakest = own.order_by("-root__times", "-seen_at", "-id")[MAX_ROOTS_OF_SENDER - 1 :]
        given_up = list(weakest.values_list("pk", "root_id"))
        UnknownRootSender.objects.filter(pk__in=[pk for pk, _ in given_up]).delete()
        UnknownRoot.objects.filter(pk__in=[root for _, root in given_up], senders=None).delete()
    weakest_of_all = UnknownRoot.objects.order_by("-times", "-last_seen_at", "-id")
    over = list(weakest_of_all.values_list("pk", flat=True)[MAX_ROOTS - 1 :])
    UnknownRoot.objects.filter(pk__in=over).delete()


def _new(top: ChainTop, at: datetime) -> UnknownRoot:
    root = top.root
    row, _ = UnknownRoot.objects.get_or_create(
        mark=top.mark,
        defaults={
            "der": root.der if root is not None and len(root.der) <= MAX_OCTETS else None,
            "name": clean(top.name, 500),
            "name_sha256": digest(top.issuer_der),
            "key_identifier": top.key_identifier.hex()[:KEY_IDENTIFIER],
            "first_seen_at": at,
            "last_seen_at": at,
        },
    )
    return row


def _add_senders(root: UnknownRoot, addresses: Iterable[str], at: datetime) -> None:
    for address in addresses:
        _, new = UnknownRootSender.objects.update_or_create(
            root=root, address=clean(address, 400), defaults={"seen_at": at}
        )
        if new:
            _keep_latest(UnknownRootSender.objects.filter(root=root), MAX_SENDERS)


def _add_intermediates(root: UnknownRoot, between: Iterable[Certificate], at: datetime) -> None:
    small = [one for one in between if len(one.der) <= MAX_OCTETS]
    for one in small[:MAX_INTERMEDIATES]:
        _, new = UnknownIntermediate.objects.update_or_create(
            root=root,
            fingerprint=one.fingerprint,
            defaults={"seen_at": at},
            create_defaults={
                "der": one.der,
                "subject_sha256": digest(one.subject_der),
                "issuer_sha256": digest(one.issuer_der),
                "seen_at": at,
            },
        )
        if new:
            _keep_latest(UnknownIntermediate.objects.filter(root=root), MAX_INTERMEDIATES)
            _keep_latest(UnknownIntermediate.objects.all(), MAX_ALL_INTERMEDIATES)


def _keep_latest(rows: QuerySet[Row], number: int) -> None:
    over = list(rows.order_by("-seen_at", "-pk").values_list("pk", flat=True)[number:])
    if over:
        rows.filter(pk__in=over).delete()


def _rows(asked: QuerySet[UnknownRoot]) -> tuple[UnknownRootRow, ...]:
    newest = UnknownRootSender.objects.order_by("-seen_at", "id")
    found = asked.prefetch_related(Prefetch("senders", newest), "intermediates")
    return tuple(
        UnknownRootRow(
            mark=row.mark,
            name=row.name,
            der=None if row.der is None else bytes(row.der),
            name_sha256=row.name_sha256,
            key_identifier=row.key_identifier,
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            times=row.times,
            senders=tuple(EmailAddress.parse(each.address) for each in row.senders.all()),
            intermediates=tuple(bytes(each.der) for each in row.intermediates.all()),
        )
        for row in found
    )
