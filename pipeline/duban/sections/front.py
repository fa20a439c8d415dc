"""The front of a document: title, date, place, and where its text begins."""
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from duban import lines
from duban.lines import NUMERAL
from duban.matches import Span
from duban.view import TextView

_FRONT_LINES = 14
_PROSE = re.compile(r"[。；！？]")
_OPENING_BRACKET = re.compile(r"^（(?:19|20)\d\d年[^）]{1,20}日）")
_TITLE_BRACKET = re.compile(r"（(?:摘要|节选|摘编|全文|试行|暂行|草案|征求意见稿|审议稿|送审稿|修订|20\d\d[—-]20\d\d年?)）")
#: What follows a title at once: a bracket, a date, or the speaker's name and a salutation.
_PURPOSE = r"为[了深贯进做切全加扎认推落][^。]{4,80}，(?:制定|特制定)"
_AFTER_TITLE = re.compile(rf"（|——|20|[\u4e00-\u9fff、*]{{0,30}}?(?:同志们|各位|尊敬的)|{_PURPOSE}")
#: What follows it in a first paragraph that is no longer than this, which may speak of a document at once.
_DUMP = 300
_AFTER_SHORT_TITLE = re.compile(
    rf"(?:（20\d\d年\d{{1,2}}月\d{{1,2}}日）)?[\u4e00-\u9fff、*]{{0,30}}?(?:同志们|各位[\u4e00-\u9fff]{{1,6}})[：！]|{_PURPOSE}"
)
_GENERIC_PLACE = re.compile(r"^在?[我全本各该贵两]|^自治.$|^(?:关于|推进|加快|建设)")
_DIGITS = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_DATE = re.compile(
    r"(?<![\d〇零一二三四五六七八九])((?:19|20)\d\d|二[〇零0][〇零一二三四五六七八九]{2})"
    rf"年({_DIGITS})月({_DIGITS})[日号]"
)


@dataclass(frozen=True, slots=True)
class Front:
    """``title`` and the lines around it; ``end`` is the offset where the text itself begins."""

    title: Span | None
    lines: tuple[Span, ...]
    end: int


def find(body: TextView) -> Front:
    """Read the lines before the text begins: at a salutation, a numbered heading or the first prose."""
    text, front = body.text, []
    end, titled = 0, False
    for line in body.paragraphs[:_FRONT_LINES]:
        words = text[line.start:line.end]
        titled = titled or lines.is_title(words)
        if _begins_text(words) or titled and not _belongs_to_front(words):
            break
        front.append(line)
        end = line.end
    first = next((p for p in body.paragraphs if p.start >= end or not front), None)
    run_in = _run_in_title(body, first) if first else None
    if first and run_in:
        stop = _after_front(text, run_in.end, first.end)
        return Front(run_in, (Span(run_in.end, stop),) if stop > run_in.end else (), stop)
    return Front(_title(text, front), tuple(front), end)


def _after_front(text: str, start: int, end: int) -> int:
    """In a copy in one line: where the salutation after the title ends, or the bracket with the date."""
    head = text[start:min(end, start + 90)]
    m = re.search(r"(?:同志们|各位[\u4e00-\u9fff]{1,6}|[\u4e00-\u9fff]{1,3}们)[：，！]", head)
    if m:
        return start + m.end()
    m = re.match(r"（[^）]{0,60}）", head)
    return start + m.end() if m else start


def _belongs_to_front(words: str) -> bool:
    """May the line stand between the title and the text?"""
    return (
        lines.is_title(words)
        or lines.is_subtitle(words)
        or lines.is_date(words)
        or lines.is_number(words)
        or lines.is_speaker(words)
        or lines.is_office(words)
        or words.startswith(("（", "——"))
        or len(words) <= 4 and words not in lines.words("PREFACE")
        or lines.is_organ(words)
    )


def _begins_text(words: str) -> bool:
    if lines.is_title(words) or lines.is_subtitle(words) or lines.is_speaker(words) or lines.is_number(words) or lines.is_date(words):
        return False
    return (
        lines.is_salutation(words)
        or lines.MARKER_HEAD.match(words) is not None
        or _PROSE.search(words) is not None
        or words.endswith("：")
        or len(words) > 90
    )


def _title(text: str, front: list[Span]) -> Span | None:
    shown = [text[s:e] for s, e in front]
    at = next((i for i in reversed(range(len(front))) if lines.is_title(shown[i])), None)
    if at is None:
        plain = [i for i, w in enumerate(shown) if 4 <= len(w) <= 60 and _unnamed_title(w)]
        return front[plain[0]] if plain else None
    first = at
    while first and lines.continues_title(shown[first - 1], shown[first]):
        first -= 1
    return Span(front[first].start, front[at].end)


