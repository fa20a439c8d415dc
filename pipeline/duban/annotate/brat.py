"""brat: a folder of texts with their standoff annotations (.txt and .ann) and one ``annotation.conf``.

A text is written as it is; offsets are those brat sees, which reads every line break as one character. A span over
several lines is one of several parts (``T1 TASK 0 9;10 14``), the line breaks left out; on the way back it is the whole
stretch again. Answers of a closed set are attributes (``A``), relations relations (``R``), all other answers stand in
the span's note (``#``): ``unit=吨; value=170000``.
"""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from duban.annotate.labels import CHOICES, CHOICES_OF, GOLD_LAYERS, LAYER_LABELS, ends, labels, relations
from duban.annotate.regions import Annotation, Link, Region, located, wrong
from duban.errors import DubanError
from duban.matches import Span
from duban.messages import message

SUFFIX = ""
_CONFIG = "annotation.conf"
_NOTE = "AnnotatorNotes"
#: Comparators by names that a configuration file may hold.
_NAMED = {"=": "eq", ">=": "ge", ">": "gt", "<=": "le", "<": "lt", "~": "about"}
_SIGNS = {name: sign for sign, name in _NAMED.items()}
#: Where a line ends, for brat or what else may read its files (as ``str.splitlines``).
_BREAKS = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_LINE = re.compile(f"[^{_BREAKS}]+")
_ESCAPED = re.compile(f"[%;；\t\0{_BREAKS}]|^ | $")
_SEPARATOR = re.compile("[;；]")
_SPANS = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)")


def config(layers: Collection[str] = GOLD_LAYERS) -> str:
    """``annotation.conf`` for these layers.

    >>> print(config(["tasks"]).splitlines()[1])
    TASK
    """
    lines = ["[entities]", *labels(layers), "", "[relations]"]
    for name in relations(layers):
        begins, finishes = ends(name, layers)
        lines.append(f"{name}\tArg1:{'|'.join(begins)}, Arg2:{'|'.join(finishes)}")
    lines += ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", "", "[events]", "", "[attributes]"]
    for label in labels(layers):
        for name in CHOICES_OF.get(label, ()):
            lines.append(f"{name}\tArg:{label}, Value:{'|'.join(_NAMED.get(value, value) for value in CHOICES[name])}")
    return "\n".join(lines) + "\n"


def write(annotations: Iterable[Annotation], folder: Path) -> None:
    """The folder of a collection. Raises DubanError DB511 where there are annotations in it already."""
    if folder.is_dir() and any(folder.rglob("*.ann")):
        raise DubanError("DB511", path=folder, reason=message("reason.annotated"))
    for annotation in annotations:
        text, standoff = folder / f"{annotation.name}.txt", folder / f"{annotation.name}.ann"
        text.parent.mkdir(parents=True, exist_ok=True)
        text.write_bytes(annotation.text.encode())
        standoff.write_bytes(to_standoff(annotation).encode())
        if not (folder / _CONFIG).exists():
            (folder / _CONFIG).write_text(config(annotation.layers), encoding="utf-8")


def read(folder: Path) -> Iterator[Annotation | DubanError]:
    """The documents of a collection, by their .ann files; one that is none as its error. Raises DubanError DB107."""
    files = sorted(folder.rglob("*.ann"))
    if not files:
        raise DubanError("DB107", path=folder, known="*.ann")
    layers = _layers(folder / _CONFIG)
    for path in files:
        try:
            text, standoff = (file.read_bytes().decode("utf-8") for file in (path.with_suffix(".txt"), path))
            yield from_standoff(path.relative_to(folder).with_suffix("").as_posix(), text, standoff, layers)
        except DubanError as error:
            yield error
        except OSError as error:
            yield DubanError("DB108", path=error.filename, reason=error.strerror)
        except UnicodeDecodeError:
            yield DubanError("DB111", path=path, reason=message("reason.utf8"))


def _layers(path: Path) -> Sequence[str]:
    """The layers whose labels a configuration offers; without one, all."""
    sections: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        if line.startswith("["):
            named = sections.setdefault(line.strip(), set())
        elif line.strip() and sections:
            named.add(line.split()[0].lstrip("!"))
    offered = sections.get("[entities]")
    return [layer for layer in GOLD_LAYERS if offered is None or offered.issuperset(LAYER_LABELS[layer])]


class _Lines:
    """A text as brat reads it, and offsets there and back: a line break is one character."""

    def __init__(self, text: str) -> None:
        self.source = text

    @cached_property
    def text(self) -> str:
        return self.source.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def _doubled(self) -> list[int]:
        """Where the second halves of line breaks stand in the source."""
        return [found.end() - 1 for found in re.finditer("\r\n", self.source)]

    @cached_property
    def _single(self) -> list[int]:
        """… and where the breaks themselves stand in the text."""
        return [at - 1 - i for i, at in enumerate(self._doubled)]

    def parts(self, start: int, end: int) -> list[Span]:
        """The stretch of the source as parts that hold no line break."""
        start, end = (offset - bisect_left(self._doubled, offset) for offset in (start, end))
        return [Span(*found.span()) for found in _LINE.finditer(self.text, start, end)]

    def whole(self, parts: Sequence[Span]) -> Span:
        """The stretch of the source from the first part to the last."""
        start, end = min(part.start for part in parts), max(part.end for part in parts)
        return Span(*(offset + bisect_left(self._single, offset) for offset in (start, end)))


