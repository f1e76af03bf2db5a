"""What the tests of the MIME floor share: tree walks, foreign mail, a rude mail server."""

import re
from collections.abc import Iterator
from pathlib import Path

from hypothesis import strategies as st

from siegel.mime.message import Part

ENTITIES = st.recursive(
    st.tuples(
        st.sampled_from(
            [
                b"",
                b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
                b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n",
                b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n",
                b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n",
                b"Content-Type: text/plain; charset=utf-16\r\n",
                b'Content-Disposition: attachment;\r\n filename="\xc3\xbc.txt" \r\n',
                b"Content-Type: message/rfc822\r\n",
            ]
        ),
        st.lists(
            st.sampled_from(
                [
                    b"From the start",
                    b".",
                    b"..",
                    b"blank ",
                    b"\t",
                    b"tab\t",
                    b"--",
                    b"--b",
                    b"gr\xc3\xbc\xc3\x9fe",
                    b"\xff\xfe\x00",
                    b"x" * 1200,
                    b"-" * 200,
                    b"YWJj",
                    b"a\rb",
                    b"=2D-b0",
                    b"=",
                    b"=\xc3",
                    b"",
                    b"Subject: \xc3\xa4",
                    b"plain text",
                ]
            )
            | st.binary(max_size=90),
            max_size=6,
        ),
        st.sampled_from([b"\r\n", b"\n"]),
    ).map(lambda made: made[0] + b"\r\n" + made[2].join(made[1])),
    lambda inner: st.tuples(
        st.sampled_from([b"b", b"b0", b"=_x", b"-"]),
        st.sampled_from([b"mixed", b"digest", b"alternative"]),
        st.lists(inner, max_size=3),
        st.sampled_from([b"", b"pre\xc3\xa4mble \r\n", b"safe\r\n"]),
        st.sampled_from([b"--", b"--  ", b""]),
    ).map(lambda made: multipart(*made)),
    max_leaves=6,
)


def multipart(
    boundary: bytes, subtype: bytes, parts: list[bytes], preamble: bytes = b"", close: bytes = b"--"
) -> bytes:
    head = b"Content-Type: multipart/" + subtype + b'; boundary="' + boundary + b'"\r\n\r\n'
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return head + preamble + body + b"--" + boundary + close + b"\r\n"


def walk(part: Part) -> Iterator[Part]:
    yield part
    for child in part.children:
        yield from walk(child)


def put_together(part: Part) -> bytes:
    """Header, preamble, delimiters, children and epilogue one after the other.

    What stands between must be delimiter lines and nothing else.
    """
    if not part.children:
        return bytes(part.header) + bytes(part.body)
    if not part.is_multipart:
        return bytes(part.header) + b"".join(put_together(child) for child in part.children)
    boundary = re.escape(part.content_type.params["boundary"].rstrip().encode("ascii"))
    pieces = [bytes(part.header), bytes(part.preamble)]
    position = part.body_start + len(part.preamble)
    for child in part.children:
        pieces += [delimiter(part, position, child.start, boundary), put_together(child)]
        position = child.end
    after = part.end - len(part.epilogue)
    if after > position:
        pieces.append(delimiter(part, position, after, boundary + b"--"))
    return b"".join([*pieces, bytes(part.epilogue)])


def delimiter(part: Part, start: int, stop: int, boundary: bytes) -> bytes:
    between = bytes(part.buffer[start:stop])
    assert re.fullmatch(rb"(?:\r?\n)?--" + boundary + rb"[ \t]*(?:\r?\n)?", between)
    return between


def foreign_mail(corpora: Path) -> list[Path]:
    """Every file of the general corpus, and every mail of the others."""
    general = [path for path in (corpora / "mail-general").rglob("*") if path.is_file()]
    return sorted({*general, *corpora.rglob("*.eml")})


def rude_server(raw: bytes) -> bytes:
    """Does to a mail what servers did: 7-bit, no NUL or bare CR, 998 octets, blanks, mbox."""
    lines: list[bytes] = []
    for line in raw.replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\r", b" ").split(b"\n"):
        line = bytes(octet & 0x7F for octet in line).rstrip(b" \t")
        line = b">" + line if line.startswith(b"From ") else line
        line = b".." if line == b"." else line
        lines += [line[start : start + 998] for start in range(0, len(line), 998)] or [b""]
    return b"\r\n".join(lines)
