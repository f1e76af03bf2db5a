"""Upload, locked objects, the list, the page of one certificate, export: as people use them."""

import unicodedata
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedMessage, NotFound, TooManyAttempts, WrongPassphrase
from siegel.base.secret import Secret
from siegel.flows import (
    accounts,
    certificate_list,
    certificate_page,
    exporting,
    importing,
    unlocking,
    uploading,
)
from siegel.flows.exporting import WeakPassphrase
from siegel.flows.uploading import Offered
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import parse_certificate
from siegel.pki.export import ExportFormat, contains_private_key
from siegel.pki.pkcs12 import Flavour, open_pkcs12
from siegel.policy.actions import Action
from siegel.policy.passphrases import Weakness
from siegel.policy.standing import Standing
from siegel.policy.uploads import Became
from siegel.store.queries import certificates, journal, keys, listing, locked
from siegel.store.queries.listing import Asked, Kind
from tests.flows.office import ALICE, DANA, HUBER, Office
from tests.store.many import fill
from tests.world import WORLD, Person

FRIEDA = WORLD.person("frieda_sign")
GOOD = Secret("Ein langer Satz mit 7 Worten")


def offered(name: str, data: bytes) -> Offered:
    return Offered(name=name, size=len(data), data=data)


def upload(office: Office, *files: Offered) -> list[Became]:
    results = uploading.upload(files, office.site.vault, by="mira", at=office.at)
    return [result.became for result in results]


def pem_key(person: Person, passphrase: str | None) -> bytes:
    protection = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )
    key = person.private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection
    )
    return key + person.certificate_pem


def bare_p12(person: Person) -> bytes:
    certificate = parse_certificate(person.certificate_der).parsed
    bare = serialization.NoEncryption()
    key = person.private_key
    assert isinstance(key, rsa.RSAPrivateKey)
    return pkcs12.serialize_key_and_certificates(None, key, certificate, None, bare)


def fingerprint(person: Person) -> str:
    return parse_certificate(person.certificate_der).fingerprint


def standing(office: Office, person: Person) -> Standing:
    found = certificate_page.gather(fingerprint(person), office.at)
    return found.state.standing


@pytest.mark.requirement("A39", "A40", "A43", "A74")
def test_several_files_at_once_and_each_says_what_it_brought(office: Office) -> None:
    everything = upload(
        office,
        offered("dana.cer", DANA.certificate_der),
        offered("huber.PEM", HUBER.certificate_pem),
        offered("frieda.p12", FRIEDA.p12("Frühling", "modern")),
        offered("nochmal.crt", DANA.certificate_der),
        offered("brief.docx", b"PK"),
        offered("leer.pem", b"nichts"),
        offered("gross.cer", b"\x30" + bytes(uploading.LARGEST)),
    )
    assert everything == [
        Became.CERTIFICATES,
        Became.CERTIFICATES,
        Became.LOCKED,
        Became.KNOWN,
        Became.WRONG_ENDING,
        Became.NO_CERTIFICATE,
        Became.TOO_LARGE,
    ]


def test_more_files_than_fit_are_said_to_be_too_many(office: Office) -> None:
    files = [offered(f"{number}.cer", DANA.certificate_der) for number in range(52)]
    assert upload(office, *files)[-2:] == [Became.TOO_MANY, Became.TOO_MANY]
    big = [offered(f"{number}.cer", bytes(uploading.LARGEST)) for number in range(9)]
    assert upload(office, *big)[-1] is Became.TOO_MANY


def test_nobody_fills_the_list_with_files_that_wait(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locked, "WAITING_AT_MOST", 2)
    files = [offered(f"{n}.p12", FRIEDA.p12(f"Wort {n}", "compatible")) for n in range(3)]
    assert upload(office, *files) == [Became.LOCKED, Became.LOCKED, Became.TOO_MANY_WAITING]
    assert upload(office, files[0]) == [Became.LOCKED]


@pytest.mark.requirement("A87")
def test_history_is_found_among_thousands_of_mails(office: Office) -> None:
    for number in range(300):
        journal.write(at=office.at, actor="gateway", action=Action.OUTBOUND_SIGN,
                      about=ALICE.address, message_id=str(number))  # fmt: skip
    page = certificate_page.gather(fingerprint(ALICE), office.at)
    assert [row.action for row in page.history] == ["key.imported"]


@pytest.mark.requirement("A74")
def test_a_file_without_passphrase_opens_at_once(office: Office) -> None:
    assert upload(office, offered("frieda.p12", bare_p12(FRIEDA))) == [Became.KEY]
    assert upload(office, offered("bob.pem", pem_key(WORLD.person("bob"), None))) == [Became.KEY]
    assert certificates.get(fingerprint(FRIEDA)).has_private_key


