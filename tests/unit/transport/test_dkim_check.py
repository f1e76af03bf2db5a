"""Only signatures that verify over the whole message count, each for its own domain."""

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from siegel.transport.dkim_check import NameServerSilent, domain_signatures

MESSAGE = b"From: a@ca.example\r\nTo: b@a.example\r\nSubject: S\r\n\r\nText\r\n"


def pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def record(key: rsa.RSAPrivateKey) -> bytes:
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])


KEY = rsa.generate_private_key(65537, 2048)
RECORDS = {
    "s._domainkey.ca.example": record(KEY),
    "s._domainkey.other.example": record(KEY),
    "revoked._domainkey.ca.example": b"v=DKIM1; p=",
    "broken._domainkey.ca.example": b"v=DKIM1; k=rsa; p=!!!",
}


def signed(
    message: bytes = MESSAGE, domain: bytes = b"ca.example", selector: bytes = b"s", **how: object
) -> bytes:
    given = {"include_headers": [b"from", b"subject", b"sender"], **how}
    return bytes(dkim.sign(message, selector, domain, pem(KEY), **given)) + message


def test_a_signature_names_its_domain_and_its_fields() -> None:
    (found,) = domain_signatures(signed(), RECORDS.get)
    assert found.domain == "ca.example"
    assert found.fields == {"from", "subject", "sender"}


def test_of_several_those_that_verify_count() -> None:
    twice = signed(signed(domain=b"other.example"))
    assert [each.domain for each in domain_signatures(twice, RECORDS.get)] == [
        "ca.example",
        "other.example",
    ]
    changed = twice.replace(b"d=ca.example", b"d=cb.example")
    assert [each.domain for each in domain_signatures(changed, RECORDS.get)] == ["other.example"]


@pytest.mark.parametrize(
    "raw",
    [
        MESSAGE,
        signed().replace(b"Text", b"Test"),
        signed().replace(b"Subject: S", b"Subject: T"),
        b"From: mallory@evil.example\r\n" + signed(),
        signed() + b"More\r\n",
        signed(selector=b"revoked"),
        signed(selector=b"broken"),
        signed(selector=b"unknown"),
        signed(length=True),
        signed(length=True) + b"More\r\n",
        signed(signature_algorithm=b"rsa-sha1"),
        b"DKIM-Signature: v=1; a=rsa-sha256; l=x; b=\r\n" + MESSAGE,
        b"DKIM-Signature: \xff\r\n" + MESSAGE,
        b"",
    ],
    ids=range(14),
)
def test_what_does_not_verify_proves_nothing(raw: bytes) -> None:
    assert domain_signatures(raw, RECORDS.get) == ()


def test_a_silent_name_server_is_no_verdict() -> None:
    def silent(name: str) -> bytes | None:
        raise NameServerSilent(name)

    with pytest.raises(NameServerSilent):
        domain_signatures(signed(), silent)
    assert domain_signatures(MESSAGE, silent) == ()


def test_one_good_signature_is_enough_though_another_cannot_be_checked() -> None:
    def half(name: str) -> bytes | None:
        if "other" in name:
            raise NameServerSilent(name)
        return RECORDS.get(name)

    found = domain_signatures(signed(signed(domain=b"other.example")), half)
    assert [each.domain for each in found] == ["ca.example"]
