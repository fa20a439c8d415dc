"""The server: on the loopback address and nowhere else."""
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

_LOOPBACK = "127.0.0.1"


def serve(desk: Desk, port: int, tell: Callable[[str], None], browse: bool = False) -> None:
    """Serve until interrupted; ``tell`` is given the address to open. Raises DubanError DB148 (the port is taken)."""
    with bound(port) as own:
        guard = create_app(desk, own.getsockname()[1])
        tell(guard.address)
        if browse and has_screen():
            webbrowser.open(guard.address)
        settings = uvicorn.Config(guard, log_level="warning", access_log=False, server_header=False, ws="none", proxy_headers=False, timeout_keep_alive=30)
        uvicorn.Server(settings).run(sockets=[own])


def bound(port: int) -> socket.socket:
    """A socket that listens on the loopback address. Raises DubanError DB148."""
    own = socket.socket()
    try:
        if os.name == "posix":
            own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        own.bind((_LOOPBACK, port))
        own.listen(128)  # who is told the address may call at once
    except (OSError, OverflowError) as error:
        own.close()
        raise DubanError("DB148", port=port) from error
    return own


def has_screen() -> bool:
    """Is there a screen that a browser could open on (and not a terminal)?"""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
