"""Another Content-Security-Policy than that of every page (``config/pages.py``), for one answer."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from csp.decorators import csp, csp_update
from django.http import HttpRequest, HttpResponse

Policy = Mapping[str, Sequence[str]]
Answer = TypeVar("Answer", bound=HttpResponse)


def under(policy: Policy, response: Answer, request: HttpRequest) -> Answer:
    """The answer stands under this policy and nothing of the usual one."""
    csp({name: list(values) for name, values in policy.items()})(lambda _: response)(request)
    return response


def besides(policy: Policy, response: Answer, request: HttpRequest) -> Answer:
    """The usual policy, and this."""
    csp_update({name: list(values) for name, values in policy.items()})(lambda _: response)(request)
    return response
