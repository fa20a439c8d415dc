"""The view: its laws for any text, and what it does to folded, spaced and hard-wrapped ones."""
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.assets.characters import simplified
from duban.view import TextView

ALPHABET = "今年增长６．５％，一、（）:;,.!?“”〞\r\n\t 　\xa0\u200b\ufeffABc129—-·、。！：；①"
texts = st.text(alphabet=ALPHABET, max_size=120) | st.text(max_size=60)


def _shown(view: TextView) -> list[int]:
    return [view.source_offset(i) for i in range(len(view.text))]


@settings(max_examples=400, deadline=None)
@given(texts)
def test_the_text_is_the_source_minus_what_is_dropped_one_for_one(source: str) -> None:
    view = TextView(source)
    at = _shown(view)
    assert at == sorted(set(at)) and all(0 <= i < len(source) for i in at)
    assert len(view) == len(view.text) == len(at)
    # what is dropped is white space or cannot be seen
    kept = set(at)
    assert all(not c.isalnum() and c not in "。，！" for i, c in enumerate(source) if i not in kept)
    # a Chinese character is never changed into another, but a traditional one into its simplified form
    assert all(view.text[j] in (source[i], source[i].translate(simplified())) for j, i in enumerate(at) if "\u4e00" <= source[i] <= "\u9fff")


@settings(max_examples=400, deadline=None)
@given(texts, st.data())
def test_there_and_back(source: str, data: st.DataObject) -> None:
    view = TextView(source)
    if not view.text:
        return
    start = data.draw(st.integers(0, len(view.text) - 1))
    end = data.draw(st.integers(start + 1, len(view.text)))
    assert view.from_source(*view.to_source(start, end)) == (start, end)


@settings(max_examples=300, deadline=None)
@given(texts, st.data())
def test_laws_of_a_view_without_spans(source: str, data: st.DataObject) -> None:
    whole = TextView(source)
    size = len(whole.text)
    spans = data.draw(st.lists(st.tuples(st.integers(0, size), st.integers(0, size)), max_size=3))
    body = whole.without(spans)
    assert body.source == source
    at = _shown(body)
    assert at == sorted(set(at)) and set(at) <= set(_shown(whole))
    gone = {i for a, b in spans if a < b for i in range(*whole.to_source(a, b))}
    assert not gone & set(at)
    for i in range(len(body.text)):
        assert body.from_source(*body.to_source(i, i + 1)) == (i, i + 1)
    # all that is left out besides the spans is line ends
    assert {whole.text[j] for j, i in enumerate(_shown(whole)) if i not in set(at) | gone} <= {"\n"}
    assert "\n\n" not in body.text


@settings(max_examples=200, deadline=None)
@given(texts)
def test_offsets_between_kept_characters_lead_into_the_view(source: str) -> None:
    view = TextView(source)
    previous = 0
    for offset in range(len(source) + 1):
        at = view.from_source(0, offset).end
        assert previous <= at <= len(view.text)
        previous = at
    assert previous == len(view.text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("增 长６．５％", "增长6.5%"),
        ("同志们:下面,讲三点(简要)!", "同志们：下面，讲三点（简要）！"),
        ("达到3,500户,8:30开会", "达到3,500户，8:30开会"),
        ("全 市 抓 好 落 实 .下 面 讲 三 点 .", "全市抓好落实。下面讲三点。"),
        ("增长 12 .4 % , 排第 2 位 . 下面看县区 , 差距明显 , 不容乐观", "增长12.4%，排第2位。下面看县区，差距明显，不容乐观"),
        ("增长*.\n*%,居第X.\n下面", "增长*.\n*%，居第X。\n下面"),
        ("一.总体要求", "一.总体要求"),
        ("落实到位......", "落实到位......"),
        ("官网www.example.cn", "官网www.example.cn"),
        ("5G A级 PM 2.5", "5G A级PM 2.5"),
        ("一行\r\n二行\r三行", "一行\n二行\n三行"),
        ("“引号〞", "“引号”"),
        ("零\u200b宽", "零宽"),
    ],
)
def test_folding(source: str, text: str) -> None:
    assert TextView(source).text == text


WRAPPED = (
    "　　各地各部门要按照会议部署，把责任压实到岗到人，把措施细化\n"
    "到点到面，强化跟踪问效。全市规上工业增加值增长8.5%，招商引\n"
    "资到位资金31.9亿元，增长15.6%。\n"
    "　　一要抓项目。各县区要紧盯年度计划，倒排工期，挂图作战，确\n"
    "保按时开工；各部门要靠前服务，主动对接，帮助企业解决困难和问\n"
    "题。\n"
    "　　二要抓环境。要简化流程，压减时限，提高效率，让企业安心发\n"
    "展，让群众放心办事。\n"
)


def test_hard_wrapped_text_joins_again() -> None:
    body = TextView(WRAPPED).without([])
    shown = [body.text[s:e] for s, e in body.paragraphs]
    assert [p[:3] for p in shown] == ["各地各", "一要抓", "二要抓"]
    assert "招商引资到位资金" in shown[0] and "困难和问题。" in shown[1]


