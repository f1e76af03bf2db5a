"""The web role as a child process: its own store file, a furnished office, the world's clock.

usage: python -m tests.browser.serving CONFIGURATION NAMES [--hostile] [--forged] [--furnish-only]

``NAMES`` is written when the office is furnished; an office that has it is served as it is.

The pages run exactly as ``siegel serve --only web`` runs them (gunicorn, collected static files,
the real vault); only the moment is another one, so that no picture changes with the calendar.
"""

import argparse
import json
import time
from datetime import datetime, timedelta
from pathlib import Path

from siegel.config.django import configure
from siegel.config.load import load
from siegel.config.schema import Settings
from tests.world import WORLD_NOW

CONFIGURATION = """\
[organisation]
name = "Sprachschule am Markt"
domains = ["office.example"]

[store]
url = "sqlite:siegel.db"
data_dir = "data"

[keys]
file = "siegel.key"

[gateway]
hostname = "siegel.office.example"

[gateway.outbound]
listen = "127.0.0.1:{outbound}"
next_hop = "maildir:mail/outside"

[gateway.inbound]
listen = "127.0.0.1:{inbound}"
next_hop = "maildir:mail/inside"

[robot]
address = "smime-test@office.example"

[web]
listen = "127.0.0.1:{web}"
url = "http://localhost:{web}"
secret_file = "web.secret"
require_second_factor = {second_factor}

[web.oidc]
issuer = "http://127.0.0.1:9/realms/office"
client_id = "siegel"
client_secret_file = "client.secret"
administrator_groups = ["siegel-administrators"]
"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("configuration", type=Path)
    parser.add_argument("names", type=Path)
    parser.add_argument("--hostile", action="store_true")
    parser.add_argument("--forged", action="store_true")
    parser.add_argument("--furnish-only", action="store_true")
    chosen = parser.parse_args()
    settings = load(chosen.configuration)
    configure(settings)
    if not chosen.names.exists():
        names = _furnished(settings, hostile=chosen.hostile, forged=chosen.forged)
        chosen.names.write_text(json.dumps(names))
    return 0 if chosen.furnish_only else _serve(settings)


def _furnished(settings: Settings, *, hostile: bool, forged: bool) -> dict[str, dict[str, str]]:
    from django.db import connections

    from siegel.store.schema import migrate
    from siegel.web import running
    from tests.browser import (
        authority_scenery,
        draft_scenery,
        forgeries,
        keys_scenery,
        mail_scenery,
        partner_scenery,
        scenery,
    )
    from tests.flows.office import Office

    migrate()
    (settings.store.data_dir / "static").mkdir()  # whitenoise wonders when it is missing
    office = Office(settings.keys.file.parent)
    running.install(office.site)
    names = scenery.furnish(office)
    if hostile:
        scenery.furnish_with_hostile_names(office)
    names |= scenery.engage_colleagues()
    names |= keys_scenery.keys_to_fetch(office, names)
    names |= mail_scenery.furnish_mail(office)
    names |= draft_scenery.furnish_drafts(office)
    names |= authority_scenery.furnish_authority(office)
    names |= partner_scenery.furnish_partners(office)
    if hostile:
        mail_scenery.furnish_hostile_mail(office)
    if forged:
        names |= forgeries.furnish_forgeries(office)
    sessions = scenery.sessions()
    connections.close_all()
    return {"names": names, "sessions": sessions}


def _serve(settings: Settings) -> int:
    from siegel.serve.web import run_web
    from siegel.web import clock

    started = time.monotonic()

    def now() -> datetime:
        return WORLD_NOW + timedelta(seconds=time.monotonic() - started)

    clock.now = now  # the one thing that is not real
    return run_web(settings)


if __name__ == "__main__":
    raise SystemExit(main())
