"""The authority's work with a trap: it kills itself (SIGKILL) at a step, every so many passes.

python -m tests.kill.authority CONFIG STEP EVERY PEOPLE

Makes PEOPLE accounts with certificates and revokes every third of these; started again, it goes on
where it was. Exit status 0: all is done.
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from siegel.base.address import EmailAddress
from siegel.config.django import configure
from siegel.config.load import load


def main() -> None:
    config, step, every, people = sys.argv[1:]
    settings = load(Path(config))
    configure(settings)
    from siegel.ca.crl import RevocationReason
    from siegel.cli.authority import workshop
    from siegel.cli.settings import now
    from siegel.flows import accounts as account_flows
    from siegel.flows import authorities, issuing
    from siegel.flows.issuing import Order, Step
    from siegel.pki.key_generation import KeyChoice
    from siegel.store.queries import accounts, issued

    passed = 0

    def passes(found: Step) -> None:
        nonlocal passed
        if found is Step(step):
            passed += 1
            if passed == int(every):
                os.kill(os.getpid(), signal.SIGKILL)

    known_accounts = {row.address for row in accounts.list_all()}
    tools = replace(workshop(settings), passes=passes)
    for number in range(int(people)):
        address = EmailAddress.parse(f"p{number}@office.example")
        if address not in known_accounts:
            account_flows.create(address, "", by="test", at=now())
        row = authorities.issuing_authority(None)
        known = issued.of_address(address, authorities=[row.id])
        if not any(one.reason for one in known):
            order = Order(address=address, key=KeyChoice.P_256)
            done = issuing.enrol(order, None, tools, by="test", at=now())
            if number % 3 == 0:
                issuing.revoke(
                    done.certificate.fingerprint,
                    RevocationReason.SUPERSEDED,
                    tools,
                    by="test",
                    at=now(),
                )


if __name__ == "__main__":
    main()
