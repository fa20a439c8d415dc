"""Boilerplate: what a site, a printer or an editor added to a document's own text.

Every line is looked at for what it is (tokens of controls, a key with its value, a tell-tale phrase, a page number,
a caption) and for where it stands (before the text begins, inside it, after it has ended). Lines that say by
themselves what they are carry the doubtful ones beside them; nothing rests on the name of a site.
"""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from duban import lines as line_kinds
from duban.boilerplate.signs import CLOCK, DATE_VALUE, Line, read, words_of
from duban.lexicon import Lexicon
from duban.matches import KINDS, Boilerplate, Span, Why
from duban.view import TextView

#: Title and teaser that a page repeats below the text stand within this many lines of its end.
_TEASER = 4
_PAGE_NUMBER = re.compile(
    r"—\s?\d{1,4}\s?—|[-–·~]\d{1,4}[-–·~]|第\d{1,4}页(?:[，/、]?共\d{1,4}页)?|共\d{1,4}页[，/、]?第\d{1,4}页|"
    r"[Pp]age\s?\d{1,4}(?:\s?of\s?\d{1,4})?|[Pp]\.?\d{1,4}"
)
#: The title of a table of contents, and what leads to the page number of an entry.
_CONTENTS = re.compile(r"(?:目录|目次|提纲|目录/提纲|内容提要)[：…]*")
_LEADER = re.compile(r"[.·…]*\d{0,3}$")
#: A teaser stands within so many lines and is told by so many characters.
_HEAD, _TEASED = 12, 40
_LOOSE_NUMBER = re.compile(r"(\d{1,4})(?:/(\d{1,4}))?")
_PAGE_TOKEN = re.compile(r"上一页|下一页|首页|尾页|末页|共\d+页|[\[【]?\d{1,3}[\]】]?|\.{2,3}|…")
_INLINE_PAGE = re.compile(r"(?<![\d—])—\d{1,3}—(?![\d—])|第\d{1,3}页[，/、]?共\d{1,3}页")
_NOTE_OF_RECORD = re.compile(r"^（.{2,40}）$")
_PUNCTUATED = re.compile(r"[。！？；：，]|、$")
_HAN = re.compile(r"[\u4e00-\u9fff，。；：、！？“”《》（）]")
#: The title of another text, as a site lists it.
_LISTED = re.compile(
    r"[·•▪■□►▶◆◇○●]?[^。；！？，：]{4,50}(?:讲话|报告|致辞|发言|方案|意见|通知|总结|心得体会|材料|讲话稿|发言稿)"
    r"(?:（[^）]{1,12}）|\d{1,2}篇)?(?:20\d\d-\d\d?-\d\d?|\d{1,6})?"
)
_ENDS_SENTENCE = "。！？；：…”）"
_RUN_IN_TITLE = re.compile(
    r"[^。；！？，：]{4,80}?(?:讲话|报告|致辞|发言|通知|意见|方案|决定)"
    r"(?=（|——|20\d\d|二〇|同志|各位|尊敬|[\u4e00-\u9fff*]{2,16}(?:书记|长|主任|主席))"
)
_SITE_SUFFIX = re.compile(r"[-_|—–·](?!—)[^-_|—–]{2,24}$|\.(?:docx?|pdf|wps|txt)$|^[\[【（][^\]】）]{1,12}[\]】）]", re.IGNORECASE)


@cache
def default_lexicon() -> Lexicon:
    """The lexicon in the package."""
    return Lexicon.packaged("boilerplate")


