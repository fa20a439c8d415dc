"""Who can be told to do something: organs and groups found before, places acting as governments, officials."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy
from ahocorasick_rs import AhoCorasick

from duban.matches import Actor, Entity, Period
from duban.tasks.grammar import NAME, Grammar

#: 村 is a place that acts only where no other word goes on with it.
_VILLAGE = "村(?!里|民|庄|集体|级|委|支|“?两委|干部|组|医|容|规|口|镇|落|务|史|寨|居|道|官|头|社|企|户|干|主|书|妇|屯|小|办)"
_UNITS = f"自治县|自治旗|街道|新区|县|区|市|镇|乡|旗|州|盟|省|{_VILLAGE}"
_PLACE = re.compile(rf"(?:{NAME}|\*){{1,6}}?(?:{_UNITS})(?![长委域级直划情容场上里内中外民属际间管位块别分])|[*X×]{{1,4}}(?![*X×%0-9])")
#: Common nouns that end like a place.
NO_PLACE = re.compile(
    r"[城都超股楼夜菜集门后早车上房债黑汇牛行开罢]市$|"
    r"(?:[地城社小景园灾片库山矿郊老林校辖街厂牧农分院市县省禁病疫商湖特战营]|保护|功能|服务|生活|居住|工业|产业)区$|"
    r"[城集重村古小强大乡]镇$|[城四下家归思水故异老同]乡$|[神九五]州$|部分省$|省市$|[红党国锦彩]旗$|[联结同]盟$|[农乡全本山新老古城旧自空中心]村$|^[出进离回驻]"
)
#: A level before an organ that is known without it.
_LEVELS = "省市县区州旗盟镇乡"
#: What ends like an organ and is none, or none in particular.
_NO_ORGAN = re.compile(
    r"(?:全|大|格|布|结|当|开|残|时|战|定|政|终|棋|危|破|新|变|邮)局$|(?:数字|法治|廉洁|服务型|阳光|诚信|责任|透明|有为|创新|效能|建设|满意|的)政府$|"
    r"^(?:各位|[全本该谁哪专同这那]|[一两多几数]个|有的|有些|个别|部分|一些|不少|许多|少数|多数)"
)
_PLACE_END = re.compile(r"(?:[县区市镇乡]|街道)(?=[，。；：、（”\n要和])")
_ALONE = re.compile(r"(?:^|(?<=[，。；：、（“\n]))[\u4e00-\u9fff]{2,3}$")
_CONJUNCTION = re.compile(r"、|和|与|以及|及其(?!他)|及|，?(?:特别是|尤其是)|，")
_OTHER = re.compile(r"其他|其它|其余|相关|有关")
_HEADS = "牵头单位|责任单位|成员单位|主管部门|部门|单位|地区|地|县区|区县|县市区|县市|乡镇|街镇|镇街|街道|主体|企业|领导|同志|机构|省|市|县|区|镇|乡|局|委"
#: 等 with its head, or a count that sums the conjuncts up (甲、乙两个部门).
_COUNTED = r"(?:[两二三四五六七八九十]|\d{1,2})"
_AND_SO_ON = re.compile(
    rf"等[^，；：。！？、\s]{{0,14}}?(?:{_HEADS})|等(?=[要必务应须也都])|{_COUNTED}家(?=[牵负要须共联必务])|{_COUNTED}(?:个|家|位)?(?:{_HEADS})|{_COUNTED}个[\u4e00-\u9fff]{{1,3}}?(?:{_HEADS})(?=[要必须应都也])"
)
#: An organ's people (某局的同志) stand for it as officials.
_PEOPLE = re.compile(r"的(?:主要|分管)?(?:负责)?(?:同志|领导|负责人)(?!们|的)")
_MAX_ACTORS = 60
#: No name of an actor is longer before the word that tells it, nor does it hold these, but for a few characters in front.
_REACH, _OPENING = 28, 3
_NO_NAME = re.compile(r"[，；：。！？\s《》【】对把将让使被向跟给是了的要须请由希望]")
#: Persons at large are exhorted, nobody among them is told to act.
_CLASS_OF_PERSONS = re.compile(r"(?:广大|全体|所有|每[一个名位]+|我们的?|作为)?(?:党员)?(?:领导)?干部$|我们|各级干部$|党员")
_ASIDE = re.compile(r"（[^（）\n]{1,24}）")
#: A relative clause before a group (承担任务的相关部门).
_RELATIVE = re.compile(r"[^，；：。！？、\s（）“”]{2,16}的")
#: What modifies an organ from before it ends with one of these, and is no longer.
_MODIFIER_ENDS, _MODIFIER_REACH = tuple("的个家支位门："), 18


@dataclass(frozen=True, slots=True)
class Subject:
    """Coordinated actors: ``start``–``end`` includes the conjunctions, and 等 with its head."""

    start: int
    end: int
    actors: tuple[Actor, ...]
    officials: tuple[Actor, ...]
    #: the actors are places or words for places alone, which need a plain order after them
    places_only: bool


class Actors:
    """Reads actors at a position of the text.

    ``entities`` are those of the document; only DEPARTMENT and GROUP act.
    """

    def __init__(self, text: str, entities: Sequence[Entity], periods: Sequence[Period], words: Grammar) -> None:
        self.text, self.words = text, words
        self.organs: Mapping[int, Entity] = {e.start: e for e in entities if e.label in ("DEPARTMENT", "GROUP")}
        #: ends of what a clause can be about before its subject follows without a comma
        self.topics = sorted(e.end for e in entities if e.label in ("PROJECT", "INDICATOR"))
        #: where the words start that actors have who are no entities, and those among them that officials have
        self.hints, self.officials = _starts(words.hints, text), _starts(words.officials, text)
        self.times: Mapping[int, int] = {p.start: p.end for p in periods}

    @cached_property
    def known(self) -> dict[int, int]:
        """Where names of places stand that the document also gives with their unit (青岚县): they may stand without it."""
        ends = (m.start() for m in _PLACE_END.finditer(self.text))
        names = {m[0] for end in ends if (m := _ALONE.search(self.text, max(0, end - 3), end))}
        found = AhoCorasick(sorted(names)).find_matches_as_indexes(self.text, overlapping=True) if names else []
        return dict(sorted((start, end) for _, start, end in found))

    def possible(self, places: Collection[int]) -> set[int]:
        """Those of ``places`` where an actor can start, or what modifies one: most are ruled out, and all at once."""
        text, reach = self.text, range(_MODIFIER_REACH)
        modified = {e - i for e in self.organs if text.startswith(_MODIFIER_ENDS, e - 1) for i in reach}
        at, hints = numpy.array(sorted(places)), numpy.array(self.hints)
        cuts = numpy.array([*(m.start() for m in _NO_NAME.finditer(text)), inf])
        ahead, cut = hints[numpy.searchsorted(hints, at)], cuts[numpy.searchsorted(cuts, at + _OPENING)]
        named = at[ahead <= numpy.minimum(cut, at + _REACH)].tolist()
        return {*named, *(self.organs.keys() | self.known.keys() | modified).intersection(places)}

    def subject(self, at: int, limit: int, *, told: bool = False, apart: bool = False) -> Subject | None:
        """The coordination of actors that starts at ``at``.

        ``told``: a word before it (请, 由, 会同) says that one follows; ``apart``: a comma ends it.
        """
        actors: list[Actor] = []
        officials: list[Actor] = []
        places, end = 0, at
        next_at: int | None = at
        while next_at is not None and len(actors) < _MAX_ACTORS and (found := self._actor(next_at, limit, told=told or bool(actors))):
            actor, kind = found
            actors.append(actor)
            places += kind == "place"
            if kind == "official":
                officials.append(actor)
            end = self._tail(actor.end, limit)
            next_at = None if apart and self.text[end:end + 1] == "，" else self._conjunction(end, limit)
        if not actors:
            return None
        return Subject(at, end, tuple(actors), tuple(officials), places == len(actors))

    def _tail(self, end: int, limit: int) -> int:
        """Past what belongs to the actor that ends at ``end``: words in brackets, 等 and its head."""
        if aside := _ASIDE.match(self.text, end, limit):
            end = aside.end()
        if rest := _AND_SO_ON.match(self.text, end, limit):
            end = rest.end()
        return end

    def _conjunction(self, at: int, limit: int) -> int | None:
        """Where the next conjunct starts, if one follows."""
        link = _CONJUNCTION.match(self.text, at, limit)
        if link is None:
            return at if at in self.organs and at < limit else None
        after = link.end()
        if link[0] != "，" and after not in self.organs and (other := _OTHER.match(self.text, after, limit)):
            after = other.end() if other.end() in self.organs else after
        if link[0] == "，" and after not in self.organs:
            return None
        return after if self._actor(after, limit, told=link[0] != "，") else None

    def _actor(self, at: int, limit: int, *, told: bool = False) -> tuple[Actor, str] | None:
        if at >= limit:
            return None
        organ = self.organs.get(at)
        if organ is None and not _near(self.hints, at):
            return self._known_place(at)
        post = self.words.post.match(self.text, at, limit) if _near(self.officials, at) else None
        if post and organ and self.words.passive.match(self.text, organ.end, post.end()):
            post = None  # the official is whom the organ acts on (县纪委约谈主要负责人)
        if post and not _CLASS_OF_PERSONS.match(post[0]) and (organ is None or post.end() > organ.end) and not self._second_organ(at, post.end(), organ):
            return Actor(at, post.end()), "official"
        if organ is not None and organ.end <= limit:
            if people := _PEOPLE.match(self.text, organ.end, limit):
                return Actor(at, people.end()), "official"
            return Actor(at, organ.end, organ.canon), organ.label
        if self.text[at] in _LEVELS and (organ := self.organs.get(at + 1)) and organ.end <= limit:
            return Actor(at, organ.end, organ.canon), organ.label
        named = (self.words.told_organ if told else self.words.organ).match(self.text, at, limit)
        if named and not _NO_ORGAN.search(named[0]) and not self._second_organ(at, named.end(), None):
            people = _PEOPLE.match(self.text, named.end(), limit)
            return (Actor(at, people.end()), "official") if people else (Actor(at, named.end()), "organ")
        place = _PLACE.match(self.text, at, limit)
        if place and not NO_PLACE.search(place[0]) and not self._inside_time(at):
            return Actor(at, place.end()), "place"
        return self._known_place(at)

    def _known_place(self, at: int) -> tuple[Actor, str] | None:
        end = self.known.get(at)
        return (Actor(at, end), "place") if end else None

    def _second_organ(self, start: int, end: int, first: Entity | None) -> bool:
        """Does another organ start inside what looks like one official's designation?"""
        return any(i in self.organs and self.organs[i].end <= end for i in range(first.end if first else start + 1, end))

    def _inside_time(self, at: int) -> bool:
        return at in self.times

    def relative(self, at: int, limit: int) -> int | None:
        """Where a group starts that a relative clause at ``at`` modifies."""
        m = _RELATIVE.match(self.text, at, limit)
        return m.end() if m and m.end() in self.organs and self.organs[m.end()].label == "GROUP" else None

    def official(self, start: int, end: int) -> bool:
        return self.words.posts.match(self.text, start, end) is not None


def _starts(words: AhoCorasick, text: str) -> list[float]:
    return [*sorted(start for _, start, _ in words.find_matches_as_indexes(text, overlapping=True)), inf]


def _near(starts: Sequence[float], at: int) -> bool:
    """Does one of ``starts`` lie so near ahead that a name can reach from ``at`` to it?"""
    return starts[bisect_left(starts, at)] <= at + _REACH
