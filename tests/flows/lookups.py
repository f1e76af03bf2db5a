"""Foreign directories for tests: a certificate store over HTTP that answers from memory."""

from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

from siegel.flows import lookup_sources
from siegel.flows.finders import Finders
from siegel.transport.fetching import Budget, Fetched, Outcome, Post
from tests.flows.office import Office
from tests.world import Person

CERTIFICATE = "application/pkix-cert"


def certificate(person: Person, *, chain: bool = True) -> Fetched:
    """What a store answers that has the person's certificate, and its issuer's."""
    ders = (person.certificate_der, *(person.chain if chain else ()))
    parts = b"".join(
        f"--x\r\nContent-Type: {CERTIFICATE}\r\n\r\n".encode() + der + b"\r\n" for der in ders
    )
    kind = "multipart/mixed; boundary=x"
    return Fetched(Outcome.FETCHED, parts + b"--x--\r\n", content_type=kind)


NOT_FOUND = Fetched(Outcome.NOT_FOUND, status=404)


@dataclass(slots=True)
class Web:
    """Remembers who was asked for; ``has`` is by address."""

    has: dict[str, Fetched] = field(default_factory=dict)
    otherwise: Fetched = NOT_FOUND
    asked: list[str] = field(default_factory=list)

    def fetch(
        self, url: str, *, most: int, budget: Budget, accept: str = "*/*", post: Post | None = None
    ) -> Fetched:
        del most, budget, accept, post
        parts = urlsplit(url)
        address = parse_qs(parts.query)["email"][0]
        self.asked.append(address)
        return self.has.get(address, self.otherwise)


def with_store(office: Office, *, name: str = "Verzeichnis", domains: tuple[str, ...] = ()) -> Web:
    """The office asks one store."""
    found = office.site.finders.source
    web = found if isinstance(found, Web) else Web()
    office.site = replace(office.site, finders=Finders(source=web))
    lookup_sources.put_store(
        None,
        lookup_sources.StoreSettings(
            name=name, url=f"http://{name.lower()}.example/search.cgi", domains=domains
        ),
        by="test",
        at=office.at,
    )
    return web
