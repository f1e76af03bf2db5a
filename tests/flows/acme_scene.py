"""An office that orders certificates from the authority of ``acme_model``."""

from siegel.base.address import EmailAddress
from siegel.ca import authority as making
from siegel.ca import names
from siegel.ca.profiles import LeafProfile
from siegel.flows import accounts, acme_orders, requesting
from siegel.flows.acme_desk import AcmeDesk, AcmeStep
from siegel.flows.acme_offer import AcmeOffer
from siegel.flows.requesting import Wanted
from siegel.pki.key_generation import KeyChoice
from siegel.pki.request import parse_request
from siegel.policy.acme import AcmeReason
from siegel.store.acme_rows import AcmeOrderRow
from siegel.store.queries import acme
from siegel.transport.acme_keys import ExternalAccount
from siegel.transport.dkim_check import TxtLookup
from tests.flows.acme_model import DIRECTORY, ModelAuthority
from tests.flows.office import Office
from tests.flows.test_requesting import Outside, packed
from tests.flows.workshop import workshop_of
from tests.interop.acme.mail_servers import USER, txt_record

EVA = EmailAddress.parse("eva.ernst@office.example")
CONTACT = EmailAddress.parse("pki@office.example")
ROUNDS = 40  # steps of one order; it needs about six


class Killed(BaseException):
    """The process ended here."""


class Scene:
    """``kill_at``: the step after which the process ends, once."""

    def __init__(self, office: Office) -> None:
        self.office = office
        accounts.create(EVA, "Eva Ernst", by="test", at=office.at)
        self.outside = Outside(office)
        self.authority = ModelAuthority(certify=self._certify)
        self.kill_at: AcmeStep | None = None
        self.passed: list[AcmeStep] = []
        self.agreed = True
        self.external: ExternalAccount | None = None
        self.lookup: TxtLookup = txt_record
        self.renew_days = 0
        self.answers: list[bytes] = []

    @property
    def desk(self) -> AcmeDesk:
        offer = AcmeOffer(
            directory=DIRECTORY,
            contact=CONTACT,
            terms_agreed=self.agreed,
            external=self.external,
            renew_days=self.renew_days,
        )
        return AcmeDesk(
            site=self.office.site,
            offer=offer,
            source=self.authority,
            lookup=self.lookup,
            passes=self._passes,
        )

    def place(self) -> int:
        wanted = Wanted(address=EVA, key=KeyChoice.P_256)
        workshop = workshop_of(self.office)
        return acme_orders.place(wanted, DIRECTORY, workshop, by="test", at=self.office.at)

    def step(self, **later: float) -> bool:
        """One step of whatever is due then; False: the process was killed in it."""
        self.office.later(**(later or {"minutes": 6}))
        try:
            acme_orders.advance_next(self.desk, at=self.office.at)
        except Killed:
            return False
        return True

    def carry(self) -> None:
        """What the mail servers between the two do."""
        while self.authority.asked:
            self.arrives(self.authority.asked.pop(0))
        while self.office.out.sent:
            self.answers.append(self.office.out.sent.pop(0).content)
            self.authority.reads(self.answers[-1])

    def arrives(self, raw: bytes) -> None:
        assert self.office.receive(raw, USER, str(EVA)).accepted

    def run(self, order: int) -> AcmeOrderRow:
        for _ in range(ROUNDS):
            self.step()
            self.carry()
            if acme.get(order).ended_at is not None:
                break
        return acme.get(order)

    def reason(self, order: int) -> AcmeReason:
        return AcmeReason(acme.get(order).reason)

    def made_for(self, request: bytes, *addresses: EmailAddress) -> bytes:
        """A chain that the authority makes for other addresses than it was asked for."""
        made = making.issue_leaf(
            self.outside.issuer, parse_request(request).public_key, LeafProfile(),
            names.mailbox_name(addresses[0]), addresses, serial=77, at=self.office.at,
        )  # fmt: skip
        return packed("pem", made, self.outside.issuing)

    def _passes(self, step: AcmeStep) -> None:
        self.passed.append(step)
        if step is self.kill_at:
            self.kill_at = None
            raise Killed

    def _certify(self, request: bytes) -> bytes:
        (row,) = [each for each in requesting.listing() if each.der == request]
        made = self.outside.certify(row)
        return packed("pem", made, self.outside.issuing, self.outside.root)
