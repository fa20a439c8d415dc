"""Block headings: which paragraphs open a section, how far the heading reaches, and how deep it stands."""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from duban import lines
from duban.lines import NUMERAL
from duban.matches import Span
from duban.sections import items, markers
from duban.sections.levels import Candidate, Heading, levels
from duban.sections.markers import BY_NAME, Marker
from duban.view import TextView

#: A copy whose paragraphs are longer than this on average has lost its line ends, and one with most of its text in one
#: paragraph that is so long or holds numbered headings with texts of their own.
_RUN_TOGETHER, _HELD, _MOST = 500, 1000, 0.6
#: A copy with blanks inside has one within so many characters.
_SAMPLE = 2000
#: Stretches that 第一，… 第二，… divide a copy in one line into are at least this long.
_DIVISION = 250
_LONGEST_HEADING = 60
#: What belongs together stands within so many characters.
_NEAR = 20_000
#: A text whose first marker states more than this is an excerpt.
_EXCERPT = 2
_LONGEST_BARE = 36
_STOP = re.compile(r"[。：；（]")
#: A sentence that heads a part of a review, be it the only one that a text has.
_YEARS = re.compile(rf"这是[^，]{{4,40}}的[{NUMERAL}]{{1,2}}年|这[{NUMERAL}]{{0,2}}年，(?:我们|全[省市县区州])[^，]{{4,30}}，[^，]{{4,30}}")
_LAST_WORDS = re.compile(r"(?<=[：。])(?:一、|（一）|第一(?:部分|章))(?=[^。；：！？\n]{4,}$)")
#: No heading ends in these.
_HOLDS = "，、“（《——的为和与及在以把将对从向不可了地得到至于自使让被每各更再最均其抓"
#: Figures that a text begins with.
_DATED = re.compile(r"20\d\d年|\d{1,2}(?:月|[—至-]\d{1,2}月)|[一1]季度")
_FIRST_POINT = re.compile(r"(?:第一|首先)，|一[是要](?=[\u4e00-\u9fff])")
_FINAL = "。；：，、"
_BRACKETS = re.compile(r"（[^（）]{0,60}）")
_NOTE = re.compile(r"（[^（）]{0,30}(?:单位|牵头|负责|配合|时限|责任)[^（）]{0,200}）?")
_ANNEX = re.compile(rf"(?P<marker>(?:附件|附录|附表|附图)(?P<n>\d{{1,2}}|[{NUMERAL}]{{1,3}})?)(?P<sep>[：:、.]?)(?P<rest>.*)", re.DOTALL)
_LEAD_IN = re.compile(rf"(?:以下|如下|下列|[{NUMERAL}\d]个?(?:大?方面|点|项|件|条))[^，。]{{0,14}}[。：]?$|(?:是|为|做到|做好|抓好)$")
_TABLE_ROW = re.compile(r"^(?:序号|责任|牵头|配合|完成时限|单位|备注|联系|电话|主送|抄送|印发|报送|分送|共印)")
_LIST_ITEM = re.compile(r"^[·●■◆▲★※\-]")
#: The words over a picture or table.
_FIGURE = re.compile(rf"[图表](?:\d{{1,2}}|[{NUMERAL}]{{1,3}})(?:[-—.]\d{{1,2}})?(?![{NUMERAL}\d个届期次])")


@dataclass(frozen=True, slots=True)
class _Torn:
    """A copy that has lost its line ends; ``blanks``: some stand in their place, if others stand elsewhere."""

    blanks: bool


def find(body: TextView, start: int) -> list[Heading]:
    """The headings of ``body`` from ``start`` on, in text order, with levels."""
    units = list(_units(body, start))
    return levels(_candidates(body, units))


# -- which units open a section


