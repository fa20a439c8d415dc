"""One process at a time in the folder of a run.

The lock is the operating system's, on a file in the folder: it ends with the process that holds it, however that ends, so
that none is ever stale. What the file says is only for whoever finds it locked. Where a file system has no locks
(some that clusters share), a run goes on without.
"""
from __future__ import annotations

import json
import os
import platform
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from duban.errors import DubanError

#: The name of the file; it is gone when a run is over.
LOCK = ".lock"
#: Where Windows, whose locks keep others from reading too, locks a byte.
_FAR = 1 << 30


class Lock:
    """The lock of a folder that exists, held until it is released. Raises DubanError DB516 where another process holds it, OSError.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     lock = Lock(Path(folder))
    ...     held = (Path(folder) / LOCK).exists()
    ...     lock.release()
    ...     print(held, (Path(folder) / LOCK).exists())
    True False
    """

    def __init__(self, folder: Path, name: str = LOCK) -> None:
        self._path = folder / name
        self._file = self._locked()
        self._file.truncate()
        self._file.write(json.dumps({"host": platform.node(), "process": os.getpid()}).encode())
        self._file.flush()

    def _locked(self) -> BinaryIO:
        while True:
            file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
            try:
                _lock(file)
                if self._is_there(file):
                    return file
            except BlockingIOError:
                raise DubanError("DB516", path=self._path.parent, holder=_holder(file)) from None
            except BaseException:
                file.close()
                raise
            file.close()  # who held it took it away meanwhile

    def _is_there(self, file: BinaryIO) -> bool:
        """Is the file that was locked still the one of that name?"""
        with suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(file.fileno()), self._path.stat())
        return False

    def release(self) -> None:
        """Take the file away and let others in."""
        if sys.platform == "win32":  # which deletes nothing that is open
            self._file.close()
        with suppress(OSError):
            self._path.unlink()
        self._file.close()


def _holder(file: BinaryIO) -> str:
    """What the one who holds a lock wrote: ``host, process 123``."""
    with file:
        try:
            known = json.loads(file.read())
            return f"{known['host']}, {known['process']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "?"


def _lock(file: BinaryIO) -> None:
    """Lock an open file. Raises BlockingIOError where another has it."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(*error.args) from error
        finally:
            file.seek(0)
    else:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if isinstance(error, BlockingIOError):
                raise
