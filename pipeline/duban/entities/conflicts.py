"""Which of overlapping candidates stays: the policy ``longest-name``.

1. A name the user's own lexicon gives stays as it stands.
2. A document's title in 《》 is no entity's place; neither is the part of a designation: where an organ's or a
   collective's name goes on to a post (县区主要领导), a meeting (市政府常务会议), a document (省政府工作报告) or an act
   (中央巡视), the whole designates that, and the organ is not named. Conjuncts before it go with it.
3. A role in front of the organ that has it (责任单位市水务局) is no collective.
4. Of what overlaps the longest stays; of equals a work that is being built (a PROJECT by the rule ``project-name``)
   before DEPARTMENT, then DEPARTMENT before PROJECT before INDICATOR before GROUP.
"""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

from duban.entities.naming import Naming, naming
from duban.lexicon import Lexicon
from duban.matches import Entity
from duban.view import TextView

PRIORITY = ("DEPARTMENT", "PROJECT", "INDICATOR", "GROUP")
#: The rules of collectives that are only a role.
_ROLES = ("group-role", "group-field", "group-acts")
_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_JOIN = re.compile(r"、|和|与|及|以及|及其|暨")
_ORDINAL = r"(?:[、和]?第?[〇零一二三四五六七八九十\d]{1,4}(?:届|次|轮|期|季度|年|月)){0,4}"
# 县农商行|的同志: who works there, said of the organ
_OF_COMRADES = re.compile(r"的(?:各位|几位|两位)?同志")
# 市委常委会议: the committee's last character opens the meeting's word
_ITS_MEETING = re.compile(r"(?<=会)议(?![过了定题事政论处]|一议)")
_MEETING_NAME = rf"{_ORDINAL}(?P<words>[\u4e00-\u9fff、（）]{{0,16}}?)"
# 中央、省市经济工作会议: the meetings of several levels
_OTHER_LEVELS = r"(?:[、和][省市县区州]{1,3}(?![委政属直级])){0,3}"
# 住建、统计等部门负责人
_LIST_HEAD = r"(?:等[^，。；：！？\n]{0,6}?(?:部门|单位|机构))?"
# a notice's own title: 某县人民政府关于…的通知, alone on its line
_ABOUT = re.compile(r"关于[^。！？\n]{2,60}?(?:的通知|的意见|的决定|的通报|的报告|的请示|的批复|的公告|的函|实施方案|工作方案)")


class Designations:
    """The words that turn an organ's name into a part of something else."""

    def __init__(self, lexicon: Lexicon) -> None:
        kinds: dict[str, list[str]] = {}
        for entry in sorted(lexicon.labelled("DESIGNATION"), key=lambda e: -len(e.pattern)):
            bad = "|".join(map(re.escape, entry.get("not_before", ())))
            kinds.setdefault(entry.get("kind"), []).append(re.escape(entry.pattern) + (f"(?!{bad})" if bad else ""))
        links = "|".join(re.escape(e.pattern) for e in sorted(lexicon.labelled("DESIGNATION_LINK"), key=lambda e: -len(e.pattern)))
        person, meeting, document, act = ("|".join(kinds.get(k, ())) or "(?!)" for k in ("person", "meeting", "document", "act"))
        self.direct = re.compile(rf"{_LIST_HEAD}(?:{links or '(?!)'}){{0,4}}(?:{person})|(?:{document})|(?:{act})")
        self.meeting = re.compile(rf"{_OTHER_LEVELS}{_MEETING_NAME}(?:{meeting})")

    def follow(self, text: str, end: int, names: Naming) -> bool:
        """Does the name that ends here go on to be a post, a meeting, a document or an act?"""
        if self.direct.match(text, end) or _ITS_MEETING.match(text, end):
            return True
        meeting = self.meeting.match(text, end)
        return meeting is not None and not names.has_edge(text, meeting.start("words"), meeting.end("words"))


@lru_cache(maxsize=8)
def _designations(lexicon: Lexicon) -> Designations:
    return Designations(lexicon)


def resolve(view: TextView, candidates: Iterable[Entity], lexicon: Lexicon, given: Sequence[Entity] = ()) -> list[Entity]:
    """The candidates that stay, in text order, none overlapping another. ``given``: names of the user's lexicon."""
    text = view.text
    titles = [m.span() for m in _TITLE.finditer(text)]
    ordered = sorted((c for c in candidates if not _inside(titles, c)), key=lambda c: (c.start, c.end))
    ordered = _undesignated(text, ordered, _designations(lexicon), naming(lexicon))
    taken = bytearray(len(text))
    kept: list[Entity] = []
    for candidate in (*given, *sorted(ordered, key=lambda c: (c.start - c.end, -1 if c.why.rule == "project-name" else PRIORITY.index(c.label), c.start))):
        start, end = candidate.start, candidate.end
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            kept.append(candidate)
    return sorted(kept, key=lambda e: e.start)


def _undesignated(text: str, ordered: list[Entity], designations: Designations, names: Naming) -> list[Entity]:
    """Without the organs and collectives that only lend their name to a person, meeting, document or act."""
    kept: list[Entity] = []
    gone: set[int] = set()  # where names that were dropped begin
    organs = {c.start for c in ordered if c.label == "DEPARTMENT"}
    for candidate in reversed(ordered):
        if candidate.label == "GROUP" and candidate.why.rule in _ROLES and candidate.end in organs:
            continue
        if candidate.label in ("DEPARTMENT", "GROUP"):
            join = _JOIN.match(text, candidate.end)
            told = candidate.label == "DEPARTMENT" and _OF_COMRADES.match(text, candidate.end)
            follows = not told and designations.follow(text, candidate.end, names)
            titled = candidate.start == 0 or text[candidate.start - 1] == "\n"
            if (join and join.end() in gone) or (titled and _ABOUT.match(text, candidate.end)) or follows:
                gone.add(candidate.start)
                continue
        kept.append(candidate)
    return kept[::-1]


def _inside(spans: Sequence[tuple[int, int]], candidate: Entity) -> bool:
    at = bisect_left(spans, (candidate.start + 1, 0)) - 1
    return at >= 0 and candidate.end <= spans[at][1]
