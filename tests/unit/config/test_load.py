"""The configuration file: what is read, and what is refused with a sentence that helps."""

import ipaddress
from pathlib import Path

import pytest

from siegel.base.errors import ConfigurationError
from siegel.config.load import load, parse
from siegel.config.schema import Revocation, Settings
from siegel.config.values import Listen, MaildirHop, PostgresUrl, Proxy, SmtpHop, SqliteUrl
from siegel.policy.roles import Role

FOLDER = Path("/etc/siegel")


def read(text: str) -> Settings:
    return parse(text, folder=FOLDER)


def test_an_empty_file_means_the_defaults() -> None:
    assert read("") == Settings()


def test_every_section_is_read() -> None:
    settings = read(
        """
        [organisation]
        name = "Landratsamt"
        domains = ["Office.Example", "bücher.example"]
        language = "en"
        [store]
        url = "postgresql://siegel@db.example:5433/mail?sslmode=verify-full"
        data_dir = "data"
        [keys]
        file = "/secret/kek"
        [gateway]
        max_message_mib = 25
        allowed_clients = ["10.0.0.0/8"]
        [gateway.outbound]
        listen = "[::1]:2500"
        next_hop = "smtp://mail.office.example:2525"
        next_hop_tls = "required"
        [gateway.inbound]
        next_hop = "maildir:/var/mail"
        [web]
        listen = "0.0.0.0:8000"
        [log]
        level = "DEBUG"
        """
    )
    assert settings.organisation.domains == ("office.example", "xn--bcher-kva.example")
    assert settings.store.url == PostgresUrl(
        "mail", "siegel", "db.example", 5433, (("sslmode", "verify-full"),)
    )
    assert settings.store.data_dir == FOLDER / "data"
    assert settings.keys.file == Path("/secret/kek")
    assert settings.gateway.allowed_clients == (ipaddress.ip_network("10.0.0.0/8"),)
    assert settings.gateway.outbound.listen == Listen("::1", 2500)
    assert settings.gateway.outbound.next_hop == SmtpHop("mail.office.example", 2525)
    assert settings.gateway.inbound.next_hop == MaildirHop(Path("/var/mail"))
    assert settings.gateway.inbound.listen == Listen("127.0.0.1", 10027)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("sqlite:///var/lib/s.db", "/var/lib/s.db", id="ok/absolute"),
        pytest.param("sqlite:////var/lib/s.db", "/var/lib/s.db", id="ok/four_slashes"),
        pytest.param("sqlite:s.db", "/etc/siegel/s.db", id="ok/beside_the_file"),
        pytest.param("sqlite:///var/l%20ib/s.db", "/var/l ib/s.db", id="ok/percent"),
    ],
)
def test_sqlite_urls(url: str, expected: str) -> None:
    assert read(f'[store]\nurl = "{url}"').store.url == SqliteUrl(expected)


def test_notices_come_from_a_given_address_or_the_first_domain() -> None:
    assert read("").organisation.notices_sender() is None
    domains = '[organisation]\ndomains = ["Office.example", "b.example"]\n'
    assert str(read(domains).organisation.notices_sender()) == "siegel@office.example"
    given = read(f'{domains}notices_from = "post@b.example"').organisation.notices_sender()
    assert str(given) == "post@b.example"


