"""How often strangers may ask the partner site, so that nobody tries out a whole phone book.

For each client and for all together, in one minute. The counters lie in the memory of the one web
process: they are forgotten with it, and so no list of visitors is kept anywhere.
"""

from allauth.account.adapter import get_adapter
from django.core.cache import cache as memory
from django.http import HttpRequest

from siegel.transport.client_network import client_network
from siegel.web import clock

MINUTE = 60  # seconds
SEARCH = "search"  # what is counted together: everything that tells whether one is published
OF_ONE = 30  # searches; a whole office behind one address looks up a handful
OF_ALL = 600  # searches; spread over many clients a phone book would still take hours


def may_ask(request: HttpRequest, what: str, *, of_one: int = OF_ONE, of_all: int = OF_ALL) -> bool:
    """Counts this request. ``what`` names what is counted together; whoever is turned away is
    counted, too, so that asking on does not help – but for himself alone, so that nobody uses up
    what all have together."""
    minute = int(clock.now().timestamp()) // MINUTE
    limits = ((client_of(request), of_one), ("all", of_all))
    return all(_count(f"partner.{what}.{minute}.{name}") <= most for name, most in limits)


def _count(key: str) -> int:
    memory.add(key, 0, timeout=2 * MINUTE)
    try:
        return memory.incr(key)
    except ValueError:  # pushed out in between by a flood of others
        return 1


def client_of(request: HttpRequest) -> str:
    """As sign-in sees it (behind a proxy: what the proxy wrote)."""
    return client_network(str(get_adapter().get_client_ip(request))) or "unknown"
