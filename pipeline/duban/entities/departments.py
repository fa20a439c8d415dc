"""DEPARTMENT: organs of party and state, institutions, state-owned firms.

A name is a prefix (level and place), a core (a lexicon's stem with a suffix, or a whole organ) and, for branches, a
tail. Conjuncts that share a prefix or a head are names of their own. Bodies with open names (领导小组, 集团, 大学,
高新区 …) come from ``bodies``.
"""
from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from duban.entities import bodies
from duban.entities.naming import MASK, OF_EACH, Cues, Naming, naming
from duban.lexicon import Entry, Hit, Lexicon
from duban.matches import Entity, Span, Why
from duban.view import TextView

#: Organs that several fields share.
_WHOLE = ("局", "委员会", "委")
_NUMBER = r"[两几二三四五六七八九十\d]{1,2}"
_EXPANDED = {"委": "委员会", "办": "办公室", "特派办": "特派员办事处", "专员办": "专员办事处"}
#: Between conjuncts.
_CONJUNCTIONS = ("、", "和", "及", "及其", "与", "以及")
_AND = re.compile(r"(?:、|以及|和|及其|及|与)$")
# The youth league names its level inside: 团市委.
_YOUTH = {"团省": "省", "团市": "市", "团州": "市", "团县": "县", "团区": "县", "团旗": "县"}
# 市委, 县委 …: the committee of the party is one character after its level.
_COMMITTEE = re.compile(r"委(?<=[省市县区州盟旗]委)(?![员托派屈任])")
_LEADERS = re.compile(r"党(?:组|委|工委)(?![书成班政和（、])")
_PARENT = re.compile(r"(?:党工委|党委|委|人民政府|政府|人大常委会|人大|政协)$")
_TOP_PARENT = re.compile(r"(?:国务院|中共中央|党中央|中央|全国)$")
_NO_BRANCH = re.compile(r"[和与及在对向为的是]")
# The office of a central administration at a place: 国家矿山安全监察局|云岭局
_OFFICE_AT = re.compile(rf"(?P<place>{MASK}|[\u4e00-\u9fff]{{2,3}})局(?![部面势限促域长])")
# Central houses whose local offices carry their name, the place between.
_HOUSE = re.compile(r"(?:总局|国家电网)$")
_PLACE_GAP = re.compile(rf"(?:{MASK}|[\u4e00-\u9fff]{{2,4}})(?:省|市|县|区|州|旗)?")
# What a division inside an organ is called; 局 only inside a ministry or a provincial organ: 省工信厅运行局
_DIVISION = r"(?:处(?![置理分罚长境在方于级室])|科(?![技学研创协目长普级室教])|股(?![份权东票长市])|室(?![主内外]))"
_BUREAU = r"局(?![部面势限促域长])"
_BEFORE_DIVISION = "，。；：、（\n由请报"
# Who has branches, and of which kind only some have: 中科院|合肥分院.
_BRANCHING = ("局", "银行", "总署", "审计署", "委员会", "部")
_BRANCHED = {"办事处": "", "分院": "科学院", "直属库": "粮"}
_MINISTRY = re.compile(r"[\u4e00-\u9fff]{2,10}部(?!门)")
# A core that works for the one in front of it.
_SUBUNIT = re.compile(r"(?:支队|大队|总队|队|站|所|中心|分局|管理局|办公室|处|段)$")
# 考核办|法, 中办|公: the word goes on.
_GOES_ON = re.compile(r"(?<=办)(?:[法公理学事好案展赛成得结证件]|会(?![同商签]))|(?<=[行委网])[业员托派屈络]")
_MASK_ONLY = re.compile(MASK)
# 省市财政局: the level of each, nobody's name.
_COLLECTIVE = re.compile(r"[省市县区州]$")
_SUPERVISORS = {"人大": "人民代表大会", "政协": "中国人民政治协商会议委员会"}
_LOCAL_ORGANS = ("人民政府", "中国共产党委员会", "街道办事处")
_OWN_LEVEL = {"部": "国家", "署": "国家", "厅": "省"}
# Stems with these are rather facilities unless something says that they act.
_UNIT = re.compile(r"(?:中心|站|所|院|馆|台|室|段|场|处|(?<![支大总])队)$")


#: What an order, a question or a clause opens with.
_OPENS = "，。；：！？、\n“由请让叫"

#: Of two readings of one stretch the first.
_RANK = {"department-supervises": 0, "department-organ": 1}