# ---- there


def to_standoff(annotation: Annotation) -> str:
    r"""The .ann file of an annotation.

    >>> print(to_standoff(Annotation("a", "增长\r\n6%以上", {"t1": Region("TARGET", 0, 6, {"comparator": ">=", "unit": "%"})})), end="")
    T1	TARGET 0 2;3 5	增长 6%
    A1	comparator T1 ge
    #1	AnnotatorNotes T1	unit=%25
    """
    lines = _Lines(annotation.text)
    spans: list[str] = []
    attributes: list[str] = []
    links: list[str] = []
    notes: list[str] = []
    names: dict[str, str] = {}
    for key, region in annotation.regions.items():
        parts = lines.parts(region.start, region.end)
        if not parts:  # nothing but line breaks
            continue
        names[key] = name = f"T{len(names) + 1}"
        places, words = ";".join(f"{start} {end}" for start, end in parts), " ".join(lines.text[start:end] for start, end in parts)
        spans.append(f"{name}\t{region.label} {places}\t{words}")
        for question, answer in region.answers.items():
            if question in CHOICES:
                attributes.append(f"A{len(attributes) + 1}\t{question} {name} {_NAMED.get(answer, answer)}")
        if said := "; ".join(f"{question}={_escaped(answer)}" for question, answer in region.answers.items() if question not in CHOICES):
            notes.append(f"#{len(notes) + 1}\t{_NOTE} {name}\t{said}")
    for link in annotation.links:
        if {link.owner, link.end} <= names.keys():
            links.append(f"R{len(links) + 1}\t{link.name} Arg1:{names[link.owner]} Arg2:{names[link.end]}")
    return "".join(line + "\n" for line in (*spans, *attributes, *links, *notes))


def _escaped(answer: object) -> str:
    return _ESCAPED.sub(lambda found: quote(found[0], safe=""), str(answer))


# ---- and back


def from_standoff(name: str, text: str, standoff: str, layers: Sequence[str] = GOLD_LAYERS) -> Annotation:
    """What a .ann file says of a text; kinds of lines that duban has no use for (events, normalisations) are passed over.

    Raises DubanError DB111: a line that is none, a span that does not lie where its words are.

    >>> found = from_standoff("a", "增长6%以上", "T1\\tTARGET 2 6\\t6%以上\\nA1\\tcomparator T1 ge\\n#1\\tAnnotatorNotes T1\\tunit=%25; value=6\\n")
    >>> found.regions["T1"].answers
    {'comparator': '>=', 'unit': '%', 'value': '6'}
    """
    out, lines = Annotation(name, text, layers=layers), _Lines(text)
    rows = [line.split("\t") for line in standoff.splitlines() if line.strip()]
    spans = [row for row in rows if row[0].startswith("T")]
    for row in (*spans, *(row for row in rows if row[0][:1] in ("A", "M", "R", "#"))):
        try:
            _add(out, lines, row)
        except (ValueError, IndexError, KeyError) as error:
            if isinstance(error, DubanError):
                raise
            raise wrong(f"{name}.ann", row[0], " ".join(row[1:])) from None
    return out


def _add(out: Annotation, lines: _Lines, row: Sequence[str]) -> None:
    key, said = row[0], row[1]
    if key.startswith("T"):
        out.regions[key] = _region(out, lines, key, said, row[2] if len(row) > 2 else None)
    elif key.startswith("R"):
        relation, owner, end = said.split()
        link = Link(owner.partition(":")[2], relation, end.partition(":")[2])
        if {link.owner, link.end} <= out.regions.keys():
            out.links.append(link)
    elif key.startswith("#"):
        _, target = said.split()
        if target in out.regions and len(row) > 2:
            out.regions[target].answers.update(_noted("\t".join(row[2:])))
    else:
        question, target, *value = said.split(" ", 2)
        if target in out.regions:
            out.regions[target].answers[question] = _SIGNS.get(value[0], value[0]) if value else "yes"


def _region(out: Annotation, lines: _Lines, key: str, said: str, words: str | None) -> Region:
    found = _SPANS.fullmatch(said.strip())
    if found is None:
        raise ValueError(said)
    given = [Span(*map(int, part.split())) for part in found[2].split(";")]
    parts = located(lines.text, given, words)
    if parts is None:
        raise wrong(f"{out.name}.ann", key, words)
    return Region(found[1], *lines.whole(parts))


def _noted(note: str) -> Mapping[str, Any]:
    """The answers in a note: ``unit=吨; value=170000``; what else it says is for readers."""
    pairs = (part.partition("=") for part in _SEPARATOR.split(note))
    return {question.strip(): unquote(answer.strip(" ")) for question, sign, answer in pairs if sign}
