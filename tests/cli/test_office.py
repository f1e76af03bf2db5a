"""The verbs with a store: an administrator's day, command by command."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from siegel.policy.reasons import Obstacle
from tests.cli.command import Office, Said
from tests.cli.desk import ALICE, BOB, HUBER, PASSPHRASE, Desk
from tests.peers.programs import must
from tests.world import WORLD
from tests.world.cast import Role
from tests.world.issuing import create_certificate

FINGERPRINT = ALICE.certificate.fingerprint(hashes.SHA256()).hex()
ROOT = WORLD.root.certificate.fingerprint(hashes.SHA256()).hex()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Root trusted, Alice with key and account, Bob with an account only, Huber known."""
    with Office(tmp_path_factory.mktemp("office")) as office:
        office.trust_root()
        office.add_person(ALICE)
        office.siegel("account", "add", BOB.address, "--name", "Bob Berger")
        office.add_certificate(HUBER)
        yield office


def one_line(said: Said, code: int, *words: str) -> None:
    assert (said.code, said.out) == (code, b""), (said.code, said.text, said.err)
    assert said.err.startswith("siegel: ")
    assert said.err.count("\n") == 1
    for word in words:
        assert word in said.err


@pytest.mark.requirement("A10", "A11")
def test_importing_says_what_came_in_and_what_to_do_next(office: Office) -> None:
    desk = Desk(office.folder)
    said = office.siegel(
        "certificate", "import", desk.p12(ALICE), "--passphrase-file", desk.passphrase
    )
    assert (
        f"new: CN=Alice Adler,O=Siegel Test World,C=DE, with private key  sha256 {FINGERPRINT}"
        in said
    )
    assert "new: CN=Landesamt Test Issuing CA" in said
    assert f"no account yet for {ALICE.address}: siegel account add {ALICE.address}" in said
    added = office.siegel("account", "add", ALICE.address)
    assert added == f"account {ALICE.address} created, 1 private keys at its disposal\n"
    again = office.siegel(
        "certificate", "import", desk.p12(ALICE), "--passphrase-file", desk.passphrase
    )
    assert f"mail from {ALICE.address} will be signed" in again
    assert "known: CN=Alice Adler" in again


@pytest.mark.parametrize("kind", ["der", "pem", "p7c"])
def test_public_certificates_come_in_every_form(office: Office, kind: str) -> None:
    desk = Desk(office.folder)
    office.add_certificate(HUBER)
    exported = office.ask("certificate", "export", HUBER.address, "--format", kind)
    assert exported.code == 0
    again = office.siegel("certificate", "import", desk.file("again", exported.out))
    assert "known: CN=Hans Huber" in again


def test_a_key_certified_for_pss_alone_is_kept_by_the_name_of_its_certificate(
    office: Office,
) -> None:
    """id-RSASSA-PSS in the certificate, plain RSA in the PKCS #8: two hashes for one key pair."""
    office.siegel("account", "add", ALICE.address)
    office.siegel("certificate", "import", pss_file(office.folder))
    (row,) = office.json("certificate", "list", "--own")
    assert (row["key"], row["has_private_key"]) == ("rsa_pss", True)
    (sealed,) = office.json("certificate", "list", "--address", ALICE.address)
    assert sealed["signing_obstacles"] == ["not_trusted"], "nothing but the trust is missing"


def pss_file(folder: Path) -> str:
    """Made by OpenSSL, whose PKCS #12 says rsaEncryption or id-RSASSA-PSS as the key does."""
    key, certificate, file = (str(folder / name) for name in ("pss.key", "pss.cer", "pss.p12"))
    must(
        ["openssl", "req", "-x509", "-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048",
         "-nodes", "-keyout", key, "-out", certificate, "-subj", "/CN=Alice", "-days", "365",
         "-addext", "basicConstraints=critical,CA:FALSE",
         "-addext", f"subjectAltName=email:{ALICE.address}"]
    )  # fmt: skip
    must(["openssl", "pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", file,
          "-passout", "pass:"])  # fmt: skip
    return file