class _Name(NamedTuple):
    """A name before it becomes an entity; ``core`` is where its prefix ends."""

    start: int
    core: int
    end: int
    canon: str
    entry: Entry | None
    rule: str
    level: str | None = None
    place: str | None = None


class _Organs:
    """The organ vocabulary of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.stems = lexicon.labelled("ORGAN_STEM")
        self.organs = lexicon.labelled("ORGAN")
        self.names = lexicon.labelled("DEPARTMENT")
        cue = Cues(lexicon.labelled("ORGAN_CUE"))
        # what makes a stem an organ; 委, 办 and the rest only where the stem's entry allows them. 局长 is a post.
        self.suffix = re.compile(rf"(?:(?P<field>{cue('field')})|(?P<organ>{cue('organ')})|(?P<listed>{cue('listed')}))(?!长(?!江))")
        # a list of bare stems ends in a common head (发改、财政、住建等有关部门) or in their number (三家牵头)
        self.list_head = re.compile(
            rf"{_NUMBER}家(?={cue('several-act')})|(?:等[\u4e00-\u9fff0-9]{{0,10}}?|{_NUMBER}[个家]?){cue('list-head')}")
        # or in the number of those it named: 城管、住建、市场监管|三家推来推去
        self.several = re.compile(rf"[这那]?{_NUMBER}(?:家|大?部门|个(?:部门|局|单位))")
        # 中央 alone acts where it decides, demands or leads; elsewhere it only says whose something is (中央企业, 中央财政)
        self.centre = re.compile(rf"中央(?<![党共国市团省、]中央)(?={cue('centre')})")
        # the treasury of a level, which pays: 市财政每年安排…
        self.treasury = re.compile(rf"财政(?<=[省市县区州]财政)(?={cue('pays-how')}?{cue('pays')})")
        # bare 人大 and 政协 are those of the place where they supervise
        self.supervises = re.compile(
            rf"(?:人大(?={cue('congress')}|(?:[、和]政协)?{cue('oversight')})|政协(?={cue('oversight')}))(?<![市省县区州国]..)")
        # branches named after the place they work in: 局青岚分局, 总行云岭省分行
        self.branch = re.compile(rf"(?P<place>驻?(?:{MASK}|[\u4e00-\u9fff]{{2,4}}?[省市县区旗]?)??)(?P<branch>{cue('branch')})")
        # teams without an entry of their own: 局执法支队
        self.team = re.compile(rf"[\u4e00-\u9fff]{{2,6}}?{cue('team')}")
        # 安全处, 计划财务科: divisions are named after what they have to do
        field = cue("division-field")
        self.division, self.bureau = (re.compile(rf"(?:{field}){{1,3}}{head}") for head in (_DIVISION, _BUREAU))
        self.division_head, self.division_fields = re.compile(_DIVISION), re.compile(rf"(?:{field}){{1,3}}$")
        # what committee and government have in common, when their names adjoin
        self.of_both = re.compile(rf"[省市县区州盟旗]政府(?:政务)?{cue('shared')}")
        # the mass organisations that are ordinary words too are organs in a list of them: 工会、共青团、妇联
        self.mass_list = re.compile(rf"{cue('mass')}(?:、{cue('mass')})?[、和]{cue('mass-organ')}(?![^，。；\n]{{0,30}}等(?:各项)?{cue('cause')})")
        # a bare stem is an organ where it acts
        self.acts = re.compile(rf"等?{cue('acts')}")
        self._kinds = {e.canon: e.get("organ", "") for e in self.stems}

    def of_field(self, entry: Entry, year: str | None = None) -> str:
        """The organ that has a field in a year, today if None: a bare stem or a 部门 names the field, whatever the organ once was called."""
        standing = year is not None and year <= entry.get("until", "")
        field = entry.canon if standing else entry.get("successor") or entry.canon
        return str(field + (entry.get("organ", "") if standing else self._kinds.get(field, entry.get("organ", ""))))

    def canon(self, entry: Entry, suffix: str, year: str | None = None) -> str:
        """The canonical name of a stem with its suffix, abbreviations expanded."""
        if suffix.endswith(("部门", "机构", "机关")):
            return self.of_field(entry, year)
        suffix = _EXPANDED.get(suffix, suffix)
        if suffix == "分局":
            suffix = "局分局"
        if entry.canon.endswith("管理"):
            suffix = suffix.removeprefix("管理")
        return entry.canon + suffix


@lru_cache(maxsize=8)
def _organs(lexicon: Lexicon) -> _Organs:
    return _Organs(lexicon)


def find(view: TextView, lexicon: Lexicon, date: str | None = None) -> list[Entity]:
    """Candidates for DEPARTMENT in text order; they may overlap. ``date`` (ISO) is the document's: who had a field then.

    >>> from duban.entities import default_lexicon
    >>> [e.canon for e in find(TextView("由市发改委牵头，财政、统计部门配合。"), default_lexicon())]
    ['发展和改革委员会', '财政局', '统计局']
    """
    text, names, organs = view.text, naming(lexicon), _organs(lexicon)
    whole = [_whole(hit.start, hit.end, hit.entry) for hit in organs.names.scan(text)]
    year = date and date[:4]
    headed, bare = _cores(text, organs, names, year)
    headed = _compounded(text, headed, bare, names)
    acts = bodies.vocabulary(lexicon).acts
    found = _joined(text, organs, _with_prefixes(text, _longest(headed), names, organs, bodies.vocabulary(lexicon)))
    found = _with_branches(text, found, names, organs)
    shared = [_prefixed(text, _bare_name(stem, organs, year), names) for stem in _conjuncts(text, found, bare, names, organs)]
    shared += _divisions(text, found, organs, acts)
    found = _inherited(text, sorted((*found, *shared), key=lambda n: (n.start, -n.end)))
    entities = [_entity(n) for n in found] + whole
    entities += bodies.find(text, names, lexicon, entities)
    # of one stretch the local house first: it has its firm's name in the canonical one
    return sorted(entities, key=lambda e: (e.start, -e.end, e.why.rule != "body-local"))


def _whole(start: int, end: int, entry: Entry) -> Entity:
    why = Why("department-name", entry.id, {"name": (Span(start, end),)})
    return Entity(start, end, "DEPARTMENT", entry.id, entry.canon, entry.get("level"), entry.get("place"), why)


def _entity(name: _Name) -> Entity:
    evidence = {"core": (Span(name.core, name.end),)}
    if name.start < name.core:
        evidence["prefix"] = (Span(name.start, name.core),)
    ref = name.entry.id if name.entry else None
    return Entity(name.start, name.end, "DEPARTMENT", ref, name.canon, name.level, name.place, Why(name.rule, ref, evidence))


def _bounded(text: str, start: int, names: Naming) -> bool:
    """Does a name begin here: after an edge, a level or a place?"""
    if names.name_start(text, max(0, start - 6), start) == start or names.prefix(text, start).start < start:
        return True
    return bool(_PARENT.search(text, max(0, start - 5), start))


def _bare_name(stem: Hit, organs: _Organs, year: str | None) -> _Name:
    return _Name(stem.start, stem.start, stem.end, organs.of_field(stem.entry, year), stem.entry, "department-conjunct")


def _cores(text: str, organs: _Organs, names: Naming, year: str | None) -> tuple[list[_Name], dict[int, Hit]]:
    """Cores with their head, and stems that stand bare, by where they end."""
    headed, bare = [], {}
    for hit in organs.stems.scan(text):
        entry, end = hit.entry, _suffix_end(text, hit.end, hit.entry, organs)
        if end is None:
            bare[hit.end] = hit
        else:
            headed.append(_Name(hit.start, hit.start, end, organs.canon(entry, text[hit.end:end], year), entry, "department-stem"))
    for hit in organs.organs.scan(text):
        if _GOES_ON.match(text, hit.end):
            continue
        if hit.end - hit.start == 2 and hit.entry.get("prefix") != "required" and not _bounded(text, hit.start, names):
            continue  # 创建行动, 消防指战员
        end = hit.end
        if text[end - 1:end + 1] == "部门":
            if hit.entry.get("prefix") == "none":
                continue  # 农业部门 is no ministry
            end += 1  # 组织部门
        level = hit.entry.get("level") or _YOUTH.get(text[hit.start:hit.start + 2])
        headed.append(_Name(hit.start, hit.start, end, hit.entry.canon, hit.entry, "department-organ", level))
    headed += [_Name(m.start(), m.start(), m.end(), "中国共产党委员会", None, "department-committee") for m in _COMMITTEE.finditer(text)]
    headed += [_Name(m.start(), m.start(), m.end(), "中国共产党中央委员会", None, "department-centre", "国家") for m in organs.centre.finditer(text)]
    headed += [_Name(m.start(), m.start(), m.end(), "财政局", None, "department-treasury") for m in organs.treasury.finditer(text)]
    for m in organs.supervises.finditer(text):
        headed.append(_Name(m.start(), m.start(), m.end(), _SUPERVISORS[m.group()], None, "department-supervises"))
    return headed, bare


def _compounded(text: str, headed: list[_Name], bare: Mapping[int, Hit], names: Naming) -> list[_Name]:
    """Cores with the bare stems in front that are part of the same name: 县|教育|科技体育局, 区|科技和|经信局."""
    return [_compound(text, core, bare, names) if core.rule == "department-stem" and text.endswith(_WHOLE, core.start, core.end) else core
            for core in headed]


def _compound(text: str, core: _Name, bare: Mapping[int, Hit], names: Naming) -> _Name:
    start, canon, joined = core.start, core.canon, False
    while len(canon) < 24:
        stem = bare.get(start)
        if stem is None and not joined and text[start - 1:start] == "和" and (stem := bare.get(start - 1)):
            joined, canon = True, "和" + canon
        if stem is None:
            break
        start, canon = stem.start, stem.entry.canon + canon
    # joined by 和 they are one where a level says whose they are
    if start == core.start or not (names.prefix(text, start).start < start or (not joined and _bounded(text, start, names))):
        return core
    return core._replace(start=start, core=start, canon=canon)


def _suffix_end(text: str, at: int, entry: Entry, organs: _Organs) -> int | None:
    """Where the suffix of a stem ends, or None if none stands there that its entry allows."""
    match = None if entry.get("bare") else organs.suffix.match(text, at)
    if match is None:
        return None
    if match["listed"]:
        listed = next((s for s in sorted(entry.get("suffixes", ()), key=len, reverse=True) if text.startswith(s, at)), None)
        if listed is None and match["listed"] == "办公室" and "办" in entry.get("suffixes", ()):
            listed = "办公室"
        if listed is None and match["listed"] in ("分局", "管理局"):
            return match.end()
        return None if listed is None else max(at + len(listed), match.end() if match["listed"].startswith(listed) else 0)
    return match.end()


def _longest(cores: list[_Name]) -> list[_Name]:
    """Of overlapping cores the longest, then the first; of one stretch the whole organ before stem and suffix."""
    kept: list[_Name] = []
    for core in sorted(cores, key=lambda c: (c.start, -c.end, _RANK.get(c.rule, 2))):
        if kept and core.start < kept[-1].end:
            if core.end - core.start > kept[-1].end - kept[-1].start:
                kept[-1] = core
            continue
        kept.append(core)
    return kept


def _with_prefixes(text: str, cores: list[_Name], names: Naming, organs: _Organs, actors: bodies.Vocabulary) -> list[_Name]:
    """Cores with level and place; those that need them and have none are dropped, unless they may inherit them."""
    out: list[_Name] = []
    starts = {core.start for core in cores}
    for core in cores:
        need = core.entry.get("prefix") if core.entry else "none" if core.level or core.rule == "department-supervises" else "required"
        if need == "none":
            out.append(core)
            continue
        name = _prefixed(text, core, names)
        if _COLLECTIVE.search(text, max(0, name.start - 1), name.start) and name.start < core.start and name.place is None and name.level != "国家":
            continue  # 省市县政府: of each level
        if name.place is None and name.canon in _LOCAL_ORGANS and OF_EACH.search(text, max(0, name.start - 18), name.start):
            continue  # 各街道办事处、乡人民政府
        if name.start == core.start and core.rule == "department-stem":
            name = name._replace(level=_OWN_LEVEL.get(text[core.end - 1]))
            if text[core.end - 2:core.end] != "部门" and _UNIT.search(text[core.start:core.end]) and not _stands(text, core, out, actors, starts):
                continue
        if name.start == core.start and need == "required":
            if core.entry and out and _follows(text, out[-1], core) and (core.entry.get("inherits") or text[core.start - 1] == "、"):
                name = core._replace(level=out[-1].level, place=out[-1].place, rule="department-inherits")
            elif not (organs.mass_list.match(text, core.start) or _alone(text, core, actors, starts)):
                continue
        out.append(name)
    return out


def _stands(text: str, core: _Name, before: list[_Name], actors: bodies.Vocabulary, starts: Container[int]) -> bool:
    """Is a facility's name that of an actor here: it acts, or is listed with organs?"""
    listed = bool(before) and _follows(text, before[-1], core)
    alone = listed or bool(actors.acts.match(text, core.end)) or text[core.start - 1:core.start] in ("：", "\n") or core.end - core.start > 7
    return alone or _alone(text, core, actors, starts)


