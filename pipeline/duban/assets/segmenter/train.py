"""Train the embedded segmenter: ``python -m duban.assets.segmenter.train [--corpus DIR] [--output DIR]``.

The text is the project's own: the documents of the corpus, less those held out, and sentences made from frames and
lexicons. jieba (a development dependency) and the lexicons cut it into words; pkuseg learns from that. Nothing is
random between runs: the same corpus and lexicons give the same bytes. The figures go into ``MODEL.md``.
"""
from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy
import srsly

from duban.assets.segmenter import FILES, MODEL
from duban.lexicon import Lexicon
from duban.words import Segmenter, boundaries, clauses

#: Cuts a clause into its words.
Cutter = Callable[[str], Iterable[str]]
SEED = 20260101
ITERATIONS = 12
#: A feature seen no more often than this is not learnt.
RARE = 0
#: A weight is kept to this many decimals; a feature whose weights all round to nothing is left out.
DECIMALS = 2
#: Characters made from frames and lexicons, at least.
GENERATED = 120_000
#: Of the corpus's documents in the order of their names, every fifth is kept from training.
HELD_OUT = slice(0, None, 5)
#: A term up to this length is a word; the words of a longer one are jieba's, but none crosses its edges.
WORD_LENGTH = 3
_LEXICONS = ("bodies", "departments", "designations", "groups", "indicators", "places", "tasks", "units")
_TERMS = ("BODY_HEAD", "DESIGNATION", "GROUP_HEAD", "INDICATOR", "INDICATOR_TERM", "MEASURE", "ORGAN", "ORGAN_STEM", "PLACE", "POST", "UNIT")
#: A half of a compound is a word that jieba's dictionary counts this often.
COMMON = 100
#: jieba's tags of such compounds: nouns, verbs, adjectives; not idioms (i), set phrases (l) nor names (nr, ns, nt, nz).
_COMPOUND = ("n", "v", "vn", "a", "ad", "an", "b", "d")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_SLOT = re.compile(r"\{(\w+)\}")
_BLOCK = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- /figures -->)", re.DOTALL)


def vocabulary() -> dict[str, list[str]]:
    """Terms of the lexicons by label, sorted; an organ's stem stands with each of its endings."""
    terms: dict[str, set[str]] = {label: set() for label in _TERMS}
    for entry in Lexicon.load(*_LEXICONS):
        if entry.label == "ORGAN_STEM":
            endings = (entry.get("organ", ""), *entry.get("suffixes", ()))
            terms[entry.label] |= {entry.pattern + ending for ending in endings if ending}
        elif entry.label in terms:
            terms[entry.label] |= {entry.pattern, *entry.get("aliases", ())}
    return {label: sorted(t for t in found if _HAN.fullmatch(t)) for label, found in terms.items()}


def sentences(frames: Sequence[str], slots: dict[str, list[str]], rng: random.Random) -> Iterator[str]:
    """Frames filled at random, all of them once before one comes again; without end."""
    def fill(slot: re.Match[str]) -> str:
        if slot[1] == "number":
            return rng.choice((f"{rng.randint(2, 999)}", f"{rng.uniform(0.1, 99):.1f}"))
        return rng.choice(slots[slot[1]])

    while True:
        for frame in rng.sample(frames, len(frames)):
            yield _SLOT.sub(fill, frame)


def generated(corpus: Path, terms: dict[str, list[str]], length: int = GENERATED) -> str:
    """At least ``length`` characters of made-up text, a sentence a line."""
    rng = random.Random(SEED)
    slots = {row["slot"]: row["values"] for row in _rows(corpus / "slots.jsonl")}
    slots["department"] = [level + name for name in terms["ORGAN_STEM"] for level in rng.sample(("", "市", "县", "省", "区"), 2)]
    slots["indicator"] = terms["INDICATOR"]
    slots["term"] = [term for label in ("BODY_HEAD", "DESIGNATION", "GROUP_HEAD", "INDICATOR_TERM", "MEASURE", "ORGAN", "POST") for term in terms[label]]
    slots["group"] = [f"{each}{who}" for each in ("各", "各级", "有关", "相关") for who in ("部门", "单位", "县区", "乡镇", "街道", "园区", "责任单位")]
    made = sentences([row["frame"] for row in _rows(corpus / "frames.jsonl")], slots, rng)
    lines: list[str] = []
    while length > 0:
        lines.append(next(made))
        length -= len(lines[-1])
    return "\n".join(lines)


