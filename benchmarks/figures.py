"""Finding and reading numbers and times: duban against jionlp and Recognizers-Text, characters per second.

``python benchmarks/figures.py [DOCUMENT …] [--rounds N]`` prints a table; see README.md for what the columns mean.
"""
from __future__ import annotations

import argparse
import re
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from duban import numerals, periods
from duban.view import TextView

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (ROOT / "corpus" / "documents", ROOT.parent / "shared" / "documents")
#: The date that times are resolved against, the same for all.
DATE = "2026-01-20"
#: Reads one piece of text, returns how many things it found.
Reader = Callable[[str], int]


def ours(text: str) -> int:
    """Numbers of every kind, and periods resolved to intervals."""
    return len(numerals.find(text)) + len(periods.find(TextView(text), DATE))


def jionlp_reader() -> Reader:
    """Money and times, parsed, as jionlp's own entity extractors give them."""
    import logging

    import jionlp

    logging.disable(logging.ERROR)  # it prints a trace for every time it cannot read

    base = time.mktime(time.strptime(DATE, "%Y-%m-%d"))

    def read(text: str) -> int:
        money = jionlp.ner.extract_money(text, with_parsing=True)
        times = jionlp.ner.extract_time(text, time_base=base, with_parsing=True)
        return len(money) + len(times)

    return read


def recognizers_reader() -> Reader:
    """Percentages, currencies and dimensions of Recognizers-Text; times are left out, they are slower still."""
    from recognizers_number import Culture, recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension

    finders = (recognize_percentage, recognize_currency, recognize_dimension)
    return lambda text: sum(len(find(text, Culture.Chinese)) for find in finders)


#: How the documents are cut for all readers alike.
UNITS = {"sentence": re.compile("[^。！？\n]+[。！？]?"), "paragraph": re.compile("[^\n]+"), "document": re.compile("(?s).+")}


def pieces(documents: Sequence[Path], unit: str) -> list[str]:
    """The sentences, paragraphs or whole texts of the documents, blank ones left out."""
    texts = (path.read_text(encoding="utf-8-sig") for path in documents)
    return [piece for text in texts for piece in UNITS[unit].findall(text) if piece.strip()]


def seconds(read: Reader, lines: Sequence[str]) -> float:
    """The time one pass over ``lines`` takes."""
    begin = time.perf_counter()
    for line in lines:
        read(line)
    return time.perf_counter() - begin


def measure(lines: Sequence[str], readers: dict[str, Reader], rounds: int) -> dict[str, float]:
    """Characters per second of each reader: the median of ``rounds`` interleaved passes, after one to warm up."""
    size = sum(map(len, lines))
    taken: dict[str, list[float]] = {name: [] for name in readers}
    for number in range(rounds + 1):
        for name, read in readers.items():
            spent = seconds(read, lines if number else lines[:5])
            if number:
                taken[name].append(spent)
    return {name: size / statistics.median(times) for name, times in taken.items()}


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="*", type=Path, help="texts in UTF-8")
    parser.add_argument("--unit", choices=UNITS, default="sentence")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    lines = pieces(arguments.documents or [p for d in DOCUMENTS for p in sorted(d.glob("*.txt"))], arguments.unit)
    readers = {"duban, numbers and periods": ours, "jionlp, money and time": jionlp_reader(),
               "Recognizers-Text, percentage, currency, dimension": recognizers_reader()}
    rates = measure(lines, readers, arguments.rounds)
    base = rates["duban, numbers and periods"]
    print(f"{sum(map(len, lines))} characters in {len(lines)} {arguments.unit}s, median of {arguments.rounds}\n")
    print("| reader | characters/s | duban is faster by |\n|---|---|---|")
    for name, rate in rates.items():
        print(f"| {name} | {rate:,.0f} | {base / rate:.1f} |")


if __name__ == "__main__":
    main()