def _units(body: TextView, start: int) -> Iterator[Span]:
    """The paragraphs; a paragraph of a copy without line ends is cut before its numbered headings."""
    paragraphs = [p if p.start >= start else Span(start, p.end) for p in body.paragraphs if p.end > start]
    if not paragraphs:
        return
    torn = _run_together(body)
    for p in paragraphs:
        cuts = _cuts(body, p) if torn else _tail(body.text, p)
        for a, b in zip([p.start, *cuts], [*cuts, p.end], strict=True):
            if a < b:
                yield Span(a, b)


def _tail(text: str, paragraph: Span) -> list[int]:
    """Where a first heading begins that lost its line end (下面讲两点意见：一、肯定成绩), its second leading a paragraph below."""
    m = _LAST_WORDS.search(text, max(paragraph.start + 1, paragraph.end - _LONGEST_HEADING), paragraph.end)
    below = "\n" + m.group().replace("一", "二") if m else ""
    return [m.start()] if m and text.find(below, paragraph.end, paragraph.end + _NEAR) >= 0 else []


def _is_body(text: str, unit: Span, length: int) -> bool:
    """Is the unit a paragraph of prose longer than ``length``, with no marker before it?"""
    return unit.end - unit.start > length and text[unit.end - 1] in "。！？”）" and markers.match(text, *unit) is None


def _run_together(body: TextView) -> bool:
    """Has the copy lost its line ends?"""
    sizes = [e - s for s, e in body.paragraphs]
    if not sizes:
        return False
    total, longest = sum(sizes), max(sizes)
    if total >= _RUN_TOGETHER * len(sizes):
        return True
    return longest >= _MOST * total and (longest >= _HELD or _outlined(body, body.paragraphs[sizes.index(longest)]))


def _outlined(body: TextView, paragraph: Span) -> bool:
    """Does the paragraph hold the text's numbered headings, most of them with more than the sentence they begin?"""
    if any(p != paragraph and markers.match(body.text, *p) for p in body.paragraphs):
        return False
    starts = _cuts(body, paragraph)
    if markers.match(body.text, *paragraph):
        starts.insert(0, paragraph.start)
    texts = [body.text.count("。", a, b) > 1 for a, b in pairwise([*starts, paragraph.end])]
    return len(texts) > 1 and 2 * sum(texts) > len(texts)


def _has_blanks(body: TextView) -> bool:
    return any(body.gap_before(at) for at in range(1, min(len(body.text), _SAMPLE)))


@cache
def _dump_marker() -> re.Pattern[str]:
    """What may begin a heading inside a line: a marker, or the title of a glossary before its first entry."""
    back = "|".join(re.escape(w) for w in lines.words("BACK_MATTER") if not w.startswith("附"))
    return re.compile(
        rf"第[{NUMERAL}]{{1,3}}(?:部分|章)|[{NUMERAL}]{{1,3}}[、.](?![{NUMERAL}]{{1,3}}[、，产季])|（[{NUMERAL}]{{1,3}}）"
        rf"|(?<![\d.])\d{{1,2}}[.、](?=[\u4e00-\u9fff“])|——(?=[\u4e00-\u9fff])|(?P<back>{back})(?=1[.、])"
    )


def _cuts(body: TextView, paragraph: Span) -> list[int]:
    """Where numbered headings begin inside a paragraph without line ends: markers of one style that count 1, 2, …"""
    text = body.text
    runs: dict[str, list[Marker]] = defaultdict(list)
    last: Marker | None = None
    backs: list[int] = []
    entries = -1  # where the entries of a glossary begin
    for m in _dump_marker().finditer(text, paragraph.start, paragraph.end):
        at = m.start()
        ended = text[at - 1] in "。！？…；：”）." or m.group() != "——" and body.gap_before(at)
        if at == paragraph.start:
            last = markers.match(text, at, paragraph.end)
            continue
        if m["back"] and ended:
            backs.append(at)
            entries = m.end()
            continue
        marker = markers.match(text, at, paragraph.end)
        if marker is None:
            continue
        run = runs[marker.style]
        if not ended and text[at] != "（" and at != entries and not (marker.style in ("num", "dash") and _heads(text, last, marker, run)):
            continue
        last = marker
        if not run or marker.number is None or marker.number == 1 or marker.number == (run[-1].number or 0) + 1:
            run.append(marker)
    outer = [m.start for style in ("part", "chapter", "han") for m in runs[style]]
    inner = [m.start for style, run in runs.items() if style not in ("part", "chapter", "han") and len(run) > 1 for m in run]
    weak = [] if outer else _weak_cuts(text, paragraph)
    if weak and inner and weak[0] > min(inner):
        weak = []
    return sorted({*outer, *inner, *weak, *backs})


