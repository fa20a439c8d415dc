"""How similar versions of a document are, and how similar different documents: what the threshold of duplicates rests on.

``python benchmarks/duplicates.py [FOLDER …]`` makes versions of every document and prints a table; see README.md.
"""
from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from random import Random

from duban.duplicates.fingerprint import Fingerprint, fingerprint, similarity

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (ROOT / "corpus" / "documents", ROOT.parent / "shared" / "documents")
#: Words that mean about the same: what somebody swaps who wants a text to look like another one.
SWAPS = {
    "发展": "开展", "服务": "效劳", "推进": "推动", "加快": "加速", "提高": "提升", "加强": "强化", "建设": "建造", "实施": "施行", "完善": "健全",
    "企业": "公司", "工作": "任务", "重点": "要点", "实现": "达成", "确保": "保证", "全面": "全方位", "持续": "不断", "深入": "深化", "优化": "改善",
    "落实": "贯彻", "项目": "工程", "产业": "行业", "增长": "上升", "创新": "革新", "支持": "扶持", "积极": "主动", "突出": "凸显", "坚持": "坚守",
    "打造": "建成", "做好": "搞好", "抓好": "抓实", "努力": "尽力", "群众": "百姓", "问题": "毛病", "经济": "经贸", "投资": "投入", "进一步": "更加",
}  # fmt: skip
_SWAPPED = re.compile("|".join(sorted(SWAPS, key=len, reverse=True)))
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
#: Behind the end of a sentence, or of a line; a copy of a PDF may have a point there.
_END = re.compile(r"(?<=[。；\n])|(?<= [.])")
Change = Callable[[str, Random], str]


def swap(text: str, random: Random, share: float = 1.0) -> str:
    """The text with so many of its words swapped."""
    return _SWAPPED.sub(lambda m: SWAPS[m[0]] if random.random() < share else m[0], text)


def blank(text: str, random: Random) -> str:
    """The text with its figures blanked, as *** or as X.X."""
    if random.random() < 0.5:
        return _FIGURE.sub("***", text)
    return _FIGURE.sub(lambda m: re.sub("[0-9]+", "X", m[0]), text)


def cut(text: str, random: Random, share: float) -> str:
    """The text with sentences left out until so much of it is gone."""
    parts = _END.split(text)
    order = random.sample(range(len(parts)), len(parts))
    gone: set[int] = set()
    while order and sum(len(parts[i]) for i in gone) < share * len(text):
        gone.add(order.pop())
    return "".join(part for i, part in enumerate(parts) if i not in gone)


def move(text: str, random: Random) -> str:
    """The text with its paragraphs in another order."""
    lines = text.split("\n")
    return "\n".join(random.sample(lines, len(lines)))


CHANGES: dict[str, Change] = {
    "figures blanked": blank,
    "half of the words swapped": lambda text, random: swap(text, random, 0.5),
    "all of the words swapped": swap,
    "paragraphs moved": move,
    "10 % cut": lambda text, random: cut(text, random, 0.1),
    "20 % cut": lambda text, random: cut(text, random, 0.2),
    "30 % cut": lambda text, random: cut(text, random, 0.3),
    "blanked, half swapped, 10 % cut": lambda text, random: cut(swap(blank(text, random), random, 0.5), random, 0.1),
    "blanked, half swapped, 30 % cut": lambda text, random: cut(swap(blank(text, random), random, 0.5), random, 0.3),
    "blanked, all swapped, 30 % cut": lambda text, random: cut(swap(blank(text, random), random), random, 0.3),
}


def compared(text: str) -> Fingerprint:
    return fingerprint({"id": "", "text": text, "meta": {}, "boilerplate": []})


def measure(texts: Iterable[str]) -> dict[str, list[float]]:
    """The similarities, ascending: of each kind of version to its original, and of different documents."""
    originals = [(text, compared(text)) for text in texts]
    found = {name: sorted(similarity(one, compared(change(text, Random(i)))) for i, (text, one) in enumerate(originals)) for name, change in CHANGES.items()}
    return {**found, "different documents": sorted(similarity(one, other) for (_, one), (_, other) in combinations(originals, 2))}


def row(name: str, values: list[float]) -> str:
    """A line of the table: least, 5th percentile, median, 95th percentile, most."""
    shown = (values[round(part * (len(values) - 1))] for part in (0, 0.05, 0.5, 0.95, 1))
    return f"| {name} | {len(values)} | " + " | ".join(f"{value:.2f}" for value in shown) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[folder for folder in DOCUMENTS if folder.is_dir()])
    texts = [path.read_text(encoding="utf-8") for folder in parser.parse_args().folders for path in sorted(folder.glob("*.txt"))]
    print("| | pairs | least | 5 % | median | 95 % | most |\n|---|---|---|---|---|---|---|")
    for name, values in measure(texts).items():
        print(row(name, values))


if __name__ == "__main__":
    main()
