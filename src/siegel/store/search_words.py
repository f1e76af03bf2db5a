"""Words that certificates and contacts are found by: folded, so that spelling does not matter.

"Müller" is found by "muller", "MÜLLER" and "müll"; ß is found by ss. Each query looks up the
beginning of words in an index and never reads the table through.
"""

import re
import unicodedata
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q

from siegel.pki.certificate import Certificate
from siegel.store.models.listing import WORD

MOST_WORDS = 24  # of one certificate or contact; names of people and offices have fewer
ASKED_AT_MOST = 5  # words of one search; more of them hardly narrow it
SHORTEST = 2  # characters; one letter is the beginning of everything

_BETWEEN = re.compile(r"[^\w]+|_")
_LAST = "\U0010ffff"


def folded(text: str) -> str:
    """Without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))


def words_of(texts: Iterable[str], *, most: int = MOST_WORDS) -> tuple[str, ...]:
    """The words of the texts, each once, in their order."""
    found = (word[:WORD] for text in texts for word in _BETWEEN.split(folded(text)))
    return tuple(dict.fromkeys(word for word in found if len(word) >= SHORTEST))[:most]


def words_of_certificate(certificate: Certificate) -> tuple[str, ...]:
    """Whom it is for comes first: what does not fit any more is of the issuer."""
    own = (certificate.common_name, certificate.person, certificate.organisation)
    addresses = (str(address) for address in certificate.addresses[:5])
    texts = (*filter(None, own), *addresses, *_values(certificate.issuer))
    return words_of(texts or (certificate.subject,))


def beginning_with(field: str, prefix: str) -> Q:
    """``field`` begins with ``prefix``, in the form that each database answers from its index."""
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": prefix})
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix + _LAST})


def _values(name: str) -> Iterable[str]:
    """The values of a distinguished name without the names of its attributes (RFC 4514)."""
    return (part.partition("=")[2] for part in re.split(r"(?<!\\)[,+]", name))
