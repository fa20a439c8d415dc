"""Boilerplate: what a site, a printer or an editor added to a document's own text.

Every line is looked at for what it is (tokens of controls, a key with its value, a tell-tale phrase, a page number,
a caption) and for where it stands (before the text begins, inside it, after it has ended). Lines that say by
themselves what they are carry the doubtful ones beside them; nothing rests on the name of a site.
"""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from duban import lines as line_kinds
from duban.lexicon import Entry, Hit, Lexicon
from duban.matches import KINDS, Boilerplate, Span, Why
from duban.view import TextView

#: What a boilerplate span may be. Each can be switched off.

_LONGEST = 220
#: Title and teaser that a page repeats below the text stand within this many lines of its end.
_TEASER = 4
_SEPARATORS = re.compile(r"[\s\d|｜/·\-—>»→【】\[\]（）：，、+_.~*#&@«<→✕×☰]")
_BREADCRUMB = re.compile(r"[^。；！？>»→]{1,30}(?:-?[>»→]+[^。；！？>»→]{1,50}){2,10}")
_STAMP = re.compile(
    r"(?:20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?)(?:\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{0,2}秒?)?)|20\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"
)
_DATE_VALUE = re.compile(r"(?:20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\d:：时分秒]{0,9}|20\d\d年)")
_COUNT_VALUE = re.compile(r"[\d.,，]{0,12}(?:次|页|字|人|条|KB|MB|K|M|万|分|元|\+|docx?|pdf|PDF|DOCX?)*")
_NAME_VALUE = re.compile(r"[^。；！？]{0,60}")
_CAPTION = (
    re.compile(r"^（?(?:图为|图[①-⑳\d一二三四五六七八九][：，为]|上图|下图|左图|右图|题图|资料图|资料照片|图片说明|图说|[▲△▼▽↑↓←])"),
    re.compile(r"^（?(?:资料图片?|效果图|示意图|资料照片|视频截图|网络图)）?$"),
)
_REPORTER = "(?:全媒体|首席|见习|实习|特约|融媒体?)?记者"
_COUNTER = re.compile(r"(?:阅读|浏览|点击|点赞|收藏|评论|转发|在看|赞|访问|人气|热度)[数量次]{0,2}[（(]?\d[\d.,万+]*[次)）]?")
_CLOCK = re.compile(r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?")
_TODAY = re.compile(r"今天是.{0,30}|.{0,20}第\d{1,3}版[：:].{0,12}|(?:星期|周)[一二三四五六日]")
_FILE = re.compile(r".{1,60}\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|pptx?)(?:（[^）]{1,20}）)?", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"—\s?\d{1,4}\s?—|[-–·~]\d{1,4}[-–·~]|第\d{1,4}页(?:[，/、]?共\d{1,4}页)?|共\d{1,4}页[，/、]?第\d{1,4}页|"
    r"[Pp]age\s?\d{1,4}(?:\s?of\s?\d{1,4})?|[Pp]\.?\d{1,4}"
)
_LOOSE_NUMBER = re.compile(r"(\d{1,4})(?:/(\d{1,4}))?")
_PAGE_TOKEN = re.compile(r"上一页|下一页|首页|尾页|末页|共\d+页|[\[【]?\d{1,3}[\]】]?|\.{2,3}|…")
_INLINE_PAGE = re.compile(r"(?<![\d—])—\d{1,3}—(?![\d—])|第\d{1,3}页[，/、]?共\d{1,3}页")
_OWN_MEETING = re.compile(r"^(?:地点|主持人?|出席|参加|参会|列席|缺席|记录人?)：")
_NOTE_OF_RECORD = re.compile(r"^（.{2,40}）$")
_PUNCTUATED = re.compile(r"[。！？；：，]|、$")
_HAN = re.compile(r"[\u4e00-\u9fff，。；：、！？“”《》（）]")
_ENDS_SENTENCE = "。！？；：…”）"
_RUN_IN_TITLE = re.compile(
    r"[^。；！？，：]{4,80}?(?:讲话|报告|致辞|发言|通知|意见|方案|决定)"
    r"(?=（|——|20\d\d|二〇|同志|各位|尊敬|[\u4e00-\u9fff*]{2,16}(?:书记|长|主任|主席))"
)
_SITE_SUFFIX = re.compile(r"[-_|—–·](?!—)[^-_|—–]{2,24}$|\.(?:docx?|pdf|wps|txt)$|^[\[【（][^\]】）]{1,12}[\]】）]", re.IGNORECASE)


@dataclass(slots=True)
class _Line:
    """A line of the view and what is known about it."""

    start: int
    end: int
    text: str
    raw: str
    kind: str | None = None  # settled
    rule: str = ""
    entry: str | None = None
    hint: str | None = None  # what it would be beside a settled line
    hint_entry: str | None = None
    key: str | None = None  # a key whose value is still to come, by the type of the value
    place: str = ""  # where the rule that found it holds: "" anywhere, "edge" only outside the text

    def settle(self, kind: str, rule: str, entry: str | None = None) -> None:
        self.kind, self.rule, self.entry = kind, rule, entry


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
    words = _words(default_lexicon() if lexicon is None else lexicon)
    lines = _read(view, words)
    if not lines:
        return []
    _pages(lines)
    _values(lines)
    first = _text_begins(lines)
    _front(lines, first, words.medium)
    last = _back(lines, first)
    for line in lines[first:last]:
        if line.kind and line.place == "edge":
            line.kind = None
    _beside(lines)
    return _spans(view, lines, wanted)


# -- what a line says by itself


def _read(view: TextView, words: _Words) -> list[_Line]:
    text, source = view.text, view.source
    lines = []
    for start, end in view.lines:
        raw = source[slice(*view.to_source(start, end))] if end - start <= _LONGEST else ""
        lines.append(_Line(start, end, text[start:end], raw))
    tokens = _by_line(words.tokens.scan(text), lines)
    cues = _by_line(words.cues.scan(text), lines)
    for i, line in enumerate(lines):
        if line.end - line.start > _LONGEST:
            continue
        _tokens(line, tokens.get(i, ()), words.known)
        if line.kind is None and words.key:
            _keyed(line, words.key, words.keys)
        if line.kind is None:
            _telltale(line, cues.get(i, ()), words)
    return lines


@dataclass(frozen=True, slots=True)
class _Words:
    """A lexicon made ready: what is scanned for, and the keys that a line may begin with."""

    tokens: Lexicon
    cues: Lexicon
    known: frozenset[str]
    keys: dict[str, Entry]
    key: re.Pattern[str] | None
    captions: tuple[re.Pattern[str], ...]
    byline: re.Pattern[str]
    medium: re.Pattern[str]


@lru_cache(8)
def _words(lexicon: Lexicon) -> _Words:
    tokens = lexicon.labelled("FURNITURE")
    keys = {e.pattern: e for e in lexicon.labelled("FURNITURE_KEY")}
    either = "|".join(sorted(map(re.escape, keys), key=len, reverse=True))
    key = re.compile(rf"[【\[（]?({either})[】\]）]?[：丨|]") if keys else None
    media = sorted(lexicon.labelled("MEDIUM"), key=lambda e: -len(e.pattern))
    names = "|".join(re.escape(e.pattern) for e in media) or "(?!)"
    whole = "|".join(re.escape(e.pattern) for e in media if not e.get("byline")) or "(?!)"
    captions = (
        re.compile(rf"(?:记者|通讯员|{names}|摄影)[^。]{{0,30}}(?:摄|摄影|供图|制图|图/文|文/图|摄影报道|摄制)[）)]?[。]?$"),
        re.compile(rf"(?:{names}){_REPORTER}[\u4e00-\u9fff、·/]{{2,24}}[）)]?$"),
        *_CAPTION,
    )
    byline = re.compile(rf"^[□■●◎]?(?:{names})?(?:{_REPORTER}|通讯员)[：丨|]?[\u4e00-\u9fff、·]{{2,20}}$")
    medium = re.compile(rf"[\u4e00-\u9fffA-Za-z·]{{0,14}}(?:{whole})(?:社|讯)?")
    return _Words(tokens, lexicon.labelled("FURNITURE_CUE"), frozenset(e.pattern for e in tokens), keys, key, captions, byline, medium)


def _by_line(hits: Sequence[Hit], lines: Sequence[_Line]) -> dict[int, list[Hit]]:
    out: dict[int, list[Hit]] = defaultdict(list)
    i = 0
    for hit in hits:
        while i < len(lines) and lines[i].end <= hit.start:
            i += 1
        if i < len(lines) and hit.start >= lines[i].start:
            out[i].append(hit)
    return out


def _tokens(line: _Line, hits: Sequence[Hit], known: frozenset[str]) -> None:
    """A line that consists of nothing but tokens of furniture, or a row of short words many of which are."""
    if len(line.text) > 120:
        return
    if not hits:
        if _BREADCRUMB.fullmatch(line.text):
            line.settle("navigation", "breadcrumb")
            return
        if _SEPARATORS.sub("", line.text) == "" and not any(c.isdigit() for c in line.text) and "—" not in line.text:
            line.hint = "control"
        return
    rest, at = [], line.start
    for hit in hits:
        rest.append(line.text[at - line.start: hit.start - line.start])
        at = hit.end
    rest.append(line.text[at - line.start:])
    left = _SEPARATORS.sub("", "".join(rest))
    strong = [h.entry for h in hits if not h.entry.get("weak")]
    if not left:
        if strong:
            line.settle(str(strong[0].get("kind")), "tokens", strong[0].id)
        else:
            line.hint, line.hint_entry = str(hits[0].entry.get("kind")), hits[0].entry.id
        return
    if _BREADCRUMB.fullmatch(line.text):
        line.settle("navigation", "breadcrumb")
        return
    words = [w for w in re.split(r"[\s|｜]+", line.raw) if w]
    if len(words) >= 3 and all(len(w) <= 10 for w in words) and 2 * sum(w in known for w in words) >= len(words):
        line.settle("navigation", "bar", hits[0].entry.id)


def _keyed(line: _Line, key: re.Pattern[str], keys: dict[str, Entry]) -> None:
    """A key with its value: 来源：… 发布时间：… 责任编辑：…"""
    m = key.match(line.text)
    if m is None:
        bare = keys.get(line.text.rstrip(":：丨|"))
        if bare is not None:
            line.hint, line.hint_entry = str(bare.get("kind")), bare.id
        return
    entry = keys[m[1]]
    kind, value = str(entry.get("kind")), str(entry.get("value"))
    words = line.text[m.end():].strip("】])）")
    if not words and value != "any":
        line.key = value
        line.settle(kind, "key", entry.id)
        line.place = "edge"
        return
    fits = {
        "name": _NAME_VALUE.fullmatch(words) is not None and len(line.text) <= 80,
        "date": _DATE_VALUE.match(words) is not None and not re.search(r"[上下]午|晚上|[（(]星期", words),
        "count": _COUNT_VALUE.match(words) is not None and len(line.text) <= 60 and (words[:1].isdigit() or not words),
        "meta": len(line.text) <= 200,
        "any": len(line.text) <= 160,
        "weak": False,
    }[value]
    if value == "weak" and len(line.text) <= 100:
        line.hint, line.hint_entry = kind, entry.id
    elif fits:
        line.settle(kind, "key", entry.id)
        line.place = "edge"


def _telltale(line: _Line, cues: Sequence[Hit], words: _Words) -> None:
    text = line.text
    for hit in cues:
        if len(text) <= int(hit.entry.get("longest", 80)):
            line.settle(str(hit.entry.get("kind")), "cue", hit.entry.id)
            line.place = "" if len(text) <= 40 else "edge"
            return
    if len(text) <= 160 and any(p.search(text) for p in words.captions):
        line.settle("caption", "caption")
    elif words.byline.match(text):
        line.settle("source_line", "byline")
        line.place = "edge"
    elif _COUNTER.fullmatch(text) or _CLOCK.fullmatch(text):
        line.settle("source_line", "counter")
        line.place = "edge"
    elif _TODAY.fullmatch(text):
        line.settle("navigation", "today")
        line.place = "edge"
    elif _FILE.fullmatch(text) and not line_kinds.MARKER_HEAD.match(text):
        line.settle("control", "file")
        line.place = "edge"
    elif len(text) <= 100 and _STAMP.search(text, 0, 60) and not re.search("[。；，]", text) and not line_kinds.is_subtitle(text):
        line.settle("source_line", "stamp")
        line.place = "edge"


# -- pages


def _pages(lines: list[_Line]) -> None:
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


def _loose_numbers(lines: list[_Line], numbers: Sequence[int]) -> None:
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


def _running_headers(lines: list[_Line]) -> None:
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


def _page_edge(lines: Sequence[_Line], i: int) -> bool:
    """Does line ``i`` stand beside a page number or inside a sentence?"""
    around = [lines[j] for j in (i - 2, i - 1, i + 1) if 0 <= j < len(lines)]
    if any(n.kind == "pagination" for n in around):
        return True
    return i > 0 and lines[i - 1].text[-1] not in _ENDS_SENTENCE and len(lines[i - 1].text) > 15


# -- where lines stand


def _values(lines: list[_Line]) -> None:
    """The value of a key that ends its line stands on the next one."""
    for line, below in zip(lines, lines[1:], strict=False):
        if line.key is None or below.kind is not None or line.kind is None:
            continue
        text = below.text
        fits = (
            _DATE_VALUE.match(text) is not None
            if line.key == "date"
            else text.isdigit()
            if line.key == "count"
            else len(text) <= 20 and not re.search(r"[。；：，！？]", text) and not line_kinds.is_title(text) and not line_kinds.is_speaker(text)
        )
        if fits and below.hint is None or fits and line.key == "count":
            below.settle(line.kind, "value", line.entry)
            below.place = "edge"


def _text_begins(lines: Sequence[_Line]) -> int:
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


def _front(lines: list[_Line], first: int, medium: re.Pattern[str]) -> None:
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


def _title_above(head: Sequence[_Line], i: int, own: int) -> bool:
    """Is line ``i`` the first line of the title that ends on line ``own``?"""
    return i == own - 1 and own < len(head) and line_kinds.continues_title(head[i].text, head[own].text)


def _between(head: Sequence[_Line], own: int, medium: re.Pattern[str]) -> None:
    """Between title and text: a medium's name, a date before a clock time, and what else stands beside furniture."""
    for i in range(own + 1, len(head)):
        line, around = head[i], [head[j] for j in (i - 1, i + 1) if own < j < len(head)]
        beside = next((n for n in around if n.kind is not None and n.kind != "caption"), None)
        if line.kind is not None or beside is None or beside.kind is None:
            continue
        text = line.text
        if medium.fullmatch(text) and not line_kinds.is_speaker(text):
            line.settle("source_line", "medium")
        elif line_kinds.is_date(text) and i + 1 < len(head) and _CLOCK.fullmatch(head[i + 1].text):
            line.settle("source_line", "stamp")
        elif text.isdigit() or line.hint is not None:
            line.settle(line.hint or beside.kind, "beside", line.hint_entry)


def _holds_title(lines: Sequence[_Line], first: int) -> bool:
    """Does the text begin with its title, as in a copy in one line?"""
    if first >= len(lines) or len(lines[first].text) < 300:
        return False
    m = _RUN_IN_TITLE.match(lines[first].text)
    return m is not None and line_kinds.is_title(m.group())


def _site_names(head: Sequence[_Line], settled: Sequence[int]) -> None:
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


def _back(lines: list[_Line], first: int) -> int:
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


def _seen(lines: Sequence[_Line]) -> dict[str, int]:
    out: dict[str, int] = {}
    for i, line in enumerate(lines):
        out.setdefault(line.text, i)
    return out


def _owned(lines: Sequence[_Line], i: int, furnished: int, seen: dict[str, int]) -> bool:
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


def _doubles(lines: Sequence[_Line], i: int) -> bool:
    """Is the line a teaser: the first words of the text, without its line ends?"""
    text = lines[i].text
    if len(text) < 20 or i < len(lines) - _TEASER:
        return False
    return text[:60] in "".join(line.text for line in lines[:40])


def _signed(lines: Sequence[_Line], i: int) -> bool:
    """A signature: an organ's name with a date below, or that date."""
    text = lines[i].text
    if line_kinds.is_date(text):
        return i > 0 and lines[i - 1].kind is None and (line_kinds.is_organ(lines[i - 1].text) or lines[i - 1].text[-1] in "。！")
    return line_kinds.is_organ(text) and i + 1 < len(lines) and line_kinds.is_date(lines[i + 1].text)


def _beside(lines: list[_Line]) -> None:
    """Doubtful lines (大, 】, >) follow the furniture they stand beside."""
    carry = {"control", "navigation", "pagination", "source_line", "footer", "related"}
    for order in (range(len(lines)), reversed(range(len(lines)))):
        before: _Line | None = None
        for i in order:
            line = lines[i]
            if line.kind is None and before is not None and before.kind in carry:
                if line.hint is not None:
                    line.settle(before.kind if line.hint == "control" else line.hint, "beside", line.hint_entry)
                elif before.text.endswith((">", "»")) and len(line.text) <= 16 and before.start < line.start:
                    line.settle("navigation", "breadcrumb")
            before = line


def _spans(view: TextView, lines: Sequence[_Line], kinds: frozenset[str]) -> list[Boilerplate]:
    out: list[Boilerplate] = []
    previous: _Line | None = None
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


def _inside(line: _Line, kinds: frozenset[str]) -> list[Boilerplate]:
    """Page numbers inside a copy without line ends."""
    if line.end - line.start < 400 or "pagination" not in kinds:
        return []
    out = []
    for m in _INLINE_PAGE.finditer(line.text):
        span = Span(line.start + m.start(), line.start + m.end())
        out.append(Boilerplate(*span, "pagination", Why("page-number", None, {"line": (span,)})))
    return out