class TestWhatEnds:
    def test_what_ends_soon_is_listed_and_the_rest_is_not(self, office: Office) -> None:
        desk = Desk(office.folder)
        office.siegel(
            "certificate", "import", desk.p12(ALICE), "--passphrase-file", desk.passphrase
        )
        assert office.json("certificate", "expiring") == []
        found = office.json("certificate", "expiring", "--days", "3650")
        assert [(each["kind"], each["name"]) for each in found] == [
            ("own", ALICE.address),
            ("authority", "Landesamt Test Issuing CA"),
        ]
        assert ALICE.address in office.siegel("certificate", "expiring", "--days", "3650")


class TestLockedFiles:
    """Decision 27: a locked .p12 stays encrypted as it came; passphrases are never stored."""

    def test_without_the_option_nothing_is_kept(self, office: Office) -> None:
        one_line(office.ask("certificate", "import", Desk(office.folder).p12(ALICE)), 77,
                 "alice.p12")  # fmt: skip
        assert office.json("certificate", "list", "--locked") == []
        assert office.json("certificate", "list") == []

    def test_it_waits_and_is_unlocked(self, office: Office) -> None:
        desk = Desk(office.folder)
        kept = office.siegel("certificate", "import", desk.p12(ALICE), "--keep-locked")
        assert kept.startswith("kept locked as 1: siegel certificate unlock 1 ")
        (waiting,) = office.json("certificate", "list", "--locked")
        assert (waiting["number"], waiting["name"]) == (1, "alice.p12")
        assert "alice.p12" in office.siegel("certificate", "list", "--locked")
        assert office.json("certificate", "list") == []
        wrong = desk.file("wrong", b"falsch")
        one_line(office.ask("certificate", "unlock", "1", "--passphrase-file", wrong), 77)
        assert len(office.json("certificate", "list", "--locked")) == 1
        said = office.siegel(
            "certificate", "unlock", "alice.p12", "--passphrase-file", desk.passphrase
        )
        assert "new: CN=Alice Adler,O=Siegel Test World,C=DE, with private key" in said
        assert office.json("certificate", "list", "--locked") == []
        one_line(
            office.ask("certificate", "unlock", "1", "--passphrase-file", desk.passphrase), 66,
            "0 locked files",
        )  # fmt: skip
        actions = [entry["action"] for entry in office.json("journal")]
        assert actions == [
            "locked_file.unlocked",
            "key.imported",
            "locked_file.wrong_passphrase",
            "locked_file.kept",
        ]

    def test_only_a_p12_can_wait(self, office: Office) -> None:
        garbage = Desk(office.folder).file("x", b"no certificate")
        one_line(office.ask("certificate", "import", garbage, "--keep-locked"), 65, "x: ")


