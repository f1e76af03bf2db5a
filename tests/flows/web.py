"""Web servers on loopback that behave as each test wants: honest, slow, lying, dead."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Talk = Callable[["Conversation"], None]


@dataclass(slots=True)
class Conversation:
    """One request; the route writes whatever it wants, headers included."""

    method: str
    target: str
    body: bytes
    send: Callable[[bytes], None]
    stopped: threading.Event


@dataclass(slots=True)
class Web:
    """``routes`` by path; the longest that the target begins with answers."""

    port: int = 0
    routes: dict[str, Talk] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def answer(self, path: str, body: bytes, status: str = "200 OK", extra: str = "") -> str:
        self.routes[path] = lambda talk: talk.send(response(body, status, extra))
        return self.url(path)

    def route(self, path: str, talk: Talk) -> str:
        self.routes[path] = talk
        return self.url(path)

    def talk_for(self, target: str) -> Talk | None:
        fitting = [path for path in self.routes if target.startswith(path)]
        return self.routes[max(fitting, key=len)] if fitting else None


def response(body: bytes, status: str = "200 OK", extra: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{extra}\r\n".encode() + body


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    web: Web


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        web = self.server.web
        head = self.rfile.readline()
        method, target, _ = head.decode().split(" ", 2)
        length, lines = 0, head
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            lines += line
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        body = self.rfile.read(length)
        web.asked.append(target)
        web.heads.append(lines)
        talk = web.talk_for(target)
        send = self._send
        if talk is None:
            send(response(b"", "404 Not Found"))
        else:
            talk(Conversation(method, target, body, send, web.stopped))

    def _send(self, data: bytes) -> None:
        try:
            self.wfile.write(data)
        except OSError:
            self.server.web.stopped.wait(0)


@contextmanager
def serving() -> Iterator[Web]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.web = web = Web(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield web
        finally:
            web.stopped.set()
            server.shutdown()
            thread.join()
