"""A store of an earlier version: what new tables would have said is filled in."""

import hashlib
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from siegel.store.models import MessageSigner, PendingCertificate
from siegel.store.queries import pending, rejudgements
from tests.store.given import DAY, HUBER, NOW, certificate_of

pytestmark = pytest.mark.django_db(transaction=True)
URSULA, ELSE = certificate_of("ursula"), certificate_of("huber")


@pytest.fixture
def before() -> Iterator[StateApps]:
    """The store as it was before there was an inbox of unknown roots."""
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("store")
    executor = MigrationExecutor(connection)
    executor.migrate([("store", "0002_public_roots")])
    yield executor.loader.project_state([("store", "0002_public_roots")]).apps
    MigrationExecutor(connection).migrate(latest)


def forward() -> None:
    """To the newest: what the queries of today expect."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("store"))


def test_old_mail_and_waiting_certificates_are_found_by_their_issuer(before: StateApps) -> None:
    before.get_model("store", "PendingCertificate").objects.create(
        address=str(HUBER), fingerprint=URSULA.fingerprint, der=URSULA.der, seen_at=NOW
    )
    message = before.get_model("store", "StoredMessage").objects.create(
        sha256="ab" * 32, size=1, path="x", direction="inbound", received_at=NOW,
        keep_until=NOW + DAY,
    )  # fmt: skip
    said = [{"certificate": URSULA.fingerprint}, {"certificate": None}, {"certificate": "00"}]
    before.get_model("store", "Judgement").objects.create(
        message=message, summary="unprotected", verdicts={"signers": said}, at=NOW
    )
    forward()
    issuer = hashlib.sha256(URSULA.issuer_der).hexdigest()
    (row,) = pending.issued_under([issuer], limit=10)
    assert (row.fingerprint, row.only_trust) == (URSULA.fingerprint, False)
    assert list(MessageSigner.objects.values_list("fingerprint", "issuer_sha256")) == [
        (URSULA.fingerprint, issuer)
    ]
    assert PendingCertificate.objects.count() == 1


def test_decisions_of_the_past_cause_no_work(before: StateApps) -> None:
    before.get_model("store", "TrustDecision").objects.create(
        fingerprint=ELSE.fingerprint, decision="trusted", who="x", when=NOW
    )
    before.get_model("store", "PublicRootList").objects.create(
        number=1, source="x", sha256="0" * 64, published_at=NOW, who="x", when=NOW
    )
    forward()
    assert rejudgements.due() == ()