class TestCertificates:
    def test_list_and_show_say_what_each_is_good_for(self, shared: Office) -> None:
        rows = {row["subject"].split(",")[0]: row for row in shared.json("certificate", "list")}
        assert rows["CN=Alice Adler"]["signing_obstacles"] == []
        assert rows["CN=Hans Huber"]["signing_obstacles"] is None
        assert rows["CN=Hans Huber"]["encryption_obstacles"] == []
        assert rows["CN=Landesamt Test Root"]["path"] == "valid"
        table = shared.siegel("certificate", "list")
        assert "authority, path valid" in table
        assert re.search(r"CN=Alice Adler.*2034-01-01 +yes +imported +usable", table)

    def test_filters(self, shared: Office) -> None:
        own = shared.json("certificate", "list", "--own")
        assert [row["sha256"] for row in own] == [FINGERPRINT]
        his = shared.json("certificate", "list", "--address", HUBER.address)
        assert [row["addresses"] for row in his] == [[HUBER.address]]

    @pytest.mark.parametrize(
        "name", [FINGERPRINT, FINGERPRINT[:12].upper(), "Alice Adler", ALICE.address],
        ids=["fingerprint", "beginning", "name", "address"],
    )  # fmt: skip
    def test_show_finds_by_any_name(self, shared: Office, name: str) -> None:
        shown = shared.json("certificate", "show", name)
        assert (shown["sha256"], shown["has_private_key"]) == (FINGERPRINT, True)
        assert f"sha256:               {FINGERPRINT}\n" in shared.siegel(
            "certificate", "show", name
        )

    @pytest.mark.parametrize(("name", "count"), [("Nobody", 0), ("Landesamt", 2)])
    def test_what_is_not_one_certificate_is_66(self, shared: Office, name: str, count: int) -> None:
        one_line(shared.ask("certificate", "show", name), 66, f"{count} certificates")

    @pytest.mark.requirement("B20", "A12")
    @pytest.mark.parametrize("kind", ["pem", "der", "p7c", "vcard"])
    def test_export_never_holds_a_key(self, shared: Office, kind: str) -> None:
        target = shared.folder / f"export.{kind}"
        assert (
            shared.siegel(
                "certificate", "export", ALICE.address, "--format", kind, "-o", str(target)
            )
            == ""
        )
        written = target.read_bytes()
        assert isinstance(ALICE.private_key, RSAPrivateKey)
        secret = ALICE.private_key.private_numbers().d.to_bytes(256, "big")
        assert secret not in written
        assert b"PRIVATE" not in written
        out = shared.ask("certificate", "export", ALICE.address, "--format", kind)
        assert (out.code, out.out) == (0, written)


class TestAccounts:
    def test_the_life_of_an_account(self, office: Office) -> None:
        office.siegel("account", "add", "info@office.example", "--name", "Poststelle")
        office.siegel("account", "add", ALICE.address)
        said = office.siegel("account", "grant", ALICE.address, "info@office.example")
        assert said == f"{ALICE.address} may write as info@office.example\n"
        office.siegel("account", "grant", ALICE.address, "adler@office.example", "--alias")
        office.siegel("account", "switch", "info@office.example", "--off")
        alice, info = office.json("account", "list")
        assert alice["delegations"] == ["info@office.example"]
        assert alice["aliases"] == ["adler@office.example"]
        assert (info["active"], info["display_name"]) == (False, "Poststelle")
        office.siegel("account", "switch", "info@office.example", "--on")
        assert [row["active"] for row in office.json("account", "list")] == [True, True]
        assert "adler@office.example, info@office.example" in office.siegel("account", "list")
        actions = {row["action"] for row in office.json("journal")}
        assert actions == {
            "account.created", "account.alias_granted", "account.delegation_granted",
            "account.switched_on", "account.switched_off",
        }  # fmt: skip

    def test_mistakes_are_said(self, shared: Office) -> None:
        one_line(shared.ask("account", "add", ALICE.address), 65, "already")
        one_line(shared.ask("account", "add", "no address"), 65, "not an e-mail address")
        one_line(shared.ask("account", "switch", "x@office.example", "--on"), 66, "no account")
        one_line(shared.ask("account", "grant", "x@office.example", "y@office.example"), 66)
        one_line(shared.ask("account", "grant", ALICE.address, BOB.address, "--alias"), 65)


