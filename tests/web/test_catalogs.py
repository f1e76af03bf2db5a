"""The German words of the parts, read as one catalog, which they are while the pages run."""

from collections import defaultdict

from tests.browser.catalogs import messages_by_part


def test_no_text_is_said_in_two_ways() -> None:
    """Django merges the catalogs of all parts: of two translations only one is ever shown, on the
    pages of the other part, too. Say it differently in English where it means something else."""
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for part, texts in messages_by_part().items():
        for text, german in texts.items():
            said[text][part] = german
    differing = {text: ways for text, ways in said.items() if len(set(ways.values())) > 1}
    assert not differing