def _heads(text: str, above: Marker | None, marker: Marker, run: Sequence[Marker]) -> bool:
    """Does ``marker`` begin right behind the words of the heading that ``above`` leads, and count on?"""
    if above is None or BY_NAME[above.style].rank >= BY_NAME[marker.style].rank or not 3 < marker.start - above.end <= _LONGEST_BARE:
        return False
    counts = marker.number in (None, 1) or bool(run) and marker.number == (run[-1].number or 0) + 1
    return counts and not re.search("[。；：]" if marker.number is None else "[。；：，]", text[above.end:marker.start])


def _weak_cuts(text: str, stretch: Span, depth: int = 0) -> list[int]:
    """A text without numbered headings may be divided by 第一，… 第二，…: long stretches, each after a full stop.

    Inside such a stretch a row divides again only where its points hold rows of their own.
    """
    rows = items.chains(text, stretch.start + depth, stretch.end)
    starts: list[int] = []
    for row in rows:
        at = [m.start for m in row]
        ended = sum(a == stretch.start or text[a - 1] in "。！？…”：" for a in at)
        if ended <= 0.7 * len(at) or at[-1] - at[0] < _DIVISION * (len(at) - 1) or markers.match(text, at[0], stretch.end) is None:
            continue
        if (not starts or at[0] < starts[0]) and (depth == 0 or _holds_rows(rows, at, stretch.end)):
            starts = at
    if depth < 2:
        for a, b in zip(starts, [*starts[1:], stretch.end], strict=False):
            starts = starts + _weak_cuts(text, Span(a, b), depth + 1)
    return sorted(starts)


def _holds_rows(rows: Sequence[Sequence[Marker]], at: Sequence[int], end: int) -> bool:
    """Do half or more of the points that begin ``at`` hold a row of points of their own?"""
    holds = sum(any(a < row[0].start and row[-1].start < b for row in rows) for a, b in zip(at, [*at[1:], end], strict=True))
    return 2 * holds >= len(at)


def _candidates(body: TextView, units: Sequence[Span]) -> list[Candidate]:
    text = body.text
    torn = _Torn(_has_blanks(body)) if _run_together(body) else None
    led = [_numbered(body, *three, torn) for three in zip([None, *units], units, [*units[1:], None], strict=False)]
    _drop_points(text, units, led)
    _drop_lonely(text, led)
    _drop_attachment_lists(text, units, led)
    found: list[Candidate] = []
    parallel = _parallel(text, units, led)
    for i, unit in enumerate(units):
        candidate = led[i] or _annex(text, units, led, i, found) or _bare(body, units, led, i)
        if candidate is None and i in parallel:
            candidate = _plain(unit, "topic", text)
        if candidate:
            found.append(candidate)
    return found


def _numbered(body: TextView, above: Span | None, unit: Span, below: Span | None, torn: _Torn | None) -> Candidate | None:
    marker = markers.match(body.text, unit.start, unit.end)
    if marker is None or marker.end >= unit.end:
        return None
    if marker.style == "dash" and (marker.text != "——" or lines.is_subtitle(body.text[unit.start:unit.end])):
        return None
    listed = above and markers.match(body.text, *above)  # one line of a list has no text of its own below
    end, alone = _heading_end(body, marker, unit.end, None if listed and listed.style == marker.style else below, torn)
    if end <= marker.end:
        return None
    return Candidate(unit.start, unit.end, marker.style, marker.number, marker.text, marker.label, end, alone)