@pytest.mark.requirement("A41")
@pytest.mark.parametrize(
    "make",
    [lambda: FRIEDA.p12("Bärenstark", "modern"), lambda: pem_key(FRIEDA, "Bärenstark")],
    ids=["p12", "pem"],
)
def test_a_protected_file_is_a_locked_object_until_its_passphrase(
    office: Office, make: Callable[[], bytes]
) -> None:
    results = uploading.upload(
        [offered("frieda.pem", make())], office.site.vault, by="mira", at=office.at
    )
    number = results[0].locked
    assert number is not None
    shown = certificate_list.page(Asked(kind=Kind.LOCKED), at=office.at)
    assert [item.standing for item in shown.items] == [Standing.LOCKED]
    with pytest.raises(WrongPassphrase):
        unlocking.unlock(number, Secret("falsch"), office.site.vault, by="mira", at=office.at)
    assert len(locked.list_all()) == 1
    imported = unlocking.unlock(
        number, Secret("Bärenstark"), office.site.vault, by="mira", at=office.at
    )
    assert [c.fingerprint for c in imported.own] == [fingerprint(FRIEDA)]
    assert locked.list_all() == ()
    assert standing(office, FRIEDA) is Standing.NO_ACCOUNT


@pytest.mark.parametrize("written", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD", "latin-1"])
def test_umlauts_open_however_they_are_spelled(office: Office, written: str, typed: str) -> None:
    word = "Übergrößenträger"
    data = FRIEDA.p12(_form(written, word), "modern")
    number = importing.keep_locked("f.p12", data, by="mira", at=office.at)
    octets = word.encode("latin-1") if typed == "latin-1" else _form(typed, word).encode("utf-8")
    unlocking.unlock(number, Secret(octets), office.site.vault, by="mira", at=office.at)
    assert certificates.get(fingerprint(FRIEDA)).has_private_key


def _form(name: str, word: str) -> str:
    return unicodedata.normalize("NFD" if name == "NFD" else "NFC", word)


def test_whoever_guesses_is_stopped_and_others_are_not(office: Office) -> None:
    number = importing.keep_locked("f.p12", FRIEDA.p12("x" * 9, "compatible"), by="m", at=office.at)

    def attempt(who: str, word: str = "falsch") -> None:
        unlocking.unlock(number, Secret(word), office.site.vault, by=who, at=office.at)

    for _ in range(unlocking.ATTEMPTS):
        with pytest.raises(WrongPassphrase):
            attempt("eve")
    with pytest.raises(TooManyAttempts):
        attempt("eve", "x" * 9)
    with pytest.raises(WrongPassphrase):
        attempt("mira")
    office.later(minutes=16)
    attempt("eve", "x" * 9)
    actions = [row.action for row in journal.read(actor="eve")]
    assert actions.count("locked_file.wrong_passphrase") == unlocking.ATTEMPTS
    assert "falsch" not in repr(journal.read())


def test_a_locked_file_can_be_thrown_away(office: Office) -> None:
    number = importing.keep_locked("f.p12", FRIEDA.p12("x" * 9), by="mira", at=office.at)
    assert unlocking.remove(number, by="mira", at=office.at) == "f.p12"
    assert locked.list_all() == ()
    assert journal.read()[0].action == "locked_file.removed"
    with pytest.raises(NotFound):
        unlocking.unlock(number, GOOD, office.site.vault, by="mira", at=office.at)


def test_a_readable_key_never_lies_in_the_store_unsealed(office: Office) -> None:
    with pytest.raises(MalformedMessage):
        importing.keep_locked("key.pem", pem_key(FRIEDA, None), by="mira", at=office.at)


@pytest.mark.requirement("A91")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("alice", Standing.USABLE),
        ("huber", Standing.USABLE),
        ("frieda_sign", Standing.USABLE),
        ("unknown_partner", Standing.NOT_TRUSTED),
    ],
)
def test_each_state_has_its_name(office: Office, name: str, expected: Standing) -> None:
    people = {person.name for person in WORLD.everybody}
    if name not in people:
        name = next(p.name for p in WORLD.everybody if p.authority.role.name == "unknown_issuing")
    importing.import_file(WORLD.person(name).certificate_der, None, None, by="t", at=office.at)
    assert standing(office, WORLD.person(name)) is expected


@pytest.mark.requirement("A42", "A91")
def test_a_certificate_without_account_says_so_until_the_account_is_there(office: Office) -> None:
    office.own(FRIEDA, account=False)
    assert standing(office, FRIEDA) is Standing.NO_ACCOUNT
    accounts.create(EmailAddress.parse(FRIEDA.address), "", by="t", at=office.at)
    assert standing(office, FRIEDA) is Standing.USABLE


def test_dates_speak_before_trust(office: Office) -> None:
    office.later(days=-3000)
    assert standing(office, ALICE) is Standing.NOT_YET_VALID
    office.later(days=3000 + 2570)
    assert standing(office, ALICE) is Standing.EXPIRES_SOON
    office.later(days=400)
    assert standing(office, ALICE) is Standing.EXPIRED


