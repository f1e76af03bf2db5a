"""The web role as a process: it answers, it ends on SIGTERM, it leaves nothing behind."""

import urllib.error
import urllib.request
from pathlib import Path

from tests.peers.process import Child, free_ports, port_open

CONFIGURATION = """
[organisation]
name = "Test"
domains = ["office.example"]
[store]
url = "sqlite:siegel.db"
data_dir = "."
[keys]
file = "siegel.key"
[gateway.outbound]
listen = "127.0.0.1:{outbound}"
[gateway.inbound]
listen = "127.0.0.1:{inbound}"
[web]
listen = "127.0.0.1:{web}"
"""


def fetch(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=120) as answer:  # noqa: S310 - our own page
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_web_role_serves_the_page_and_ends_in_peace(tmp_path: Path) -> None:
    outbound, inbound, web = free_ports(3)
    configuration = tmp_path / "siegel.toml"
    configuration.write_text(CONFIGURATION.format(outbound=outbound, inbound=inbound, web=web))
    command = ("--config", str(configuration))
    for verb in (("store", "migrate"), ("key", "create")):
        with Child.siegel(*command, *verb, log=tmp_path / "before.log") as before:
            assert before.wait() == 0, before.said
    with Child.siegel(*command, "serve", "--only", "web", log=tmp_path / "web.log") as child:
        child.wait_for_port(web)
        code, page = fetch(f"http://127.0.0.1:{web}/sign/in/")
        assert (code, "Siegel" in page) == (200, True)
        assert fetch(f"http://127.0.0.1:{web}/healthz") == (503, "outbound\ninbound\n")
        assert child.terminate() == 0, child.said
    assert not port_open(web)
    assert "Traceback" not in child.said