def _alone(text: str, core: _Name, actors: bodies.Vocabulary, starts: Container[int]) -> bool:
    """Is it the one of the speaker's place, where it opens a clause and is told what to do: 党校要…, but 政府 may be any?"""
    opened = core.start == 0 or text[core.start - 1] in _OPENS
    barred = core.entry is None or core.entry.get("firm") or core.entry.get("inherits") or text.startswith("委", core.start)
    if not opened or barred:
        return False
    return bool(actors.acts.match(text, core.end) or actors.spoken_of.match(text, core.end)) or (text[core.end:core.end + 1] == "、" and core.end + 1 in starts)


def _follows(text: str, before: _Name, name: _Name) -> bool:
    """Is ``name`` the next conjunct after ``before``, or directly adjoined?"""
    return text[before.end:name.start] in ("", *_CONJUNCTIONS)


def _prefixed(text: str, core: _Name, names: Naming) -> _Name:
    """The core with what stands in front: level and place, a central organ, or the organ it is part of (市委组织部)."""
    prefix = names.prefix(text, core.start)
    if prefix.start < core.start:
        return core._replace(start=prefix.start, level=prefix.level, place=prefix.place)
    top = _TOP_PARENT.search(text, max(0, core.start - 4), core.start)
    if top:
        return core._replace(start=top.start(), level="国家")
    parent = _PARENT.search(text, max(0, core.start - 5), core.start)
    if parent and core.canon != "人民政府":
        prefix = names.prefix(text, parent.start())
        if prefix.start < parent.start():
            return core._replace(start=prefix.start, level=prefix.level, place=prefix.place)
    return core


