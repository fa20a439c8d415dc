"""The words of assignment, compiled from the lexicon into the patterns that the rules use."""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation

from duban.lexicon import Lexicon

# What is wanted of others, not told (供电公司要规划图).
_WANTED = (
    r"(?:规划|会议|占道|施工|审批|用地|立项|环评|设计|相关|前置|备案)?"
    r"(?:图|纪要|手续|资料|材料|批文|批复|证明|函|文件|钱|政策|指标|编制|经费)(?:[，；。、]|$)"
)
# 要 and 应 are modals only where they are no part of another word (要求, 要素; 应急, 应用).
_GUARDS = {
    "要": r"要(?!求|素|点|么|害|件|是|不然|不是|闻|塞|道|义|领|旨|事|案|职|" + _WANTED + ")",
    "应": r"应(?!急|用|对|届|收|付|邀|变|运|诉|有|缴|征|试|该|当|力|景|季|尽|保|答|聘|考|许|税|声|激|战|手|市|策)",
    "须": r"须(?!知|臾)",
    "需": r"需(?!求|方|量|要)",
    "不可": r"不可(?!或缺|替代|分割|抗力|逆|再生|移动|少|估量|磨灭|比拟|阻挡)",
    "不要": r"不要(?!求|素|点|件|是)",
    "请": r"(?<![申邀聘提报恳吁宴敬])请(?!示|求|客|假|战|问|愿|教|看|大家|同志|你们|勿|柬|帖)",
    "由": r"(?<![自缘经])由(?!于|此|来|衷|[浅点弱小大低高外内表近远上下][\u4e00-\u9fff]?[到至及入向转变])",
    "望": r"(?<![希盼展期名威渴欲绝失探仰观愿守张遥指])望",
    "希望": r"希望(?!工程|小学|之|的|大家|同志)",
    "第一": r"第一(?!责任|书记|时间|季度|产业|方阵|线|梯队|批|阶段|轮|步|个)",
    "第二": r"第二(?!季度|产业|批|阶段|轮|步|个)",
    "第三": r"第三(?!季度|产业|方|批|阶段|轮|步|个)",
    "来": r"来(?![自源访信电函宾到说看历临年])",
    "去": r"去(?![年向除掉世处留])",
    "需要": r"需要(?!的|说明|指出|注意|强调)",
    "首先": r"首先",
    "将": r"将(?=适时|定期|不定期|随机|会同|联合|组织|视情|对|按|根据|每|严格|继续|坚决|全力|切实|持续|建立|开展|派出|进行|通过|适当|统筹|优先|逐步|加大|加强)",
    "予以": r"予以(?!肯定|充分|高度|表扬|支持[，。]|批复|批准|同意|核准|理解|配合[，。])",
}

#: Inside a phrase a modal may also be the end of another word (主要, 反应, 急需).
_NO_MODAL = (
    "主要 重要 首要 纪要 摘要 概要 简要 紧要 扼要 提要 只要 快要 想要 将要 反应 供应 响应 适应 相应 对应 效应 呼应 回应 顺应 感应 "
    "急需 军需 供需 刚需 内需 所需"
)
_NO_MODAL_END = "".join(f"(?<!{word})" for word in _NO_MODAL.split())


def _any(words: Iterable[str]) -> str:
    """An alternation of words, longest first, each with its guard; at most places its first characters rule it out at once."""
    ordered = sorted(set(words), key=lambda w: (-len(w), w))
    first = re.escape("".join(sorted({w[0] for w in ordered})))
    return f"(?=[{first}])(?:{'|'.join(_GUARDS.get(w) or re.escape(w) for w in ordered)})" if ordered else "(?!)"


