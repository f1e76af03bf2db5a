"""CMS: the mathematics holds for something else than what is read."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from asn1crypto import cms as asn1

from siegel.base import oids
from tests.peers import mime
from tests.spoof.case import ATTACKER, UNPROTECTED, VICTIM, Case, Family
from tests.spoof.making import FORGED, HONEST, blob, changed, honest, mailed, opaque, person, signed
from tests.world import WORLD, WORLD_NOW
from tests.world.cast import Role


def cms_cases() -> Iterator[Case]:
    for name, make, *said in _TABLE:
        yield Case(
            family=Family.CMS,
            name=name,
            make=mailed(make),
            summary=UNPROTECTED,
            said=frozenset(said),
        )


def _without(name: str) -> Callable[[Any], None]:
    def change(content: Any) -> None:
        content[name] = []

    return change


def _both_places(inside: bytes, outside: bytes) -> bytes:
    return signed(outside, blob(inside, VICTIM, detached=False))


def _other_content() -> bytes:
    return opaque(blob(HONEST, VICTIM, detached=False).replace(HONEST[-24:], FORGED[-24:]))


def _two_signers(first: bytes, second: bytes) -> bytes:
    """SignerInfos of two SignedData in one."""
    other = asn1.ContentInfo.load(second)["content"]

    def change(content: Any) -> None:
        content["signer_infos"].append(other["signer_infos"][0])
        for certificate in other["certificates"]:
            content["certificates"].append(certificate)

    return changed(first, change)


def _attributes_as_content() -> bytes:
    """Strenzke: the signed attributes of a real signature, shown as the text it covers."""
    cms = blob(HONEST, VICTIM)
    attributes = asn1.ContentInfo.load(cms)["content"]["signer_infos"][0]["signed_attrs"]
    content = attributes.untag().dump(force=True)

    def change(structure: Any) -> None:
        info = structure["signer_infos"][0]
        kept = ("version", "sid", "digest_algorithm", "signature_algorithm", "signature")
        structure["signer_infos"] = [asn1.SignerInfo({name: info[name] for name in kept})]
        structure["encap_content_info"]["content"] = content

    return opaque(changed(cms, change))


def _attribute_twice(oid: str) -> bytes:
    def change(content: Any) -> None:
        attributes = content["signer_infos"][0]["signed_attrs"]
        attributes.append(next(one for one in attributes if one["type"].dotted == oid).copy())

    return signed(HONEST, changed(blob(HONEST, VICTIM), change))


def _without_attribute(oid: str) -> bytes:
    def change(content: Any) -> None:
        info = content["signer_infos"][0]
        kept = [one for one in info["signed_attrs"] if one["type"].dotted != oid]
        info["signed_attrs"] = asn1.CMSAttributes(kept)

    return signed(HONEST, changed(blob(HONEST, VICTIM), change))


def _md5(content: Any) -> None:
    content["digest_algorithms"][0]["algorithm"] = "md5"
    content["signer_infos"][0]["digest_algorithm"]["algorithm"] = "md5"


def _named_as_victim() -> bytes:
    """Signed by the attacker's key; the identifier names the victim's certificate."""
    victims = asn1.ContentInfo.load(blob(FORGED, VICTIM))["content"]

    def change(content: Any) -> None:
        content["signer_infos"][0]["sid"] = victims["signer_infos"][0]["sid"]
        content["certificates"] = victims["certificates"]

    return signed(FORGED, changed(blob(FORGED, ATTACKER), change))


def _double() -> bytes:
    """Another key under the victim's subject, address and serial number, by another authority."""
    role = Role(name="huber", address=VICTIM.address, subject="Hans Huber", key="dana")
    return signed(FORGED, blob(FORGED, person(role, "stranger_root")))


