"""How a state is shown, for the parts that have states of their own."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The class of its colours, its sign, its word and one sentence."""

    state: str
    icon: str
    word: Promise
    sentence: Promise
