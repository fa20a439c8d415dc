"""Points inside a paragraph: 一是 …，二是 …; 首先 …，其次 …; 一个是 …，再一个是 …"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from duban.lines import NUMERAL
from duban.sections.markers import ECHOED, Marker, ordinal

_HAN = f"[{NUMERAL}]{{1,3}}"
#: A point opens where a clause does: after anything but a word, and its first one also after these.
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z0-9%*]")
_BEFORE_FIRST = "为到持即括现有于就"
#: 各部门一要 …，二要 …: a row may begin, and 一是 … 二是 … go on, behind any word; but these make a numeral part of theirs.
_NUMERAL_OF_WORD = "第十百期周之统唯单专合初万如同归划其月号逐不"
#: An enumerator, wherever a clause begins. What a family counts together shares a group.
_ENUMERATOR = re.compile(
    rf"(?=[{NUMERAL}第头首其再最还另又（①-⒛㈠-㈩➀-➉❶-❿\d])(?:"  # what none of the rest begins with is passed over at once
    rf"(?P<is>(?P<is_n>{_HAN})(?:是(?!(?P=is_n)[、，。；])|要(?![素闻害])))"
    rf"|(?P<each>(?:(?P<each_n>{_HAN})?(?P<more>再|还有|另|另外|又)?一|(?P<counted>[二三四五六七八九]))个(?:就|则|便)?是|(?P<again>再一个(?=[，、：就要\u4e00-\u9fff])|(?:还有|另外?|又)一个(?=[，：])|(?:再|还有)就是)|一个(?=[，：]))"
    rf"|(?P<block>(?:(?P<block_n>{_HAN})?(?P<next>再|还有|另|另外|又)?一|(?P<blocks>[二三四五六七八九]))[块条件桩项种类](?:就|则|便)?是)"
    rf"|(?P<ordinal>(?:第(?P<ordinal_n>{_HAN}|\d{{1,2}}(?=[，、：]))|头(?P<head>一)(?=[个条件桩]))"
    r"(?:个?方面|个问题|[点个步类种条项层块]|句话|件事|桩事|[关招环件样桩](?=[，：是]))?)"
    r"|(?P<first>首先|其次|再次|最后)"
    rf"|(?P<qi>其(?P<qi_n>[{NUMERAL}]{{1,2}}))(?![他它])"
    rf"|(?P<echo>(?P<echo_n>{_HAN})[{ECHOED}](?=[，：\u4e00-\u9fff“]))"
    rf"|(?P<han>(?<=[。：；！？])(?P<han_n>{_HAN})、(?!{_HAN}[、，产季级线]))"
    r"|(?P<pnum>（(?P<pnum_n>\d{1,2})）)"
    rf"|(?P<paren>（(?P<paren_n>{_HAN})）)"
    r"|(?P<num>(?<![\d.])(?P<num_n>\d{1,2})[.、](?=[\u4e00-\u9fff“]))"
    r"|(?P<half>(?P<half_n>\d{1,2})）(?=[\u4e00-\u9fff“]))"
    r"|(?P<circled>[①-⒛㈠-㈩➀-➉❶-❿]))"
)
#: Rows that may be open at once, and points that a row looked through has.
_DEEPEST = 12
_LONGEST_ROW = 40
_LONGEST_MARKER = 8
#: 一个是 …，还有一块是 …: families whose unnumbered points go on with one another.
_COUNTS_AS = {"block": "each"}
_MIXED = ("is", "ordinal", "first")
#: 我首先 …，其次 …: what behind a word is a row's first only where its second comes.
_SECOND = {"首先": re.compile(r".*?[，。；！？]其次", re.DOTALL), "第一": re.compile(r"[是要](?![素务义]).*?[，。；！？]第二[是要，]", re.DOTALL)}
_FAR = 1500
#: Families whose first point alone may stand in the paragraph before the second; figures in brackets there refer to lists.
_SPOKEN = ("is", "ordinal", "first", "each", "qi")
#: The family whose points go on behind a word where the marks between them are lost.
_GOES_ON_BEHIND_WORD = "is"
#: What goes on like this after 第一 is a rank or a name (第一季度, 第一产业, 第一书记, 第一要务), no point.
_RANK = re.compile(
    "[轮增季产线批届次年名位期责梯阵档小医附党章节卷篇版页号曲战案台家座条类种级层师军团书动生民国院支副现道代]|时(?!候)|资(?!金)|方(?![便向法])|大(?!家)|中(?!间)|人(?![们手才员心])|要[素务义]|关键|标准|目标|主题|选择|优先|引擎|竞争|市场|梯队|集团|阶段|部分|步(?!，)"
)


@dataclass(frozen=True, slots=True)
class Point:
    """An enumerator and where the point it opens ends."""

    marker: Marker
    end: int


@dataclass(slots=True)
class _Chain:
    family: str
    last: int
    members: list[Marker]
    form: tuple[bool, str]
    carried: bool = False  # the points before stand in the paragraph above
    led: str = ""  # the marker that leads the paragraph, whose row goes on inside

    @property
    def counts(self) -> bool:
        """Is it a row: two points or more, those of the paragraph above with them?"""
        return len(self.members) > (not self.carried and not self.led)


#: Rows of points that may still go on; those of one point are none yet.
Rows = Sequence[_Chain]


def begun(rows: Rows, text: str, start: int, end: int) -> list[Point]:
    """The first points of ``rows`` that the paragraph from ``start`` on goes on with; theirs ended at ``end``.

    有三件事。一是 …。 // 二是 …。: the second leads the next paragraph, so the row has one point in its own.
    """
    marker = next(enumerators(text, start, min(len(text), start + _LONGEST_MARKER)), None)
    if marker is None or marker.start != start or marker.number is None:
        return []
    row = next((c for c in reversed(rows) if c.family == marker.style and c.last + 1 == marker.number), None)
    return [Point(row.members[0], end)] if row and not row.counts else []


def enumerators(text: str, start: int, end: int, heading: int | None = None) -> Iterator[Marker]:
    """The enumerators at clause starts of ``text[start:end]``; a clause starts where the ``heading`` ends, too."""
    for m in _ENUMERATOR.finditer(text, start, end):
        at = m.start()
        family = m.lastgroup or ""
        if at != start and at != heading and _WORD.match(text[at - 1]) and not _after_word(m, family, text[at - 1]):
            continue
        stop = m.end(family)
        if family == "ordinal" and stop == m.end("ordinal_n") and _RANK.match(text, stop, end):
            continue
        yield Marker(m.start(), stop, family, _number(m, family), text[m.start():stop])


def _after_word(m: re.Match[str], family: str, before: str) -> bool:
    """要做到一是 …，二是 …; 各部门一要 …，二要 …: the first of a row may follow a word, those of 一是 … 二是 … all may."""
    if before in _BEFORE_FIRST:
        return m["is_n"] == "一" or m["each"] == "一个是" or m["block"] == "一块是"
    if before in _NUMERAL_OF_WORD or not "\u4e00" <= before <= "\u9fff":
        return False
    ahead = _SECOND.get(m.group())
    if ahead:
        return ahead.match(m.string, m.end(), min(m.endpos, m.end() + _FAR)) is not None
    return family == _GOES_ON_BEHIND_WORD


def _number(m: re.Match[str], family: str) -> int | None:
    if family == "first" or family == "circled":
        return ordinal(m.group(family))
    if family in ("each", "block"):
        counted = m.group(f"{family}_n") or m["counted" if family == "each" else "blocks"]
        if counted:
            return ordinal(counted)
        return None if family == "block" or m.group("more") or m.group("again") else 1
    return 1 if m["head"] else ordinal(m.group(f"{family}_n"))


def chains(text: str, start: int, end: int) -> list[list[Marker]]:
    """The enumerators of ``text[start:end]`` that count on from one another, two or more at a time."""
    return [c.members for c in _rows(enumerators(text, start, end), text, start)[0]]


def find(text: str, start: int, end: int, heading: int | None = None, above: Rows = ()) -> tuple[list[Point], Rows]:
    """The points of one paragraph, enumerators of one family that count 1, 2, …, and the rows open at its end.

    ``heading`` is where the heading ends that leads the paragraph: its marker is no point. ``above`` are the rows open
    at the end of the paragraph before, which this one may go on with from its first word.
    """
    markers = list(enumerators(text, start, end, heading))
    led = None
    if heading is not None and markers and markers[0].start == start:
        first = markers.pop(0)
        led = _Chain(first.style, first.number or 0, [], _form(text, start, first), led=first.text)
    points = []
    rows, open_ = _rows(markers, text, start, above, led)
    if not rows and not open_:
        open_ = above  # a paragraph between
    for row in rows:
        stops = [m.start for m in row.members[1:]] + [end]
        points += [Point(m, stop) for m, stop in zip(row.members, stops, strict=True)]
    return sorted(points, key=lambda p: p.marker.start), open_


def _rows(markers: Iterable[Marker], text: str, start: int, above: Rows = (), led: _Chain | None = None) -> tuple[list[_Chain], Rows]:
    """The rows of two or more, and those that may still go on. ``led``: the row that the paragraph's heading is the last of."""
    found: list[_Chain] = [led] if led else []
    open_: list[_Chain] = [led] if led else []
    for marker in markers:
        form = _form(text, start, marker)
        if marker.start == start and marker.text != "最后":
            found += (_Chain(c.family, c.last, [], c.form, True) for c in above if _follows(c, marker, form))
            open_ += found
        _extend(found, open_, marker, form)
    return [c for c in found if c.counts], [c for c in open_ if c.counts or c.members and c.family in _SPOKEN]


