"""Bodies with open names: task forces, committees, centres, firms, banks, schools, laboratories, zones.

Their heads are known (领导小组, 集团, 大学, 高新区), what stands in front is not: the name begins after the last edge
word or stop. As most of these words also name places, buildings and kinds of things, each kind asks for a sign that
this one is an actor: its level (市城投集团), a field that is no brand (能源集团), a place (云岭大学), or what it does.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from duban.entities.naming import MASK, Naming
from duban.lexicon import Entry, Lexicon
from duban.matches import Entity, Span, Why

#: What an actor does, directly after its name.
ACTS = re.compile(
    r"(?:都|也|均|还|既|一定|同时)?(?:要(?![素求点闻件塞务])|应(?![急用对])|须|务必|必须|不得|牵头|负责|会同|配合|具体|作为|切实|承担|发布|印发|主动|认真|按(?!揭)|抓(?!手)|落实|做好|及时|加强|组织)"
)
_BUILT = re.compile(
    r"(?:二期|一期|三期|等)?(?:的)?(?:加快)?(?:建设(?=[，。；、]|项目|工程|等|进度|$)"
    r"|项目|工程|建成|投用|主体|开工|筹建|大楼|改扩建|迁建|新校区|校区|选址|园区建设)"
)
# The one-character name of a province and a field: a regional group.
_HOLDING = re.compile(r"[京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀黔贵滇云陕秦甘陇青宁新藏蒙][\u4e00-\u9fff](?:国资|国投|国控|金控|资管|产投)")
_RURAL_BANK = re.compile(r"[\u4e00-\u9fff]{2,3}(?:农村商业|农商)")
_REGIONAL = re.compile(r"[京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀黔贵滇云陕秦甘陇青宁新藏蒙][旅交能水农金铁航建城文科数产国煤钢盐粮机]{1,2}[投控发建]?")
_CLAUSE_END = re.compile(r"[，。；：！？、“”（）《》\n]")
_HEADED = re.compile(r"(?:国务院|国家|省|市(?!场|民)|县|区(?!域|块)|州|旗|自治区)")
_SET_UP = re.compile(r"成立|组建|设立|建立|健全|完善|召开|发挥|参加|出席|由|向|的|在|请|报|经(?![济贸营开])|是|为|与|和(?=[^，。]{4})|充分|用好|依托|每次|支持")
_MET = re.compile(r"(?:召开|举行|参加|出席)$")
_COUNTED = re.compile(
    r"(?:[\d一二三四五六七八九十百两几数多]+(?:个|家|所|座)|一批|各类|各|若干|首个|首家|多个|新型|高水平|一流|现代|综合性|区域性|大型|知名|龙头)$"
)
_ZONE_ACTS = re.compile(
    r"(?:要(?![素求])|应|须|负责|牵头|去年|今年|前年|[一二三四]季度|上半年|全年|\d{4}年|创建|晋升|晋级|升级|升格|获批(?!建)|跻身|入选|扩区|调区|扩容|成为|增长|完成|排名|排在|位居|进位|争创|提质|提档|发挥|进入|荣获|实现|扩围|申建|申报|争先|党工委)"
)
_PIVOT = re.compile(r"(?:支持|推动|鼓励|引导|督促|指导|要求|责成|督导)$")
# An institution opens by putting up its sign, a building by being finished.
_OPENED = re.compile(r"(?:[、和][^，。；：、和\n]{2,24}){0,8}?(?:正式)?(?:挂牌|揭牌|获批成立|成立)")
_OPENS = re.compile(r"(?:成立|组建|设立)$")
_BACKED = re.compile(r"(?:支持|发挥|依托|推动|用好|办好|做强|做优|做大|提升|完善|、)$")
_TRADING_BRANCH = re.compile(r"[\u4e00-\u9fff]{2,4}?交易服务中心")
_BARE_LEVEL = re.compile(r"(?:[省市县区州]|自治区)$")
_LISTED_FIRM = re.compile(r"(?P<name>[\u4e00-\u9fff（）*×X]{2,18}?(?:公司|集团|银行))(?=[，。；、和\n])")
_OWN_PLACE = re.compile(r"[\u4e00-\u9fff]{2,4}")
_NOT_VERB = re.compile(r"[、，。；的等和与及]|建设|改革|高质量|内|“|$")
_LEVEL = re.compile(r"(?:自治区|省|市(?!场|民|值|域|政(?!务|府|协|法))|县(?!域)|区(?!域|块)|州|盟|旗|国家|中国|全国)(?:直属|直|属)?(?!级)")
_LEVEL_VALUE = {"国": "国家", "全": "国家", "中": "国家", "省": "省", "自": "省", "市": "市", "州": "市", "盟": "市", "县": "县", "区": "县", "旗": "县"}
_MASKED = re.compile(rf"(?:{MASK})(?:省|市|县|区|州|旗|乡|镇)?")
# A text presents firms and offices as public where it counts them among those: 市属国有企业末三名依次为…
_PRESENTED = re.compile(
    r"(?:国有企业|国企|国资企业|属企业|驻[^，。；\n]{0,2}单位|市政府部门|平台公司)[^，。；\n]{0,16}?(?:依次为|分别为|分别是|依次是|为|是|有|包括|：)"
)
_FIRM_LIST = re.compile(r"等(?:[\d一二三四五六七八九十]+[家户])?(?:省属|市属|县属|区属|国有|重点)*(?:企业|国企|集团|平台公司)")
_INVESTOR = re.compile(r"(?P<field>[建交城水农旅文科产国能林铁航港信地路]|文旅|金|国资|产业|数)(?P<tail>投|控)(?![资产入放融标票身向股制费诉]|集团|公司)")
_INVESTOR_WORD = {"投": "投资公司", "控": "控股公司"}
_SHORT = re.compile(r"[\u4e00-\u9fff]{2,4}$")
_SEPARATORS = "、和与及"
_FOUNDED = re.compile(r"(?:筹建|筹设|筹办|新建|建设|争取设立|谋划设立|推进|迁建)$")
_TO_BE = re.compile(r"(?:[、和][^，。；：、和\n]{2,20}){0,6}?(?:加快)?(?:筹建|筹设|筹办)")
_SCHOOL_PART = re.compile(r"(?:生|城|科技园|附属|附中|本科|校区|毕业|老师|教育|新校|路|园|排名|校长|科研)")
# An institute goes by the academy, ministry or university it belongs to.
_ACADEMY = re.compile(r"(?:中国科学院|中科院|中国农科院|中国工程院|中国社科院|教育部|工信部|自然资源部)(?=[^，。；、：！？\n]{1,16}$)")
_BUILDS = re.compile(r"(?:建设|建成|布局|组建|设立|新建|打造|建好)$")


@dataclass(frozen=True, slots=True)
class _Body:
    start: int
    end: int
    canon: str
    rule: str
    entry: Entry | None = None
    level: str | None = None
    place: str | None = None


class _Bodies:
    """The heads and fields of a lexicon, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.heads = lexicon.labelled("BODY_HEAD")
        entries = list(lexicon.labelled("BODY_FIELD"))
        fields = {e.pattern: e.get("canon") or e.pattern for e in entries}
        words = "|".join(map(re.escape, sorted(fields, key=lambda w: (-len(w), w))))
        self._weak = frozenset(e.pattern for e in entries if e.get("weak"))
        self.fields = re.compile(rf"(?:{words}){{1,3}}(?:（集团）)?") if fields else re.compile(r"(?!)")
        kinds: dict[str, list[str]] = {}
        for entry in lexicon.labelled("BODY_WORD"):
            for kind in entry.get("kinds", ()):
                kinds.setdefault(kind, []).append(entry.pattern)
        self.no_school, self.no_research, self.served, self.no_committee = (
            tuple(kinds.get(kind, ())) for kind in ("school-kind", "research-kind", "service", "committee-kind"))
        self.schools, self.no_zone = tuple(kinds.get("school-name", ())), frozenset(("", *kinds.get("zone-kind", ())))
        self._expand = {short: full for short, full in sorted(fields.items(), key=lambda f: -len(f[0])) if short != full}

    def is_field(self, name: str) -> bool:
        """Does the name say a field of business and no brand? 管理 and the like alone say neither."""
        return name not in self._weak and bool(self.fields.fullmatch(name))

    def expanded(self, name: str) -> str:
        for short, full in self._expand.items():
            if name.startswith(short) and not name.startswith(full):
                return full + name[len(short):]
        return name


