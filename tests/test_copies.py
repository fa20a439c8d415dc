"""Any copy of a document shows the same outline and the same boilerplate, as far as the copy still tells it."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import copies
import pytest

from duban import boilerplate, sections
from duban.assets.characters import simplified
from duban.view import TextView

DOCUMENTS = Path(__file__).resolve().parents[1] / "corpus" / "documents"
Outline = list[tuple[str, int, int | None, str]]
WIDTHS = range(24, 49, 4)
#: One traditional character for each simplified one that has any.
TRADITIONAL = {b: a for a, b in sorted(simplified().items(), reverse=True)}


def read(text: str) -> tuple[Outline, str, TextView]:
    """Outline, words of the boilerplate, body."""
    view = TextView(text)
    found = boilerplate.find(view)
    body = view.without([(b.start, b.end) for b in found])
    outline = [(s.kind, s.level, s.number, body.text[s.heading.start:s.heading.end].replace("\n", "")) for s in sections.find(body)]
    return outline, "".join(view.text[b.start:b.end] for b in found).replace("\n", ""), body


@cache
def originals() -> dict[str, tuple[str, Outline]]:
    """The documents of the corpus, a paragraph a line without furniture, and their outlines. One is a one-line copy itself."""
    out = {}
    for path in sorted(DOCUMENTS.glob("*.txt")):
        if path.stem == "one-line":
            continue
        outline, _, body = read(path.read_text(encoding="utf-8"))
        out[path.stem] = body.text, outline
    assert len(out) >= 10
    return out


def agreement(copy: Callable[[str], str]) -> float:
    """F1 of the outlines of all copies with those of the originals: kind, level, number and words of each heading."""
    both = total = 0
    for text, outline in originals().values():
        found, marked, _ = read(copy(text))
        assert marked == ""
        both += (Counter(outline) & Counter(found)).total()
        total += len(outline) + len(found)
    return 2 * both / total


@pytest.mark.parametrize("indent", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
def test_hard_wraps(width: int, indent: bool) -> None:
    assert agreement(lambda text: copies.wrapped(text, width, indent)) >= 0.98


@pytest.mark.parametrize("width", WIDTHS)
def test_hard_wraps_that_lost_their_indents(width: int) -> None:
    assert agreement(lambda text: copies.unindented(copies.wrapped(text, width, True))) >= 0.98


@pytest.mark.parametrize(("margin", "allowed"), [("indented", 0.01), ("lost", 0.04), ("flush", 0.08)])
@pytest.mark.parametrize("width", [22, 25, 28, 32, 36])
def test_hard_wraps_of_short_texts(width: int, margin: str, allowed: float) -> None:
    """A few hundred characters say little of the page; their paragraphs are found all the same."""
    lost = total = 0
    for text, _ in originals().values():
        for first in (0, 6):
            short = text.split("\n")[first:first + 8]
            copy = copies.wrapped("\n".join(short), width, margin != "flush")
            body = TextView(copies.unindented(copy) if margin == "lost" else copy).without([])
            lost += len(set(short) - {body.text[s:e] for s, e in body.paragraphs})
            total += len(short)
    assert lost <= allowed * total


@pytest.mark.parametrize("indent", [True, False])
def test_hard_wraps_with_stray_blanks(indent: bool) -> None:
    assert agreement(lambda text: copies.stray(copies.wrapped(text, 32, indent))) >= 0.98


def test_stray_blanks() -> None:
    assert agreement(copies.stray) >= 0.98


def test_blanks_in_place_of_line_ends() -> None:
    assert agreement(lambda text: copies.one_line(text, " ")) >= 0.98


def test_what_a_site_added_is_told_in_one_line_too(corpus: dict[str, str]) -> None:
    text = corpus["web-copy"]
    assert added(copies.one_line(text, " ")) == added(text)


@pytest.mark.parametrize("paragraphs", [6, 8, 16])
def test_a_short_text_between_much_furniture_in_one_line(paragraphs: int) -> None:
    before = (
        "您现在的位置：首页 > 讲话文稿 > 县级讲话 > 正文 在全县春耕备耕现场会上的讲话_苇城文稿网 字号：大 中 小 【打印】 【收藏】 "
        "来源：网友投稿 作者：佚名 发布时间：2026-03-05 浏览次数：118"
    )
    behind = "上一篇：在全县信访工作例会上的讲话 下一篇：全县安全生产总结 声明：本站内容来源于网络，如有侵权请联系删除。"
    own = "在全县春耕备耕现场会上的讲话 （2026年3月4日） 同志们： " + " ".join(
        f"第{n}件事，各乡镇要把农资供应抓在手上，{n}日前备足种子化肥。农机站要进村入户，把机具检修一遍。" for n in range(3, 3 + paragraphs)
    )
    assert added(f"{before} {own} {behind}") == before.replace(" ", "") + behind.replace(" ", "")


def added(text: str) -> str:
    """The boilerplate of a text, without blanks."""
    view = TextView(text)
    return "".join("".join(view.text[b.start:b.end].split()) for b in boilerplate.find(view))


def test_blanks_in_place_of_line_ends_and_elsewhere() -> None:
    assert agreement(lambda text: copies.stray(copies.one_line(text, " "))) >= 0.9


def test_nothing_in_place_of_line_ends() -> None:
    assert agreement(lambda text: copies.one_line(text, "")) >= 0.7


@pytest.mark.parametrize("header", [None, "会议材料汇编之二"])
@pytest.mark.parametrize("indent", [True, False])
@pytest.mark.parametrize("width", [28, 40])
def test_pages(width: int, indent: bool, header: str | None) -> None:
    both = total = 0
    for text, outline in originals().values():
        copy, added = copies.paged(copies.wrapped(text, width, indent), header)
        found, marked, _ = read(copy)
        assert marked == added or header and added.count(header) == 1
        both += (Counter(outline) & Counter(found)).total()
        total += len(outline) + len(found)
    assert 2 * both / total >= 0.98


@pytest.mark.parametrize("name", sorted(path.stem for path in DOCUMENTS.glob("*.txt")))
def test_the_furniture_of_a_traditional_copy(name: str) -> None:
    text = (DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8")
    outline, marked, body = read(text)
    found, marked_too, body_too = read(text.translate(TRADITIONAL))
    assert found == outline
    assert marked_too == marked.translate(simplified())
    assert len(body_too) == len(body)
