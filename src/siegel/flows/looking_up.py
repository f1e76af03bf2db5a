"""Look for partners' certificates in foreign directories: LDAP, DNS (SMIMEA), stores over HTTP.

What is found is a candidate like any other: it must name the very address, and its path must hold,
else it waits for a person; being in a directory makes nobody trusted. Answers are remembered: good
ones a day, others a quarter of an hour. Outgoing mail never comes here; it only says what it would
have needed (``want``), and the worker asks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.flows.asking_directories import Asked, ask, known_sources, sources_for
from siegel.flows.found_certificates import keep, with_evidence
from siegel.flows.site import Site
from siegel.policy.lookups import CERTAIN, PASSING, Answer
from siegel.store.lookup_rows import LookupRow
from siegel.store.queries import accounts as account_store
from siegel.store.queries import foreign_directories, lookups
from siegel.store.transaction import together
from siegel.transport.fetching import Budget

GOOD_FOR = timedelta(hours=24)  # a certificate that is here need not be asked for again
OTHERWISE_FOR = timedelta(minutes=15)  # nothing there: somebody may just be publishing it
SECONDS = 12.0  # for all addresses together; a person waits
SECONDS_OF_ONE = 5.0  # for one source and address
MOST_ADDRESSES = 20  # of one look-up; mail to more people is no mail that somebody waits for
MOST_AN_HOUR = 300  # questions to one source; directories close to who asks them for everybody
ONE_ROUND = 10  # addresses that the worker asks for at a time
BY_RULE = "system:look-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one source said about the address. ``remembered``: it was not asked again."""

    name: str
    kind: str
    answer: Answer
    remembered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``answer``: the best of ``said``; NOT_FOUND if no source is asked for the address."""

    address: EmailAddress
    answer: Answer
    said: tuple[Said, ...]

    @property
    def source(self) -> str:
        """The name of the source that said it."""
        return next((one.name for one in self.said if one.answer is self.answer), "")

    def to_json(self) -> dict[str, object]:
        return {
            "address": str(self.address),
            "answer": self.answer.value,
            "said": [
                {"source": one.kind, "name": one.name, "answer": one.answer.value}
                for one in self.said
            ],
        }


def look_up(
    addresses: Iterable[EmailAddress],
    site: Site,
    *,
    by: str,
    at: datetime,
    again: bool = False,
    budget: Budget | None = None,
) -> tuple[Found, ...]:
    """Ask for each address, until one source has a certificate that is used from now on.

    ``again``: what is remembered does not count, except that a source has its fill.
    """
    asked = tuple(dict.fromkeys(addresses))[:MOST_ADDRESSES]
    known = known_sources(site)
    remembered = {} if again else lookups.answers(asked)
    budget = Budget(SECONDS) if budget is None else budget
    ours = _ours(asked)
    return tuple(
        Found(address=address, answer=Answer.NOT_FOUND, said=())
        if address in ours
        else _look_up_one(
            address, sources_for(address, known), remembered, site, by=by, at=at, budget=budget
        )
        for address in asked
    )


def is_possible(site: Site) -> bool:
    """Whether there is a source at all."""
    return bool(known_sources(site))


def want(addresses: Iterable[EmailAddress], *, by: str, at: datetime) -> None:
    """Somebody would have needed the certificates of these; no network is waited for."""
    lookups.want(addresses, by=by, at=at)


def look_up_due(site: Site, *, at: datetime) -> tuple[Found, ...]:
    """A round of the worker: what mail would have needed, the longest waiting first."""
    asked = lookups.wanted(limit=ONE_ROUND)
    if not asked:
        return ()
    found = look_up(asked, site, by=BY_RULE, at=at)
    lookups.settle(asked)
    lookups.expire(before=at - GOOD_FOR)
    return found


def _ours(addresses: Sequence[EmailAddress]) -> frozenset[EmailAddress]:
    """Certificates of our own people come with their keys, not from outside."""
    owners = account_store.known(addresses)
    return frozenset(one for one in addresses if owners.owner(one) is not None)


def _look_up_one(
    address: EmailAddress,
    sources: Sequence[Asked],
    remembered: Mapping[tuple[EmailAddress, str], LookupRow],
    site: Site,
    *,
    by: str,
    at: datetime,
    budget: Budget,
) -> Found:
    said: list[Said] = []
    for one in sources:
        row = remembered.get((address, one.source))
        if row is not None and _still_counts(row, at):
            answer, was_remembered = Answer(row.answer), True
        else:
            answer = _asked_now(one, address, site, by=by, at=at, budget=budget)
            was_remembered = False
        said.append(
            Said(name=one.name, kind=one.kind.value, answer=answer, remembered=was_remembered)
        )
        if answer in CERTAIN:
            break
    return Found(address=address, answer=_best(said), said=tuple(said))


def _best(said: Iterable[Said]) -> Answer:
    heard = {one.answer for one in said}
    return next((answer for answer in Answer if answer in heard), Answer.NOT_FOUND)


def _still_counts(row: LookupRow, at: datetime) -> bool:
    kept = GOOD_FOR if Answer(row.answer) in CERTAIN else OTHERWISE_FOR
    return at - row.asked_at < kept


def _asked_now(
    one: Asked, address: EmailAddress, site: Site, *, by: str, at: datetime, budget: Budget
) -> Answer:
    if budget.is_spent or lookups.asked_since(one.source, at - timedelta(hours=1)) >= MOST_AN_HOUR:
        return Answer.NO_TIME
    reply = ask(one, address, site, Budget(min(SECONDS_OF_ONE, budget.left)))
    evidence = with_evidence(reply.certificates, address, site, budget, at=at)
    with together():
        answer = keep(evidence, one.kind, by=by) if evidence is not None else reply.answer
        lookups.keep(address, one.source, answer.value, by=by, at=at)
        if reply.problem or answer not in PASSING:
            foreign_directories.note_problem(one.source, reply.problem, at=at)
    return answer
