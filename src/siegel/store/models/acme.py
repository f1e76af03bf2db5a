"""Certificates over ACME: our account at an authority, orders, and the challenge mails for them."""

from django.db import models
from django.db.models import Q

from siegel.store.models import columns
from siegel.store.models.authority import CertificationRequest

ADDRESS = 2000  # characters of a web address, as ``transport.web_address`` takes it
DETAIL = 500  # what a server said of an error


class AcmeAccount(models.Model):
    """The key by which an authority knows us, sealed as content is. ``location`` is empty until
    the authority has said under which address it knows the key."""

    directory = models.CharField(max_length=ADDRESS, unique=True)
    sealed = models.BinaryField()
    location = models.CharField(max_length=ADDRESS, blank=True)
    made_at = models.DateTimeField()


class AcmeOrder(models.Model):
    """How the certificate for one request is ordered. Open while ``ended_at`` is empty; the fields
    in the middle are filled one after the other, and each says what was done already."""

    request = models.OneToOneField(
        CertificationRequest, on_delete=models.PROTECT, primary_key=True, related_name="acme"
    )
    directory = models.CharField(max_length=ADDRESS)
    begun_at = models.DateTimeField()
    location = models.CharField(max_length=ADDRESS, blank=True)
    challenge = models.CharField(max_length=ADDRESS, blank=True)
    token = models.CharField(max_length=DETAIL, blank=True)
    authority = columns.address(blank=True)
    reason = models.CharField(max_length=40)
    detail = models.CharField(max_length=DETAIL, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    issued = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["due_at"], condition=Q(ended_at=None), name="acme_orders_due"),
        )


class AcmeMail(models.Model):
    """A mail that calls itself a challenge and came while an order was open. ``refusal`` says why
    it is not answered; ``answer`` is kept as it will be sent until the next hop has it."""

    order = models.ForeignKey(AcmeOrder, on_delete=models.CASCADE, related_name="mails")
    sha256 = columns.digest()
    raw = models.BinaryField()
    received_at = models.DateTimeField()
    refusal = models.CharField(max_length=40, blank=True)
    token_sha256 = columns.digest(blank=True)
    answer = models.BinaryField(default=b"")
    answer_to = columns.address(blank=True)
    judged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["order", "sha256"], name="acme_mail_once"),
            models.UniqueConstraint(
                fields=["token_sha256"], condition=~Q(token_sha256=""), name="acme_token_once"
            ),
        )
