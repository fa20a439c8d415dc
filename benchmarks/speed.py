"""Speed: the pipelines, each step of them and their peers, from text to result; start-up; long documents; large lexicons.

``python benchmarks/speed.py`` prints Markdown; ``--output docs/speed.md`` puts it where that page has its figures, ``--picture``
draws them. All are ratios within one run: those who are compared take turns over the same texts, in processor time, so that
other work on the machine disturbs them alike. Peers that are not installed are left out (``pip install jionlp``). Linux, one
core, about ten minutes.
"""
from __future__ import annotations

import argparse
import gc
import importlib.util
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

import spacy
import spacy_pkuseg

import duban
from duban import batch, words
from duban.assets.segmenter import MODEL
from duban.batch.worker import Worker

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (ROOT / "corpus" / "documents", ROOT.parent / "shared" / "documents")
BASE = "spacy.blank(\"zh\")"
OWN = "zh_duban_char, text to Doc"
PKUSEG, CUT = "pkuseg over the clauses alone", "the same words cut by duban"
LENGTHS = (1_000, 10_000, 100_000, 1_000_000, 3_000_000)
TERMS = (0, 5_000, 50_000, 500_000)
#: Programs whose start is compared, the first with itself.
STARTS = {
    BASE: "import spacy; spacy.blank('zh')",
    "zh_duban_char": "import duban; duban.load('zh_duban_char')",
    "zh_duban": "import duban; duban.load('zh_duban')",
    "zh_duban_char and a first sentence": "import duban; duban.load('zh_duban_char')('全市生产总值增长6%。')",
    "duban --help": "import sys; sys.argv[1:] = ['--help']; from duban.cli import app; app()",
}
#: What makes a program tell its peak memory (kB) in the end. The kernel's own figure would count what ran before it.
PEAK = "import atexit, sys; atexit.register(lambda: print(next(line for line in open('/proc/self/status') if 'VmHWM' in line), file=sys.stderr)); "
MARKS = "<!-- figures -->\n", "<!-- end of figures -->\n"
#: Something that is done to every text.
Reader = Callable[[str], Any]


def seconds(action: Callable[[], Any]) -> float:
    """The processor time that ``action`` takes."""
    gc.collect()
    begin = time.process_time()
    action()
    return time.process_time() - begin


