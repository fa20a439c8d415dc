"""GROUP: collectives of units without a name of their own.

A collective ends in a head (部门, 县区, 单位 …), which one automaton finds. From there its words are read leftwards, one
lexicon word at a time: roles and fields (牵头, 行业主管), areas (县区政府), scopes (市直, 驻市), then a quantifier (各, 有关,
其他5个), and further scopes in front of it. Which of them a head needs depends on what else it may mean. A bare head
(县区, 部门) counts where it acts, is addressed, is judged (排名靠后的县区), or is listed with collectives. Words for the
whole area (全市, 省内) stay out.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import NamedTuple

from duban.entities.naming import MASK, Cues, naming
from duban.lexicon import Entry, Lexicon
from duban.matches import Entity, Span, Why
from duban.view import TextView

_KEY = re.compile(r"：|(?:分别|依次)?[是为](?!主|[了难此])")
_CLAUSE = re.compile(r"(?:[，。；：！？、“（\n—]|广大|全[省市县区州])$")
# 后三位的县区 said of the unit itself: 县区后三位依次为…
_RANKED = r"[前后][一二三四五\d]"
_HEAD_OF_CLAUSE = re.compile(r"(?:^|[，。；：！？\n])[\u4e00-\u9fff]{0,2}$")
_NOT_BARE = re.compile(r"[\d个跨多全类级]$")
# A role no lexicon lists, at the head of a clause: 发证部门要…
_OWN_ROLE = re.compile(r"(?:^|[，。；：！？“\n—])(?P<role>(?![各每跨多全这那该本])[\u4e00-\u9fff]{2}(?<![的个家和及与]))$")
_LEVEL_BEFORE = re.compile(r"(?<![全我本该各])[省市县区州]$")
_LEFT_UNIT_OPENS = tuple("，。；：、\n由请对")
_COUNTING = frozenset("个一二三四五六七八九十两几0123456789")
_COUNT = re.compile(r"(?:\d{1,3}|[一二三四五六七八九十两几]{1,3})个?$")
# A few units that everyone knows: 两个开发区
_FEW = re.compile(r"(?<![第前后末等\d一二三四五六七八九十])(?:[两三四五六七八九]|\d{1,2})(?:[个家]|(?P<named>大))$")
# Units of others in a place: 驻市, 驻*, or by the one-character name of the place.
_STATIONED = re.compile(
    r"(?:(?<![进入派留常])驻(?:[*×]{1,3}|[\u4e00-\u9fff])|在[*×京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀黔贵滇云陕秦甘陇青宁新藏蒙])$"
)
_AT = frozenset("驻在")
_AND = re.compile(r"(?:、|和|及|与)$")
#: What may stand in front of scopes: 与国家、省有关部门.
_LINKS = "与和同跟向对由从按经请报让使给到在及"
#: 各 with a role no lexicon lists: 各数据提供部门.
_OPEN = re.compile(r"(?:各级|各|有的|有些|一些|个别|少数|部分)(?![级地类项种个位]|自(?!然)|行各)(?:(?![的是和及与在对为将个项位等都要])[\u4e00-\u9fff]){2,6}$")
_BRACKETED = re.compile(r"（(?:[乡镇市县区旗村办处、]|街道|园区|社区|开发区|功能区|管委会|管理委员会|办事处|党工委){1,4}）")
_COUNTED = re.compile(r"[\dX*余多几一二三四五六七八九十百千][家个户]$")
_MASKED = re.compile(rf"(?:{MASK})$")
_JOIN = re.compile(r"(?:、|和)(?:\d{1,2}|[两三四五六七八九])[个家]|、|以及|和|及其|及|与|或|(?=.)")
_AREA_OUT = ("全", "我", "本", "该")
_LEVELS = tuple("省市县区州盟旗乡镇街")
_LEVELS_ONLY = re.compile(r"(?:(?:中央|国家|[中省市县区州乡镇国])[、和及]?){2,4}")
_OF_OTHERS = re.compile(r"[省市县区州央部]属|驻|辖区|属地|沿线|各|有关|相关|中央[企和]|有的")
_LEVELLED = re.compile(r"[省市县区州盟旗乡镇]")
_WINDOW, _STEPS = 24, 8
#: Of organs, those that are houses or firms as well: 乡镇综合文化站 and 县区农商银行 are only counted.
_HOUSES = ("站", "中心", "所", "院", "馆", "校", "队", "财政", "行", "公司", "集团", "社")
#: The classes of modifiers.
_QUANTIFIER, _SCOPE, _ROLE, _FIELD, _AREA = "QUANTIFIER", "SCOPE", "ROLE", "FIELD", "AREA"


class _Group(NamedTuple):
    start: int
    end: int
    rule: str


class _Word(NamedTuple):
    """A modifier: its class, and where it begins."""

    start: int
    kind: str
    text: str


class _Grammar:
    """The words of the lexicon: heads for the automaton, modifiers by their spelling."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.names = lexicon.labelled("GROUP")
        self.heads = lexicon.labelled("GROUP_FIXED") + lexicon.labelled("GROUP_HEAD") + lexicon.labelled("GROUP_ORGAN") + _organs(lexicon)
        self.bare = frozenset(e.pattern for e in self.heads if e.get("bare"))
        # what a head must not have behind it, and the heads that are keys before a colon
        self.barred = {e.pattern: tuple(w for w in e.get("not_before", ()) if w != "：") for e in reversed(self.heads.entries)}
        self.keys = frozenset(e.pattern for e in self.heads if "：" in e.get("not_before", ()))
        self.topics = tuple(e.pattern for e in lexicon.labelled("GROUP_TOPIC"))
        self.modifiers: dict[str, str] = {}
        for kind in (_FIELD, _ROLE, _QUANTIFIER, _SCOPE):
            self.modifiers |= {e.pattern: kind for e in lexicon.labelled(f"GROUP_{kind}")}
        self.areas = frozenset(e.pattern for e in self.heads if e.get("kind") in ("place", "unit", "institution"))
        for area in self.areas:
            self.modifiers.setdefault(area, _AREA)
        self.naming = naming(lexicon)
        words = Cues(lexicon.labelled("GROUP_CLASS")).words
        self.named_bodies = words("named-body")  # the name goes on to the left: 市防汛抗旱指挥部成员单位
        self.governments = words("government")  # each of several levels has them: 各镇政府、街道办事处
        self.relative_levels = words("relative")  # levels only from where one stands
        self.areas_told = words("told-area")  # areas one only speaks of, unless it is every one of them: 部分省份
        self.fielded, self.actors, self.places, self.of_field = words("fielded"), words("actor"), words("own-place"), words("of-field")
        self.after_list, self.open_heads, self.tiered = words("after-list"), words("open"), words("tiered")
        cue = Cues(lexicon.labelled("GROUP_CUE"))
        self.acts = re.compile(f"{cue('acts', 'ordered', 'adverb')}|{_RANKED}|：")
        self.tiers_act = re.compile(f"{self.acts.pattern}|{cue('together')}|[，。；、]")
        self.ordered = re.compile(f"{cue('adverb')}?{cue('ordered')}")
        self._reports = re.compile(cue("reports"))
        self.addressed = re.compile(f"{cue('addressed')}$")
        self._titled, self._awarded = re.compile(cue("titled")), re.compile(cue("awards") + r"[^，。；：！？\n]{0,14}$")
        self.given = re.compile(f"{cue('given')}了?$")
        self.connective = re.compile(f"{cue('connective')}，?$")
        self._fell_short = re.compile(f"{cue('adverb')}?{cue('fell-short')}")
        self.topic = re.compile(cue("topical"))
        self.topical = re.compile(f"[、，。；）]|{self.topic.pattern}|$")
        # 承担整改任务的部门: what units do makes them one; the clause is part of the name
        self.relative = re.compile(f"各?{cue('relative')}" + r"[^，。；：、！？\n的“”]{0,14}的$")
        # 排名靠后的县区: what units are judged by is not part of it
        self.judged = re.compile(f"{cue('judged')}" + r"[^，。；：！？\n“]{0,12}的$")
        lengths: dict[str, set[int]] = {}
        for word in self.modifiers:
            lengths.setdefault(word[-1], set()).add(len(word))
        # how long the modifiers are that end in a character, the longest first
        self._lengths = {last: sorted(of_it, reverse=True) for last, of_it in lengths.items()}
        self._quantifying = _COUNTING.union(word[-1] for word, kind in self.modifiers.items() if kind == _QUANTIFIER)

    def few_act(self, text: str, start: int, end: int) -> bool:
        """Do a few units get an order here, or report or fall short at the head of a clause?"""
        if self.ordered.match(text, end):
            return True
        count = _FEW.search(text, max(0, start - 3), start)
        start = count.start() if count else start
        opened = _HEAD_OF_CLAUSE.search(text, max(0, start - 4), start)
        return bool(opened and (self._reports.match(text, end) or self._fell_short.match(text, end)))

    def award(self, text: str, start: int, end: int) -> bool:
        """Is this the name of an award: 评为…先进县区, 先进县区称号?"""
        return bool(self._titled.match(text, end) or self._awarded.search(text, max(0, start - 16), start))

    def word_before(self, text: str, end: int, floor: int) -> _Word | None:
        """The longest modifier that ends at ``end``; an enumeration (县、区) begins where no other word of its kind stands."""
        near = max(floor, end - 5)
        if not _AT.isdisjoint(text[near:end]) and (stationed := _STATIONED.search(text, near, end)):
            return _Word(stationed.start(), _SCOPE, stationed.group())
        for length in self._lengths.get(text[end - 1:end], ()):
            if length > end - floor:
                continue
            word = text[end - length:end]
            kind = self.modifiers.get(word)
            if kind is not None and not ("、" in word and text[end - length - 1:end - length] in _LEVELS):
                return _Word(end - length, kind, word)
        return None

    def quantified(self, text: str, end: int) -> bool:
        """Does a quantifier end here?"""
        if text[end - 1:end] not in self._quantifying:
            return False
        floor = max(0, end - _WINDOW)
        word = self._counted(text, end, floor) or self.word_before(text, end, floor)
        return word is not None and word.kind == _QUANTIFIER

    def words_before(self, text: str, end: int, floor: int) -> list[_Word]:
        """The modifiers in front of a head, the nearest first."""
        words: list[_Word] = []
        at, quantified = end, False
        while at > floor and len(words) < _STEPS:
            word = self._counted(text, at, floor) or self.word_before(text, at, floor)
            if word is not None and quantified and word.kind in (_ROLE, _FIELD, _AREA):
                word = replaced if (replaced := self._as_scope(word)) else None
            if word is None or (word.kind == _SCOPE and text[word.start - 1:word.start] in _AREA_OUT and word.start):
                break
            words.append(word)
            at, quantified = word.start, quantified or word.kind == _QUANTIFIER
            if word.kind == _SCOPE:
                at = self._shared_scope(text, at, floor)
                words[-1] = _Word(at, _SCOPE, text[at:word.start] + word.text)
        return words

    def _counted(self, text: str, at: int, floor: int) -> _Word | None:
        """A quantifier with a number: 其他5个."""
        if text[at - 1:at] in _COUNTING:
            count = _COUNT.search(text, max(floor, at - 4), at)
            word = self.word_before(text, count.start(), floor) if count else None
            if word is not None and word.kind == _QUANTIFIER:
                return _Word(word.start, _QUANTIFIER, text[word.start:at])
        return None

    def _as_scope(self, word: _Word) -> _Word | None:
        """An area in front of a quantifier says whose units: 县区各部门."""
        return _Word(word.start, _SCOPE, word.text) if word.kind == _AREA and len(word.text) > 1 else None

    def _shared_scope(self, text: str, at: int, floor: int) -> int:
        """Where the first of several scopes begins that share the head: 中央、省驻市单位, 市直及驻市各单位."""
        while joint := _AND.search(text, max(floor, at - 1), at):
            first = self.word_before(text, joint.start(), floor)
            if first is None or first.kind != _SCOPE or first.text.endswith(("政府", "委")) or (first.text in self.areas and len(first.text) > 1):
                break
            before = text[first.start - 1:first.start]
            if before not in _LINKS and before > "\u4e00" and before < "\ua000" and self.word_before(text, first.start, floor) is None:
                break
            at = first.start
        return at


