"""Many documents: what a second worker brings, what memory does, what a kill and a poisoned document cost.

``python benchmarks/batch.py`` prints a table; see README.md for what the rows mean. Linux, five minutes, no packages but duban.
"""
from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus" / "documents"
#: What a document of the cost estimate has.
LENGTH = 8_000
#: A pipeline that kills its process on one word, as a crash in native code would.
DEADLY = """
import os, signal
from spacy.language import Language
import duban

@Language.component("deadly")
def deadly(doc):
    if "崩溃" in doc.text:
        os.kill(os.getpid(), signal.SIGKILL)
    return doc

def load(**_):
    nlp = duban.load()
    nlp.add_pipe("deadly")
    return nlp
"""


def paragraphs() -> list[str]:
    """The paragraphs of the corpus that are long enough to say something."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*.txt")))
    return [line.strip() for text in texts for line in text.split("\n") if len(line.strip()) >= 40]


def documents(path: Path, count: int, length: int = 300, poison: int | None = None) -> Path:
    """A table of ``count`` documents of about ``length`` characters, no two alike; the one numbered ``poison`` kills its process."""
    source = cycle(paragraphs())
    with path.open("w", encoding="utf-8") as file:
        for i in range(count):
            text = f"第{i}号文件\n"
            while len(text) < length:
                text += next(source)[:400] + "\n"
            if i == poison:
                text += "崩溃\n"
            file.write(json.dumps({"id": f"d{i:06}", "text": text}, ensure_ascii=False) + "\n")
    return path


def extract(table: Path, run: Path, *more: str, jobs: int = 2) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "duban", "extract", str(table), "-o", str(run), "--jobs", str(jobs), *more]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def seconds(table: Path, run: Path, jobs: int) -> float:
    """What a whole run takes, the start of Python and its workers included."""
    began = time.perf_counter()
    if extract(table, run, jobs=jobs).wait() != 0:
        raise RuntimeError(f"{run}: the run failed")
    return time.perf_counter() - began


def speed_up(folder: Path, count: int, length: int, rounds: int) -> list[float]:
    """One worker's time over that of two, in turns."""
    table = documents(folder / "speed.jsonl", count, length)
    return [seconds(table, folder / f"one{i}", 1) / seconds(table, folder / f"two{i}", 2) for i in range(rounds)]


def peak(table: Path, run: Path) -> int:
    """The most memory that a run and its workers had together (resident bytes, shared pages counted for each)."""
    process, most = extract(table, run), 0
    while process.poll() is None:
        most = max(most, sum(_resident(pid) for pid in _family(process.pid)))
        time.sleep(0.02)
    return most


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def killed(folder: Path, count: int, kills: int, seed: int = 7) -> tuple[int, int]:
    """Kills at random points, each gone on with; how many there were, and how many of the finished runs equal the undisturbed one."""
    table, chance = documents(folder / "killed.jsonl", count), random.Random(seed)
    length = seconds(table, folder / "whole", 2)
    whole, done, equal, runs = contents(folder / "whole"), 0, 0, 0
    while done < kills:
        runs += 1
        run = folder / f"killed{runs}"
        finished = False
        while not finished:
            process = extract(table, run, "--resume")
            if done < kills:
                try:
                    process.wait(chance.uniform(0.1, 0.9) * length)
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    done += 1
            finished = process.wait() == 0
        equal += contents(run) == whole
    return done, runs - equal


def contents(run: Path) -> dict[str, bytes]:
    return {str(path.relative_to(run)): path.read_bytes() for path in sorted(run.rglob("*")) if path.is_file()}


def poisoned(folder: Path, count: int) -> tuple[int, int]:
    """Records and failures of a run in which one document kills every process that touches it."""
    site = folder / "site" / "deadly-1.dist-info"
    site.mkdir(parents=True)
    (site / "METADATA").write_text("Metadata-Version: 2.1\nName: deadly\nVersion: 1\n")
    (site.parent / "deadly.py").write_text(DEADLY, encoding="utf-8")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(site.parent), os.environ.get("PYTHONPATH", "")])
    table = documents(folder / "poisoned.jsonl", count, length=100, poison=count // 2)
    extract(table, folder / "poisoned", "--pipeline", "deadly").wait()
    manifest = json.loads((folder / "poisoned" / "manifest.json").read_text(encoding="utf-8"))
    return manifest["counts"]["records"], manifest["counts"]["failures"]


def rate(folder: Path, count: int) -> float:
    """Characters a second and worker, on documents of ``LENGTH``; the start, measured on few, is taken off."""
    few, many = (documents(folder / f"rate{n}.jsonl", n, LENGTH) for n in (2, count))
    return 0.5 * (count - 2) * LENGTH / (seconds(many, folder / "many", 2) - seconds(few, folder / "few", 2))


def cost(speed: float, cores: int = 16, price: float = 0.05) -> list[str]:
    """Of a million documents of ``LENGTH`` characters: core hours, hours on one machine and on a hundred, price of the core hours.

    >>> cost(100_000)[1]
    '| one machine of 16 cores | 1.4 hours |'
    """
    hours = 1_000_000 * LENGTH / speed / 3600
    return [
        f"| core hours | {hours:.0f} |", f"| one machine of {cores} cores | {hours / cores:.1f} hours |",
        f"| a hundred of them | {60 * hours / cores / 100:.1f} minutes |", f"| at {price:.2f} a core hour | {hours * price:.2f} |",
    ]  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--documents", type=int, default=2_000)
    options.add_argument("--length", type=int, default=300, help="characters of those documents, at least")
    options.add_argument("--price", type=float, default=0.05, help="of a core hour")
    given = options.parse_args()
    print("| measure | floor | figure |\n| --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ratio = statistics.median(speed_up(folder, given.documents, given.length, given.rounds))
        print(f"| one worker's time / two workers', {given.documents:,} documents, median of {given.rounds} | ≥ 1.6 | {ratio:.2f} |", flush=True)
        small, large = (peak(documents(folder / f"m{n}.jsonl", n), folder / f"m{n}") for n in (500, 5_000))
        print(f"| peak memory, 5,000 documents / 500 ({small / 1e6:.0f} MB) | ≤ 1.10 | {large / small:.2f} |", flush=True)
        kills, different = killed(folder, 1_500, 10)
        print(f"| runs that differ after {kills} kills | 0 | {different} |", flush=True)
        records, failures = poisoned(folder, 1_000)
        print(f"| one document of 1,000 kills its process: records, failures | 999, 1 | {records}, {failures} |", flush=True)
        speed = rate(folder, 102)
    print(f"\n{speed:,.0f} characters/s a worker on documents of {LENGTH:,}. A million of them, on paper:\n\n| | |\n| --- | --- |")
    print("\n".join(cost(speed, price=given.price)))


if __name__ == "__main__":
    main()