def jieba_cut(terms: Iterable[str] = (), words: Iterable[str] = (), halves: bool = False) -> Cutter:
    """jieba's cut; ``terms`` are kept as the module says, ``words`` whole whatever their length.

    With ``halves`` a compound of two two-character words that jieba knows as one becomes two, unless it is an idiom,
    a set phrase or a name.
    """
    import jieba

    jieba.setLogLevel(logging.ERROR)
    kept = set(words)
    every = sorted(set(terms) - kept)
    short, long = sorted({t for t in every if len(t) <= WORD_LENGTH} | kept), {t for t in every if len(t) > WORD_LENGTH}
    inner = _tokenizer(short)
    outer = _tokenizer([*short, *sorted(long)]) if long else inner
    compounds = _compounds(inner) - kept if halves else set()

    def cut(clause: str) -> Iterator[str]:
        for piece in outer.cut(clause):
            for word in inner.cut(piece) if piece in long else (piece,):
                yield from (word[:2], word[2:]) if word in compounds else (word,)

    return cut


def _tokenizer(words: Iterable[str]) -> Any:
    import jieba

    made = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as cache:  # never a cache that somebody else left
        made.tmp_dir = cache
        made.initialize()
    for word in words:
        made.add_word(word)
    return made


def _compounds(tokenizer: Any) -> set[str]:
    """The four-character words of jieba's dictionary whose halves are words."""
    with tokenizer.get_dict_file() as file:
        rows = [line.split() for line in file.read().decode("utf-8").splitlines()]
    known = {row[0] for row in rows if len(row[0]) == 2 and int(row[1]) >= COMMON}
    return {word for word, _, tag in rows if len(word) == 4 and tag in _COMPOUND and word[:2] in known and word[2:] in known}


def trained(lines: Sequence[str], iterations: int = ITERATIONS) -> dict[str, bytes]:
    """The files of a model trained on ``lines`` of words with spaces between."""
    import spacy_pkuseg
    from spacy_pkuseg.config import config

    random.seed(SEED)
    numpy.random.seed(SEED)
    trim, config.featureTrim = config.featureTrim, RARE
    try:
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            text, probe, model = (Path(folder) / name for name in ("train.txt", "probe.txt", "model"))
            text.write_text("\n".join(lines) + "\n", encoding="utf-8")
            probe.write_text(lines[0] + "\n", encoding="utf-8")
            spacy_pkuseg.train(str(text), str(probe), str(model), train_iter=iterations)
            return {name: (model / name).read_bytes() for name in FILES}
    finally:
        config.featureTrim = trim


