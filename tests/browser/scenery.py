"""The demo office that pictures are made of: one of everything, and realistic mail.

``furnish`` uses the flows only, as people and mail servers would, so that every page shows what it
would show in an office. Whoever adds a page adds what it shows here, and its name to ``Names``
when an address needs it. ``furnish_with_hostile_names`` puts markup wherever strangers can write.
"""

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.test import Client
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.flows import accounts, contacts, deciding, importing, people, unknown_roots
from siegel.flows.ruling import set_level_rule
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.policy.access import Capacity, Standing
from siegel.policy.actions import Action
from siegel.policy.mail_problems import MailProblem
from siegel.policy.roles import Role
from siegel.policy.rule_levels import Level
from siegel.store.mailbox_rows import Authentication, Security, ServerRow, Settings
from siegel.store.models import Membership, User
from siegel.store.queries import alerts, journal, locked, mailboxes, pending
from siegel.store.queries.contacts import Given
from tests.browser.checklist_scenery import lists_for_authorities
from tests.browser.conversation import a_conversation, admit_reader
from tests.browser.hostile import HOSTILE, hostile_authority, hostile_leaf, hostile_mail
from tests.browser.keys_scenery import keys_on_their_way
from tests.browser.lookup_scenery import foreign_sources, hostile_source
from tests.browser.reissue_scenery import certificates_replaced
from tests.browser.second_factors import equip
from tests.browser.site_scenery import an_open_site
from tests.flows.office import (
    ALICE,
    BOB,
    DANA,
    HUBER,
    UNKNOWN,
    Office,
    encrypted_bytes,
    mail,
    signed_by,
    signed_bytes,
)
from tests.world import WORLD, WORLD_NOW, Person
from tests.world.cast import Role as Cast
from tests.world.cast import Usage
from tests.world.issuing import create_certificate
from tests.world.private_keys import private_key

Names = dict[str, str]
"""What pages name in their addresses: fingerprints, numbers, e-mail addresses."""

PASSWORD: Final = "Ein langes Kennwort 7"
PASSPHRASE: Final = "Grüße aus Köln"
COLLEAGUES: Final = {
    Role.ADMINISTRATOR: ("mira@office.example", "Mira Köhler"),
    Role.CERTIFICATE_MANAGER: ("claus@office.example", "Claus Zander"),
    Role.MEMBER: ("alice@office.example", "Alice Adler"),
}
CAREFUL: Final = ("vera@office.example", "Vera Vorsicht")
BY: Final = "user:mira@office.example"
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)


def furnish(office: Office) -> Names:
    """Everything a page can show, and what the pages call it."""
    office.at = WORLD_NOW - 30 * DAY
    own = _own_certificates(office)
    _partners_and_authorities(office)
    office.at = WORLD_NOW - 7 * DAY
    _mail(office)
    office.at = WORLD_NOW
    return {
        **own,
        **_locked_files(office),
        **_waiting(),
        "exception": _exception(office),
        "contact": _contacts(office),
        "partner_certificate": _of(HUBER).fingerprint,
        "expired_certificate": _of(WORLD.person("emil")).fingerprint,
        **_authorities(office),
        **keys_on_their_way(office),
        **certificates_replaced(office),
        **a_conversation(office),
        **an_open_site(office),
        **lists_for_authorities(office),
        **foreign_sources(office, by=BY),
        "account": ALICE.address,
        "person": COLLEAGUES[Role.MEMBER][0],
    }


def engage_colleagues() -> Names:
    """People who sign in, one for each role and one with second factors, all with ``PASSWORD``;
    an account of several, and somebody who was invited only."""
    for role, (email, name) in COLLEAGUES.items():
        _engaged(email, name, role)
    careful = _engaged(*CAREFUL, Role.MEMBER)
    for email, _ in COLLEAGUES.values():
        admit_reader(email)
    return {"passkey": str(equip(careful)), **_shared_account(), **_invited()}