class TestTrust:
    @pytest.mark.requirement("A66")
    def test_the_wrong_fingerprint_is_refused(self, office: Office) -> None:
        root = Desk(office.folder).root
        office.siegel("certificate", "import", root)
        wrong = "00" * 32
        refused = office.ask("trust", "add", ROOT, "--fingerprint", wrong, "--channel", "Telefon")
        one_line(refused, 65, "the fingerprint differs")
        assert office.json("trust", "list") == []

    def test_a_decision_is_written_down_and_can_be_taken_back(self, office: Office) -> None:
        office.siegel("certificate", "import", Desk(office.folder).root)
        spelled = ":".join(ROOT[i : i + 2] for i in range(0, 64, 2)).upper()
        said = office.siegel(
            "trust", "add", "Landesamt Test Root", "--fingerprint", spelled, "--channel",
            "Telefon", "--why", "Fachverfahren", "--domain", "school.example",
        )  # fmt: skip
        assert said == "trusted: CN=Landesamt Test Root,O=Siegel Test World,C=DE\n"
        (row,) = office.json("trust", "list")
        assert (row["sha256"], row["decision"], row["channel"]) == (ROOT, "trusted", "Telefon")
        assert (row["domains"], row["why"]) == (["school.example"], "Fachverfahren")
        office.siegel("trust", "distrust", ROOT, "--why", "Zweifel")
        assert [row["decision"] for row in office.json("trust", "list")] == ["distrusted"]
        office.siegel("trust", "withdraw", ROOT)
        assert "distrusted" not in [row["decision"] for row in office.json("trust", "list")]

    def test_only_an_authority_can_be_trusted(self, shared: Office) -> None:
        given = ("--fingerprint", FINGERPRINT, "--channel", "Brief")
        one_line(shared.ask("trust", "add", FINGERPRINT, *given), 65, "only the certificate of an")

    def test_a_public_root_can_be_distrusted(self, office: Office) -> None:
        public = office.json("trust", "list", "--public")
        assert len(public) > 20
        assert {row["decision"] for row in public} == {"public"}
        name = public[0]["sha256"]
        assert public[0]["subject"] in office.siegel("trust", "distrust", name)
        after = {row["sha256"]: row for row in office.json("trust", "list", "--public")}
        assert after[name]["decision"] == "distrusted"
        assert len(after) == len(public)

    def test_an_unknown_name_is_66(self, shared: Office) -> None:
        for verb in ("distrust", "withdraw"):
            one_line(shared.ask("trust", verb, "Unbekannt"), 66, "0 certificates")