def _form(text: str, start: int, marker: Marker) -> tuple[bool, str]:
    """What points of one row share: whether a sentence ended before them, and how they go on."""
    after = text[marker.end:marker.end + 1]
    return marker.start == start or text[marker.start - 1] in "。！？\n", after if after in "，、：要是" else ""


def _extend(found: list[_Chain], open_: list[_Chain], marker: Marker, form: tuple[bool, str]) -> None:
    if marker.number is not None and marker.style != "each":
        fits = [i for i, c in enumerate(open_) if c.last + 1 == marker.number and c.family == marker.style and _alike(c, marker, form)]
    else:
        fits = [i for i, c in enumerate(open_) if _follows(c, marker, form) or _again(c, marker, form)]
    if not fits and marker.number != 1:
        fits = [i for i, c in enumerate(open_) if _follows_mixed(c, marker)] or [i for i, c in enumerate(open_) if _skips(c, marker, form)]
    if not fits:
        if marker.number == 1 or marker.style == "block" and marker.number is None:
            chain = _Chain(marker.style, 1, [marker], form)
            found.append(chain)
            open_.append(chain)
            del open_[:-_DEEPEST]
        return
    at = next((i for i in reversed(fits) if open_[i].form == form), fits[-1])
    row = open_[at]
    row.members.append(marker)
    row.last = max(row.last + 1, marker.number or 0) if not _late(row, marker) else row.last
    del open_[at + 1:]  # what was opened inside the point before is closed


