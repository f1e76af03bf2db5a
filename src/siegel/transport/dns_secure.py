"""Ask DNS where an answer counts only if DNSSEC vouches for it (RFC 8162 §6, RFC 4035 §4.9.3).

The resolver validates, not we: so its word (the AD bit) is taken only from one on this machine that
the configuration names – nobody can write into what comes over loopback. What is not secured, or
forged, brings no records at all.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdataclass
import dns.rdatatype

from siegel.transport.fetching import Budget

SECONDS = 4.0  # for one question with its repetitions


class Vouched(StrEnum):
    SECURE = "secure"
    INSECURE = "insecure"  # the domain does not sign its zone, or the resolver does not validate
    BOGUS = "bogus"  # signed, and the signatures do not hold
    NOTHING = "nothing"  # there is no such record
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsAnswer:
    """``records``: RDATA in wire form, of secure answers alone."""

    vouched: Vouched
    records: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class LocalResolver:
    """A validating resolver of this machine; raises ``ValueError`` for any other address."""

    host: str
    port: int = 53

    def __post_init__(self) -> None:
        if not ip_address(self.host).is_loopback:
            raise ValueError("not an address of this machine")


def ask(name: str, record_type: int, resolver: LocalResolver, budget: Budget) -> DnsAnswer:
    """Never raises for what others answer."""
    try:
        answer = _exchange(name, record_type, resolver, budget, flags=dns.flags.AD)
        if answer.rcode() == dns.rcode.SERVFAIL:
            return DnsAnswer(vouched=_why_it_failed(name, record_type, resolver, budget))
        return _read(answer, record_type)
    except (dns.exception.DNSException, OSError, EOFError, ValueError, RecursionError):
        return DnsAnswer(vouched=Vouched.NO_ANSWER)


def _exchange(
    name: str, record_type: int, resolver: LocalResolver, budget: Budget, *, flags: int
) -> dns.message.Message:
    """UDP, and TCP where the answer is too long for it: certificates are."""
    if budget.is_spent:
        raise dns.exception.Timeout
    question = dns.message.make_query(
        dns.name.from_text(name), dns.rdatatype.RdataType.make(record_type), want_dnssec=True
    )
    question.flags |= flags
    answer, _ = dns.query.udp_with_fallback(
        question,
        resolver.host,
        port=resolver.port,
        timeout=min(budget.left, SECONDS),
        ignore_trailing=True,
    )
    return answer


def _read(answer: dns.message.Message, record_type: int) -> DnsAnswer:
    if answer.rcode() == dns.rcode.NXDOMAIN:
        return DnsAnswer(vouched=Vouched.NOTHING)
    if answer.rcode() != dns.rcode.NOERROR:
        return DnsAnswer(vouched=Vouched.NO_ANSWER)
    if not isinstance(answer, dns.message.QueryMessage):
        return DnsAnswer(vouched=Vouched.NO_ANSWER)
    found = answer.resolve_chaining().answer
    if found is None or found.rdtype != record_type:
        return DnsAnswer(vouched=Vouched.NOTHING)
    if not answer.flags & dns.flags.AD:
        return DnsAnswer(vouched=Vouched.INSECURE)
    records = tuple(rdata.to_wire() or b"" for rdata in found)
    return DnsAnswer(vouched=Vouched.SECURE, records=records)


def _why_it_failed(name: str, record_type: int, resolver: LocalResolver, budget: Budget) -> Vouched:
    """Without checking (CD) the same question has an answer: then the check was what failed."""
    answer = _exchange(name, record_type, resolver, budget, flags=dns.flags.CD)
    unchecked = answer.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)
    return Vouched.BOGUS if unchecked else Vouched.NO_ANSWER
