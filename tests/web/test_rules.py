"""The rules: everybody may read and try them, administrators change them."""

from dataclasses import fields
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from siegel.flows.ruling import organisation_rules, set_level_rule
from siegel.policy.roles import Role
from siegel.policy.rule_levels import SETTABLE, Level
from siegel.policy.rules import Mode, OrganisationRules
from siegel.store.queries import journal, rule_levels
from siegel.web.rules.words import LEVELS, RULES, SHELVES
from siegel.wording.words import Language
from tests.flows.office import ALICE, HUBER, UNKNOWN, Office
from tests.web.conftest import SignIn

RULE_NAMES = {rule.name for rule in fields(OrganisationRules)}


@pytest.fixture
def administrator(sign_in: SignIn) -> Client:
    return sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def member(sign_in: SignIn) -> Client:
    return sign_in(Role.MEMBER, "anna@office.example")


def text(answer: object) -> str:
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def posted(**changed: object) -> dict[str, object]:
    """The form as the page shows it, with some fields otherwise."""
    shown: dict[str, object] = {}
    for name, value in organisation_rules().to_dict().items():
        if isinstance(value, list):
            shown[name] = "\n".join(value)
        else:
            shown[name] = str(value).lower() if isinstance(value, bool) else value or ""
    return {**shown, **changed}


def test_every_rule_has_its_words_and_its_place() -> None:
    assert set(RULES) == RULE_NAMES
    assert sorted(name for shelf in SHELVES for name in shelf.rules) == sorted(RULE_NAMES)
    assert set(LEVELS) == set(Level)


@pytest.mark.parametrize("name", sorted(RULE_NAMES))
def test_every_value_that_can_be_chosen_is_worded(name: str) -> None:
    default = getattr(OrganisationRules(), name)
    if isinstance(default, bool):
        assert set(RULES[name].choices) == {"true", "false"}
    elif hasattr(type(default), "__members__"):
        assert list(RULES[name].choices) == [each.value for each in type(default)]
    else:
        assert RULES[name].choices == {}


@pytest.mark.parametrize("language", list(Language))
def test_rules_are_worded_in_both_languages(language: Language) -> None:
    with translation.override(language.value):
        said = {str(words.title) for words in RULES.values()}
    assert ("Wann wird verschlüsselt?" in said) is (language is Language.DE)
    assert len(said) == len(RULES)


@pytest.mark.requirement("A90")
def test_members_read_the_rules_and_cannot_change_them(member: Client) -> None:
    page = text(member.get("/rules/"))
    assert "Wann wird verschlüsselt?" in page
    assert "Ändern kann sie Ihre Verwaltung" in page
    assert "Regeln speichern" not in page
    assert member.post("/rules/save/", posted(mode="offered")).status_code == 403
    assert member.get("/rules/exceptions/new/").status_code == 403
    assert (
        member.post("/rules/exceptions/domain/a.example/", {"mode": "offered"}).status_code == 403
    )
    assert organisation_rules() == OrganisationRules()


