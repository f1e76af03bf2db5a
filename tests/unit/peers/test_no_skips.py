"""``SIEGEL_NO_SKIPS=1`` leaves nothing out silently."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]

CASES = {
    "skipped in a test": "import pytest\ndef test(): pytest.skip('no such program')",
    "skipped by mark": "import pytest\n@pytest.mark.skip(reason='x')\ndef test(): ...",
    "skipped as a module": "import pytest\npytest.importorskip('no_such_program')",
    "skipped for missing corpora": "def test(corpora): ...",
}


def outcome(folder: Path, source: str, **env: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(source)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-q", "-c", os.devnull]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", "-p", "no:django", str(folder)],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("source", CASES.values(), ids=CASES.keys())
def test_a_skip_passes_normally_and_fails_when_nothing_may_be_left_out(
    tmp_path: Path, source: str
) -> None:
    relaxed = outcome(tmp_path, source)
    assert "1 skipped" in relaxed.stdout
    strict = outcome(tmp_path, source, SIEGEL_NO_SKIPS="1")
    assert strict.returncode != 0
    assert "skipped although SIEGEL_NO_SKIPS=1" in strict.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    source = "import pytest\n@pytest.mark.xfail(strict=True)\ndef test(): assert False"
    assert outcome(tmp_path, source, SIEGEL_NO_SKIPS="1").returncode == 0
