"""pyhanko-certvalidator as a second judge, in a process of its own that is ended when it hangs.

It walks every path of the certificates it is given, so that some heaps keep it for minutes. A
question is one line of JSON, an answer is one line; whoever gives none in time is replaced.

    with CertValidator() as judge:
        judge.accepts(leaf, anchors, others, at)   # True, False, or None: no answer in time
"""

import base64
import json
import selectors
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Final, Self

PATIENCE: Final = 5.0  # seconds for one question; a usual one takes five milliseconds


class CertValidator:
    """The child, started with the first question."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._child: subprocess.Popen[bytes] | None = None

    def accepts(
        self,
        leaf: bytes,
        anchors: Sequence[bytes],
        others: Sequence[bytes],
        at: datetime,
        *,
        crls: Sequence[bytes] = (),
    ) -> bool | None:
        """Is there a valid path; with ``crls`` one in which nothing is revoked or unknown?"""
        question = {
            "leaf": _text(leaf),
            "anchors": [_text(one) for one in anchors],
            "others": [_text(one) for one in others],
            "crls": [_text(one) for one in crls],
            "at": at.timestamp(),
        }
        answer = self._ask(json.dumps(question).encode() + b"\n")
        if answer is None:
            return None
        verdict = json.loads(answer)
        if "failed" in verdict:
            raise AssertionError(f"the child failed: {verdict['failed']}")
        return bool(verdict["valid"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _ask(self, question: bytes) -> bytes | None:
        child = self._child = self._child or _start()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(question)
        child.stdin.flush()
        with selectors.DefaultSelector() as waiting:
            waiting.register(child.stdout, selectors.EVENT_READ)
            if not waiting.select(self._patience):
                self._end()
                return None
        answer = child.stdout.readline()
        assert answer, "the child ended without an answer"
        return answer

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()


def _start() -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "tests.unit.differential.certvalidator")
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    """In the child: RFC 5280 without usages; with lists, every certificate needs one."""
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import PathError, ValidationError

    context = ValidationContext(
        trust_roots=[_certificate(one) for one in question["anchors"]],
        other_certs=[_certificate(one) for one in question["others"]],
        crls=[base64.b64decode(one) for one in question["crls"]],
        moment=datetime.fromtimestamp(question["at"], UTC),
        revocation_mode="require" if question["crls"] else "soft-fail",
        time_tolerance=timedelta(0),
    )
    validator = CertificateValidator(_certificate(question["leaf"]), validation_context=context)
    try:
        _finished(validator.async_validate_path())
    except (PathError, ValidationError):
        return {"valid": False}
    return {"valid": True}


def _certificate(text: str) -> Any:
    from asn1crypto.x509 import Certificate

    return Certificate.load(base64.b64decode(text))


def _finished(work: Any) -> None:
    import asyncio

    asyncio.run(work)


def _serve() -> None:
    for line in sys.stdin:
        try:
            answer = _answer(json.loads(line))
        except Exception as error:  # the parent must hear of it instead of waiting
            answer = {"failed": repr(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    _serve()
