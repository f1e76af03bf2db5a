"""What a look-up in foreign directories can come to: the closed lists that pages put into words."""

from enum import StrEnum


class Answer(StrEnum):
    """What one directory had for one address. The first that is best tells of a whole look-up."""

    FOUND = "found"  # and its path holds: it is used from now on
    KNOWN = "known"  # it was here before
    WAITS = "waits"  # found, but a person has to decide first
    REFUSED = "refused"  # a person here refused this certificate for this address
    UNFIT = "unfit"  # for the address, but over, or not made for encryption
    OTHER_ADDRESS = "other_address"  # certificates came, none names the address
    DOMAIN_ASSERTS = "domain_asserts"  # the domain vouches by itself; not allowed here
    ONLY_A_DIGEST = "only_a_digest"  # DNS has a fingerprint, not the certificate
    NOT_SECURED = "not_secured"  # DNS without DNSSEC: anybody could have written it
    FORGED = "forged"  # DNSSEC says that the answer is not the domain's
    NOT_A_CERTIFICATE = "not_a_certificate"  # what came was something else
    NOT_REACHED = "not_reached"
    NO_TIME = "no_time"  # not asked any more, or not long enough
    NOT_FOUND = "not_found"


CERTAIN = frozenset({Answer.FOUND, Answer.KNOWN})
"""Nothing more need be asked for the address."""

PASSING = frozenset({Answer.NOT_REACHED, Answer.NO_TIME})
"""Says nothing about the address."""


class DirectoryProblem(StrEnum):
    """Why a directory cannot be asked; each has words of its own."""

    NAME_NOT_FOUND = "name_not_found"
    HOST_NOT_ALLOWED = "host_not_allowed"
    NOT_REACHED = "not_reached"
    TIMED_OUT = "timed_out"
    TLS_NOT_OFFERED = "tls_not_offered"
    UNENCRYPTED = "unencrypted"
    CERTIFICATE_NOT_TRUSTED = "certificate_not_trusted"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_OTHER_NAME = "certificate_other_name"
    CREDENTIALS_MISSING = "credentials_missing"
    LOGIN_REFUSED = "login_refused"
    LOGIN_NEEDED = "login_needed"  # it does not answer without one
    NO_SUCH_BASE = "no_such_base"
    NOT_UNDERSTOOD = "not_understood"  # the filter, above all
    SAID_NO = "said_no"
    TOO_MUCH = "too_much"  # more octets than an answer may have
    OTHER_PROTOCOL = "other_protocol"


class DirectoryStage(StrEnum):
    """In the order a trial goes through them."""

    NAME = "name"
    REACHED = "reached"
    ENCRYPTED = "encrypted"
    CERTIFICATE = "certificate"
    LOGIN = "login"
    SEARCH = "search"


STAGE_OF = {
    DirectoryProblem.NAME_NOT_FOUND: DirectoryStage.NAME,
    DirectoryProblem.HOST_NOT_ALLOWED: DirectoryStage.NAME,
    DirectoryProblem.NOT_REACHED: DirectoryStage.REACHED,
    DirectoryProblem.TIMED_OUT: DirectoryStage.REACHED,
    DirectoryProblem.UNENCRYPTED: DirectoryStage.REACHED,
    DirectoryProblem.TLS_NOT_OFFERED: DirectoryStage.ENCRYPTED,
    DirectoryProblem.CERTIFICATE_NOT_TRUSTED: DirectoryStage.CERTIFICATE,
    DirectoryProblem.CERTIFICATE_EXPIRED: DirectoryStage.CERTIFICATE,
    DirectoryProblem.CERTIFICATE_OTHER_NAME: DirectoryStage.CERTIFICATE,
    DirectoryProblem.CREDENTIALS_MISSING: DirectoryStage.LOGIN,
    DirectoryProblem.LOGIN_REFUSED: DirectoryStage.LOGIN,
    DirectoryProblem.LOGIN_NEEDED: DirectoryStage.LOGIN,
    DirectoryProblem.NO_SUCH_BASE: DirectoryStage.SEARCH,
    DirectoryProblem.NOT_UNDERSTOOD: DirectoryStage.SEARCH,
    DirectoryProblem.SAID_NO: DirectoryStage.SEARCH,
    DirectoryProblem.TOO_MUCH: DirectoryStage.SEARCH,
    DirectoryProblem.OTHER_PROTOCOL: DirectoryStage.LOGIN,
}
