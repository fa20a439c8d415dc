"""Bodies with open names: task forces, committees, centres, firms, banks, schools, laboratories, zones.

Their heads are known (领导小组, 集团, 大学, 高新区), what stands in front is not: the name begins after the last edge
word or stop. As most of these words also name places, buildings and kinds of things, each kind asks for a sign that
this one is an actor: its level (市城投集团), a field that is no brand (能源集团), a place (云岭大学), or what it does.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from duban.alternation import any_of
from duban.entities.naming import MASK, OF_EACH, Cues, Naming
from duban.lexicon import Entry, Hit, Lexicon
from duban.matches import Entity, Span, Why

# The one-character name of a province and a field: a regional group.
_PROVINCE = "[京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀黔贵滇云陕秦甘陇青宁新藏蒙]"
_REGIONAL = re.compile(rf"{_PROVINCE}[旅交能水农金铁航建城文科数产国煤钢盐粮机]{{1,2}}[投控发建]?")
_RURAL_BANK = re.compile(r"[\u4e00-\u9fff]{2,3}(?:农村商业|农商|村镇)(?:联合)?")
_CLAUSE_END = re.compile(r"[，。；：！？、“”（）《》\n]")
_HEADED = re.compile(r"(?:国务院|国家|省|市(?!场|民(?![营政族办宗间用防])|长)|县(?!长|处)|区(?!域|块|长)|州|旗|自治区)")
_COUNTED = re.compile(
    r"(?:[\d一二三四五六七八九十百两几数多]{1,16}(?:个|家|所|座)|一批|各类|各|若干|首个|首家|多个|新型|高水平|一流|现代|综合性|区域性|大型|知名|龙头)$"
)
_TRADING_BRANCH = re.compile(r"[\u4e00-\u9fff]{2,4}?交易服务中心")
_BARE_LEVEL = re.compile(r"(?:[省市县区州]|自治区)$")
_LISTED_FIRM = re.compile(r"(?P<name>[\u4e00-\u9fff（）*×X]{2,18}?(?:公司|集团|银行))(?=[，。；、和\n])")
_OWN_PLACE = re.compile(r"[\u4e00-\u9fff]{2,4}")
_LEVEL = re.compile(
    r"(?:自治区|省|市(?!场|民(?![营政族办宗间用防])|值|域|政(?!务|府|协|法))|县(?!域)|区(?!域|块)|州|盟|旗|镇(?!街|村|域|区)|乡(?!村|镇|亲|贤|土|愁|情)|街道|国家|中国|全国)(?:直属|直|属)?(?!级)"
)
_LEVEL_VALUE = {"国": "国家", "全": "国家", "中": "国家", "省": "省", "自": "省", "市": "市", "州": "市", "盟": "市", "县": "县", "区": "县", "旗": "县",
                "镇": "乡", "乡": "乡", "街": "乡"}
#: Kinds of areas that end as a level does.
_AREAS = ("新区", "园区", "景区", "城区", "片区", "库区", "港区", "灾区", "山区")
_MASKED = re.compile(rf"(?:{MASK})(?:省|市|县|区|州|旗|乡|镇)?")
_SHORT = re.compile(r"[\u4e00-\u9fff]{2,4}$")
_SEPARATORS = "、和与及"
_SEPARATOR = re.compile(f"[{_SEPARATORS}]")
# The places listed after one: 高新区、南陵区、旌县分别…
_PLACES = r"(?:[、和][\u4e00-\u9fff*×]{1,6}?[区县市州旗]){0,12}"
# The conjuncts that follow one, up to the verb they share.
_CONJUNCTS = r"(?:[、和][^，。；：、和\n]{2,24}){0,8}?"
# What may stand between a level and an organ that the lexicon knows: 县|征地|拆迁办
_QUALIFIER = re.compile(r"(?:(?![各和与及带给让请把被将由对向在的省市县区])[\u4e00-\u9fff]){2,6}")
_OPEN_NAME = re.compile(r"(?![市县区乡镇街])[\u4e00-\u9fff]{2,8}")
# A plain or a numbered house of its kind: 市第一人民医院, 县医院, 市青河中学
_HOUSE_NAME = re.compile(r"[\u4e00-\u9fff]{0,6}")
_STATE_LABORATORY = ("全国重点", "国家重点")
_ANY_LEVEL = re.compile(r"[省市县区州盟旗镇乡道]")
_COUNT = re.compile(r"[\d一二三四五六七八九十两几多]{1,3}个")
_ORDINAL = re.compile(r"第[一二三四五六七八九十]{1,3}")
#: Whoever stands behind 责任单位： is an actor; so far behind it one may stand.
_NOTED, _NOTE = re.compile("(?:单位|部门)：[^。；：（）\n]*$"), 80
_ORGAN = re.compile(r"(?:委政府|委、市政府|委|人民政府|政府)")
#: No body is read further to the left of its head than this.
_REACH = 32
_LISTABLE = ("centre", "office", "facility", "local")
#: Bodies beside which others may be listed.
_ANCHORS = ("body-exchange", "body-centre", "body-office", "body-facility", "body-local", "body-school", "body-firm", "body-branch", "body-research")


class _Body(NamedTuple):
    start: int
    end: int
    canon: str
    rule: str
    entry: Entry | None = None
    level: str | None = None
    place: str | None = None


class Vocabulary:
    """The heads and fields of a lexicon, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.heads = lexicon.labelled("BODY_HEAD")
        entries = list(lexicon.labelled("BODY_FIELD"))
        fields = {e.pattern: e.get("canon") or e.pattern for e in entries}
        self._weak = frozenset(e.pattern for e in entries if e.get("weak"))
        self.fields = re.compile(rf"(?:{any_of(fields.keys())}){{1,3}}(?:（集团）)?")
        word = Cues(lexicon.labelled("BODY_WORD"))
        self.no_school, self.no_research, self.served, self.no_committee, self.no_team, self.zone_fields, self.school_fields, self.schools = (
            word.words(kind) for kind in (
                "school-kind", "research-kind", "service", "committee-kind", "team-kind", "zone-field", "school-field", "school-name"))
        self.no_zone, self.banks, self.business = frozenset(("", *word.words("zone-kind"))), frozenset(word.words("bank")), frozenset(word.words("business"))
        self.teams, self.inspectors, self.governed, self.public = (word.words(kind) for kind in ("team", "inspector", "governed", "public"))
        # parties and leagues, which name their place inside (共青团临澄市委员会), and houses of banks, by what they are called in full
        self.parties, self.banking = ({e.pattern: str(e.canon) for e in word.of(kind)} for kind in ("party", "banking-house"))
        self.party = re.compile(rf"(?P<party>{any_of(self.parties.keys())})[\u4e00-\u9fff]{{2,6}}[省市县区州旗]")
        self.governs = re.compile(word("governs") + "$")
        self.business_house = re.compile(r"[\u4e00-\u9fff]{0,10}?" + word("house-of-business"))
        self.holding = re.compile(rf"{_PROVINCE}[\u4e00-\u9fff]{word('holding')}")
        self.investor = re.compile(rf"(?P<field>{word('investor')})(?P<tail>投|控)(?![资产入放融标票身向股制费诉]|集团|公司)")
        self.firm_list = re.compile(rf"等(?:[\d一二三四五六七八九十]+[家户])?{word('owned')}{{0,3}}{word('firms')}")
        self.known_offices = tuple(e.pattern for e in self.heads if e.get("kind") == "taskforce")
        cue = Cues(lexicon.labelled("BODY_CUE"))
        # a text presents firms and offices as public where it counts them among those: 市属国有企业末三名依次为…
        listed_as = "|".join(map(re.escape, word.words("listed-as"))) or "(?!)"
        self.presented = re.compile(rf"(?:{listed_as}|驻[^，。；\n]{{0,2}}单位)[^，。；\n]{{0,16}}?{cue('names')}")
        adverb = cue("adverb")
        self.acts = re.compile(rf"{adverb}?{cue('acts')}")
        self.orders = re.compile(rf"(?:{adverb}?{cue('acts')}){{1,3}}")
        self.zone_acts = re.compile(rf"{_PLACES}{adverb}?(?:{cue('acts')}|{cue('zone-acts')})")
        self.compared = re.compile(rf"{_PLACES}{cue('compared')}")
        self.spoken_of = re.compile(cue("spoken-of"))
        self.assessed = re.compile(rf"{adverb}?{cue('assessed')}")
        self.graded = re.compile(cue("graded"))
        self.built = re.compile(rf"(?:[一二三]期|等)?的?(?:加快)?{cue('built')}")
        self.building, self.pivot, self.opens, self.backed, self.founding, self.met, self.asks = (
            re.compile(cue(kind) + "$") for kind in ("building", "pivot", "opens", "backed", "founding", "met", "asks"))
        self.founds, self.founds_it = re.compile(cue("opens")), cue.words("opens")
        self.opened = re.compile(rf"{_CONJUNCTS}(?:正式)?(?<![前底内]){cue('opened')}")
        self.to_be = re.compile(rf"{_CONJUNCTS}(?:加快)?{cue('founded')}")
        self.set_up = re.compile(cue("set-up") + "好?")  # 发挥好|推动银企对接联席会议
        self.school_part, self.not_verb = (re.compile(cue(kind)) for kind in ("school-part", "not-verb"))
        self.academy = re.compile(cue("academy") + r"(?=[^，。；、：！？\n]{1,16}$)")
        self.built_yet = re.compile(rf"{adverb}?(?:要|须|必须|应|{cue('haste')}){{1,2}}{cue('founding-yet')}")
        self.zones = sorted((e for e in self.heads if e.get("kind") == "zone"), key=lambda e: -len(e.pattern))
        self.zone_heads = tuple(z.pattern for z in self.zones)
        self.team_acts = re.compile(rf"{adverb}?(?:{cue('acts')}|{cue('team-acts')})")
        self.firms = frozenset(cue.words("firm-house"))
        self.house = re.compile(cue("house"))
        self._expand = {short: full for short, full in sorted(fields.items(), key=lambda f: -len(f[0])) if short != full}

    def is_field(self, name: str) -> bool:
        """Does the name say a field of business and no brand? 管理 and the like alone say neither."""
        return name not in self._weak and bool(self.fields.fullmatch(name))

    def is_public(self, name: str) -> bool:
        """Is this a place with what only its government runs: 云水城投, 青岚公交?"""
        return any(name.endswith(field) and self.is_place_name(name[:-len(field)]) for field in self.public)

    def is_place_name(self, name: str) -> bool:
        """Is this a name of two or three characters that says no kind and no field (云水, not 工业)?"""
        return 2 <= len(name) <= 3 and name not in self.no_zone and not name.endswith(self.zone_fields) and not self.fields.search(name)

    def expanded(self, name: str) -> str:
        for short, full in self._expand.items():
            if name.startswith(short) and not name.startswith(full):
                return full + name[len(short):]
        return name