def _alike(chain: _Chain, marker: Marker, form: tuple[bool, str]) -> bool:
    """一来 …，二来 …; 一靠 …，二靠 …: the same word after the numeral. A row that the paragraph's heading opens has one form."""
    if chain.led and not chain.members:
        return chain.form[1] == form[1] and chain.led[-1] == marker.text[-1]
    return marker.style != "echo" or not chain.members or chain.members[-1].text[-1] == marker.text[-1]


def _follows(chain: _Chain, marker: Marker, form: tuple[bool, str]) -> bool:
    if marker.number is None:
        if marker.text == "最后":
            return chain.family == "first" or chain.family in _MIXED and form[1] != ""
        same = _COUNTS_AS.get(chain.family, chain.family) == _COUNTS_AS.get(marker.style, marker.style)
        return same or marker.text.startswith("再") and chain.family in _MIXED
    return chain.family == marker.style and marker.number == chain.last + 1


def _skips(chain: _Chain, marker: Marker, form: tuple[bool, str]) -> bool:
    """一是 …。二是 …。四是 …。三是 …: a row miscounted by one, where every point begins a sentence in the same way."""
    return (
        chain.family == marker.style
        and chain.form == form
        and form[0]
        and 1 < len(chain.members) < _LONGEST_ROW
        and 1 < (marker.number or 0) <= chain.last + 2
        and all(m.number != marker.number for m in chain.members)
    )


def _late(chain: _Chain, marker: Marker) -> bool:
    """Does the marker make good a number that its row left out?"""
    return marker.number is not None and marker.number < chain.last


def _again(chain: _Chain, marker: Marker, form: tuple[bool, str]) -> bool:
    """一个是 …。一个是 …: said twice, it counts on where a sentence has ended between, not in a mere apposition."""
    return chain.family == marker.style == "each" and bool(chain.members) and marker.text == chain.members[-1].text and form[0]


def _follows_mixed(chain: _Chain, marker: Marker) -> bool:
    """首先 …，第二 …; 第一 …，二是 …; 一个是 …，二是 …; 一个是 …，第二个是 …"""
    family = chain.family in _MIXED or chain.family == "each" and marker.style in ("is", "ordinal")
    return family and marker.style in _MIXED and marker.number == chain.last + 1
