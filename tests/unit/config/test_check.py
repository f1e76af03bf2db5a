"""What keeps a configuration from working on this machine is found before the start."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from siegel.config.check import check
from siegel.config.schema import Gateway, Keys, Organisation, OutboundListener, Settings, Store, Web
from siegel.config.values import Listen, MaildirHop, SqliteUrl

ANY = Listen("127.0.0.1", 0)


@pytest.fixture
def good(tmp_path: Path) -> Settings:
    key_file = tmp_path / "key"
    key_file.write_bytes(b"k" * 32)
    key_file.chmod(0o600)
    base = Settings()
    return Settings(
        organisation=Organisation(name="Office", domains=("office.example",)),
        store=Store(url=SqliteUrl(str(tmp_path / "siegel.db")), data_dir=tmp_path),
        keys=Keys(file=key_file),
        gateway=Gateway(
            outbound=replace(base.gateway.outbound, listen=ANY),
            inbound=replace(base.gateway.inbound, listen=ANY),
        ),
        web=Web(listen=ANY),
    )


def problems(settings: Settings) -> list[str]:
    return [str(problem) for problem in check(settings)]


def test_a_good_configuration_has_no_problems(good: Settings) -> None:
    assert problems(good) == []


def test_an_empty_organisation_is_a_problem(good: Settings) -> None:
    found = problems(replace(good, organisation=Organisation()))
    assert [line.split(":")[0] for line in found] == ["organisation.name", "organisation.domains"]


def test_a_missing_data_folder_is_a_problem(good: Settings, tmp_path: Path) -> None:
    store = replace(good.store, data_dir=tmp_path / "gone")
    assert problems(replace(good, store=store)) == [
        f"store.data_dir: the folder {tmp_path / 'gone'} does not exist"
    ]


def test_a_data_folder_for_everybody_is_a_problem(good: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    found = problems(replace(good, store=replace(good.store, data_dir=folder)))
    assert found == [f"store.data_dir: everybody may write into {folder}; chmod o-w {folder}"]


def test_the_folder_of_the_database_and_of_a_maildir_are_looked_at(
    good: Settings, tmp_path: Path
) -> None:
    hop = OutboundListener(listen=ANY, next_hop=MaildirHop(tmp_path / "mail"))
    settings = replace(
        good,
        store=replace(good.store, url=SqliteUrl(str(tmp_path / "no" / "x.db"))),
        gateway=replace(good.gateway, outbound=hop),
    )
    assert [line.split(":")[0] for line in problems(settings)] == [
        "store.url",
        "gateway.outbound.next_hop",
    ]


def test_a_key_file_that_others_may_read_is_a_problem(good: Settings) -> None:
    good.keys.file.chmod(0o640)
    assert problems(good) == [
        f"keys.file: others may read {good.keys.file}; chmod 600 {good.keys.file}"
    ]


def test_a_missing_key_file_is_a_problem(good: Settings) -> None:
    good.keys.file.unlink()
    assert problems(good) == [f"keys.file: the file {good.keys.file} does not exist"]


def test_certificate_and_key_of_starttls_belong_together(good: Settings, tmp_path: Path) -> None:
    gateway = replace(good.gateway, tls_certificate=tmp_path / "gone.pem")
    assert [line.split(":")[0] for line in problems(replace(good, gateway=gateway))] == [
        "gateway.tls_certificate",
        "gateway.tls_certificate",
    ]


def test_a_tls_key_may_be_shared_with_a_group_but_not_with_everybody(
    good: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "tls.pem"
    file.write_text("x")
    gateway = replace(good.gateway, tls_certificate=file, tls_key_file=file)
    file.chmod(0o640)
    assert problems(replace(good, gateway=gateway)) == []
    file.chmod(0o644)
    assert problems(replace(good, gateway=gateway)) == [
        f"gateway.tls_key_file: others may read {file}; chmod o= {file}"
    ]


def test_a_taken_port_is_a_problem_only_while_we_do_not_hold_it(good: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = Listen("127.0.0.1", other.getsockname()[1])
        settings = replace(good, web=Web(listen=taken))
        assert problems(settings) == [
            f"web.listen: cannot listen on {taken}: another program (or Siegel itself) holds it"
        ]
        assert check(settings, ports=False) == ()


def test_an_address_that_is_not_ours_is_a_problem(good: Settings) -> None:
    found = problems(replace(good, web=Web(listen=Listen("192.0.2.1", 0))))
    assert len(found) == 1
    assert found[0].startswith("web.listen: cannot listen on 192.0.2.1:0")
