"""The furnished office in the test's own store, for tests that look at every page at once.

Furnishing takes seconds, so it happens once for a module, hostile names included; what a test
changes is undone after it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.test import Client, override_settings

from siegel.policy.roles import Role
from siegel.web import running
from tests.browser import (
    authority_scenery,
    draft_scenery,
    keys_scenery,
    mail_scenery,
    partner_scenery,
    scenery,
)
from tests.browser.pages import Page, pages
from tests.flows.office import Office
from tests.web.addresses import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnished:
    """``sessions`` as in ``scenery.sessions``; every password counts as given just now."""

    office: Office
    names: scenery.Names
    sessions: dict[str, str]

    def client(self, who: str | None, *, checks_csrf: bool = False) -> Client:
        client = Client(enforce_csrf_checks=checks_csrf, SERVER_NAME="localhost")
        if who is not None:
            client.cookies["siegel_session"] = self.sessions[who]
        return client

    @property
    def administrator(self) -> Client:
        return self.client(Role.ADMINISTRATOR)

    def pages(self) -> tuple[Page, ...]:
        return tuple(pages(self.names))

    def path(self, address: Address) -> str:
        """With the arguments of its picture; made-up ones where there is none."""
        known = {page.view: page for page in self.pages()}
        return known[address.view].path if address.view in known else address.path


@contextmanager
def furnishing(folder: Path) -> Iterator[Furnished]:
    with override_settings(SIEGEL_DATA_DIR=folder / "data"), transaction.atomic():
        office = Office(folder)
        running.install(office.site)
        names = scenery.furnish(office)
        scenery.furnish_with_hostile_names(office)
        names |= scenery.engage_colleagues()
        names |= keys_scenery.keys_to_fetch(office, names)
        names |= mail_scenery.furnish_mail(office)
        names |= draft_scenery.furnish_drafts(office)
        names |= authority_scenery.furnish_authority(office)
        names |= partner_scenery.furnish_partners(office)
        mail_scenery.furnish_hostile_mail(office)
        yield Furnished(office=office, names=names, sessions=scenery.sessions())
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no trace in the store."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
