"""Subject tags: only we put them there, whatever they are disguised as."""

import email
import email.policy
from email.header import Header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.transport.header_fields import split_fields, value_of
from siegel.transport.lookalikes import skeleton
from siegel.transport.subject_tags import decoded, with_tag, without_tags
from tests.work import Run, steps

TAGS = ("[entschlüsselt]", "[decrypted]", "[signed]")

FORGED = {
    "plain": b"[signed] hello",
    "case": b"[SIGNED] hello",
    "behind": b"hello [signed]",
    "within": b"hel[signed]lo",
    "twice": b"[signed] hello [decrypted]",
    "nested": b"[sig[signed]ned] hello",
    "nested-deep": b"[sig" * 30 + b"[signed]" + b"ned]" * 30 + b" hello",
    "q-word": b"=?utf-8?q?=5Bsigned=5D?= hello",
    "b-word": b"=?UTF-8?B?W3NpZ25lZF0=?= hello",
    "b-word-without-padding": b"=?UTF-8?B?W3NpZ25lZF0?= hello",
    "split-words": b"=?utf-8?q?=5Bsig?= =?utf-8?q?ned=5D?= hello",
    "split-words-folded": b"=?utf-8?q?=5Bsig?=\r\n\t=?utf-8?b?bmVkXQ==?= hello",
    "half-a-word": b"[sig=?utf-8?q?ned?=] hello",
    "word-in-a-word": b"x=?utf-8?q?[signed]?=y hello",
    "latin-1": b"=?iso-8859-1?q?[entschl=FCsselt]?= hello",
    "language": b"=?utf-8*en?q?[signed]?= hello",
    "utf-7": b"=?utf-7?q?+AFs-signed+AF0-?= hello",
    "utf-16": b"=?utf-16be?b?AFsAcwBpAGcAbgBlAGQAXQ==?= hello",
    "raw-utf-8": "[entschlüsselt] hello".encode(),
    "raw-latin-1": b"[entschl\xfcsselt] hello",
    "decomposed": "[entschlu\u0308sselt] hello".encode(),
    "other-accent": "[entschlùsselt] hello".encode(),
    "full-width": "［ｓｉｇｎｅｄ］ hello".encode(),
    "cyrillic": "[ѕіgnеԁ] hello".encode(),
    "greek": "[sιgnεd] hello".encode(),
    "math": "[𝐬𝐢𝐠𝐧𝐞𝐝] hello".encode(),
    "small-capitals": "[ꜱɪɢɴᴇᴅ] hello".encode(),
    "digit": b"[s1gned] hello",
    "brackets": "【signed】 hello".encode(),
    "zero-width": "[si\u200bgn\u2060ed\ufeff] hello".encode(),
    "soft-hyphen": "[sig\u00adned] hello".encode(),
    "bidi": "[\u202asigned\u202c] hello".encode(),
    "blanks": "[ s i g\u2003n e d ] hello".encode(),
    "hangul-filler": "[sig\u3164ned] hello".encode(),
    "variation-selector": "[signed\ufe0f] hello".encode(),
    "tag-character": "[sig\U000e0041ned] hello".encode(),
    "control": b"[sig\x01ned] hello",
    "folded": b"[sig\r\n ned] hello",
    "combining": "[s\u0336i\u0336g\u0336ned] hello".encode(),
}


def subject_of(field: bytes) -> str:
    """What the standard library shows."""
    parsed = email.message_from_bytes(field + b"\r\n", policy=email.policy.default)
    return str(parsed["Subject"])


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_tag_is_taken_out(name: str) -> None:
    field = without_tags(b"Subject: " + FORGED[name] + b"\r\n", TAGS)
    shown = skeleton(decoded(value_of(field)))
    assert not any(skeleton(tag) in shown for tag in TAGS)
    assert "heiio" in shown
    assert subject_of(field).isprintable()


