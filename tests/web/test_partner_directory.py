"""Partners search, check and load certificates without signing in; strangers learn nothing else."""

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from siegel.base.address import EmailAddress
from siegel.directory import http_store
from siegel.flows import accounts, publishing, publishing_site
from siegel.pki.certificate import parse_certificate
from siegel.pki.vcard import read_cards
from siegel.web import clock
from siegel.web.partner_limits import OF_ALL, OF_ONE, may_ask
from tests.flows.office import ALICE, BOB, Office
from tests.world import WORLD

BY = "user:mira@office.example"
A, B = EmailAddress.parse(ALICE.address), EmailAddress.parse(BOB.address)
CERTIFICATE = parse_certificate(ALICE.certificate_der)
ROOT = parse_certificate(WORLD.root.der)


@pytest.fixture
def visitor(office: Office) -> Client:
    """From outside; the site is open and Alice is published, Bob is not."""
    publishing_site.open_(by=BY, at=office.at)
    publishing.publish([A], by=BY, at=office.at)
    return Client(headers={"accept-language": "en"})


def load(client: Client, ending: str, mark: str = CERTIFICATE.fingerprint) -> bytes:
    answer = client.get(reverse("directory:certificate", args=[mark, ending]))
    assert answer.status_code == 200
    return answer.content


def change(office: Office, **values: object) -> None:
    written = replace(publishing_site.as_written(), **values)  # type: ignore[arg-type]  # by name
    publishing_site.save(written, by=BY, at=office.at)


