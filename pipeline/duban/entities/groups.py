"""GROUP: collectives of units without a name of their own.

A collective is a scope (市直, 县属, 市政府), a quantifier (各, 有关, 其他5个), roles (牵头, 责任, 行业主管) and a head (部门,
县区, 单位 …), in about that order; which of them a head needs depends on what else it may mean. A bare head (县区,
部门) counts where it acts, is addressed, or is listed with collectives. Words for the whole area (全市, 省内) stay out.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from duban.lexicon import Lexicon
from duban.matches import Entity, Span, Why
from duban.view import TextView

_COUNT = r"(?:(?:\d{1,3}|[一二三四五六七八九十两几]{1,3})个?)?"
#: 驻市, 驻*: units of others in a place
_STATIONED = r"[驻在](?:[市县区省州定京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀黔贵滇云陕秦甘陇青宁新藏蒙]|[*×]{1,3})"
_LEVELS = r"(?:[省市县区乡镇](?:、[省市县区乡镇]){1,3}|(?:国家|省|市)(?:和|、|及)(?:省上|省级|省直|市级|市直|市上|省|市))"
_JOIN = r"(?:、|以及|和|及其|及|与|或)"
#: What an actor does, directly after it is named.
_ACTS = re.compile(
    r"(?:一定|都|也|均|还|既|可以|要(?![素求点闻件塞务])|应(?![急用对])|须|务必|必须|不得|不能|负责|牵头|需要?(?!求)|切实|主动|认真|按(?!揭)|结合|普遍|共同|密切|抓(?!手)|落实|定期|及时|严格"
    r"|高度|分别|统筹|尚未|没有|最后|后[一二三四五\d]|前[一二三四五\d]|：)"
)
_CLAUSE = re.compile(r"[，。；：！？、“（\n—]$")
# Where units are addressed or judged: 请县区…, 通报市州, 达标的县区
_ADDRESSED = re.compile(r"(?:的|内|到|请|由|对|督促|指导|考核|督察|通报|涉及)$")
_LISTED_AFTER = re.compile(r"[、，。；）]|财政|经济|工业|之间|差距|层面|领导|干部|班子|$")
_NOT_BARE = re.compile(r"[\d个跨多全类级]$")
_FIELDED = ("部门", "单位", "机构", "机关", "企业", "国企")
# A role no lexicon lists, at the head of a clause: 发证部门要…
_OWN_ROLE = re.compile(r"(?:^|[，。；：！？“\n—])(?P<role>(?![各每跨多全这那该本])[\u4e00-\u9fff]{2}(?<![的个和及与]))$")
_LEVEL_BEFORE = re.compile(r"(?<![全我本该各])[省市县区州]$")
_OWNED = re.compile(r"[省市县区州中央部]属")
_ACTORS = ("部门", "单位", "企业", "国企", "政府", "党委")
_PLACES = ("县区", "市州", "区县", "县市区")
_AFTER_LIST = ("群团组织", "平台公司", "职能部门", "主管部门")
_RELATIVE = re.compile(
    r"(?:各)?(?:承担|负责|涉及|参与|没有完成|未完成|完成|列入|受到|分管|排名靠后|排名靠前|排名落后|承接|实施)[^，。；：、！？\n的“”]{0,14}的$"
)


#: Levels that are only so from where one stands.
_RELATIVE_LEVELS = ("上级", "下级", "基层", "属地", "辖区", "兄弟", "本级")


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    rule: str


class _Grammar:
    """The words of the lexicon, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        def words(label: str) -> list[str]:
            return [e.pattern for e in lexicon.labelled(label)]

        heads = list(lexicon.labelled("GROUP_HEAD"))
        self.names = lexicon.labelled("GROUP")
        self.kinds = {e.pattern: e.get("kind", "unit") for e in heads}
        self.bare = frozenset(e.pattern for e in heads if e.get("bare"))
        quantifier, scope, role, field, organ = (_any(words(f"GROUP_{part}")) for part in ("QUANTIFIER", "SCOPE", "ROLE", "FIELD", "ORGAN"))
        not_before = {e.pattern: e.get("not_before", ()) for e in heads}
        head, area = (_any((w for w, kind in self.kinds.items() if (kind == "place") == place), not_before) for place in (False, True))
        scopes = rf"(?:{_LEVELS}|中央(?:和|及|、)(?:省属|省直|省级|{_STATIONED})|{scope})"
        self.fixed = re.compile(_any(words("GROUP_FIXED")))
        self.role, self.field = re.compile(role), re.compile(field)
        self.pattern = re.compile(
            rf"(?P<scope>{scopes}{{0,2}})(?P<stationed>(?:{_STATIONED})?)(?P<quantifier>(?:{quantifier}{_COUNT})?)"
            rf"(?:(?P<plain>{head})|(?P<inner>{scopes}?)(?P<words>(?:{role}|{field}|{quantifier}|{_STATIONED}){{0,4}})(?P<head>{head})|(?P<area>{area}))(?P<more>(?:{quantifier}{role}?(?:{head}|{area})|(?<=部门)单位(?!：)|(?<=[区县镇道])部门(?!：)){{0,3}})(?P<organ>{organ}?)"
        )


