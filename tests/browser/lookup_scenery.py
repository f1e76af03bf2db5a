"""Foreign directories for pictures: one that answers, one that does not, one of a partner."""

from siegel.flows import lookup_sources
from siegel.flows.lookup_sources import StoreSettings
from siegel.policy.lookups import DirectoryProblem
from siegel.store.lookup_rows import LdapSettings, Security, SettingsRow
from siegel.store.queries import foreign_directories
from tests.flows.office import Office


def foreign_sources(office: Office, *, by: str) -> dict[str, str]:
    good = _directory(office, "Landesamt für Schule", "ldap.landesamt.example", by)
    bad = _directory(office, "Jobcenter Musterstadt", "ldap.jobcenter.example", by)
    problem = DirectoryProblem.NOT_REACHED.value
    foreign_directories.note_problem(f"ldap:{bad}", problem, at=office.at)
    settings = StoreSettings(
        name="Partnerseite der Schule",
        url="https://siegel.school.example/partner/search.cgi",
        domains=("school.example",),
    )
    store = lookup_sources.put_store(None, settings, by=by, at=office.at)
    lookup_sources.set_dns(SettingsRow(smimea=True, domain_asserts=False), by=by, at=office.at)
    return {"directory_good": str(good), "directory_bad": str(bad), "store": str(store.id)}


def hostile_source(office: Office, text: str, number: int) -> None:
    _directory(office, text[:200], f"ldap{number}.evil.example", f"user:{text}")


def _directory(office: Office, name: str, host: str, by: str) -> int:
    given = LdapSettings(
        name=name,
        host=host,
        port=636,
        security=Security.TLS,
        base="ou=people,o=amt,c=de",
        filter="(mail={address})",
        domains=(host.partition(".")[2],),
        note="Zugang seit 2025, Auskunft: Frau Kern",
    )
    return lookup_sources.put_directory(None, given, None, office.site, by=by, at=office.at).id
