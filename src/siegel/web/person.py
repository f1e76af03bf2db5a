"""Who is signed in, with the roles of this moment, and how this person wants to see pages."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from siegel.base.address import EmailAddress
from siegel.flows import people
from siegel.flows.people import Role
from siegel.web import clock
from siegel.wording.words import Language

Answer = Callable[[HttpRequest], HttpResponseBase]
THEMES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """``actor`` stands in the journal. Roles contain each other: an administrator may also do what
    a certificate manager may, and everybody is a member."""

    email: EmailAddress
    display_name: str
    roles: frozenset[Role]
    language: str
    theme: str

    @property
    def actor(self) -> str:
        return f"user:{self.email}"

    @property
    def name(self) -> str:
        return self.display_name or str(self.email)

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    @property
    def is_certificate_manager(self) -> bool:
        return self.is_administrator or Role.CERTIFICATE_MANAGER in self.roles

    def may(self, role: Role) -> bool:
        if role is Role.ADMINISTRATOR:
            return self.is_administrator
        if role is Role.CERTIFICATE_MANAGER:
            return self.is_certificate_manager
        return bool(self.roles)


def person_of(request: HttpRequest) -> Person | None:
    """None when nobody is signed in. Asked once for each request."""
    found = getattr(request, "siegel_person", None)
    return found if isinstance(found, Person) else _asked(request)


def language_of(request: HttpRequest) -> Language:
    """The language this answer is written in."""
    del request
    return Language((translation.get_language() or Language.EN.value)[:2])


def preferences(get_response: Answer) -> Answer:
    """Middleware after sign-in: the person's language goes before that of the browser."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        person = person_of(request)
        if person is not None and person.language in list(Language):
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        response = get_response(request)
        response.headers.setdefault("Content-Language", language_of(request).value)
        return response

    return answer


def _asked(request: HttpRequest) -> Person | None:
    user = request.user
    if isinstance(user, SimpleLazyObject) and not user.is_authenticated:
        return None
    if not user.is_authenticated:
        return None
    row = people.find(EmailAddress.parse(user.email), at=clock.now())
    person = Person(
        email=row.email,
        display_name=row.display_name,
        roles=row.roles,
        language=row.language,
        theme=row.theme,
    )
    request.siegel_person = person  # type: ignore[attr-defined]  # our own note on the request
    return person