def _organs(lexicon: Lexicon) -> Lexicon:
    """The organs that every level has, as heads: 各县区|安委会, 各乡镇|应急管理局. Words that are heads already stay what they are."""
    heads = {e.pattern for e in lexicon.labelled("GROUP_FIXED", "GROUP_HEAD", "GROUP_ORGAN")}
    names = [name for e in lexicon.labelled("ORGAN") if e.get("prefix") != "none" for name in (e.pattern, *e.get("aliases", ()))]
    for stem in lexicon.labelled("ORGAN_STEM"):
        names += [stem.pattern + suffix for suffix in ("局", *stem.get("suffixes", ()))]
    return Lexicon(Entry("GROUP_ORGAN", name, f"group_organ/{name}") for name in dict.fromkeys(names) if name not in heads and len(name) > 2)


@lru_cache(maxsize=8)
def _grammar(lexicon: Lexicon) -> _Grammar:
    return _Grammar(lexicon)


def find(view: TextView, lexicon: Lexicon) -> list[Entity]:
    """Candidates for GROUP in text order; they may overlap.

    >>> from duban.entities import default_lexicon
    >>> text = "请各县区、市直有关部门抓紧落实。"
    >>> [text[e.start:e.end] for e in find(TextView(text), default_lexicon())]
    ['各县区', '市直有关部门']
    """
    text, grammar = view.text, _grammar(lexicon)
    found = [Entity(h.start, h.end, "GROUP", h.entry.id, None, None, None, Why("group-name", h.entry.id)) for h in grammar.names.scan(text)]
    groups = _accepted(text, _merged(list(_headed(text, grammar))), grammar)
    found += [Entity(g.start, g.end, "GROUP", None, None, None, None, Why(g.rule, None, {"words": (Span(g.start, g.end),)})) for g in groups]
    return sorted(found, key=lambda e: (e.start, -e.end))