def _any(words: Iterable[str], not_before: Mapping[str, Iterable[str]] | None = None) -> str:
    """An alternation, the longest first, that looks at the first character once."""
    initials: dict[str, list[str]] = {}
    for word in sorted(dict.fromkeys(words), key=lambda w: (-len(w), w)):
        bad = "|".join(map(re.escape, (not_before or {}).get(word, ())))
        initials.setdefault(word[0], []).append(re.escape(word[1:]) + (f"(?!{bad})" if bad else ""))
    return "(?:" + ("|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in initials.items()) or "(?!)") + ")"


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
    strong = [_Group(_level_before(text, m.start()), m.end(), "group-fixed") for m in grammar.fixed.finditer(text)]
    weak: list[_Group] = []
    for match in grammar.pattern.finditer(text):
        start, end = match.start(), match.end()
        if match["scope"] and text[start - 1:start] in ("全", "我", "本", "该"):
            start = match.end("scope")  # 全市各部门: the area stays outside
        if match["organ"] and "各" not in match["quantifier"] + (match["words"] or ""):
            weak.append(_Group(start, end, "group-bare"))
            continue  # 县区政府: an organ of each level, not the area
        words = match["words"] or ""
        if words and match["head"] not in _FIELDED and grammar.field.search(words) and not grammar.role.search(words):
            start = match.start("head")  # 考核市州: what is done to them is not of them
        relative = _RELATIVE.search(text, max(0, start - 24), start)
        if relative and (relative.group()[0] == "各" or relative.start() == 0 or text[relative.start() - 1] in "，。；：\n"):
            strong.append(_Group(relative.start(), end, "group-relative"))
        elif start not in (match.start("head"), match.start("plain"), match.end() - 1) and (rule := _determined(match, grammar)):
            strong.append(_Group(start, end, rule))
        else:
            weak.append(_Group(start, end, "group-bare"))
    groups = strong + _acting(text, strong, weak, grammar)
    found += [Entity(g.start, g.end, "GROUP", None, None, None, None, Why(g.rule, None, {"words": (Span(g.start, g.end),)})) for g in groups]
    return sorted(found, key=lambda e: (e.start, -e.end))


def _level_before(text: str, start: int) -> int:
    """The start with a bare level in front: 市政府系统, but not 全市."""
    level = _LEVEL_BEFORE.search(text, max(0, start - 2), start)
    return level.start() if level else start


def _determined(match: re.Match[str], grammar: _Grammar) -> str | None:
    """The rule by which the words before a head make it a collective, if they do."""
    head, quantifier, words = match["plain"] or match["head"] or match["area"], match["quantifier"], match["words"] or ""
    kind, scope = grammar.kinds[head], match["scope"] + (match["inner"] or "")
    every = "各" in quantifier + words
    if kind == "place":
        return "group-quantifier" if quantifier and not words else None
    if kind == "firm":
        return "group-owned" if every and scope.endswith("属") else None
    if kind == "body":
        return "group-quantifier" if every or quantifier else "group-scope" if head == "政府" and scope in _RELATIVE_LEVELS else None
    if every or quantifier:
        return None if head == "地区" and not every and quantifier in ("先进", "后进", "落后", "部分") else "group-quantifier"
    if (words and grammar.role.search(words)) or match["stationed"]:
        return "group-role"
    if words and head == "部门":
        return "group-field"
    if scope and (scope.endswith(("直", "属", "级", "政府", "小组", "上")) or scope in _RELATIVE_LEVELS or scope.startswith("中央驻")):
        return "group-scope"
    if scope == "国家" and head == "部委":
        return "group-scope"
    return None


def _acting(text: str, strong: list[_Group], weak: list[_Group], grammar: _Grammar) -> list[_Group]:
    """Bare heads that act, or that are listed with a collective or with one another."""
    taken = {i for g in strong for i in range(g.start, g.end)}
    items = sorted([*strong, *(w for w in weak if w.start not in taken)], key=lambda g: g.start)
    join = re.compile(_JOIN)
    out: list[_Group] = []
    chain: list[_Group] = []
    for item in [*items, None]:
        if item is not None and chain:
            gap = join.match(text, chain[-1].end)
            if (gap and gap.end() == item.start) or chain[-1].end == item.start:
                chain.append(item)
                continue
        out += _accepted(text, chain, grammar)
        chain = [item] if item else []
    return out


def _accepted(text: str, chain: list[_Group], grammar: _Grammar) -> list[_Group]:
    """The bare members of a list of units that count."""
    bare = [g for g in chain if g.rule == "group-bare"]
    if not bare or _NOT_BARE.search(text[max(0, chain[0].start - 1):chain[0].start]):
        return []
    words = [text[g.start:g.end] for g in bare]
    if len(chain) > len(bare):
        return [_Group(g.start, g.end, "group-listed") for g, word in zip(bare, words, strict=True) if word in grammar.bare or _OWNED.match(word)]
    before, after = text[max(0, chain[0].start - 2):chain[0].start], chain[-1].end
    initial = not before or bool(_CLAUSE.search(before))
    acts = bool(_ACTS.match(text, after))
    if len(chain) > 1:
        known = all(word in grammar.bare or word.startswith("各") for word in words)
        return [_Group(g.start, g.end, "group-listed") for g in bare] if known and (acts or "部门" in words) else []
    group, word = chain[0], words[0]
    if initial and acts and (word in grammar.bare or word.startswith("各") or (len(word) > 3 and word.endswith(_ACTORS))):
        return [_Group(group.start, group.end, "group-acts")]
    own = _OWN_ROLE.search(text, max(0, group.start - 5), group.start) if acts and word in ("部门", "单位") else None
    if own:
        return [_Group(own.end() - len(own["role"]), group.end, "group-acts")]
    if before.endswith("等") and word in _AFTER_LIST:
        return [_Group(group.start, group.end, "group-after-list")]
    if word not in grammar.bare or _LISTED_AFTER.match(text, after):
        return []
    if (word in _PLACES and (initial or _ADDRESSED.search(before))) or (word == "部门" and initial):
        return [_Group(group.start, group.end, "group-addressed")]
    return []
