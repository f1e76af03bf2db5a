"""What an organisation's colours may be: readable wherever the pages put them."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.errors import ConfigurationError
from siegel.directory import colours
from siegel.directory.colours import LEAST, NotReadable, Palette, contrast

SHEET = Path(__file__).parents[3] / "src" / "siegel" / "web" / "static" / "siegel.css"
ANY = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_black_on_white_is_the_greatest_contrast() -> None:
    assert round(contrast("#000000", "#ffffff"), 6) == 21
    assert contrast("#767676", "#ffffff") >= LEAST > contrast("#777777", "#ffffff")


def test_the_surfaces_are_those_of_the_stylesheet() -> None:
    found = dict(
        (name, (light, dark))
        for name, light, dark in re.findall(
            r"--(paper|sheet|sheet-2): light-dark\((#\w{6}), (#\w{6})\)", SHEET.read_text("utf-8")
        )
    )
    assert set(colours.LIGHT_SURFACES) == {light for light, _ in found.values()}
    assert set(colours.DARK_SURFACES) == {dark for _, dark in found.values()}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#fff",
        "rgb(1,2,3)",
        "#1f5a4c;}",
        "#1f5a4g",
        "url(x)",
        "#\u0661\u0661\u0661\u0661\u0661\u0661",
    ],
)
def test_only_six_digits_are_a_colour(text: str) -> None:
    with pytest.raises(ConfigurationError):
        colours.read(text)


def test_a_pale_colour_is_refused_and_says_how_pale() -> None:
    with pytest.raises(NotReadable) as refused:
        colours.light("#ffe066")
    assert refused.value.contrast < 2


def test_the_presets_are_readable() -> None:
    assert colours.stylesheet(*colours.PRESET).startswith(
        ".public{--org:light-dark(#1f5a4c,#8fd0ba)"
    )


@given(ANY)
def test_what_is_taken_is_readable_everywhere(colour: str) -> None:
    for of_theme, surfaces in (
        (colours.light, colours.LIGHT_SURFACES),
        (colours.dark, colours.DARK_SURFACES),
    ):
        try:
            found: Palette = of_theme(colour)
        except NotReadable:
            assert min(contrast(colour, each) for each in surfaces) < LEAST
            continue
        assert all(contrast(found.colour, each) >= LEAST for each in (*surfaces, found.tint))
        assert contrast(found.on, found.colour) >= LEAST


@given(st.text(max_size=20))
def test_nothing_but_colours_gets_into_the_stylesheet(text: str) -> None:
    try:
        sheet = colours.stylesheet(text, "#8fd0ba")
    except ConfigurationError:
        return
    assert re.fullmatch(r"\.public\{(--[a-z-]+:light-dark\(#\w{6},#\w{6}\);?){4}\}\n", sheet)