class TestRules:
    def test_every_rule_is_shown_with_what_it_does(self, shared: Office) -> None:
        values = shared.json("rules", "show")
        shown = shared.siegel("rules", "show")
        assert values["mode"] == "automatic"
        assert all(re.search(rf"^{name} +\S+ +\S", shown, re.M) for name in values)

    @pytest.mark.parametrize(
        ("name", "value", "stored"),
        [
            ("mode", "offered", "offered"),
            ("bulk_recipient_limit", "20", 20),
            ("subject_tag", "false", False),
            ("must_encrypt_domains", '["partner.example"]', ["partner.example"]),
            ("subject_word", "vertraulich", "vertraulich"),
            ("subject_word", "null", None),
        ],
    )
    def test_a_rule_is_set(self, office: Office, name: str, value: str, stored: object) -> None:
        assert office.siegel("rules", "set", name, value) == f"{name} = {json.dumps(stored)}\n"
        assert office.json("rules", "show")[name] == stored
        (entry,) = office.json("journal", "--action", "rule.changed")
        assert (entry["about"], entry["detail"]["after"]) == (name, stored)

    def test_a_wrong_rule_or_value_is_refused(self, shared: Office) -> None:
        one_line(shared.ask("rules", "set", "mood", "good"), 78, "mood")
        one_line(shared.ask("rules", "set", "mode", "sometimes"), 78, "mode")
        one_line(shared.ask("rules", "set", "bulk_senders", "[oops"), 2, "not JSON")

    def test_explain_says_what_would_happen(self, shared: Office) -> None:
        explained = shared.json("rules", "explain", "--from", ALICE.address, "--to", HUBER.address)
        assert explained["plan"] == "sign_and_encrypt"
        assert explained["recipients"] == {HUBER.address: []}
        nobody = shared.json(
            "rules", "explain", "--from", ALICE.address, "--to", HUBER.address,
            "--to", "x@nirgends.example",
        )  # fmt: skip
        assert nobody["plan"] == "sign"
        assert nobody["recipients"]["x@nirgends.example"] == ["no_certificate"]
        assert set(nobody) == {
            "plan",
            "reasons",
            "encryption",
            "sender",
            "recipients",
            "copies",
            "levels",
        }
        assert nobody["copies"] == []
        (copy,) = explained["copies"]
        assert (copy["recipients"], copy["cipher"]) == ([HUBER.address], "aes256-cbc")
        assert shared.json("journal", "--action", "outbound.sign") == [], "nothing is sent"

    def test_a_wish_that_cannot_be_met_is_refused(self, shared: Office) -> None:
        given = ("--from", ALICE.address, "--to", "x@nirgends.example", "--wish", "encrypt")
        assert shared.json("rules", "explain", *given)["plan"] == "refused"
        german = shared.siegel("rules", "explain", *given)
        english = shared.siegel("rules", "explain", *given, "--language", "en")
        assert german.startswith("Die Nachricht wird nicht gesendet.\n")
        assert english.startswith("The message is not sent.\n")

    def test_an_address_that_is_none_is_65(self, shared: Office) -> None:
        one_line(shared.ask("rules", "explain", "--from", "x", "--to", HUBER.address), 65)

    @pytest.mark.requirement("A73", "A74")
    @pytest.mark.parametrize("language", ["de", "en"])
    @pytest.mark.parametrize(
        ("name", "obstacle"),
        [
            ("ursula", Obstacle.NOT_TRUSTED),
            ("norbert", Obstacle.NOT_YET_VALID),
            ("emil", Obstacle.EXPIRED),
            ("otto", Obstacle.ADDRESS_DIFFERS),
            ("sina", Obstacle.WRONG_USAGE),
            ("wanda", Obstacle.WEAK_KEY),
            (None, Obstacle.NO_CERTIFICATE),
        ],
    )
    def test_every_obstacle_comes_with_its_next_step(
        self, shared: Office, name: str | None, obstacle: Obstacle, language: str
    ) -> None:
        person = WORLD.person(name) if name else None
        address = "niemand@nirgends.example"
        if person is not None:
            shared.add_certificate(person)
            address = "otto@elsewhere.example" if name == "otto" else person.address
        given = ("--from", ALICE.address, "--to", address)
        found = shared.json("rules", "explain", *given)["recipients"][address]
        if name == "otto":
            assert found == [], "the certificate is for that address"
            return
        assert obstacle.value in found
        text = shared.siegel("rules", "explain", *given, "--language", language)
        about_them = text.partition(f"\n{address}:")[2]
        assert about_them.count("\n    → ") == len(found)

    def test_the_senders_own_obstacles_are_explained(self, shared: Office) -> None:
        given = ("--from", BOB.address, "--to", HUBER.address)
        explained = shared.json("rules", "explain", *given)
        assert explained["plan"] == "plain"
        assert explained["sender"] == ["no_certificate"]
        assert "\n    → " in shared.siegel("rules", "explain", *given)


class TestJournal:
    def test_the_newest_comes_first_and_the_limit_holds(self, shared: Office) -> None:
        numbers = [entry["number"] for entry in shared.json("journal", "--limit", "10000")]
        assert numbers == sorted(numbers, reverse=True)
        assert len(shared.json("journal", "--limit", "2")) == 2

    def test_filters(self, shared: Office) -> None:
        (first,) = shared.json("journal", "--number", "1")
        assert set(first) == {
            "number", "at", "actor", "action", "about", "message_id", "recipients", "reasons",
            "detail",
        }  # fmt: skip
        created = shared.json("journal", "--action", "account.created")
        assert {entry["about"] for entry in created} == {ALICE.address, BOB.address}
        his = shared.json("journal", "--address", BOB.address)
        assert {entry["about"] for entry in his} == {BOB.address}
        assert shared.json("journal", "--message-id", "<none@x>") == []
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        assert shared.json("journal", "--since", tomorrow) == []
        assert "account.created" in shared.siegel("journal")


