"""docs/library.md and README.md: every block of Python runs, and prints what it says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from siegel.pki.certificate import parse_certificate
from siegel.pki.export import public_part
from tests.unit.smime.mails import MAIL, certificate, sealed_mail, signed_mail
from tests.world import WORLD

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "docs" / "library.md", ROOT / "README.md")
_BLOCK = re.compile(r"^(#+ [^\n]*)$|^```python\n(.*?)^```$", re.M | re.S)
_PRINTS = re.compile(r"^.*\bprint\(.*\)(?:  # (.*))?$")  # perhaps with what it prints first
_GOES_ON = re.compile(r"^ *# (.*)$")  # and what it prints then


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """Each block of Python, named after the heading that it stands under."""
    heading = page.name
    for found in _BLOCK.finditer(page.read_text("utf-8")):
        if found[1]:
            heading = found[1].lstrip("# ")
        else:
            yield f"{page.name}: {heading}", found[2]


BLOCKS = dict(block for page in PAGES for block in blocks(page))


def promised(block: str) -> list[str]:
    """What the block says that it prints."""
    lines: list[str] = []
    said = False
    for line in block.splitlines():
        found = _PRINTS.match(line) or (said and _GOES_ON.match(line)) or None
        said = found is not None
        lines += [found[1]] if found and found[1] is not None else []
    return lines


def pem(name: str) -> bytes:
    """Key and certificate in one file."""
    return WORLD.person(name).key_pem + WORLD.person(name).certificate_pem


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with every file that the page speaks of."""
    alice, huber = WORLD.person("alice"), WORLD.person("huber")
    issuing = parse_certificate(WORLD.authority("issuing").der)
    chain = public_part(certificate("alice"), [issuing], format="p7c")
    files = {
        "alice.p12": alice.p12("geheim"),
        "huber.p12": huber.p12("geheim"),
        **{f"{name}.pem": pem(name) for name in ("huber", "quentin", "quentin_encrypt")},
        "root.pem": WORLD.root.pem,
        "issuing.cer": WORLD.authority("issuing").der,
        "issuing.crl": WORLD.crl(),
        "rita.cer": WORLD.person("rita").certificate_der,
        "partner.cer": huber.certificate_der,
        "partners.pem": huber.certificate_pem + WORLD.person("bob").certificate_pem,
        "chain.p7c": chain,
        "plain.eml": MAIL,
        "answer.eml": MAIL,
        "signed.eml": signed_mail("alice"),
        "encrypted.eml": sealed_mail("alice", "huber"),
        "report.pdf": bytes(range(256)) * 10_000,
        "large.eml": MAIL + b"Und noch eine Zeile.\r\n" * 450_000,
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("name", BLOCKS)
def test_every_recipe_runs_and_prints_what_it_says(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(BLOCKS[name], name, "exec"), {"__name__": "recipe"})  # noqa: S102 - our own pages
    assert capsys.readouterr().out.splitlines() == promised(BLOCKS[name])
    assert promised(BLOCKS[name]), "a recipe shows what comes out"


def test_there_are_ten_recipes_and_one_in_the_readme() -> None:
    assert len([name for name in BLOCKS if name.startswith("library.md")]) >= 10
    assert len([name for name in BLOCKS if name.startswith("README.md")]) == 1


def test_every_function_of_the_library_is_in_a_recipe() -> None:
    import siegel

    functions = {n for n in siegel.__all__ if callable(getattr(siegel, n)) and n.islower()}
    used = set(re.findall(r"\bsiegel\.([a-z_0-9]+)\(", "".join(BLOCKS.values())))
    in_words_only = {"contains_private_key", "parse_certificate", "signature_scheme"}
    assert functions - used == in_words_only | {"public_email_roots"}


def test_every_name_that_the_page_speaks_of_exists() -> None:
    import siegel

    named = set(re.findall(r"\bsiegel\.(\w+)", PAGES[0].read_text("utf-8")))
    assert named - {"__all__"} <= set(siegel.__all__)
