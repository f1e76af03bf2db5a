"""What waits on the pages after the exchange: a letter from an office whose authority nobody has
judged, a partner whose certificate ends soon, and a clerk who may sign in."""

import os
from datetime import UTC, datetime

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.cli.keyfiles import read_key_files
from siegel.config.schema import Settings
from siegel.flows import people
from siegel.library.protecting import sign
from siegel.policy.roles import Role
from siegel.serve.demonstration import post
from siegel.serve.demonstration.cast import (
    BEN,
    HELGA,
    KIM,
    NAMES,
    PASSWORD,
    SOMMER,
    VOGT,
    Files,
)
from siegel.serve.demonstration.office import Administrator
from siegel.serve.demonstration.telling import expect, headline, line


def receive_visitors(partner: Files, settings: Settings, administrator: Administrator) -> None:
    headline(7, "An office that nobody here knows writes, signed. The pages show what waits.")
    _vogt_writes(partner, settings)
    certificate = str(partner.certificate(SOMMER))
    administrator.types("certificate", "import", certificate)
    line("imported", f"{SOMMER}, whose certificate ends in twelve days")
    _kim_may_sign_in()


def _vogt_writes(partner: Files, settings: Settings) -> None:
    at = datetime.now(UTC)
    text = "Guten Tag, anbei die Termine für das neue Jahr.\n\nJens Vogt"
    draft = post.write(VOGT, [BEN], "Termine", text, at)
    keys = read_key_files([str(partner.pkcs12(VOGT))], [str(partner.passphrase)])
    listen = settings.gateway.inbound.listen
    answer = post.hand_in(draft, bytes(sign(draft.octets, keys, at=at)), listen.host, listen.port)
    line("answer", answer.lines[0])
    expect(answer.code == 250, "the gateway takes the mail")


def _kim_may_sign_in() -> None:
    at, kim = datetime.now(UTC), EmailAddress.parse(KIM)
    invited = people.invite(
        kim, NAMES[KIM], [Role.MEMBER], by=f"user:{HELGA}", at=at, rng=os.urandom
    )
    people.accept(invited.token.reveal().decode(), "", Secret(PASSWORD), at=at)
    line("sign-in", f"{HELGA} administers, {KIM} is a clerk")
