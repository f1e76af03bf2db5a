"""Contacts as the pages show them."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from siegel.flows.contacts import AddressState, ContactState, suggested
from siegel.policy.expiry import days_left
from siegel.store.rows import ProposedRow
from siegel.web.person import Person
from siegel.web.standings import look_of
from siegel.wording.certificates import title_of, told
from siegel.wording.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLine:
    """An address and whether one can write to it encrypted."""

    address: str
    state: str
    icon: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLine:
    title: str
    about: str
    address: str
    state: str
    icon: str
    addresses: tuple[AddressLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine:
    address: str
    title: str
    state: str
    icon: str
    tag: str
    why: str
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressBlock:
    """One address on the page of a contact, with its certificates."""

    line: AddressLine
    certificates: tuple[CertificateLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    name: str
    address: str
    seen_at: datetime
    certificate: str
    query: str


def line_of(state: ContactState) -> ContactLine:
    ready = [each for each in state.addresses if each.ready]
    look, icon = ("is-good", "lock") if ready else ("is-open", "partner")
    return ContactLine(
        title=state.row.name,
        about=state.row.organisation,
        address=reverse("contacts:one", args=[state.row.id]),
        state=look,
        icon=icon,
        addresses=tuple(_address(each) for each in state.addresses[:3]),
    )


def addresses_of(
    state: ContactState, person: Person, language: Language, at: datetime
) -> tuple[AddressBlock, ...]:
    del person
    return tuple(
        AddressBlock(
            line=_address(each),
            certificates=tuple(
                CertificateLine(
                    address=reverse("certificates:one", args=[found.row.fingerprint]),
                    title=found.row.certificate.common_name or str(each.address),
                    state=look_of(found.standing)[0],
                    icon=look_of(found.standing)[1],
                    tag=title_of(found.standing, language, days=days_left(found.row.not_after, at)),
                    why=told(found.standing, language).sentence,
                    end=found.row.not_after,
                )
                for found in each.certificates
            ),
        )
        for each in state.addresses
    )


def proposal_of(row: ProposedRow) -> Proposal:
    given = suggested(row.certificate, row.address)
    query = {"name": given.name, "address": str(row.address)}
    if given.organisation:
        query["organisation"] = given.organisation
    return Proposal(
        name=given.name,
        address=str(row.address),
        seen_at=row.seen_at,
        certificate=reverse("certificates:one", args=[row.certificate.fingerprint]),
        query=urlencode(query),
    )


def _address(each: AddressState) -> AddressLine:
    if each.ready:
        look, icon, words = "is-good", "lock", _("can be written to encrypted")
    elif not each.certificates:
        look, icon, words = "is-todo", "mail", _("has never sent a signed message")
    else:
        look, icon = look_of(each.certificates[0].standing)
        words = _("cannot be written to encrypted now")
    return AddressLine(address=str(each.address), state=look, icon=icon, words=str(words))
