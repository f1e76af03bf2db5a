"""Runs in a process of its own: acme2certifier's WSGI application on loopback.

ACME_SRV_CONFIGFILE=… python -m tests.interop.acme.serve PORT
"""

import sys
from wsgiref.simple_server import make_server

from acme2certifier.share.acme2certifier_wsgi import application, get_handler_cls


def main() -> None:
    port = int(sys.argv[1])
    make_server("127.0.0.1", port, application, handler_class=get_handler_cls()).serve_forever()


if __name__ == "__main__":
    main()
