"""From decisions to keys: the usable certificates of a plan become what the engine signs with."""

from siegel.cms.capabilities import write_capabilities
from siegel.pki.certificate import Certificate
from siegel.pki.softkeys import SoftwareKey
from siegel.pki.trust_facts import TrustFacts
from siegel.policy.rules import OrganisationRules, RsaSignature
from siegel.policy.usability import Usable
from siegel.smime import schemes
from siegel.smime.sign import SigningIdentity
from siegel.store.queries import keys as key_store
from siegel.store.vault import Vault


def signing_identity(
    signer: Usable,
    own: tuple[Usable, ...],
    vault: Vault,
    trust: TrustFacts,
    rules: OrganisationRules,
) -> SigningIdentity:
    """The unsealed key of ``signer`` with its chain. ``own``: the sender's encryption certificates.

    Where signing and encryption are apart, partners learn the other certificate from the signature.
    """
    certificate = signer.certificate
    chain = [certificate.der, *trust.chain(signer.path)]
    apart = None if certificate.may_encrypt or not own else own[0].certificate
    if apart is not None:
        chain.append(apart.der)
    return SigningIdentity(
        key=_key(certificate, vault),
        scheme=schemes.signature_scheme(certificate, pss=rules.rsa_signature is RsaSignature.PSS),
        chain=tuple(chain),
        encryption_certificate=apart,
        capabilities=write_capabilities(
            {certificate.key_kind, *(one.certificate.key_kind for one in own)}
        ),
    )


def _key(certificate: Certificate, vault: Vault) -> SoftwareKey:
    sealed = key_store.get(certificate.spki_sha256)
    private = vault.private_key(sealed)
    return SoftwareKey(private, (certificate,))
