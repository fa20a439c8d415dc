"""How far a long run is: a bar where somebody looks on, a line now and then where nobody does."""
from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duban.messages import message

if TYPE_CHECKING:
    from duban.batch import Result

#: Seconds between two lines.
EVERY = 30.0


class Progress:
    """Documents, characters a second, failures, and the time left where the size of the inputs (``total`` bytes) is known."""

    def __init__(self, total: int | None) -> None:
        self.total = total
        self.documents = self.failures = self.characters = self.size = 0
        self._begun = self._told = time.monotonic()
        self._bar: Any = _bar(total) if sys.stderr.isatty() else None

    def __enter__(self) -> Progress:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def add(self, results: Iterable[Result]) -> None:
        """Count results, and tell."""
        for result in results:
            self.count(1, result.failure is not None, result.characters, result.size)

    def count(self, documents: int, failures: int, characters: int, size: int = 0) -> None:
        """Count documents that are done, and tell."""
        self.documents += documents
        self.failures += failures
        self.characters += characters
        self.size += size
        if self._bar:
            self._bar.update(self._bar.task_ids[0], completed=self.size, description=self.line())
        elif time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            print(self.line(), file=sys.stderr, flush=True)

    def line(self) -> str:
        """All of it in one line."""
        seconds = max(time.monotonic() - self._begun, 1e-9)
        left = message("progress.unknown")
        if self.total and self.size:
            left = str(timedelta(seconds=round(max(self.total - self.size, 0) * seconds / self.size)))
        return message("progress.line", documents=self.documents, speed=round(self.characters / seconds), failures=self.failures, left=left)


def total_size(files: Iterable[tuple[str, Path]]) -> int | None:
    """The bytes of all files; None where that does not say how much there is to read."""
    from duban.readers import STDIN, packs

    total = 0
    for _, path in files:
        if str(path) == STDIN or packs(path):
            return None
        total += path.stat().st_size if path.is_file() else 0
    return total


def _bar(total: int | None) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    bar = Bar(BarColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True)
    bar.add_task("", total=total)
    return bar
