"""The API's server: it ends when it is told to, after what was asked before has been answered."""
from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable

import uvicorn

from duban.api.app import create_app
from duban.api.crew import Crew
from duban.api.settings import Service
from duban.web.server import bound

#: Seconds that requests under way are given beyond the time of one document.
GRACE = 15


def serve(service: Service, tell: Callable[[Service], None]) -> None:
    """Serve until interrupted; ``tell`` is given the service on its port.

    Raises DubanError DB148, DB160 (it cannot listen there), DB202, DB203, DB3xx (there is no such pipeline).
    """
    with bound(service.port, service.host) as own:
        service = service.on(own.getsockname()[1])
        crew = Crew(service.reading, service.workers)
        settings = uvicorn.Config(
            create_app(service, crew), log_level="critical", access_log=False, server_header=False, ws="none", proxy_headers=False,
            timeout_keep_alive=30, timeout_graceful_shutdown=int(2 * service.reading.seconds) + GRACE, lifespan="on",
        )  # fmt: skip
        server = uvicorn.Server(settings)
        crew.failed = lambda: setattr(server, "should_exit", True)
        for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn takes them while it serves, and raises them again when all is answered
            signal.signal(number, lambda *_: sys.exit(0))
        _log()
        tell(service)
        server.run(sockets=[own])
    if crew.failure is not None:
        raise crew.failure


def _log() -> None:
    """A line a request on standard error."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log = logging.getLogger("duban.api")
    log.handlers, log.propagate = [lines], False
    log.setLevel(logging.INFO)