def find(view: TextView, lexicon: Lexicon | None = None, kinds: Iterable[str] = KINDS) -> list[Boilerplate]:
    """The boilerplate of ``view`` in text order, one span for a run of lines of one kind.

    ``view`` keeps its source lines; ``kinds`` are those to report. Offsets are those of the view.

    >>> view = TextView("首页 > 政务公开\\n在全市工作会议上的讲话\\n同志们：\\n今天开会，部署今年工作。\\n【打印】【关闭】")
    >>> [(b.kind, view.text[b.start:b.end].strip()) for b in find(view)]
    [('navigation', '首页>政务公开'), ('control', '【打印】【关闭】')]
    """
    wanted = frozenset(kinds)
    words = words_of(default_lexicon() if lexicon is None else lexicon)
    lines = read(view, words)
    if not lines:
        return []
    _pages(lines)
    _values(lines)
    _contents(lines)
    _teaser(lines)
    first = _text_begins(lines)
    _front(lines, first, words.medium)
    _listed(lines, first)
    last = _back(lines, first)
    for line in lines[first:last]:
        if line.kind and line.place == "edge":
            line.kind = None
    _beside(lines)
    return _spans(view, lines, wanted)


# -- pages


def _pages(lines: list[Line]) -> None:
    """Page numbers and running headers of a printed copy, page lists of a site."""
    numbers = []
    for i, line in enumerate(lines):
        if len(line.text) > 60:
            continue
        if _PAGE_NUMBER.fullmatch(line.text):
            line.settle("pagination", "page-number")
        elif re.search(r"页|[\[【]", line.text) and len(_PAGE_TOKEN.findall(line.text)) >= 3 and not _PAGE_TOKEN.sub("", line.text):
            line.settle("pagination", "page-list")
        elif _LOOSE_NUMBER.fullmatch(line.text):
            numbers.append(i)
    _loose_numbers(lines, numbers)
    _running_headers(lines)


def _loose_numbers(lines: list[Line], numbers: Sequence[int]) -> None:
    """Bare numbers are page numbers where they count on by one, a page apart, between broken lines."""
    run: list[int] = []
    for i in numbers:
        value = int(lines[i].text.split("/")[0])
        if run and value == int(lines[run[-1]].text.split("/")[0]) + 1 and lines[i].start - lines[run[-1]].end > 200:
            run.append(i)
        else:
            run = [i]
        if len(run) >= 2:
            for j in run[-2:]:
                lines[j].settle("pagination", "page-number")
        elif "/" in lines[i].text and i and lines[i - 1].text[-1] not in _ENDS_SENTENCE:
            lines[i].settle("pagination", "page-number")


