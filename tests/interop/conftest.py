"""The sides of the interoperability table: every peer is started once for all its cells."""

from collections.abc import Iterator

import pytest

from tests.interop.matrix.bouncycastle_side import BouncyCastleSide
from tests.interop.matrix.gpgsm_side import GpgsmSide
from tests.interop.matrix.nss_side import NssSide
from tests.interop.matrix.openssl_side import OpenSSLSide
from tests.interop.matrix.side import Side
from tests.interop.matrix.siegel_side import SiegelSide
from tests.interop.matrix.thunderbird_side import ThunderbirdSide
from tests.peers.bouncycastle import BouncyCastle
from tests.peers.gpgsm import Gpgsm
from tests.peers.nss import Nss
from tests.peers.thunderbird import Thunderbird


@pytest.fixture(scope="session")
def siegel_side(tmp_path_factory: pytest.TempPathFactory) -> Side:
    return SiegelSide(tmp_path_factory.mktemp("siegel"))


@pytest.fixture(scope="session")
def openssl_side(tmp_path_factory: pytest.TempPathFactory) -> Side:
    return OpenSSLSide(tmp_path_factory.mktemp("openssl"))


@pytest.fixture(scope="session")
def bouncycastle_side(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    with BouncyCastle(tmp_path_factory.mktemp("bouncycastle")) as peer:
        yield BouncyCastleSide(peer)


@pytest.fixture(scope="session")
def gpgsm_side() -> Iterator[Side]:
    with Gpgsm() as peer:
        yield GpgsmSide(peer)


@pytest.fixture(scope="session")
def nss_side(tmp_path_factory: pytest.TempPathFactory) -> Side:
    return NssSide(Nss(tmp_path_factory.mktemp("nss")))


@pytest.fixture(scope="session")
def thunderbird_side(tmp_path_factory: pytest.TempPathFactory, siegel_side: Side) -> Iterator[Side]:
    with Thunderbird(tmp_path_factory.mktemp("thunderbird")) as peer:
        yield ThunderbirdSide(peer, siegel_side)
