"""An account and its mail server: what people do here, and what lies here."""

from dataclasses import replace
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows import filing, syncing
from siegel.flows.filing import Arrival
from siegel.flows.points import Point, SyncPoint
from siegel.flows.site import Site
from siegel.flows.sync_server import MailServer
from siegel.flows.syncing import Round
from siegel.store.mail_rows import Flags, FolderRow
from siegel.store.models import FolderChange, FolderMessage, MailAccount, MailItem
from siegel.store.models.mail import ChangeKind
from siegel.store.queries import mail_filing, mail_folders, messages
from siegel.store.queries.mail_folders import FolderRole
from tests.flows.model_server import Killed
from tests.flows.office import HUBER, Office, mail


class LocalScene:
    """What lies here, and what a person does with it."""

    def __init__(self, account: EmailAddress, site: Site, at: datetime) -> None:
        self.account, self._site, self._at = account, site, at

    def folder(self, name: str) -> FolderRow:
        (found,) = [row for row in mail_folders.of_account(self.account) if row.name == name]
        return found

    def places(self, name: str) -> list[FolderMessage]:
        asked = FolderMessage.objects.filter(folder__account__address=str(self.account))
        return list(asked.filter(folder__name=name).order_by("uid", "pk"))

    def texts_in(self, name: str) -> list[bytes]:
        places = FolderMessage.objects.filter(pk__in=[place.pk for place in self.places(name)])
        shas = places.values_list("item__stored__sha256", flat=True)
        return sorted(messages.raw(sha256) for sha256 in shas)

    def items(self) -> int:
        return MailItem.objects.filter(account__address=str(self.account)).count()

    def waiting(self) -> int:
        return FolderChange.objects.filter(account__address=str(self.account)).count()

    def mark(self, place: FolderMessage, kind: ChangeKind, flags: Flags) -> None:
        mail_filing.set_flags([place.pk], flags)
        self._change(place, kind)

    def move(self, place: FolderMessage, target: str) -> None:
        there = self.folder(target)
        change = self._change(place, ChangeKind.MOVE)
        FolderChange.objects.filter(pk=change.pk).update(target_id=there.id)
        mail_filing.move([place.pk], there.id)

    def delete(self, place: FolderMessage) -> None:
        self._change(place, ChangeKind.DELETE)
        mail_filing.take_out([place.pk])

    def append(self, text: bytes, name: str = "Archive") -> int:
        """A copy of a sent mail, as the outbox files it."""
        folder = mail_folders.ensure(self.account, name, role=FolderRole.OTHER)
        arrival = Arrival(account=self.account, folder=folder.id, raw=text, received_at=self._at)
        item = filing.file(arrival, self._site, at=self._at)
        place = FolderMessage.objects.get(folder_id=folder.id, item_id=item, uid=None)
        self._change(place, ChangeKind.APPEND)
        return item

    def _change(self, place: FolderMessage, kind: ChangeKind) -> FolderChange:
        return FolderChange.objects.create(
            account=MailAccount.objects.get(address=str(self.account)),
            kind=kind,
            folder_id=place.folder_id,
            uid=place.uid,
            place=place,
            item_id=place.item_id,
            made_at=self._at,
        )


class Scene(LocalScene):
    """With a server, and an office that tells the time."""

    def __init__(self, office: Office, account: EmailAddress, server: MailServer) -> None:
        super().__init__(account, office.site, office.at)
        self.office, self.server = office, server

    def sync(
        self, *, kill_at: SyncPoint | None = None, after: int = 1, carefully: bool = False
    ) -> Round:
        """With ``kill_at`` the process ends when it passes that point for the n-th time."""
        passed = [0]

        def passes(point: Point | SyncPoint) -> None:
            passed[0] += point is kill_at
            if point is kill_at and passed[0] == after:
                raise Killed

        site = replace(self.office.site, passes=passes)
        at = self.office.at
        return syncing.sync(self.account, self.server, site, at=at, carefully=carefully)


def letter(number: int, to: str, *, at: datetime | None = None, message_id: bool = True) -> bytes:
    """A short message; no two numbers have the same octets."""
    date = f"Date: {at:%a, %d %b %Y %H:%M:%S +0000}\r\n" if at else ""
    text = mail(HUBER.address, to, subject=f"Nummer {number}", text=f"Text {number}", extra=date)
    raw = text.replace(f"<Nummer {number}@".encode(), f"<n{number}@".encode())
    if message_id:
        return raw
    return b"\r\n".join(line for line in raw.split(b"\r\n") if b"Message-ID" not in line)
