"""What we want: ratios that a very good implementation reaches, by size and operation.

Ceilings count against the floor, floors against others (how many times slower they are to be).
"""

from collections.abc import Mapping
from typing import Final

Goals = Mapping[str, tuple[float, float, float]]
"""Operation → the goal at 10 KB, 1 MB and 25 MB."""

AT_MOST_THE_FLOOR: Final[Goals] = {
    "sign": (1.25, 1.75, 1.4),
    "verify": (3.0, 1.6, 1.4),
    "sign+encrypt CBC": (1.35, 1.85, 1.7),
    "sign+encrypt GCM": (1.35, 2.4, 2.0),
    "decrypt+verify CBC": (1.4, 1.9, 1.75),
    "decrypt+verify GCM": (1.4, 2.3, 2.1),
}
LIBRARY_AT_LEAST: Final[Goals] = {
    "sign": (1.0, 1.0, 1.1),
    "verify": (4, 11, 6),
    "sign+encrypt CBC": (1.0, 1.2, 1.3),
    "sign+encrypt GCM": (1.0, 1.2, 1.3),
    "decrypt+verify CBC": (1.8, 6, 6),
    "decrypt+verify GCM": (1.8, 6, 6),
}
PROCESS_AT_LEAST: Final[Goals] = {
    "sign": (15, 5, 1.5),
    "verify": (100, 50, 15),
    "sign+encrypt CBC": (15, 3, 1.1),
    "sign+encrypt GCM": (15, 3, 1.1),
    "decrypt+verify CBC": (15, 8, 5),
    "decrypt+verify GCM": (15, 8, 5),
}
BOUNCYCASTLE_AT_LEAST: Final[Goals] = dict.fromkeys(AT_MOST_THE_FLOOR, (4, 4, 4))
IMPORT_AT_MOST: Final = 1.3
"""Times ``cryptography.x509``, for what a program imports that only opens or signs."""
LIST_AT_MOST: Final = 4.0
"""Times the page without rows, for a list at 100,000 rows."""
MEMORY_AT_MOST: Final[Goals] = {
    "sign": (1e6 / 9_600, 0.1, 0.1),
    "verify": (1e6 / 9_600, 0.1, 0.1),
    "sign+encrypt CBC": (1e6 / 9_600, 1.4, 1.4),
    "sign+encrypt GCM": (1e6 / 9_600, 1.4, 1.4),
    "decrypt+verify CBC": (1e6 / 9_600, 1.05, 1.05),
    "decrypt+verify GCM": (1e6 / 9_600, 1.05, 1.05),
}
"""Times the message above it; at 10 KB one megabyte."""