class TestSearching:
    @pytest.mark.requirement("B18")
    @pytest.mark.requirement("B14")
    @pytest.mark.requirement("C4")
    def test_the_exact_address_finds_the_certificate(self, visitor: Client) -> None:
        found = visitor.get("/partner/search/", {"address": "ALICE@office.example"}, follow=True)
        text = found.content.decode()
        assert found.status_code == 200
        assert "alice" in text
        for group in (CERTIFICATE.fingerprint.upper()[i : i + 4] for i in range(0, 64, 4)):
            assert f"<span>{group}</span>" in text
        assert "Valid until" in text

    def test_who_is_not_published_does_not_exist(self, visitor: Client) -> None:
        """Not a letter, not a query more or less than for an address that nobody has."""
        with CaptureQueriesContext(connection) as of_bob:
            bob = visitor.get("/partner/search/", {"address": BOB.address})
        with CaptureQueriesContext(connection) as of_nobody:
            nobody = visitor.get("/partner/search/", {"address": "nobody@office.example"})
        assert bob.status_code == nobody.status_code == 404
        assert bob.content == nobody.content
        assert dict(bob.headers) == dict(nobody.headers)
        assert len(of_bob) == len(of_nobody)

    @pytest.mark.parametrize(
        "typed",
        [
            "*",
            "*@office.example",
            "alice",
            "@office.example",
            "alice@office.example, bob@office.example",
            "alice@office.example\x00",
            "alice@office.example\r\nX-Evil: 1",
            "<script>alert(1)</script>@office.example",
            "a" * 5000 + "@office.example",
            "' OR 1=1 --@office.example",
            "alice@оffice.example",
            "alice@" + "a." * 500 + "example",
        ],
    )
    def test_what_is_typed_is_never_repeated(self, visitor: Client, typed: str) -> None:
        answer = visitor.get("/partner/search/", {"address": typed})
        assert answer.status_code in (400, 404)
        assert "<script>alert" not in answer.content.decode()
        assert typed not in answer.content.decode() or typed in ("*", "alice")
        assert "X-Evil" not in answer.headers

    def test_asking_very_often_is_answered_alike_for_everybody(self, visitor: Client) -> None:
        for _ in range(OF_ONE):
            visitor.get("/partner/search/", {"address": "nobody@office.example"})
        stopped = visitor.get("/partner/search/", {"address": ALICE.address})
        assert stopped.status_code == 429
        assert stopped["Retry-After"] == "60"
        assert visitor.get("/search.cgi", {"email": ALICE.address}).status_code == 429

    def test_one_client_alone_does_not_stop_the_others(self, rf: RequestFactory) -> None:
        def asks(client: str) -> bool:
            return may_ask(rf.get("/", REMOTE_ADDR=client), "a", of_one=2, of_all=6)

        assert [asks("192.0.2.1") for _ in range(9)] == [True, True, *[False] * 7]
        assert asks("192.0.2.2")

    def test_many_clients_together_have_a_limit_too(self, visitor: Client) -> None:
        codes = {
            visitor.get(
                "/search.cgi", {"email": "x"}, REMOTE_ADDR=f"2001:db8:{number:x}::1"
            ).status_code
            for number in range(OF_ALL + 1)
        }
        assert 429 in codes

    def test_one_client_of_a_socket_for_both_kinds_stops_no_other(self, visitor: Client) -> None:
        """Such a socket writes IPv4 addresses as IPv6."""
        for _ in range(OF_ONE + 1):
            visitor.get("/search.cgi", {"email": "x"}, REMOTE_ADDR="::ffff:192.0.2.1")
        another = visitor.get("/search.cgi", {"email": "x"}, REMOTE_ADDR="::ffff:192.0.2.2")
        assert another.status_code != 429

    def test_guides_for_an_address_count_as_searches(self, visitor: Client) -> None:
        asked = {"address": "nobody@office.example"}
        for _ in range(OF_ONE):
            assert visitor.get("/partner/guides/thunderbird/", asked).status_code == 200
        for path in ("/partner/guides/thunderbird/", "/partner/guides/thunderbird/de.pdf"):
            assert visitor.get(path, asked).status_code == 429
            assert visitor.get(path).status_code == 200, "without an address nothing is asked"

    def test_a_minute_later_it_goes_on(
        self, visitor: Client, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(OF_ONE + 1):
            visitor.get("/partner/search/", {"address": ALICE.address})
        later = office.at + timedelta(minutes=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        found = visitor.get("/partner/search/", {"address": ALICE.address})
        assert found.status_code == 302


class TestLoading:
    @pytest.mark.requirement("A54")
    @pytest.mark.requirement("A55")
    @pytest.mark.requirement("B32")
    def test_openssl_reads_everything_that_is_handed_out(
        self, visitor: Client, tmp_path: Path
    ) -> None:
        files = {ending: tmp_path / f"file.{ending}" for ending in ("cer", "pem", "p7c")}
        for ending, file in files.items():
            file.write_bytes(load(visitor, ending))
        chain = tmp_path / "chain.pem"
        chain.write_bytes(visitor.get("/partner/chain.pem").content)
        for command in (
            ("x509", "-inform", "DER", "-in", str(files["cer"]), "-noout"),
            ("verify", "-CAfile", str(chain), "-no-CApath", "-no_check_time", str(files["pem"])),
            ("pkcs7", "-inform", "DER", "-in", str(files["p7c"]), "-print_certs", "-noout"),
        ):
            done = subprocess.run(["openssl", *command], capture_output=True, timeout=60)
            assert done.returncode == 0, done.stderr

    @pytest.mark.requirement("B24")
    @pytest.mark.requirement("A31")
    def test_the_business_card_holds_the_address_and_the_certificate(self, visitor: Client) -> None:
        (card,) = read_cards(load(visitor, "vcf"))
        assert A in card.addresses
        assert card.certificates == (CERTIFICATE,)

    def test_a_file_has_a_plain_name_and_its_type(self, visitor: Client) -> None:
        answer = visitor.get(
            reverse("directory:certificate", args=[CERTIFICATE.fingerprint, "cer"])
        )
        assert answer["Content-Disposition"] == 'attachment; filename="alice@office.example.cer"'
        assert answer["Content-Type"] == "application/pkix-cert"
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize("ending", ["p12", "key", "exe", "CER", "html"])
    def test_there_are_no_other_forms(self, visitor: Client, ending: str) -> None:
        path = f"/partner/certificate/{CERTIFICATE.fingerprint}.{ending}"
        assert visitor.get(path).status_code == 404

    @pytest.mark.parametrize("ending", ["cer", "pem", "p7c", "vcf"])
    def test_what_is_not_published_is_not_handed_out(self, visitor: Client, ending: str) -> None:
        bob = parse_certificate(BOB.certificate_der)
        path = reverse("directory:certificate", args=[bob.fingerprint, ending])
        assert visitor.get(path).status_code == 404
        assert visitor.get(f"/partner/certificate/{bob.fingerprint}/").status_code == 404

    def test_what_is_withdrawn_is_gone_at_once(self, visitor: Client, office: Office) -> None:
        key = http_store.search_key(CERTIFICATE.der)
        assert visitor.get(f"/search.cgi?certHash={key}").status_code == 200
        publishing.withdraw([A], by=BY, at=office.at)
        mark = CERTIFICATE.fingerprint
        for path in (
            f"/partner/certificate/{mark}/",
            f"/partner/certificate/{mark}.cer",
            f"/search.cgi?certHash={key}",
            f"/search.cgi?email={ALICE.address}",
            "/partner/search/?address=alice@office.example",
        ):
            assert visitor.get(path).status_code == 404

    def test_an_expired_certificate_is_gone_by_itself(
        self, visitor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        later = CERTIFICATE.not_after + timedelta(days=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert visitor.get("/partner/search/", {"address": ALICE.address}).status_code == 404

    def test_of_an_account_that_is_switched_off_nothing_is_found(
        self, visitor: Client, office: Office
    ) -> None:
        accounts.switch(A, active=False, by=BY, at=office.at)
        assert visitor.get("/partner/search/", {"address": ALICE.address}).status_code == 404


class TestTheChain:
    @pytest.mark.requirement("B29")
    @pytest.mark.requirement("B30")
    @pytest.mark.requirement("B31")
    def test_each_authority_is_shown_with_its_fingerprint_and_loaded(self, visitor: Client) -> None:
        text = visitor.get("/partner/chain/").content.decode()
        for authority in publishing.chain_files(clock.now()):
            groups = authority.fingerprint.upper()
            assert f"<span>{groups[:4]}</span>" in text
            path = reverse("directory:authority_file", args=[authority.fingerprint, "cer"])
            assert visitor.get(path).content == authority.der
        assert ROOT in publishing.chain_files(clock.now())

    def test_other_authorities_are_not_handed_out(self, visitor: Client) -> None:
        path = reverse("directory:authority_file", args=["0" * 64, "cer"])
        assert visitor.get(path).status_code == 404

    def test_the_root_is_in_the_file_with_the_chain(self, visitor: Client) -> None:
        assert ROOT.der in load(visitor, "p7c")


class TestAccepting:
    @pytest.mark.requirement("B1")
    @pytest.mark.requirement("B3")
    def test_nothing_is_handed_out_before_the_terms_are_accepted(
        self, visitor: Client, office: Office
    ) -> None:
        change(office, asks_acceptance=True)
        refused = visitor.get("/partner/search/", {"address": ALICE.address})
        assert refused.status_code == 400
        mark = CERTIFICATE.fingerprint
        path = reverse("directory:certificate", args=[mark, "cer"])
        assert visitor.get(path)["Location"] == f"/partner/certificate/{mark}/"
        assert path not in visitor.get(f"/partner/certificate/{mark}/").content.decode()

    def test_who_agrees_gets_the_files_without_a_cookie(
        self, visitor: Client, office: Office
    ) -> None:
        change(office, asks_acceptance=True)
        asked = {"address": ALICE.address, "accepted": "yes"}
        shown = visitor.get("/partner/search/", asked, follow=True)
        path = reverse("directory:certificate", args=[CERTIFICATE.fingerprint, "cer"])
        assert f"{path}?accepted=yes" in shown.content.decode()
        assert visitor.get(f"{path}?accepted=yes").content == CERTIFICATE.der
        assert not visitor.cookies

    def test_before_agreeing_unknown_addresses_look_the_same(
        self, visitor: Client, office: Office
    ) -> None:
        change(office, asks_acceptance=True)
        alice, nobody = (
            visitor.get("/partner/search/", {"address": address}).content
            for address in (ALICE.address, "nobody@office.example")
        )
        assert alice == nobody


class TestListing:
    def test_there_is_no_list_unless_the_administrator_allows_one(
        self, visitor: Client, office: Office
    ) -> None:
        assert visitor.get("/partner/everybody/").status_code == 404
        assert ALICE.address not in visitor.get("/partner/").content.decode()
        change(office, lists_everybody=True)
        text = visitor.get("/partner/everybody/").content.decode()
        assert "alice<wbr>@office.example" in text
        assert "bob<wbr>@office.example" not in text

    def test_the_store_lists_nobody_by_issuer_or_name_either(
        self, visitor: Client, office: Office
    ) -> None:
        issuer = http_store.search_key(CERTIFICATE.issuer_der)
        assert visitor.get(f"/search.cgi?iHash={issuer}").content != CERTIFICATE.der
        assert CERTIFICATE.der not in visitor.get(f"/search.cgi?iHash={issuer}").content
        change(office, lists_everybody=True)
        assert CERTIFICATE.der in visitor.get(f"/search.cgi?iHash={issuer}").content


class TestTheHttpStore:
    @pytest.mark.parametrize(
        "path", ["/search.cgi", "/certificates/search.cgi", "/partner/search.cgi"]
    )
    @pytest.mark.requirement("B23")
    def test_programs_find_the_certificate_by_address(self, visitor: Client, path: str) -> None:
        answer = visitor.get(f"{path}?email=alice%40office.example")
        assert answer.content == CERTIFICATE.der
        assert answer["Content-Type"] == "application/pkix-cert"

    def test_every_key_of_a_certificate_finds_it(self, visitor: Client, office: Office) -> None:
        change(office, lists_everybody=True)
        for key in http_store.keys_of(CERTIFICATE):
            name, _, value = key.partition("=")
            answer = visitor.get("/search.cgi", {name: value})
            assert CERTIFICATE.der in answer.content, key

    def test_an_authority_is_found_in_any_case(self, visitor: Client) -> None:
        key = http_store.search_key(ROOT.subject_der)
        assert ROOT.der in visitor.get("/search.cgi", {"sHash": key}).content

    @pytest.mark.parametrize(
        "query", ["", "email", "x=1", "email=a&email=b", "certHash=short", "email=%00"]
    )
    def test_what_is_no_question_gets_one_plain_line(self, visitor: Client, query: str) -> None:
        answer = visitor.get(f"/search.cgi?{query}")
        assert answer.status_code == 400
        assert answer["Content-Type"].startswith("text/plain")
        assert answer.content == b"one attribute of RFC 4387 and its value are expected\n"

    def test_what_is_not_there_is_not_found(self, visitor: Client) -> None:
        for path in ("/search.cgi?email=bob@office.example", "/crls/search.cgi?iHash=" + "A" * 27):
            answer = visitor.get(path)
            assert (answer.status_code, answer.content) == (404, b"not found\n")

    def test_a_closed_site_has_no_store(self, visitor: Client, office: Office) -> None:
        publishing_site.close(by=BY, at=office.at)
        assert visitor.get(f"/search.cgi?email={ALICE.address}").status_code == 404


class TestAHostOfItsOwn:
    @pytest.fixture
    def at_partner_host(self, visitor: Client, settings: Settings) -> Client:
        found = replace(settings.SIEGEL.directory, hosts=("partner.office.example",))
        settings.SIEGEL = replace(settings.SIEGEL, directory=found)
        settings.ALLOWED_HOSTS = ["partner.office.example", "testserver"]
        visitor.defaults["HTTP_HOST"] = "partner.office.example"
        return visitor

    def test_there_is_the_partner_page_at_once(self, at_partner_host: Client) -> None:
        assert "Write to us encrypted" in at_partner_host.get("/").content.decode()
        found = at_partner_host.get("/partner/search/", {"address": ALICE.address}, follow=True)
        assert found.status_code == 200

    @pytest.mark.parametrize(
        "path",
        [
            "/sign/in/",
            "/me/",
            "/certificates/",
            "/publishing/",
            "/mail/",
            "/healthz",
            "/metrics",
            "/help/",
        ],
    )
    def test_nothing_of_the_office_is_there(self, at_partner_host: Client, path: str) -> None:
        answer = at_partner_host.get(path)
        assert answer.status_code == 404
        assert "/sign/in/" not in answer.content.decode()

    @pytest.mark.parametrize("path", ["/", "/partner/"])
    def test_a_name_that_is_nobodys_is_refused_with_a_page(
        self, at_partner_host: Client, path: str
    ) -> None:
        answer = at_partner_host.get(path, headers={"host": "evil.example"})
        assert answer.status_code == 400
        assert "evil.example" not in answer.content.decode()

    def test_the_port_and_capital_letters_make_no_difference(self, at_partner_host: Client) -> None:
        at_partner_host.defaults["HTTP_HOST"] = "Partner.Office.example:8443"
        assert at_partner_host.get("/me/").status_code == 404

    def test_who_is_signed_in_is_nobody_there(
        self, at_partner_host: Client, office: Office
    ) -> None:
        publishing_site.close(by=BY, at=office.at)
        at_partner_host.cookies["siegel_session"] = "x"
        assert at_partner_host.get("/partner/").status_code == 404


class TestMany:
    def test_the_number_of_queries_does_not_grow(self, visitor: Client, office: Office) -> None:
        def asked(path: str) -> int:
            with CaptureQueriesContext(connection) as queries:
                visitor.get(path)
            return len(queries)

        paths = (
            f"/partner/certificate/{CERTIFICATE.fingerprint}/",
            "/partner/chain/",
            f"/search.cgi?email={ALICE.address}",
        )
        before = [asked(path) for path in paths]
        for number in range(20):
            address = EmailAddress.parse(f"konto{number}@office.example")
            accounts.create(address, "", by=BY, at=office.at)
            publishing.publish([address], by=BY, at=office.at)
        publishing.publish([B], by=BY, at=office.at)
        assert [asked(path) for path in paths] == before


class TestTheFactsForOthers:
    def test_published_answers_with_rows_and_all_published_with_addresses(
        self, visitor: Client, office: Office
    ) -> None:
        del visitor
        assert [row.certificate for row in publishing.published(A, office.at)] == [CERTIFICATE]
        assert publishing.published(B, office.at) == ()
        assert [one.address for one in publishing.all_published(office.at)] == [A]

    def test_only_addresses_of_accounts_are_published(self, office: Office) -> None:
        stranger = EmailAddress.parse("frau.huber@school.example")
        assert publishing.publish([stranger, A], by=BY, at=office.at) == 1
        assert publishing.count() == 1

    def test_publishing_twice_is_publishing_once(self, visitor: Client, office: Office) -> None:
        del visitor
        assert publishing.publish([A, A, B], by=BY, at=office.at) == 1
        assert publishing.withdraw([A, B], by=BY, at=office.at) == 2
        assert publishing.publish([A], by=BY, at=office.at) == 1
