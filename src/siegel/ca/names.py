"""Names that our authority writes: subjects, alternative names, constraints, places.

Subjects follow the S/MIME Baseline Requirements §7.1.4.2: a mailbox is called by its address, a
person by given name and surname within the organisation, a shared mailbox by the organisation.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from siegel.base import der
from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.pki.names import SMTP_UTF8_MAILBOX

MAX_TEXT = 64  # characters: ub-common-name, ub-organization-name and others (RFC 5280 appendix A.1)
MAX_ADDRESS = 254  # octets of an rfc822Name that every program takes (RFC 5321 §4.5.3.1.3)

_COUNTRY_LETTERS = 2
_WEB_PLACE = re.compile(r"http://[A-Za-z0-9._\[\]:-]+(?:/[!-~]*)?\Z")  # RFC 3986, no user, no space


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who stands behind the certificates. ``identifier``: organizationIdentifier as in S/MIME BR
    appendix A ("NTRDE-HRB 12345", "GOVDE+BY"); empty where there is none."""

    name: str
    country: str = "DE"
    identifier: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise Conflict("an authority needs the name of its organisation")
        if len(self.country) != _COUNTRY_LETTERS or not self.country.isalpha():
            raise Conflict(f"not a country of two letters: {self.country!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    given_name: str
    surname: str

    def __str__(self) -> str:
        return f"{self.given_name} {self.surname}"


def authority_name(common_name: str, organisation: Organisation) -> x509.Name:
    """S/MIME BR §7.1.4.3: commonName, organizationName and countryName."""
    return x509.Name([*_organisation(organisation), _text(NameOID.COMMON_NAME, common_name)])


def mailbox_name(address: EmailAddress) -> x509.Name:
    """Only its address; without one that a DirectoryString of 64 characters takes, no name."""
    spelled = spelling(address)
    if len(spelled) > MAX_TEXT:
        return x509.Name([])
    return x509.Name([_text(NameOID.COMMON_NAME, spelled)])


def organisation_name(organisation: Organisation) -> x509.Name:
    """A shared mailbox: nobody is named but the organisation."""
    return x509.Name([*_organisation(organisation), _text(NameOID.COMMON_NAME, organisation.name)])


def sponsor_name(person: PersonName, organisation: Organisation) -> x509.Name:
    """A person within the organisation."""
    return x509.Name(
        [
            *_organisation(organisation),
            _text(NameOID.SURNAME, person.surname),
            _text(NameOID.GIVEN_NAME, person.given_name),
            _text(NameOID.COMMON_NAME, str(person)),
        ]
    )


def spelling(address: EmailAddress) -> str:
    """The address in exactly the spelling it came in, its domain as A-label (RFC 5280 §7.5)."""
    written = address.spelling or str(address)
    local, _, domain = written.rpartition("@")
    return written if domain.isascii() else f"{local}@{address.domain}"


def alternative_names(addresses: Iterable[EmailAddress]) -> x509.SubjectAlternativeName:
    """Every address once; what rfc822Name cannot say is an SmtpUTF8Mailbox (RFC 9598)."""
    return x509.SubjectAlternativeName([_mail_name(one) for one in dict.fromkeys(addresses)])


def permitted(domains: Iterable[str]) -> x509.NameConstraints:
    """RFC 5280 §4.2.1.10: addresses at these hosts and (with a dot in front) at hosts below them.
    The domain alone would not hold for ``mail.office.example``."""
    hosts = [host for domain in sorted(set(domains)) for host in (domain, f".{domain}")]
    return x509.NameConstraints([x509.RFC822Name(host) for host in hosts], None)


def web_place(url: str) -> x509.UniformResourceIdentifier:
    """S/MIME BR §7.1.2: plain http, because whoever checks a certificate cannot check another one
    first. Raises ``Conflict``."""
    if not _WEB_PLACE.match(url):
        raise Conflict(f"lists and certificates are published at an http:// address, not {url!r}")
    return x509.UniformResourceIdentifier(url)


def _organisation(organisation: Organisation) -> list[x509.NameAttribute[str]]:
    found = [
        _text(NameOID.COUNTRY_NAME, organisation.country.upper()),
        _text(NameOID.ORGANIZATION_NAME, organisation.name),
    ]
    if organisation.identifier:
        found.append(_text(NameOID.ORGANIZATION_IDENTIFIER, organisation.identifier))
    return found


def _text(kind: x509.ObjectIdentifier, text: str) -> x509.NameAttribute[str]:
    """Raises ``Conflict`` for what is empty, too long or cannot be printed."""
    clean = " ".join(text.split())
    if not clean or len(clean) > MAX_TEXT or not clean.isprintable():
        raise Conflict(f"a name has 1 to {MAX_TEXT} printable characters, not {text[:80]!r}")
    return x509.NameAttribute(kind, clean)


def _mail_name(address: EmailAddress) -> x509.GeneralName:
    spelled = spelling(address)
    if len(spelled.encode()) > MAX_ADDRESS:
        raise Conflict(f"an address of more than {MAX_ADDRESS} octets is not certified")
    if spelled.isascii():
        return _rfc822_name(spelled)
    return x509.OtherName(SMTP_UTF8_MAILBOX, der.tlv(der.UTF8_STRING, spelled.encode()))


def _rfc822_name(spelled: str) -> x509.RFC822Name:
    try:
        return x509.RFC822Name(spelled)
    except ValueError as error:  # quoted local parts that look like a display name
        raise Conflict(f"this address cannot be certified: {spelled[:120]!r}") from error