@dataclass(frozen=True)
class Grammar:
    """Compiled patterns, matched at a position, and the automata that tell in one pass over a text where it is worth while."""

    adverb: re.Pattern[str]
    modal: re.Pattern[str]  # groups: modal, ban
    phrase: re.Pattern[str]  # a prepositional phrase up to a modal; groups: modal, ban
    clauses: re.Pattern[str]  # up to two prepositional clauses, each with its comma
    verb: re.Pattern[str]  # groups: lead, act, support
    passive: re.Pattern[str]
    plain: re.Pattern[str]  # a plain act of building, running or doing
    support: re.Pattern[str]
    join: re.Pattern[str]
    urgent: re.Pattern[str]
    spoken: re.Pattern[str]  # what only an order starts with (盯住, 带队去)
    willing: re.Pattern[str]  # what an order often starts with (入户, 带头)
    ending: re.Pattern[str]  # what brings an act to its end, before a stop (补上, 清楚)
    opener: re.Pattern[str]  # what can stand before a subject; groups: by, ask
    openers: AhoCorasick  # its words
    cues: AhoCorasick  # those of its groups
    joints: AhoCorasick  # a verb of assignment before 、: another actor may follow
    hints: AhoCorasick  # the words that every actor has who is no entity
    officials: AhoCorasick  # those that every official has
    post: re.Pattern[str]
    posts: re.Pattern[str]  # full match: words that designate an official
    organ: re.Pattern[str]  # words that by themselves name an organ
    whole: re.Pattern[str]  # an organ known by one word
    told_organ: re.Pattern[str]  # the same, where a word before them says that an actor follows
    key: re.Pattern[str]  # key of a responsibility note, with its colon or brackets
    key_end: re.Pattern[str]  # how every key ends: cheaper to look for
    keys: dict[str, str]  # key -> role


#: A character of a name: no punctuation, no function word, no digit.
NAME = (
    r"[^\x00-)+-WYZ\[-\x7f，；：。！？、\s“”‘’（）《》【】〔〕—…"
    r"的了在是把对为和与及并或向从到让使将要应须请由希望给跟比被就也都还等不这那每各全我本该此其某]"
)
# What is said at a meeting is no order to the one who says it (市长在会上强调，要…).
_SAYING = "强调 指出 要求 提出 指示 批示 讲到 讲话 表示 提到 谈到 明确 叮嘱 嘱托 部署"
_NO_SAYING = "".join(f"(?<!{word})" for word in _SAYING.split())
# A verb with its complement of one character, not the words that end like it (安全, 落实, 街上).
_COMPLEMENT = (
    r"[\u4e00-\u9fff](?:[住牢紧掉]|(?<![更最友良爱美较])好|(?<![加抓赶收])完|(?<![安健齐俱])全|(?<![落真扎充务现求老])实|(?<![交沟流卡开普])通|"
    r"(?<![会街网路身桌山河手线面早晚基本以之向北马])上|(?<![行奔])走|(?<![感以未本原将近历])来)"
)
# An organ's name that goes on is longer (办 in 办公室) or a person (局长).
_NO_ORGAN_END = "(?![局委办部室长员处厅院站所会内人组书家])"
# What comes before a post: its unit, place, rank or name, never a verb, a preposition or a conjunction.
_MODIFIER = r"[^，；：。！？、\s（）《》【】对把将让使被向跟给是有了着过的要应须请由同希望]"
# A house of a city or county, known by its level (县医院, 镇村建中心).
_HOUSE = rf"[市县区镇乡](?![域级位内场政民容里直委情长])(?:{NAME}){{0,6}}?(?:医院|公司|集团|(?<![市县区镇乡])(?:中心|[站所办]))"
_HOUSES = ("医院", "公司", "集团", "中心", "站", "所", "办")
# A post that goes on is another word (市长热线, 主任会议).
_NO_POST = r"(?!办公|会议|专题|热线|信箱|处|令|基金|质量|负责制|责任制|制|的|们|竞聘|岗|部|团)"
_NO_COMRADE = r"(?!各位|广大|全体|所有|有的|有些|这些|那些|老|女|男|各|的|一些|许多|不少|我们)"
_IDLE = r"(?!的|了|过|人|制|同志|情况|单位|部门|不|力度|有力|得|较|到位|成效|工作了|责任书|解释)"


