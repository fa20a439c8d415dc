"""The lexicon of projects as compiled patterns."""
from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from duban import occasions
from duban.alternation import any_of, opening
from duban.lexicon import Entry, Lexicon

LABELS = ("PROJECT_HEAD", "PROJECT_BOUND", "PROJECT_STATE", "PROJECT_TERM", "PROJECT_END", "PROJECT_TAIL")
#: Names known by their form: a numbered road, 西环路, a second stage, 引江济淮, 南水北调, 西电东送.
#: What each of them opens with is looked up first, since most text has none.
NAMED = re.compile(
    r"(?=[0-9A-Z国省县东南西北一二三四引]|[\u4e00-\u9fff]电)(?:"
    r"[GSX][0-9*]{2,5}[\u4e00-\u9fff*]{2,14}?段(?![0-9])|[GSXY][0-9*]{2,5}线|(?:国道|省道|县道)[GSXY]?[0-9]{2,4}线?|(?<![0-9A-Z])[A-Z][0-9]{1,2}线|"
    r"[东南西北](?:环路|环线|外环|大街|大道|干渠|干管)|"
    r"(?<=[\u4e00-\u9fff]{3})[一二三四]期(?=(?:项目|工程)?(?:手续|征|拆|土建|建设|开工|达产|投产|建成|竣工|投用|投运|主体|设备|厂房|车间|用地|达|试|将|已|正|还|也|这样|这类|分别|[要是为今至、等]|$))|[0-9]{1,16}×[0-9.]{1,16}万千瓦(?:机组|煤电|火电)?|"
    r"引[\u4e00-\u9fff]{1,2}[济入补][\u4e00-\u9fff]|[东西南北]水[东西南北]调(?:[东西中]线)?|[\u4e00-\u9fff]电[东西入][\u4e00-\u9fff])"
)
#: What each of those names has in it.
NAMED_SIGN = re.compile("[段线道环街干期×引调电]")
_COUNT = r"(?:一批|一系列|(?:[0-9]{1,16}(?:\.[0-9]{1,16})?万?|[一二两三四五六七八九十百]+)(?:余|多)?(?:个|项|条|座|处|家|所|大)?)"
#: Times between a name and what is said of it.
_WHEN = r"[0-9X*]{1,16}天|[0-9X*]{1,16}月(?:份|底|[0-9X*]{1,16}日)?前?"
#: States that are words of their own only before some characters.
AND = "和(?![平谐睦美田县顺硕林政静])"
_STATE_GUARDED = "未(?!来)"
#: Leads that are such only beside some characters: not 需要, 要素, 项目|前期, 自由.
_GUARDED = (
    r"(?=[要目由的组发成像])(?:(?<![重主需首必摘纪])要(?![素塞道])|(?<!项)目前|(?<![自理缘])由(?!来)|(?<![亿万]元)的|"
    r"(?<!机)组建|(?<!研)发生|(?<!建)成立(?!体)|(?<![图影摄录视音雕画肖])像(?![素样]))"
)


class Vocabulary(NamedTuple):
    """The lexicon as patterns.

    ``head``: what a name ends in, ``heads`` says of which class; ``full_head``: those that are words wherever they
    stand; ``triggers``: without one of them, or a name known by its form, a clause has none; ``list_end``: the end of a list, 等4个重点项目, 等“十大工程”,
    等煤矿; ``lead``: what no name reaches across; ``front``: what is taken off the front of a name; ``construct``:
    leads that say something is being built, ``erect`` those of them that only works have; ``built``: what is said of
    it after the name, ``stands`` what is said of works only, ``erected`` the bare words of that; ``common``: words
    that make nothing specific, ``common_words`` those of more than one character, ``topic`` these and words that open
    no name; ``tail``: what a generic 项目 has before it; ``abstract``: what ends no work; ``policy``, ``physical``:
    what a 工程 is about; ``speech``: words that stand in no name; ``place``: places; ``standing``: heads of institutions, which exist and act;
    ``making``: deeds that leave a new work, which is a project whatever is said of it: 扩建, 东延.
    """

    heads: dict[str, str]
    head: re.Pattern[str]
    full_head: re.Pattern[str]
    triggers: Lexicon
    list_end: re.Pattern[str]
    lead: re.Pattern[str]
    front: re.Pattern[str]
    construct: frozenset[str]
    erect: frozenset[str]
    built: re.Pattern[str]
    stands: re.Pattern[str]
    erected: re.Pattern[str]
    later: re.Pattern[str]
    common: re.Pattern[str]
    common_words: re.Pattern[str]
    topic: re.Pattern[str]
    tail: re.Pattern[str]
    abstract: re.Pattern[str]
    policy: re.Pattern[str]
    physical: re.Pattern[str]
    speech: re.Pattern[str]
    place: re.Pattern[str]
    standing: frozenset[str]
    making: frozenset[str]


