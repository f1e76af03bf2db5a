"""ID: the signature holds for somebody else than the one a reader believes to see."""

from collections.abc import Iterator
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from siegel.policy.inbound import CryptographicSummary
from tests.spoof.case import ATTACKER, UNPROTECTED, VERIFIED, VICTIM, Case, Family
from tests.spoof.making import (
    FORGED,
    HONEST,
    blob,
    by_attacker,
    honest,
    mail,
    oddly_named,
    person,
    signed,
    word,
)
from tests.world import WORLD, Person
from tests.world.cast import AuthorityRole, Role
from tests.world.issuing import Authority

V, A = VICTIM.address, ATTACKER.address


def identity_cases() -> Iterator[Case]:
    for name, sender, top, *said in _FROM:
        yield _case(name, mail(by_attacker(), sender=sender, top=top), UNPROTECTED, said)
    for name, sender in _VICTIM_IS_ELSEWHERE:
        yield _case(name, mail(honest(), sender=sender), UNPROTECTED, [])
    for name, forger, *said in _certificates():
        raw = mail(signed(FORGED, blob(FORGED, forger)))
        yield _case(name, raw, UNPROTECTED, said)
    for name, sender in _NAME_IS_ADDRESS:
        yield _case(name, mail(by_attacker(), sender=sender), UNPROTECTED, [_DOUBT, _NAME])
    for name, sender in _SHOWN_WITH_HER_ADDRESS:
        yield _case(name, mail(by_attacker(), sender=sender), VERIFIED, [], about=A)
    for name, sender in _SAME_ADDRESS:
        yield _case(name, mail(honest(), sender=sender), VERIFIED, [], about=V)
    yield from _header_protection()


def _case(
    name: str,
    raw: bytes,
    summary: CryptographicSummary,
    said: list[str],
    *,
    about: str | None = None,
) -> Case:
    return Case(
        family=Family.IDENTITY,
        name=name,
        make=lambda: raw,
        summary=summary,
        said=frozenset(said),
        about=about,
    )


_NAME = "name_shows_another_address"
_DIFFERS, _DOUBT, _SENDER = "signer_address_differs", "from_ambiguous", "signed_by_sender_field"
_FROM: list[tuple[str, str, bytes, *tuple[str, ...]]] = [
    ("From the victim, signed by the attacker", V, b"", _DIFFERS),
    ("Sender: attacker", V, f"Sender: <{A}>\r\n".encode(), _SENDER),
    ("Reply-To: attacker", V, f"Reply-To: <{A}>\r\n".encode(), _DIFFERS),
    ("Resent-From: attacker", V, f"Resent-From: <{A}>\r\n".encode(), _DIFFERS),
    ("X-Original-From: attacker", V, f"X-Original-From: <{A}>\r\n".encode(), _DIFFERS),
    ("Return-Path: attacker", V, f"Return-Path: <{A}>\r\n".encode(), _DIFFERS),
    ("two From fields, the victim first", V, f"From: <{A}>\r\n".encode(), _DOUBT),
    ("two From fields, the attacker first", A, f"From: <{V}>\r\n".encode(), _DOUBT),
    ("second From with another case of the name", A, f"FROM: <{V}>\r\n".encode(), _DOUBT),
    ("second From with a blank before the colon", A, f"From : <{V}>\r\n".encode(), "malformed"),
    ("second From behind a bare CR", A, f"X-A: b\rFrom: <{V}>\r\n".encode(), "malformed"),
    ("second From in a line that begins with NUL", A, f"\x00From: <{V}>\r\n".encode(), "malformed"),
    ("two addresses, the victim first", f"{V}, {A}", b"", _DOUBT),
    ("two addresses, the attacker first", f"{A}, {V}", b"", _DOUBT),
    ("two addresses, Sender: attacker", f"{A}, {V}", f"Sender: {A}\r\n".encode(), _DOUBT),
    ("no From, Sender: attacker", "", f"Sender: <{A}>\r\n".encode(), _DOUBT),
    ("empty From", " ", b"", _DOUBT),
    ("group named after the victim", f"{V}: {A};", b"", _DOUBT),
    ("group with a name", f'"Hans Huber": {A};', b"", _DOUBT),
    ("empty group", "undisclosed-senders:;", b"", _DOUBT),
    ("comment that is an address, behind", f"{A} ({V})", b"", _DOUBT),
    ("comment that is an address, in front", f"(<{V}>) {A}", b"", _DOUBT),
    ("comment inside the address", f"dana(<{V}>)@partner.example", b"", _DOUBT),
    ("address in brackets, another behind", f"<{A}> <{V}>", b"", _DOUBT),
    ("address behind the brackets", f"<{A}> {V}", b"", _DOUBT),
    ("route in the address", f"<@school.example:{A}>", b"", _DOUBT),
    ("unquoted address as the name", f"{V} <{A}>", b"", _DOUBT),
    ("encoded word inside the address", f"<{word(V)}@partner.example>", b"", _DOUBT),
    ("whole address as an encoded word", word(f"<{A}>"), b"", _DOUBT),
    ("quoted local part with an address", f'"{V}"@partner.example', b"", _DOUBT),
    ("NUL in the address", f"{V}\x00@partner.example", b"", _DOUBT),
    ("NUL behind the address", f"{A}\x00 <{V}>", b"", _DOUBT),
    ("quote that never ends", f'"Huber <{V}> <{A}>', b"", _DOUBT),
    ("invisible character in the domain", V.replace("school", "sch\u200bool"), b""),
]

