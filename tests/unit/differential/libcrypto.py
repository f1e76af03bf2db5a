"""OpenSSL's library, asked about many CMS objects in one process of its own.

    with LibCrypto() as openssl:
        answers = openssl.ask([Question(cms=blob), Question(cms=blob, content=text)])

A process apart, because mutated input may well bring a C library down. ``python -m
tests.unit.differential.libcrypto`` is that process: questions on standard input, one line of
JSON for each on standard output.
"""

import ctypes
import ctypes.util
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct

import pytest

_HEAD = Struct(">BII")  # what to do, length of the CMS, length of the content
_PARSE, _VERIFY, _VERIFY_DETACHED = range(3)
_NO_SIGNER_CERT_VERIFY = 0x20
_BINARY = 0x80
_PATIENCE = 120.0  # seconds for all questions of one test


@dataclass(frozen=True, slots=True)
class Question:
    """Can it be read – or, with ``verify``, do all signatures hold, whoever made them?"""

    cms: bytes
    verify: bool = False
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``words`` are OpenSSL's own about a refusal, one for each level."""

    yes: bool
    words: tuple[str, ...]


def ask(questions: Sequence[Question]) -> list[Answer]:
    if ctypes.util.find_library("crypto") is None:
        pytest.skip("libcrypto is missing: run tools/install-system.sh")
    given = b"".join(map(_written, questions))
    command = [sys.executable, "-m", "tests.unit.differential.libcrypto"]
    done = subprocess.run(command, input=given, capture_output=True, check=True, timeout=_PATIENCE)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(questions)
    return [Answer(yes, tuple(words)) for yes, words in answers]


def _written(question: Question) -> bytes:
    kind = _PARSE
    if question.verify:
        kind = _VERIFY if question.content is None else _VERIFY_DETACHED
    content = question.content or b""
    return _HEAD.pack(kind, len(question.cms), len(content)) + question.cms + content


class _Library:
    """The few functions, with their types."""

    def __init__(self) -> None:
        self._lib = ctypes.CDLL(ctypes.util.find_library("crypto"))
        pointer, size, text = ctypes.c_void_p, ctypes.c_long, ctypes.c_char_p
        self._declare("d2i_CMS_ContentInfo", pointer, pointer, ctypes.POINTER(text), size)
        self._declare("CMS_ContentInfo_free", None, pointer)
        self._declare("BIO_new_mem_buf", pointer, text, ctypes.c_int)
        self._declare("BIO_new", pointer, pointer)
        self._declare("BIO_s_mem", pointer)
        self._declare("BIO_free", ctypes.c_int, pointer)
        verify = (pointer, pointer, pointer, pointer, pointer, ctypes.c_uint)
        self._declare("CMS_verify", ctypes.c_int, *verify)
        error = ctypes.POINTER(text)
        self._declare(
            "ERR_get_error_all",
            ctypes.c_ulong,
            error,
            ctypes.POINTER(ctypes.c_int),
            error,
            error,
            ctypes.POINTER(ctypes.c_int),
        )
        self._declare("ERR_reason_error_string", text, ctypes.c_ulong)
        self._declare("ERR_clear_error", None)

    def _declare(self, name: str, result: type | None, *arguments: type) -> None:
        function = getattr(self._lib, name)
        function.restype = result
        function.argtypes = arguments

    def answer(self, kind: int, cms: bytes, content: bytes) -> tuple[bool, list[str]]:
        lib = self._lib
        lib.ERR_clear_error()
        found = self._read(cms)
        if not found or kind == _PARSE:
            lib.CMS_ContentInfo_free(found)
            return bool(found), self._words()
        beside = lib.BIO_new_mem_buf(content, len(content)) if kind == _VERIFY_DETACHED else None
        out = lib.BIO_new(lib.BIO_s_mem())
        flags = _NO_SIGNER_CERT_VERIFY | _BINARY
        holds = lib.CMS_verify(found, None, None, beside, out, flags) == 1
        lib.BIO_free(out)
        lib.BIO_free(beside)
        lib.CMS_ContentInfo_free(found)
        return holds, self._words()

    def _read(self, cms: bytes) -> int | None:
        """All of ``cms`` has to be one object."""
        start = ctypes.c_char_p(cms)
        address = ctypes.cast(start, ctypes.c_void_p).value or 0
        found: int | None = self._lib.d2i_CMS_ContentInfo(None, ctypes.byref(start), len(cms))
        end = ctypes.cast(start, ctypes.c_void_p).value or 0
        if found and end - address != len(cms):
            self._lib.CMS_ContentInfo_free(found)
            return None
        return found

    def _words(self) -> list[str]:
        """The queue of errors: reason and – for ASN.1 – type and field."""
        words: list[str] = []
        while True:
            data, flags = ctypes.c_char_p(), ctypes.c_int()
            code = self._lib.ERR_get_error_all(
                None, None, None, ctypes.byref(data), ctypes.byref(flags)
            )
            if not code:
                return words
            reason = self._lib.ERR_reason_error_string(code) or b"?"
            words.append(" ".join((reason + b" " + (data.value or b"")).decode("latin-1").split()))


def main() -> None:
    library = _Library()
    given = sys.stdin.buffer
    while head := given.read(_HEAD.size):
        kind, cms, content = _HEAD.unpack(head)
        print(json.dumps(library.answer(kind, given.read(cms), given.read(content))))


if __name__ == "__main__":
    main()
