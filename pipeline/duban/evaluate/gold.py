"""Gold files: reading them, finding the texts they annotate, turning them into spaCy Docs."""
from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duban import readers
from duban.errors import DubanError
from duban.evaluate.scores import HEADINGS, LABELS, Gold, text_hash
from duban.matches import PROBLEM_KINDS
from duban.messages import message

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

SUFFIX = ".gold.json"
_LAYERS = frozenset(("boilerplate", *HEADINGS, "entities", "targets", "tasks", "problems"))
#: What every gold file has; the floors' hashes are taken with these, so a layer that came later is only where it is annotated.
_ALWAYS = ("boilerplate", "sections", "entities", "targets", "tasks")
_SPANS = (*_ALWAYS, "problems")
# Section kind -> the layer that says whether it is annotated.
_KINDS = {kind: layer for layer, kind in HEADINGS.items()}


def gold_files(inputs: Iterable[str | Path]) -> Iterator[Path]:
    """The gold files that are named, and those below the folders that are, sorted by name.

    Raises DubanError DB101 (no such file), DB107 (a folder without any).
    """
    for given in inputs:
        path = Path(given)
        found = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
        if not found:
            raise DubanError("DB107", path=path, known=f"*{SUFFIX}")
        yield from found


def read_gold(path: str | Path) -> dict[str, Any]:
    """A gold file: ``doc``, ``sha256``, ``windows``, ``layers``, and the spans of each layer, those missing filled with [].

    Raises DubanError DB101, DB108 (not readable), DB111 (not a gold file).
    """
    try:
        gold = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise DubanError("DB101", path=path) from None
    except OSError as error:
        raise DubanError("DB108", path=path, reason=error.strerror) from None
    except ValueError as error:
        raise DubanError("DB111", path=path, reason=message("reason.json", reason=error)) from None
    if problem := _problem(gold):
        raise DubanError("DB111", path=path, reason=problem)
    return {**{layer: [] for layer in _ALWAYS}, **gold}


def _problem(gold: Any) -> str | None:
    """What keeps an object from being gold, in the user's language."""
    if not isinstance(gold, Mapping):
        return message("reason.object")
    for key, kind in {"doc": str, "sha256": str, "windows": list, "layers": list}.items():
        if not isinstance(gold.get(key), kind):
            return message("reason.key", key=key)
    if not all(_is_span(window) for window in gold["windows"]):
        return message("reason.key", key="windows")
    if unknown := [str(layer) for layer in gold["layers"] if layer not in _LAYERS]:
        return message("reason.value", key="layers", value=", ".join(unknown))
    for layer in _SPANS:
        spans = gold.get(layer, [])
        if not isinstance(spans, list):
            return message("reason.key", key=layer)
        bad = next((i for i, span in enumerate(spans) if not (isinstance(span, Mapping) and _is_match(layer, span))), None)
        if bad is not None:
            return message("reason.key", key=f"{layer}[{bad}]")
    return None


def _is_match(layer: str, span: Mapping[str, Any]) -> bool:
    if layer == "sections":
        return _is_span(span.get("heading")) and span.get("kind") in _KINDS
    closed = {"entities": ("label", LABELS), "problems": ("kind", PROBLEM_KINDS)}
    known = layer not in closed or span.get(closed[layer][0]) in closed[layer][1]
    return _is_span((span.get("start"), span.get("end"))) and known


def _is_span(value: Any) -> bool:
    return isinstance(value, Sequence) and len(value) == 2 and all(isinstance(v, int) for v in value) and 0 <= value[0] <= value[1]


def documents_folder(path: str | Path) -> Path:
    """Where the texts of a gold file lie unless told otherwise: ``documents`` beside its folder, or beside that one's parent."""
    folder = Path(path).absolute().parent
    beside, above = folder.parent / "documents", folder.parent.parent / "documents"
    found = above if above.is_dir() and not beside.is_dir() else beside
    return found.relative_to(Path.cwd()) if found.is_relative_to(Path.cwd()) else found


def text_of(gold: Gold, path: str | Path, documents: str | Path | None = None) -> readers.Source:
    """The text a gold file annotates: ``<doc>.<suffix>`` in ``documents`` (default: ``documents_folder``).

    Raises DubanError DB112 (no such file in it), DB113 (its SHA-256 is another), and what ``readers.read`` raises.
    """
    folder = Path(documents) if documents is not None else documents_folder(path)
    stays = not Path(gold["doc"]).is_absolute() and ".." not in Path(gold["doc"]).parts
    for suffix in readers.SUFFIXES if stays else ():
        file = folder / f"{gold['doc']}{suffix}"
        if file.is_file():
            source = readers.read(file)
            if text_hash(source.text) != gold["sha256"]:
                raise DubanError("DB113", path=path, document=file)
            return source
    raise DubanError("DB112", path=path, doc=gold["doc"], folder=folder)


