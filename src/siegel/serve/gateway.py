"""The gateway role: two listeners in one process."""

import logging
import time

from siegel.config.schema import Settings
from siegel.flows.durations import Durations
from siegel.serve.composing import build_gateway, build_site, now
from siegel.transport.envelope import Role
from siegel.transport.gateway import serve_forever

log = logging.getLogger(__name__)


def run_gateway(settings: Settings) -> int:
    """Listen on both ports until SIGTERM; 0 if nothing was cut off."""
    site = build_site(settings)
    durations = Durations(time.monotonic)
    gateways = [build_gateway(role, settings, site, durations) for role in Role]
    clean = serve_forever(gateways, drain_seconds=float(settings.gateway.drain_seconds))
    site.transactions.forget(now())
    durations.write()
    return 0 if clean else 75