def _joined(text: str, organs: _Organs, found: list[_Name]) -> list[_Name]:
    """A unit named directly after the organ it belongs to is one name with it; an organ inside a longer name is gone."""
    out: list[_Name] = []
    for name in found:
        last = out[-1] if out else None
        if last and name.start < last.end:
            if name.end > last.end:
                out[-1] = name  # 市委组织部 over 市委
            continue
        ministry = last is not None and last.rule in ("department-stem", "department-subunit") and bool(_MINISTRY.match(last.canon))
        if last and _HOUSE.search(last.canon) and name.end - name.core < 8 and _PLACE_GAP.fullmatch(text, last.end, name.core):
            out[-1] = name._replace(start=last.start, rule="department-subunit")  # 国家税务总局某市税务局
            continue
        if last and last.end == name.start and last.rule == "department-committee" and organs.of_both.match(text, name.start):
            out[-1] = name._replace(start=last.start)  # 市委市政府督查局
            continue
        if last and last.end == name.start == name.core and (ministry or (not name.level and _SUBUNIT.search(text[name.start:name.end]))):
            out[-1] = last._replace(end=name.end, canon=last.canon + name.canon.removeprefix(last.canon), rule="department-subunit")
            continue
        out.append(name)
    return out


def _with_branches(text: str, found: list[_Name], names: Naming, organs: _Organs) -> list[_Name]:
    """Names with the team or the local branch that follows them."""
    out = []
    for i, name in enumerate(found):
        limit = found[i + 1].start if i + 1 < len(found) else len(text)
        unit = organs.team.match(text, name.end, limit)
        if unit and name.canon.endswith(("局", "支队", "总队")) and not names.has_edge(text, unit.start(), unit.end()):
            name = name._replace(end=unit.end(), canon=name.canon + unit.group(), rule="department-subunit")
        division = _division(text, name, limit, organs)
        if division:
            name = name._replace(end=division.end(), canon=name.canon + division.group(), rule="department-subunit")
        leaders = _LEADERS.match(text, name.end, limit)
        if leaders and name.canon.endswith(("局", "委员会", "厅", "办公室", "法院", "检察院")):
            name = name._replace(end=leaders.end(), canon=name.canon + leaders.group(), rule="department-subunit")
        branch = organs.branch.match(text, name.end, limit)
        placed = branch and not _NO_BRANCH.search(branch["place"]) and not names.has_edge(text, branch.start(), branch.end("place"))
        if branch and placed and name.canon.endswith(_BRANCHED.get(branch["branch"], _BRANCHING)):
            kind = branch["branch"].removeprefix("省").removeprefix("市")
            canon = name.canon + _EXPANDED.get(kind, kind)
            name = name._replace(end=branch.end(), canon=canon, rule="department-branch")
        office = _OFFICE_AT.match(text, name.end, limit) if name.level == "国家" and name.canon.endswith("局") else None
        if office and not names.has_edge(text, office.start(), office.end()):
            name = name._replace(end=office.end(), rule="department-branch")
        out.append(name)
    return out