class TestHouse:
    def test_config_describe_is_a_configuration(self, office: Office) -> None:
        text = office.siegel("config", "describe")
        assert "[gateway.outbound]" in text
        (office.folder / "described.toml").write_text(text, "utf-8")
        from siegel.config.load import load

        assert load(office.folder / "described.toml").gateway.max_message_mib > 0

    def test_config_check_names_every_problem_and_then_none(self, office: Office) -> None:
        said = office.siegel("config", "check", status=78)
        assert "gateway.outbound.next_hop: the folder" in said
        for name in ("data", "inside", "outside"):
            (office.folder / name).mkdir(exist_ok=True)
        # whether the port of the pages is free on this machine is not asked here
        found = [line for line in office.ask("config", "check").text.splitlines()
                 if not line.startswith("web.listen")]  # fmt: skip
        assert found in (["the configuration is sound"], ["1 problems"])

    def test_the_key_file_is_made_once_and_rotated(self, office: Office) -> None:
        key = office.folder / "siegel.key"
        before = key.read_bytes()
        assert key.stat().st_mode & 0o777 == 0o600
        one_line(office.ask("key", "create"), 65, "bring that one back")
        office.add_person(ALICE)
        said = office.siegel("key", "rotate")
        assert said == "1 private keys sealed anew; keep a copy of the new file\n"
        assert key.read_bytes() != before
        assert office.folder.joinpath("siegel.key.old").read_bytes() == before
        assert len(office.json("certificate", "list", "--own")) == 1

    def test_without_its_key_file_nothing_is_imported(self, office: Office) -> None:
        (office.folder / "siegel.key").unlink()
        desk = Desk(office.folder)
        given = (desk.p12(ALICE), "--passphrase-file", desk.passphrase)
        one_line(office.ask("certificate", "import", *given), 78, "siegel.key is missing")

    def test_an_administrator_is_created_and_gets_a_new_password(self, office: Office) -> None:
        secret = "ein langes Passwort für Ärger"
        file = Desk(office.folder).file("password", f"{secret}\r\n".encode())
        given = ("admin", "create", "Chef@office.example", "--password-file", file)
        for _ in range(2):
            said = office.ask(*given, "--name", "Chefin")
            assert (said.code, said.text) == (0, "Chef@office.example is an administrator\n")
        assert secret not in json.dumps(office.json("journal"))
        short = Desk(office.folder).file("short", b"kurz")
        one_line(office.ask(*given[:-1], short), 2, "12 characters")

    def test_people_are_listed_let_go_and_let_in_again(self, office: Office) -> None:
        file = Desk(office.folder).file("password", b"ein langes Passwort\n")
        for email in ("eins@office.example", "zwei@office.example"):
            office.siegel("admin", "create", email, "--password-file", file)
        said = office.siegel("admin", "deactivate", "zwei@office.example")
        assert said == "zwei@office.example cannot sign in any more\n"
        listed = office.json("admin", "list")
        assert [(each["email"], each["active"]) for each in listed] == [
            ("eins@office.example", True),
            ("zwei@office.example", False),
        ]
        assert listed[0]["roles"] == ["administrator"]
        assert "zwei@office.example        no" in office.siegel("admin", "list")
        one_line(office.ask("admin", "deactivate", "eins@office.example"), 65, "last administrator")
        one_line(office.ask("admin", "deactivate", "drei@office.example"), 66, "no user")
        office.siegel("admin", "reactivate", "zwei@office.example")
        office.siegel("admin", "deactivate", "eins@office.example")

    def test_a_lost_second_factor_is_removed(self, office: Office) -> None:
        file = Desk(office.folder).file("password", b"ein langes Passwort\n")
        office.siegel("admin", "create", "eins@office.example", "--password-file", file)
        said = office.siegel("admin", "reset-second-factor", "eins@office.example")
        assert "0 second factors removed" in said
        assert office.json("journal")[0]["action"] == "user.second_factor_reset"
        one_line(office.ask("admin", "reset-second-factor", "x@office.example"), 66, "no user")

    @pytest.mark.requirement("A89")
    def test_several_people_work_with_one_account(self, office: Office) -> None:
        file = Desk(office.folder).file("password", b"ein langes Passwort\n")
        office.siegel("admin", "create", "eva@office.example", "--password-file", file)
        office.siegel("account", "add", "info@office.example")
        pair = ("info@office.example", "eva@office.example")
        said = office.siegel("account", "admit", *pair, "--as", "deputy", "--until", "2099-01-01")
        assert said == "eva@office.example works with info@office.example as deputy\n"
        one_line(office.ask("account", "admit", *pair, "--until", "2001-01-01"), 65, "ends before")
        office.siegel("account", "dismiss", *pair)
        one_line(office.ask("account", "dismiss", *pair), 66, "does not work with")
        actions = [entry["action"] for entry in office.json("journal")]
        assert actions[:2] == ["account.person_removed", "account.person_admitted"]

    def test_migrate_can_be_called_any_time(self, office: Office) -> None:
        for _ in range(2):
            assert office.siegel("store", "migrate") == "the store is up to date\n"

    def test_a_folder_that_is_no_backup_is_refused(self, office: Office, tmp_path: Path) -> None:
        (tmp_path / "other").mkdir()
        one_line(office.ask("store", "restore", str(tmp_path / "other")), 78, "not a backup")
        one_line(office.ask("store", "restore", str(tmp_path / "no")), 2, "no")
        (tmp_path / "full").mkdir()
        (tmp_path / "full" / "file").touch()
        one_line(office.ask("store", "backup", str(tmp_path / "full")), 65, "not empty")


