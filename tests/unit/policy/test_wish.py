"""What the writer asks for, and what is taken out before the mail leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.policy.wish import Wish, WishSeen, wish_of_the_writer

Fields = list[tuple[str, str]]

TABLE: list[tuple[str, Fields, Wish, set[str]]] = [
    ("ok/nothing", [("From", "a@b.example"), ("Subject", "Hallo")], Wish.NONE, set()),
    ("ok/encrypt", [("X-Siegel-Protect", "encrypt")], Wish.ENCRYPT, {"x-siegel-protect"}),
    ("ok/sign", [("X-Siegel-Protect", "sign")], Wish.SIGN, {"x-siegel-protect"}),
    ("ok/case", [("x-siegel-PROTECT", " Encrypt ")], Wish.ENCRYPT, {"x-siegel-protect"}),
    (
        "ok/strongest-of-two",
        [("X-Siegel-Protect", "encrypt"), ("X-Siegel-Protect", "sign")],
        Wish.ENCRYPT,
        {"x-siegel-protect"},
    ),
    ("ok/misspelt", [("X-Siegel-Protect", "encript")], Wish.ENCRYPT, {"x-siegel-protect"}),
    ("ok/empty", [("X-Siegel-Protect", "")], Wish.ENCRYPT, {"x-siegel-protect"}),
    ("ok/outlook", [("Sensitivity", "Company-Confidential")], Wish.ENCRYPT, {"sensitivity"}),
    ("ok/outlook-case", [("sensitivity", "company-confidential")], Wish.ENCRYPT, {"sensitivity"}),
    ("ok/outlook-private", [("Sensitivity", "Private")], Wish.NONE, set()),
    (
        "ok/two-ways",
        [("Sensitivity", "Company-Confidential"), ("X-Siegel-Protect", "sign")],
        Wish.ENCRYPT,
        {"sensitivity", "x-siegel-protect"},
    ),
    ("fail/similar-name", [("X-Siegel-Protected", "encrypt")], Wish.NONE, set()),
]


@pytest.mark.parametrize(
    ("fields", "wish", "taken_out"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
@pytest.mark.requirement("B6")
def test_header_fields_carry_the_wish_and_are_taken_out(
    fields: Fields, wish: Wish, taken_out: set[str]
) -> None:
    assert wish_of_the_writer(fields, "[geheim]") == WishSeen(
        wish=wish, taken_out=frozenset(taken_out)
    )


@pytest.mark.parametrize(
    ("word", "subject", "left"),
    [
        pytest.param("[geheim]", "[geheim] Abrechnung", "Abrechnung", id="ok/first"),
        pytest.param("[geheim]", "Abrechnung [GEHEIM]", "Abrechnung", id="ok/last-and-case"),
        pytest.param("[geheim]", "Re: [geheim] Abrechnung", "Re: Abrechnung", id="ok/answer"),
        pytest.param("geheim", "Geheim: Abrechnung", ": Abrechnung", id="ok/before-a-colon"),
        pytest.param("[geheim]", "[geheim]", "", id="ok/nothing-else"),
        pytest.param("[geheim]", "[geheim] a [geheim] b", "a b", id="ok/twice"),
        pytest.param(
            "verschlüsseln", "=?utf-8?q?verschl=C3=BCsseln?= Abrechnung", "Abrechnung",
            id="ok/encoded-word",
        ),
        pytest.param("geheim", "Die Geheimnisse der Abrechnung", None, id="fail/part-of-a-word"),
        pytest.param("[geheim]", "geheim", None, id="fail/without-brackets"),
        pytest.param("a.b", "axb", None, id="fail/word-is-no-pattern"),
        pytest.param(None, "[geheim] Abrechnung", None, id="fail/no-word-chosen"),
    ],
)  # fmt: skip
@pytest.mark.requirement("B6")
def test_the_subject_word_is_a_wish_and_leaves_the_subject(
    word: str | None, subject: str, left: str | None
) -> None:
    found = wish_of_the_writer([("Subject", subject)], word)
    assert found.wish is (Wish.NONE if left is None else Wish.ENCRYPT)
    assert found.subject == left
    assert found.taken_out == frozenset()


@given(
    fields=st.lists(st.tuples(st.sampled_from(["Subject", "Sensitivity", "X-Other"]), st.text())),
    word=st.none() | st.text(min_size=1),
)
def test_no_header_breaks_the_reading(fields: Fields, word: str | None) -> None:
    found = wish_of_the_writer(fields, word)
    assert (found.wish is Wish.NONE) == (not found.taken_out and found.subject is None)
