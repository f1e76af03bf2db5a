"""Columns that several tables share, each with the one length it has everywhere."""

from typing import Any

from django.db import models

ADDRESS = 400  # folded addr-spec: 64 + 1 + 255 octets, a quoted local part may double
DIGEST = 64  # SHA-256 in hexadecimal
ACTOR = 400  # a user's address, or "system:" and a name
NAME = 500  # names of certificates and people, cut where longer


def address(**options: Any) -> "models.CharField[str, str]":
    return models.CharField(max_length=ADDRESS, **options)


def digest(**options: Any) -> "models.CharField[str, str]":
    return models.CharField(max_length=DIGEST, **options)


def actor(**options: Any) -> "models.CharField[str, str]":
    """Who did it, as text: the record stays when the user goes."""
    return models.CharField(max_length=ACTOR, **options)
