"""What to try after the exchange: commands and places that exist in this demo."""

import json
from collections.abc import Iterator

from siegel.config.schema import Settings
from siegel.serve.demonstration.cast import (
    ANNA,
    HELGA,
    HUBER,
    KIM,
    PASSWORD,
    UNKNOWN,
    office_files,
    partner_files,
)
from siegel.serve.demonstration.office import program, short, shown_command
from siegel.serve.demonstration.places import Places


def suggestions(places: Places, settings: Settings) -> Iterator[tuple[str, str]]:
    """(what, how) for a person at the terminal."""
    outbound = settings.gateway.outbound.listen
    yield "look", f"{settings.web.url}/ – a tour of six steps begins there"
    yield "sign in", f"{HELGA} or {KIM}, password: {PASSWORD}"
    yield "partner", f"{settings.web.url}/partner/ – what people outside see, without signing in"
    yield (
        "write",
        f"mail program: SMTP server {outbound.host}, port {outbound.port}, no login, no TLS",
    )
    yield "receive", f"Maildir {short(places.inside / ANNA)}"
    yield "journal", shown_command(places, ("journal",))
    yield "list", shown_command(places, ("certificate", "list"))
    asked = ("rules", "explain", "--from", ANNA, "--to", HUBER, "--to", UNKNOWN)
    yield "ask why", shown_command(places, asked)
    yield "open", _opening(places)
    yield "again", f"{program()} demo --dir {short(places.folder)} --fresh"


def _opening(places: Places) -> str:
    """Open the encrypted mail of step 3 with the partner's key, without any store."""
    record = json.loads(places.record.read_text("utf-8"))
    file = next(noted["files"][0] for noted in record if noted["step"] == 3)
    mine, root = partner_files(places), office_files(places).root
    key = f"--key {short(mine.pkcs12(HUBER))} --passphrase-file {short(mine.passphrase)}"
    message = short(places.folder / file)
    return f"{program()} message open {message} {key} --anchor {short(root)}"
