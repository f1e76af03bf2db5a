"""A colleague with everything that can be asked besides a password: codes and a passkey."""

from base64 import urlsafe_b64encode
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from siegel.store.models import User

TOTP_SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CREDENTIAL: Final = b"a passkey of the tests"


def equip(user: User) -> int:
    """The number of the passkey."""
    TOTP.activate(user, TOTP_SECRET)
    RecoveryCodes.activate(user)
    passkey = Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Telefon", "credential": _registration()},
    )
    return int(passkey.pk)


def _registration() -> dict[str, object]:
    """What a browser answers when a passkey was made (WebAuthn §7.1), without attestation."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    public = ES256.from_cryptography_key(key)  # type: ignore[no-untyped-call]  # fido2
    data = AuthenticatorData.create(
        b"\x00" * 32,
        AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT,
        0,
        AttestedCredentialData.create(b"\x00" * 16, CREDENTIAL, public),
    )
    client = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    return {
        "id": _text(CREDENTIAL),
        "rawId": _text(CREDENTIAL),
        "type": "public-key",
        "response": {
            "clientDataJSON": _text(bytes(client)),
            "attestationObject": _text(bytes(AttestationObject.create("none", data, {}))),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")
