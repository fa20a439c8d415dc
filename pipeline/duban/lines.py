"""What a single line is: salutation, date line, document number, speaker, sub-title, signature, title.

Everything here looks at one line of a view (folded, without stray spaces) and at nothing around it; the finders of
boilerplate and outline weigh the lines against each other.
"""
from __future__ import annotations

import re
from functools import cache

from duban.lexicon import Lexicon

NUMERAL = "〇零一二三四五六七八九十百"
_DIGIT = r"[0-9〇零一二三四五六七八九十X×x*]"
DATE = rf"{_DIGIT}{{2,5}}年{_DIGIT}{{1,3}}月(?:{_DIGIT}{{1,3}}[日号])?"

_DATE_LINE = re.compile(rf"（?(?:{DATE})）?(?:印发|发布|通过)?")
_NUMBER_LINE = re.compile(r"[\u4e00-\u9fff*]{1,14}[〔\[（(]20\d\d[〕\]）)]第?[0-9*X]{1,4}号")
_SUBTITLE = re.compile(rf"（?(?:——(?:{DATE})?在[^。；]{{4,70}}上(?:的[^。]{{2,6}})?|——{DATE}.{{0,60}}|(?:{DATE})?在[^。；]{{4,70}}上)）?")
#: What a collection puts before the title of its first document.
_FIRST_PIECE = re.compile("^第[一1]篇：")
_QUALIFIER = re.compile(r"(?:（[^（）]{1,16}）|——[^—]{1,10}|\.(?:pdf|docx?|wps|txt)|[0-9]{4}年)+$", re.IGNORECASE)
MARKER_HEAD = re.compile(
    rf"第[{NUMERAL}\d]{{1,4}}(?:部分|[章节条编篇，])|[{NUMERAL}]{{1,4}}[、.]|[（(][{NUMERAL}\d]{{1,4}}[）)]|\d{{1,2}}[.、](?!\d)|[①-⑳]|——|附件|附录"
)


@cache
def words(label: str) -> tuple[str, ...]:
    """The patterns of one label of the outline lexicon."""
    return tuple(e.pattern for e in Lexicon.packaged("outline").labelled(label))


@cache
def opener() -> re.Pattern[str]:
    """What the text below a heading begins with: 今年 目前 各级"""
    return re.compile(any_of("OPENER"))


@cache
def _salutation() -> re.Pattern[str]:
    people = any_of("SALUTATION")
    return re.compile(rf"(?:(?:尊敬的|敬爱的|亲爱的)?(?:[\u4e00-\u9fff]{{0,4}}(?:{people}))[、，和]?){{1,6}}[：！]?")


def any_of(label: str) -> str:
    """The patterns of one label as an alternation, the longest first."""
    return "|".join(sorted(map(re.escape, words(label)), key=len, reverse=True))


@cache
def _speaker() -> re.Pattern[str]:
    return re.compile(
        rf"[\u4e00-\u9fff、（）*]{{0,40}}(?:{any_of('OFFICE')})[、，]?(?:[\u4e00-\u9fff·*]{{2,12}}|[\u4e00-\u9fff]{{1,3}}\*{{1,3}})(?:同志)?"
    )


def is_salutation(line: str) -> bool:
    """各位代表！ 同志们： 尊敬的各位领导、各位来宾："""
    return len(line) <= 40 and line[-1:] in "：！，" and _salutation().fullmatch(line.rstrip("，")) is not None


def is_date(line: str) -> bool:
    """A date alone on its line, in brackets or not: （2026年1月20日） 二〇二六年一月二十日"""
    return _DATE_LINE.fullmatch(line) is not None


def is_number(line: str) -> bool:
    """A document number: 临政发〔2026〕3号"""
    return _NUMBER_LINE.fullmatch(line) is not None


def is_subtitle(line: str) -> bool:
    """——2026年1月26日在临澄市第八届人民代表大会第六次会议上"""
    return len(line) <= 90 and _SUBTITLE.fullmatch(line) is not None


def is_speaker(line: str) -> bool:
    """临澄市市长闻致远"""
    return len(line) <= 45 and _speaker().fullmatch(line) is not None


def is_office(line: str) -> bool:
    """The speaker's office alone on its line, the name left out: 市常务副市长"""
    return len(line) <= 16 and line.endswith(words("OFFICE")) and re.fullmatch("[\u4e00-\u9fff、]+", line) is not None


def is_organ(line: str) -> bool:
    """The name of an organ alone on its line, as in a signature."""
    return 3 <= len(line) <= 40 and line.endswith(words("ORGAN_TAIL")) and not re.search("[，。；：、]", line)


def is_title(line: str) -> bool:
    """Does the line read as the title of an official document (…的讲话, …工作报告, …的通知)?"""
    line = _FIRST_PIECE.sub("", line)
    bare = _QUALIFIER.sub("", line)
    return (
        4 <= len(bare) <= 90
        and bare.endswith(words("TITLE_TAIL"))
        and not re.search(r"[。；！？]", bare)
        and not is_subtitle(line)
        and not MARKER_HEAD.match(line)
        and "：" not in bare[:6]
    )


def continues_title(above: str, below: str) -> bool:
    """Is ``below`` the second line of the title that ``above`` begins?"""
    if is_title(above) or is_number(above) or is_date(above) or above.endswith("文件"):
        return False
    goes_on = below.startswith(("关于", "暨", "的", "》", "和", "及", "工作", "推进会", "大会"))
    return goes_on or above.startswith(("在", "关于")) and not above.endswith("上")
