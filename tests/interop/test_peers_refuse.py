"""A "yes" in the table means something: every peer refuses what is not good."""

from dataclasses import replace

import pytest

from tests.interop.matrix.expected import PEERS
from tests.interop.matrix.formats import Encrypt, Format, Sign
from tests.interop.matrix.side import Letter, Side
from tests.peers.programs import PeerError

pytestmark = pytest.mark.interop
CLEAR = Format("clear", "clear-signed", (Sign(),))
STRANGER = Format("stranger", "signed below an unknown root", (Sign(signers=("ursula",)),))
SEALED = Format("sealed", "signed and encrypted", (Sign(), Encrypt()))


@pytest.fixture(params=PEERS)
def peer(request: pytest.FixtureRequest) -> Side:
    side = request.getfixturevalue(f"{request.param}_side")
    assert isinstance(side, Side)
    return side


def changed(letter: Letter, before: bytes, after: bytes) -> Letter:
    assert letter.message.count(before) == 1
    return replace(letter, message=letter.message.replace(before, after))


def test_it_takes_what_is_good(siegel_side: Side, peer: Side) -> None:
    assert peer.read(siegel_side.write(CLEAR)) == ""


def test_it_refuses_a_changed_octet(siegel_side: Side, peer: Side) -> None:
    letter = changed(siegel_side.write(CLEAR), b"Zeile 7 der", b"Zeile 7 dem")
    with pytest.raises(PeerError):
        peer.read(letter)


def test_it_refuses_an_unknown_root(siegel_side: Side, peer: Side) -> None:
    with pytest.raises(PeerError):
        peer.read(siegel_side.write(STRANGER))


def test_it_refuses_a_missing_layer(siegel_side: Side, peer: Side) -> None:
    """Signed and encrypted was asked for, and only signed is there."""
    letter = replace(siegel_side.write(CLEAR), format=SEALED)
    with pytest.raises((PeerError, AssertionError)):
        peer.read(letter)
