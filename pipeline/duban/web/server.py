"""The server of the local web page: on the loopback address and nowhere else."""
from __future__ import annotations

import os
import socket
import sys
import webbrowser
from collections.abc import Callable

import uvicorn

from duban.errors import DubanError
from duban.web.app import create_app
from duban.web.desk import Desk

LOOPBACK = "127.0.0.1"


def serve(desk: Desk, port: int, tell: Callable[[str], None], browse: bool = False) -> None:
    """Serve until interrupted; ``tell`` is given the address to open. Raises DubanError DB148 (the port is taken)."""
    with bound(port) as own:
        guard = create_app(desk, own.getsockname()[1])
        tell(guard.address)
        if browse and has_screen():
            webbrowser.open(guard.address)
        settings = uvicorn.Config(guard, log_level="warning", access_log=False, server_header=False, ws="none", proxy_headers=False, timeout_keep_alive=30)
        uvicorn.Server(settings).run(sockets=[own])


def bound(port: int, host: str = LOOPBACK) -> socket.socket:
    """A socket that listens there. Raises DubanError DB148 (the port of the loopback address is taken), DB160 (it cannot)."""
    own = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        if os.name == "posix":
            own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        own.bind((host, port))
        own.listen(128)  # who is told the address may call at once
    except (OSError, OverflowError) as error:
        own.close()
        if host == LOOPBACK:
            raise DubanError("DB148", port=port) from error
        raise DubanError("DB160", host=host, port=port, reason=getattr(error, "strerror", None) or error) from error
    return own


def has_screen() -> bool:
    """Is there a screen that a browser could open on (and not a terminal)?"""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
