"""``siegel trust refresh``, the warning about an old list, and the catalogue of private roots."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from siegel.cli import config as cli_config
from siegel.pki.anchors import public_email_roots, public_roots_source
from siegel.pki.certificate import parse_certificate
from tests.cli.command import Office, Said, quick
from tests.world import WORLD
from tests.world.certdata import Root, certdata

ROOT = parse_certificate(WORLD.root.der)
SHIPPED_AT = public_roots_source()[1]
KEPT, *GONE = (anchor.certificate for anchor in public_email_roots())


def newest(office: Office, *certificates: bytes) -> str:
    """A list that holds these beside one of the shipped roots, changed a minute ago."""
    path = office.folder / "certdata.txt"
    path.write_bytes(certdata(Root(der=each) for each in (KEPT.der, *certificates)))
    return str(path)


def refused(said: Said, code: int, word: str) -> None:
    assert (said.code, said.text) == (code, ""), (said.text, said.err)
    assert word in said.err


def public(office: Office) -> set[str]:
    rows = office.json("trust", "list", "--public")
    return {row["sha256"] for row in rows if row["decision"] == "public"}


@pytest.mark.requirement("A34", "A35", "A70")
def test_a_list_is_shown_and_then_in_force(office: Office) -> None:
    said = office.siegel("trust", "refresh", "--file", newest(office, WORLD.root.der), "--yes")
    assert f"added: {ROOT.subject}  sha256 {ROOT.fingerprint}\n" in said
    for root in GONE:
        assert f"sha256 {root.fingerprint}\n" in said
    assert "in force: 2 public roots for e-mail, list of 20" in said
    assert public(office) == {KEPT.fingerprint, ROOT.fingerprint}
    (entry,) = office.json("journal", "--action", "trust.refreshed")
    assert entry["detail"]["added"] == [ROOT.fingerprint]


def test_the_same_list_again_changes_nothing_and_asks_nothing(office: Office) -> None:
    file = newest(office, WORLD.root.der)
    office.siegel("trust", "refresh", "--file", file, "--yes")
    assert "no root changes\n" in office.siegel("trust", "refresh", "--file", file)


@pytest.mark.parametrize(("answer", "code"), [(b"y\n", 0), (b"n\n", 130), (b"", 130)])
def test_without_yes_somebody_has_to_agree(office: Office, answer: bytes, code: int) -> None:
    before = public(office)
    file = newest(office, WORLD.root.der)
    said = office.ask("trust", "refresh", "--file", file, stdin=answer)
    assert said.code == code
    assert f"removed: {GONE[0].subject}" in said.text, "shown before it asks"
    assert (public(office) != before) == (code == 0)


def test_the_day_of_a_file_is_when_it_was_changed(office: Office) -> None:
    file = newest(office)
    past = (SHIPPED_AT - timedelta(days=1)).timestamp()
    os.utime(file, (past, past))
    refused(office.ask("trust", "refresh", "--file", file, "--yes"), 65, "older than the one")
    today = datetime.now(UTC).isoformat()
    office.siegel("trust", "refresh", "--file", file, "--yes", "--date", today)


def test_a_file_that_is_no_such_list_is_refused(office: Office) -> None:
    file = office.folder / "roots.pem"
    file.write_bytes(WORLD.root.pem)
    refused(office.ask("trust", "refresh", "--file", str(file), "--yes"), 65, "roots.pem")
    refused(office.ask("trust", "refresh", "--file", "absent.txt", "--yes"), 66, "absent.txt")


def test_an_up_to_date_list_is_no_matter_for_a_warning(office: Office) -> None:
    office.siegel("trust", "refresh", "--file", newest(office, WORLD.root.der), "--yes")
    assert "warning" not in office.ask("trust", "list").err
    assert "warning" not in office.ask("config", "check").err


def test_checking_the_configuration_warns_of_an_old_list(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a store, as before the first start: about the list that was shipped."""
    monkeypatch.setattr(cli_config, "now", lambda: SHIPPED_AT + timedelta(days=181))
    config = office.folder / "other.toml"
    text = office.config.read_text("utf-8").replace("siegel.db", "absent.db")
    config.write_text(text, "utf-8")
    said = quick("--config", str(config), "config", "check")
    assert "older than 180 days" in said.err
    assert "older than 180 days" not in said.text, "a warning is no problem of the configuration"
    assert not (office.folder / "absent.db").exists()


class TestCatalogue:
    @pytest.mark.requirement("A36", "A37", "A72")
    def test_it_names_the_roots_of_german_authorities_in_both_languages(self) -> None:
        for language, word in (("de", "Rufen Sie"), ("en", "Call them")):
            said = quick("trust", "catalogue", "--language", language)
            assert said.code == 0
            for name in ("PCA-1-Verwaltung-23", "Bayerische Verwaltungs-PKI", "BAMF",
                         "Bundesagentur für Arbeit", word, "https://www.bsi.bund.de/"):  # fmt: skip
                assert name in said.text

    def test_programs_read_it_as_json(self) -> None:
        rows = json.loads(quick("trust", "catalogue", "--json").out)
        assert {row["sha256"] for row in rows} == {""}
        assert all(row["advice"] for row in rows)

    @pytest.mark.requirement("A72")
    def test_nothing_in_it_is_trusted(self, office: Office) -> None:
        before = office.json("trust", "list", "--public")
        office.siegel("trust", "catalogue")
        assert office.json("trust", "list", "--public") == before
        assert not any("PCA-1" in str(row["subject"]) for row in before)