def test_hard_wrapped_text_without_indents_joins_where_a_full_line_breaks_off() -> None:
    body = TextView(WRAPPED.replace("　　", "")).without([])
    assert "招商引资到位资金" in body.text and "细化到点到面" in body.text
    assert "\n一要抓项目" in body.text and "\n二要抓环境" in body.text


def test_sentence_goes_on_over_a_page_break() -> None:
    source = WRAPPED.replace("细化\n", "细化\n— 3 —\n会议材料\n")
    view = TextView(source)
    at = view.text.index("—3—")
    body = view.without([(at, view.text.index("到点"))])
    assert "细化到点到面" in body.text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("要推动银企“牵手\n结对\n帮扶”，缓解融资难。", "要推动银企“牵手结对帮扶”，缓解融资难。"),
        ("今后五年经济社会发展的\n主要目标\n是：质量更高。", "今后五年经济社会发展的主要目标是：质量更高。"),
        ("持续改善空气质量。细颗粒物PM\n2.5\n平均浓度持续下降，优良天数增加。", "持续改善空气质量。细颗粒物PM2.5平均浓度持续下降，优良天数增加。"),
        ("（三）\n农业稳步发展", "（三）农业稳步发展"),
        ("（\n三）农业稳步发展。", "（三）农业稳步发展。"),
    ],
)
def test_lines_torn_by_links_join_again(source: str, text: str) -> None:
    assert TextView(source).without([]).text == text


@pytest.mark.parametrize(
    "source",
    [
        "一、工作回顾\n去年不错。\n二、工作安排\n今年要更好。",
        "建设产业园\n市工信局\n改造老旧小区\n市住建局",
        "各位代表！\n过去一年，成绩来之不易。\n主要目标\n生产总值增长6%。",
    ],
)
def test_lines_that_are_paragraphs_stay_apart(source: str) -> None:
    assert TextView(source).without([]).text == source


def test_gap_before_keeps_what_was_dropped() -> None:
    view = TextView("抓项目  今年")
    assert view.gap_before(3) == "  " and view.gap_before(1) == ""


def test_sentences_keep_their_closing_quotes() -> None:
    view = TextView("他说：“干！”大家鼓掌。散会\n谢谢")
    assert [view.text[s:e] for s, e in view.sentences] == ["他说：“干！”", "大家鼓掌。", "散会", "谢谢"]


SENTENCE = "各地各部门要压实责任，狠抓落实，务求取得实效。"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("請各縣區發改部門抓緊落實「雙過半」任務，確保全年增長6%。", "请各县区发改部门抓紧落实“双过半”任务，确保全年增长6%。"),
        ("國務院關於乾縣蘋果產業的批復", "国务院关于乾县苹果产业的批复"),
        ("昇騰計算中心項目開工", "昇腾计算中心项目开工"),
    ],
)
def test_traditional_text_is_read_as_simplified(source: str, text: str) -> None:
    view = TextView(source)
    assert view.text == text
    assert view.to_source(0, len(text)) == (0, len(source))


@pytest.mark.parametrize("name", ["昇腾", "乾县", "鍾先生", "「雙碳」"])
def test_a_traditional_name_in_a_simplified_text_stays(name: str) -> None:
    source = f"请{name}有关单位参加会议。" + SENTENCE * 12
    assert TextView(source).text == source


def test_blanks_in_place_of_line_ends_are_line_ends() -> None:
    lines = ["在全市推进会上的讲话", "同志们：", "一、统一思想", SENTENCE * 5, "二、真抓实干", SENTENCE * 6, "三、加强领导", SENTENCE * 4]
    source = " ".join(lines)
    view = TextView(source)
    assert [view.text[s:e] for s, e in view.lines] == lines
    assert len(view) == len(source)


@pytest.mark.parametrize(
    "source",
    [
        "同志们： " + " ，".join(["各地要压实责任", "狠抓落实 。各部门要靠前服务"] * 20),  # blanks by chance
        "同志们：" + (SENTENCE + " ") * 20,  # a blank after every sentence
        "今年投资 50 亿元，开工 12 个项目。" * 25,  # blanks between figures and words
        "推动 GDP 增长，用好 5G 网络。" * 30,
    ],
)
def test_other_blanks_are_no_line_ends(source: str) -> None:
    assert "\n" not in TextView(source).text


def test_what_is_joined_stays_as_it_is() -> None:
    text = (
        "才，市应急管理局、市水利局、市气象局分别通报了情况，柏埠县、\n洛桥区作了表态，我都赞成。会后，各地各部门要按照《全市安\n全生产治本攻坚方案》抓好落实。\n"
        "\u3000\u3000一、成绩要讲够，问题要讲透\n\u3000\u30001至4月，全市共发生各类生产\n安全事故37起、死亡21\n人，同比分别下降22.9%和19.2%，较大事故同比减少2起。\n"
        "消防救援队伍接处警2840余次，疏散遇险群众613人。全市"
    )
    body = TextView(text).without([])
    assert body.without([]).text == body.text