def _headed(text: str, grammar: _Grammar) -> Iterator[_Group]:
    """A group for every head, ``group-bare`` where nothing before it says that it is one."""
    for start, end, entry in grammar.heads.scan(text):
        if entry.label == "GROUP_FIXED":
            yield _Group(_fixed_start(text, start, grammar), end, "group-fixed")
        elif group := _group(text, start, end, entry, grammar):
            yield group


def _group(text: str, start: int, end: int, entry: Entry, grammar: _Grammar) -> _Group | None:
    kind = entry.get("kind", "organ")
    if (kind == "place" and not grammar.quantified(text, start)) or text.startswith(grammar.barred[entry.pattern], end):
        return None
    words = grammar.words_before(text, start, max(0, start - _WINDOW))
    if entry.pattern in grammar.keys and _KEY.match(text, end) and not any(w.kind in (_QUANTIFIER, _SCOPE) for w in words):
        return None  # 责任单位：, 施工单位是: a key
    if not words and text.endswith(grammar.topics, max(0, start - 4), start):
        return None
    if kind == "organ" and not words or entry.pattern in grammar.governments and (not words or _LEVELLED.fullmatch(text, words[-1].start, start)):
        level = words[-1].start if words else start
        return _Group(level, end, "group-shared")
    if kind == "city" or kind == "unit" and not entry.pattern.endswith(grammar.fielded) and not any(w.kind in (_ROLE, _QUANTIFIER) for w in words):
        words = list(takewhile(lambda w: w.kind != _FIELD, words))  # 考核市州: what is done to them is not of them
    if kind in ("unit", "place", "organ", "body") and (bracketed := _BRACKETED.match(text, end)):
        end = bracketed.end()  # 各街道（园区）
    if any(w.text == "先进" for w in words) and grammar.award(text, words[-1].start, end):
        return None  # 评为信访工作先进县区
    rule = _determined(entry.pattern, kind, words, grammar)
    plain = rule is None or (rule in ("group-field", "group-role") and not any(w.kind in (_QUANTIFIER, _SCOPE) for w in words))
    opened = _OPEN.search(text, max(0, start - 9), start) if plain and entry.pattern.endswith(grammar.open_heads) else None
    if opened and (opened.group()[0] == "各" or entry.pattern.endswith(grammar.of_field)):
        every_level = grammar.word_before(text, opened.start(), max(0, opened.start() - 4))
        begin = every_level.start if every_level and every_level.kind == _SCOPE else opened.start()
        initial = begin == 0 or text[begin - 1] in "，。；：！？\n"
        return _Group(begin, end, "group-bare" if kind == "firm" and not initial else "group-open")
    begin = _begin(text, words, start, grammar)
    if text[begin - 1:begin] == "的" and kind == "unit":
        relative = grammar.relative.search(text, max(0, begin - 24), begin)
        if relative and (relative.group()[0] == "各" or relative.start() == 0 or text[relative.start() - 1] in _LEFT_UNIT_OPENS):
            return _Group(relative.start(), end, "group-relative")
        if rule is None and entry.get("bare") and entry.pattern != "地方" and grammar.judged.search(text, max(0, begin - 24), begin):
            return _Group(start, end, "group-judged")
    if rule in ("group-role", "group-scope", "group-field") and _COUNTED.search(text, max(0, begin - 3), begin):
        return None  # 37家定点帮扶单位
    if rule and not (kind == "tier" and not grammar.tiers_act.match(text, end)):
        return _Group(begin, end, rule)
    if text[begin - 1:begin] in ("个", "家", "大") and (few := _FEW.search(text, max(0, begin - 3), begin)):
        return _Group(few.start() if few["named"] else begin, end, "group-few")  # 三大园区, but two 县区
    return None if kind in ("place", "organ", "tier", "city") or (kind == "body" and not entry.get("bare")) else _Group(begin, end, "group-bare")


