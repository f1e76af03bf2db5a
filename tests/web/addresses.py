"""All addresses of the project, found by walking the URL resolver."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

MADE_UP: dict[str, object] = {
    "int": 999_999,
    "string": "nobody",
    "slug": "nobody",
    "path": "nobody",
    "str": "nobody",
    "uuid": UUID(int=7),
}
"""An argument of each kind that names nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """``view`` is its name with namespaces; ``arguments`` maps names to kinds."""

    view: str
    callback: Callable[..., Any]
    arguments: dict[str, str]

    @property
    def path(self) -> str:
        """With made-up arguments."""
        return reverse(
            self.view, kwargs={name: MADE_UP[kind] for name, kind in self.arguments.items()}
        )


def addresses() -> tuple[Address, ...]:
    found = tuple(_below(get_resolver(), "", {}))
    assert len({each.view for each in found}) == len(found), "two addresses have one name"
    return found


def _below(resolver: URLResolver, prefix: str, outer: dict[str, str]) -> Iterator[Address]:
    for each in resolver.url_patterns:
        assert isinstance(each.pattern, RoutePattern)
        arguments = outer | {
            name: type(converter)
            .__name__.removesuffix("Converter")
            .lower()
            .replace("string", "str")
            for name, converter in each.pattern.converters.items()
        }
        if isinstance(each, URLResolver):
            inner = f"{prefix}{each.namespace}:" if each.namespace else prefix
            yield from _below(each, inner, arguments)
        else:
            yield _address(each, prefix, arguments)


def _address(pattern: URLPattern, prefix: str, arguments: dict[str, str]) -> Address:
    assert pattern.name, f"{pattern.callback} has an address without a name"
    return Address(view=prefix + pattern.name, callback=pattern.callback, arguments=arguments)
