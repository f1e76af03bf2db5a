"""Signature algorithms that are known by name and computed nowhere, so that a reader can be told.

SLH-DSA (RFC 9814), HSS/LMS (RFC 9708), composites with ML-DSA (drafts).
"""

_SLH_DSA = [
    f"SLH-DSA-{family}-{bits}{form}"
    for family in ("SHA2", "SHAKE")
    for bits in (128, 192, 256)
    for form in ("s", "f")
]
NAMED_ONLY = {
    "1.2.840.113549.1.9.16.3.17": "HSS/LMS",
    **{f"2.16.840.1.101.3.4.3.{20 + n}": name for n, name in enumerate(_SLH_DSA)},
    **{f"1.3.6.1.5.5.7.6.{n}": "composite ML-DSA" for n in range(37, 55)},
}
