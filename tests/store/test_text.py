"""Whatever strangers write becomes text that every database takes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.store.text import Json, clean, clean_json

ANY_TEXT = some.text(some.characters())  # lone surrogates and NUL included
ANY_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | ANY_TEXT,
    lambda inner: some.lists(inner) | some.dictionaries(ANY_TEXT, inner),
)


def storable(text: str) -> bool:
    return "\0" not in text and text.encode("utf-8", "replace").decode("utf-8") == text


@given(ANY_TEXT, some.integers(1, 20))
def test_cleaned_text_is_storable_and_short_enough(text: str, limit: int) -> None:
    assert storable(clean(text))
    assert len(clean(text)) == len(text)
    assert len(clean(text, limit)) <= limit
    assert clean(clean(text, limit), limit) == clean(text, limit)


@given(ANY_TEXT)
def test_clean_text_stays_as_it_is(text: str) -> None:
    if storable(text):
        assert clean(text) == text


@given(ANY_JSON)
def test_cleaned_json_is_storable(value: Json) -> None:
    written = json.dumps(clean_json(value), ensure_ascii=False)
    assert storable(written)
    assert "\\u0000" not in written.replace("\\\\", "")


@pytest.mark.parametrize("text", ["\ud800@x.example", "a\0b@x.example", '"\ud800"@x.example'])
def test_what_no_database_takes_is_no_address(text: str) -> None:
    with pytest.raises(MalformedAddress):
        EmailAddress.parse(text)
