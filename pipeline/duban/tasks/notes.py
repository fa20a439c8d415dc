"""Responsibility notes: （牵头单位：…；完成时限：…）, 【责任单位：…】, （某局牵头，某局配合）, or a line of their own."""
from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from duban.matches import Actor, Period, Span
from duban.tasks.actors import Actors
from duban.view import TextView

_BRACKET = re.compile(r"[（）【】〔〕\[\]\n]")
_OPEN, _CLOSE = "（【〔[", "）】〕]"
_MAX = 900
_SEPARATOR = re.compile(r"[、，；,;/。|]|\s|及其他?|以及|与|会同")
_AND = re.compile(r"(?<=[局委办部院厅处行府会司心团位门县区市镇乡道站队所场校社系])[和及]")
_LEADING = re.compile(r"(?:由|以及|及|和|各?为|是|：)+")
_OTHERS = re.compile(r"等.*$|(?:按照?|根据|依)(?:各自)?(?:职责|职能)?分工.*$|(?:分别|共同|具体|统一)?(?:负责|落实|配合|参与|牵头)+$|[。；，：\s]+$", re.S)
_ORGAN = re.compile(
    r"(?:[局委办部厅处院行府会县区市镇乡街站队所场校社联组室馆台署园段]|公司|中心|集团|单位|部门|街道|大学|专班|组织|企业|机构|团体|系统|科协|海关|基地|[\u4e00-\u9fff]{2}[科股处])$"
)
# The verb form of a note, piece by piece; 牵头 in it makes the others support.
_SEGMENT = re.compile(r"[^，；。]+")
_LEAD = re.compile(r"(?:总|共同|负责)?(?:牵头|主办|主责|主抓|总负责|负总责|领衔)(?:负责|抓总|组织|实施|落实|推进|办理|协调|组织实施|组织落实|抓好|抓好落实)*$")
_LEAD_WITH = re.compile(r"(?:牵头|主办)[，、]?(?:会同)?(?=.)|会同|会商")
_TOGETHER = re.compile("会同|会商")
_ACT = re.compile(
    r"等?(?:(?:按照?|根据|依)[^，；、]{0,10}分工)?(?:分别|共同|具体|直接|统一|各自|按职责|全面)*(?:负责|落实|负责落实|组织实施|承担|承办|抓好落实|推进落实|推动落实|抓落实|实施|负责实施|主要负责)$"
)
_HELP = re.compile(
    r"(?:按照?[^，；、]{0,10}分工)?(?:积极|共同|协同|协助|密切|分别|全力)*"
    r"(?:配合|参与|参加|协办|协助|协同|支持|指导|督导|督促|监督|监管)(?:落实|实施|做好|推进|负责)*$"
)
_TIME = re.compile(r"(?:长期坚持|持续推进|持续实施|常态化推进|全年推进|立行立改|即知即改|长期|持续|全年|年内|立即)(?:完成|推进|实施|坚持)?$")
#: What has no end is no limit.
_NO_END = re.compile(r"长期|持续|常态")
_DONE = re.compile(r"[，；]|(?:全部|全面|基本)?(?:完成|办结|见效|落实|报送|建成|销号|整改)")
_NOT_DUTY = re.compile(r"负责(?:人|同志|解释|制)|另有规定|除外")
_LIST_HEAD = re.compile(r"(?:\d{1,2}[.、．]|（[一二三四五六七八九十\d]{1,3}）|[一二三四五六七八九十]{1,3}、|[*·•●▲★-])?")


@dataclass(slots=True)
class Note:
    """What a note says; offsets of the view."""

    start: int
    end: int
    rule: str
    lead: list[Actor] = field(default_factory=list)
    support: list[Actor] = field(default_factory=list)
    officials: list[Actor] = field(default_factory=list)
    deadline: Period | None = None
    #: the note is a paragraph of its own and speaks of the point above
    own_line: bool = False
    #: who leads is said by a key (牵头单位), not by the order of the responsible
    led: bool = False