_VICTIM_IS_ELSEWHERE = [
    ("domain below the victim's", "huber@mail.school.example"),
    ("the victim's domain in front of another", "huber@school.example.evil.example"),
    ("domain that ends like the victim's", "huber@evilschool.example"),
    ("domain cut off", "huber@school.exampl"),
    ("Cyrillic letter in the domain", "huber@sch\u043eol.example"),
    ("Cyrillic letter in the local part", "hub\u0435r@school.example"),
    ("dotless letter in the local part", "huber\u0131@school.example"),
    ("local part with a tag", "huber+chef@school.example"),
    ("local part with a dot", "hu.ber@school.example"),
    ("local part that ends like the victim's", "ahuber@school.example"),
    ("bang path", "school.example!huber@evil.example"),
    ("percent route", "huber%school.example@evil.example"),
]

_SHOWN_WITH_HER_ADDRESS = [
    ("display name of the victim", f"Hans Huber <{A}>"),
    ("display name that praises itself", f'"Hans Huber ✔ Signatur geprüft" <{A}>'),
]

_NAME_IS_ADDRESS = [
    ("display name that is the victim's address, in quotes", f'"{V}" <{A}>'),
    ("display name that is the victim's address, encoded", f"{word(V)} <{A}>"),
    ("display name that runs out of sight", f'"{V}{" " * 200}." <{A}>'),
    ("display name with the victim's address in brackets", f'"Hans Huber <{V}>" <{A}>'),
    ("display name with a full-width @", f'"{V.replace("@", "＠")}" <{A}>'),
    ("display name with blanks around the @", f'"{V.replace("@", " @ ")}" <{A}>'),
    ("display name with an invisible character", f'"{V.replace("@", chr(0x200B) + "@")}" <{A}>'),
]

_SAME_ADDRESS = [
    ("other case of the very same address", "HUBER@School.EXAMPLE"),
    ("other display name of the very same address", f"Direktor <{V}>"),
]