def _unnamed_title(words: str) -> bool:
    return not (
        lines.is_subtitle(words)
        or lines.is_date(words)
        or lines.is_number(words)
        or lines.is_speaker(words)
        or lines.is_organ(words)
        or words.startswith(("（", "——"))
        or words.endswith("文件")
        or "：" in words
    )


def _run_in_title(body: TextView, first: Span) -> Span | None:
    """The title of a copy in one line: the words up to a document type that white space, a bracket or a salutation follows."""
    text = body.text
    head = text[first.start:min(first.end, first.start + 120)]
    long = first.end - first.start > _DUMP
    follows = _AFTER_TITLE if long else _AFTER_SHORT_TITLE
    for m in _tail_pattern().finditer(head):
        at = first.start + m.end()
        if _PROSE.search(head[: m.end()]):
            break
        bracket = _TITLE_BRACKET.match(text, at)
        if bracket and long:
            return Span(first.start, bracket.end())
        if m.end() >= 5 and (long and body.gap_before(at) or follows.match(text, at)):
            return Span(first.start, at)
    return None


@cache
def _place_rules() -> tuple[re.Pattern[str], ...]:
    unit = lines.any_of("PLACE_UNIT")
    place = rf"[\u4e00-\u9fff]{{2,12}}?(?:{unit})(?:[\u4e00-\u9fff]{{1,10}}?(?:{unit})){{0,2}}"
    return (
        re.compile(rf"^(?:20\d\d年)?(?P<place>{place})(?:20\d\d年)?(?:人民)?政府工作报告"),
        re.compile(rf"^(?P<place>{place})(?:人民政府|人民代表大会|委员会|政府|市委|县委)"),
        re.compile(rf"在(?P<place>{place})(?:第[{NUMERAL}]+届|[{NUMERAL}]+届|20\d\d年)"),
        re.compile(rf"^(?:中共)?(?P<place>{place})(?:委|人民政府)?(?:党组|常务|副|代)*(?:书记|市长|县长|省长|区长|主席|州长|盟长|旗长)"),
        re.compile(rf"^(?:在)?(?P<place>{place})20\d\d年"),
        re.compile(r"^(?P<place>[\u4e00-\u9fff]{2,4}(?<![城都超县地级])(?:省|市|县|自治区|自治州|旗))(?![场民政域级直属委内外])"),
    )


@cache
def _tail_pattern() -> re.Pattern[str]:
    return re.compile(lines.any_of("TITLE_TAIL"))


def document_date(body: TextView) -> str | None:
    """The date the document states for itself, as ``YYYY-MM-DD``, or None.

    It is looked for under the title, in the sub-title, and in a line of its own before an annex or at the end.

    >>> document_date(TextView("在全市工作会议上的讲话\\n（2026年1月20日）\\n同志们：\\n今天开会。").without([]))
    '2026-01-20'
    """
    front = find(body)
    for line in front.lines:
        words = body.text[line.start:line.end]
        if lines.is_date(words) or lines.is_subtitle(words) or front.title and front.title.end == line.start:
            date = _iso(_DATE.search(words))
            if date:
                return date
    return _signed(body)


def _signed(body: TextView) -> str | None:
    """The date under the signature: alone on its line, with what is an annex or nothing after it."""
    paragraphs, text = body.paragraphs, body.text
    for i, line in enumerate(paragraphs):
        words = text[line.start:line.end]
        if not lines.is_date(words) or i == 0:
            continue
        above = text[paragraphs[i - 1].start:paragraphs[i - 1].end]
        if lines.is_organ(above) or len(paragraphs) - i <= 3:
            date = _iso(_DATE.search(words))
            if date:
                return date
    return None


def _iso(m: re.Match[str] | None) -> str | None:
    from duban.sections.markers import ordinal

    if m is None:
        return None
    year, month, day = (ordinal(g.replace("〇", "零")) for g in m.groups())
    if year is None or month is None or day is None or not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def document_place(body: TextView) -> str | None:
    """The place the document states for itself (临澄市人民政府工作报告 → 临澄市), or None."""
    front = find(body)
    shown = [_OPENING_BRACKET.sub("", body.text[s:e]) for s, e in ((front.title,) if front.title else ()) + front.lines]
    for rule in _place_rules():
        for words in shown:
            m = rule.search(words)
            if m and not _GENERIC_PLACE.match(m["place"]):
                return m["place"]
    return None
