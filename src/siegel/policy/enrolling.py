"""Why a line of a list brings no certificate: what is wrong with it, or with what it asks for."""

from enum import StrEnum


class LineFault(StrEnum):
    """The first six are seen when the list is read, the others when the certificate is made. OTHER:
    what the detail beside it says."""

    BAD_ADDRESS = "bad_address"
    TWICE = "twice"
    CELLS = "cells"
    HALF_NAME = "half_name"
    SHARED_UNCLEAR = "shared_unclear"
    SHARED_NAMED = "shared_named"
    FOREIGN_DOMAIN = "foreign_domain"
    NO_ACCOUNT = "no_account"
    OTHER = "other"