@lru_cache(maxsize=8)
def vocabulary(lexicon: Lexicon) -> Vocabulary:
    """The heads, fields and cues of a lexicon, compiled once."""
    return Vocabulary(lexicon)


def find(text: str, names: Naming, lexicon: Lexicon, known: Sequence[Entity]) -> list[Entity]:
    """Candidates with open names; ``known`` are the departments found otherwise."""
    bodies = vocabulary(lexicon)
    search = _Search(text, names, bodies, {e.start for e in known}, {e.end: e.start for e in known})
    kinds: dict[str, Callable[[int, int, Entry], _Body | None]] = {
        "taskforce": search.task_force, "committee": search.committee, "centre": search.centre, "exchange": search.exchange,
        "firm": search.firm, "office": search.office, "facility": search.facility, "local": search.local, "branch": search.branch,
        "school": search.school, "research": search.research, "zone": search.zone,
    }
    found: list[_Body] = []
    near = bytearray(len(text))  # what a body found here is in reach of

    def read(hit: Hit) -> None:
        body = kinds[hit.entry.get("kind")](*hit)
        if body is not None and body not in found[-1:]:
            found.append(body)
            if body.rule in _ANCHORS:
                search.starts.add(body.start)
                search.ends[body.end] = body.start
                reach = slice(max(0, body.start - 2), min(len(text), body.end + _REACH))
                near[reach] = b"\1" * (reach.stop - reach.start)

    hits = bodies.heads.scan(text)
    for hit in hits:
        read(hit)
    # those that count where they are listed with an organ again, backwards: 县医院、县中医院牵头
    for hit in reversed(hits):
        if hit.entry.get("kind") in _LISTABLE and near.find(1, hit.start, hit.end) >= 0:
            read(hit)
    found += search.investors()
    found += search.presented()
    found += search.listed_firms(found)
    found += search.listed_zones(found)
    return [_entity(b) for b in found]


