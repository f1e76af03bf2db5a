"""Keeping a mailbox in step, with a trap: the process kills itself (SIGKILL) at a named point.

python -m tests.kill.mailbox CONFIG connect ADDRESS PORT PASSWORD
python -m tests.kill.mailbox CONFIG play ADDRESS POINT EVERY MOST_KILLS

What is played: the mailbox is read, a person moves, marks and sends, the server is told. At the end
comes JSON: kills, items, what waits, and folder -> [[sha256, uid], …].
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.config.django import configure
from siegel.config.load import load
from siegel.config.schema import Settings
from tests.kill.lives import live, trap

MOVED, SENT, READ = 10, 5, 5


def main() -> None:
    config, verb, address, *rest = sys.argv[1:]
    settings = load(Path(config))
    configure(settings)
    # loaded once, for all lives
    from siegel.flows import mailbox_rounds  # noqa: F401
    from siegel.serve.composing import build_site
    from tests.flows import sync_scene  # noqa: F401

    account = EmailAddress.parse(address)
    if verb == "connect":
        _connect(account, build_site(settings), *rest)
        return
    point, every, most = rest[0], int(rest[1]), int(rest[2])
    kills = _sync_killed(account, settings, point, every, most)
    live(lambda: _work(account, build_site(settings)))
    kills += _sync_killed(account, settings, point, every, most)
    _report(account, kills)


def _sync_killed(
    account: EmailAddress, settings: Settings, point: str, every: int, most: int
) -> int:
    """Until one life comes to its end; after the most kills one is let through."""
    from siegel.serve.composing import build_site

    for kills in range(most):
        if live(lambda: _sync(account, build_site(settings, trap(point, every)))):
            return kills
    assert live(lambda: _sync(account, build_site(settings)))
    return most


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


def _sync(account: EmailAddress, site: object) -> None:
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


def _report(account: EmailAddress, kills: int) -> None:
    from siegel.store.models import FolderChange, FolderMessage, MailItem

    asked = FolderMessage.objects.filter(folder__account__address=str(account))
    found: dict[str, list[list[object]]] = {}
    for name, sha256, uid in asked.values_list("folder__name", "item__stored__sha256", "uid"):
        found.setdefault(name, []).append([sha256, uid])
    items = MailItem.objects.filter(account__address=str(account)).count()
    waiting = FolderChange.objects.count()
    told = {"kills": kills, "items": items, "waiting": waiting, "folders": found}
    print(json.dumps(told))


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
