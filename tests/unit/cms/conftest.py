"""The OpenSSL program as judge of what we write and author of what we read."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cms.people import Person, authority

OpensslCms = Callable[..., bytes]


@pytest.fixture
def openssl_cms(tmp_path: Path) -> OpensslCms:
    """Run ``openssl cms`` with people and octets in place of file names; its output."""

    def file(name: str, octets: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(octets)
        return str(path)

    def run(*args: str | bytes | Person, fails: bool = False) -> bytes:
        words: list[str] = []
        for number, arg in enumerate(args):
            if isinstance(arg, Person):
                words.append(file(f"{number}.pem", arg.pem + arg.key_pem))
            elif isinstance(arg, bytes):
                words.append(file(f"{number}.bin", arg))
            else:
                words.append(arg)
        out = tmp_path / "out"
        done = subprocess.run(
            ["openssl", "cms", *words, "-out", str(out)], capture_output=True, check=False
        )
        assert (done.returncode != 0) == fails, done.stderr.decode()
        return out.read_bytes() if out.exists() else b""

    return run


@pytest.fixture
def anchor(tmp_path: Path) -> str:
    """The file name of the authority that all certificates come from."""
    path = tmp_path / "authority.pem"
    path.write_bytes(authority().pem)
    return str(path)
