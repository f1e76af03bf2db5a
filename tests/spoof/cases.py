"""All cases that come in from outside, in the order of the page."""

from tests.spoof.case import Case
from tests.spoof.cms_cases import cms_cases
from tests.spoof.decryption_cases import decryption_cases
from tests.spoof.display_cases import display_cases
from tests.spoof.identity_cases import identity_cases
from tests.spoof.malleable_cases import malleable_cases
from tests.spoof.mime_cases import mime_cases

CASES: tuple[Case, ...] = (
    *cms_cases(),
    *mime_cases(),
    *identity_cases(),
    *display_cases(),
    *decryption_cases(),
    *malleable_cases(),
)