@pytest.mark.requirement("A87")
def test_an_archived_key_no_longer_signs_and_still_opens(office: Office) -> None:
    certificate_page.archive(fingerprint(ALICE), archived=True, by="mira", at=office.at)
    assert standing(office, ALICE) is Standing.FOR_READING
    address = EmailAddress.parse(ALICE.address)
    assert keys.sealed_by_address([address])[address]
    certificate_page.archive(fingerprint(ALICE), archived=False, by="mira", at=office.at)
    assert standing(office, ALICE) is Standing.USABLE
    office.partner(HUBER)
    with pytest.raises(NotFound):
        certificate_page.archive(fingerprint(HUBER), archived=True, by="mira", at=office.at)


@pytest.mark.requirement("A32")
def test_the_page_knows_chain_accounts_and_history(office: Office) -> None:
    office.key(WORLD.person("alice_rekeyed"))
    page = certificate_page.gather(fingerprint(ALICE), office.at)
    names = [link.certificate.common_name for link in page.chain]
    assert names == ["Alice Adler", "Landesamt Test Issuing CA", "Landesamt Test Root"]
    assert [link.anchor is not None for link in page.chain] == [False, False, True]
    assert [str(a) for a in page.accounts] == [ALICE.address]
    assert [row.action for row in page.history] == ["key.imported"]
    assert [row.fingerprint for row in page.others] == [fingerprint(WORLD.person("alice_rekeyed"))]


def test_a_chain_without_known_issuer_says_that_it_ends(office: Office) -> None:
    stranger = next(p for p in WORLD.everybody if p.authority.role.name == "unknown_issuing")
    importing.import_file(stranger.certificate_der, None, None, by="t", at=office.at)
    page = certificate_page.gather(fingerprint(stranger), office.at)
    assert page.chain[-1].issuer_missing


@pytest.mark.parametrize("format_", ExportFormat)
@pytest.mark.requirement("A54", "A55", "A56")
def test_only_the_public_part_leaves_in_every_format(office: Office, format_: ExportFormat) -> None:
    exported = exporting.export_public(fingerprint(ALICE), format_, office.at)
    assert exported.name.startswith("alice@office.example.")
    assert not contains_private_key(exported.data)
    if format_ is not ExportFormat.VCARD:
        found = [each.der for each in parse_certificates(exported.data)]
        assert ALICE.certificate_der in found


@pytest.mark.parametrize("flavour", Flavour)
def test_a_key_leaves_under_a_passphrase_and_the_journal_says_so(
    office: Office, flavour: Flavour
) -> None:
    exported = exporting.export_key(
        fingerprint(ALICE), flavour, GOOD, GOOD, office.site.vault, by="mira", at=office.at
    )
    opened = open_pkcs12(exported.data, GOOD)
    assert opened.outdated is (flavour is Flavour.COMPATIBLE)
    assert opened.keys[0].certificates[0].der == ALICE.certificate_der
    assert len(opened.certificates) > 1
    entry = journal.read(action="key.exported")[0]
    assert (entry.actor, entry.about, entry.detail) == (
        "mira",
        fingerprint(ALICE),
        {"flavour": flavour.value},
    )


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("", "", Weakness.EMPTY),
        ("kurz", "kurz", Weakness.SHORT),
        ("Ein langer Satz 7", "Ein langer Satz 8", Weakness.DIFFERS),
        ("aaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaa", Weakness.MONOTONOUS),
        ("nurkleinebuchst", "nurkleinebuchst", Weakness.MONOTONOUS),
        ("Passwort12345!", "Passwort12345!", Weakness.WELL_KNOWN),
        ("x7A" * 100, "x7A" * 100, Weakness.LONG),
    ],
)
def test_a_weak_passphrase_is_not_taken(
    office: Office, first: str, second: str, why: Weakness
) -> None:
    with pytest.raises(WeakPassphrase) as caught:
        exporting.export_key(
            fingerprint(ALICE), Flavour.MODERN, Secret(first), Secret(second), office.site.vault,
            by="mira", at=office.at,
        )  # fmt: skip
    assert caught.value.weakness is why
    assert not journal.read(action="key.exported")


def test_no_key_no_export(office: Office) -> None:
    office.partner(HUBER)
    with pytest.raises(NotFound):
        exporting.export_key(
            fingerprint(HUBER), Flavour.MODERN, GOOD, GOOD, office.site.vault, by="m", at=office.at
        )


def test_a_page_of_the_list_asks_the_same_number_of_questions(office: Office) -> None:
    questions = []
    for count in (60, 1000):
        fill(count, domain=f"{count}.example")
        with CaptureQueriesContext(connection) as seen:
            page = certificate_list.page(Asked(), at=office.at)
        questions.append(len(seen))
        assert len(page.items) == certificate_list.PAGE
    assert page.counts[None] == listing.COUNTED_AT_MOST + 1
    assert questions[0] == questions[1] < 20
