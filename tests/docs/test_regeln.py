"""docs/regeln.md: every rule has its sentence, its function and its test, and the page is true."""

import ast
from collections import Counter
from pathlib import Path

import pytest
from tools import make_regeln
from tools.make_regeln import PAGE, RULES, Rule


def test_the_committed_page_is_what_the_functions_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == make_regeln.page(), "run python -m tools.make_regeln"


def test_every_sentence_has_a_function_and_every_function_a_test() -> None:
    assert make_regeln.faults() == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.test_name)
def test_every_test_named_on_the_page_asserts_something(rule: Rule) -> None:
    tree = ast.parse(Path(rule.test_file).read_text(encoding="utf-8"))
    found = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == rule.test_name
    ]
    assert len(found) == 1
    assert any(isinstance(node, ast.Assert) for node in ast.walk(found[0]))


def test_no_sentence_stands_twice() -> None:
    assert Counter(rule.sentence for rule in RULES).most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    "rule",
    [
        Rule("Dieser Satz steht nirgends.", RULES[0].function, RULES[0].test),
        Rule(RULES[0].sentence, RULES[0].function, RULES[0].test + "_that_nobody_wrote"),
    ],
    ids=["fail/no-function", "fail/no-test"],
)
def test_a_missing_function_or_test_is_noticed(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_regeln, "RULES", (*RULES, rule))
    assert len(make_regeln.faults()) == 1


def test_a_rule_that_is_not_on_the_page_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_regeln, "RULES", RULES[1:])
    assert make_regeln.faults() == [
        f"{RULES[0].function} quotes a sentence that is not on the page"
    ]