def taking_turns(actions: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """The processor times of each action, all of them done once a round; an uncounted round comes first."""
    taken: dict[str, list[float]] = {name: [] for name in actions}
    for number in range(rounds + 1):
        for name, action in actions.items():
            spent = seconds(action)
            if number:
                taken[name].append(spent)
    return taken


def ratios(taken: dict[str, list[float]], base: str) -> dict[str, float]:
    """How many times as long as ``base`` each takes: the median over the rounds of the ratio within a round."""
    return {name: median(t / b for t, b in zip(times, taken[base], strict=True)) for name, times in taken.items()}


def peer() -> Reader | None:
    """What a user would put together: an EntityRuler of 5,000 names, and jionlp for money and times."""
    if importlib.util.find_spec("jionlp") is None:
        return None
    import logging

    import jionlp

    logging.disable(logging.ERROR)  # it prints a trace for every time it cannot read
    nlp = spacy.blank("zh")
    ruler: Any = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PROJECT", "pattern": name} for name in islice(names(), 5_000)])
    base = time.mktime(time.strptime("2026-01-20", "%Y-%m-%d"))

    def read(text: str) -> None:
        nlp(text)
        jionlp.ner.extract_money(text, with_parsing=True)
        jionlp.ner.extract_time(text, time_base=base, with_parsing=True)

    return read


def whole(texts: Sequence[str], folder: Path, rounds: int) -> dict[str, float]:
    """Texts to results, files to records, and the peers."""
    blank, characters, segmented = spacy.blank("zh"), duban.load("zh_duban_char"), duban.load("zh_duban")
    segmenter, stock, stack, settings = words.Segmenter(), spacy_pkuseg.pkuseg(str(MODEL), user_dict=None), peer(), batch.Settings()
    worker = Worker(settings)
    files = [folder / f"{i}.txt" for i in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8", newline="")
    actions: dict[str, Callable[[], Any]] = {
        BASE: lambda: [blank(text) for text in texts],
        OWN: lambda: [characters(text) for text in texts],
        "zh_duban, text to Doc": lambda: [segmented(text) for text in texts],
        PKUSEG: lambda: [stock.cut(clause) for text in texts for clause in words.clauses(text)],
        CUT: lambda: [segmenter.cut_all(words.clauses(text)) for text in texts],
        "zh_duban_char, file to record": lambda: worker.run(batch.pending(files, settings)),
    }
    if stack is not None:
        actions["EntityRuler and jionlp"] = lambda: [stack(text) for text in texts]
    return ratios(taking_turns(actions, rounds), BASE)


def steps(texts: Sequence[str], rounds: int) -> dict[str, float]:
    """Each step of ``zh_duban``, as a multiple of what the stock tokenizer takes."""
    blank, nlp = spacy.blank("zh"), duban.load("zh_duban")
    docs: list[Any] = []

    def make() -> None:
        docs[:] = map(nlp.make_doc, texts)

    def apply(component: Callable[[Any], Any]) -> Callable[[], None]:
        def run() -> None:
            docs[:] = map(component, docs)

        return run

    actions: dict[str, Callable[[], Any]] = {BASE: lambda: [blank(text) for text in texts], "characters": make}
    actions |= {name: apply(component) for name, component in nlp.pipeline}
    actions["record"] = lambda: [duban.to_record(doc) for doc in docs]
    return ratios(taking_turns(actions, rounds), BASE)


def starts(rounds: int) -> dict[str, tuple[float, float]]:
    """Processor time in multiples of the first program's, and the memory (MB) each has at most beyond it."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in STARTS}
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # as installed packages are
    for number in range(rounds + 1):
        for name, program in STARTS.items():
            began = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, "-c", PEAK + program]
            done = subprocess.run(command, env=compiled, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
            ended = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
            if number:  # the first may have to compile
                taken[name].append((spent, int(done.stderr.split()[-2]) / 1024))
    base, *_ = taken.values()
    return {
        name: (median(own[0] / first[0] for own, first in pairs), median(own[1] - first[1] for own, first in pairs))
        for name, found in taken.items() for pairs in [list(zip(found, base, strict=True))]
    }  # fmt: skip


def lengths(texts: Sequence[str], longest: int, rounds: int) -> dict[int, float]:
    """The time a character takes in a document of each length, as a multiple of that in the shortest ones."""
    nlp = duban.load()
    paragraphs = [line for text in texts for line in text.split("\n") if line.strip()]
    known = [length for length in LENGTHS if length <= longest]
    documents = {length: document(paragraphs, length) for length in known}
    repeats = {length: max(1, 30_000 // length) for length in known}
    actions = {str(length): (lambda length=length: [nlp(documents[length]) for _ in range(repeats[length])]) for length in known}
    taken = taking_turns(actions, rounds)
    spent = {str(length): [t / repeats[length] / length for t in taken[str(length)]] for length in known}
    return {int(length): ratio for length, ratio in ratios(spent, str(known[0])).items()}


def document(paragraphs: Sequence[str], length: int) -> str:
    """A document of ``length`` characters out of paragraphs, from the first on."""
    out: list[str] = []
    size = 0
    for paragraph in cycle(paragraphs):
        if size >= length:
            break
        out.append(paragraph)
        size += len(paragraph) + 1
    return "\n".join(out)[:length]


def names() -> Iterator[str]:
    """Names of projects nobody has heard of, no two alike, the same ones every time."""
    chance, seen = random.Random(7), set[str]()
    while True:
        name = "".join(chance.choices("临澄青岚云岭松溪白石海棠竹园东湖南山梧桐银杏丹枫", k=chance.randint(3, 8))) + chance.choice(("大桥", "水厂", "产业园"))
        if name not in seen:
            seen.add(name)
            yield name


def lexicons(texts: Sequence[str], most: int, rounds: int) -> dict[int, float]:
    """The time the texts take with so many terms of the user's, as a multiple of that with none."""
    pipelines = {}
    for count in (count for count in TERMS if count <= most):
        pipelines[count] = nlp = duban.load()
        ruler: Any = nlp.get_pipe("duban_entities")
        ruler.add_patterns({"label": "PROJECT", "pattern": name} for name in islice(names(), count))
    actions = {str(count): (lambda nlp=nlp: [nlp(text) for text in texts]) for count, nlp in pipelines.items()}
    return {int(count): ratio for count, ratio in ratios(taking_turns(actions, rounds), "0").items()}


def row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    return [row(*head), row("---", *["---:"] * (len(head) - 1)), *(row(*cells) for cells in rows), ""]


@dataclass(frozen=True)
class Measured:
    """All figures of a run: ratios by the name of what is compared, by characters and by terms."""

    whole: dict[str, float]
    steps: dict[str, float]
    starts: dict[str, tuple[float, float]]
    lengths: dict[int, float]
    lexicons: dict[int, float]


def measure(texts: Sequence[str], rounds: int, longest: int, terms: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        found = whole(texts, Path(folder), rounds)
    return Measured(found, steps(texts, rounds), starts(rounds), lengths(texts, longest, min(rounds, 3)), lexicons(texts, terms, rounds))


def figures(found: Measured) -> Iterator[str]:
    """The lines of the page."""
    own = found.whole[OWN]
    yield from table(
        ("from text to result", f"speed of {BASE} = 1", "speed of zh_duban_char = 1"), [(n, f"{1 / r:.3f}", f"{own / r:.2f}") for n, r in found.whole.items()]
    )
    took = found.whole["zh_duban, text to Doc"]
    yield (
        f"`zh_duban` takes {took / (found.whole[PKUSEG] + own):.2f} times the time of pkuseg and `zh_duban_char` together, "
        f"{took / (found.whole[CUT] + own):.2f} times that of its own cut and `zh_duban_char`.\n"
    )
    yield from table(("step", f"time of {BASE} = 1"), [(name, f"{ratio:.2f}") for name, ratio in found.steps.items()])
    rows = [(name, f"{ratio:.2f}", f"{memory:+.0f}") for name, (ratio, memory) in found.starts.items()]
    yield from table(("start of", f"time of {BASE} = 1", "memory beyond it, MB"), rows)
    yield from table(("characters in a document", "time a character"), [(f"{n:,}", f"{ratio:.2f}") for n, ratio in found.lengths.items()])
    yield from table(("terms of the user's", "time"), [(f"{n:,}", f"{ratio:.2f}") for n, ratio in found.lexicons.items()])


def picture(found: Measured, path: Path) -> None:
    """Three plots side by side, in ratios: who is how fast, where the time goes, how it grows. The same figures give the same file."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams |= {"svg.hashsalt": "duban", "svg.fonttype": "path", "font.size": 9}
    figure = Figure(figsize=(11, 3.4), layout="constrained")
    figure.get_layout_engine().set(wspace=0.06)
    compared, parts, growth = figure.subplots(1, 3)
    for axes, title, bars in (
        (compared, "speed", {name: 1 / ratio for name, ratio in found.whole.items()}),
        (parts, "time of a step", found.steps),
    ):
        drawn = axes.barh(range(len(bars)), list(bars.values()), color="#4a6fa5")
        axes.bar_label(drawn, fmt="%.2f", padding=2)
        axes.set(title=title, yticks=range(len(bars)), yticklabels=bars, xlim=(0, max(bars.values()) * 1.2))
        axes.invert_yaxis()
    growth.plot(list(found.lengths), list(found.lengths.values()), "o-", label="characters in a document")
    growth.plot([n for n in found.lexicons if n], [ratio for n, ratio in found.lexicons.items() if n], "s--", label="terms of the user's")
    growth.set(title="time a character", xscale="log", ylim=(0, None))
    growth.legend()
    for axes in (compared, parts, growth):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})


def replaced(page: str, lines: Sequence[str]) -> str:
    """The page with ``lines`` between its marks.

    >>> replaced("a\\n<!-- figures -->\\nold\\n<!-- end of figures -->\\nb\\n", ["new"])
    'a\\n<!-- figures -->\\nnew\\n<!-- end of figures -->\\nb\\n'
    """
    before, rest = page.split(MARKS[0])
    _, after = rest.split(MARKS[1])
    return "".join([before, MARKS[0], *(f"{line}\n" for line in lines), MARKS[1], after])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("documents", nargs="*", type=Path, help="texts in UTF-8")
    options.add_argument("--output", "-o", type=Path, help="the page whose figures are replaced")
    options.add_argument("--picture", type=Path, help="the plot, an .svg (pip install matplotlib)")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--longest", type=int, default=LENGTHS[-1], help="characters of the longest document")
    options.add_argument("--terms", type=int, default=TERMS[-1], help="the user's terms at most")
    given = options.parse_args()
    paths = given.documents or [path for folder in DOCUMENTS for path in sorted(folder.glob("*.txt"))]
    texts = [path.read_text(encoding="utf-8-sig") for path in paths]
    found = measure(texts, given.rounds, given.longest, given.terms)
    about = f"{len(texts)} documents, {sum(map(len, texts)):,} characters; medians of {given.rounds} rounds; spaCy {spacy.__version__}.\n"
    lines = [about, *figures(found)]
    print("\n".join(lines))
    if given.picture:
        picture(found, given.picture)
    if given.output:
        given.output.write_text(replaced(given.output.read_text(encoding="utf-8"), lines), encoding="utf-8")


if __name__ == "__main__":
    main()