class Notes:
    """Finds responsibility notes in a body of paragraphs."""

    def __init__(self, body: TextView, actors: Actors, periods: Sequence[Period], points: Container[int] = ()) -> None:
        """``points``: where numbered points start: there a note may also be the last sentence."""
        self.body, self.text, self.actors, self.words, self.points = body, body.text, actors, actors.words, points
        self.starts = {p.start: p for p in periods}

    def find(self, paragraphs: Sequence[Span]) -> list[Note]:
        """Notes in text order; neighbours that are parts of one note are joined."""
        found: list[Note] = []
        keyed = self.words.key_end.search
        for start, end in paragraphs:
            if keyed(self.text, start, end) is None and not self._has_verb(start, end):
                continue
            for note in self._of_paragraph(start, end):
                if found and self._same_note(found[-1], note):
                    _merge(found[-1], note)
                else:
                    found.append(note)
        return [n for n in found if n.lead or n.support or n.officials]

    def _has_verb(self, start: int, end: int) -> bool:
        return any(self.text.find(word, start, end) >= 0 for word in ("牵头", "负责", "落实）", "落实】", "配合）", "承担）", "主办", "实施）", "会同"))

    def _same_note(self, before: Note, note: Note) -> bool:
        between = self.text[before.end:note.start]
        another = note.lead and before.lead and (note.led or not before.led)
        return between.strip("。；，\n" if before.own_line and note.own_line else "。；， ") == "" and not another

    def _of_paragraph(self, start: int, end: int) -> Iterator[Note]:
        at = start
        for a, b in self._brackets(start, end):
            # a note of its own line may hold brackets inside it
            note = self._read(a + 1, b - 1)
            if note:
                note.start, note.end = a, b
                note.own_line = self.text[start:a].strip("。；— ") == "" and self.text[b:end].strip("。；， ") == ""
                yield note
                at = b
        key = self.words.key.search(self.text, at, end) if self.words.key_end.search(self.text, at, end) else None
        while key and not self._begins(key.start(), start):
            key = self.words.key.search(self.text, key.end(), end)
        if key and self.text[key.start()] != "（" and (note := self._keyed(key.start(), end, "note")):
            note.own_line = self._opens(key.start(), start)
            if note.own_line:
                note.start = start
            while self.text[note.end - 1] in "。；，":
                note.end -= 1
            yield note

        if not key and at == start and start in self.points and (last := self._last_sentence(start, end)) and (note := self._verbal(*last)):
            yield note

    def _last_sentence(self, start: int, end: int) -> tuple[int, int] | None:
        """The last of several sentences of a paragraph, without its full stop."""
        while end > start and self.text[end - 1] in "。 ":
            end -= 1
        cut = self.text.rfind("。", start, end)
        return (cut + 1, end) if cut > 0 and end - cut < 120 else None

    def _opens(self, at: int, paragraph: int) -> bool:
        """Is ``at`` the first word of its paragraph, but for a list marker?"""
        m = _LIST_HEAD.match(self.text, paragraph)
        return at in (paragraph, m.end() if m else paragraph)

    def _begins(self, at: int, paragraph: int) -> bool:
        """A key outside brackets opens a note only at the head of its paragraph or after a sentence."""
        return self._opens(at, paragraph) or self.text[at - 1] in "。！；）】"

    def _brackets(self, start: int, end: int) -> list[tuple[int, int]]:
        """Outermost pairs of brackets."""
        pairs, stack = [], 0
        opened = start
        for m in _BRACKET.finditer(self.text, start, end):
            if m[0] in _OPEN:
                if stack == 0:
                    opened = m.start()
                stack += 1
            elif m[0] in _CLOSE and stack:
                stack -= 1
                if stack == 0:
                    pairs.append((opened, m.end()))
        return [(a, b) for a, b in pairs if b - a <= _MAX]

    def _read(self, start: int, end: int) -> Note | None:
        """A note in brackets: with keys or in verbs."""
        key = self.words.key.search(self.text, start, end)
        if key and (key.start() == start or self.text[key.start() - 1] in "；，。"):
            return self._keyed(key.start(), end, "note")
        # 【责任单位】 before its names is a key of the paragraph, not a note
        return self._verbal(start, end)

    def _keyed(self, start: int, end: int, rule: str) -> Note:
        note = Note(start, end, rule)
        keys = list(self.words.key.finditer(self.text, start, end))
        responsible: list[Actor] = []
        for key, after in zip(keys, [*keys[1:], None], strict=True):
            stop = after.start() if after else end
            role = self.words.keys.get(re.sub(r"[【】\[\]：]|（.*?）", "", key[0]), "other")
            stop = self._value_end(key.end(), stop)
            if role == "deadline":
                note.deadline = note.deadline or self._time(key.end(), stop)
            elif role == "official":
                people = self._names(key.end(), stop, people=True)
                note.officials += people
            elif role != "other":
                until = self._limit(key.end(), stop)
                if until < stop:
                    note.deadline = note.deadline or self._time(until, stop)
                names = self._names(key.end(), until)
                {"lead": note.lead, "responsible": responsible, "support": note.support}[role].extend(names)
        note.led = bool(note.lead)
        if not note.lead and responsible:
            note.lead, responsible = responsible[:1], responsible[1:]
        note.support = sorted({*responsible, *note.support} - {*note.lead}, key=lambda a: a.start)
        return note

    def _limit(self, start: int, end: int) -> int:
        """Where a time limit without a key of its own follows the names (责任单位：市交通局，年底前完成)."""
        return next((i for i in range(start + 1, end) if i in self.starts and self.text[i - 1] in "，；"), end)

    def _value_end(self, start: int, end: int) -> int:
        """A key's names end with their line or sentence."""
        stops = [i for i in (self.text.find("。", start, end), self.text.find("\n", start, end)) if i >= 0]
        return min(stops, default=end)

    def _verbal(self, start: int, end: int) -> Note | None:
        if _NOT_DUTY.search(self.text, start, end):
            return None
        note = Note(start, end, "verb-note")
        acting: list[Actor] = []
        for piece in _SEGMENT.finditer(self.text, start, end):
            s, e = piece.span()
            role, stop = self._role(s, e)
            if role is None:
                if not self._organs(s, e):
                    if note.lead:
                        continue  # what else the note says
                    return None
                acting += self._names(s, e)
                continue
            if role == "time":
                if not _NO_END.match(self.text, s, e):
                    note.deadline = note.deadline or self._time(s, e)
                continue
            names = [*acting, *self._names(s, stop)]
            acting = []
            if not names or not self._organs(s, stop):
                return None
            if role == "with":
                note.lead.append(names[0])
                note.support += names[1:]
            else:
                {"lead": note.lead, "help": note.support}.get(role, note.lead if not note.lead else note.support).extend(names)
        if acting or not note.lead:
            return None
        return note

    def _role(self, start: int, end: int) -> tuple[str | None, int]:
        """What a piece of a verb note says, and where its names end."""
        text = self.text
        if start in self.starts or _TIME.match(text, start, end):
            return "time", end
        for role, pattern in (("lead", _LEAD), ("help", _HELP), ("act", _ACT)):
            if m := pattern.search(text, start, end):
                if role == "act" and _LEAD_WITH.search(text, start, m.start()):
                    return "with", m.start()
                return role, m.start()
        if _TOGETHER.search(text, start, end) and _ORGAN.search(text, start, end):
            return "with", end
        return None, end

    def _organs(self, start: int, end: int) -> bool:
        """Is the first name of a list an organ, a group, a place or an official?"""
        names = self._names(start, end)
        if not names:
            return False
        first = names[0]
        return first.start in self.actors.organs or self.actors.official(first.start, first.end) or bool(
            _ORGAN.search(self.text, first.start, first.end) and first.end - first.start <= 20)

    def _time(self, start: int, end: int) -> Period | None:
        text = self.text
        while start < end and text[start] in "，；。：、 \n":
            start += 1
        stop = end
        while stop > start and text[stop - 1] in "，；。、 \n）】":
            stop -= 1
        inside = [self.starts[i] for i in range(start, stop) if i in self.starts]
        if inside and (inside[0].start > start or _DONE.match(text, inside[0].end, stop)):
            return inside[0]
        value = inside[0].value if inside else None
        return Period(start, stop, value) if stop > start else None

    def _names(self, start: int, end: int, *, people: bool = False) -> list[Actor]:
        """The names of a list; an organ found before is never cut."""
        organs, text = self.actors.organs, self.text
        out: list[Actor] = []
        at = piece = start
        while at < end:
            if at in organs and at == piece and organs[at].end <= end:
                at = organs[at].end
                if at in organs and _ORGAN.search(text, piece, at):  # two names written together (市委市政府)
                    out += self._name(piece, at)
                    piece = at
                continue
            if at > piece and self.body.gap_before(at).strip("\r\n") and _ORGAN.search(text, piece, at):  # 县公路段  石窑乡
                out += self._name(piece, at)
                piece = at
            m = _SEPARATOR.match(text, at, end) or (_AND.match(text, at, end) if not people or at > piece else None)
            if m is None and text[at] == "（":
                close = text.find("）", at, end)
                at = close + 1 if close > 0 else at + 1
                continue
            if m is None:
                w = _LEAD_WITH.match(text, at, end) if at > piece else None
                if w and not people:
                    out += self._name(piece, at)
                    at = piece = w.end()
                else:
                    at += 1
                continue
            out += self._name(piece, at)
            at = piece = m.end()
        return out + self._name(piece, end)

    def _name(self, start: int, end: int) -> list[Actor]:
        while start < end and self.text[start] in "）】”，；。、":
            start += 1
        if start not in self.actors.organs and (m := _LEADING.match(self.text, start, end)):
            start = m.end()
        if start in self.actors.organs and self.actors.organs[start].end <= end:
            organ = self.actors.organs[start]
            rest = self.text[organ.end:end]
            if not rest or _OTHERS.match(rest) or rest.startswith("（"):
                return [Actor(start, organ.end, organ.canon)]
        if m := _OTHERS.search(self.text, start, end):
            end = m.start()
        while end > start and self.text[end - 1] in "。；，：、）】 \n":
            end -= 1
        if end - start < 2 and not self.text[start:end].startswith(("*", "X")):
            return []
        return [Actor(start, end)] if end > start else []


def _merge(before: Note, note: Note) -> None:
    before.end = note.end
    if before.lead:
        before.support += [a for a in (*note.lead, *note.support) if a not in before.lead]
    else:
        before.lead, before.support = note.lead, [*before.support, *note.support]
    before.officials += note.officials
    before.deadline, before.led = before.deadline or note.deadline, before.led or note.led