def _begin(text: str, words: Sequence[_Word], start: int, grammar: _Grammar) -> int:
    """Where the words before a head begin, with the name of the body or of the masked place whose units they are."""
    if not words:
        return start
    first = words[-1]
    if first.text in grammar.named_bodies:
        return grammar.naming.name_start(text, max(0, first.start - 14), first.start)
    masked = _MASKED.search(text, max(0, first.start - 4), first.start) if first.kind == _SCOPE and len(first.text) == 1 else None
    return masked.start() if masked else first.start


def _determined(head: str, kind: str, words: Sequence[_Word], grammar: _Grammar) -> str | None:
    """The rule by which the words before a head make it a collective, if they do."""
    if not words:
        return None
    quantifiers = [w.text for w in words if w.kind == _QUANTIFIER]
    roles, fields = ([w for w in words if w.kind == k] for k in (_ROLE, _FIELD))
    scope = "".join(w.text for w in reversed(words) if w.kind == _SCOPE)
    every = any("各" in q for q in quantifiers)
    tiered = any(w.text in grammar.tiered for w in words)
    if kind == "place":
        return "group-quantifier" if quantifiers and words[0].kind == _QUANTIFIER else None
    if kind == "city":
        return "group-scope" if scope == "兄弟" else None
    if kind == "tier":
        return "group-tier" if words and words[0].kind in (_SCOPE, _AREA) else None
    if kind == "organ":
        owner = words[0].text if words else ""
        areas = (len(owner) > 1 and owner in grammar.areas or owner in grammar.relative_levels) and not head.endswith(_HOUSES)
        return "group-quantifier" if every and not fields else "group-tier" if tiered else "group-areas" if areas else None
    if kind == "firm":
        return "group-owned" if (every and scope.endswith("属")) or scope[:1] in ("驻", "在") else None
    if kind == "institution":
        return "group-institution" if every or quantifiers and quantifiers[-1] in ("有关", "相关") and not fields else None
    if kind == "body":
        local = scope in grammar.relative_levels or any(w.text in ("当地", "所在地") for w in roles)
        if quantifiers:
            return "group-quantifier"
        if roles and head.endswith(("组织", "组", "专班")):
            return "group-role"
        return "group-tier" if tiered else "group-scope" if local and head.endswith(("政府", "机关", "党委")) else None
    if quantifiers:
        return None if head in grammar.areas_told and not every else "group-quantifier"
    if roles or "驻" in scope or scope[-2:-1] == "在":
        return "group-role"
    if fields and head == "部门":
        return "group-field"
    if scope in ("政府", "党委", "党政") or (head in grammar.areas_told and scope != "兄弟"):
        return None
    if scope and (scope.endswith(("直", "属", "级", "政府", "小组", "上")) or scope in grammar.relative_levels or scope.startswith("中央驻")):
        return "group-scope"
    if head in grammar.of_field and len(scope) > 1 and _LEVELS_ONLY.fullmatch(scope):
        return "group-scope"  # 中省部门, 省市单位
    if scope == "国家" and head == "部委":
        return "group-scope"
    return None