def _shared_account() -> Names:
    """With its owner, a deputy whose time begins later, and one whose time is over."""
    account = EmailAddress.parse("buergerbuero@office.example")
    owner, later, over = (
        EmailAddress.parse(email)
        for email in (COLLEAGUES[Role.MEMBER][0], CAREFUL[0], COLLEAGUES[Role.ADMINISTRATOR][0])
    )
    accounts.create(account, "Bürgerbüro", by=BY, at=WORLD_NOW - 20 * DAY, owner=owner)
    for person, begin, end in ((later, 3, 17), (over, -15, -2)):
        standing = Standing(
            capacity=Capacity.DEPUTY, since=WORLD_NOW + begin * DAY, until=WORLD_NOW + end * DAY
        )
        accounts.admit(account, person, standing, by=BY, at=WORLD_NOW - 16 * DAY)
    _mailbox_in_trouble(account)
    entry = journal.read(action=Action.ACCOUNT_PERSON_ADMITTED)[0]
    sent = journal.read(action=Action.OUTBOUND_SIGN)[0]
    return {
        "shared_account": str(account),
        "person_entry": str(entry.id),
        "unencrypted_entry": str(sent.id),
    }


def _mailbox_in_trouble(account: EmailAddress) -> None:
    """On a mail server that does not take its password any more."""
    imap, smtp = (
        ServerRow(
            host=f"{name}.office.example", port=port, security=Security.TLS, user=str(account)
        )
        for name, port in (("imap", 993), ("smtp", 465))
    )
    settings = Settings(imap=imap, smtp=smtp, authentication=Authentication.PASSWORD)
    mailboxes.put(account, settings, b"sealed", by=BY, at=WORLD_NOW - 9 * DAY)
    mailboxes.note_synced(account, at=WORLD_NOW - 3 * HOUR)
    mailboxes.note_problem(account, MailProblem.LOGIN_REFUSED, at=WORLD_NOW - 2 * HOUR)


def _invited() -> Names:
    made = people.invite(
        EmailAddress.parse("ina@office.example"),
        "Ina Immer",
        [Role.MEMBER],
        by=BY,
        at=WORLD_NOW,
        rng=os.urandom,
    )
    return {"invitation": made.token.reveal().decode()}


def sessions() -> dict[str, str]:
    """A session for each colleague; the password counts as given just now for the whole run."""
    found = {role.value: _session(email) for role, (email, _) in COLLEAGUES.items()}
    return found | {
        "careful": _session(CAREFUL[0]),
        "half": _half_signed_in(CAREFUL[0]),
        "late": _session(COLLEAGUES[Role.CERTIFICATE_MANAGER][0], ago=HOUR),
    }


def _engaged(email: str, name: str, role: Role) -> User:
    user = User(email=email, display_name=name, created_at=WORLD_NOW - 90 * DAY)
    user.set_password(PASSWORD)
    user.save()
    Membership.objects.create(user=user, role=role, since=WORLD_NOW - 90 * DAY)
    return user


def _session(email: str, *, ago: timedelta = -DAY) -> str:
    """The password was given ``ago``; negative: it counts as given just now for so long."""
    user, client = User.objects.get(email=email), Client()
    client.force_login(user)
    session = client.session
    given_at = time.time() - ago.total_seconds()
    given = {"method": "password", "reauthenticated": True, "at": given_at}
    session["account_authentication_methods"] = [given]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client.cookies["siegel_session"].value


def _half_signed_in(email: str) -> str:
    """The password was right, the second step is still asked for, and for the whole run."""
    client = Client(SERVER_NAME="localhost")
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    session = client.session
    session["account_login"]["initiated_at"] = time.time() + DAY.total_seconds()
    session.save()
    return client.cookies["siegel_session"].value