def _heading_end(body: TextView, marker: Marker, end: int, below: Span | None, torn: _Torn | None) -> tuple[int, bool]:
    """Where the heading of ``marker`` ends, and whether it stands alone on its line. ``torn``: the copy has no line ends."""
    text, start = body.text, marker.end
    m = _STOP.search(text, start + 1, end)
    if torn:
        stop = m.start() if m else end
        here = _heading_gap(body, start, stop, marker.style) if torn.blanks else _heading_words(text, start, stop)
        if here:
            return here, False
    words = text[start:end]
    stripped = words.rstrip(_FINAL)
    plain = _BRACKETS.sub("", stripped) if not _NOTE.search(stripped) else stripped
    if not _STOP.search(plain) and len(stripped) <= 2 * _LONGEST_HEADING:
        return start + len(stripped), True
    longer = 20 if words != stripped else 0  # a sentence of its own needs more text below to be a heading
    if "。" not in stripped and len(stripped) <= 45 and not _NOTE.search(stripped) and below and _is_body(text, below, len(stripped) + longer):
        return start + len(stripped), True
    return (m.start() if m else end), False


def _heading_gap(body: TextView, start: int, stop: int, style: str) -> int | None:
    """In a copy without line ends: the white space at which a heading's own words end.

    White space stands at the end of every line of the page and by chance inside words. What is on its two sides tells
    them apart: a pair of characters that stands together elsewhere is one word torn, a text begins with certain words,
    the clauses of a heading are of one length.
    """
    text = body.text
    if stop - start < 8:
        return None
    # 一、 stands alone on its line as a rule; the deeper ones run into a sentence that a full stop ends
    alone = style in ("part", "chapter", "han") or style not in ("num", "pnum", "circled") and stop - start > 45
    best, best_score = None, 0.0 if alone else 1.9
    for at in range(start + 4, min(stop, start + 48)):
        gap = body.gap_before(at)
        if not gap or text[at - 1] in "，、“（《——" or text[at] in "，、”）》。；：" or _figures(text, at):
            continue
        score = (0.1 if len(gap) == 1 else 0.6) + _edge(text, start, at) - 2.5 * _together(body, at)
        if score > best_score:
            best, best_score = at, score
    return best


def _figures(text: str, at: int) -> bool:
    """Is a blank at ``at`` one that stands between figures and words?"""
    return text[at - 1].isdigit() or text[at].isdigit() and not _DATED.match(text, at)


def _edge(text: str, start: int, at: int) -> float:
    """How far the words on the two sides of ``at`` speak for the end of a heading that began at ``start``."""
    words = text[start:at]
    ends = words.endswith(lines.words("HEADING_TAIL"))
    score = 1.5 * _balanced(words) + ends
    begins = lines.opener().match(text, at)
    if begins:
        score += 2 if begins.end() - at > 1 else 1.5
    if not ends and (text[at - 1] in _HOLDS or words.endswith(lines.words("HEADING_HOLD"))) or "，" in words[-3:]:
        score -= 2.5
    return score


def _heading_words(text: str, start: int, stop: int) -> int | None:
    """In a copy with nothing at all for its line ends: where the first of a row follows the heading's own words, or words
    that begin a text follow those that end a heading or clauses of one length."""
    stop = min(stop, start + 48)
    m = _FIRST_POINT.search(text, start + 4, stop)
    if m:
        return m.start()
    for at in range(start + 4, stop):
        if lines.opener().match(text, at) and _edge(text, start, at) > 2.2:
            return at
    return None


