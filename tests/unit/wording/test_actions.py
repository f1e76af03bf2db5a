"""Every action that the journal can hold has words, and no flow writes any other."""

import ast
import re
from pathlib import Path

import pytest

import siegel
from siegel.policy.actions import Action, ActionGroup, actions_of
from siegel.wording.actions import ACTIONS, GROUPS, said_of_action
from siegel.wording.words import Language
from tests.unit.wording.readability import first_vienna_formula, fourth_vienna_formula

SOURCE = Path(siegel.__file__).parent


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("action", Action)
@pytest.mark.requirement("A90")
def test_every_action_has_a_title_and_a_sentence(action: Action, language: Language) -> None:
    said = ACTIONS[language][action]
    assert said.title.strip()
    assert len(said.title) <= 40, "a column of a list"
    assert said.sentence.endswith(".")


@pytest.mark.parametrize("action", Action)
@pytest.mark.requirement("A92")
def test_german_sentences_are_easy_to_read(action: Action) -> None:
    said = ACTIONS[Language.DE][action].sentence
    assert first_vienna_formula(said) <= 10
    assert fourth_vienna_formula(said) <= 10


@pytest.mark.parametrize("language", Language)
def test_no_two_actions_are_called_the_same(language: Language) -> None:
    titles = [said.title for said in ACTIONS[language].values()]
    assert len(set(titles)) == len(titles)


def test_every_action_belongs_to_exactly_one_group_and_every_group_has_a_name() -> None:
    grouped = [action for group in ActionGroup for action in actions_of(group)]
    assert sorted(grouped) == sorted(Action)
    assert all(set(GROUPS[language]) == set(ActionGroup) for language in Language)


def test_an_entry_of_another_version_is_shown_by_its_code() -> None:
    assert said_of_action("future.thing", Language.DE).title == "future.thing"
    assert said_of_action("outbound.sign", Language.EN).title == "Sent signed"


def written_actions() -> list[tuple[str, ast.expr]]:
    """What stands behind ``action=`` wherever the journal is written."""
    found = []
    for file in sorted(SOURCE.glob("*/**/*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal.write":
                found += [
                    (f"{file.relative_to(SOURCE)}:{node.lineno}", keyword.value)
                    for keyword in node.keywords
                    if keyword.arg == "action"
                ]
    return found


def test_no_flow_spells_an_action_that_is_not_in_the_list() -> None:
    kinds = {action.partition(".")[0] for action in Action}
    spelled = re.compile(rf"({'|'.join(kinds)})(\.[a-z_]+)+")
    unknown = [
        (file.name, node.value)
        for file in sorted(SOURCE.glob("flows/*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if spelled.fullmatch(node.value) and node.value not in set(Action)
    ]
    assert not unknown


def test_no_flow_writes_an_action_of_its_own() -> None:
    written = written_actions()
    assert len(written) > 12
    free = [
        place
        for place, value in written
        if any(isinstance(part, ast.Constant | ast.JoinedStr) for part in ast.walk(value))
        and not ast.unparse(value).startswith("Action(")
    ]
    assert not free
