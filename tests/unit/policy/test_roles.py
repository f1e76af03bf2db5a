"""Which roles the groups of an identity provider give."""

import pytest

from siegel.policy.roles import Role, groups_of, sign_in

TABLE = {
    Role.MEMBER: frozenset({"/Amt/Alle", "staff"}),
    Role.CERTIFICATE_MANAGER: frozenset({"siegel-zertifikate"}),
    Role.ADMINISTRATOR: frozenset({"siegel-admin"}),
}


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        pytest.param({"groups": ["staff"]}, {Role.MEMBER}, id="one"),
        pytest.param(
            {"groups": ["siegel-admin", "staff"]}, {Role.ADMINISTRATOR, Role.MEMBER}, id="two"
        ),
        pytest.param({"groups": "siegel-admin"}, {Role.ADMINISTRATOR}, id="a_single_word"),
        pytest.param({"groups": ["guests"]}, set(), id="unknown_group"),
        pytest.param({"groups": ["Staff", " staff", "siegel-admin-x"]}, set(), id="nearly"),
        pytest.param({"groups": []}, set(), id="no_group"),
        pytest.param({}, set(), id="no_claim"),
        pytest.param({"groups": None}, set(), id="null"),
        pytest.param({"groups": 7}, set(), id="a_number"),
        pytest.param({"groups": {"siegel-admin": True}}, set(), id="an_object"),
        pytest.param({"groups": [["siegel-admin"], 1, None]}, set(), id="nested"),
        pytest.param({"roles": ["siegel-admin"]}, set(), id="another_claim"),
    ],
)
def test_groups_give_exactly_the_roles_of_the_table(
    claims: dict[str, object], expected: set[Role]
) -> None:
    said = sign_in(claims, "groups", TABLE)
    assert said.roles == expected
    assert said.may_enter is bool(expected)


def test_an_empty_table_lets_nobody_in() -> None:
    assert not sign_in({"groups": ["siegel-admin", ""]}, "groups", {}).may_enter
    table = {Role.ADMINISTRATOR: frozenset[str]()}
    assert not sign_in({"groups": [""]}, "groups", table).may_enter


def test_a_claim_may_be_a_path_and_a_whole_name_counts_first() -> None:
    inside = {"realm_access": {"roles": ["a"]}}
    assert groups_of(inside, "realm_access.roles") == {"a"}
    assert groups_of({**inside, "realm_access.roles": ["b"]}, "realm_access.roles") == {"b"}
    assert groups_of({"https://id.example/groups": ["c"]}, "https://id.example/groups") == {"c"}
    assert groups_of({"realm_access": ["roles"]}, "realm_access.roles") == frozenset()
