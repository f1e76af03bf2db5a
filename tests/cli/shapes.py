"""The JSON of the command, version 1, key by key: what programs may rely on.

A shape is a type, a tuple of types (one of them; ``None`` for null), a list with the one shape of
its elements, or a dictionary whose keys are exactly those. ``docs/cli.md`` explains every key.
"""

from typing import Final

Shape = object

KEY_ID: Final[Shape] = ({"issuer": str, "serial": str}, {"subject_key_identifier": str}, None)
RECIPIENT: Final = {"kind": str, "identifier": KEY_ID, "matched": bool}
ENCRYPTED: Final = {
    "kind": "encrypted",
    "opened": bool,
    "cipher": (str, None),
    "authenticated": bool,
    "weak": bool,
    "recipients": [RECIPIENT],
    "key_found": bool,
    "findings": [str],
}
COUNTERSIGNATURE: Final = {
    "addresses": [str],
    "certificate_sha256": (str, None),
    "intact": (bool, None),
    "signature_valid": (bool, None),
    "signing_time": (str, None),
    "identifier": KEY_ID,
    "countersignatures": list,  # each of the same shape
    "findings": [str],
}
SECURITY_LABEL: Final = {
    "policy": str,
    "classification": (int, None),
    "privacy_mark": (str, None),
    "categories": [str],
}
RECEIPT: Final = {"content_type": str, "content_identifier": str, "signature": str}
ANSWERS: Final = {
    "intact": ("yes", "no", "unknown"),
    "valid": ("yes", "weak", "no", "unknown"),
    "trusted_for_from": ("yes", "organisation", "on_behalf", "no", "unknown"),
}
IDENTITY: Final = {
    "class": ("mailbox", "organization", "sponsor", "individual", "unstated"),
    "generation": ("legacy", "multipurpose", "strict", None),
    "person": (str, None),
    "organisation": (str, None),
    "stated_person": (str, None),
    "stated_organisation": (str, None),
}
SIGNER: Final = {
    "addresses": [str],
    "certificate_sha256": (str, None),
    "answers": ANSWERS,
    "identity": (IDENTITY, None),
    "intact": (bool, None),
    "signature_valid": (bool, None),
    "path": ("valid", "invalid", "indeterminate"),
    "path_reasons": [str],
    "revocation": ("good", "revoked", "unknown", "not_checked"),
    "trusted": bool,
    "bound_to_from": bool,
    "bound_by": ("certificate", "administration", None),
    "chain": [str],
    "digest": (str, None),
    "weak": bool,
    "signing_time": (str, None),
    "identifier": KEY_ID,
    "countersignatures": [COUNTERSIGNATURE],
    "security_label": (SECURITY_LABEL, None),
    "receipt_requested": bool,
    "reasons": [str],
    "findings": [str],
}
SIGNED: Final = {
    "kind": "signed",
    "detached": bool,
    "signers": [SIGNER],
    "receipt": (RECEIPT, None),
    "findings": [str],
}
COMPRESSED: Final = {"kind": "compressed", "findings": [str]}
CERTIFICATE: Final = {
    "sha256": str,
    "subject": str,
    "issuer": str,
    "serial": str,
    "addresses": [str],
    "not_before": str,
    "not_after": str,
    "is_ca": bool,
}
ERRANT: Final = {"path": str, "kind": str, "attached": bool, "signers": ([SIGNER], None)}
PROTECTED_FIELD: Final = {"name": str, "value": str}
PATH_REASON: Final = {"finding": str, "depth": int, "detail": str, "at": (str, None)}
MESSAGE: Final = {
    "version": 1,
    "summary": ("unprotected", "verified", "confidential", "encrypted_unverified"),
    "from": (str, None),
    "answers": (ANSWERS, None),
    "layers": [(ENCRYPTED, SIGNED, COMPRESSED)],
    "errant": [ERRANT],
    "payload_sha256": (str, None),
    "protected_fields": [PROTECTED_FIELD],
    "outer_fields": {
        name: (str, None)
        for name in ("from", "sender", "to", "cc", "subject", "date", "message-id")
    },
    "certificates": [CERTIFICATE],
    "findings": [str],
    "reasons": [str],
    "at": str,
}
PATH: Final = {
    "version": 1,
    "status": ("valid", "invalid", "indeterminate"),
    "revocation": ("good", "revoked", "unknown", "not_checked"),
    "path": [str],
    "anchor": (str, None),
    "reasons": [PATH_REASON],
    "revoked_at": (str, None),
    "at": str,
}


def fault(value: object, shape: Shape, place: str = "$") -> str | None:
    """What does not fit, and where; ``None`` if all fits."""
    if isinstance(shape, tuple):
        faults = [fault(value, one, place) for one in shape]
        return None if None in faults else f"{place}: {'; '.join(str(f) for f in faults)}"
    if isinstance(shape, list):
        return _list_fault(value, shape[0], place)
    if isinstance(shape, dict):
        return _object_fault(value, shape, place)
    fits = type(value) is shape if isinstance(shape, type) else value == shape
    return None if fits else f"{place} is {value!r}, not {shape}"


def _list_fault(value: object, shape: Shape, place: str) -> str | None:
    if not isinstance(value, list):
        return f"{place} is no list"
    faults = (fault(one, shape, f"{place}[{number}]") for number, one in enumerate(value))
    return next((one for one in faults if one is not None), None)


def _object_fault(value: object, shape: dict[str, Shape], place: str) -> str | None:
    if not isinstance(value, dict):
        return f"{place} is no object"
    if set(value) != set(shape):
        return f"{place}: keys {sorted(set(value) ^ set(shape))}"
    faults = (fault(value[key], one, f"{place}.{key}") for key, one in shape.items())
    return next((one for one in faults if one is not None), None)