_TABLE: list[tuple[str, Callable[[], bytes], *tuple[str, ...]]] = [
    ("eContent beside a detached text, the forged one shown",
     lambda: _both_places(HONEST, FORGED), "duplicate_content"),
    ("eContent beside a detached text, the forged one inside",
     lambda: signed(HONEST, _inside(blob(HONEST, VICTIM), FORGED)), "duplicate_content"),
    ("eContent and the very same text detached",
     lambda: _both_places(HONEST, HONEST), "duplicate_content"),
    ("eContent exchanged after signing", _other_content, "digest_mismatch"),
    ("signature of another mail (digest reused)",
     lambda: signed(FORGED, blob(HONEST, VICTIM)), "digest_mismatch"),
    ("detached, no signer", lambda: signed(FORGED, changed(
        blob(FORGED, VICTIM), _without("signer_infos"))), "no_signer"),
    ("opaque, no signer", lambda: opaque(changed(
        blob(FORGED, VICTIM, detached=False), _without("signer_infos"))), "no_signer"),
    ("certificates only, as a detached signature",
     lambda: signed(FORGED, changed(blob(HONEST, VICTIM), _without("signer_infos")))),
    ("certificates only, said to be signed", lambda: opaque(
        changed(blob(HONEST, VICTIM), _without("signer_infos"))), "certificates_only"),
    ("certificates only beside a text", lambda: mime.pkcs7_mime(
        changed(blob(HONEST, VICTIM), _without("signer_infos")), "certs-only"),
     "certificates_only"),
    ("two signers: the attacker for this text, the victim for another",
     lambda: signed(FORGED, _two_signers(blob(FORGED, ATTACKER), blob(HONEST, VICTIM))),
     "several_signers", "digest_mismatch"),
    ("two signers: the victim's broken one first",
     lambda: signed(FORGED, _two_signers(blob(HONEST, VICTIM), blob(FORGED, ATTACKER))),
     "several_signers", "digest_mismatch"),
    ("two signers, neither of them the one in From",
     lambda: signed(FORGED, blob(FORGED, ATTACKER, WORLD.person("petra"))),
     "several_signers", "signer_address_differs"),
    ("signed attributes shown as the text", _attributes_as_content, "content_is_attributes"),
    ("attribute messageDigest taken out", lambda: _without_attribute("1.2.840.113549.1.9.4")),
    ("attribute contentType taken out", lambda: _without_attribute("1.2.840.113549.1.9.3")),
    ("no digest named", lambda: signed(HONEST, changed(
        blob(HONEST, VICTIM), _without("digest_algorithms")))),
    ("digest called MD5", lambda: signed(HONEST, changed(blob(HONEST, VICTIM), _md5))),
    ("no certificate at all, the forger's key", lambda: signed(FORGED, changed(
        blob(FORGED, ATTACKER), _without("certificates"))), "signature_not_checkable"),
    ("attribute messageDigest twice", lambda: _attribute_twice("1.2.840.113549.1.9.4")),
    ("attribute contentType twice", lambda: _attribute_twice("1.2.840.113549.1.9.3")),
    ("SignedData as the content of SignedData", lambda: opaque(blob(
        blob(HONEST, VICTIM, detached=False), VICTIM, detached=False,
        content_type=oids.SIGNED_DATA)), "content_type_mismatch"),
    ("content of another type", lambda: opaque(blob(
        HONEST, VICTIM, detached=False, content_type=oids.ENVELOPED_DATA)),
     "content_type_mismatch"),
    ("identifier names the victim, the key is the attacker's", _named_as_victim,
     "signature_broken"),
    ("victim's certificate along with the attacker's signature", lambda: signed(FORGED, blob(
        FORGED, ATTACKER, also=(VICTIM.certificate_der,))), "signer_address_differs"),
    ("same subject, address and serial number from an unknown authority", _double,
     "signer_not_trusted"),
    ("signed tomorrow", lambda: signed(HONEST, blob(
        HONEST, VICTIM, at=WORLD_NOW + timedelta(days=1))), "signing_time_in_future"),
    ("signature cut off", lambda: signed(HONEST, blob(HONEST, VICTIM)[:-40])),
    ("one octet of the text changed", lambda: honest().replace(b"um acht", b"um neun"),
     "digest_mismatch"),
    ("type of the signed part changed", lambda: honest().replace(b"us-ascii", b"utf-7"),
     "digest_mismatch"),
]  # fmt: skip


def _inside(cms: bytes, content: bytes) -> bytes:
    def change(structure: Any) -> None:
        structure["encap_content_info"]["content"] = content

    return changed(cms, change)
