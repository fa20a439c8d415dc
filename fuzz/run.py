"""Fuzz the targets: ``python fuzz/run.py --seconds 60 [TARGET ...]``, the time being that of each target.

With atheris (``pip install atheris``) the fuzzer is led by what the code does; without it, pieces of the genre and of the
corpus are put together at random. A crash is written to ``fuzz/cases`` and ends the run with status 1.
"""
from __future__ import annotations

import argparse
import hashlib
import random
import subprocess
import sys
import tempfile
import time
import traceback
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT / "tests"), str(ROOT / "pipeline")]

from strategies import DOCUMENTS, PIECES  # noqa: E402

if sys.argv[1:2] == ["--atheris"]:  # its modules are led through as they are loaded
    import atheris

    with atheris.instrument_imports(include=["duban"]):
        from targets import FORMATS, TARGETS
else:
    from targets import FORMATS, TARGETS

MARKUP = (
    "<p>", "</p>", "<table><tr><td rowspan=9>", "<!--", "<![CDATA[", "&#x4e00;", "&lt;", "<script>", "<meta charset=gbk>", "<ol><li>",
    '"', ",", "\n", '{"text": "',
    '"}', "</w:t></w:r></w:p></w:body></w:document>",
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>',
    '<o:Page xmlns:o="http://www.ofdspec.org/2016"><o:TextObject Size="5" Boundary="9 9 99 9"><o:TextCode X="0" Y="5" DeltaX="g 9 5">',
    "</o:TextCode></o:TextObject></o:Page>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>", "\x1f\u008b", "PK\x03\x04",
)


def seeds(target: str) -> list[bytes]:
    """Where the fuzzer starts: stretches of the corpus, and the cases that were found before."""
    texts = [path.read_bytes()[:1200] for path in DOCUMENTS[:20]]
    if target == "readers":
        texts = [bytes([i]) + markup.encode() + text for i in range(len(FORMATS)) for markup, text in zip(MARKUP, texts, strict=False)]
    return texts + [path.read_bytes() for path in sorted((HERE / "cases").glob(f"{target}-*"))]


def words(target: str) -> list[bytes]:
    return [piece.encode() for piece in (*PIECES, *"0123456789一二三十百千万亿点%×", *(MARKUP if target == "readers" else ()))]


def keep(target: str, data: bytes) -> Path:
    path = HERE / "cases" / f"{target}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return path


def at_random(target: str, seconds: float) -> int:
    """Pieces put together, and seeds damaged in places, until the time is over."""
    rng, pieces, start, runs = random.Random(target), words(target), time.monotonic(), 0
    known = seeds(target)
    while time.monotonic() - start < seconds:
        data = bytearray(b"".join(rng.choices(pieces, k=rng.randint(1, 25))) if rng.random() < 0.6 else rng.choice(known))
        for _ in range(rng.randint(0, 6)):
            at = rng.randint(0, len(data))
            data[at:at + rng.choice((0, 0, 1, 3))] = rng.choice((rng.choice(pieces) * rng.choice((1, 1, 1, 40)), rng.randbytes(2)))
        if target == "readers":
            data.insert(0, rng.randrange(len(FORMATS)))
        runs += 1
        try:
            TARGETS[target](bytes(data))
        except Exception:
            traceback.print_exc()
            print(f"{target}: failed, kept as {keep(target, bytes(data))}", file=sys.stderr)
            return 1
    print(f"{target}: {runs} texts put together at random, no failure")
    return 0


def guided(target: str, seconds: float) -> int:
    """atheris, in a process of its own: it ends the process."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, found = Path(folder, "corpus"), Path(folder, "found")
        corpus.mkdir()
        found.mkdir()
        for i, data in enumerate(seeds(target)):
            (corpus / f"{i}").write_bytes(data)
        escaped = "".join('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in words(target))
        Path(folder, "words").write_text(escaped, encoding="ascii")
        options = [f"-max_total_time={int(seconds)}", "-max_len=3000", "-timeout=20", f"-dict={folder}/words"]
        options += [f"-artifact_prefix={found}/", "-verbosity=0", "-rss_limit_mb=4096", "-report_slow_units=20"]
        done = subprocess.run([sys.executable, __file__, "--atheris", target, *options, str(corpus)], check=False)
        for path in found.iterdir():
            print(f"{target}: failed, kept as {keep(target, path.read_bytes())}", file=sys.stderr)
        print(f"{target}: {'no failure' if done.returncode == 0 else 'failed'} in {seconds:.0f} s led by atheris")
        return int(done.returncode != 0)


def under_atheris(target: str, options: list[str]) -> None:
    TARGETS[target](b"")  # what loads at the first use is not the time of the first text
    atheris.Setup([sys.argv[0], *options], TARGETS[target])
    atheris.Fuzz()


def main() -> int:
    if sys.argv[1:2] == ["--atheris"]:
        under_atheris(sys.argv[2], sys.argv[3:])
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="the time of each target")
    parser.add_argument("--random", action="store_true", help="put pieces together at random although atheris is there")
    parser.add_argument("targets", nargs="*", default=list(TARGETS), metavar="TARGET", help=", ".join(TARGETS))
    given = parser.parse_args()
    fuzz = at_random if given.random or find_spec("atheris") is None else guided
    return max(fuzz(target, given.seconds) for target in given.targets)


if __name__ == "__main__":
    sys.exit(main())
