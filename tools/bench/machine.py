"""Where the figures come from: the machine, the versions, and what else it was doing."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from ssl import OPENSSL_VERSION

from cryptography.hazmat.backends.openssl.backend import backend

from tools.bench import bouncycastle, openssl_process

_TELLING = ("sha_ni", "vaes", "vpclmulqdq", "avx512f")


def lines(loads: list[float]) -> list[str]:
    """One fact each, for the page."""
    low, high = min(loads), max(loads)
    lacking = bouncycastle.missing()
    return [
        f"{datetime.now(UTC):%Y-%m-%d}",
        f"{_cpu('model name')}, {os.cpu_count()} processors, {_features()}",
        f"{_memory_gib()} GiB of memory, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, hashlib on {OPENSSL_VERSION}",
        f"cryptography {version('cryptography')} on {backend.openssl_version_text()}",
        f"pybase64 {version('pybase64')}",
        f"command line: {openssl_process.version()}",
        bouncycastle.version() if lacking is None else f"no BouncyCastle here: {lacking} missing",
        f"load while measuring (1 minute): {low:.1f} to {high:.1f} on {os.cpu_count()} processors",
    ]


def load() -> float:
    return os.getloadavg()[0]


def _features() -> str:
    flags = set(_cpu("flags").split())
    return ", ".join(f"{'with' if flag in flags else 'without'} {flag}" for flag in _TELLING)


def _cpu(field: str) -> str:
    text = Path("/proc/cpuinfo").read_text("utf-8")
    found = [line for line in text.splitlines() if line.startswith(field)]
    return found[0].partition(":")[2].strip() if found else "unknown"


def _memory_gib() -> int:
    total = Path("/proc/meminfo").read_text("ascii").split()[1]
    return round(int(total) / 1024**2)
