"""The table of docs/deviations.md: the lines of ``verdicts.tsv`` that have a reason.

``python -m tests.corpora.deviations`` writes it; a test says when that is due.
"""

from collections import defaultdict
from pathlib import Path

from tests.corpora.rows import Verdict, verdicts

PAGE = Path(__file__).parents[2] / "docs" / "deviations.md"
HEAD = "| Collection | Rows | Expected there | Siegel | Reason |\n|---|---|---|---|---|\n"
NAMES = {
    "rfc4134": "RFC 4134",
    "rfc9216": "RFC 9216",
    "rfc9788": "RFC 9788",
    "james": "Apache James",
    "kde-mimetreeparser": "KDE mimetreeparser",
    "mimekit": "MimeKit",
    "openssl": "OpenSSL",
    "pkcs12": "PKCS #12 files",
    "pqc": "Post-quantum samples",
}


def deviating() -> dict[tuple[str, str], Verdict]:
    return {name: verdict for name, verdict in verdicts().items() if verdict.reason}


def table() -> str:
    """One line for all rows of a collection that differ in the same way for the same reason."""
    groups: defaultdict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for (corpus, row), verdict in deviating().items():
        groups[corpus, verdict.expected, verdict.instead, verdict.reason].append(row)
    lines = [
        f"| {NAMES[corpus]} | {', '.join(f'`{row}`' for row in rows)} | {' | '.join(words)} |\n"
        for (corpus, *words), rows in groups.items()
    ]
    return HEAD + "".join(lines)


def main() -> None:
    before = PAGE.read_text("utf-8").partition(HEAD)[0]
    PAGE.write_text(before + table(), "utf-8")


if __name__ == "__main__":
    main()
