"""Lists of the help that an administrator changed. A list is read and written as a whole."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from siegel.store.models import HelpLink as LinkModel
from siegel.store.models import HelpList as ListModel
from siegel.store.rows import HelpListRow
from siegel.store.text import clean
from siegel.wording.help_links import HelpLink, HelpList
from siegel.wording.words import Language


def get(kind: HelpList) -> HelpListRow | None:
    """None = nobody changed it: the shipped list holds."""
    row = ListModel.objects.filter(kind=kind).prefetch_related("links").first()
    return None if row is None else _row(row)


def get_all() -> Mapping[HelpList, HelpListRow]:
    """Every list that somebody changed; two queries."""
    rows = ListModel.objects.prefetch_related("links")
    return {HelpList(row.kind): _row(row) for row in rows}


def put(kind: HelpList, links: Iterable[HelpLink], *, by: str, at: datetime) -> None:
    """From now on the list is this one, in this order."""
    with transaction.atomic():
        row, _ = ListModel.objects.update_or_create(
            kind=kind, defaults={"changed_at": at, "changed_by": clean(by, 400)}
        )
        row.links.all().delete()
        LinkModel.objects.bulk_create(
            LinkModel(
                help_list=row,
                key=link.key,
                position=position,
                url=link.url,
                title_de=link.titles[Language.DE],
                title_en=link.titles[Language.EN],
                note_de=link.notes[Language.DE],
                note_en=link.notes[Language.EN],
            )
            for position, link in enumerate(links)
        )


def drop(kind: HelpList) -> None:
    """The shipped list holds again."""
    ListModel.objects.filter(kind=kind).delete()


def _row(row: ListModel) -> HelpListRow:
    links = sorted(row.links.all(), key=lambda link: link.position)
    return HelpListRow(
        links=tuple(map(_link, links)), changed_at=row.changed_at, changed_by=row.changed_by
    )


def _link(row: LinkModel) -> HelpLink:
    return HelpLink(
        key=row.key,
        url=row.url,
        titles={Language.DE: row.title_de, Language.EN: row.title_en},
        notes={Language.DE: row.note_de, Language.EN: row.note_en},
    )
