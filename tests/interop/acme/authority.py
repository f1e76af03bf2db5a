"""acme2certifier in a process of its own: its configuration, its CA, its mail servers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from tests.interop.acme.mail_servers import PASSWORD, USER, MailboxServer, SubmissionServer
from tests.peers.process import Child, free_ports
from tests.peers.server_tls import ServerAuthority
from tests.world import WORLD
from tests.world.private_keys import pkcs8_pem

_CONFIGURATION = Template("""\
[DEFAULT]
debug: True
imap_server: 127.0.0.1
imap_port: $imap
imap_use_ssl: False
smtp_server: 127.0.0.1
smtp_port: $smtp
smtp_use_tls: True
username: $user
password: $password
email_address: $user
connection_timeout: 60

[CAhandler]
handler_module: acme2certifier.cahandlers.openssl_ca_handler
issuing_ca_key: $folder/ca.key
issuing_ca_cert: $folder/ca.pem
issuing_ca_crl: $folder/ca.crl
cert_validity_days: 90
cert_save_path: $folder/certificates
openssl_conf: $folder/openssl.cfg

[DBhandler]
handler: wsgi
dbfile: $folder/acme.db

[Order]
email_identifier_support: True

[Challenge]
http_01_support: False
$eab""")
_CUSTOMERS = Template("""
[EABhandler]
eab_handler_module: acme2certifier.eabhandlers.json_handler
key_file: $folder/eab.json
""")
_OPENSSL = """\
[extensions]
basicConstraints = critical, CA:FALSE
subjectKeyIdentifier = hash, issuer:always
authorityKeyIdentifier = keyid:always, issuer:always
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = emailProtection
"""
EAB_KEY_ID, EAB_KEY = "kunde-1", "ZWluIFNjaGx1ZXNzZWwgbWl0IHp3ZWl1bmRkcmVpc3NpZyBPY3RldHM"


@dataclass(slots=True)
class AuthorityOutside:
    """``asked`` is what its challenge mails are, as they left it."""

    port: int
    mailbox: MailboxServer
    child: Child
    asked: list[bytes] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def directory(self) -> str:
        return f"http://{self.host}/directory"


@contextmanager
def authority_outside(folder: Path, *, external: bool = False) -> Iterator[AuthorityOutside]:
    """Everything of it on loopback; ``external``: it registers known customers only."""
    http, smtp, imap = free_ports(3)
    (folder / "certificates").mkdir()
    (folder / "ca.key").write_bytes(pkcs8_pem(WORLD.root.key))
    (folder / "ca.pem").write_bytes(WORLD.root.pem)
    (folder / "openssl.cfg").write_text(_OPENSSL)
    (folder / "eab.json").write_text(json.dumps({EAB_KEY_ID: EAB_KEY}))
    configuration = folder / "acme.cfg"
    configuration.write_text(
        _CONFIGURATION.substitute(
            imap=imap, smtp=smtp, user=USER, password=PASSWORD, folder=folder,
            eab=_CUSTOMERS.substitute(folder=folder) if external else "",
        )
    )  # fmt: skip
    (folder / "tls").mkdir()
    asked: list[bytes] = []
    tls = ServerAuthority(folder / "tls").good()
    child = Child.python(
        "-m", "tests.interop.acme.serve", str(http),
        log=folder / "log", env={"ACME_SRV_CONFIGFILE": str(configuration)},
    )  # fmt: skip
    with SubmissionServer(smtp, tls, asked.append), MailboxServer(imap) as mailbox, child:
        child.wait_for_port(http)
        yield AuthorityOutside(port=http, mailbox=mailbox, child=child, asked=asked)
