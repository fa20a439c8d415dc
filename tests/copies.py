"""Copies of a document as programs make them: in one line, wrapped at a width, with stray blanks, with pages."""
from __future__ import annotations

import random
import re

_NO_START = "，。、；：！？”’）》】%…"
_NO_END = "“‘（《【"


def one_line(text: str, gap: str) -> str:
    """The lines joined with ``gap`` in place of their ends."""
    return gap.join(line.strip() for line in text.split("\n") if line.strip())


def wrapped(text: str, width: int, indent: bool) -> str:
    """The paragraphs broken at ``width`` Chinese characters, as a page breaks them; with ``indent`` two blanks lead each."""
    return "\n".join(line for paragraph in text.split("\n") for line in _fold(paragraph.strip(), width, "\u3000\u3000" if indent else ""))


def _fold(paragraph: str, width: int, line: str) -> list[str]:
    out, used = [], 2 * len(line)
    for c in paragraph:
        size = 1 if c < "\x80" else 2
        if used + size > 2 * width and c not in _NO_START:
            carried = ""
            while line[-1:] and line[-1] in _NO_END:
                line, carried = line[:-1], line[-1] + carried
            out.append(line)
            line, used = carried, 2 * len(carried)
        line += c
        used += size
    return [*out, line]


def unindented(text: str) -> str:
    """The lines without the blanks that lead them, as a text layer gives them."""
    return "\n".join(line.lstrip("\u3000") for line in text.split("\n"))


def stray(text: str, seed: int = 1) -> str:
    """Blanks between figures and Chinese, inside words and numbers, and around punctuation, as a PDF leaves them."""
    chance = random.Random(seed).random
    text = re.sub(r"(?<=[\u4e00-\u9fff])(?=\d)|(?<=\d)(?=[\u4e00-\u9fff])", " ", text)
    out = []
    for a, b in zip(text, text[1:] + "\n", strict=True):
        han = "\u4e00" <= a <= "\u9fff"
        torn = han and ("\u4e00" <= b <= "\u9fff" and chance() < 0.06 or b in "，。、；：" and chance() < 0.4)
        torn = torn or a in "，。、；：" and b != "\n" and chance() < 0.3 or a.isdigit() and (b.isdigit() or b in ".%") and chance() < 0.08
        out.append(a + " " * torn)
    return "".join(out)


def paged(text: str, header: str | None, lines: int = 24) -> tuple[str, str]:
    """The text with a page number, and a running header if given, every so many lines; and what was added."""
    rows, out, added = text.split("\n"), [], []
    for number, at in enumerate(range(0, len(rows), lines), 1):
        page = [header] if header else []
        out += [*page, *rows[at:at + lines], f"— {number} —"]
        added += [*page, f"— {number} —"]
    return "\n".join(out), "".join("".join(added).split())
