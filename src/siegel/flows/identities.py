"""From decisions to keys: the usable certificates of a plan become what the engine signs with."""

from siegel.base.errors import KeyUnavailable
from siegel.base.keys import (
    KeyKind,
    SignatureKind,
    SignatureScheme,
    TransportKind,
    TransportScheme,
)
from siegel.cms.recipients import RecipientSpec
from siegel.flows.trusting import TrustFacts
from siegel.pki.certificate import Certificate
from siegel.pki.softkeys import SoftwareKey, load_private_key
from siegel.policy.rules import KeyTransport, OrganisationRules, RsaSignature
from siegel.policy.usability import Usable
from siegel.smime.sign import SigningIdentity
from siegel.store.queries import keys as key_store
from siegel.store.vault import Vault

# the digest that fits the strength of the curve (RFC 5753 §2.1.1, RFC 5480 §4)
_EC_DIGEST = ((256, "sha256"), (384, "sha384"), (1024, "sha512"))


def signature_scheme(certificate: Certificate, rules: OrganisationRules) -> SignatureScheme:
    """How this key signs under these rules; the key decides, the class of certificate never."""
    match certificate.key_kind:
        case KeyKind.RSA:
            pss = rules.rsa_signature is RsaSignature.PSS
            return SignatureScheme(
                SignatureKind.RSA_PSS if pss else SignatureKind.RSA_PKCS1, "sha256"
            )
        case KeyKind.RSA_PSS:
            return SignatureScheme(SignatureKind.RSA_PSS, "sha256")
        case KeyKind.EC:
            digest = next(name for bits, name in _EC_DIGEST if certificate.key_bits <= bits)
            return SignatureScheme(SignatureKind.ECDSA, digest)
        case KeyKind.ED25519:
            return SignatureScheme(SignatureKind.ED25519, "sha512")
        case KeyKind.ED448:
            return SignatureScheme(SignatureKind.ED448, "shake256")
    raise KeyUnavailable("this kind of key does not sign mail", kind=certificate.key_kind.value)


def recipient_spec(certificate: Certificate, rules: OrganisationRules) -> RecipientSpec:
    """How the content key travels to one certificate."""
    if certificate.key_kind is not KeyKind.RSA:
        return RecipientSpec(certificate=certificate, transport=None)
    oaep = rules.key_transport is KeyTransport.OAEP
    kind = TransportKind.RSA_OAEP if oaep else TransportKind.RSA_PKCS1
    return RecipientSpec(certificate=certificate, transport=TransportScheme(kind))


def signing_identity(
    signer: Usable, own: tuple[Usable, ...], vault: Vault, facts: TrustFacts, rules: OrganisationRules
) -> SigningIdentity:
    """The unsealed key of ``signer`` with its chain; raises ``KeyUnavailable`` without the key."""
    certificate = signer.certificate
    encryption = own[0].certificate if own else None
    apart = encryption is not None and encryption.fingerprint != certificate.fingerprint
    chain = [certificate.der, *facts.chain(signer.path)]
    if apart and encryption is not None:
        chain.append(encryption.der)
    return SigningIdentity(
        key=_key(certificate, vault),
        scheme=signature_scheme(certificate, rules),
        chain=tuple(chain),
        encryption_certificate=encryption if apart else None,
    )


def _key(certificate: Certificate, vault: Vault) -> SoftwareKey:
    sealed = key_store.get(certificate.spki_sha256)
    private = load_private_key(vault.unseal(sealed).reveal(), validated=True)
    return SoftwareKey(private, (certificate,))
