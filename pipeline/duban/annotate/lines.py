"""Annotations as JSON Lines, an object each: what doccano and Prodigy take and give."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from duban.annotate.regions import Annotation
from duban.errors import DubanError


def write(objects: Iterable[Mapping[str, Any]], path: Path) -> None:
    """The objects, a line each."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(json.dumps(found, ensure_ascii=False) + "\n" for found in objects)


def read(path: Path, made: Callable[[Mapping[str, Any], str], Annotation]) -> Iterator[Annotation | DubanError]:
    """The annotation that is made of each line, and of a name for it where it has none ("export-3"); one that is none as its error.

    Raises DubanError DB101, DB108.
    """
    from duban import readers

    for row in readers.rows(path):
        try:
            yield row if isinstance(row, DubanError) else made(row.data, f"{path.stem}-{row.line}")
        except DubanError as error:
            yield error
