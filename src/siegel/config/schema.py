"""Every key of the configuration file: its type, its default and the line that explains it.

This module is the only list of them; ``load`` reads by it and ``describe`` prints it. Secrets are
never values of the file, only paths of files (``…_file``).
"""

import ipaddress
import socket
from dataclasses import dataclass, field, fields
from pathlib import Path

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.config import values
from siegel.config.secrets import read_secret
from siegel.config.values import Listen, Network, NextHop, Proxy, SmtpHop, SqliteUrl, StoreUrl
from siegel.policy.robot import RobotRules
from siegel.policy.roles import Role, RoleTable


def key(reader: values.Reader[object], explanation: str) -> dict[str, object]:
    """Metadata of a key: how its value is read, and the line that explains it."""
    return {"reader": reader, "help": explanation}


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who this installation works for: one organisation, which may have several domains."""

    name: str = field(
        default="",
        metadata=key(values.text, "The organisation's name, as people read it in notices."),
    )
    domains: tuple[str, ...] = field(
        default=(),
        metadata=key(
            values.domains, "Mail domains of the organisation; addresses below them are internal."
        ),
    )
    language: str = field(
        default="de",
        metadata=key(
            values.one_of("de", "en"), "Language of notices and pages by default: de or en."
        ),
    )
    notices_from: EmailAddress | None = field(
        default=None,
        metadata=key(
            values.optional_address,
            "Sender of alarms and reminders; with an account and a certificate they are signed. "
            "Empty = siegel@ and the first domain.",
        ),
    )

    def notices_sender(self) -> EmailAddress | None:
        """None: there is no domain to send from."""
        if self.notices_from is None and self.domains:
            return EmailAddress.parse(f"siegel@{self.domains[0]}")
        return self.notices_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Where everything lives that must not be lost."""

    url: StoreUrl = field(
        default=SqliteUrl("/var/lib/siegel/siegel.db"),
        metadata=key(
            values.store_url,
            "sqlite:///path (one machine) or postgresql://user@host:5432/name (no password here).",
        ),
    )
    password_file: Path | None = field(
        default=None,
        metadata=key(
            values.optional_path, "File with the password of the PostgreSQL user; empty = none."
        ),
    )
    data_dir: Path = field(
        default=Path("/var/lib/siegel"),
        metadata=key(values.path, "Folder of the kept messages; only Siegel's user enters."),
    )

    @property
    def password(self) -> Secret | None:
        return None if self.password_file is None else read_secret(self.password_file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What seals the private keys in the store."""

    file: Path = field(
        default=Path("/etc/siegel/siegel.key"),
        metadata=key(
            values.path,
            "The key file (32 octets, mode 0600). Keep a copy apart from the backups: without it "
            "the private keys in the store are lost.",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundListener:
    """Mail of the organisation on its way out; the mail server hands it over here."""

    listen: Listen = field(
        default=Listen("127.0.0.1", 10025),
        metadata=key(values.listen, "IP address and port of the outbound listener."),
    )
    next_hop: NextHop = field(
        default=SmtpHop("127.0.0.1", 10026),
        metadata=key(
            values.next_hop,
            "Who takes finished mail: smtp://host:port (back into the mail server), maildir:/path.",
        ),
    )
    next_hop_tls: str = field(
        default="opportunistic",
        metadata=key(
            values.one_of("none", "opportunistic", "required"),
            "STARTTLS towards the next hop: none, opportunistic or required.",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundListener:
    """Mail from outside on its way in; the role belongs to the port, never to an address."""

    listen: Listen = field(
        default=Listen("127.0.0.1", 10027),
        metadata=key(values.listen, "IP address and port of the inbound listener."),
    )
    next_hop: NextHop = field(
        default=SmtpHop("127.0.0.1", 10028),
        metadata=key(
            values.next_hop,
            "Who takes opened mail: smtp://host:port (back into the mail server), maildir:/path.",
        ),
    )
    next_hop_tls: str = field(
        default="opportunistic",
        metadata=key(
            values.one_of("none", "opportunistic", "required"),
            "STARTTLS towards the next hop: none, opportunistic or required.",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pkcs11:
    """Hardware that keeps private keys and signs and decrypts with them (PKCS #11)."""

    module: Path | None = field(
        default=None,
        metadata=key(
            values.optional_path,
            "Library of the token's maker, as /usr/lib/softhsm/libsofthsm2.so; empty = none.",
        ),
    )
    token: str = field(default="", metadata=key(values.text, "Label of the token."))
    pin_file: Path | None = field(
        default=None,
        metadata=key(values.optional_path, "File with the PIN of the token's user; empty = none."),
    )

    @property
    def pin(self) -> Secret | None:
        return None if self.pin_file is None else read_secret(self.pin_file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """What both listeners have in common."""

    hostname: str = field(
        default="",
        metadata=key(
            values.text, "Name in greetings and trace fields; empty = the name of this machine."
        ),
    )
    max_message_mib: int = field(
        default=50,
        metadata=key(
            values.whole_number(1, 500),
            "Largest message in MiB; it lies in memory about four times.",
        ),
    )
    connections: int = field(
        default=50,
        metadata=key(
            values.whole_number(1, 1000), "Connections at once; more are asked to come back later."
        ),
    )
    workers: int = field(
        default=4,
        metadata=key(
            values.whole_number(1, 64), "Messages worked on at once; about two for each processor."
        ),
    )
    allowed_clients: tuple[Network, ...] = field(
        default=(ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("::1/128")),
        metadata=key(
            values.networks,
            "Networks that may hand in mail; there is no login, so name your mail servers only.",
        ),
    )
    idle_seconds: int = field(
        default=300,
        metadata=key(
            values.whole_number(5, 3600), "A silent client is disconnected after so many seconds."
        ),
    )
    next_hop_seconds: int = field(
        default=300,
        metadata=key(
            values.whole_number(5, 3600), "How long the next hop may take to answer, in seconds."
        ),
    )
    drain_seconds: int = field(
        default=30,
        metadata=key(
            values.whole_number(0, 600), "After SIGTERM running messages get so long to finish."
        ),
    )
    tls_certificate: Path | None = field(
        default=None,
        metadata=key(
            values.optional_path, "PEM chain for STARTTLS on both listeners; empty = not offered."
        ),
    )
    tls_key_file: Path | None = field(
        default=None, metadata=key(values.optional_path, "PEM key that belongs to tls_certificate.")
    )
    outbound: OutboundListener = field(default_factory=OutboundListener)
    inbound: InboundListener = field(default_factory=InboundListener)

    def announced_name(self) -> str:
        return self.hostname or socket.getfqdn()


@dataclass(frozen=True, slots=True, kw_only=True)
class Oidc:
    """Sign-in by the organisation's identity provider; whoever has none of the groups has left."""

    issuer: str = field(
        default="",
        metadata=key(
            values.optional_issuer,
            "Address of the provider, without /.well-known; empty = people sign in here only.",
        ),
    )
    client_id: str = field(
        default="", metadata=key(values.text, "Name of this application at the provider.")
    )
    client_secret_file: Path | None = field(
        default=None,
        metadata=key(values.optional_path, "File with the secret of this application."),
    )
    groups_claim: str = field(
        default="groups",
        metadata=key(
            values.text,
            "Claim that lists a person's groups; a path with dots leads into objects.",
        ),
    )
    verified_claim: str = field(
        default="email_verified",
        metadata=key(
            values.text, "Claim by which the provider says that it checked the e-mail address."
        ),
    )
    member_groups: tuple[str, ...] = field(
        default=(), metadata=key(values.names, "Groups whose people may use their own accounts.")
    )
    certificate_manager_groups: tuple[str, ...] = field(
        default=(), metadata=key(values.names, "Groups whose people look after certificates.")
    )
    administrator_groups: tuple[str, ...] = field(
        default=(), metadata=key(values.names, "Groups whose people administer everything.")
    )

    @property
    def client_secret(self) -> Secret | None:
        return None if self.client_secret_file is None else read_secret(self.client_secret_file)

    def table(self) -> RoleTable:
        return {
            Role.MEMBER: frozenset(self.member_groups),
            Role.CERTIFICATE_MANAGER: frozenset(self.certificate_manager_groups),
            Role.ADMINISTRATOR: frozenset(self.administrator_groups),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """The pages."""

    listen: Listen = field(
        default=Listen("127.0.0.1", 8025),
        metadata=key(values.listen, "IP address and port; put a TLS proxy in front."),
    )
    secret_file: Path | None = field(
        default=None,
        metadata=key(
            values.optional_path,
            "File with 32 random characters or more that sign cookies; empty = new at every start.",
        ),
    )
    url: str = field(
        default="",
        metadata=key(
            values.optional_origin,
            "Address people type, as https://siegel.office.example; empty = http on this machine "
            "only. With https, cookies are secure and the proxy must set X-Forwarded-Proto.",
        ),
    )
    demo: bool = field(
        default=False,
        metadata=key(values.yes_or_no, "Mark every page as a demo; its data is made up."),
    )
    metrics_token_file: Path | None = field(
        default=None,
        metadata=key(
            values.optional_path,
            "File with the token that monitoring sends to /metrics; empty = asked from this "
            "machine only, and not through a proxy.",
        ),
    )
    require_second_factor: bool = field(
        default=True,
        metadata=key(
            values.yes_or_no,
            "Administrators and certificate managers set up a second factor before anything else; "
            "not asked for in a demo, nor after a sign-in by the identity provider.",
        ),
    )
    oidc: Oidc = field(default_factory=Oidc)

    @property
    def secret(self) -> Secret | None:
        return None if self.secret_file is None else read_secret(self.secret_file)

    @property
    def metrics_token(self) -> Secret | None:
        return None if self.metrics_token_file is None else read_secret(self.metrics_token_file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """Fetching revocation lists, answers and missing certificates; outgoing mail never waits."""

    fetch: bool = field(
        default=True,
        metadata=key(
            values.yes_or_no,
            "Whether incoming mail may look for missing evidence, five seconds at most for each.",
        ),
    )
    private_hosts: tuple[str, ...] = field(
        default=(),
        metadata=key(
            values.hosts,
            "Hosts (host or host:port) that may be asked in spite of a private address or an "
            "unusual port; all others must be on the public Internet.",
        ),
    )
    proxy: Proxy | None = field(
        default=None,
        metadata=key(
            values.optional_proxy,
            "HTTP proxy for these fetches, as http://host:port; empty = none. It then resolves "
            "names and must itself keep private addresses closed.",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookups:
    """Looking for partners' certificates in foreign directories, which administrators enter."""

    resolver: Listen | None = field(
        default=None,
        metadata=key(
            values.optional_loopback,
            "Resolver of this machine that checks DNSSEC, as 127.0.0.1:53; empty = DNS is not "
            "asked for certificates.",
        ),
    )
    private_hosts: tuple[str, ...] = field(
        default=(),
        metadata=key(
            values.hosts,
            "Directories (host or host:port) on this machine, and certificate stores with a "
            "private address or an unusual port.",
        ),
    )
    unencrypted_hosts: tuple[str, ...] = field(
        default=(),
        metadata=key(
            values.hosts,
            "LDAP directories that may be asked without TLS: who is asked for, and a password if "
            "there is one, cross the network in the clear.",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ldap:
    """LDAP for partners and for address books: slapd answers from what is published."""

    listen: Listen | None = field(
        default=None,
        metadata=key(
            values.optional_listen,
            "Address and port of the directory, as 0.0.0.0:389; empty = none.",
        ),
    )
    suffix: str = field(
        default="ou=partners,o=siegel",
        metadata=key(values.distinguished_name, "Search base that address books are given."),
    )
    tls_certificate: Path | None = field(
        default=None,
        metadata=key(
            values.optional_path,
            "Certificate of the server with its chain (PEM): port 636 is TLS from the first octet, "
            "any other offers STARTTLS; empty = without TLS, all that is told there is public.",
        ),
    )
    tls_key_file: Path | None = field(
        default=None, metadata=key(values.optional_path, "Private key of that certificate (PEM).")
    )
    listing: bool = field(
        default=False,
        metadata=key(
            values.yes_or_no,
            "Whether address books may find published people by the beginning of a name; false = "
            "only who knows an address finds its certificate.",
        ),
    )
    searches_per_minute: int = field(
        default=60,
        metadata=key(values.whole_number(1, 10_000), "So many searches one address may make."),
    )
    program: Path = field(
        default=Path("/usr/sbin/slapd"), metadata=key(values.path, "OpenLDAP's slapd.")
    )
    module_folder: Path = field(
        default=Path("/usr/lib/ldap"), metadata=key(values.path, "Where its back_sock lies.")
    )
    schema_folder: Path = field(
        default=Path("/etc/ldap/schema"), metadata=key(values.path, "Where its schemas lie.")
    )


def _authorization(default: str) -> str:
    value: str = field(
        default=default,
        metadata=key(values.optional_endpoint, "Where people give their consent."),
    )
    return value


def _token(default: str) -> str:
    value: str = field(
        default=default,
        metadata=key(values.optional_endpoint, "Where tokens are fetched and renewed."),
    )
    return value


def _scope(default: str) -> str:
    value: str = field(
        default=default,
        metadata=key(values.text, "What is asked for; IMAP and SMTP must be in it."),
    )
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """Another provider of tokens; register this installation with it first."""

    client_id: str = field(
        default="",
        metadata=key(
            values.text, "Name of this application at the provider; empty = not offered to people."
        ),
    )
    client_secret_file: Path | None = field(
        default=None,
        metadata=key(
            values.optional_path, "File with the secret of this application; empty = it has none."
        ),
    )
    authorization_endpoint: str = _authorization("")
    token_endpoint: str = _token("")
    scope: str = _scope("")

    @property
    def client_secret(self) -> Secret | None:
        return None if self.client_secret_file is None else read_secret(self.client_secret_file)


_MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0"
_OUTLOOK = "https://outlook.office.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrosoftClient(OAuthClient):
    """Microsoft 365; an organisation may put its tenant in the place of common."""

    authorization_endpoint: str = _authorization(f"{_MICROSOFT}/authorize")
    token_endpoint: str = _token(f"{_MICROSOFT}/token")
    scope: str = _scope(f"{_OUTLOOK}/IMAP.AccessAsUser.All {_OUTLOOK}/SMTP.Send offline_access")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleClient(OAuthClient):
    """Google; without the query in the address there would be no refresh token."""

    authorization_endpoint: str = _authorization(
        "https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent"
    )
    token_endpoint: str = _token("https://oauth2.googleapis.com/token")
    scope: str = _scope("https://mail.google.com/")


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """Providers of tokens for mailboxes; people consent in their browser (RFC 6749)."""

    microsoft: MicrosoftClient = field(default_factory=MicrosoftClient)
    google: GoogleClient = field(default_factory=GoogleClient)
    other: OAuthClient = field(default_factory=OAuthClient)

    def offered(self) -> dict[str, OAuthClient]:
        every = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: client for name, client in every.items() if client.client_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Mail servers of accounts whose mail is fetched and sent over IMAP and SMTP."""

    private_hosts: tuple[str, ...] = field(
        default=(),
        metadata=key(
            values.hosts,
            "Mail servers (host or host:port) with a private address or an unusual port that "
            "everybody may enter; all others of that kind only an administrator enters.",
        ),
    )
    unencrypted_hosts: tuple[str, ...] = field(
        default=(),
        metadata=key(
            values.hosts,
            "Mail servers that may be used without TLS: passwords and mail cross the network in "
            "the clear. Servers of this machine need not be named.",
        ),
    )
    oauth: OAuth = field(default_factory=OAuth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acme:
    """Certificates from an authority that speaks ACME for mail (RFC 8823), without hand work."""

    directory: str = field(
        default="",
        metadata=key(
            values.optional_directory,
            "Address of the authority's ACME directory, as https://ca.example/directory; empty = "
            "not offered.",
        ),
    )
    contact: EmailAddress | None = field(
        default=None,
        metadata=key(
            values.optional_address, "Whom the authority may write to; empty = notices_from."
        ),
    )
    terms_agreed: bool = field(
        default=False,
        metadata=key(
            values.yes_or_no, "Whether you have read and agree to the authority's terms of service."
        ),
    )
    external_account: str = field(
        default="",
        metadata=key(
            values.text,
            "Key identifier (EAB) of your account at the authority; empty = it needs none.",
        ),
    )
    external_account_key_file: Path | None = field(
        default=None,
        metadata=key(
            values.optional_path,
            "File with the MAC key that belongs to external_account, in base64url.",
        ),
    )
    renew_days: int = field(
        default=30,
        metadata=key(
            values.whole_number(0, 365),
            "So many days before its end a certificate made this way is ordered anew, with a new "
            "key; 0 = never by itself.",
        ),
    )
    private_hosts: tuple[str, ...] = field(
        default=(),
        metadata=key(
            values.hosts,
            "Hosts (host or host:port) of the authority with a private address or an unusual "
            "port; all others must be on the public Internet.",
        ),
    )
    plain_hosts: tuple[str, ...] = field(
        default=(),
        metadata=key(
            values.hosts,
            "Hosts of the authority that are asked without TLS: for trying only, as anybody on "
            "the way may change what they say.",
        ),
    )

    @property
    def external_account_key(self) -> Secret | None:
        file = self.external_account_key_file
        return None if file is None else read_secret(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept that are not certificates or keys (those are kept for ever)."""

    message_days: int = field(
        default=30,
        metadata=key(values.whole_number(1, 3650), "Originals of protected inbound mail, in days."),
    )
    journal_days: int = field(
        default=400, metadata=key(values.whole_number(1, 3650), "Entries of the journal, in days.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """Mail to many, one message for each recipient."""

    mails_per_minute: int = field(
        default=300,
        metadata=key(
            values.whole_number(1, 60_000),
            "So many leave in a minute at most; providers slow down or close what sends faster.",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """The test address: partners write to it and are told what arrived."""

    address: EmailAddress | None = field(
        default=None,
        metadata=key(
            values.optional_address,
            "The test address, as smime-test@office.example; empty = there is none. Give it an "
            "account and a certificate, so that it can read encrypted tests and sign answers.",
        ),
    )
    authserv_ids: tuple[str, ...] = field(
        default=(),
        metadata=key(
            values.names,
            "Names under which your own mail servers write Authentication-Results; they must take "
            "out what others write so. Empty = only validly signed tests are answered.",
        ),
    )
    answers_per_address: int = field(
        default=5,
        metadata=key(values.whole_number(1, 100), "So many answers a day to one address."),
    )
    answers_per_domain: int = field(
        default=50,
        metadata=key(values.whole_number(1, 1000), "So many answers a day to one domain."),
    )
    answers_per_hour: int = field(
        default=100,
        metadata=key(values.whole_number(1, 10_000), "So many answers in an hour to all."),
    )

    def rules(self) -> RobotRules | None:
        """None: there is no test address."""
        if self.address is None:
            return None
        return RobotRules(
            address=self.address,
            authserv_ids=self.authserv_ids,
            per_address=self.answers_per_address,
            per_domain=self.answers_per_domain,
            per_hour=self.answers_per_hour,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The partner site: what people outside see. It is opened on the pages, not here."""

    hosts: tuple[str, ...] = field(
        default=(),
        metadata=key(
            values.domains,
            "Host names at which there is the partner site and nothing else, no sign-in either; "
            "the first is printed in guides and codes. Empty = below /partner/ only.",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What goes to standard error."""

    level: str = field(
        default="INFO",
        metadata=key(
            values.one_of("DEBUG", "INFO", "WARNING", "ERROR"),
            "DEBUG, INFO, WARNING or ERROR. No level shows bodies, subjects or secrets.",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole file."""

    organisation: Organisation = field(default_factory=Organisation)
    store: Store = field(default_factory=Store)
    keys: Keys = field(default_factory=Keys)
    pkcs11: Pkcs11 = field(default_factory=Pkcs11)
    gateway: Gateway = field(default_factory=Gateway)
    web: Web = field(default_factory=Web)
    revocation: Revocation = field(default_factory=Revocation)
    mail: Mail = field(default_factory=Mail)
    acme: Acme = field(default_factory=Acme)
    lookups: Lookups = field(default_factory=Lookups)
    ldap: Ldap = field(default_factory=Ldap)
    retention: Retention = field(default_factory=Retention)
    bulk: Bulk = field(default_factory=Bulk)
    robot: Robot = field(default_factory=Robot)
    directory: Directory = field(default_factory=Directory)
    log: Log = field(default_factory=Log)