@pytest.mark.requirement("A60")
def test_an_administrator_changes_what_is_different_and_nothing_else(
    administrator: Client,
) -> None:
    form = posted(
        mode="offered", must_encrypt_domains="Kreis.example, amt.example\n\namt.example",
        bulk_recipient_limit="25", subject_word="vertraulich", subject_tag="false",
    )  # fmt: skip
    page = text(administrator.post("/rules/save/", form, follow=True))
    assert "5 Regeln sind geändert." in page
    rules = organisation_rules()
    assert rules.mode is Mode.OFFERED
    assert rules.must_encrypt_domains == {"kreis.example", "amt.example"}
    assert (rules.bulk_recipient_limit, rules.subject_word) == (25, "vertraulich")
    assert rules.subject_tag is False
    entries = journal.read(action="rule.changed")
    assert {entry.about for entry in entries} == {
        "mode", "must_encrypt_domains", "bulk_recipient_limit", "subject_word", "subject_tag",
    }  # fmt: skip
    assert {entry.actor for entry in entries} == {"user:mira@office.example"}
    again = text(administrator.post("/rules/save/", posted(), follow=True))
    assert "0 Regeln sind geändert." in again
    assert len(journal.read(action="rule.changed")) == len(entries)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("must_encrypt_domains", "a@b.example"),
        ("must_encrypt_partners", "nobody"),
        ("bulk_recipient_limit", "0"),
        ("bulk_recipient_limit", "many"),
        ("min_rsa_bits", "512"),
        ("subject_word", "x" * 61),
        ("mode", "sometimes"),
        ("cipher", ""),
    ],
)
def test_a_senseless_value_is_marked_and_nothing_is_saved(
    administrator: Client, name: str, value: str
) -> None:
    page = text(administrator.post("/rules/save/", posted(**{name: value, "calendar": "protect"})))
    assert "Es wurde nichts gespeichert" in page
    assert f'id="id_{name}_error"' in page
    assert organisation_rules() == OrganisationRules()


class TestExplanation:
    def asked(self, client: Client, to: str, sender: str = ALICE.address, **more: str) -> str:
        return text(client.get("/rules/explain/", {"sender": sender, "to": to, **more}))

    @pytest.mark.requirement("C2", "A46", "A58")
    def test_it_says_what_happens_and_why_for_each_recipient(
        self, member: Client, office: Office
    ) -> None:
        office.partner(HUBER)
        page = self.asked(member, f"{HUBER.address}, {UNKNOWN}").replace("<wbr>", "")
        assert "Die E-Mail wird signiert. Unterwegs bleibt sie lesbar." in page
        assert HUBER.address in page
        assert "Kein Zertifikat" in page
        alone = self.asked(member, HUBER.address)
        assert "Die E-Mail wird signiert und verschlüsselt." in alone
        assert "AES-" in alone

    def test_a_wish_that_cannot_be_fulfilled_is_refused(self, member: Client) -> None:
        page = self.asked(member, UNKNOWN, wish="encrypt")
        assert "Die E-Mail wird nicht gesendet." in page

    def test_exceptions_that_count_are_named(self, member: Client, office: Office) -> None:
        office.partner(HUBER)
        set_level_rule(Level.DOMAIN, "school.example", "mode", "offered", by="test", at=office.at)
        page = self.asked(member, HUBER.address)
        assert "Ausnahmen, die hier zählen" in page
        assert "school.example" in page

    def test_the_script_gets_only_the_answer(self, member: Client) -> None:
        part = self.asked(member, UNKNOWN, part="1")
        assert "<html" not in part
        assert "Die E-Mail" in part

    @pytest.mark.parametrize(
        ("to", "sender"),
        [
            ("", ALICE.address),
            ("nobody", ALICE.address),
            (UNKNOWN, "nobody"),
            ('"<script>alert(1)</script>"@x.example', ALICE.address),
            (", ".join(f"p{n}@x.example" for n in range(21)), ALICE.address),
            ("x\r\nBcc: y@z.example", ALICE.address),
        ],
    )
    def test_nonsense_is_answered_in_words(self, member: Client, to: str, sender: str) -> None:
        page = self.asked(member, to, sender)
        assert "<script>alert" not in page
        for part in ("", "1"):
            answer = member.get(
                "/rules/explain/", {"sender": sender, "to": to, **({"part": part} if part else {})}
            )
            assert answer.status_code == 200

    def test_nothing_is_sent_or_written_down(self, member: Client, office: Office) -> None:
        self.asked(member, UNKNOWN)
        assert office.out.sent == []
        assert journal.read(action="outbound.sign") == ()