def gold_docs(golds: Iterable[Gold], documents: Mapping[str, str], nlp: Language) -> list[Doc]:
    """Reference Docs for ``spacy evaluate``: one for each text, with ``doc.ents`` and ``doc.spans`` of what is annotated.

    ``documents``: text by the SHA-256 that gold files name it by; ``nlp``: its tokenizer makes the Docs (characters,
    or spans that begin inside a token shrink to whole ones). What no gold file annotates is left missing: entities
    outside the windows (spaCy's scorer passes over them), and the groups ``boilerplate``, ``headings``, ``targets``,
    ``tasks`` and ``problems`` of texts that the windows do not cover from end to end (a scorer skips a Doc without the group).

    >>> import spacy
    >>> gold = {"doc": "a", "sha256": "0", "windows": [[0, 6]], "layers": ["entities", "targets"], "boilerplate": [], "sections": [],
    ...         "entities": [{"start": 0, "end": 4, "label": "INDICATOR"}], "targets": [{"start": 4, "end": 6, "kind": "growth"}], "tasks": []}
    >>> doc, = gold_docs([gold], {"0": "生产总值6%"}, spacy.blank("zh"))
    >>> [(ent.text, ent.label_) for ent in doc.ents], [span.text for span in doc.spans["targets"]]
    ([('生产总值', 'INDICATOR')], ['6%'])
    """
    by_text: dict[str, list[Gold]] = {}
    for gold in golds:
        by_text.setdefault(gold["sha256"], []).append(gold)
    return [_doc(files, nlp.make_doc(documents[digest])) for digest, files in by_text.items()]


def _doc(golds: Sequence[Gold], doc: Doc) -> Doc:
    ents = [span for v in merged(golds, "entities") if (span := _span(doc, v["start"], v["end"], v["label"]))]
    missing = [doc[a:b] for a, b in _uncovered(doc, [gold for gold in golds if "entities" in gold["layers"]])]
    kept = [span for span in missing if not any(span.start < ent.end and ent.start < span.end for ent in ents)]
    doc.set_ents(ents, missing=kept, default="outside")
    groups = {
        "boilerplate": ("boilerplate",),
        "headings": tuple(_KINDS.values()),
        "targets": ("targets",),
        "tasks": ("tasks",),
        "problems": ("problems",),
    }
    for group, layers in groups.items():
        if not any(_uncovered(doc, [gold for gold in golds if layer in gold["layers"]]) for layer in layers):
            doc.spans[group] = sorted(_group(doc, golds, group))
    return doc


def _group(doc: Doc, golds: Sequence[Gold], group: str) -> Iterator[Span]:
    layer = "sections" if group == "headings" else group
    for v in merged(golds, layer):
        start, end = v["heading"] if layer == "sections" else (v["start"], v["end"])
        label = v.get("label") or v.get("kind") or layer.removesuffix("s").upper()
        if span := _span(doc, start, end, label):
            yield span


def merged(golds: Sequence[Gold], layer: str) -> list[Any]:
    """The spans of a layer in all gold files of a text; where windows overlap, those of the file named first."""
    out: list[Any] = []
    done: list[Sequence[int]] = []
    for gold in golds:
        for v in gold.get(layer, ()):
            start = v["heading"][0] if layer == "sections" else v["start"]
            named = _KINDS[v["kind"]] if layer == "sections" else layer
            if named in gold["layers"] and _inside(start, gold["windows"]) and not _inside(start, done):
                out.append(v)
        if layer in gold["layers"] or layer == "sections":
            done.extend(gold["windows"])
    return out


def _inside(offset: int, windows: Iterable[Sequence[int]]) -> bool:
    return any(start <= offset < end for start, end in windows)


def _span(doc: Doc, start: int, end: int, label: str) -> Span | None:
    return doc.char_span(start, end, label=label, alignment_mode="contract")


def _uncovered(doc: Doc, golds: Sequence[Gold]) -> list[tuple[int, int]]:
    """Runs of tokens (white space apart) that lie in no window of these gold files."""
    windows = [window for gold in golds for window in gold["windows"]]
    out: list[tuple[int, int]] = []
    for token in doc:
        if not token.is_space and not _inside(token.idx, windows):
            if out and out[-1][1] == token.i:
                out[-1] = out[-1][0], token.i + 1
            else:
                out.append((token.i, token.i + 1))
    return out
