"""Boilerplate on plain text: duban against boilerpy3's ArticleExtractor with each line wrapped in <p>.

``python benchmarks/boilerplate.py [GOLD_DIRECTORY …]`` prints a table; see README.md for what the columns mean.
"""
from __future__ import annotations

import argparse
import html
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from duban import boilerplate
from duban.view import TextView

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
#: Where gold lies unless said otherwise: the project's own, and that beside the repository when it is there.
GOLD = (ROOT / "corpus" / "gold", SHARED / "gold" / "tune", SHARED / "gold" / "check")
DOCUMENTS = (ROOT / "corpus" / "documents", SHARED / "documents")
Reader = Callable[[str], set[int]]


@dataclass
class Tally:
    """Characters, white space apart: boilerplate in gold, found, both; the document's own, and those of them lost."""

    gold: int = 0
    found: int = 0
    both: int = 0
    body: int = 0
    lost: int = 0

    def add(self, gold: set[int], found: set[int], shown: set[int]) -> None:
        gold, found = gold & shown, found & shown
        self.gold += len(gold)
        self.found += len(found)
        self.both += len(gold & found)
        self.body += len(shown - gold)
        self.lost += len(found - gold)

    def row(self) -> str:
        precision = self.both / self.found if self.found else 1.0
        recall = self.both / self.gold if self.gold else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return f"{precision:.3f} | {recall:.3f} | {f1:.3f} | {self.lost / self.body if self.body else 0:.2%}"


def ours(text: str) -> set[int]:
    """The offsets that duban marks."""
    view = TextView(text)
    spans = (view.to_source(b.start, b.end) for b in boilerplate.find(view))
    return {i for start, end in spans for i in range(start, end)}


def boilerpy(text: str) -> set[int]:
    """The offsets of the lines that ArticleExtractor leaves out, each line given to it as one <p>."""
    from boilerpy3.extractors import ArticleExtractor

    lines = list(_lines(text))
    page = "".join(f"<p>{html.escape(text[start:end].strip())}</p>" for start, end in lines)
    blocks = ArticleExtractor().get_doc(f"<html><body>{page}</body></html>").text_blocks
    kept = [_bare(line) for block in blocks if block.is_content for line in block.text.split("\n")]
    out: set[int] = set()
    at = 0
    for start, end in lines:  # blocks keep the order of the lines
        if at < len(kept) and kept[at] == _bare(text[start:end]):
            at += 1
        else:
            out.update(range(start, end))
    return out


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield at, at + len(line)
        at += len(line) + 1


def _bare(text: str) -> str:
    return "".join(text.split())


def measure(directory: Path, readers: dict[str, Reader]) -> dict[str, Tally]:
    """Tallies over the gold files of one directory, inside their windows."""
    out = {name: Tally() for name in readers}
    found: dict[str, dict[str, set[int]]] = {}
    for path in sorted(directory.glob("*.gold.json")):
        gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        document = next((d / f"{gold['doc']}.txt" for d in DOCUMENTS if (d / f"{gold['doc']}.txt").exists()), None)
        if document is None or "boilerplate" not in gold["layers"]:
            continue
        text = document.read_bytes().decode("utf-8-sig")
        if gold["doc"] not in found:
            found[gold["doc"]] = {name: read(text) for name, read in readers.items()}
        shown = {i for start, end in gold["windows"] for i in range(start, end) if not text[i].isspace()}
        marked = {i for b in gold["boilerplate"] for i in range(b["start"], b["end"])}
        for name, tally in out.items():
            tally.add(marked, found[gold["doc"]][name], shown)
    return out


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="*", type=Path, help="directories of gold files")
    directories = parser.parse_args().gold or [d for d in GOLD if d.is_dir()]
    print("| gold | system | P | R | F1 | body lost |\n|---|---|---|---|---|---|")
    for directory in directories:
        for name, tally in measure(directory, {"duban": ours, "boilerpy3": boilerpy}).items():
            print(f"| {directory.parent.name}/{directory.name} | {name} | {tally.row()} |")


if __name__ == "__main__":
    main()