def test_groups_of_the_identity_provider_become_a_table_of_roles() -> None:
    table = read('[web.oidc]\nmember_groups = ["a", "b"]').web.oidc.table()
    assert table[Role.MEMBER] == {"a", "b"}
    assert table[Role.ADMINISTRATOR] == frozenset()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(
            "[gateway]\nconections = 3", "did you mean gateway.connections", id="fail/typo"
        ),
        pytest.param("[gatway]\n", "unknown key gatway; did you mean gateway", id="fail/section"),
        pytest.param(
            "[log]\ncolour = 1", "unknown key log.colour; known: level", id="fail/unknown"
        ),
        pytest.param("gateway = 3", "gateway must be a section", id="fail/no_section"),
        pytest.param(
            '[gateway]\nconnections = "many"',
            "gateway.connections must be a whole number from 1 to 1000",
            id="fail/text_for_number",
        ),
        pytest.param("[gateway]\nconnections = true", "a whole number", id="fail/bool"),
        pytest.param("[gateway]\nworkers = 0", "from 1 to 64", id="fail/too_small"),
        pytest.param('[log]\nlevel = "LOUD"', '"DEBUG", "INFO"', id="fail/level"),
        pytest.param('[organisation]\nlanguage = "fr"', '"de", "en"', id="fail/language"),
        pytest.param('[organisation]\nname = "a\\nb"', "a line of text", id="fail/line_break"),
        pytest.param('[organisation]\ndomains = "a.de"', "a list as", id="fail/no_list"),
        pytest.param('[organisation]\ndomains = ["a b"]', "domain names", id="fail/domain"),
        pytest.param('[store]\nurl = "mysql://x/y"', "sqlite:///path", id="fail/database"),
        pytest.param('[store]\nurl = "sqlite://host/x"', "only a path", id="fail/sqlite_host"),
        pytest.param(
            '[store]\nurl = "postgresql://u:sesam@h/d"', "password_file", id="fail/password_in_url"
        ),
        pytest.param(
            '[store]\nurl = "postgresql://u@h/"', "name of the database", id="fail/no_name"
        ),
        pytest.param(
            '[store]\nurl = "postgresql://u@h/d?options=-c"', "unknown option", id="fail/option"
        ),
        pytest.param(
            '[store]\nurl = "postgresql://u@h:x/d"', "postgresql://user", id="fail/db_port"
        ),
        pytest.param('[store]\ndata_dir = ""', "a path in quotes", id="fail/empty_path"),
        pytest.param('[web]\nlisten = "localhost:80"', "IP address", id="fail/name_as_listen"),
        pytest.param('[web]\nlisten = "::1:80"', "IP address", id="fail/unbracketed"),
        pytest.param('[web]\nlisten = "127.0.0.1"', "an address and a port", id="fail/no_port"),
        pytest.param('[web]\nlisten = "127.0.0.1:70000"', "a port", id="fail/port_range"),
        pytest.param(
            '[gateway]\nallowed_clients = ["10.0.0.1/8"]', "networks", id="fail/host_bits"
        ),
        pytest.param(
            '[gateway.inbound]\nnext_hop = "http://x:1"', '"smtp://host:port"', id="fail/hop"
        ),
        pytest.param(
            '[organisation]\nnotices_from = "nobody"', "an address as", id="fail/notices_from"
        ),
        pytest.param(
            '[web.oidc]\nissuer = "http://id.example"', "https://id.office", id="fail/issuer"
        ),
        pytest.param(
            '[web.oidc]\nissuer = "https://id.example"',
            "web.oidc.client_id is missing",
            id="fail/half_a_provider",
        ),
        pytest.param(
            '[web.oidc]\nissuer = "https://id.example"\nclient_id = "s"\nclient_secret_file = "x"',
            "web.oidc.administrator_groups is missing",
            id="fail/provider_without_groups",
        ),
        pytest.param('[web.oidc]\nmember_groups = [""]', "a list of names", id="fail/no_group"),
        pytest.param("x = [", "not TOML", id="fail/toml"),
        pytest.param("[web]\n[web]\n", "not TOML", id="fail/twice"),
    ],
)
def test_wrong_values_name_the_key_and_what_it_must_be(text: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(text)
    assert words in str(caught.value)
    assert "sesam" not in str(caught.value)


def test_an_error_brings_the_line_that_explains_the_key() -> None:
    with pytest.raises(ConfigurationError, match="more are asked to come back later"):
        read("[gateway]\nconnections = 0")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param(
            '[gateway.inbound]\nlisten = "127.0.0.1:10025"', "gateway.inbound.listen", id="same"
        ),
        pytest.param('[web]\nlisten = "0.0.0.0:10027"', "web.listen", id="any_address"),
        pytest.param('[web]\nlisten = "[::]:10027"', "web.listen", id="any_address_6"),
    ],
)
def test_two_listeners_cannot_share_a_port(text: str, key: str) -> None:
    with pytest.raises(ConfigurationError, match="needs its own port") as caught:
        read(text)
    assert caught.value.params["key"] == key


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_next_hop_that_is_our_own_listener_is_refused(host: str) -> None:
    with pytest.raises(ConfigurationError, match="mail would go round"):
        read(f'[gateway.outbound]\nnext_hop = "smtp://{host}:10027"')


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml")


def test_errors_name_the_file(tmp_path: Path) -> None:
    file = tmp_path / "siegel.toml"
    file.write_text("[log]\nlevel = 3")
    with pytest.raises(ConfigurationError, match=r"siegel\.toml: log\.level") as caught:
        load(file)
    assert caught.value.params["key"] == "log.level"


def test_octets_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "siegel.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        load(file)


def secret_file(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    file = folder / "password"
    file.write_bytes(content)
    file.chmod(mode)
    return file


def test_a_password_comes_from_its_own_file(tmp_path: Path) -> None:
    secret_file(tmp_path, b"pass word\n")
    settings = parse('[store]\npassword_file = "password"', folder=tmp_path)
    assert settings.store.password is not None
    assert settings.store.password.reveal() == b"pass word"
    assert "pass word" not in repr(settings)


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        pytest.param(b"x", 0o604, "open to everybody", id="fail/open"),
        pytest.param(b"\n", 0o600, "empty or too long", id="fail/empty"),
        pytest.param(b"x" * 5000, 0o600, "empty or too long", id="fail/long"),
    ],
)
def test_a_secret_file_must_be_one(tmp_path: Path, content: bytes, mode: int, words: str) -> None:
    secret_file(tmp_path, content, mode)
    with pytest.raises(ConfigurationError, match=words) as caught:
        parse('[web]\nsecret_file = "password"', folder=tmp_path)
    assert caught.value.params["key"] == "web.secret_file"


def test_a_missing_secret_file_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"store\.password_file: cannot read"):
        parse('[store]\npassword_file = "gone"', folder=tmp_path)


def test_fetching_is_configured() -> None:
    assert read("").revocation == Revocation(fetch=True, private_hosts=(), proxy=None)
    settings = read(
        """
        [revocation]
        fetch = false
        private_hosts = ["CRL.office.example", "10.1.2.3:8080", "::1"]
        proxy = "http://proxy.office.example:3128"
        """
    )
    assert settings.revocation == Revocation(
        fetch=False,
        private_hosts=("crl.office.example", "10.1.2.3:8080", "::1"),
        proxy=Proxy("proxy.office.example", 3128),
    )
    assert str(settings.revocation.proxy) == "http://proxy.office.example:3128"


@pytest.mark.parametrize(
    "line",
    [
        "fetch = 1",
        'fetch = "yes"',
        'private_hosts = "crl.office.example"',
        'private_hosts = ["http://crl.office.example"]',
        'private_hosts = ["10.0.0.0/8"]',
        'private_hosts = ["*"]',
        'proxy = "proxy.office.example:3128"',
        'proxy = "http://user@proxy.office.example:3128"',
        'proxy = "https://proxy.office.example:3128"',
    ],
)
def test_what_fetching_may_do_is_exact(line: str) -> None:
    with pytest.raises(ConfigurationError, match=r"revocation\."):
        read(f"[revocation]\n{line}\n")