@pytest.mark.parametrize(
    "value",
    [
        b"hello",
        b" hello  world ",
        b"[wichtig] signed",
        b"[unsigned]",
        b"(signed)",
        b"signed",
        b"[design] [assigned]",
        b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n =?utf-8?q?_an_alle?=",
        b"=?unknown?q?x?= =?utf-8?b?!!!?=",
        b"\xff\xfe\0",
        b"",
    ],
    ids=repr,
)
def test_a_subject_without_a_tag_keeps_every_octet(value: bytes) -> None:
    field = b"SUBJECT :" + value + b"\r\n"
    assert without_tags(field, TAGS) is field


def test_what_stands_beside_a_tag_stays() -> None:
    assert without_tags(b"Subject: [signed] a plain subject\r\n", TAGS) == (
        b"Subject: a plain subject\r\n"
    )
    field = without_tags("Subject: Grüße [signed] für alle ☃\r\n".encode(), TAGS)
    assert subject_of(field) == "Grüße für alle ☃"


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["[", "]", "signed", "ѕіgned", "s", "igned", " ", "\u200b", "[signed]", "ü", "=?", "x"]
        ),
        max_size=20,
    ).map("".join)
)
def test_no_composition_leaves_a_tag(text: str) -> None:
    for value in (text.encode(), Header(text, "utf-8").encode().encode()):
        field = without_tags(b"Subject: " + value + b"\r\n", TAGS)
        assert skeleton("[signed]") not in skeleton(decoded(value_of(field)))


def test_tags_within_tags_do_not_make_a_long_subject_slow() -> None:
    """A header section may be 256 KiB; looking at each letter anew for each tag took 28 s."""

    def made(count: int) -> Run:
        nested = b"[sig" * count + b"[signed]" + b"ned]" * count
        return lambda: without_tags(b"Subject: " + nested + b"a" * 20_000 + b"\r\n", TAGS)

    assert steps(made(60)) < 1.5 * steps(made(1))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_subject_is_read_without_error(value: bytes) -> None:
    without_tags(b"Subject: " + value + b"\r\n", TAGS)


@given(st.sampled_from(["utf-8", "utf-7", "idna", "unicode_escape", "hex", "x" * 500, "\0", "a.b"]))
def test_any_charset_is_read_without_error(charset: str) -> None:
    decoded(f"=?{charset}?q?=5Cx=FF+abc?=")


# Adding


@pytest.mark.parametrize("tag", ["[decrypted]", "[entschlüsselt]"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b" hello", "hello"),
        (b"hello", "hello"),
        (b" =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"\r\n =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n =?utf-8?q?_an_alle?=", "Grüße an alle"),
        (b" " + b"long " * 20 + b"subject", "long " * 20 + "subject"),
        (b" a\r\n b", "a b"),
        (b"", ""),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_tag_is_put_in_front_and_the_subject_kept(tag: str, value: bytes, shown: str) -> None:
    field = b"Subject:" + value + b"\r\n"
    (tagged,) = with_tag([field], tag)
    assert tagged.endswith(value + b"\r\n")
    assert subject_of(tagged).split() == f"{tag} {shown}".split()
    assert subject_of(tagged).startswith(f"{tag} {shown[:1]}".strip())
    assert all(len(line) <= 130 for line in tagged.split(b"\r\n"))
    assert all(line.strip() for line in tagged.split(b"\r\n")[:-1])


def test_a_missing_subject_is_made() -> None:
    fields = with_tag([b"From: a@b.example\r\n"], "[entschlüsselt]")
    assert subject_of(fields[0]) == "[entschlüsselt]"
    assert fields[1:] == (b"From: a@b.example\r\n",)


def test_every_subject_field_is_tagged() -> None:
    header = b"Subject: a\r\nsubject : b\r\n\r\n"
    assert b"".join(with_tag(split_fields(header), "[x]")) == (
        b"Subject: [x] a\r\nsubject : [x] b\r\n\r\n"
    )


@settings(deadline=None)
@given(st.text(max_size=40))
def test_our_own_tag_comes_off_again(subject: str) -> None:
    field = b"Subject: " + Header(subject, "utf-8").encode().encode() + b"\r\n"
    (tagged,) = with_tag([field], "[entschlüsselt]")
    bare = without_tags(tagged, ["[entschlüsselt]"])
    assert skeleton("[entschlüsselt]") not in skeleton(decoded(value_of(bare)))
