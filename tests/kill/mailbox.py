"""Keeping a mailbox in step, with a trap: the process kills itself (SIGKILL) at a named point.

python -m tests.kill.mailbox CONFIG connect ADDRESS PORT PASSWORD
python -m tests.kill.mailbox CONFIG sync ADDRESS POINT EVERY
python -m tests.kill.mailbox CONFIG work ADDRESS       what a person does: moves, marks, sends
python -m tests.kill.mailbox CONFIG report ADDRESS     JSON: folder -> [[sha256, uid], …]
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.config.django import configure
from siegel.config.load import load
from siegel.flows.points import Point, SyncPoint

MOVED, SENT, READ = 10, 5, 5


def trap(wanted: str, every: int) -> Callable[[Point | SyncPoint], None]:
    passed = [0]

    def passes(point: Point | SyncPoint) -> None:
        passed[0] += point.value == wanted
        if passed[0] == every:
            os.kill(os.getpid(), signal.SIGKILL)

    return passes


def main() -> None:
    config, verb, address, *rest = sys.argv[1:]
    settings = load(Path(config))
    configure(settings)
    from siegel.serve.composing import build_site

    site = build_site(settings, trap(rest[0], int(rest[1])) if verb == "sync" else None)
    verbs: dict[str, Callable[..., None]] = {
        "connect": _connect,
        "sync": _sync,
        "work": _work,
        "report": _report,
    }
    verbs[verb](EmailAddress.parse(address), site, *rest)


def _connect(account: EmailAddress, site: object, port: str, password: str) -> None:
    from siegel.flows import mailboxes
    from siegel.flows.site import Site
    from siegel.store.mailbox_rows import Authentication, Security, ServerRow, Settings

    assert isinstance(site, Site)
    server = ServerRow(host="127.0.0.1", port=int(port), security=Security.NONE, user=str(account))
    mailboxes.connect(
        account,
        Settings(imap=server, smtp=server, authentication=Authentication.PASSWORD),
        mailboxes.Credentials(password=Secret(password)),
        site,
        by="test",
        at=_now(),
    )


def _sync(account: EmailAddress, site: object, *_: str) -> None:
    from siegel.flows import mailbox_rounds
    from siegel.flows.site import Site

    assert isinstance(site, Site)
    while True:
        looked = mailbox_rounds.look(account, site, at=_now())
        assert looked is not None, "the lock outlived the process that held it"
        assert looked.round is not None, looked.problem
        if not looked.round.left:
            return


def _work(account: EmailAddress, site: object) -> None:
    from siegel.flows.site import Site
    from siegel.store.mail_rows import Flags
    from siegel.store.models.mail import ChangeKind
    from tests.flows.sync_scene import LocalScene, letter

    assert isinstance(site, Site)
    scene = LocalScene(account, site, _now())
    places = scene.places("INBOX")
    for place in places[:MOVED]:
        scene.move(place, "Archiv")
    for place in places[MOVED : MOVED + READ]:
        scene.mark(place, ChangeKind.SEEN, Flags(seen=True))
    for number in range(SENT):
        scene.append(letter(1000 + number, str(account), message_id=number > 0), "Archiv")


def _report(account: EmailAddress, site: object) -> None:
    del site
    from siegel.store.models import FolderChange, FolderMessage, MailItem

    asked = FolderMessage.objects.filter(folder__account__address=str(account))
    found: dict[str, list[list[object]]] = {}
    for name, sha256, uid in asked.values_list("folder__name", "item__stored__sha256", "uid"):
        found.setdefault(name, []).append([sha256, uid])
    items = MailItem.objects.filter(account__address=str(account)).count()
    print(json.dumps({"folders": found, "items": items, "waiting": FolderChange.objects.count()}))


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
