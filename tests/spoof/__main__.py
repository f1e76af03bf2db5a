"""python -m tests.spoof [--page]: each case with its verdict, then class by verdict; or write the
table of the page."""

import sys

from tests.spoof.case import Case
from tests.spoof.cases import CASES
from tests.spoof.page import PAGE, with_cases
from tests.spoof.papers import ATTACKS, verdicts
from tests.unit.smime import mails


def main() -> int:
    if "--page" in sys.argv:
        PAGE.write_text(with_cases(PAGE.read_text("utf-8")), "utf-8")
        return 0
    wrong = [case for case in CASES if not _shown(case)]
    for attack in ATTACKS:
        seen = ", ".join(f"{summary} {count}" for summary, count in verdicts(attack.cases).items())
        tests = f" + {len(attack.tests)} tests" if attack.tests else ""
        print(f"{attack.paper:<24} {attack.name:<62} {seen or '-'}{tests}")
    print(f"{len(CASES)} cases, {len(wrong)} not as they must be")
    return 1 if wrong else 0


def _shown(case: Case) -> bool:
    """Print the verdict as it is now; whether it is the one it must be."""
    judgement = mails.judged(mails.opened(case.make(), case.reader))
    said = {str(one) for one in (*judgement.reasons, *judgement.findings)}
    right = judgement.summary is case.summary and case.said <= said
    mark = "ok   " if right else "WRONG"
    words = " ".join(sorted(said))
    print(f"{mark} {case.family.name:<10} {judgement.summary:<20} {case.name}: {words}")
    return right


if __name__ == "__main__":
    sys.exit(main())