def _fixed_start(text: str, start: int, grammar: _Grammar) -> int:
    """The start with a quantifier or a bare level in front: 各民主党派, 市政府系统, but not 全市."""
    word = grammar.word_before(text, start, max(0, start - 6))
    if word and word.kind == _QUANTIFIER:
        return word.start
    level = _LEVEL_BEFORE.search(text, max(0, start - 2), start)
    return level.start() if level else start


def _merged(groups: list[_Group]) -> list[_Group]:
    """Directly adjoining ones are one: 各县区各部门, 市直部门单位."""
    out: list[_Group] = []
    for group in groups:
        while out and out[-1].start >= group.start:
            out.pop()  # read through from a later head: 各县区 in 各县区部门
        last = out[-1] if out else None
        if last and last.end == group.start and last.rule != "group-bare" and group.rule != "group-few":
            out[-1] = _Group(last.start, group.end, last.rule)
        else:
            out.append(group)
    return out


def _accepted(text: str, groups: list[_Group], grammar: _Grammar) -> list[_Group]:
    """The groups, and of the bare heads those that act or that are listed with a collective or with one another."""
    out: list[_Group] = []
    chain: list[_Group] = []
    for item in groups:
        gap = _JOIN.match(text, chain[-1].end) if chain else None
        if gap is None or gap.end() != item.start:
            out += _members(text, chain, grammar)
            chain = []
        chain.append(item)
    return out + _members(text, chain, grammar)


