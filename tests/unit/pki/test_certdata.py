"""``pki.certdata``: Mozilla's list is read exactly, and a damaged one not at all."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.pki import certdata as reader
from siegel.pki.anchors import AnchorSource, RootList, public_email_roots
from siegel.pki.certdata import parse_certdata
from tests.world import WORLD
from tests.world.certdata import DISTRUSTED, HEAD, NEUTRAL, Root, certdata

PUBLISHED = datetime(2026, 10, 1, tzinfo=UTC)
DAY = datetime(2026, 4, 30, 23, 59, 59, tzinfo=UTC)
FIRST = Root(der=WORLD.root.der)
SECOND = Root(der=WORLD.unknown_root.der)
LIST = certdata((FIRST, SECOND))


def parsed(data: bytes) -> RootList:
    return parse_certdata(data, source="certdata.txt", published_at=PUBLISHED)


def trusted(found: RootList) -> list[bytes]:
    return [anchor.certificate.der for anchor in found.anchors]


@pytest.mark.requirement("A34", "A35", "A70")
def test_roots_that_are_trusted_for_mail_become_anchors() -> None:
    found = parsed(LIST)
    assert trusted(found) == [FIRST.der, SECOND.der]
    assert {anchor.source for anchor in found.anchors} == {AnchorSource.PUBLIC}
    assert (found.source, found.published_at) == ("certdata.txt", PUBLISHED)
    assert found.distrusted == ()


def test_a_list_as_long_as_the_shipped_one_is_read_back_root_by_root() -> None:
    shipped = [anchor.certificate.der for anchor in public_email_roots()]
    found = parsed(certdata(Root(der=each) for each in shipped))
    assert trusted(found) == shipped
    assert all(anchor.distrust_after is None for anchor in found.anchors)


def test_a_root_for_websites_alone_is_no_anchor() -> None:
    assert trusted(parsed(certdata((FIRST, Root(der=SECOND.der, email=NEUTRAL))))) == [FIRST.der]


def test_the_last_day_of_a_root_for_mail_is_kept() -> None:
    (anchor,) = parsed(certdata((Root(der=FIRST.der, distrust_after=DAY),))).anchors
    assert anchor.distrust_after == DAY


def test_a_certificate_named_as_not_trusted_is_distrusted() -> None:
    found = parsed(certdata((FIRST, Root(der=SECOND.der, email=DISTRUSTED))))
    assert trusted(found) == [FIRST.der]
    assert [certificate.der for certificate in found.distrusted] == [SECOND.der]


def test_distrust_of_a_certificate_that_is_not_in_the_list_is_passed_over() -> None:
    lone = Root(der=SECOND.der, email=DISTRUSTED).trust.encode()
    assert parsed(certdata((FIRST,)) + lone) == parsed(certdata((FIRST,)))


def test_line_ends_and_blanks_do_not_matter() -> None:
    assert parsed(LIST.replace(b"\n", b" \r\n")) == parsed(LIST)


def swapped(old: str, new: str, times: int = 1) -> Callable[[], bytes]:
    def make() -> bytes:
        assert old.encode() in LIST
        return LIST.replace(old.encode(), new.encode(), times)

    return make


DAMAGED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no text": lambda: b"\xff\xfe" + LIST,
    "another file": lambda: WORLD.root.pem,
    "no list": lambda: HEAD.encode(),
    "no BEGINDATA": swapped("BEGINDATA", ""),
    "cut off in a value": lambda: LIST[: LIST.rindex(b"END")],
    "cut off before the trust": lambda: LIST[: LIST.rindex(b"# Trust for")],
    "cut off in the trust": lambda: LIST[: LIST.rindex(b"CKA_TRUST_EMAIL")],
    "trust without a certificate": lambda: certdata((FIRST,)) + SECOND.trust.encode(),
    "trust in another certificate": lambda: (
        certdata(())
        + FIRST.certificate.encode()
        + FIRST.trust.replace("HASH MULTILINE_OCTAL\n", "HASH MULTILINE_OCTAL\n\\000\n").encode()
    ),
    "no digest": swapped("CKA_CERT_SHA1_HASH", "CKA_CERT_MD5_HASH"),
    "the same root twice": lambda: certdata((FIRST, FIRST)),
    "an attribute twice": swapped("CKA_TOKEN CK_BBOOL CK_TRUE", "CKA_CLASS2 A B\nCKA_CLASS2 A B"),
    "an unknown kind of trust": swapped("EMAIL_PROTECTION CK_TRUST CKT_NSS_TRUSTED_DELEGATOR",
                                        "EMAIL_PROTECTION CK_TRUST CKT_TRUST_ANCHOR"),
    "an unknown class": swapped("CKO_NSS_TRUST", "CKO_TRUST"),
    "digits that are not octal": swapped("\\060", "\\068"),
    "an octet above 255": swapped("\\060", "\\460"),
    "a value without octets": swapped("CKA_TOKEN CK_BBOOL CK_TRUE", "CKA_TOKEN CK_BBOOL"),
    "an octal value on its line": swapped("CKA_VALUE MULTILINE_OCTAL",
                                          "CKA_VALUE MULTILINE_OCTAL x"),
    "a last day that is no time": swapped("EMAIL_DISTRUST_AFTER CK_BBOOL CK_FALSE",
                                          "EMAIL_DISTRUST_AFTER UTF8 tomorrow"),
    "no root for mail": lambda: certdata((Root(der=FIRST.der, email=NEUTRAL),)),
    "a root that is no certificate": lambda: LIST.replace(b"\\060\\202", b"\\061\\202"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_list_is_refused_whole(damage: str) -> None:
    with pytest.raises(MalformedMessage):
        parsed(DAMAGED[damage]())


@pytest.mark.parametrize(
    ("name", "value"), [("MAX_SIZE", len(LIST) - 1), ("MAX_OBJECTS", 4), ("MAX_VALUE", 300)]
)
def test_limits_hold(name: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, name, value)
    with pytest.raises(LimitExceeded):
        parsed(LIST)


@given(st.integers(0, len(LIST) - 1), st.binary(max_size=40), st.integers(0, 400))
def test_a_list_with_a_broken_place_is_read_without_it_or_refused(
    at: int, instead: bytes, length: int
) -> None:
    """Never another error, and never a root that was not in the list."""
    try:
        found = parsed(LIST[:at] + instead + LIST[at + length :])
    except (MalformedMessage, LimitExceeded):
        return
    assert set(trusted(found)) <= {FIRST.der, SECOND.der}


@given(st.binary(max_size=2000))
def test_noise_after_the_mark_is_refused(noise: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parsed(b"BEGINDATA\n" + noise)
