"""The shell around every CMS structure."""

import pytest

from siegel.base import der, oids
from siegel.base.errors import MalformedMessage
from siegel.cms.content_info import content_type, unwrap, wrapped_header

INSIDE = der.sequence(der.integer(1))


def test_the_type_is_told_without_reading_the_rest() -> None:
    assert content_type(b"\x30\x80" + der.oid(oids.SIGNED_DATA) + b"\xa0\x80\x30") == (
        oids.SIGNED_DATA
    )


@pytest.mark.parametrize("length", [0, 127, 128, 70_000])
def test_the_header_announces_what_follows(length: int) -> None:
    inside = der.sequence(der.octet_string(bytes(length)))
    data = wrapped_header(oids.DATA, len(inside)) + inside
    assert data == der.sequence(der.oid(oids.DATA), der.context(0, inside))
    kind, (string,) = unwrap(data, oids.SIGNED_DATA, oids.DATA)
    assert (kind, len(string.content)) == (oids.DATA, length)


MALFORMED = {
    "fail/nothing": b"",
    "fail/primitive": der.integer(1),
    "fail/no content": der.sequence(der.oid(oids.DATA)),
    "fail/content under no tag": der.sequence(der.oid(oids.DATA), INSIDE),
    "fail/two contents": der.sequence(der.oid(oids.DATA), der.context(0, INSIDE, INSIDE)),
    "fail/content that is no structure": der.sequence(
        der.oid(oids.DATA), der.context(0, der.octet_string(b""))
    ),
    "fail/more than a ContentInfo": der.sequence(
        der.oid(oids.DATA), der.context(0, INSIDE), der.null()
    ),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_no_content_info_is_malformed(case: str) -> None:
    with pytest.raises(MalformedMessage):
        unwrap(MALFORMED[case], oids.DATA)


@pytest.mark.parametrize("data", [b"", b"\x30\x00", der.sequence(der.integer(1)), b"MIME-Version"])
def test_what_names_no_type_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        content_type(data)