def _own_certificates(office: Office) -> Names:
    """Usable, about to expire, expired, two certificates for two uses, and without an account."""
    office.trust()
    for person in (ALICE, BOB):
        office.own(person)
    for name in ("frieda_sign", "frieda_encrypt"):
        office.own(WORLD.person(name), account=name == "frieda_sign")
    soon = colleague("greta", "Greta Groß", WORLD_NOW + 12 * DAY)
    gone = colleague("erik", "Erik Ebert", WORLD_NOW - 10 * DAY)
    office.own(soon)
    office.own(gone)
    stray = colleague("ruth", "Ruth Ohnekonto", WORLD_NOW + 400 * DAY)
    office.own(stray, account=False)
    accounts.entitle(
        EmailAddress.parse(ALICE.address),
        EmailAddress.parse("info@office.example"),
        alias=True,
        by=BY,
        at=office.at,
    )
    return {
        "own_certificate": _of(ALICE).fingerprint,
        "expiring_certificate": _of(soon).fingerprint,
        "certificate_without_account": _of(stray).fingerprint,
    }


def _partners_and_authorities(office: Office) -> None:
    for name in ("huber", "dana", "maria", "emil", "norbert", "willi", "sina", "wanda", "joerg"):
        office.partner(WORLD.person(name))
    deciding.distrust(
        _imported_root(office, "stranger_root"), why="Rief niemand zurück.", by=BY, at=office.at
    )


def _authorities(office: Office) -> Names:
    """A root that is trusted, one that is not, one with which mail came and nobody decided yet, and
    one of which mail brought the name only."""
    waiting = _imported_root(office, "pss_root")
    [named] = (row for row in unknown_roots.inbox(office.at) if row.certificate is None)
    return {
        "root": parse_certificate(WORLD.root.der).fingerprint,
        "refused_root": parse_certificate(WORLD.authority("stranger_root").der).fingerprint,
        "waiting_root": waiting,
        "named_root": named.row.mark,
    }


def _mail(office: Office) -> None:
    """A week in the office: each state of protection, each reason why not, in both directions."""
    for number, raw in enumerate(_incoming(office)):
        office.later(hours=3)
        office.receive(raw, _sender(raw), ALICE.address if number % 3 else BOB.address)
    for sender, recipients, subject, extra in _OUTGOING:
        office.later(hours=2)
        raw = mail(sender.address, *recipients, subject=subject, extra=extra)
        office.send(raw, sender.address, *recipients)


_OUTGOING: Final = (
    (ALICE, (HUBER.address,), "Angebot", ""),
    (ALICE, (HUBER.address, DANA.address), "Protokoll", ""),
    (ALICE, (UNKNOWN,), "Einladung", ""),
    (BOB, (HUBER.address, UNKNOWN), "Termin", ""),
    (BOB, (WORLD.person("emil").address,), "Nachfrage", "X-Siegel-Protect: encrypt\r\n"),
    (BOB, (HUBER.address,), "Rundschreiben", "Precedence: bulk\r\n"),
)


def _incoming(office: Office) -> Iterator[bytes]:
    def written(person: Person, subject: str, to: Person = ALICE) -> bytes:
        return mail(person.address, to.address, subject=subject, text="Guten Tag")

    at = office.at
    yield mail(UNKNOWN, ALICE.address, subject="Werbung")
    yield signed_bytes(HUBER, written(HUBER, "Anfrage"), at)
    yield signed_bytes(DANA, written(DANA, "Bestellung"), at)
    yield encrypted_bytes(signed_by(HUBER, written(HUBER, "Vertraulich"), at), ALICE, BOB)
    yield encrypted_bytes(signed_by(HUBER, written(HUBER, "Verschlossen"), at), DANA)
    yield signed_bytes(HUBER, written(HUBER, "Rechnung"), at).replace(b"Guten", b"Boese")
    yield signed_bytes(WORLD.person("ursula"), written(WORLD.person("ursula"), "Bescheid"), at)
    yield signed_bytes(WORLD.person("paula"), written(WORLD.person("paula"), "Zusage"), at)
    yield signed_bytes(WORLD.person("mallory"), written(WORLD.person("mallory"), "Dringend"), at)
    changed = _partner_with_another_key()
    yield signed_bytes(changed, written(changed, "Neuer Rechner"), at)


def _partner_with_another_key() -> Person:
    """Huber, with a younger certificate for a key that nobody saw before."""
    return _made(
        Cast(
            name="huber_rekeyed",
            address=HUBER.address,
            subject="Hans Huber",
            key="maria",
            not_before=WORLD_NOW - 30 * DAY,
        )
    )