@cache
def default_lexicon() -> Lexicon:
    """The packaged lexicon of projects, with the indicators' vocabulary and the places."""
    return Lexicon.packaged("projects", "indicators", "places")


def _beside(head: str, not_after: Iterable[str], not_before: Iterable[str]) -> str:
    """A head that is part of other words beside some characters: 园, not 校|园 or 园|区."""
    before, after = "".join(not_after), "".join(not_before)
    return (f"(?<![{before}])" if before else "") + head + (f"(?![{after}])" if after else "")


@lru_cache(maxsize=8)
def vocabulary(lexicon: Lexicon) -> Vocabulary:
    """The compiled patterns of ``lexicon``, kept for the next document."""
    of: dict[tuple[str, str], set[str]] = {}
    inside, standing, making, later, short = set(), set(), set(), set(), {}
    for entry in lexicon:
        if entry.label in (*LABELS, "INDICATOR_TERM", "INDICATOR_BOUND", "PLACE"):
            patterns = {entry.pattern, *entry.get("aliases", ())}
            of.setdefault((entry.label, entry.get("class", "")), set()).update(patterns)
            inside |= patterns if entry.get("inside") else set()
            standing |= patterns if entry.get("standing") else set()
            making |= patterns if entry.get("making") else set()
            later |= patterns if entry.get("later") else set()
            if entry.get("not_after") or entry.get("not_before"):
                short[entry.pattern] = _beside(entry.pattern, entry.get("not_after", ()), entry.get("not_before", ()))

    def labelled(*labels: str) -> set[str]:
        return {w for (label, _), words in of.items() if label in labels for w in words}

    def classed(label: str, kind: str) -> set[str]:
        return of.get((label, kind), set())

    heads = {w: kind for (label, kind), words in of.items() if label == "PROJECT_HEAD" and kind != "list" for w in words}
    full = heads.keys() - short.keys()
    kinds = full | classed("PROJECT_HEAD", "list")
    leads = labelled("PROJECT_BOUND")
    common = {w for w in labelled("INDICATOR_TERM", "INDICATOR_BOUND", "PROJECT_BOUND") if len(w) > 1}
    common |= classed("PROJECT_TERM", "generic")
    manner = f"(?:{any_of(classed('PROJECT_STATE', 'manner'))}|{_WHEN}|{occasions.any_time()}){{0,5}}"
    strong = any_of(classed("PROJECT_STATE", "strong"))
    state = f"(?:{any_of(classed('PROJECT_STATE', 'strong') | classed('PROJECT_STATE', 'weak'))}|{_STATE_GUARDED})"
    erect = frozenset(classed("PROJECT_BOUND", "erect"))
    return Vocabulary(
        heads=heads,
        head=re.compile(f"(?:{NAMED.pattern}|{any_of(full)}|{opening(short)}(?:{'|'.join(short.values()) or '(?!)'}))"),
        full_head=re.compile(f"(?:{NAMED.pattern}|{any_of(full)})"),
        triggers=Lexicon(Entry("PROJECT_HEAD", word, word) for word in sorted(set(heads) | erect | classed("PROJECT_STATE", "strong"))),
        list_end=re.compile(f"等{_COUNT}?(?P<what>[^、，等]{{0,14}}?)(?P<head>{any_of(kinds)})"),
        lead=re.compile(f"{_GUARDED}|{any_of(leads - inside)}"),
        front=re.compile(f"{any_of(leads)}|{AND}"),
        construct=erect | classed("PROJECT_BOUND", "construct"),
        erect=erect,
        built=re.compile(f"(?:项目|工程)?等?的?{manner}{state}"),
        stands=re.compile(f"{manner}{strong}(?:{manner}{state}){{0,3}}"),
        erected=re.compile(strong),
        later=re.compile(any_of(later)),
        common=re.compile(any_of(common)),
        common_words=re.compile(any_of(w for w in common if len(w) > 1)),
        topic=re.compile(any_of(w for w in common | (labelled("PROJECT_TERM") - classed("PROJECT_TERM", "speech")) if len(w) > 1)),
        tail=re.compile(f"(?:{any_of(labelled('PROJECT_TAIL'))})$"),
        abstract=re.compile(f"(?:{any_of(labelled('PROJECT_END'))})$"),
        policy=re.compile(any_of(classed("PROJECT_TERM", "policy"))),
        physical=re.compile(any_of(classed("PROJECT_TERM", "physical"))),
        speech=re.compile(any_of(classed("PROJECT_TERM", "speech"))),
        place=re.compile(any_of(w for w in labelled("PLACE") if len(w) > 1)),
        standing=frozenset(standing),
        making=frozenset(making),
    )