def test_secrets_stand_nowhere(office: Office) -> None:
    """Neither in what is said nor in the folder: the passphrase, the key as such."""
    desk = Desk(office.folder / "desk")
    desk.folder.mkdir()
    office.siegel("account", "add", ALICE.address)
    said = office.siegel(
        "certificate", "import", desk.p12(ALICE), "--passphrase-file", desk.passphrase
    )
    shown = said + office.siegel("journal") + office.siegel("certificate", "show", FINGERPRINT)
    assert PASSPHRASE not in shown
    for file in office.folder.glob("siegel.db*"):
        content = file.read_bytes()
        assert PASSPHRASE.encode() not in content
        assert ALICE.pkcs8 not in content


def test_hostile_certificates_are_harmless_in_every_list(office: Office) -> None:
    role = Role(
        name="evil", address="evil@partner.example", subject="E\x1b[2J\u202evil\x9b", key="huber"
    )
    certificate = create_certificate(role, WORLD.authority("issuing"))
    pem = Desk(office.folder).file("evil.pem", certificate.public_bytes(Encoding.PEM))
    outputs = [
        office.siegel("certificate", "import", pem),
        office.siegel("certificate", "list"),
        office.siegel("certificate", "list", "--json"),
        office.siegel("certificate", "show", "evil@partner.example"),
        office.siegel("journal"),
    ]
    for text in outputs:
        assert all(c.isprintable() or c == "\n" for c in text), ascii(text)


@pytest.mark.requirement("A5")
def test_a_certificate_of_an_organisation_is_bound_listed_and_unbound(office: Office) -> None:
    office.add_certificate(HUBER)
    said = office.siegel("certificate", "bind", HUBER.address, "School.example", "--why", "Vertrag")
    assert said.splitlines()[0].startswith("bound to school.example by administration: CN=Hans")
    assert "siegel rules set organisation_certificates true" in said
    listed = json.loads(office.siegel("certificate", "bindings", "--json"))
    assert [(one["name"], one["why"]) for one in listed] == [("school.example", "Vertrag")]
    assert "school.example" in office.siegel("certificate", "bindings")
    shown = json.loads(office.siegel("certificate", "show", HUBER.address, "--json"))
    assert shown["bound_by_administration"] == ["school.example"]
    office.siegel("rules", "set", "organisation_certificates", "true")
    again = office.siegel("certificate", "bind", HUBER.address, "teacher@school.example")
    assert "it receives what is encrypted for those who have no certificate" in again
    assert office.siegel("certificate", "unbind", HUBER.address, "school.example") == (
        "no longer bound to school.example\n"
    )
    assert "certificate.unbound" in {entry["action"] for entry in office.json("journal")}
