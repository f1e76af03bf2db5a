"""The web role: gunicorn with one process and a few threads; the pages are light."""

import logging
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from gunicorn.app.base import BaseApplication

from siegel.config.schema import Settings
from siegel.serve.composing import build_site
from siegel.web import running
from siegel.web.secret_paths import leave_out_of_logs

THREADS = 4  # pages that are made at once
GRACE = 10  # seconds for a running answer after SIGTERM

log = logging.getLogger(__name__)


class Pages(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn with settings of ours only: no file, no environment, no control socket."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": [str(self._settings.web.listen)],
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": GRACE,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            "proc_name": "siegel-web",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """In the worker: connections and keys are never shared with the parent."""
        running.install(build_site(self._settings))
        return WSGIHandler()


def run_web(settings: Settings) -> int:
    """Serve the pages until SIGTERM; what is being answered is finished."""
    call_command("collectstatic", interactive=False, verbosity=0)
    leave_out_of_logs()
    log.info("web listening address=%s", settings.web.listen)
    try:
        Pages(settings).run()
    except SystemExit as end:  # how gunicorn ends, in the parent and in its worker
        return end.code if isinstance(end.code, int) else 0
    return 0
