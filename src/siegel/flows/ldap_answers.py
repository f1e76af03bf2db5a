"""Answer a search in our LDAP directory from what is published.

Whoever names an address exactly gets its entry, if an administrator published it; everybody else
gets nothing, and cannot tell an address that is not published from one that does not exist.
"""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress, SiegelError
from siegel.directory.back_sock import Code, Entry, Search, answer, attributes
from siegel.directory.ldap_question import (
    Filter,
    begins_a_name,
    has_beginnings,
    is_named,
    matches,
    named_addresses,
    read,
)
from siegel.flows import publishing
from siegel.flows.publishing import Published
from siegel.pki.export import ExportFormat, public_part

MOST_ENTRIES = 20  # of one answer; an address book shows a handful
MOST_NAMED = 20  # addresses of one question: the recipients of a mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """``suffix``: where its entries lie. ``listing``: names may be found by their beginning."""

    suffix: str
    listing: bool = False


def answered(asked: Search, directory: Directory, *, at: datetime) -> bytes:
    """The answer for slapd; never raises for what strangers ask."""
    try:
        question = read(asked.filter)
    except SiegelError:
        return answer((), directory.suffix, Code.UNWILLING)
    found = [_entry(one) for one in _candidates(question, directory, at)]
    fitting = [one for one in found if _fits(question, one)]
    most = min(MOST_ENTRIES, asked.size_limit or MOST_ENTRIES)
    code = Code.SIZE_LIMIT if len(fitting) > most else _code(question)
    return answer(fitting[:most], directory.suffix, code)


def _fits(question: Filter, entry: Entry) -> bool:
    values = attributes(entry)
    return is_named(question, values) and matches(question, values)


def _code(question: Filter) -> Code:
    """Whoever asks for everybody is told that this is too much, with no entry at all."""
    named = bool(named_addresses(question)) or has_beginnings(question)
    return Code.SUCCESS if named else Code.SIZE_LIMIT


def _candidates(question: Filter, directory: Directory, at: datetime) -> tuple[Published, ...]:
    if directory.listing and begins_a_name(question):
        return _newest_of_each(publishing.all_published(at))
    every = [publishing.found(one, at) for one in _addresses(question)]
    return _newest_of_each(tuple(one for found in every for one in found))


def _addresses(question: Filter) -> tuple[EmailAddress, ...]:
    found: dict[EmailAddress, None] = {}
    for text in named_addresses(question)[:MOST_NAMED]:
        try:
            found[EmailAddress.parse(text)] = None
        except MalformedAddress:
            continue
    return tuple(found)


def _newest_of_each(found: tuple[Published, ...]) -> tuple[Published, ...]:
    once: dict[EmailAddress, Published] = {}
    for one in found:
        once.setdefault(one.address, one)
    return tuple(once.values())


def _entry(one: Published) -> Entry:
    return Entry(
        address=one.address,
        name=one.holder,
        certificate=one.certificate.der,
        bundle=public_part(one.certificate, one.chain, format=ExportFormat.P7C),
    )