def _together(body: TextView, here: int) -> bool:
    """Do the characters on the two sides of ``here`` stand side by side elsewhere, not far off?"""
    text = body.text
    pair, last = text[here - 1:here + 1], here + _NEAR
    at = text.find(pair, max(0, here - _NEAR), last)
    for _ in range(8):
        if at == -1:
            break
        if at != here - 1 and not body.gap_before(at + 1):
            return True
        at = text.find(pair, at + 1, last)
    return False


def _balanced(words: str) -> bool:
    clauses = words.split("，")
    return len(clauses) > 1 and max(map(len, clauses)) - min(map(len, clauses)) <= 1


def _drop_points(text: str, units: Sequence[Span], led: list[Candidate | None]) -> None:
    """A paragraph that one row of points fills from its first word on (一是 …。二是 …。) has no heading."""
    for i, (start, end) in enumerate(units):
        c = led[i]
        if c is None or BY_NAME[c.style].strong:
            continue
        if any(chain[0].start == start for chain in items.chains(text, start, end)) and not _beside(led, i):
            led[i] = None


def _beside(led: Sequence[Candidate | None], i: int) -> bool:
    """Is the next led paragraph of this style the next in number, or the one before it the one before?"""
    c = led[i]
    assert c is not None
    after = next((d for d in led[i + 1:i + 40] if d and d.style == c.style), None)
    before = next((d for d in reversed(led[max(0, i - 40):i]) if d and d.style == c.style), None)
    return bool(
        c.number and after and after.number == c.number + 1 or c.number and before and before.number == c.number - 1
    )


def _drop_lonely(text: str, led: list[Candidate | None]) -> None:
    """Weak markers (一是, 第一，, 首先) count only beside another of their kind that comes before or after in number."""
    by_style: dict[str, list[int]] = defaultdict(list)
    for i, c in enumerate(led):
        if c and not BY_NAME[c.style].strong:
            by_style[c.style].append(i)
    excerpt = _excerpt(text, led)
    for positions in by_style.values():
        kept = {excerpt} & set(positions)
        for a, b in zip(positions, positions[1:], strict=False):
            first, second = led[a], led[b]
            assert first and second
            if second.number is None or first.number is not None and second.number == first.number + 1:
                kept.update((a, b))
        for i in positions:
            if i not in kept:
                led[i] = None


def _excerpt(text: str, led: Sequence[Candidate | None]) -> int:
    """The first led paragraph, where the text is an excerpt that begins behind the first points of its row (-1: it is none)."""
    i = next((i for i, c in enumerate(led) if c), -1)
    c = led[i] if i >= 0 else None
    late = c is not None and c.marker is not None and (c.number or 0) > _EXCERPT and re.sub(f"[{NUMERAL}]+", "一", c.marker) not in text[:c.start]
    return i if late else -1


def _drop_attachment_lists(text: str, units: Sequence[Span], led: list[Candidate | None]) -> None:
    """The lines after "附件：1. …" name annexes; they open nothing."""
    listing = 0
    for i, (start, _) in enumerate(units):
        m = re.match(r"附件：(\d{1,2}[.、])?", text[start:start + 8])
        if m:
            listing = 2
            continue
        c = led[i]
        if listing and c and c.style == "num" and c.number == listing:
            led[i] = None
            listing += 1
        else:
            listing = 0


