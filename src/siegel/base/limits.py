"""Every limit with its reason, in one table (docs/limits.md is generated from it)."""

from dataclasses import dataclass, field, fields

MIB = 1024 * 1024


def _limit(default: int, reason: str) -> int:
    value: int = field(default=default, metadata={"reason": reason})
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one message may ask of us; exceeding one is a finding or ``LimitExceeded``."""

    message_size: int = _limit(
        50 * MIB, "bytes of one message; it lies in memory, with 1.4 times its size beside it"
    )
    header_size: int = _limit(
        256 * 1024, "bytes of one header section; real mail stays below 64 KiB"
    )
    header_fields: int = _limit(
        1000, "fields of one header section; a list of Received lines ends at 100"
    )
    mime_depth: int = _limit(32, "nested parts; a parser that recurses must end")
    mime_parts: int = _limit(2000, "parts of one message; bounds work per byte for empty parts")
    layers: int = _limit(8, "cryptographic layers; triple wrapping needs three")
    ber_depth: int = _limit(32, "nested ASN.1 values; CMS with certificates needs fewer than 20")
    ber_elements: int = _limit(200_000, "ASN.1 values of one structure outside of octet strings")
    ber_segments: int = _limit(
        500_000, "segments of one octet string; 50 MiB in 1,000 bytes each are 52,000"
    )
    recipients: int = _limit(1000, "RecipientInfos; each may cost a private-key operation")
    certificates: int = _limit(200, "certificates in one SignedData; each is parsed")
    certificates_size: int = _limit(
        MIB, "octets of all certificates in one SignedData; a hostile one costs 0.4 ms a KiB"
    )
    crls: int = _limit(50, "revocation lists in one SignedData; each may be megabytes")
    signers: int = _limit(20, "SignerInfos; each costs a digest and a signature check")
    countersignatures: int = _limit(
        20, "countersignatures of all signers and of one another; each costs as much as a signer"
    )
    attributes: int = _limit(100, "attributes of one signer")
    decryption_keys: int = _limit(32, "private keys tried for one recipient that names no key")
    password_rounds: int = _limit(
        2_000_000, "rounds of PBKDF2 for one message, all passwords together; some seconds of work"
    )
    decompressed_size: int = _limit(100 * MIB, "bytes that CompressedData may grow to")


DEFAULT = Limits()


def table() -> tuple[tuple[str, int, str], ...]:
    """(name, default, reason) of every limit, for the documentation."""
    return tuple(
        (f.name, getattr(DEFAULT, f.name), str(f.metadata["reason"])) for f in fields(Limits)
    )
