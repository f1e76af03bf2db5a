"""Names of people on the command line."""

from siegel.base.errors import Conflict
from siegel.ca.names import PersonName


def person_of(given_name: str, surname: str) -> PersonName | None:
    """Both or none; ``Conflict`` for half a name."""
    if bool(given_name) != bool(surname):
        raise Conflict("a person has both: --given-name and --surname")
    return PersonName(given_name=given_name, surname=surname) if surname else None
