"""Build what runs from the settings: the site, its next hops, and the two listeners."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from siegel.base.address import EmailAddress
from siegel.base.limits import MIB, Limits
from siegel.config.schema import InboundListener, OutboundListener, Settings
from siegel.config.values import MaildirHop
from siegel.flows import inbound, outbound
from siegel.flows.durations import Durations
from siegel.flows.finders import finders
from siegel.flows.mail_servers import mail_servers
from siegel.flows.network import network
from siegel.flows.points import Point, SyncPoint
from siegel.flows.site import Site
from siegel.flows.vaults import vault_of
from siegel.store.queries import accounts, organisation
from siegel.store.transaction import session
from siegel.transport.envelope import Envelope, Role
from siegel.transport.gateway import Gateway, TlsFiles
from siegel.transport.listening import GatewayLimits, Timeouts
from siegel.transport.maildir import MaildirNextHop
from siegel.transport.replies import Reply
from siegel.transport.smtp_dialogue import Patience
from siegel.transport.submission import NextHop, SmtpNextHop, StartTls
from siegel.wording.words import Language

log = logging.getLogger(__name__)

Relay = Callable[..., Reply]
_RELAYS: dict[Role, Relay] = {Role.OUTBOUND: outbound.relay, Role.INBOUND: inbound.receive}


def now() -> datetime:
    return datetime.now(UTC)


def build_site(
    settings: Settings, passes: Callable[[Point | SyncPoint], None] | None = None
) -> Site:
    """Everything the flows need; refuses to start without the right key file."""
    office = settings.organisation
    organisation.establish(name=office.name, language=office.language, domains=office.domains)
    gateway = settings.gateway
    hops = {
        Role.OUTBOUND: _hop(gateway.outbound, settings, known=None),
        Role.INBOUND: _hop(gateway.inbound, settings, known=_has_account),
    }
    limits = Limits(message_size=gateway.max_message_mib * MIB)
    site = Site(
        hostname=gateway.announced_name(),
        language=Language(office.language),
        vault=vault_of(settings, at=now()),
        hops=hops,
        keep_days=settings.retention.message_days,
        limits=limits,
        network=network(settings.revocation),
        notices_from=office.notices_sender(),
        acme_directory=settings.acme.directory,
        mail_servers=mail_servers(settings.mail),
        finders=finders(settings.lookups, settings.revocation),
        pages_at=_partner_pages(settings),
        robot=settings.robot.rules(),
    )
    return site if passes is None else replace(site, passes=passes)


def _partner_pages(settings: Settings) -> str:
    """Where people outside reach the partner site: its own host, else that of the pages."""
    hosts = settings.directory.hosts
    return f"https://{hosts[0]}" if hosts else settings.web.url


def build_gateway(role: Role, settings: Settings, site: Site, durations: Durations) -> Gateway:
    """The listener of one role; the role is a property of the port and of nothing else."""
    gateway = settings.gateway
    listen = gateway.outbound.listen if role is Role.OUTBOUND else gateway.inbound.listen
    return Gateway(
        role,
        (listen.host, listen.port),
        partial(_handle, role, site, durations),
        hostname=site.hostname,
        allowed_clients=[str(network) for network in gateway.allowed_clients],
        limits=GatewayLimits(
            message_size=gateway.max_message_mib * MIB,
            connections=gateway.connections,
            workers=gateway.workers,
            octets_in_flight=max(4, gateway.workers) * gateway.max_message_mib * MIB,
        ),
        timeouts=Timeouts(command=float(gateway.idle_seconds)),
        tls=_tls(settings),
    )


def _handle(role: Role, site: Site, durations: Durations, envelope: Envelope, raw: bytes) -> Reply:
    begin = time.monotonic()
    with session():
        reply = _RELAYS[role](envelope, raw, site, at=now())
        _note(role, time.monotonic() - begin, durations)
    return reply


def _note(role: Role, seconds: float, durations: Durations) -> None:
    """A figure that cannot be written is no reason to do the mail again."""
    try:
        durations.took(role, seconds)
    except Exception:
        log.exception("durations not written")


def _hop(
    listener: OutboundListener | InboundListener,
    settings: Settings,
    *,
    known: Callable[[EmailAddress], bool] | None,
) -> NextHop:
    hop = listener.next_hop
    if isinstance(hop, MaildirHop):
        return MaildirNextHop(hop.path, known=known)
    return SmtpNextHop(
        hop.host,
        hop.port,
        local_hostname=settings.gateway.announced_name(),
        starttls=StartTls(listener.next_hop_tls),
        patience=Patience(final=float(settings.gateway.next_hop_seconds)),
    )


def _has_account(address: EmailAddress) -> bool:
    """Built-in delivery has a mailbox for every active account and its aliases."""
    known = accounts.known([address])
    return known.owner(address) is not None


def _tls(settings: Settings) -> TlsFiles | None:
    gateway = settings.gateway
    if gateway.tls_certificate is None or gateway.tls_key_file is None:
        return None
    return TlsFiles(certificate=gateway.tls_certificate, key=gateway.tls_key_file)
