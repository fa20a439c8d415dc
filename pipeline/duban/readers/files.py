"""Files, folders and patterns: what there is to read, and under which id."""
from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

#: Standard input, where a file name is expected.
STDIN = "-"
#: The formats there are readers for: suffix -> format.
SUFFIXES = {
    ".txt": "txt", ".md": "md", ".jsonl": "jsonl", ".csv": "csv", ".parquet": "parquet",
    ".html": "html", ".htm": "html", ".docx": "docx", ".doc": "doc", ".wps": "wps", ".pdf": "pdf", ".ofd": "ofd",
}  # fmt: skip
#: Suffixes that stand behind another one and say how the file is packed.
PACKED = frozenset((".gz", ".zst"))
#: Suffixes of documents that cannot be read (yet): a folder that holds one says so instead of passing over it.
OTHER_DOCUMENTS = frozenset((".mht", ".mhtml", ".rtf", ".odt"))


def documents(inputs: Iterable[str | Path], *, skip: Iterable[str | Path] = ()) -> Iterator[tuple[str, Path]]:
    """The documents of files, folders and patterns as ``(id, path)``: the inputs in their order, what one holds sorted.

    An id is the path below the input folder without suffix ("2026/临澄市"), for a file its name without suffix, for
    standard input "stdin". A pattern (``speeches/**/*.txt``) stands for the files and folders it matches; their ids
    begin below the folder that it starts from. Where two would be the same, the later one keeps its suffix ("a.md"),
    and if that is taken too, a number is added ("a~2"). A file that is reached twice is read once; ``skip`` names files
    and folders that a folder's documents do not include (an output of an earlier run, say). Of a folder, files count
    that have the suffix of a document, hidden ones do not; of the folder of a run, its records. An input that does not exist, or a folder with no document
    in it, is passed on, for ``read`` to say what is wrong with it.
    """
    taken: dict[str, int] = {}
    left_out = frozenset(os.path.realpath(path) for path in skip if str(path) != STDIN)
    seen = set(left_out)
    for given in inputs:
        for name, path in _below(Path(given), left_out):
            real = os.path.realpath(path)
            if real not in seen:
                seen.add(real)
                yield unique(name, taken, bare(path).suffix), path


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


def bare(path: Path) -> Path:
    """The path without the suffix that only says how it is packed.

    >>> bare(Path("2026.jsonl.gz")).name
    '2026.jsonl'
    """
    return path.with_suffix("") if path.suffix.lower() in PACKED else path


def packs(path: Path) -> bool:
    """Whether a file's size says little about that of its documents."""
    return path.suffix.lower() in (*PACKED, ".parquet")


def _below(path: Path, skip: frozenset[str]) -> Iterator[tuple[str, Path]]:
    """Id without regard to clashes, and path, of what an input names."""
    if str(path) == STDIN:
        yield "stdin", path
        return
    root, tops = (path, [path]) if path.is_dir() else _matches(path)
    found = False
    for top in tops:
        for file in _files(top, skip) if top.is_dir() else (top,):
            found = True
            yield bare(file.relative_to(root)).with_suffix("").as_posix(), file
    if not found:
        yield bare(path).stem or str(path), path


def _matches(path: Path) -> tuple[Path, list[Path]]:
    """The folder a pattern starts from, and what it matches there, sorted; of a file, its folder and itself."""
    fixed = next((i for i, part in enumerate(path.parts) if glob.has_magic(part)), None)
    if fixed is None or path.exists():
        return path.parent, [path]
    root = Path(*path.parts[:fixed])
    found = glob.glob(str(Path(*path.parts[fixed:])), root_dir=root, recursive=True)
    return root, [root / name for name in sorted(found, key=lambda name: Path(name).parts)]


def _files(folder: Path, skip: frozenset[str]) -> Iterator[Path]:
    """The documents below a folder, sorted by the parts of their paths; of one folder's entries at a time."""
    if os.path.realpath(folder) in skip:
        return
    if (folder / "manifest.json").is_file() and (folder / "records").is_dir():  # a run: the lists beside its records are no documents
        folder = folder / "records"
    try:
        with os.scandir(folder) as entries:
            # os.path.isdir: of a link that leads to itself it says no, where the entry's own is_dir raises
            known = sorted((entry.name, os.path.isdir(entry.path), entry.is_symlink()) for entry in entries if not entry.name.startswith((".", "~$")))
    except PermissionError:
        return
    for name, is_folder, is_link in known:
        if is_folder and not is_link:
            yield from _files(folder / name, skip)
        elif not is_folder and bare(Path(name)).suffix.lower() in (*SUFFIXES, *OTHER_DOCUMENTS):
            yield folder / name