def _locked_files(office: Office) -> Names:
    """A file whose passphrase nobody has typed yet."""
    person = colleague("nora", "Nora Nolte", WORLD_NOW + 700 * DAY)
    importing.keep_locked("Nora Nolte.p12", person.p12(PASSPHRASE), by=BY, at=office.at)
    return {"locked_file": str(locked.list_all()[0].id)}


def _contacts(office: Office) -> str:
    """One who can be written to encrypted, and one who never sent a signed message."""
    known = Given(
        name="Dana Demir",
        organisation="Partner GmbH",
        note="Bestellungen nur an diese Adresse.",
        addresses=(EmailAddress.parse(DANA.address), EmailAddress.parse("post@partner.example")),
    )
    never = Given(name="Ines Baumann", addresses=(EmailAddress.parse(UNKNOWN),))
    contacts.add(never, by=BY, at=office.at)
    return str(contacts.add(known, by=BY, at=office.at))


def _waiting() -> Names:
    return {
        "question_certificate": str(pending.pending_for()[0].id),
        "question_change": str(alerts.open_alerts()[0].id),
    }


def _exception(office: Office) -> str:
    set_level_rule(Level.DOMAIN, "school.example", "mode", "offered", by=BY, at=office.at)
    return "school.example"


def furnish_with_hostile_names(office: Office) -> None:
    """Markup in every name, address, file name and header field that comes from outside."""
    for number, text in enumerate(HOSTILE):
        authority = hostile_authority(text)
        importing.import_file(authority.der, None, None, by=f"user:{text}", at=office.at)
        leaf = hostile_leaf(authority, number)
        importing.import_file(leaf.der, None, None, by=f"user:{text}", at=office.at)
        p12 = ALICE.p12(f"passphrase {number}")
        importing.keep_locked(text, p12, by=f"user:{text}", at=office.at)
        raw = hostile_mail(text, number)
        office.receive(raw, f"eva{number}@evil.example", ALICE.address)
        office.send(raw, ALICE.address, f"eva{number}@evil.example")
        account = EmailAddress.parse(f"konto{number}@office.example")
        accounts.create(account, text, by=f"user:{text}", at=office.at)
        deciding.distrust(authority.certificate.fingerprint, why=text, by=text, at=office.at)
        given = Given(name=text, organisation=text, note=text, addresses=(account,))
        contacts.add(given, by=f"user:{text}", at=office.at)
        hostile_source(office, text, number)


def colleague(name: str, full_name: str, not_after: datetime) -> Person:
    """One of ours who is not in the cast; of the office only when he is imported."""
    return _made(
        Cast(
            name=name,
            address=f"{name}@office.example",
            subject=full_name,
            key=_KEYS[name],
            usage=Usage.BOTH,
            not_after=not_after,
        )
    )


def newcomer() -> Person:
    """Whose certificate is not in the office yet, and who has no account."""
    return colleague("jana", "Jana Jung", WORLD_NOW + 500 * DAY)


_KEYS: Final = {
    "jana": "sina",
    "greta": "otto",
    "erik": "ingo",
    "ruth": "vera",
    "nora": "nina",
    "verwaltung": "alice_rekeyed",
}
"""Keys of the cast that nobody of the office uses."""


def _made(role: Cast) -> Person:
    authority = WORLD.authority(role.issuer)
    certificate = create_certificate(role, authority)
    return Person(role, certificate, private_key(role.key_name), authority)


def _imported_root(office: Office, name: str) -> str:
    certificate = parse_certificate(WORLD.authority(name).der)
    importing.import_file(certificate.der, None, None, by=BY, at=office.at)
    return certificate.fingerprint


def _of(person: Person) -> Certificate:
    return parse_certificate(person.certificate_der)


def _sender(raw: bytes) -> str:
    line = next(line for line in raw.split(b"\r\n") if line.lower().startswith(b"from:"))
    return line.partition(b"<")[2].partition(b">")[0].decode()