def slim(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same model without what cutting does not need: word pairs, features without weight, spare decimals."""
    data = srsly.msgpack_loads(files[FILES[0]])
    with numpy.load(io.BytesIO(files[FILES[1]])) as arrays:
        n_tag, n_feature = map(int, arrays["sizes"])
        w = numpy.round(arrays["w"], DECIMALS) + 0.0  # no -0.0
    nodes, edges = w[: n_tag * n_feature].reshape(n_feature, n_tag), w[n_tag * n_feature:]
    names = sorted(data["feature_to_idx"], key=data["feature_to_idx"].__getitem__)
    # feature 0 is the one that every character has
    kept = [i for i in range(n_feature) if i == 0 or nodes[i].any()]
    data |= {"bigram": [], "feature_to_idx": {names[i]: new for new, i in enumerate(kept)}}
    weights = io.BytesIO()
    numpy.savez_compressed(weights, sizes=numpy.array([n_tag, len(kept)]), w=numpy.concatenate([nodes[kept].ravel(), edges]))
    return {FILES[0]: srsly.msgpack_dumps(data), FILES[1]: weights.getvalue()}


def word_f1(gold: Iterable[Sequence[int]], found: Iterable[Sequence[int]], counts: Callable[[int, int, int], bool] = lambda n, a, b: True) -> float:
    """F1 of words given as boundaries, text by text; ``counts(text, start, end)`` says which words are scored."""
    right = golden = guessed = 0
    for n, (g, f) in enumerate(zip(gold, found, strict=True)):
        want = {w for w in pairwise(g) if counts(n, *w)}
        have = {w for w in pairwise(f) if counts(n, *w)}
        right, golden, guessed = right + len(want & have), golden + len(want), guessed + len(have)
    return 200 * right / (golden + guessed) if golden + guessed else 0.0


def cut_by(cut: Cutter, texts: Iterable[str]) -> list[list[int]]:
    """The boundaries of each text."""
    return [boundaries(text, partial(map, cut)) for text in texts]


def chinese_f1(texts: Sequence[str], gold: Sequence[Sequence[int]], cut: Cutter) -> float:
    """F1 over the words that are Chinese: punctuation and figures are the same for every segmenter here."""
    han = [set(_offsets(text)) for text in texts]
    return word_f1(gold, cut_by(cut, texts), lambda n, a, b: a in han[n])


def hand_cut(corpus: Path) -> tuple[list[str], list[list[int]]]:
    """The sentences cut by hand: texts, and the boundaries of each."""
    texts, gold = [], []
    for line in (corpus / "hand_cut.txt").read_text(encoding="utf-8").splitlines():
        words = line.split()
        starts = [0]
        for word in words:
            starts.append(starts[-1] + len(word))
        texts.append("".join(words))
        gold.append(starts)
    return texts, gold


def _offsets(text: str) -> Iterator[int]:
    at = 0
    for clause in clauses(text):
        at = text.index(clause, at)
        yield from range(at, at + len(clause))
        at += len(clause)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, score, write the model and the figures."""
    parser = argparse.ArgumentParser(prog="duban.assets.segmenter.train", description=main.__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="the folder with documents/ and segmenter/")
    parser.add_argument("--output", type=Path, default=MODEL, help="where the model goes; MODEL.md beside it is brought up to date")
    options = parser.parse_args(arguments)
    source = options.corpus / "segmenter"

    terms = vocabulary()
    kept = [word for row in _rows(source / "slots.jsonl") if row["slot"] in ("place", "word") for word in row["values"]]
    silver = jieba_cut((t for found in terms.values() for t in found), kept, halves=True)
    documents = sorted((options.corpus / "documents").glob("*.txt"))
    unseen = documents[HELD_OUT]
    texts = [path.read_text(encoding="utf-8") for path in documents if path not in unseen]
    made = generated(source, terms)
    lines = list(dict.fromkeys(" ".join(silver(clause)) for text in (*texts, made) for clause in clauses(text) if len(clause) > 1))
    files = slim(trained(lines))

    options.output.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (options.output / name).write_bytes(data)
    segmenter = Segmenter(files=files)
    held = [path.read_text(encoding="utf-8") for path in unseen]
    hand, gold = hand_cut(source)
    plain = jieba_cut()
    rows = [
        ("characters of training text: documents", f"{sum(map(len, texts)):,}"),
        ("characters of training text: frames and lexicons", f"{len(made):,}"),
        ("different clauses learnt from", f"{len(lines):,}"),
        ("features", f"{len(srsly.msgpack_loads(files[FILES[0]])['feature_to_idx']):,}"),
        ("size of the model", f"{sum(map(len, files.values())) / 1e6:.2f} MB"),
        ("documents held out", ", ".join(path.stem for path in unseen)),
        ("agreement with its teacher on them (word F1)", f"{chinese_f1(held, cut_by(silver, held), segmenter.cut):.1f}"),
        ("agreement with plain jieba on them (word F1)", f"{chinese_f1(held, cut_by(plain, held), segmenter.cut):.1f}"),
        ("**word F1 on the 200 sentences cut by hand**", f"**{chinese_f1(hand, gold, segmenter.cut):.1f}**"),
        ("the same, punctuation and figures counted", f"{word_f1(gold, cut_by(segmenter.cut, hand)):.1f}"),
        ("for comparison on them: plain jieba", f"{chinese_f1(hand, gold, plain):.1f}"),
        ("for comparison on them: its teacher", f"{chinese_f1(hand, gold, silver):.1f}"),
        ("for comparison on them: every character a word", f"{chinese_f1(hand, gold, list):.1f}"),
    ]
    block = "| | |\n|---|---|\n" + "".join(f"| {what} | {value} |\n" for what, value in rows)
    card = options.output.parent / "MODEL.md"
    if card.is_file():
        card.write_text(_BLOCK.sub(lambda _: block, card.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(block)


if __name__ == "__main__":
    main()
