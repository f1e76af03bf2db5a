"""What ``from siegel import …`` offers: every name, its words, and what comes along with it."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import siegel

SOURCE = Path(siegel.__file__)
# neither the store nor a network, nor what a program without them never needs
UNWANTED = {
    "OpenSSL", "aiosmtpd", "asyncio", "click", "django", "http", "json", "logging", "sqlite3",
    "smtplib", "ssl", "subprocess", "tempfile", "xml", "zoneinfo",
}  # fmt: skip


def loaded(statement: str) -> set[str]:
    """The modules that a fresh interpreter has after the statement and had not before."""
    script = (
        "import json, sys; before = set(sys.modules)\n"
        f"{statement}\nprint(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    return set(json.loads(done.stdout)) - {"json"}


def tops(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def for_type_checkers() -> dict[str, str]:
    """The names that a type checker is told, and the module of each."""
    tree = ast.parse(SOURCE.read_text("utf-8"))
    (block,) = [
        node
        for node in tree.body
        if isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    ]
    return {
        alias.asname or alias.name: str(node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_type_checkers_and_programs_see_the_same_names() -> None:
    names = [name for name in siegel.__all__ if name != "__version__"]
    assert sorted(for_type_checkers()) == names
    assert {name: siegel._HOME[name] for name in names} == for_type_checkers()


@pytest.mark.parametrize("name", siegel.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(siegel, name) is not None
    assert name in dir(siegel)


@pytest.mark.parametrize("name", [name for name in siegel.__all__ if name != "__version__"])
def test_every_name_has_its_contract_in_words(name: str) -> None:
    value = getattr(siegel, name)
    words = vars(value).get("__doc__") if isinstance(value, type) else value.__doc__
    assert words
    assert not words.startswith(f"{name}("), "the one that dataclasses make up"


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'siegel' has no attribute 'nonsense'"):
        siegel.nonsense  # type: ignore[attr-defined]  # noqa: B018 - mypy knows that, too
    with pytest.raises(ImportError):
        from siegel import nonsense  # type: ignore[attr-defined]  # noqa: F401


def test_there_is_one_tree_of_errors() -> None:
    errors = [
        value
        for value in map(siegel.__dict__.get, siegel.__all__)
        if isinstance(value, type) and issubclass(value, Exception)
    ]
    assert len(errors) > 8
    assert all(issubclass(error, siegel.SiegelError) for error in errors)


def test_importing_the_package_loads_nothing_else() -> None:
    assert loaded("import siegel") == {"siegel"}


@pytest.mark.parametrize(
    "names",
    ["open_message", "sign", "judge", "open_pkcs12", "validate_path", "verify_detached", "explain"],
)
def test_a_function_alone_does_not_load_the_engine(names: str) -> None:
    modules = loaded(f"from siegel import {names}")
    assert "cryptography" not in tops(modules)
    assert {".".join(name.split(".")[:2]) for name in modules if name.startswith("siegel.")} <= {
        "siegel.base",
        "siegel.library",
    }


def test_the_engine_loads_nothing_that_it_does_not_need() -> None:
    needed = tops(loaded("import cryptography.x509"))
    engine = loaded("import siegel.smime.open, siegel.smime.protect, siegel.policy.judging")
    assert not (tops(engine) - needed) & UNWANTED
    assert not {name for name in engine if name.startswith("cryptography.hazmat.bindings.openssl")}
    floors = {name.split(".")[1] for name in engine if name.startswith("siegel.")}
    assert floors == {"base", "cms", "mime", "pki", "policy", "smime"}


def test_the_whole_library_stays_below_store_and_doors() -> None:
    everything = loaded("from siegel import *")
    floors = {name.split(".")[1] for name in everything if name.startswith("siegel.")}
    assert floors == {"base", "cms", "library", "mime", "pki", "policy", "smime", "wording"}
    assert not tops(everything) & {"OpenSSL", "django", "ssl", "asyncio", "click"}
