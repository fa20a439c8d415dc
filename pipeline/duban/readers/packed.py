"""Files as they lie on the disk: opened, unpacked where their first bytes say gzip or Zstandard, errors coded."""
from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from duban.errors import DubanError
from duban.readers.files import STDIN, SUFFIXES
from duban.readers.source import damaged

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
#: Packed bytes that are unpacked at once: of Zstandard they may become thirty thousand times as many.
_ZSTD_STEP = 1024


class _Rejoined(io.RawIOBase):
    """What was already read of a file, then the rest of it."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = io.BytesIO(head), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._head.readinto(buffer) or self._rest.readinto(buffer)  # type: ignore[attr-defined]


class _Zstandard(io.RawIOBase):
    """The content of Zstandard frames, one after another; unlike zstandard's own reader it tells a frame that breaks off."""

    def __init__(self, file: BinaryIO, frame: Callable[[], Any]) -> None:
        self._file, self._frame = file, frame
        self._current: Any = None
        self._out = io.BytesIO()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not (count := self._out.readinto(buffer)):
            packed = self._file.read(_ZSTD_STEP)
            if not packed:
                if self._current is not None:
                    raise EOFError("the last frame is not complete")
                break
            self._out = io.BytesIO(self._unpacked(packed))
        return count

    def _unpacked(self, packed: bytes) -> bytes:
        out = b""
        while packed:
            self._current = self._current or self._frame()
            out += self._current.decompress(packed)
            packed = self._current.unused_data if self._current.eof else b""
            if self._current.eof:
                self._current = None
        return out


def rejoined(head: bytes, rest: BinaryIO) -> BinaryIO:
    """A file that begins with ``head``, which was read from it to look at.

    >>> rejoined(b"a\\nb", io.BytesIO(b"c\\n")).readlines()
    [b'a\\n', b'bc\\n']
    """
    return cast(BinaryIO, io.BufferedReader(_Rejoined(head, rest), 1 << 16))


def unpacked(file: BinaryIO, path: str) -> BinaryIO:
    """The content of a file that may be packed. Raises DubanError DB121 where unpacking needs a package.

    >>> unpacked(io.BytesIO(gzip.compress(b"a")), "a.gz").read()
    b'a'
    """
    head = file.read(len(_ZSTD))
    whole = rejoined(head, file)
    if head.startswith(_GZIP):
        return cast(BinaryIO, gzip.GzipFile(fileobj=whole))
    if head != _ZSTD:
        return whole
    try:
        import zstandard
    except ImportError as error:
        raise DubanError("DB121", path=path, package="zstandard", extra="io") from error
    return cast(BinaryIO, io.BufferedReader(_Zstandard(whole, zstandard.ZstdDecompressor().decompressobj), 1 << 16))


@contextmanager
def opened(given: str | Path | bytes, path: str) -> Iterator[BinaryIO]:
    """The unpacked content of a file, of standard input or of bytes; ``path``: what to call it in messages.

    Raises DubanError DB101 (no such file), DB107 (a folder), DB108 (not readable), DB121 (a package is missing), DB122
    (packed content that is damaged), also for what goes wrong while it is read.
    """
    try:
        if isinstance(given, bytes):
            yield unpacked(io.BytesIO(given), path)
        elif str(given) == STDIN:
            yield unpacked(sys.stdin.buffer, path)
        else:
            with Path(given).open("rb") as file:
                yield unpacked(file, path)
    except (FileNotFoundError, NotADirectoryError):
        raise DubanError("DB101", path=path) from None
    except IsADirectoryError:
        raise DubanError("DB107", path=path, known=" ".join(SUFFIXES)) from None
    except _damage() as error:
        raise damaged(path, "gzip" if isinstance(error, (OSError, EOFError, zlib.error)) else "zstd", error) from None
    except (OSError, ValueError) as error:
        if isinstance(error, DubanError):
            raise
        raise DubanError("DB108", path=path, reason=getattr(error, "strerror", None) or error) from None


def _damage() -> tuple[type[Exception], ...]:
    """What unpacking raises."""
    zstandard = sys.modules.get("zstandard")
    return (gzip.BadGzipFile, EOFError, zlib.error, *([zstandard.ZstdError] if zstandard else []))

