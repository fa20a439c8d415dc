"""Lists that say they are of projects: 甲、乙和丙|等4个项目."""
from __future__ import annotations

import re
from collections.abc import Iterator

from duban.entities.projects.clauses import LONGEST, Stretch, conjuncts, past_leads
from duban.entities.projects.naming import CAPACITY, COUNTED, MANY, NOT_AFTER, QUOTED, own_front, own_words, programme, proper, street, works
from duban.entities.projects.vocabulary import Vocabulary
from duban.matches import Span

_LIST_COUNT = re.compile(r"等(?:[0-9]{1,16}|[一二两三四五六七八九十百]+)(?:余|多)?(?:个|项|条|座)(?=[还已未均全正要将在于，。、]|$)")
_LIST_PLAIN = re.compile(
    r"这?(?:(?<![0-9.])[0-9]{1,16}|[两二三四五六七八九十几]+)(?:个|项|条|座|家|大)(?P<what>[^、，等]{0,12}?)"
    r"(?P<head>项目|工程|联合实验室|实验室|公路|铁路|水库|产业园|园区|点(?=[，。；\n]))"
)
#: The list taken up again: 甲、乙、丙|这三个.
_LIST_THESE = re.compile(
    r"这(?:几|[0-9两二三四五六七八九十]{1,16})(?:个|项|条|座|家|件)|(?<!”)[两二三四五六七八九十几]件(?:大|实)?事|这[些类批][^，。、]{0,8}(?:项目|工程)"
)
#: What opens either.
_COUNTS = re.compile("[这0-9两二三四五六七八九十几]")
#: Of what the list taken up is, said in front of it: 重点项目86个，像|甲、乙这几个.
_OF_PROJECTS = re.compile(r"(?:项目|工程)[^。；\n]{0,24}$")
_NUMBERED = re.compile(r"等[0-9一二两三四五六七八九十百]{1,16}")
_VAGUE = re.compile(r"一批|一系列|若干|各类")
_VERB_IN_KIND = re.compile(r"谋划|推进|推动|实施|建设一批")
#: Works that a list of projects may call by what they are: 儿童公园、污水管网改造.
_NAMELESS = ("line", "water", "plant", "public", "deed")
_NO_LIST = frozenset("、和与及的约近共那上")


def members(text: str, stretch: Stretch, listed: re.Match[str], words: Vocabulary) -> Iterator[tuple[Span | None, str]]:
    """The members of a list that says it is one of projects."""
    said = "" if listed.re in (_LIST_COUNT, _LIST_THESE) else listed.group("head")
    sure = not said or listed.re is _LIST_PLAIN or (said in ("项目", "工程") and _NUMBERED.match(listed.group()) is not None)
    vague = _VAGUE.search(text, max(0, stretch.start - 4), stretch.start) is not None
    counted = said in ("", "项目", "工程") or (said == "建设" and stretch.built)
    least = 7 if said == "建设" else 4
    parts = list(conjuncts(text, stretch.start, listed.start(), words, listed=True))
    for i, (start, stop) in enumerate(parts):
        name = _listed_name(text, start, stop, words, last=i == len(parts) - 1, sure=sure and not vague, vague=vague, counted=counted, least=least)
        if name and said == "工程" and programme(text[name.start:name.end], words):
            name = None
        yield name, "project-list"


def list_end(text: str, stretch: Stretch, words: Vocabulary) -> re.Match[str] | None:
    """What says that the stretch is a list of projects: 等4个项目, 等“十大工程”, 这三个."""
    end = min(len(text), stretch.end + 12)
    at = text.find("等", stretch.start, stretch.end)
    while at > 0:
        match = words.list_end.match(text, at, end) if text[at - 1] not in "高中初均平" else None
        if match and _says_projects(text, match, stretch, words):
            return match
        if match := _LIST_COUNT.match(text, at, end):
            return match
        at = text.find("等", at + 1, stretch.end)
    if text.find("、", stretch.start, stretch.end) >= 0 and _COUNTS.search(text, stretch.start + 6, end):
        for match in _LIST_PLAIN.finditer(text, stretch.start + 6, end):
            listed = match.start() < stretch.end and text.find("、", stretch.start, match.start()) > 0 and text[match.start() - 1] not in _NO_LIST
            if listed and _says_projects(text, match, stretch, words) and (
                stretch.built or match.group("head") in ("项目", "工程", "园区") or words.built.match(text, match.end())
            ):
                return match
        these = _LIST_THESE.search(text, stretch.start + 6, end)
        if these and text.find("、", stretch.start, these.start()) > 0 and (
            stretch.built or words.head.search(text, stretch.start, these.start()) or _OF_PROJECTS.search(text, max(0, stretch.start - 40), stretch.start)
        ):
            return these
    return None


def _says_projects(text: str, match: re.Match[str], stretch: Stretch, words: Vocabulary) -> bool:
    head = match.group("head")
    if (no := NOT_AFTER.get(head)) and no.match(text, match.end()):
        return False
    if head not in ("项目", "工程", "园区") and not stretch.built and not words.built.match(text, match.end()):
        return False
    what = match.group("what")
    if what and words.heads.get(head) in ("deed", "seat"):
        return False
    if _VAGUE.search(what) or _VERB_IN_KIND.search(what) or words.lead.search(what):
        return False
    if head in ("项目", "工程") and (match.re is _LIST_PLAIN or _NUMBERED.match(match.group())):
        return True
    return not words.head.sub("", words.common.sub("", QUOTED.sub("", what))).strip("“”十百大（）")


def _listed_name(text: str, start: int, end: int, words: Vocabulary, *, last: bool, sure: bool, vague: bool, counted: bool, least: int) -> Span | None:
    start, _ = past_leads(text, start, end, words)
    for tail in ("前期工作", "建设", "前期") if not last else ("前期工作",):
        if text.endswith(tail, start, end) and words.head.search(text, start, end - len(tail)):
            end -= len(tail)
    name = text[start:end]
    if not 2 <= len(name) <= LONGEST or COUNTED.match(name) or MANY.search(name):
        return None
    if street(name, words):
        return Span(start, end)
    kinds = ("line", "water", "plant") if vague else _NAMELESS
    if not words.common.sub("", name) and not (counted and len(name) >= least and works(name.removesuffix("建设"), words, kinds)):
        return None
    if not counted and len(name) < 5 and not own_words(name, words) and not CAPACITY.search(name):
        return None
    if not sure and not proper(name, words) and (vague or not own_front(name, words)) and not (counted and works(name.removesuffix("建设"), words, kinds)):
        return None
    return Span(start, end)
