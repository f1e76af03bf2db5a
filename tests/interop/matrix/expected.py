"""What a run of the table must find: "yes", but for the cells that stand here.

``says`` is a regular expression that must be found in the words of the program that refuses; what
it matches is shown on docs/interop.md. A cell that gets better than it stands here fails as well.
"""

import re
from dataclasses import dataclass
from typing import Final

from tests.interop.matrix.formats import FORMATS
from tests.interop.matrix.outcome import Outcome, Word

PEERS: Final = ("openssl", "bouncycastle", "gpgsm", "nss", "thunderbird")
SIEGEL: Final = "siegel"
NAMES: Final = tuple(format.name for format in FORMATS)


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    writer: str
    reader: str
    format: str


CELLS: Final = tuple(
    Cell(writer, reader, name)
    for peer in PEERS
    for writer, reader in ((SIEGEL, peer), (peer, SIEGEL))
    for name in NAMES
)


@dataclass(frozen=True, slots=True)
class Expected:
    word: Word
    says: str = ""

    def fits(self, found: Outcome) -> bool:
        return found.word is self.word and re.search(self.says, found.said) is not None


@dataclass(frozen=True, slots=True)
class _Exception:
    writer: str  # "*": every peer
    reader: str
    formats: str
    expected: Expected

    def covers(self, cell: Cell) -> bool:
        sides = (self.writer in ("*", cell.writer)) and (self.reader in ("*", cell.reader))
        return sides and cell.format in self.formats.split()


def expected(cell: Cell) -> Expected:
    """The last line that covers the cell counts: the general ones stand first."""
    covering = [one.expected for one in _EXCEPTIONS if one.covers(cell)]
    return covering[-1] if covering else Expected(Word.YES)


def _weak(formats: str, says: str) -> _Exception:
    return _Exception("*", SIEGEL, formats, Expected(Word.WEAK, says))


def _unread(reader: str, formats: str, says: str) -> _Exception:
    return _Exception(SIEGEL, reader, formats, Expected(Word.REFUSED, says))


def _unshown(reader: str, formats: str, says: str) -> _Exception:
    return _Exception(SIEGEL, reader, formats, Expected(Word.UNSHOWN, says))


def _unwritten(writer: str, formats: str, says: str) -> _Exception:
    reader = "*" if writer == SIEGEL else SIEGEL
    return _Exception(writer, reader, formats, Expected(Word.UNWRITTEN, says))


def _no_option(writer: str, formats: str, says: str) -> _Exception:
    reader = "*" if writer == SIEGEL else SIEGEL
    return _Exception(writer, reader, formats, Expected(Word.NO_OPTION, says))


