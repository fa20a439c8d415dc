"""What a line says by itself: tokens of controls, a key with its value, a tell-tale phrase, a caption, a stamp."""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from duban import lines as line_kinds
from duban.lexicon import Entry, Hit, Lexicon
from duban.view import TextView

#: A line longer than this is no furniture by itself.
LONGEST = 220
_SEPARATORS = re.compile(r"[\s\d|｜/·\-—>»→【】\[\]（）：，、+_.~*#&@«<→✕×☰]")
_BREADCRUMB = re.compile(r"[^。；！？>»→]{1,30}(?:-?[>»→]+[^。；！？>»→]{1,50}){2,10}")
_STAMP = re.compile(
    r"(?:20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?)(?:\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{0,2}秒?)?)|20\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"
)
DATE_VALUE = re.compile(r"(?:20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\d:：时分秒]{0,9}|20\d\d年)")
_COUNT_VALUE = re.compile(r"[\d.,，]{0,12}(?:次|页|字|人|条|KB|MB|K|M|万|分|元|\+|docx?|pdf|PDF|DOCX?)*")
_NAME_VALUE = re.compile(r"[^。；！？]{0,60}")
_CAPTION = (
    re.compile(r"^（?(?:图为|图[①-⑳\d一二三四五六七八九][：，为]|上图|下图|左图|右图|题图|资料图|资料照片|图片说明|图说|[▲△▼▽↑↓←])"),
    re.compile(r"^（?(?:资料图片?|效果图|示意图|资料照片|视频截图|网络图)）?$"),
)
_REPORTER = "(?:全媒体|首席|见习|实习|特约|融媒体?)?记者"
_COUNTER = re.compile(r"(?:阅读|浏览|点击|点赞|收藏|评论|转发|在看|赞|访问|人气|热度)[数量次]{0,2}[（(]?\d[\d.,万+]*[次)）]?")
CLOCK = re.compile(r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?")
_TODAY = re.compile(r"今天是.{0,30}|.{0,20}第\d{1,3}版[：:].{0,12}|(?:星期|周)[一二三四五六日]")
#: Style sheets and addresses of a page, which some copies keep.
_STYLE = re.compile(r"[a-z/]{1,8}>|[!-~\s；（）！？，：]{0,200}\{[!-~\s；（）！？，：]{0,200}\}?")
_ADDRESS = re.compile(r"(?P<before>[^。；：]{0,12})(?:https?[：:]//|www\.)[\w./%?=&-]{4,100}")
#: The document's own line with its day, whatever else it says.
_DATED = re.compile(r"（(?:.{0,12}年)?[\d*X×一二三四五六七八九十]{1,3}月[\d*X×一二三四五六七八九十]{1,3}日[^（）]{0,60}）")
#: Keys that a table before a document has beside those of its index.
_DESCRIBES = ("机构", "日期")
_FILE = re.compile(r".{1,60}\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|pptx?)(?:（[^）]{1,20}）)?", re.IGNORECASE)


@dataclass(slots=True)
class Line:
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


def read(view: TextView, words: Words) -> list[Line]:
    text, source = view.text, view.source
    lines = []
    for start, end in view.lines:
        raw = source[slice(*view.to_source(start, end))] if end - start <= LONGEST else ""
        lines.append(Line(start, end, text[start:end], raw))
    tokens = _by_line(words.tokens.scan(text), lines)
    cues = _by_line(words.cues.scan(text), lines)
    for i, line in enumerate(lines):
        if line.end - line.start > LONGEST:
            continue
        _tokens(line, tokens.get(i, ()), words.known)
        if line.kind is None and words.key:
            _keyed(line, words.key, words.keys)
        if line.kind is None and words.described:
            _described(line, words.described)
        if line.kind is None:
            _telltale(line, cues.get(i, ()), words)
    return lines


@dataclass(frozen=True, slots=True)
class Words:
    """A lexicon made ready: what is scanned for, and the keys that a line may begin with."""

    tokens: Lexicon
    cues: Lexicon
    known: frozenset[str]
    keys: dict[str, Entry]
    key: re.Pattern[str] | None
    described: re.Pattern[str] | None
    captions: tuple[re.Pattern[str], ...]
    byline: re.Pattern[str]
    medium: re.Pattern[str]


@lru_cache(8)
def words_of(lexicon: Lexicon) -> Words:
    tokens = lexicon.labelled("FURNITURE")
    keys = {e.pattern: e for e in lexicon.labelled("FURNITURE_KEY")}
    either = "|".join(sorted(map(re.escape, keys), key=len, reverse=True))
    key = re.compile(rf"[【\[（]?({either})(?:[】\]][：丨|]?|）?[：丨|])") if keys else None
    meta = "|".join(sorted((re.escape(k) for k, e in keys.items() if e.get("value") == "meta" or k.endswith(_DESCRIBES)), key=len, reverse=True))
    described = re.compile(rf"(?:{meta})[^。；，：]{{1,40}}?(?:{meta})") if meta else None
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
    return Words(tokens, lexicon.labelled("FURNITURE_CUE"), frozenset(e.pattern for e in tokens), keys, key, described, captions, byline, medium)


def _by_line(hits: Sequence[Hit], lines: Sequence[Line]) -> dict[int, list[Hit]]:
    out: dict[int, list[Hit]] = defaultdict(list)
    i = 0
    for hit in hits:
        while i < len(lines) and lines[i].end <= hit.start:
            i += 1
        if i < len(lines) and hit.start >= lines[i].start:
            out[i].append(hit)
    return out


def _tokens(line: Line, hits: Sequence[Hit], known: frozenset[str]) -> None:
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


def _keyed(line: Line, key: re.Pattern[str], keys: dict[str, Entry]) -> None:
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
        "date": DATE_VALUE.match(words) is not None and not re.search(r"[上下]午|晚上|[（(]星期", words),
        "count": _COUNT_VALUE.match(words) is not None and len(line.text) <= 60 and (words[:1].isdigit() or not words),
        "meta": len(line.text) <= 200,
        "any": len(line.text) <= 160,
        "weak": False,
    }[value]
    if value == "weak" and len(line.text) <= 160 and len({k[1] for k in key.finditer(line.text)}) > 1:
        line.settle(kind, "keys", entry.id)
        line.place = "edge"
    elif value == "weak" and len(line.text) <= 100:
        line.hint, line.hint_entry = kind, entry.id
    elif fits:
        line.settle(kind, "key", entry.id)
        line.place = "edge"


