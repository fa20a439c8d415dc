"""What a name has: something of its own, a place, a capacity, a work at its end."""
from __future__ import annotations

import re

from duban.entities.projects.vocabulary import NAMED, Vocabulary

CAPACITY = re.compile(
    r"[0-9*X]{1,16}(?:\.[0-9]{1,16})?(?:万|亿|千)?(?:吨|千瓦|兆瓦|千伏|平方米|头|只|台|辆|套|立方米|方|件|米)|年产|日产|日处理|百万|千万吨|百万吨|[百千万]{1,2}[亩头](?=[\u4e00-\u9fff])"
)
#: A counted thing is generic: 12个停车场; its size is not: 千亩茶园, 万头牧场.
COUNTED = re.compile(
    r"(?![百千万]{1,2}[亩头])(?:约|近|超|余|共|新增|新建|改造)?(?:[0-9*Xx]{1,16}|[一二两三四五六七八九十百千万]+)(?:余|多|万)?(?:个|项|条|座|处|家|所|公里|亩|户|套|宗|批|[亿万]元)|"
    r"一批|若干|各类|各项|多个|一系列"
)
OF_PLACE = re.compile(
    r"城[东南西北中]|[东南西北老新]城(?!市|镇|区)|第[一二三四五六七八九十](?![批轮次届期个])|"
    r"(?!城市|农村|乡村|中心|城乡|乡镇|县城|县域|县乡|河湖|江河|中小|重点|沿|入|跨|全|各|本|我|老旧|新型|村道|县道|乡道|村级|县级|镇级)[\u4e00-\u9fff*X]{1,4}?"
    r"(?:省|市|县|州|盟|旗|镇|乡|村|山|河|江|湖|岛|湾|沟|滩|洞|峡|关|岭|池|海|淀|洲|坪|坝|塘|溪|寨|堡|屯|营|庄|埠|坡|岗|川|泉|潭|峪|片区|路|街)|[*X]"
)
NOT_AFTER = {
    "项目": re.compile(
        r"(?:库|化|管理|审批|制|经理|主管|单位|组|部门|业主|法人|招标|数量|个数|总数|谋划|清单|储备|布局|策划|包|支持|大会|攻坚|年(?![底内初])|观摩|为王|和资金|牵引|带动|要素|用地|资源|贷款)"
    ),
    "工程": re.compile(r"(?:师|机械|质量|技术|院|学|造价|招|研究|中心|实验|款|车|验收|领域|人员)"),
}
#: What joins clauses, not words of a name.
PARTS = re.compile(r"[、，。；：！？的了%]|[0-9*X]{1,16}[年月日天]|[前后]$|[0-9]{1,16}(?:个|项|家|所|条|座)|获批|入选|实现")
#: 等 inside a name's own words: it is a list of something else.
MANY = re.compile(r"^以|以[上下]|(?<![高中初均平])等(?!级)|一批|若干|更多|多个|[0-9]{1,16}[届回]")
_CLASSED = re.compile(
    r"[0-9*Xx一二两三四五六七八九十千百]{1,16}[亿万]元|暨|[0-9*Xx一二两三四五六七八九十几]{1,9}(?:[个项条栋幢]|大?类)|[这那哪每该此](?:个|些|类)?$"
)
ONLY_PLACE = re.compile(r"[\u4e00-\u9fff*X]{1,3}(?:省|市|县|区|州|镇|乡|村)|[*X]+")
_STAGED = re.compile(r"[一二三四五]期$|[0-9一二三四五六七八九十]$")
_OWNED = re.compile(r"[省市县区州镇乡](?:第[一二三四五六七八九十]+|[\u4e00-\u9fff]{0,6}(?:医院|中学|小学|学校|幼儿园|学院|馆))")
SLOGAN = re.compile(r"(?:全国|国家|国际|世界|全球|区域|西部|中部|东部|东北|西北|西南|面向|全省|我国|亚洲)")
_ROAD_CODE = re.compile(r"[GSXY][0-9*]{2,5}|[国省县]道[0-9*]{2,4}")
_STREET = re.compile(r"[\u4e00-\u9fff]{2,5}(?:(?<![公铁道速农村])路|大?街|大道|巷|桥)")
QUOTED = re.compile(r"[“《][^“”《》、]{2,}[”》]")


def programme(name: str, words: Vocabulary) -> bool:
    """Is it about a policy and nothing built: 文化惠民, 人才强基?"""
    return bool(words.policy.search(name)) and not words.physical.search(name) and not own_front(name, words)


def works(name: str, words: Vocabulary, kinds: tuple[str, ...] = ("line", "water", "plant")) -> bool:
    """Does it end in what a work is called: 重要算力|保障基地?"""
    heads = list(words.head.finditer(name))
    if len(name) < 4 or not heads or heads[-1].start() == 0 or heads[-1].end() < len(name):
        return False
    return words.heads.get(heads[-1].group()) in kinds


def own_front(name: str, words: Vocabulary) -> bool:
    """Does it open with a word of its own: 宏图|半导体, not 智慧|校园?"""
    front = name.lstrip("“《")
    if NAMED.match(front):
        return True
    return not words.topic.match(front) and not words.full_head.match(front) and not words.abstract.fullmatch(front)


def done_to(rest: str, words: Vocabulary) -> bool:
    """Does it say no more than what is done to a work: 现代化改造?"""
    heads = list(words.full_head.finditer(rest))
    return bool(heads) and words.heads.get(heads[-1].group()) == "deed" and not own_words(rest, words) and not inner_head(rest, words)


def inner_head(own: str, words: Vocabulary) -> bool:
    """Is the deed done to a work with a name: 青岭水库|除险加固?"""
    return any(words.heads.get(h.group()) in ("line", "plant", "water", "public") for h in words.full_head.finditer(own))


def street(name: str, words: Vocabulary) -> bool:
    """Is it a street, which may be named after anything: 人民东路?"""
    return _STREET.fullmatch(name) is not None and not words.topic.fullmatch(name)


def specific(own: str, words: Vocabulary, least: int = 2) -> bool:
    """Has the name something of its own before its head?"""
    if own[-1:] in ("和", "及", "与") or own in ("中国科", "中国工程", "中国社科") or _CLASSED.search(own):
        return False
    if (least > 2 and (len(own) < 3 or ONLY_PLACE.fullmatch(own))) or common_only(own, words):
        return False
    if proper(own, words) or _STAGED.search(own) or _OWNED.match(own):
        return True
    return len(own_words(own, words)) >= (1 if own_front(own, words) and inner_head(own, words) else 2)


def common_only(own: str, words: Vocabulary) -> bool:
    """Is nothing left of it without common words and quotation marks?"""
    at = 0
    while at < len(own):
        common = words.common.match(own, at)
        if common is None and own[at] not in "“”":
            return False
        at = common.end() if common else at + 1
    return True


def proper(own: str, words: Vocabulary) -> bool:
    """Does it name a place, a capacity, something quoted or redacted?"""
    if "*" in own or CAPACITY.search(own) or QUOTED.search(own) or _ROAD_CODE.search(own) or words.place.search(own):
        return True
    place, topic = OF_PLACE.match(own), words.topic.match(own)
    # roads are named after anything: 解放路, but not 产业路
    return place is not None and (topic is None or (place.group()[-1] in "路街" and topic.end() < place.end()))


def own_words(own: str, words: Vocabulary) -> str:
    """What is left without common words: the part of the name that is its own; 新 and 大 are beside others (新奥)."""
    left = words.full_head.sub("", words.common_words.sub("", own))
    return left if words.common.sub("", left) else ""