_EXCEPTIONS: Final = (
    # Siegel reads it and marks it
    _weak("sha1", "weak_digest"),
    _weak("3des", "weak_cipher"),
    _weak("unsigned", "not_signed"),
    # Siegel does not write it
    _no_option(SIEGEL, "countersigned", "countersigns nothing"),
    _no_option(SIEGEL, "compressed", "compresses nothing"),
    _no_option(SIEGEL, "unsigned", "encrypts nothing that is not signed"),
    _no_option(SIEGEL, "ber", "writes DER only"),
    _no_option(SIEGEL, "gcm-enveloped", "writes AES-GCM as AuthEnvelopedData only"),
    _unwritten(SIEGEL, "sha1", "no signature is made with sha1"),
    _unwritten(SIEGEL, "3des", "nothing is encrypted with 3des-cbc"),
    # OpenSSL
    _unread("openssl", "ed25519", "eddsa_digest_signverify_init:invalid digest"),
    _unread("openssl", "ml-dsa", "X509_PUBKEY_get0:decode error"),
    _unread("openssl", "x25519", "no matching recipient"),
    _unread("openssl", "ml-kem", "Could not read signing key"),
    _unread("openssl", "chacha20", "unknown cipher"),
    _unwritten("openssl", "ed25519", "eddsa_digest_signverify_init:invalid digest"),
    _unwritten("openssl", "ml-dsa", "Could not read signing key"),
    _unwritten("openssl", "x25519", "operation not supported for this keytype"),
    _unwritten("openssl", "ml-kem", "error getting public key"),
    _unwritten("openssl", "chacha20", "unsupported content encryption algorithm"),
    _unwritten("openssl", "compressed", "unsupported compression algorithm"),
    _no_option("openssl", "countersigned", "has no command for it"),
    _no_option("openssl", "gcm-enveloped", "writes AES-GCM as AuthEnvelopedData only"),
    # BouncyCastle
    _unread("bouncycastle", "ml-dsa", "Unknown signature type requested: [A-Z0-9.]+"),
    _unread("bouncycastle", "x25519", "no such algorithm: [0-9.]+"),
    _unread("bouncycastle", "ml-kem", "no key factory for [0-9.]+"),
    _unwritten("bouncycastle", "ml-dsa ml-kem", "no key factory for [0-9.]+"),
    _unwritten("bouncycastle", "x25519", "can't identify EC private key"),
    _unwritten("bouncycastle", "chacha20", r"cannot be cast to class \S+OutputAEADEncryptor"),
    # gpgsm
    _unread("gpgsm", "ed25519", "DSA requires the hash length to be a multiple of 8 bits"),
    _unread("gpgsm", "ml-dsa", "no signature value available"),
    _unread("gpgsm", "signer-key-id", "ksba_cms_parse failed: BER error"),
    _unread("gpgsm", "oaep", "error getting encrypted session key"),
    _unread("gpgsm", "ec", "Segmentation fault"),
    _unread("gpgsm", "x25519 ml-kem recipient-key-id", r"message decryption failed: [\w ]+\w"),
    _unread("gpgsm", "aes256-gcm", "error getting IV: Buffer too short"),
    _unread("gpgsm", "chacha20", "unsupported algorithm '[0-9.]+'"),
    _unwritten("gpgsm", "ecdsa-p256 ecdsa-p384", "Segmentation fault"),
    _unwritten("gpgsm", "ed25519", "error parsing or decrypting the PKCS#12 file"),
    _unwritten("gpgsm", "ml-dsa", "No secret key"),
    _unwritten("gpgsm", "ec x25519 rsa-and-ec", "certificate is not usable for encryption"),
    _unwritten("gpgsm", "ml-kem", "no public key for recipient"),
    _unwritten("gpgsm", "aes256-gcm chacha20", "selected cipher algorithm is invalid"),
    _no_option("gpgsm", "pss signer-key-id countersigned", "has no option for it"),
    _no_option("gpgsm", "oaep recipient-key-id gcm-enveloped", "has no option for it"),
    _no_option("gpgsm", "compressed", "has no command for it"),
    _no_option("gpgsm", "certificates", "exports single certificates only"),
    # NSS
    _unread("nss", "ed25519 ml-dsa", "SEC_ERROR_PKCS7_BAD_SIGNATURE"),
    _unread("nss", "oaep", "SEC_ERROR_UNSUPPORTED_KEYALG"),
    _unread("nss", "ec rsa-and-ec", "SEC_ERROR_BAD_DER"),
    _unread("nss", "x25519 ml-kem", "SEC_ERROR_ADDING_CERT"),
    _unread("nss", "aes256-gcm chacha20", "SEC_ERROR_UNRECOGNIZED_OID"),
    _unshown("nss", "certificates", "lists no certificates"),
    _unwritten("nss", "ed25519", "SEC_ERROR_PKCS12_UNABLE_TO_IMPORT_KEY"),
    _unwritten("nss", "ml-dsa x25519 ml-kem", "SEC_ERROR_ADDING_CERT"),
    _unwritten("nss", "ec rsa-and-ec", "SEC_ERROR_INVALID_ALGORITHM"),
    _no_option("nss", "pss two-signers signer-key-id countersigned", "has no option for it"),
    _no_option("nss", "aes256-cbc aes256-gcm chacha20 3des", "has no option for it"),
    _no_option("nss", "oaep recipient-key-id gcm-enveloped", "has no option for it"),
    _no_option("nss", "compressed", "has no command for it"),
    # Thunderbird
    _unread("thunderbird", "ed25519 ml-dsa", "signature: VERIFY_UNTRUSTED"),
    _unread("thunderbird", "x25519 ml-kem", "encryption: GENERAL_ERROR"),
    _unread("thunderbird", "aes256-gcm chacha20", "shows no verdict"),
    _unshown("thunderbird", "certificates", "shows no verdict"),
    _unwritten("thunderbird", "ed25519", "the certificate file was not taken in: status 1"),
    _unwritten("thunderbird", "ml-dsa", r"Unsupported or unknown key algorithm"),
    _unwritten("thunderbird", "x25519 ml-kem", "Unable to encrypt message"),
    _no_option("thunderbird", "opaque-rsa pss two-signers signer-key-id", "has no option"),
    _no_option("thunderbird", "countersigned sha1 oaep", "has no option"),
    _no_option("thunderbird", "recipient-key-id aes256-gcm chacha20", "has no option"),
    _no_option("thunderbird", "gcm-enveloped 3des triple", "has no option"),
    _no_option("thunderbird", "compressed certificates", "has no option"),
)
