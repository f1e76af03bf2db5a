"""Certificates, added and never changed, and the addresses they are used for."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from siegel.store.append_only import AppendOnly
from siegel.store.models import columns


class Source(StrEnum):
    IMPORTED = "imported"
    HARVESTED = "harvested"
    ISSUED = "issued"
    PUBLIC = "public"
    LDAP = "ldap"  # found in a foreign directory, as are the next two
    DNS = "dns"
    HTTP = "http"
    HANDED_IN = "handed_in"  # by its owner, on a page


class LinkState(StrEnum):
    """LINKED: by import or harvest. CONFIRMED: by a person. REJECTED: by a person, not used."""

    LINKED = "linked"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Certificate(AppendOnly):
    """One certificate. Own, partner and CA certificates alike; names are cut for people to read,
    ``der`` is the truth. ``*_sha256`` of names are over their DER, for finding issuers."""

    fingerprint = columns.digest(primary_key=True)
    der = models.BinaryField()
    subject = models.CharField(max_length=columns.NAME)
    issuer = models.CharField(max_length=columns.NAME)
    serial = models.CharField(max_length=64)
    subject_sha256 = columns.digest(db_index=True)
    issuer_sha256 = columns.digest(db_index=True)
    spki_sha256 = columns.digest(db_index=True)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField(db_index=True)
    is_ca = models.BooleanField(db_index=True)
    source = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Source])
    added_at = models.DateTimeField()
    added_by = columns.actor()

    class Meta:
        indexes = (  # authorities are few among many, and asked for by their day
            models.Index(
                fields=["-added_at", "fingerprint"], condition=Q(is_ca=True), name="authorities"
            ),
        )


class CertificateAddress(models.Model):
    """A certificate is used for an address that it names. Certificates of a whole organisation are
    bound in ``binding``."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="links")
    address = columns.address(db_index=True)
    state = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in LinkState]
    )
    linked_by = columns.actor()
    linked_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["certificate", "address"], name="one_link_per_address"),
        )
        indexes = (models.Index(fields=["-last_seen_at", "-id"], name="links_seen_last"),)