class TestExceptions:
    ADDRESS = "/rules/exceptions/domain/school.example/"

    def test_an_exception_is_made_changed_and_taken_back(
        self, administrator: Client, office: Office
    ) -> None:
        form = {"level": "domain", "name": "School.EXAMPLE"}
        answer = administrator.post("/rules/exceptions/new/", form)
        assert answer["Location"] == self.ADDRESS
        assert "Organisation: Automatisch" in text(administrator.get(self.ADDRESS))
        saved = administrator.post(
            self.ADDRESS, {"mode": "offered", "min_rsa_bits": "3072"}, follow=True
        )
        page = text(saved)
        assert "sind gespeichert" in page
        assert "Nur auf Wunsch" in page
        (row,) = rule_levels.page()
        assert dict(row.layer.values) == {"mode": "offered", "min_rsa_bits": 3072}
        assert row.changed_by == "user:mira@office.example"
        assert "school.example" in text(administrator.get("/rules/"))
        administrator.post(self.ADDRESS, {"mode": "", "min_rsa_bits": ""})
        assert rule_levels.page() == ()

    @pytest.mark.parametrize(
        ("level", "name"),
        [
            ("domain", "a@b.example"),
            ("partner", "b.example"),
            ("account", "nobody"),
            ("nonsense", "b.example"),
            ("domain", ""),
        ],
    )
    def test_senseless_names_are_refused_in_words(
        self, administrator: Client, level: str, name: str
    ) -> None:
        answer = administrator.post("/rules/exceptions/new/", {"level": level, "name": name})
        assert "field-error" in text(answer) or "errorlist" in text(answer)

    @pytest.mark.parametrize("path", ["nonsense/a.example", "partner/a.example", "domain/a@b"])
    def test_what_can_have_no_rules_is_not_found(self, administrator: Client, path: str) -> None:
        assert administrator.get(f"/rules/exceptions/{path}/").status_code == 404

    @pytest.mark.parametrize("value", ["512", "-1", "99999999999"])
    def test_a_senseless_value_is_marked(self, administrator: Client, value: str) -> None:
        page = text(administrator.post(self.ADDRESS, {"min_rsa_bits": value}))
        assert "field-error" in page
        assert rule_levels.page() == ()

    @pytest.mark.parametrize("level", list(Level))
    def test_a_level_shows_the_rules_it_can_have(self, administrator: Client, level: Level) -> None:
        name = "a.example" if level is Level.DOMAIN else "a@a.example"
        page = text(administrator.get(f"/rules/exceptions/{level.value}/{name}/"))
        for rule in RULE_NAMES:
            assert (f'name="{rule}"' in page) is (rule in SETTABLE[level])


def _exceptions(office: Office, many: int) -> None:
    for number in range(many):
        office.at += timedelta(seconds=1)
        set_level_rule(
            Level.DOMAIN, f"d{number}.example", "mode", "offered", by="test", at=office.at
        )


@pytest.mark.parametrize("path", ["/rules/", "/rules/exceptions/"])
def test_a_list_costs_the_same_however_long_it_is(
    administrator: Client, office: Office, path: str
) -> None:
    counts = []
    for many in (3, 60):
        _exceptions(office, many)
        administrator.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert administrator.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] < 20


def test_long_lists_have_further_pages(administrator: Client, office: Office) -> None:
    _exceptions(office, 60)
    first = text(administrator.get("/rules/exceptions/"))
    assert "d59.example" in first
    assert "d9.example" not in first
    older = first.partition('rel="next" href="?')[2].partition('"')[0]
    assert "d9.example" in text(administrator.get(f"/rules/exceptions/?{older}"))


def test_hostile_names_of_exceptions_stay_text(administrator: Client, office: Office) -> None:
    hostile = '"<script>x</script>"@a.example'
    set_level_rule(Level.PARTNER, hostile, "mode", "offered", by="<b>", at=office.at)
    for path in ("/rules/", "/rules/exceptions/"):
        page = text(administrator.get(path))
        assert "<script>x" not in page
        assert "<b><b>" not in page
