"""Certificates of organisations and domains: bound by an administrator, to an address or a domain.

Nothing but this makes such a certificate stand for people whom it does not name. It never signs
here; it receives only by rule and where nobody has one of his own; what it signed is labelled.
"""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.policy import values
from siegel.policy.actions import Action
from siegel.store.queries import bindings, certificates, journal, organisation
from siegel.store.rows import BindingRow, CertificateRow
from siegel.store.transaction import together


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What was bound. ``receives``: the rules let it be used for encryption."""

    row: CertificateRow
    name: str
    receives: bool


def bind(certificate: str, name: str, *, why: str, by: str, at: datetime) -> Bound:
    """Let the certificate stand for ``name``: an address, or a domain and everybody in it.

    Raises ``Conflict`` for the certificate of an authority, for one that names the address itself,
    and for what is bound already.
    """
    row, scope = _the_one(certificate), folded(name)
    if row.is_ca:
        raise Conflict("the certificate of an authority stands for nobody's mail")
    if scope in map(str, row.certificate.addresses):
        raise Conflict(f"the certificate names {scope} itself; it needs no binding")
    with together():
        if not bindings.bind(row.fingerprint, scope, why=why, by=by, at=at):
            raise Conflict(f"the certificate is bound to {scope} already")
        _note(Action.CERTIFICATE_BOUND, row.fingerprint, scope, by, at)
    rules = organisation.get_rules()
    return Bound(row=row, name=scope, receives=rules.organisation_certificates)


def unbind(certificate: str, name: str, *, by: str, at: datetime) -> str:
    """Take a binding back; what was judged with it keeps its verdict. Returns the folded name."""
    row, scope = _the_one(certificate), folded(name)
    with together():
        if not bindings.unbind(row.fingerprint, scope):
            raise NotFound(f"the certificate is not bound to {scope}")
        _note(Action.CERTIFICATE_UNBOUND, row.fingerprint, scope, by, at)
    return scope


def listing() -> tuple[BindingRow, ...]:
    return bindings.listing()


def folded(name: str) -> str:
    """An address, or without ``@`` a domain, in the form that is compared."""
    return str(EmailAddress.parse(name)) if "@" in name else values.domain(name)


def _the_one(name: str) -> CertificateRow:
    found = certificates.find(name)
    if len(found) != 1:
        raise NotFound(f"{len(found)} certificates are called {name!r}; give the fingerprint")
    return found[0]


def _note(action: Action, fingerprint: str, scope: str, by: str, at: datetime) -> None:
    journal.write(at=at, actor=by, action=action, about=scope, detail={"fingerprint": fingerprint})
