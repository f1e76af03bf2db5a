"""The gateway without the engine: the same listener and next hop, and a handler that only submits.

python -m tools.bench.relay PORT NEXT_HOP_PORT
"""

import sys

from siegel.transport import replies
from siegel.transport.envelope import Envelope, Role
from siegel.transport.gateway import Gateway, serve_forever
from siegel.transport.replies import Reply
from siegel.transport.submission import SmtpNextHop

NAME = "relay.office.example"


def main(port: int, next_hop_port: int) -> None:
    hop = SmtpNextHop("127.0.0.1", next_hop_port, local_hostname=NAME)

    def handler(envelope: Envelope, raw: bytes) -> Reply:
        receipt = hop.submit(envelope.sender, envelope.recipients, [raw])
        return replies.TRY_LATER if receipt.refused else replies.ACCEPTED

    serve_forever([Gateway(Role.OUTBOUND, ("127.0.0.1", port), handler, hostname=NAME)])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
