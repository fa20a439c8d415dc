"""What a worker process of the API is given in tests."""
from __future__ import annotations

import os
import threading
import time
from typing import NoReturn

from duban.api.crew import Ready


def ready() -> Ready:
    """In the place of warming."""
    return Ready(os.getpid(), {})


def sleep(*_: object) -> None:
    time.sleep(60)


def die(*_: object) -> NoReturn:
    os._exit(1)


def in_main_thread() -> bool:
    """Where alone a document can be interrupted."""
    return threading.current_thread() is threading.main_thread()
