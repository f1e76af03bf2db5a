"""Whether our own mail server found that a domain sent a message: DMARC, SPF and DKIM (RFC 8601).

Only fields of the named servers count. They must take out what strangers write in their name
(RFC 8601 §5); what stands below the first field of another server is not looked at, because it was
there before the message reached ours.
"""

import re
from collections.abc import Iterable

from siegel.transport.authentication_results import claims_our_name
from siegel.transport.header_fields import without_comments

# strangers choose what stands within quotes: it ends no value and no result
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_WHOLE = re.compile(rf'(?:{_QUOTED}|[^"])*')
_RESULT = re.compile(rf'(?:{_QUOTED}|[^";])+')
_PAIR = re.compile(rf'([a-z0-9._-]+)\s*=\s*((?:{_QUOTED}|[^\s";])+)', re.IGNORECASE)
# method → the property that names whom it speaks of
_PROPERTY = {"dmarc": "header.from", "spf": "smtp.mailfrom", "dkim": "header.d"}


def sent_by(domain: str, values: Iterable[str], servers: Iterable[str]) -> bool:
    """``values``: of the Authentication-Results fields, the topmost first."""
    named = tuple(servers)
    for value in values:
        if not any(claims_our_name(value, server) for server in named):
            return False
        if any(_aligned(result, domain) for result in _results(value)):
            return True
    return False


def _results(value: str) -> list[str]:
    """Behind the name of the server; none where a quote does not end."""
    plain = without_comments(value)
    return _RESULT.findall(plain)[1:] if _WHOLE.fullmatch(plain) else []


def _aligned(result: str, domain: str) -> bool:
    """RFC 7489 §3.1, a bit stricter: the domain itself, or for DKIM one above it."""
    pairs = [(name.lower(), said.strip('"').lower()) for name, said in _PAIR.findall(result)]
    if not pairs or pairs[0][1] != "pass" or pairs[0][0] not in _PROPERTY:
        return False
    method, properties = pairs[0][0], dict(pairs[1:])
    named = properties.get(_PROPERTY[method], "").rpartition("@")[2].rstrip(".")
    above = method == "dkim" and "." in named and domain.endswith(f".{named}")
    return bool(named) and (named == domain or above)
