"""Files and folders: what there is to read, and under which id."""
from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

#: Standard input, where a file name is expected.
STDIN = "-"
#: The formats there are readers for: suffix -> format.
SUFFIXES = {
    ".txt": "txt", ".md": "md", ".jsonl": "jsonl", ".csv": "csv", ".html": "html", ".htm": "html", ".docx": "docx", ".doc": "doc", ".pdf": "pdf",
}  # fmt: skip
#: Suffixes of documents that cannot be read (yet): a folder that holds one says so instead of passing over it.
OTHER_DOCUMENTS = frozenset((".mht", ".mhtml", ".wps", ".rtf", ".odt", ".ofd"))


def documents(inputs: Iterable[str | Path], *, skip: Iterable[str | Path] = ()) -> Iterator[tuple[str, Path]]:
    """The documents of files and folders as ``(id, path)``: the inputs in their order, what a folder holds sorted.

    An id is the path below the input folder without suffix ("2026/临澄市"), for a file its name without suffix, for
    standard input "stdin". Where two would be the same, the later one keeps its suffix ("a.md"), and if that is
    taken too, a number is added ("a~2"). A file that is reached twice is read once; ``skip`` names files that a
    folder's documents do not include (an output of an earlier run, say). Of a folder, files count that have the
    suffix of a document, hidden ones do not. An input that does not exist, or a folder with no document in it, is
    passed on, for ``read`` to say what is wrong with it.
    """
    taken: dict[str, int] = {}
    seen = {Path(path).resolve() for path in skip if str(path) != STDIN}
    for given in inputs:
        for name, path in _below(Path(given)):
            real = path.resolve()
            if real not in seen:
                seen.add(real)
                yield unique(name, taken, path.suffix), path


def unique(name: str, taken: dict[str, int], suffix: str = "") -> str:
    """``name``, or the first variant of it that is not taken (see ``documents``), which it then is.

    ``taken``: every id given, with the last number added to it.

    >>> taken = {"a": 1}
    >>> unique("a", taken, ".md"), unique("a", taken, ".md"), unique("a", taken)
    ('a.md', 'a~2', 'a~3')
    """
    found = name
    if found in taken and suffix:
        found = name + suffix
    while found in taken:
        taken[name] += 1
        found = f"{name}~{taken[name]}"
    taken[found] = 1
    return found


def _below(path: Path) -> Iterator[tuple[str, Path]]:
    """Id without regard to clashes, and path, of what an input names."""
    if str(path) == STDIN:
        yield "stdin", path
        return
    found = False
    if path.is_dir():
        for file in sorted(_files(path), key=lambda file: file.relative_to(path).parts):
            found = True
            yield file.relative_to(path).with_suffix("").as_posix(), file
    if not found:
        yield path.stem or str(path), path


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith((".", "~$")) and Path(name).suffix.lower() in (*SUFFIXES, *OTHER_DOCUMENTS):
                yield Path(root, name)