def _annex(text: str, units: Sequence[Span], led: Sequence[Candidate | None], i: int, found: Sequence[Candidate]) -> Candidate | None:
    """An annex, its title on the next line, or a glossary."""
    start, end = units[i]
    words = text[start:end]
    after = text[units[i + 1].start:units[i + 1].end] if i + 1 < len(units) else ""
    title = words.rstrip("：")
    if re.sub(r"（[^）]{0,20}）", "", title) in lines.words("BACK_MATTER") and not title.startswith(("附件", "附录", "附")):
        return Candidate(start, end, "annex", None, None, title, start + len(title), True)
    m = _ANNEX.fullmatch(words)
    if m and len(words) <= 60 and after and not (m["sep"] and not m["n"]):
        reference = lines.is_organ(after) or lines.is_date(after) or m["rest"] and _ANNEX.match(after)
        if not reference and not re.search(r"[。；，]", m["rest"]):
            return Candidate(start, end, "annex", markers.ordinal(m["n"]), m["marker"], m["marker"], start + len(title), True)
    if found and found[-1].style == "annex" and found[-1].end == start - 1 and led[i] is None and len(words) <= 60:
        above = text[found[-1].start:found[-1].end]
        if _ANNEX.fullmatch(above) and len(above) <= 5 and not re.search(r"[。；：]", words):
            return Candidate(start, end, "annex", None, None, words, end, True)
    return None


def _bare(body: TextView, units: Sequence[Span], led: Sequence[Candidate | None], i: int) -> Candidate | None:
    """A heading without a number, alone on its line, with text of its own after it."""
    text = body.text
    unit = units[i]
    words = text[unit.start:unit.end]
    if not 4 <= len(words) <= _LONGEST_BARE and words not in lines.words("PREFACE") + lines.words("CLOSING"):
        return None
    if words[-1] in "，、" or re.search(r"[。；：！？]", words) or words[0] in "（，。、；：！？”）》·—-" or _LIST_ITEM.match(words):
        return None
    if (
        lines.is_salutation(words)
        or lines.is_date(words)
        or lines.is_number(words)
        or lines.is_subtitle(words)
        or lines.is_speaker(words)
        or _TABLE_ROW.match(words)
        or _FIGURE.match(words)
        or not re.search(r"[\u4e00-\u9fff]{2}", words)
    ):
        return None
    above = text[units[i - 1].start:units[i - 1].end] if i else ""
    if above and above[-1] not in "。！？：…”）；" and led[i - 1] is None and not _short(above):
        return None  # a line torn apart
    if i + 1 >= len(units):
        return None
    below = text[units[i + 1].start:units[i + 1].end]
    prose = len(below) > len(words) and (below[-1] in "。！？；：…”）" or "。" in below) and below[0] not in "，。、；：）”"
    if led[i + 1] is None and not prose:
        return None
    if led[i + 1] is not None and lines.is_organ(words) and not prose:
        return None
    return _plain(unit, "bare", text)


def _short(words: str) -> bool:
    return len(words) <= _LONGEST_BARE and not re.search(r"[。；，]", words)


def _plain(unit: Span, style: str, text: str) -> Candidate:
    words = text[unit.start:unit.end].rstrip(_FINAL)
    return Candidate(unit.start, unit.end, style, None, None, words, unit.start + len(words), True)


def _parallel(text: str, units: Sequence[Span], led: Sequence[Candidate | None]) -> set[int]:
    """Single sentences alone on their lines that head the paragraphs after them: two or more in one section, each with
    a longer paragraph below, that begin or end in the same words."""
    out: set[int] = set()
    group: list[int] = []

    def flush() -> None:
        for i in group:
            words = text[units[i].start:units[i].end - 1]
            if _YEARS.fullmatch(words):
                out.add(i)
            for j in group:
                if i == j:
                    continue
                other = text[units[j].start:units[j].end - 1]
                if words[:3] == other[:3] or words[-3:] == other[-3:]:
                    out.add(i)
                    break
        group.clear()

    for i, (start, end) in enumerate(units):
        if led[i] is not None:
            flush()
            continue
        words = text[start:end]
        if not 6 <= len(words) <= 50 or words[-1] != "。" or "。" in words[:-1] or re.search("[：；！？]", words):
            continue
        if _LEAD_IN.search(words) or lines.is_salutation(words) or i + 1 >= len(units) or led[i + 1] is not None:
            continue
        below = units[i + 1]
        if below.end - below.start > 1.5 * len(words) and text[below.end - 1] in "。！？”）：":
            group.append(i)
    flush()
    return out