def _division(text: str, name: _Name, limit: int, organs: _Organs) -> re.Match[str] | None:
    """The division of an organ that follows its name: 省工信厅|安全处."""
    if not name.canon.endswith(("局", "委员会", "厅", "部", "办公室", "法院", "检察院")):
        return None
    senior = name.level in ("国家", "省") and name.canon.endswith(("厅", "部", "委员会"))
    return organs.division.match(text, name.end, limit) or (organs.bureau.match(text, name.end, limit) if senior else None)


def _divisions(text: str, found: list[_Name], organs: _Organs, acts: re.Pattern[str]) -> list[_Name]:
    """The author's own divisions, where they are given work or listed with organs: （牵头单位：市政科）, 计划财务科要…"""
    starts, ends = {n.start for n in found}, {n.end for n in found}
    out: list[_Name] = []
    for head in organs.division_head.finditer(text):
        field = organs.division_fields.search(text, max(0, head.start() - 10), head.start())
        if field is None or head.end() in ends or text[field.start() - 1:field.start()] not in (*_BEFORE_DIVISION, ""):
            continue
        start, end = field.start(), head.end()
        keyed = text.endswith("单位：", 0, start) or (text[start - 1:start] == "、" and start - 1 in ends)
        if keyed or acts.match(text, end) or (text[end:end + 1] == "、" and end + 1 in starts):
            out.append(_Name(start, start, end, text[start:end], None, "department-division"))
            ends.add(end)
    return out