@lru_cache(maxsize=8)
def _bodies(lexicon: Lexicon) -> _Bodies:
    return _Bodies(lexicon)


def find(text: str, names: Naming, lexicon: Lexicon, known: Sequence[Entity]) -> list[Entity]:
    """Candidates with open names; ``known`` are the departments found otherwise."""
    bodies = _bodies(lexicon)
    search = _Search(text, names, bodies, {e.start for e in known}, {e.end for e in known})
    kinds: dict[str, Callable[[int, int, Entry], _Body | None]] = {
        "taskforce": search.task_force, "committee": search.committee, "centre": search.centre, "exchange": search.exchange, "firm": search.firm,
        "branch": search.branch, "school": search.school, "research": search.research, "zone": search.zone,
    }
    hits = [(h.start, h.end, h.entry) for h in bodies.heads.scan(text)]
    found: list[_Body] = []
    for hit in (*hits, *(h for h in reversed(hits) if h[2].get("kind") == "centre")):  # centres again, backwards: those listed before an institution
        body = kinds[hit[2].get("kind")](*hit)
        if body is not None and body not in found[-1:]:
            found.append(body)
            if body.rule in ("body-exchange", "body-centre"):
                search.starts.add(body.start)
                search.ends.add(body.end)
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

    def __init__(self, text: str, names: Naming, bodies: _Bodies, starts: set[int], ends: set[int]) -> None:
        self.text, self.names, self.bodies, self.starts, self.ends = text, names, bodies, starts, ends

    def _start(self, end: int, reach: int = 22) -> int:
        return self.names.name_start(self.text, max(0, end - reach), end)

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
        return text[start:end], None, None

    def _task_start(self, end: int) -> int:
        """Where a task force's name begins: at its level or organ, else after a word that sets it up. Verbs are part of its name."""
        floor = max(0, end - 30)
        first = max([floor, *(m.end() for m in _CLAUSE_END.finditer(self.text, floor, end))])
        starts = [first, *(m.end() for m in self.names.edges(self.text, first, end))]
        for start in starts:
            if _HEADED.match(self.text, start, end) and not (start and self.text[start - 1] in "全各"):
                return start
        return max([first, *(m.end() for m in _SET_UP.finditer(self.text, first, end))])

    def task_force(self, start: int, end: int, entry: Entry) -> _Body | None:
        """领导小组, 指挥部 and the like: with a name of their own."""
        if self.text.startswith(("机制", "制度", "办法"), end):
            return None
        begin = self._task_start(start)
        if _MET.search(self.text, max(0, begin - 2), begin):
            return None
        name, level, place = self._own(begin, start)
        if entry.pattern in ("工作组", "专项组", "专班", "工作专班", "筹备组") and not (level or place or ACTS.match(self.text, end)):
            return None
        if not name or name[0] in "各该" or _COUNTED.search(self.text[max(0, begin - 4):begin]):
            return None
        organ = re.match(r"(?:委|政府|人民政府|委政府|委、市政府)", name)
        own = name[organ.end():] if organ else name
        government = "政府" if organ and organ.group() in ("政府", "人民政府") else ""
        return _Body(begin, end, government * (len(own) < 8) + own + entry.canon, "body-task-force", entry, level, place) if len(own) >= 2 else None

    def committee(self, start: int, end: int, entry: Entry) -> _Body | None:
        """管委会, 筹委会 and other committees, which govern what they are named after."""
        begin = self._start(start, 18)
        name, level, place = self._own(begin, start)
        if entry.pattern in ("管委会", "管理委员会") and not re.search(r"(?:区|园|城|港|岛|景区|机场|河|湖|口岸|基地|公积金)$", self.text[begin:start]):
            return None
        if len(name) + len(place or "") < 2 or (self.text[end:end + 1] or "。") in "员+" or _COUNTED.search(self.text[max(0, begin - 3):start]):
            return None
        plain = entry.pattern in ("委员会", "理事会", "联合会", "促进会")
        if (plain and not (level or ACTS.match(self.text, end))) or name.endswith(self.bodies.no_committee):
            return None
        zone = next((e for e in self.bodies.heads if e.get("kind") == "zone" and name.endswith(e.pattern)), None)
        if zone:
            name = name[:-len(zone.pattern)] + zone.canon
            name = zone.canon if zone.get("canon") and name[:-len(zone.canon)] in self.bodies.no_zone else name
        return _Body(begin, end, name + entry.canon, "body-committee", entry, level, place)

    def centre(self, start: int, end: int, entry: Entry) -> _Body | None:
        """A 中心 is an institution where it has a level, acts, or stands in a list of organs."""
        if end in self.ends or _BUILT.match(self.text, end) or (self.text[end:end + 1] and self.text[end] in "城镇村区校支"):
            return None
        begin = self._start(start, 20)
        name, level, place = self._own(begin, start)
        if len(name) < 4 or _COUNTED.search(self.text[max(0, begin - 4):begin]):
            return None
        acts = bool(ACTS.match(self.text, end))
        served = name.endswith(self.bodies.served)
        listed = (begin - 1 in self.ends and self.text[begin - 1] in _SEPARATORS) or (end + 1 in self.starts and self.text[end:end + 1] in _SEPARATORS)
        founded = bool(_OPENED.match(self.text, end) or _OPENS.search(self.text, max(0, begin - 2), begin))
        if founded and (place or level or served):
            served = acts = True
        backed = bool(place or level == "国家") and bool(_BACKED.search(self.text, max(0, begin - 2), begin))
        if name.startswith("级") or not ((acts and served) or (served and ((level in ("省", "市", "县") and not place) or listed or backed))):
            return None
        region = self.names.known_place(name, len(name)) or ""
        return _Body(begin, end, name.removesuffix(region) + "中心", "body-centre", entry, level, place)

    def exchange(self, start: int, end: int, entry: Entry) -> _Body | None:
        begin = self._start(start, 20)
        name, level, place = self._own(begin, start)
        if len(name) < (2 if place or level else 4) or _BUILT.match(self.text, end):
            return None
        tail = _TRADING_BRANCH.match(self.text, end)
        canon = self.text[begin:end] if self.text.startswith("中国", begin) else name + "交易所"
        if tail:
            end, canon = tail.end(), canon + "交易服务中心"
        return _Body(begin, end, canon, "body-exchange", entry, level, place)

    def firm(self, start: int, end: int, entry: Entry) -> _Body | None:
        """A firm of a level (县城投公司), or one whose name is its field (能源集团)."""
        text = self.text
        if end in self.ends or _BUILT.match(text, end) or (text[end:end + 1] or "。") in "化军式型":
            return None
        begin = self._start(start, 18)
        name, level, place = self._own(begin, start)
        generic = self.bodies.is_field(name) or (entry.pattern == "集团" and bool(_REGIONAL.fullmatch(name)))
        if entry.pattern == "银行":
            generic = (name in ("农村商业", "商业", "村镇", "农商", "城市商业") and bool(place)) or bool(_RURAL_BANK.fullmatch(name))
        if not (generic or (name and level in ("省", "市", "县") and not place and entry.pattern != "银行")):
            return None
        if _COUNTED.search(text[max(0, begin - 4):begin]) or name in ("上市", "平台", "跨国", "企业"):
            return None
        canon = self.bodies.expanded(name) + entry.pattern if level and not place else text[begin:end]
        return _Body(begin, end, canon, "body-firm", entry, level, place)

    def branch(self, start: int, end: int, entry: Entry) -> _Body | None:
        """人行*中心支行, 某保险*支公司: the branch of a bank or insurer."""
        if end in self.ends:
            return None
        begin = self._start(start, 18)
        whole = self.text[begin:start]
        house = re.match(r"[\u4e00-\u9fff]{2,10}?(?:银行|财险|寿险|人寿|保险|证券|农商行|电信|移动|联通|邮政|电力|烟草|石油|盐业)", whole)
        if not house:
            return None
        return _Body(begin, end, house.group().replace("财险", "财产保险") + entry.pattern, "body-branch", entry, None, whole[house.end():] or None)

    def school(self, start: int, end: int, entry: Entry) -> _Body | None:
        """A university that is named after a place, or after what few are."""
        text = self.text
        begin = self._start(start, 16)
        name = text[begin:start]
        if len(name) < 2 or name.endswith(self.bodies.no_school) or _FOUNDED.search(text, max(0, begin - 4), begin):
            return None
        if any(sign.match(text, end) for sign in (_TO_BE, _SCHOOL_PART, _BUILT)):
            return None
        if not (self._own(begin, start)[2] or name.startswith(self.bodies.schools)):
            return None
        return _Body(begin, end, text[begin:end], "body-school", entry, None, None)

    def research(self, start: int, end: int, entry: Entry) -> _Body | None:
        text = self.text
        begin = self._start(start, 20)
        parent = _ACADEMY.search(text, max(0, start - 22), start)
        if parent:
            begin = parent.start()
        name, level, place = self._own(begin, start)
        if _BUILT.match(text, end) or (not parent and text[begin:start].endswith(self.bodies.no_research)) or _COUNTED.search(text[max(0, begin - 4):begin]):
            return None
        brand = entry.pattern == "实验室" and len(name) == 2 and not _BUILDS.search(text, max(0, begin - 4), begin)
        if entry.pattern == "研究中心" and not (parent or place):
            return None
        if not (parent or place or brand or (level == "国家" and len(name) > 3)):
            return None
        return _Body(begin, end, text[begin:end].replace("中科院", "中国科学院"), "body-research", entry, level, place)

    def zone(self, start: int, end: int, entry: Entry) -> _Body | None:
        """A zone that acts or is assessed; elsewhere it is a place or a project."""
        text = self.text
        begin = self._start(start, 14)
        whole = text[begin:start]
        if whole in self.bodies.no_zone:
            return None
        acts = bool(_ZONE_ACTS.match(text, end))
        if not acts:
            pivot = _PIVOT.search(text, max(0, begin - 2), begin)
            acts = bool(pivot) and not _NOT_VERB.match(text, end)
        return self._zone(begin, start, end, entry) if acts else None

    def _zone(self, begin: int, start: int, end: int, entry: Entry) -> _Body | None:
        name, level, place = self._own(begin, start)
        if not (level or place) and _OWN_PLACE.fullmatch(name):
            place = name
        canon = entry.canon if entry.get("canon") else self.text[begin:end] if place else name + entry.canon
        return _Body(begin, end, canon, "body-zone", entry, level, place)

    def investors(self) -> list[_Body]:
        """市建投, 省交投: short names of public investment firms, with their level."""
        found = [_Body(m.start(), m.end(), m.group(), "body-investor") for m in _HOLDING.finditer(self.text) if self._start(m.start(), 6) == m.start()]
        for match in _INVESTOR.finditer(self.text):
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
        for match in _PRESENTED.finditer(self.text):
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
        for match in _FIRM_LIST.finditer(self.text):
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
        """Zones listed with one that acts, and bare places that share its head: 临澄、青岚经开区."""
        out: list[_Body] = []
        queue = [b for b in found if b.rule == "body-zone" and b.place]
        while queue:
            zone = queue.pop()
            if zone.start == 0 or self.text[zone.start - 1] not in "、和":
                continue
            begin = self._start(zone.start - 1, 8)
            place = self.names.known_place(self.text, zone.start - 1) or self.text[begin:zone.start - 1]
            if _OWN_PLACE.fullmatch(place):
                body = _Body(zone.start - 1 - len(place), zone.start - 1, zone.canon, "body-zone-list", zone.entry, zone.level, place)
                out.append(body)
                queue.append(body)
        return out