def _running_headers(lines: list[Line]) -> None:
    places: dict[str, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        if 4 <= len(line.text) <= 40 and line.kind is None and not _PUNCTUATED.search(line.text) and line.text.count("（") == line.text.count("）"):
            places[re.sub(r"\d+", "#", line.text)].append(i)
    for at in places.values():
        if len(at) < 2 or any(b - a < 6 for a, b in zip(at, at[1:], strict=False)):
            continue
        if line_kinds.MARKER_HEAD.match(lines[at[0]].text):
            continue
        edges = [i for i in at[1:] if _page_edge(lines, i)]
        if len(edges) == len(at) - 1 and (len(at) > 2 or any(lines[j].kind == "pagination" for i in at for j in (i - 1, i + 1) if 0 <= j < len(lines))):
            for i in at:
                lines[i].settle("pagination", "running-header")


def _page_edge(lines: Sequence[Line], i: int) -> bool:
    """Does line ``i`` stand beside a page number or inside a sentence?"""
    around = [lines[j] for j in (i - 2, i - 1, i + 1) if 0 <= j < len(lines)]
    if any(n.kind == "pagination" for n in around):
        return True
    return i > 0 and lines[i - 1].text[-1] not in _ENDS_SENTENCE and len(lines[i - 1].text) > 15


# -- where lines stand


def _values(lines: list[Line]) -> None:
    """The value of a key that ends its line stands on the next one."""
    for line, below in zip(lines, lines[1:], strict=False):
        if line.key is None or below.kind is not None or line.kind is None:
            continue
        text = below.text
        fits = (
            DATE_VALUE.match(text) is not None
            if line.key == "date"
            else text.isdigit()
            if line.key == "count"
            else len(text) <= 20 and not re.search(r"[。；：，！？]", text) and not line_kinds.is_title(text) and not line_kinds.is_speaker(text)
        )
        if fits and below.hint is None or fits and line.key == "count":
            below.settle(line.kind, "value", line.entry)
            below.place = "edge"


def _contents(lines: Sequence[Line]) -> None:
    """A table of contents: under its title, entries that the text begins with again, or that the document's title follows."""
    for at, line in enumerate(lines):
        if not _CONTENTS.fullmatch(line.text):
            continue
        end = at + 1
        while end < len(lines) and _is_entry(lines, at + 1, end):
            end += 1
        entries = [i for i in range(at + 1, end) if line_kinds.MARKER_HEAD.match(lines[i].text)]
        below = lines[end].text if end < len(lines) else ""
        if len(entries) > 1 and below and (line_kinds.is_title(below) or _same_entry(below, lines[at + 1].text)):
            for entry in lines[at:end]:
                entry.settle("navigation", "contents")
        return


def _is_entry(lines: Sequence[Line], first: int, i: int) -> bool:
    text = lines[i].text
    if len(text) > 60 or "。" in text or line_kinds.is_title(text) or line_kinds.is_salutation(text):
        return False
    return i == first or not _same_entry(text, lines[first].text)


def _same_entry(text: str, entry: str) -> bool:
    """Do heading and entry agree, the entry's page number apart?"""
    return _LEADER.sub("", text) == _LEADER.sub("", entry)


def _teaser(lines: Sequence[Line]) -> None:
    """The first words of the document, title and all, that a site puts in one line before it."""
    for i, line in enumerate(lines[:_HEAD]):
        words = line.text[:_TEASED]
        if len(words) == _TEASED and "".join(below.text for below in lines[i + 1:i + 6]).startswith(words):
            line.settle("promotion", "teaser")
            return


def _text_begins(lines: Sequence[Line]) -> int:
    """The first line of the text itself: a salutation, a numbered heading, a sentence that is not furniture."""
    for i, line in enumerate(lines):
        text = line.text
        if line.kind is not None or line.hint is not None:
            continue
        if line_kinds.is_title(text) or line_kinds.is_subtitle(text) or line_kinds.is_number(text) or line_kinds.is_speaker(text):
            continue
        if line_kinds.is_salutation(text) or line_kinds.MARKER_HEAD.match(text):
            return i
        if len(text) >= 30 and re.search(r"[。；！？]|，.*，", text) or len(text) >= 8 and text[-1] in "。：":
            return i
    return len(lines)


def _front(lines: list[Line], first: int, medium: re.Pattern[str]) -> None:
    """Before the text: the last title is the document's own, what stands above it with furniture is the site's."""
    head = lines[:first]
    titles = [i for i, line in enumerate(head) if line.kind is None and line_kinds.is_title(line.text)]
    settled = [i for i, line in enumerate(head) if line.kind is not None]
    body = lines[first].text[:300] if first < len(lines) else ""
    own = titles[-1] if titles else None
    if _holds_title(lines, first):
        own = first
    elif own is not None and _plain(head[own].text) and _plain(head[own].text) in _plain(body):
        own = first  # a copy in one line: the title is in it
    if own is None:
        after = [i for i, line in enumerate(head) if line.kind is None and line.hint is None and _may_be_title(line.text)]
        own = after[-1] if after and settled and after[-1] > settled[-1] else None
    if own is None:
        _site_names(head, settled)
        return
    lines[own].hint = None
    name = _plain(lines[own].text)
    above = [i for i in settled if i < own and head[i].kind != "pagination"]
    for i, line in enumerate(head[:own]):
        if line.kind is not None:
            continue
        repeated = i in titles if own == first else _repeats(line.text, name)
        if repeated:
            line.settle("page_title", "repeated-title")
        elif (above or own == first) and not _letterhead(line.text) and not _title_above(head, i, own):
            line.settle("page_title" if i in titles else line.hint or "navigation", "above-title")
    _between(head, own, medium)


def _title_above(head: Sequence[Line], i: int, own: int) -> bool:
    """Is line ``i`` the first line of the title that ends on line ``own``?"""
    return i == own - 1 and own < len(head) and line_kinds.continues_title(head[i].text, head[own].text)


def _between(head: Sequence[Line], own: int, medium: re.Pattern[str]) -> None:
    """Between title and text: a medium's name, a date before a clock time, and what else stands beside furniture."""
    for i in range(own + 1, len(head)):
        line, around = head[i], [head[j] for j in (i - 1, i + 1) if own < j < len(head)]
        beside = next((n for n in around if n.kind is not None and n.kind != "caption"), None)
        if line.kind is not None or beside is None or beside.kind is None:
            continue
        text = line.text
        if medium.fullmatch(text) and not line_kinds.is_speaker(text):
            line.settle("source_line", "medium")
        elif line_kinds.is_date(text) and i + 1 < len(head) and CLOCK.fullmatch(head[i + 1].text):
            line.settle("source_line", "stamp")
        elif text.isdigit() or line.hint is not None:
            line.settle(line.hint or beside.kind, "beside", line.hint_entry)


def _holds_title(lines: Sequence[Line], first: int) -> bool:
    """Does the text begin with its title, as in a copy in one line?"""
    if first >= len(lines) or len(lines[first].text) < 300:
        return False
    m = _RUN_IN_TITLE.match(lines[first].text)
    return m is not None and line_kinds.is_title(m.group())


def _site_names(head: Sequence[Line], settled: Sequence[int]) -> None:
    """Without a title: short lines above navigation are the site's."""
    navigation = [i for i in settled if head[i].kind == "navigation"]
    for line in head[: navigation[-1]] if navigation else ():
        if line.kind is None and len(line.text) <= 24:
            line.settle("navigation", "above-navigation")


def _may_be_title(text: str) -> bool:
    return (
        6 <= len(text) <= 60
        and not re.search(r"[。；：！？]", text)
        and not line_kinds.is_date(text)
        and not line_kinds.is_speaker(text)
        and not line_kinds.is_subtitle(text)
        and not line_kinds.is_number(text)
        and not line_kinds.is_organ(text)
    )


def _letterhead(text: str) -> bool:
    return line_kinds.is_number(text) or text.endswith("文件") or re.fullmatch(r"(?:绝密|机密|秘密|特急|加急|急件)[★\d年]*", text) is not None


def _plain(text: str) -> str:
    return re.sub(r"[^\u4e00-\u9fffA-Za-z0-9]", "", _SITE_SUFFIX.sub("", text))


def _repeats(text: str, name: str) -> bool:
    plain = _plain(text)
    return len(name) >= 4 and (name in plain or len(plain) >= 6 and plain in name)


def _listed(lines: Sequence[Line], first: int) -> None:
    """Titles of other texts, two or more, each behind a bullet or counted, at the very end."""
    at = len(lines)
    while at > first + 1 and (lines[at - 1].kind is not None or _LISTED.fullmatch(lines[at - 1].text)):
        at -= 1
    listed = [line for line in lines[at:] if line.kind is None]
    if len(listed) > 1:
        for line in listed:
            line.settle("related", "listed")


def _back(lines: list[Line], first: int) -> int:
    """After the text: from the first furniture with nothing of the document after it. Returns where the text ends."""
    if first >= len(lines):
        return len(lines)
    seen = _seen(lines)
    furnished = next((i for i in range(first + 1, len(lines)) if lines[i].kind is not None), len(lines))
    last = len(lines)
    for i in reversed(range(first + 1, len(lines))):
        line = lines[i]
        if line.kind is not None:
            last = last if line.kind in ("caption", "pagination") else i
            continue
        if _owned(lines, i, furnished, seen):
            break
    tail = lines[last:]
    kind = None
    for i, line in enumerate(tail, last):
        if line.kind is not None:
            kind = line.kind
            continue
        if _signed(lines, i):
            continue
        if line.text in seen and seen[line.text] < last:
            line.settle("page_title" if line_kinds.is_title(line.text) else "promotion", "repeated")
        elif kind:
            line.settle(line.hint or kind, "after-the-text")
    return last


def _seen(lines: Sequence[Line]) -> dict[str, int]:
    out: dict[str, int] = {}
    for i, line in enumerate(lines):
        out.setdefault(line.text, i)
    return out


def _owned(lines: Sequence[Line], i: int, furnished: int, seen: dict[str, int]) -> bool:
    """Is line ``i`` the document's own? ``furnished``: the first furniture after the text began."""
    text = lines[i].text
    if lines[i].hint is not None:
        return False
    if seen[text] < i and i >= len(lines) - _TEASER:
        return False
    if _doubles(lines, i):
        return False
    if 2 * len(_HAN.findall(text)) < len(text):
        return False
    if line_kinds.MARKER_HEAD.match(text) or text.rstrip("：") in line_kinds.words("BACK_MATTER"):
        return True
    if text[-1] in "。！？；：" and len(text) >= 12 and not text.startswith("·"):
        return True
    if _signed(lines, i) or line_kinds.is_salutation(text) or _NOTE_OF_RECORD.match(text):
        return True
    return i <= furnished


def _doubles(lines: Sequence[Line], i: int) -> bool:
    """Is the line a teaser: the first words of the text, without its line ends?"""
    text = lines[i].text
    if len(text) < 20 or i < len(lines) - _TEASER:
        return False
    return text[:60] in "".join(line.text for line in lines[:min(40, i)])


def _signed(lines: Sequence[Line], i: int) -> bool:
    """A signature: an organ's name with a date below, or that date."""
    text = lines[i].text
    if line_kinds.is_date(text):
        return i > 0 and lines[i - 1].kind is None and (line_kinds.is_organ(lines[i - 1].text) or lines[i - 1].text[-1] in "。！")
    return line_kinds.is_organ(text) and i + 1 < len(lines) and line_kinds.is_date(lines[i + 1].text)


def _beside(lines: list[Line]) -> None:
    """Doubtful lines (大, 】, >) follow the furniture they stand beside."""
    carry = {"control", "navigation", "pagination", "source_line", "footer", "related"}
    for order in (range(len(lines)), reversed(range(len(lines)))):
        before: Line | None = None
        for i in order:
            line = lines[i]
            if line.kind is None and before is not None and before.kind in carry:
                if line.hint is not None:
                    line.settle(before.kind if line.hint == "control" else line.hint, "beside", line.hint_entry)
                elif before.text.endswith((">", "»")) and len(line.text) <= 16 and before.start < line.start:
                    line.settle("navigation", "breadcrumb")
            before = line


def _spans(view: TextView, lines: Sequence[Line], kinds: frozenset[str]) -> list[Boilerplate]:
    out: list[Boilerplate] = []
    previous: Line | None = None
    for line in lines:
        if line.kind is None or line.kind not in kinds:
            previous = None
            out.extend(_inside(line, kinds))
            continue
        if previous is not None:
            last = out[-1]
            if last.kind == line.kind:
                out[-1] = Boilerplate(last.start, line.end, last.kind, last.why)
                previous = line
                continue
            out[-1] = Boilerplate(last.start, line.start, last.kind, last.why)
        why = Why(line.rule, line.entry, {"line": (Span(line.start, line.end),)})
        out.append(Boilerplate(line.start, line.end, line.kind, why))
        previous = line
    return out


def _inside(line: Line, kinds: frozenset[str]) -> list[Boilerplate]:
    """Page numbers inside a copy without line ends."""
    if line.end - line.start < 400 or "pagination" not in kinds:
        return []
    out = []
    for m in _INLINE_PAGE.finditer(line.text):
        span = Span(line.start + m.start(), line.start + m.end())
        out.append(Boilerplate(*span, "pagination", Why("page-number", None, {"line": (span,)})))
    return out
