"""Roles of people, and which of them an identity provider's groups give.

„Leavers“: whoever signs in without any group of the table has left and loses access. An unknown
group gives nothing, and nothing is guessed from names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    MEMBER = "member"
    CERTIFICATE_MANAGER = "certificate_manager"
    ADMINISTRATOR = "administrator"


RoleTable = Mapping[Role, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What the claims of one sign-in say. ``may_enter`` is False for leavers."""

    roles: frozenset[Role]

    @property
    def may_enter(self) -> bool:
        return bool(self.roles)


def sign_in(claims: Mapping[str, object], groups_claim: str, table: RoleTable) -> SignIn:
    """The roles of a person whose token carries these claims.

    ``groups_claim`` may be a path (``realm_access.roles``). Groups are compared exactly, character
    by character; a claim that is missing or of another kind holds no group.
    """
    groups = groups_of(claims, groups_claim)
    return SignIn(roles=frozenset(role for role, named in table.items() if named & groups))


def groups_of(claims: Mapping[str, object], groups_claim: str) -> frozenset[str]:
    """A claim of exactly that name counts before a path: names may hold dots (URLs do)."""
    found: object = claims.get(groups_claim)
    if found is None:
        found = claims
        for step in groups_claim.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return frozenset({found})
    if not isinstance(found, Sequence):
        return frozenset()
    return frozenset(group for group in found if isinstance(group, str))