def _conjuncts(text: str, found: list[_Name], bare: Mapping[int, Hit], names: Naming, organs: _Organs) -> Iterable[Hit]:
    """Bare stems that share the head of the name or of the list they stand before."""
    anchors = [n.start for n in found if n.entry and n.entry.label == "ORGAN_STEM" and n.start == n.core]
    out: dict[int, Hit] = {}
    for end, stem in bare.items():
        if organs.list_head.match(text, end):
            out[stem.start] = stem
            anchors.append(stem.start)
    for end, stem in bare.items():
        if stem.start not in out and organs.several.match(text, end) and _listed_before(text, stem, bare):
            out[stem.start] = stem
            anchors.append(stem.start)
    for end, stem in bare.items():
        if organs.acts.match(text, end) and stem.start not in out:
            prefix = names.prefix(text, stem.start)
            alone = prefix.start < stem.start and not _MASK_ONLY.fullmatch(prefix.place or "")  # 市发改要…, but **建工 is a firm
            before = _listed_before(text, stem, bare)  # 应急、公安要…: one at least that is no ordinary word
            if alone or (before and not (stem.entry.get("word") and before.entry.get("word"))):
                out[stem.start] = stem
                anchors.append(stem.start)
    starts, stops = {n.start for n in found}, {n.end for n in found}
    for end, stem in bare.items():
        if stem.start - 1 in stops and end + 1 in starts and text[stem.start - 1] == "、" and text[end] in "、和及与":
            out[stem.start] = stem  # among organs: 市财政局、税务、人行
    for anchor in anchors:
        at = anchor
        while gap := _AND.search(text, max(0, at - 2), at):
            conjunct = bare.get(gap.start())
            if conjunct is None or conjunct.start in out:
                break
            out[conjunct.start] = conjunct
            at = conjunct.start
    return out.values()


def _listed_before(text: str, stem: Hit, bare: Mapping[int, Hit]) -> Hit | None:
    """The bare stem that a conjunction joins to this one."""
    gap = _AND.search(text, max(0, stem.start - 2), stem.start)
    return bare.get(gap.start()) if gap else None


def _inherited(text: str, found: list[_Name]) -> list[_Name]:
    """Conjuncts without a level of their own take that of the conjunct before."""
    out: list[_Name] = []
    for name in found:
        if out and name.start < out[-1].end:
            continue
        if out and name.level is None and name.start == name.core and _follows(text, out[-1], name):
            name = name._replace(level=out[-1].level, place=out[-1].place)
        out.append(name)
    return out
