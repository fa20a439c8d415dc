"""A clause as stretches that open after a lead, a stretch as conjuncts."""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from duban.entities.projects.naming import done_to, own_front, own_words, proper, works
from duban.entities.projects.vocabulary import AND, Vocabulary

LONGEST = 48
CLAUSE_MARK = re.compile(r"[。；：！？，\n]")
_PHASE = (
    r"(?:（[^（）]{1,12}）|[首一二三四五六]期|第[一二三四五六]期|[东西南北中]段|[\u4e00-\u9fff]{1,6}至[\u4e00-\u9fff]{1,6}段|[\u4e00-\u9fff]{1,4}段|\*段|集群|群)"
)
PHASE_AFTER = re.compile(_PHASE)
_NAME_END = re.compile(rf"{_PHASE}?(?:建设|前期工作|前期|开工)?")
_JOINT = re.compile(rf"、|以及|{AND}|及|与")
#: A bracket, or what may be a joint.
_SIGN = re.compile("[（“《）”》、以和及与]")
# What costs how much, and of which class it is, stands before its name: 投资3亿元的|甲、5亿元的|乙; 省列重点项目|清河水库.
_MARK = re.compile(
    r"(?:[再另又]|还有|最后)?(?:第?[一二三四五六七八九十][个条项块]|[一二三四五六七八九十])是|(?:其中)?有(?![色机限线序关效轨望害])|[0-9]{1,2}[．.、]|"
    r"（[一二三四五六七八九十0-9]+）|[一二三四五六七八九十]+、|"
    r"(?:国家|自治区|省|市|区|县)(?:列|级|定|重点|重大|统筹){1,3}(?:建设)?(?:项目|工程)(?=[\u4e00-\u9fff“*]{3})|"
    r"(?:总?投资|约|近|超)?[0-9*X.]{1,16}[亿万]元的"
)
#: Streets may be called 建设, and 改造 is done to them: 建设大道|改造.
_STREET_AFTER = re.compile(r"[东南西北中]路|大道|大?街(?!区)|路(?![网灯面基口段线边况障])")

#: What is named next are works: 今年开工的，甲、乙; 十大工程：甲；乙; 不及格的两个，甲和乙.
_OPENED = re.compile(
    r"(?:(?:[未没已新刚]|没有)?(?:开工|复工|投产|竣工|完工|签约|落地|在建|新建|续建|扫尾|收尾)的(?:[^，。；：\n]{0,4}[0-9]{1,3}[个项])?|"
    r"的(?:[0-9]{1,3}|[两二三四五六七八九十几]{1,3})[个项]|"
    r"(?:[0-9]{1,3}|[两二三四五六七八九十几]{1,3})[个项大][^，。；：\n]{0,8}(?:项目|工程))(?:是|有|包括)?[，：]$"
)
#: What that ends in before its mark.
_OPENED_LAST = frozenset("的个项目程是有括")
_OPENING = 24


class Stretch(NamedTuple):
    """What follows a lead up to the next one; ``built``: the lead says it is being built; ``limit``: its clause's end."""

    start: int
    end: int
    lead: str
    built: bool
    limit: int


def stretches(text: str, start: int, end: int, words: Vocabulary) -> Iterator[Stretch]:
    """The stretches of the clause ``text[start:end]``."""
    at, lead, built = start, "", _opened(text, start)
    for match in (*words.lead.finditer(text, start, end), None):
        stop = match.start() if match else end
        if stop > at:
            begin, word = past_leads(text, at, stop, words)
            if begin < stop:
                yield Stretch(begin, stop, word or lead, built or word in words.construct, end)
                built = False
        if match:
            lead = match.group()
            built = (built and match.end() - at < 3) or lead in words.construct
            at = match.end()


def _opened(text: str, start: int) -> bool:
    """Has it been said that works are named next, in front of the clause or of the row of clauses it belongs to?"""
    if text[start - 1:start] == "；":
        start = text.rfind("：", max(0, text.rfind("。", 0, start), start - 200), start) + 1
    if text[start - 1:start] not in ("，", "：") or text[start - 2:start - 1] not in _OPENED_LAST:
        return False
    return _OPENED.search(text, max(0, start - _OPENING), start) is not None


def past_leads(text: str, start: int, end: int, words: Vocabulary) -> tuple[int, str]:
    """Where a name can start after the leads at the front, and the last of them that says something is built."""
    mark = _MARK.match(text, start, end)
    at, last = mark.end() if mark else start, ""
    while match := words.front.match(text, at, end):
        rest = text[match.end():end]
        if not rest or rest[0] in "、和及" or (
            match.group() in ("建设", "改造") and (rest[:2] in ("工程", "项目") or _STREET_AFTER.match(rest))
        ):
            break
        if match.group() in words.construct or not last:
            last = match.group()
        at = match.end()
    return at, last


def tailless(text: str, at: int) -> bool:
    """Does nothing more come before the next mark?"""
    return at >= len(text) or text[at] in "，、。；：！？）\n"


def conjuncts(text: str, start: int, end: int, words: Vocabulary, *, listed: bool) -> Iterator[tuple[int, int]]:
    """The parts of a list; 和, 及 and 与 part names only where a name can end before them."""
    def parts_here(joint: str, at: int, i: int) -> bool:
        if joint == "、":
            return True
        if i - at < 2:
            return False
        rest = text[i + 1:min(end, i + LONGEST)].partition("、")[0]
        if done_to(rest, words):
            return False  # more of what is done to it: 青岭灌区续建配套|与现代化改造
        whole = rest.endswith(("工程", "项目")) and not text.endswith(("工程", "项目", "公司"), at, i)
        if whole and (joint == "及" or not (own_front(rest, words) or proper(rest, words))):
            return False  # one undertaking, not two: 沿河步道及驿站工程
        if words.place.match(rest) and works(rest.removesuffix("建设"), words):
            return True
        return (joint == "和" and seen and (listed or not own_words(text[at:i], words))) or _ends_name(text, at, i, words)

    at, depth, seen = start, 0, False
    i = start
    while sign := _SIGN.search(text, i, end):
        i, c = sign.start(), sign[0]
        if c in "（“《":
            depth += 1
        elif c in "）”》":
            depth = max(0, depth - 1)
        elif not depth and (i > at or c == "、") and (joint := _JOINT.match(text, i, end)) and parts_here(c, at, i):
            if i > at:
                yield at, i
            seen = seen or c == "、"
            at = i = joint.end()
            continue
        i += 1
    if at < end:
        yield at, end


def _ends_name(text: str, start: int, end: int, words: Vocabulary) -> bool:
    if text[start:end] in ("一期", "二期", "三期") or text.endswith(("公司", "集团", "企业"), start, end):
        return True
    heads = list(words.head.finditer(text, max(start, end - LONGEST), end))
    return bool(heads) and _NAME_END.fullmatch(text, heads[-1].end(), end) is not None or text[end - 1] == "”"