@cache
def grammar(lexicon: Lexicon) -> Grammar:
    """The patterns of a lexicon (a lexicon is immutable and hashed by identity)."""
    words: dict[str, list[str]] = {}
    keys: dict[str, str] = {}
    for entry in lexicon:
        words.setdefault(entry.label, []).append(entry.pattern)
        if entry.label == "NOTE_KEY":
            keys[entry.pattern] = entry.get("role", "other")

    def some(*labels: str) -> str:
        return _any(w for label in labels for w in words.get(label, ()))

    def ends(*roles: str) -> str:
        return _any(e.pattern for e in lexicon if e.label == "ORGAN_END" and e.get("role") in roles)

    adverb, preposition = some("TASK_ADVERB"), some("TASK_PREPOSITION")
    modal = rf"(?:(?P<ban>{some('TASK_BAN')})|(?P<modal>{some('TASK_MODAL')}))(?![，；：。、！？”）的\n])"
    support = some("TASK_SUPPORT")
    key = rf"(?:{some('NOTE_KEY')})"
    comrade = rf"{_NO_COMRADE}(?:{_MODIFIER}{{1,9}}?|[\u4e00-\u9fff]{{2,3}})同志(?!们|的)"
    whose = (
        r"(?:(?:分管|主管|包联|包抓|联系|挂点|挂钩|带队|值班|带班)的"
        r"(?=[省市县区州镇乡局委厅校院]?(?:级|处级)?(?:领导|负责|副?[省市县区镇乡局]长)))?(?:各[市县州]（[市县区州盟旗地、]{1,7}）)?"
    )

    def automaton(*labels: str, more: Iterable[str] = (), behind: str = "") -> AhoCorasick:
        listed = (w + behind for label in labels for w in words.get(label, ()))
        return AhoCorasick(sorted({*listed, *more}), implementation=Implementation.DFA)

    post = rf"{whose}{_MODIFIER}{{0,14}}?(?:{some('POST')}){_NO_POST}|{comrade}"
    return Grammar(
        adverb=re.compile(adverb),
        modal=re.compile(modal),
        phrase=re.compile(rf"(?:{preposition})[^，；：。\n]{{1,28}}?(?:{adverb}){{0,3}}{modal}{_NO_MODAL_END}"),
        clauses=re.compile(rf"(?:(?:{preposition})[^，；：。\n]{{1,40}}{_NO_SAYING}，){{1,2}}"),
        # atomic: the longest verb counts, 牵头负责的 is not 牵头
        verb=re.compile(rf"(?>(?P<lead>{some('TASK_LEAD')})|(?P<support>{support})|(?P<act>{some('TASK_ACT')})){_IDLE}"),
        passive=re.compile(rf"(?>{some('TASK_PASSIVE')}){_IDLE}"),
        plain=re.compile(rf"(?>{some('TASK_PLAIN')})(?!的|了|过)"),
        support=re.compile(rf"(?:{support})(?:[、和并](?:{support})){{0,3}}"),
        join=re.compile(some("TASK_JOIN")),
        urgent=re.compile(some("TASK_URGENT")),
        spoken=re.compile(some("TASK_SPOKEN")),
        willing=re.compile(some("TASK_WILLING")),
        ending=re.compile(rf"(?:{some('TASK_ENDING')}|{_COMPLEMENT})(?=[，；。！？”）\n]|$)"),
        opener=re.compile(rf"(?P<by>{some('TASK_BY')})|(?P<ask>{some('TASK_ASK')})|(?:{some('TASK_LINK', 'TASK_SCOPE')})[，：]?"),
        openers=automaton("TASK_BY", "TASK_ASK", "TASK_LINK", "TASK_SCOPE"),
        cues=automaton("TASK_BY", "TASK_ASK"),
        joints=automaton("TASK_LEAD", "TASK_ACT", "TASK_SUPPORT", behind="、"),
        hints=automaton("POST", "ORGAN_END", more=("同志", *_HOUSES, *"县区市镇乡旗州盟省村*X×")),
        officials=automaton("POST", more=("同志",)),
        post=re.compile(post),
        posts=re.compile(rf"(?:{post})$"),
        organ=re.compile(
            rf"(?:(?:{NAME}|应急|[各全该本]){{1,14}}?(?:{ends('strong', 'whole')})|(?:{ends('whole')})|{_HOUSE}){_NO_ORGAN_END}|"
            rf"(?:各级?|相关|有关|[市县区省]直)(?:{NAME}){{0,8}}?(?:{ends('strong', 'whole', 'weak')}){_NO_ORGAN_END}"
        ),
        whole=re.compile(ends("whole")),
        told_organ=re.compile(rf"(?:各级?|全体)?(?:{NAME}|\*){{1,14}}?(?:{ends('strong', 'whole', 'weak')}){_NO_ORGAN_END}"),
        key=re.compile(rf"(?:[【\[]{key}[】\]]：?|{key}(?:（[^（）：]{{1,8}}）)?：)"),
        key_end=re.compile(rf"[{re.escape(''.join(sorted({k[-1] for k in keys})))}）][：】\]]"),
        keys=keys,
    )
