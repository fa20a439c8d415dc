"""Quality floors: the figures that sets of gold must keep, pinned in one JSON file. A floor may rise, not fall.

The file has a section a set, by its name: ``{"sha256": <of gold and documents>, "layers": {layer: F1}, "attributes":
{name: accuracy}, "lowered": [...]}``; ``lowered`` keeps the reason for every time that floors were lowered, and which.
"""
from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from duban.errors import DubanError
from duban.evaluate.scores import Gold, Scores
from duban.messages import message

#: The section of one set.
Floors = dict[str, Any]
_KINDS = ("layers", "attributes")


def corpus_hash(golds: Iterable[Gold]) -> str:
    """SHA-256 of the gold and, by the hashes in it, of the documents; the same whatever the order of the files."""
    lines = sorted(json.dumps(gold, ensure_ascii=False, sort_keys=True) for gold in golds)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def figures(scores: Scores) -> dict[str, dict[str, float]]:
    """What floors are set for: F1 of every layer (those that count overlaps apart), accuracy of every attribute.

    Cut after the fourth decimal, so that a floor set from a figure is never above it.
    """
    layers = {name: layer.f for name, layer in scores.layers.items() if not name.endswith("~")}
    attributes = {name: attribute.accuracy for name, attribute in scores.attributes.items()}
    both = zip(_KINDS, (layers, attributes), strict=True)
    return {kind: {name: _cut(value) for name, value in sorted(values.items()) if not math.isnan(value)} for kind, values in both}


def _cut(value: float) -> float:
    return math.floor(value * 10_000 + 1e-7) / 10_000


def read(path: str | Path, name: str) -> Floors:
    """The floors of the set ``name``. Raises DubanError as ``read_all`` does, and DB212 where the file has no such set."""
    try:
        return read_all(path)[name]
    except KeyError:
        raise DubanError("DB212", path=path, reason=message("reason.key", key=name)) from None


def read_all(path: str | Path) -> dict[str, Floors]:
    """The sections by the names of their sets. Raises DubanError DB101 (no such file), DB108 (not readable), DB212 (not a floors file)."""
    try:
        sets = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DubanError("DB101", path=path) from None
    except OSError as error:
        raise DubanError("DB108", path=path, reason=error.strerror) from None
    except ValueError as error:
        raise DubanError("DB212", path=path, reason=message("reason.json", reason=error)) from None
    if not isinstance(sets, dict):
        raise DubanError("DB212", path=path, reason=message("reason.object"))
    for name, floors in sets.items():
        if key := _malformed(floors):
            raise DubanError("DB212", path=path, reason=message("reason.key", key=f"{name}.{key}"))
    return sets


def _malformed(floors: object) -> str | None:
    """The first key of a section that is missing or no good."""
    section = floors if isinstance(floors, Mapping) else {}
    if not isinstance(section.get("sha256"), str):
        return "sha256"
    for kind in _KINDS:
        values = section.get(kind)
        if not isinstance(values, Mapping) or not all(isinstance(v, int | float) for v in values.values()):
            return kind
    return None


def below(scores: Scores, floors: Floors) -> list[tuple[str, float, float | None]]:
    """What is below its floor: ``(name, floor, figure)``; the figure is None where there is none any more."""
    now = figures(scores)
    out: list[tuple[str, float, float | None]] = []
    for kind in _KINDS:
        for name, floor in floors[kind].items():
            figure = now[kind].get(name)
            if figure is None or figure < floor:
                out.append((name, floor, figure))
    return out


def check(scores: Scores, golds: Iterable[Gold], floors: Floors, path: str | Path) -> list[DubanError]:
    """What is wrong: DB452 when the floors are of another corpus, else DB451 for every figure below its floor."""
    if corpus_hash(golds) != floors["sha256"]:
        return [DubanError("DB452", path=path)]
    return [DubanError("DB451", name=name, floor=floor, figure=_shown(figure), path=path) for name, floor, figure in below(scores, floors)]


def raised(scores: Scores, golds: Iterable[Gold], floors: Floors | None, *, allow_lower: str | None = None) -> Floors:
    """The floors after this run: every figure that rose; with a reason in ``allow_lower`` also those that fell.

    Raises DubanError DB453 when a figure fell and no reason is given.
    """
    old = floors or {"sha256": "", "layers": {}, "attributes": {}}
    fallen = below(scores, old)
    if fallen and not allow_lower:
        raise DubanError("DB453", names=", ".join(f"{name} {floor} → {_shown(figure)}" for name, floor, figure in fallen))
    lowered = list(old.get("lowered", ()))
    if fallen:
        lowered.append({"reason": allow_lower, "floors": {name: [floor, figure] for name, floor, figure in fallen}})
    return {"sha256": corpus_hash(golds), **figures(scores), "lowered": lowered}


def write(sets: Mapping[str, Floors], path: str | Path) -> None:
    """Raises DubanError DB511 (cannot be written)."""
    path = Path(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(sets, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise DubanError("DB511", path=path, reason=error.strerror) from None


def _shown(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.4f}"