def _certificates() -> Iterator[tuple[str, Person, *tuple[str, ...]]]:
    base = Role(name="forger", address=A, subject="Hans Huber", key="dana")
    yield "expired, same name", WORLD.person("emil"), _DIFFERS
    yield "certificate without an address", WORLD.person("nina"), _DIFFERS
    yield (
        "SAN of the attacker, DN of the victim",
        person(replace(base, subject_address=V)),
        _DIFFERS,
    )
    yield "common name is the victim's address", person(replace(base, subject=V)), _DIFFERS
    yield (
        "common name is the victim's address, no SAN",
        person(replace(base, subject=V, sans=())),
        _DIFFERS,
    )
    for name, odd in _ODD_NAMES:
        yield name, oddly_named(base, odd), _DIFFERS
    yield (
        "SAN in the alphabet of another script",
        person(replace(base, sans=(), utf8_sans=("hub\u0435r@school.example",))),
        _DIFFERS,
    )
    own = replace(base, name="huber_again", address=V)
    yield "victim's address from an unknown authority", person(own, "stranger_root"), _NOT_TRUSTED
    yield "victim's address, self-signed", person(_self_made(own), _maria()), _NOT_TRUSTED
    yield (
        "victim's address, issued by a person's certificate",
        person(replace(own, key="dana"), _maria()),
        _NOT_TRUSTED,
    )
    yield "victim's address, expired", person(replace(own, not_after=_PAST)), _NOT_TRUSTED
    yield (
        "victim's address, only for web servers",
        person(replace(own, purposes=(_SERVER,))),
        "signer_may_not_sign",
    )


def _maria() -> Authority:
    """A person with a trusted certificate who plays an authority."""
    one = WORLD.person("maria")
    assert isinstance(one.private_key, RSAPrivateKey)
    role = AuthorityRole(name="maria", subject="Maria Moser")
    return Authority(role, one.certificate, one.private_key, WORLD.authority("issuing"))


def _self_made(role: Role) -> Role:
    """Subject and key are those of its issuer."""
    return replace(role, subject="Maria Moser", key="maria")


_ODD_NAMES = [
    ("SAN is the victim's domain", "school.example"),
    ("SAN with a wildcard", "*@school.example"),
    ("SAN with NUL behind the victim's address", f"{V}\x00.evil.example"),
    ("SAN with NUL in front of it", f"{A}\x00{V}"),
    ("SAN with another @ behind", f"{V}@evil.example"),
    ("SAN with another @ in front", f"evil@{V}"),
    ("SAN with a display name", f"{A} <{V}>"),
    ("SAN in brackets", f"<{V}>"),
    ("SAN with a list", f"{A},{V}"),
    ("SAN with a blank behind", f"{V} "),
    ("SAN with a line end behind", f"{V}\n"),
    ("SAN with a CR in front of another", f"{V}\r{A}"),
    ("SAN with a comment", f"{V}(x)"),
]
_NOT_TRUSTED = "signer_not_trusted"
_PAST = WORLD.person("emil").role.not_after
_SERVER = WORLD.person("willi").role.purposes[0]


def _header_protection() -> Iterator[Case]:
    """RFC 9788: a From inside, another outside."""
    for name, inside, outside, by in (
        ("protected From: attacker; From outside: victim", A, V, ATTACKER),
        ("protected From: victim; From outside: attacker", V, A, ATTACKER),
        ("protected From: both; From outside: attacker", f"{A}, {V}", A, ATTACKER),
        ("protected From: victim; From outside: another domain", V, "huber@evil.example", VICTIM),
    ):
        entity = HONEST.replace(b"us-ascii", b"us-ascii; hp=clear", 1)
        entity = f"From: {inside}\r\nSubject: Innen\r\n".encode() + entity
        raw = mail(signed(entity, blob(entity, by)), sender=outside)
        yield _case(name, raw, UNPROTECTED, [_DOUBT])
    raw = mail(honest(), top=f"Reply-To: <{A}>\r\nCc: <{A}>\r\n".encode(), subject="Sofort!")
    yield _case("sent again under another subject, asking for answers", raw, VERIFIED, [], about=V)
    entity = f"From: {V}\r\nSubject: Innen\r\n".encode() + HONEST.replace(
        b"us-ascii", b"us-ascii; hp=clear", 1
    )
    raw = mail(signed(entity, blob(entity, VICTIM)), subject="Sofort!")
    said = ["protected_subject_differs"]
    yield _case("the same with a protected subject inside", raw, VERIFIED, said, about=V)
