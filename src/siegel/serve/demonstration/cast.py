"""Who appears in the demo, and which files each of them has."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from siegel.base.secret import Secret
from siegel.serve.demonstration.authorities import create_authority, create_person
from siegel.serve.demonstration.places import Places
from siegel.store import tour_files
from siegel.store.tour_files import Exhibit

ANNA = "anna@office.example"
BEN = "ben@office.example"
CARLA = "carla@office.example"  # has an account; her certificate comes with the tour of the pages
HELGA = "helga@office.example"  # administers the office and signs in on the pages
KIM = "kim@office.example"  # a clerk who may sign in, and administers nothing
OFFICE = "buero@office.example"  # the address of several; Helga and Kim read its mail on the pages
VOGT = "herr.vogt@landkreis.example"  # writes from an office whose authority nobody has judged
SOMMER = "frau.sommer@school.example"  # a partner whose certificate ends soon
HUBER = "frau.huber@school.example"
CLARKE = "emma.clarke@college.example"  # writes English; of the same authority as Frau Huber
PUBLISHER = "post@verlag.example"
UNKNOWN = "herr.neu@verein.example"
NAMES = {
    ANNA: "Anna Adler",
    BEN: "Ben Berg",
    CARLA: "Carla Conrad",
    HELGA: "Helga Wendt",
    KIM: "Kim Lang",
    OFFICE: "Büro der Sprachschule",
    VOGT: "Dr. Jens Vogt",
    SOMMER: "Ines Sommer",
    HUBER: "Petra Huber",
    CLARKE: "Emma Clarke",
    PUBLISHER: "Verlag Lernwelt",
    UNKNOWN: "Nils Neu",
}

MEMBERS = (ANNA, BEN, OFFICE, HELGA, KIM)
"""Accounts with a certificate from the beginning; Anna's and Ben's mail is handed on to folders."""

PASSPHRASE = "demo"  # noqa: S105 - of files with made-up keys; it is shown to people
ENDS_SOON = timedelta(days=12)
PASSWORD = "siegel ausprobieren"  # noqa: S105 - of Helga and Kim, on loopback only; it is shown to people


@dataclass(frozen=True, slots=True)
class Files:
    """What one party has on disk: its authority's root, and the files of its people."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "authority.pem"

    @property
    def passphrase(self) -> Path:
        return self.folder / "passphrase.txt"

    @property
    def password(self) -> Path:
        return self.folder / "password.txt"

    def pkcs12(self, address: str) -> Path:
        return self.folder / f"{address.partition('@')[0]}.p12"

    def certificate(self, address: str) -> Path:
        return self.folder / f"{address.partition('@')[0]}.pem"

    def key(self, address: str) -> Path:
        return self.folder / f"{address.partition('@')[0]}.key"


def office_files(places: Places) -> Files:
    return Files(places.office)


def partner_files(places: Places) -> Files:
    return Files(places.partner)


def issue(places: Places, at: datetime) -> None:
    """Certificates for everybody: the office's from its authority, the partner's from another."""
    office, partner = office_files(places), partner_files(places)
    for files in (office, partner):
        files.passphrase.write_text(f"{PASSPHRASE}\n", "utf-8")
    office.password.write_text(f"{PASSWORD}\n", "utf-8")
    secret = Secret(PASSPHRASE.encode())
    own = create_authority("Demo-Zertifizierungsstelle Sprachschule am Markt", at)
    own.write(office.root)
    for address in MEMBERS:
        person = create_person(NAMES[address], address, own, at)
        person.write_pkcs12(office.pkcs12(address), secret)
        if address == OFFICE:
            person.write_certificate(partner.certificate(OFFICE))  # she knows it from earlier mail
    foreign = create_authority("Demo-Zertifizierungsstelle der Schulen", at)
    foreign.write(partner.root)
    huber = create_person(NAMES[HUBER], HUBER, foreign, at)
    huber.write_pkcs12(partner.pkcs12(HUBER), secret)
    huber.write_pem(partner.certificate(HUBER), partner.key(HUBER))
    sommer = create_person(NAMES[SOMMER], SOMMER, foreign, at, lasts=ENDS_SOON)
    sommer.write_pem(partner.certificate(SOMMER), partner.key(SOMMER))
    sommer.write_pkcs12(partner.pkcs12(SOMMER), secret)
    clarke = create_person(NAMES[CLARKE], CLARKE, foreign, at)
    clarke.write_pkcs12(partner.pkcs12(CLARKE), secret)
    county = create_authority("Demo-Wurzel Landkreis am Fluss", at)
    vogt = create_person(NAMES[VOGT], VOGT, county, at)
    vogt.write_pkcs12(partner.pkcs12(VOGT), secret)


def prepare_tour(places: Places, at: datetime) -> None:
    """A certificate file of an authority that nobody here knows, and what the tour says of it."""
    folder = tour_files.folder(places.data)
    folder.mkdir(mode=0o700)
    authority = create_authority("Demo-Zertifizierungsstelle Landkreis Musterthal", at)
    carla = create_person(NAMES[CARLA], CARLA, authority, at)
    file = folder / "carla.p12"
    carla.write_pkcs12(file, Secret(PASSPHRASE.encode()))
    carla.write_certificate(partner_files(places).certificate(CARLA))  # Frau Huber has it already
    shown = Exhibit(
        file=file.name,
        sha256=sha256(file.read_bytes()).hexdigest(),
        passphrase=PASSPHRASE,
        certificate=carla.fingerprint,
        root=authority.fingerprint,
        sender=CARLA,
        recipient=UNKNOWN,
    )
    tour_files.describe(places.data, shown)
