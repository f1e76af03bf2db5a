"""Encrypt an entity for recipients: application/pkcs7-mime around (Auth)EnvelopedData.

Only ``protect`` calls this, and only with a signed entity: there is no public way to encrypt
what is not signed.
"""

import os
from collections.abc import Sequence

from siegel.base import b64
from siegel.base.buffers import Buffer, Random
from siegel.cms.algorithms import cipher_to_write
from siegel.cms.enveloped import build_enveloped_data
from siegel.cms.recipients import RecipientSpec


def encrypt_entity(
    entity: list[Buffer],
    recipients: Sequence[RecipientSpec],
    *,
    cipher: str,
    cek_hkdf: bool = False,
    rng: Random = os.urandom,
) -> list[Buffer]:
    """``entity`` encrypted with a fresh key for every recipient, as a new entity."""
    kind = b"authEnveloped-data" if cipher_to_write(cipher).authenticated else b"enveloped-data"
    blob = build_enveloped_data(entity, recipients, cipher=cipher, cek_hkdf=cek_hkdf, rng=rng)
    header = (
        b"Content-Type: application/pkcs7-mime; smime-type=%s;\r\n"
        b' name="smime.p7m"\r\n'
        b"Content-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="smime.p7m"\r\n\r\n' % kind
    )
    return [header, *b64.encode_lines(blob)]
