"""Which kinds of keys are made."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from siegel.pki import strength
from siegel.pki.key_generation import KeyChoice, generate

QUICK = [each for each in KeyChoice if each is not KeyChoice.RSA_4096]  # the same with more digits


@pytest.mark.parametrize("choice", QUICK)
def test_no_kind_of_key_is_weak_and_rsa_has_the_length_of_its_name(choice: KeyChoice) -> None:
    public = generate(choice).public_key()
    if isinstance(public, rsa.RSAPublicKey):
        assert f"rsa-{public.key_size}" == choice
        assert public.key_size >= 2048
        assert public.public_numbers().e == 65537
    if choice is not KeyChoice.X25519:
        assert strength.public_key_weakness(public) is None
