"""Any text in every field of every form, and in every query: an answer in words, never a failure.

Forms are found by walking the packages of the pages, addresses by walking the resolver, fields by
reading the pages; whoever adds one is covered.
"""

import importlib
import inspect
import pkgutil

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.forms import BaseForm
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import siegel.web
from siegel.policy.roles import Role
from tests.web.addresses import Address, addresses
from tests.web.furnished import Furnished, undone
from tests.web.html import read_html

anything = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HARD = st.sampled_from(
    (
        "",
        "\x00",
        "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
        "\u202e\u2066",
        "🦉" * 300,
        "a" * 70_000,
        "' OR 1=1 --",
        "%00%0d%0aSet-Cookie: a=b",
        "9" * 400,
        "-1",
        "1e999",
        "2026-02-30",
        "{{7*7}}",
        "x@y",
        "<script>",
        "../../../etc/passwd",
    )
)
TEXTS = st.one_of(st.text(max_size=200), HARD)
OCTETS = st.one_of(
    st.binary(max_size=400),
    st.sampled_from((b"\x30\x82\xff\xff", b"\x30\x80" * 200, b"-----BEGIN CERTIFICATE-----\n")),
)
FILE_NAMES = st.one_of(
    TEXTS, st.sampled_from(("a.p12", "b.pem", "c.p7b", "CON", "a/b.cer", "a\\b.cer"))
).filter(lambda name: name.rpartition("/")[2] not in {"", ".", ".."})  # Django takes no such part


def form_classes() -> tuple[type[BaseForm], ...]:
    """Every form of ours that needs nothing but data; others are tried through their page."""
    found: set[type[BaseForm]] = set()
    for module in pkgutil.walk_packages(siegel.web.__path__, "siegel.web."):
        for _, one in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if not issubclass(one, BaseForm) or not one.__module__.startswith("siegel.web"):
                continue
            if not _needs_arguments(one):
                found.add(one)
    return tuple(sorted(found, key=lambda form: (form.__module__, form.__qualname__)))


def _needs_arguments(form: type[BaseForm]) -> bool:
    """Those of django-allauth want a person or a request, and say so nowhere."""
    if any(each.__module__.startswith("allauth.") for each in form.__mro__):
        return True
    parameters = inspect.signature(form).parameters.values()
    named = (one for one in parameters if one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL))
    return any(one.default is one.empty for one in named)


def test_there_are_forms_to_try() -> None:
    assert form_classes()


@pytest.mark.parametrize("form", form_classes(), ids=lambda form: form.__qualname__)
def test_a_form_answers_anything_in_words(furnished: Furnished, form: type[BaseForm]) -> None:
    blank = form()
    names = list(blank.fields)

    @anything
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        texts = {name: data.draw(st.lists(TEXTS, max_size=2), name) for name in names}
        files = {
            name: SimpleUploadedFile(data.draw(FILE_NAMES, "file"), data.draw(OCTETS, name))
            for name, field in blank.fields.items()
            if isinstance(field, forms.FileField)
        }
        filled = form(MultiValueDict(texts), MultiValueDict({n: [f] for n, f in files.items()}))
        filled.is_valid()
        for errors in filled.errors.values():
            assert all(str(error).strip() for error in errors)
            assert not any("Traceback" in str(error) for error in errors)

    with undone():
        tried()


def askable() -> list[Address]:
    return [each for each in addresses() if each.view != "healthz"]


@pytest.mark.slow
@pytest.mark.parametrize("address", askable(), ids=lambda address: address.view)
def test_a_page_answers_any_form_with_words(furnished: Furnished, address: Address) -> None:
    """Fields as the page shows them, and some it never had."""
    path = furnished.path(address)
    names = sorted(_fields(furnished, path) | {"next", "action"})

    @settings(anything, max_examples=8)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        texts = {name: data.draw(TEXTS, name) for name in names}
        with undone():
            answer = furnished.client(Role.ADMINISTRATOR).post(path, texts)
        assert answer.status_code < 500

    tried()


@pytest.mark.slow
@pytest.mark.parametrize("address", askable(), ids=lambda address: address.view)
def test_a_page_answers_any_query(furnished: Furnished, address: Address) -> None:
    path = furnished.path(address).partition("?")[0]
    names = sorted(_fields(furnished, path) | _asked(furnished, path) | {"q", "page", "after"})

    @settings(anything, max_examples=8)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        texts = {name: data.draw(TEXTS, name) for name in names}
        with undone():
            answer = furnished.client(Role.ADMINISTRATOR).get(path, texts)
        assert answer.status_code < 500

    tried()


@given(st.text())
@anything
def test_any_path_leads_to_a_page_in_words(furnished: Furnished, path: str) -> None:
    answer = furnished.client(Role.ADMINISTRATOR).get("/" + path.lstrip("/"))
    assert answer.status_code < 500


def _fields(furnished: Furnished, path: str) -> set[str]:
    return read_html(_page(furnished, path), path).fields - {"csrfmiddlewaretoken"}


def _asked(furnished: Furnished, path: str) -> set[str]:
    """What links of the page to itself ask for."""
    links = read_html(_page(furnished, path), path).links
    queries = (link.partition("?")[2] for link in links if link.partition("?")[0] == path)
    return {name for query in queries for name in QueryDict(query)}


def _page(furnished: Furnished, path: str) -> str:
    with undone():
        answer = furnished.client(Role.ADMINISTRATOR).get(path)
    is_page = not answer.streaming and answer.headers.get("Content-Type", "").startswith(
        "text/html"
    )
    return answer.content.decode() if is_page else ""