def _members(text: str, chain: list[_Group], grammar: _Grammar) -> list[_Group]:
    """The members of a list of units that count."""
    weak = ("group-bare", "group-few", "group-shared")
    strong = [g for g in chain if g.rule not in weak]
    strong += [g for before, g in pairwise(chain) if g.rule == "group-shared" and "各" in text[chain[0].start:before.end] and chain[0].rule not in weak]
    bare = [g for g in chain if g.rule == "group-bare"]
    strong += [g for g in chain if g.rule == "group-few" and (strong or grammar.few_act(text, chain[0].start, chain[-1].end))]
    if not bare or (not strong and _NOT_BARE.search(text, max(0, chain[0].start - 1), chain[0].start)):
        return strong
    words = [text[g.start:g.end] for g in bare]
    if strong:
        return strong + [_Group(g.start, g.end, "group-listed") for g, word in zip(bare, words, strict=True)
                         if word in grammar.bare or _OF_OTHERS.match(word) or (len(word) > 3 and word.endswith(grammar.of_field))]
    return _bare_members(text, bare, words, grammar)


def _bare_members(text: str, bare: list[_Group], words: list[str], grammar: _Grammar) -> list[_Group]:
    """Bare heads listed with nothing but bare heads."""
    if len(bare) == 1 and not (_may_act(words[0], grammar) or words[0] in grammar.after_list):
        return []
    start, end = bare[0].start, bare[-1].end
    before = text[max(0, start - 2):start]
    initial = not before or bool(_CLAUSE.search(before) or grammar.connective.search(text, max(0, start - 6), start))
    acts = bool(grammar.acts.match(text, end))
    if len(bare) > 1:
        known = all(word in grammar.bare or _OF_OTHERS.match(word) for word in words)
        subject = initial and not grammar.topical.match(text, end)  # 园区、乡镇比着干
        told = acts or subject or "部门" in words or grammar.given.search(text, max(0, start - 5), start)
        return [_Group(g.start, g.end, "group-listed") for g in bare] if known and told else []
    group, word = bare[0], words[0]
    if initial and acts and _may_act(word, grammar):
        return [_Group(group.start, group.end, "group-acts")]
    own = _OWN_ROLE.search(text, max(0, start - 5), start) if acts and word in ("部门", "单位") else None
    if own:
        return [_Group(own.end() - len(own["role"]), group.end, "group-acts")]
    if before.endswith("等") and word in grammar.after_list:
        return [_Group(group.start, group.end, "group-after-list")]
    if word in grammar.bare and grammar.given.search(text, max(0, start - 5), start) and not grammar.topic.match(text, end):
        return [_Group(group.start, group.end, "group-addressed")]  # 推给了街道
    if word not in grammar.bare or grammar.topical.match(text, end) or (initial and text.startswith("的", end)):
        return []
    if (word in grammar.places and (initial or grammar.addressed.search(before))) or (word == "部门" and initial):
        return [_Group(group.start, group.end, "group-addressed")]
    return []


def _may_act(word: str, grammar: _Grammar) -> bool:
    """Is a bare head one of those that act?"""
    return word in grammar.bare or _OF_OTHERS.match(word) is not None or (len(word) > 3 and word.endswith(grammar.actors))