def _entity(body: _Body) -> Entity:
    entry = body.entry
    return Entity(body.start, body.end, "DEPARTMENT", entry.id if entry else None, body.canon, body.level, body.place,
                  Why(body.rule, entry.id if entry else None, {"name": (Span(body.start, body.end),)}))


class _Search:
    """One text's search for bodies: a method a kind, from the head of a name to the body or None."""

    def __init__(self, text: str, names: Naming, bodies: Vocabulary, starts: set[int], ends: dict[int, int]) -> None:
        self.text, self.names, self.bodies, self.starts, self.ends = text, names, bodies, starts, ends

    def _start(self, end: int, reach: int = 22) -> int:
        """Where the name that ends at ``end`` begins: after the last edge, or an organ that does something to it."""
        start = self.names.name_start(self.text, max(0, end - reach), end)
        for organ in range(end - 2, start, -1):
            if organ in self.ends and (verb := self.bodies.orders.match(self.text, organ, end)):
                return verb.end()
        return start

    def _listed(self, begin: int, end: int) -> bool:
        """Does it stand in a list beside a known organ?"""
        text = self.text
        return (begin - 1 in self.ends and text[begin - 1] in _SEPARATORS) or (end + 1 in self.starts and text[end:end + 1] in _SEPARATORS)

    def _may_be_listed(self, start: int, end: int, reach: int) -> bool:
        """Could it stand in such a list, wherever in reach its name begins? Most do not, and need not be read to the left."""
        text = self.text
        if end + 1 in self.starts and text[end:end + 1] in _SEPARATORS:
            return True
        return any(m.start() in self.ends for m in _SEPARATOR.finditer(text, max(0, start - reach - 1), start))

    def _acts(self, end: int) -> bool:
        return bool(self.bodies.acts.match(self.text, end))

    def _told(self, begin: int, end: int) -> bool:
        """Does it act, or is it asked or reported to?"""
        return self._acts(end) or bool(self.bodies.asks.search(self.text, max(0, begin - 2), begin))

    def _own(self, start: int, end: int) -> tuple[str, str | None, str | None]:
        """What is left of a name without its level and place, and these."""
        text = self.text
        masked = _MASKED.match(text, start, end)
        if masked:
            return text[masked.end():end], None, masked.group()
        for length in range(min(8, end - start), 1, -1):
            place = text[start:start + length]
            if place in self.names.places:
                rest = start + length
                if text[rest:rest + 1] in ("省", "市", "县", "区", "州") and rest + 1 < end:
                    rest += 1
                return text[rest:end], self.names.places[place], text[start:rest]
        level = _LEVEL.match(text, start, end)
        if level:
            return text[level.end():end], _LEVEL_VALUE[level.group()[0]], None
        for level in _LEVEL.finditer(text, start + 2, min(end, start + 4)):  # 青岚县城投公司
            prefix = self.names.prefix(text, level.start() + 1, start)
            if prefix.start == start and prefix.place and not prefix.place.endswith(_AREAS):
                return text[level.end():end], prefix.level, prefix.place
        return text[start:end], None, None

    def _local(self, level: str | None, place: str | None) -> bool:
        """Is a name headed by its level, bare or with the place it is the level of: 市…, 青岚县…, not 武汉…?"""
        unlisted = place is None or place[-1] in "省市县区旗镇乡道" or (place[-1] in "州盟" and place not in self.names.places)
        return level in ("省", "市", "县", "乡") and unlisted

    def _task_start(self, end: int) -> int:
        """Where a task force's name begins: at its level or organ, else after a word that sets it up. Verbs are part of its name."""
        floor = max(0, end - 30)
        first = max([floor, *(m.end() for m in _CLAUSE_END.finditer(self.text, floor, end)), self.text.rfind("的", floor, end) + 1])
        for organ in range(end - 1, first, -1):
            if organ in self.ends and (verb := self.bodies.orders.match(self.text, organ, end)):
                first = verb.end()
                break
        starts = [first, *self.names.openings(self.text, first, end)]
        for start in starts:
            if _HEADED.match(self.text, start, end) and not (start and self.text[start - 1] in "全各"):
                return start
        return max([first, *(m.end() for m in self.bodies.set_up.finditer(self.text, first, end))])

    def task_force(self, start: int, end: int, entry: Entry) -> _Body | None:
        """领导小组, 指挥部 and the like: with a name of their own."""
        if self.text.startswith(("机制", "制度", "办法"), end):
            return None
        begin = self._task_start(start)
        if self.bodies.met.search(self.text, max(0, begin - 2), begin):
            return None
        name, level, place = self._own(begin, start)
        founded = self.bodies.founds.search(self.text, max(0, begin - 16), begin)
        if entry.pattern in self.bodies.teams and not (level or place or founded or self.bodies.team_acts.match(self.text, end)):
            return None
        if not name and entry.pattern in self.bodies.inspectors and level in ("省", "市", "县") and self._told(begin, end):
            return _Body(begin, end, entry.canon, "body-task-force", entry, level, place)  # 报区督查组
        if not name or name[0] in "各该" or _COUNT.match(name) or name in self.bodies.no_team or name in self.names.words:
            return None
        if _COUNTED.search(name) or _COUNTED.search(self.text[max(0, begin - 4):begin]):
            return None
        organ = _ORGAN.match(name)
        own = _ORDINAL.sub("", name[organ.end():] if organ else name, count=1)
        government = "政府" if organ and organ.group() in ("政府", "人民政府") else ""
        if len(own) < 2 and not (organ and own != name):
            return None
        return _Body(begin, end, government * (len(own) < 8) + own + entry.canon, "body-task-force", entry, level, place)

    def committee(self, start: int, end: int, entry: Entry) -> _Body | None:
        """管委会, 筹委会 and other committees, which govern what they are named after."""
        begin = self._start(start, 18)
        if begin == start and entry.canon == "管理委员会" and (self._beside_party(begin) or self._spoken_of(begin, end)):
            return _Body(begin, end, entry.canon, "body-committee", entry)
        if OF_EACH.search(self.text, max(0, begin - 18), begin) and self.text[begin:start] in self.bodies.zone_heads:
            return None  # 各县区政府、开发区管委会
        name, level, place = self._own(begin, start)
        if entry.pattern in ("管委会", "管理委员会") and not self.bodies.governs.search(self.text, begin, start):
            return None
        party = self.bodies.party.fullmatch(self.text, begin, start)
        if party and entry.pattern == "委员会":
            own = self.bodies.parties[party["party"]].removesuffix("委员会")
            return _Body(begin, end, own + "委员会", "body-committee", entry, level, self.text[party.end("party"):start] or None)
        if len(name) + len(place or "") < 2 or (self.text[end:end + 1] or "。") in "员+" or _COUNTED.search(self.text[max(0, begin - 3):start]):
            return None
        plain = entry.pattern in ("委员会", "理事会", "联合会", "促进会")
        if (plain and not (level or self._acts(end))) or name.endswith(self.bodies.no_committee):
            return None
        area = next((w for w in self.bodies.governed if name.endswith(w) and self.bodies.is_place_name(name[:-len(w)])), None)
        name = area or name  # 白鹭风景区管委会
        zone = next((e for e in self.bodies.zones if name.endswith(e.pattern)), None)
        if zone:
            own = name[:-len(zone.pattern)]
            name = zone.canon if self.bodies.is_place_name(own) or (zone.get("canon") and own in self.bodies.no_zone) else own + zone.canon
        return _Body(begin, end, name + entry.canon, "body-committee", entry, level, place)

    def _spoken_of(self, begin: int, end: int) -> bool:
        """Is it the one just named, where a clause opens and goes on to tell what it does: 管委会到现在没有…?"""
        return self._initial(begin) and (self._acts(end) or bool(self.bodies.spoken_of.match(self.text, end)))

    def _beside_party(self, begin: int) -> bool:
        """Does the party's committee of the same zone stand before: 高新区党工委、管委会?"""
        return begin - 1 in self.ends and self.text[begin - 1] in _SEPARATORS and self.text.endswith("工委", 0, begin - 1)

    def centre(self, start: int, end: int, entry: Entry) -> _Body | None:
        """A 中心 is an institution where it has a level, acts, or stands in a list of organs."""
        if end in self.ends or self.bodies.built.match(self.text, end) or (self.text[end:end + 1] and self.text[end] in "城镇村区校支"):
            return None
        acts, opened = self._acts(end), bool(self.bodies.opened.match(self.text, end))
        serves = self.text.endswith(self.bodies.served, max(0, start - 20), start)
        noted = _NOTED.search(self.text, max(0, start - _NOTE), start) is not None
        if not (acts or opened or serves or noted or any(word in self.text[max(0, start - 22):start] for word in self.bodies.founds_it)):
            return None
        begin = self._start(start, 20)
        name, level, place = self._own(begin, start)
        local = self._local(level, place)
        if len(name) < (2 if acts and local else 4) or name.startswith("级") or _COUNTED.search(self.text, max(0, begin - 4), begin):
            return None
        served = name.endswith(self.bodies.served)
        founded = bool(opened or self.bodies.opens.search(self.text, max(0, begin - 2), begin))
        if founded and (place or level or served):
            served = acts = True
        backed = bool(place or level == "国家") and bool(self.bodies.backed.search(self.text, max(0, begin - 2), begin))
        if not ((acts and (served or local)) or (noted and local) or (served and (local or self._listed(begin, end) or backed))):
            return None
        region = self.names.known_place(name, len(name)) or ""
        return _Body(begin, end, name.removesuffix(region) + "中心", "body-centre", entry, level, place)

    def exchange(self, start: int, end: int, entry: Entry) -> _Body | None:
        begin = self._start(start, 20)
        name, level, place = self._own(begin, start)
        if len(name) < (2 if place or level else 4) or self.bodies.built.match(self.text, end):
            return None
        tail = _TRADING_BRANCH.match(self.text, end)
        canon = self.text[begin:end] if self.text.startswith("中国", begin) else name + "交易所"
        if tail:
            end, canon = tail.end(), canon + "交易服务中心"
        return _Body(begin, end, canon, "body-exchange", entry, level, place)

    def firm(self, start: int, end: int, entry: Entry) -> _Body | None:
        """A firm of a level (县城投公司), or one whose name is its field (能源集团)."""
        text = self.text
        if self.bodies.built.match(text, end) or (text[end:end + 1] or "。") in "化军式型":
            return None
        begin = self._start(start, 18)
        name, level, place = self._own(begin, start)
        if end in self.ends and not (self.ends[end] > begin and self.bodies.is_public(name)):
            return None  # known, unless it has its place in front: 青岚|公交公司
        generic = self.bodies.is_field(name) or self.bodies.is_public(name) or (entry.pattern == "集团" and bool(_REGIONAL.fullmatch(name)))
        if entry.pattern == "银行":
            named = name in self.bodies.banks or (not name and place in self.names.places)
            generic = (named and bool(place)) or bool(_RURAL_BANK.fullmatch(name))
        if not (generic or (name and self._local(level, place) and entry.pattern != "银行")):
            return None
        if _COUNTED.search(text[max(0, begin - 4):begin]) or name in ("上市", "平台", "跨国", "企业"):
            return None
        canon = self.bodies.expanded(name) + entry.pattern if level and self._local(level, place) else text[begin:end]
        return _Body(begin, end, canon, "body-firm", entry, level, place)

    def branch(self, start: int, end: int, entry: Entry) -> _Body | None:
        """人行*中心支行, 某保险*支公司: the branch of a bank or insurer."""
        if end in self.ends:
            return None
        begin = self._start(start, 18)
        whole = self.text[begin:start]
        house = self.bodies.business_house.match(whole)
        if not house:
            return None
        owner = self.bodies.banking.get(house.group(), house.group().replace("财险", "财产保险"))
        return _Body(begin, end, owner + entry.pattern, "body-branch", entry, None, whole[house.end():] or None)

    def school(self, start: int, end: int, entry: Entry) -> _Body | None:
        """A university that is named after a place, or after what few are."""
        text = self.text
        begin = self._start(start, 16)
        verb = self.bodies.orders.match(text, begin, start)
        begin = verb.end() if verb else begin  # 联合云水大学
        name = text[begin:start]
        if len(name) < 2 or name.endswith(self.bodies.no_school):
            return None
        if _COUNTED.search(text, max(0, begin - 4), begin) or self.bodies.founding.search(text, max(0, begin - 4), begin):
            return None
        if any(sign.match(text, end) for sign in (self.bodies.to_be, self.bodies.school_part, self.bodies.built)):
            return None
        if not (self._own(begin, start)[2] or name.startswith(self.bodies.schools) or self._own_school(name)):
            return None
        return _Body(begin, end, text[begin:end], "body-school", entry, None, None)

    def _own_school(self, name: str) -> bool:
        """A place nobody listed and perhaps a field: 临澄师范, 青岚; a field alone names no school."""
        while field := next((f for f in self.bodies.school_fields if name.endswith(f)), ""):
            name = name[:-len(field)]
        return 2 <= len(name) <= 4 and bool(_OWN_PLACE.fullmatch(name)) and not name.endswith(self.bodies.no_school)

    def office(self, start: int, end: int, entry: Entry) -> _Body | None:
        """An organ with a name no lexicon knows, by its level: 市空域协调办公室, 县执法局."""
        text = self.text
        if text.startswith(tuple(entry.get("not_before", ())), end):
            return None
        known_office = text.endswith(self.bodies.known_offices, max(0, start - 10), start)
        if not (known_office or (_ANY_LEVEL.search(text, max(0, start - 10), start)
                                 and (entry.get("sure") or self._acts(end) or self._may_be_listed(start, end, 30)))):
            return None
        begin = self._start(start, 14)
        if entry.canon == "办公室" and self._own(begin, start)[1] is None:
            begin = self._office_start(start)
        known = self.ends.get(end, end)
        if known <= begin or any(at in self.ends for at in range(begin + 1, known + 1)):
            return None
        name, level, place = self._own(begin, start)
        if known < end and not (level and _QUALIFIER.fullmatch(text, start - len(name), known)):
            return None  # 县征地拆迁办 is more than a 拆迁办
        if name in self.bodies.known_offices and not (level or place):
            return _Body(begin, end, name + entry.canon, "body-office", entry) if self._told(begin, end) else None
        if not self._local(level, place) or not _OPEN_NAME.fullmatch(name) or name.endswith(tuple(entry.get("not_after", ()))):
            return None
        if text[begin - 1:begin] in tuple("全各我本该") or not (entry.get("sure") or self._acts(end) or self._listed(begin, end)):
            return None
        return _Body(begin, end, name + entry.canon, "body-office", entry, level, place)

    def _office_start(self, end: int) -> int:
        """Where the name of an office begins at its level: what it has to do (整改, 征地, 落实) is part of it, though a verb elsewhere."""
        begin = self._task_start(end)
        return begin if all(m.group() in self.bodies.business for m in self.names.edges(self.text, begin, end)) else end

    def facility(self, start: int, end: int, entry: Entry) -> _Body | None:
        """A hospital, library or school of a level: where it acts, is graded or is listed with organs, not where it is built."""
        text = self.text
        told = self._acts(end) or self.bodies.graded.match(text, end) or self.bodies.spoken_of.match(text, end)
        if not (told or self._may_be_listed(start, end, 14)):
            return None
        begin = self._start(start, 14)
        name, level, place = self._own(begin, start)
        if not (level or place) or level == "国家" or not _HOUSE_NAME.fullmatch(name) or text[begin - 1:begin] in ("全", "各"):
            return None
        if self.bodies.built.match(text, end) or self.bodies.building.search(text, max(0, begin - 4), begin):
            return None
        if not (self._acts(end) or self.bodies.graded.match(text, end) or self._listed(begin, end) or self._spoken_of(begin, end)):
            return None
        return _Body(begin, end, name + entry.canon, "body-facility", entry, level, place)

    def local(self, start: int, end: int, entry: Entry) -> _Body | None:
        """The local office of a central service, named after its place: 临澄海关, 民航云水监管局."""
        text = self.text
        begin = self._start(start, 14)
        house = self.bodies.house.match(text, begin, start)
        place = text[house.end() if house else begin:start]
        masked = _MASKED.fullmatch(place)
        if not (masked or _OWN_PLACE.fullmatch(place)) or place.endswith(tuple(entry.get("not_after", ()))) or (entry.get("housed") and not house):
            return None
        if not (masked or house or self._acts(end) or self._listed(begin, end) or (entry.get("sure") and self._initial(begin))):
            return None
        named = house and house.group() in self.bodies.firms
        canon = text[begin:end] if named else (house.group() if house else "") + entry.canon
        return _Body(begin, end, canon, "body-local", entry, None, place)

    def research(self, start: int, end: int, entry: Entry) -> _Body | None:
        text = self.text
        begin = self._start(start, 20)
        parent = self.bodies.academy.search(text, max(0, start - 22), start)
        if parent:
            begin = parent.start()
        name, level, place = self._own(begin, start)
        kind = not parent and name.removesuffix("全国重点").removesuffix("国家重点").endswith(self.bodies.no_research)
        if self.bodies.built.match(text, end) or kind or _COUNTED.search(text, max(0, begin - 4), begin):
            return None
        brand = entry.pattern == "实验室" and len(name) == 2 and not self.bodies.building.search(text, max(0, begin - 4), begin)
        if entry.pattern == "研究中心" and not (parent or place):
            return None
        state = name.endswith(_STATE_LABORATORY) and len(name) > 5 and not self.bodies.building.search(text, max(0, begin - 4), begin)
        if not (parent or place or brand or state or (level == "国家" and len(name) > 3)):
            return None
        return _Body(begin, end, text[begin:end].replace("中科院", "中国科学院"), "body-research", entry, level, place)

    def zone(self, start: int, end: int, entry: Entry) -> _Body | None:
        """A zone that acts or is assessed; elsewhere it is a place or a project."""
        text = self.text
        begin = self._start(start, 14)
        whole = text[begin:start]
        bare = whole in self.bodies.no_zone
        if bare and (whole or not entry.get("canon")):
            return None
        first = self._first_zone(begin)
        pushed = bool(self.bodies.pivot.search(text, max(0, first - 2), first)) and not self.bodies.not_verb.match(text, end)
        if self.bodies.built_yet.match(text, end) or (not pushed and self.bodies.building.search(text, max(0, begin - 4), begin)):
            return None
        if bare:
            # the one of the place, where it is given orders
            ordered = (self._initial(begin) or self._beside_place(begin)) and (self._acts(end) or self.bodies.compared.match(text, end))
            return _Body(begin, end, entry.canon, "body-zone", entry) if ordered or (pushed and self.bodies.zone_acts.match(text, end)) else None
        acts = bool(self.bodies.zone_acts.match(text, end)) or (self._initial(begin) and bool(self.bodies.assessed.match(text, end)))
        return self._zone(begin, start, end, entry) if acts or pushed else None

    def _first_zone(self, begin: int) -> int:
        """Where the first of the zones listed before this one begins."""
        while self.text[begin - 1:begin] in ("、", "和") and self.text.endswith(self.bodies.zone_heads, 0, begin - 1):
            begin = self._start(begin - 1, 14)
        return begin

    def _initial(self, begin: int) -> bool:
        return begin == 0 or self.text[begin - 1] in "，。；：！？、\n"

    def _beside_place(self, begin: int) -> bool:
        """Does it end a list of places: **县和高新区?"""
        return self.text[begin - 1:begin] in ("和", "与", "及") and self.text[begin - 2:begin - 1] in ("县", "区", "市", "州", "旗")

    def _zone(self, begin: int, start: int, end: int, entry: Entry) -> _Body:
        name, level, place = self._own(begin, start)
        if not (level or place) and _OWN_PLACE.fullmatch(name):
            place = name
        if not (level or place) and name[2:] in self.bodies.zone_fields and self.bodies.is_place_name(name[:2]):
            return _Body(begin, end, name[2:] + entry.canon, "body-zone", entry, level, name[:2])
        canon = entry.canon if entry.get("canon") else self.text[begin:end] if place else name + entry.canon
        return _Body(begin, end, canon, "body-zone", entry, level, place)

    def investors(self) -> list[_Body]:
        """市建投, 省交投: short names of public investment firms, with their level."""
        found = [_Body(m.start(), m.end(), m.group(), "body-investor")
                 for m in self.bodies.holding.finditer(self.text) if self._start(m.start(), 6) == m.start()]
        for match in self.bodies.investor.finditer(self.text):
            level = _BARE_LEVEL.search(self.text, max(0, match.start() - 3), match.start())
            if level and (level.start() == 0 or self.text[level.start() - 1] not in "全各"):
                canon = self.bodies.expanded(match["field"] + match["tail"])
                if canon.endswith("投资"):
                    canon += "公司"
                found.append(_Body(level.start(), match.end(), canon, "body-investor", None, _LEVEL_VALUE[level.group()[0]]))
        return found

    def presented(self) -> list[_Body]:
        """Firms of whatever name that the text lists as state-owned."""
        found = []
        for match in self.bodies.presented.finditer(self.text):
            at = match.end()
            for _ in range(12):
                name = _LISTED_FIRM.match(self.text, at)
                if name is None:
                    break
                found.append(_Body(name.start(), name.end(), name["name"], "body-presented"))
                if self.text[name.end()] not in "、和":
                    break
                at = name.end() + 1
        return found

    def listed_firms(self, found: Iterable[_Body]) -> list[_Body]:
        """Short names in a list of firms: 甲、交投等企业."""
        out = []
        for match in self.bodies.firm_list.finditer(self.text):
            conjuncts = []
            at = match.start()
            while True:
                start = max(self._start(at, 8), self.text.rfind("、", 0, at) + 1 if "、" in self.text[max(0, at - 8):at] else 0)
                if not _SHORT.fullmatch(self.text[start:at]):
                    break
                conjuncts.append((start, at))
                if self.text[start - 1:start] != "、":
                    break
                at = start - 1
            if any(re.search(r"[投控能建]$", self.text[s:e]) for s, e in conjuncts) and len(conjuncts) > 1:
                out += [_Body(s, e, self.text[s:e], "body-firm-list") for s, e in conjuncts]
        return out

    def listed_zones(self, found: Iterable[_Body]) -> list[_Body]:
        """Zones listed with one that acts or with a committee of zones, and bare places that share its head: 临澄、青岚经开区."""
        out: list[_Body] = []
        queue = [b for b in found if b.rule == "body-zone" or (b.rule == "body-committee" and b.entry and b.entry.canon == "管理委员会")]
        while queue:
            zone = queue.pop()
            if zone.start == 0 or self.text[zone.start - 1] not in "、和" or zone.start - 1 in self.ends:
                continue
            body = self._conjunct_zone(zone)
            if body:
                out.append(body)
                queue.append(body)
        return out

    def _conjunct_zone(self, zone: _Body) -> _Body | None:
        """The zone that ends before the 、 in front of another one."""
        end = zone.start - 1
        begin = self._start(end, 14)
        head = next((h for h in self.bodies.zones if self.text.endswith(h.pattern, begin, end)), None)
        tail = "管理委员会" if zone.canon.endswith("管理委员会") else ""
        if head:
            own = self.text[begin:end - len(head.pattern)]
            if own in self.bodies.no_zone:
                return _Body(begin, end, head.canon + tail, "body-zone-list", head) if not own and head.get("canon") else None
            named = self._zone(begin, end - len(head.pattern), end, head)
            return _Body(begin, end, named.canon + tail, "body-zone-list", head, named.level, named.place)
        place = self.names.known_place(self.text, end) or self.text[begin:end]
        if tail or not zone.place or not _OWN_PLACE.fullmatch(place):
            return None
        return _Body(end - len(place), end, zone.canon, "body-zone-list", zone.entry, zone.level, place)
