"""The German words of the pages: ``locale`` folders below ``src/siegel/web``, one for each part.

usage: python tools/messages.py [--check]

English stands in templates and code; this collects what is said there into ``django.po`` of the
part it belongs to and compiles it. ``--check`` changes nothing and fails when a text is new, gone,
not translated or not compiled.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WEB = Path(__file__).parent.parent / "src" / "siegel" / "web"
PO = Path("locale") / "de" / "LC_MESSAGES" / "django.po"
HEADER = """\
msgid ""
msgstr ""
"Language: de\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


def main(arguments: list[str]) -> int:
    if "--check" not in arguments:
        for part in parts(WEB):
            collect(part)
            compiled(part / PO)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "web"
        shutil.copytree(WEB, copy)
        found = [problem for part in parts(copy) for problem in problems(part, copy)]
    for problem in found:
        print(problem)
    if found:
        print("run: python tools/messages.py, and translate what is new")
    return 1 if found else 0


def parts(web: Path) -> list[Path]:
    """``web`` itself and every part with words of its own."""
    return [web, *sorted(path.parent for path in web.glob("*/locale"))]


def problems(part: Path, web: Path) -> list[str]:
    name = part.relative_to(web.parent)
    before = [line for line in (part / PO).read_text().splitlines()]
    machine = (part / PO).with_suffix(".mo").read_bytes()
    collect(part)
    found = []
    if (part / PO).read_text().splitlines() != before:
        found.append(f"{name}: texts are new or gone")
    for option, word in (("--untranslated", "not translated"), ("--only-fuzzy", "only guessed")):
        listed = _run("msgattrib", option, "--no-obsolete", str(part / PO))
        texts = [line for line in listed.splitlines() if line.startswith("msgid ")]
        found += [f"{name}: {word}: {line}" for line in texts if line != 'msgid ""']
    compiled(part / PO)
    if (part / PO).with_suffix(".mo").read_bytes() != machine:
        found.append(f"{name}: not compiled")
    return found


def collect(part: Path) -> None:
    """Django's own extraction; the date of the run is left out, it would change every time."""
    (part / PO).parent.mkdir(parents=True, exist_ok=True)
    if not (part / PO).exists():
        (part / PO).write_text(HEADER)
    others = [path.parent.name for path in part.glob("*/locale")]
    ignored = [word for name in others for word in ("--ignore", f"{name}/*")]
    _run(
        sys.executable, "-m", "django", "makemessages", "-l", "de", "-v", "0",
        "--no-location", "--no-wrap", "--no-obsolete", *ignored, cwd=part,
    )  # fmt: skip
    lines = (part / PO).read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith('"POT-Creation-Date')]
    (part / PO).write_text("".join(kept))


def compiled(po: Path) -> None:
    _run("msgfmt", "--check-format", "-o", str(po.with_suffix(".mo")), str(po))


def _run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