def _described(line: Line, described: re.Pattern[str]) -> None:
    """A row of the table that a site puts before a document, keys and values in turn: 发布机构 … 文号 …"""
    if len(line.text) <= 120 and "。" not in line.text and described.match(line.text):
        line.settle("source_line", "table")
        line.place = "edge"


def _telltale(line: Line, cues: Sequence[Hit], words: Words) -> None:
    text = line.text
    if _STYLE.fullmatch(text):
        line.settle("control", "style")
        return
    for hit in cues:
        if len(text) <= int(hit.entry.get("longest", 80)) and not (hit.entry.get("kind") == "source_line" and _DATED.fullmatch(text)):
            line.settle(str(hit.entry.get("kind")), "cue", hit.entry.id)
            line.place = "" if len(text) <= 40 else "edge"
            return
    if len(text) <= 160 and any(p.search(text) for p in words.captions):
        line.settle("caption", "caption")
    elif words.byline.match(text):
        line.settle("source_line", "byline")
        line.place = "edge"
    elif _COUNTER.fullmatch(text) or CLOCK.fullmatch(text):
        line.settle("source_line", "counter")
        line.place = "edge"
    elif _TODAY.fullmatch(text):
        line.settle("navigation", "today")
        line.place = "edge"
    elif _ADDRESS.fullmatch(text):
        line.settle("promotion", "address")
        line.place = "edge"
    elif _FILE.fullmatch(text) and not line_kinds.MARKER_HEAD.match(text):
        line.settle("control", "file")
        line.place = "edge"
    elif len(text) <= 100 and _STAMP.search(text, 0, 60) and not re.search("[。；，]", text) and not line_kinds.is_subtitle(text):
        line.settle("source_line", "stamp")
        line.place = "edge"
