"""Texts for property tests: any Unicode, words of the genre in any order, and documents of the corpus damaged in places."""
from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

DOCUMENTS = sorted((Path(__file__).resolve().parents[1] / "corpus" / "documents").glob("*.txt"))
#: Pieces that rules look at: markers, punctuation, organs, verbs, indicators, figures, times, site furniture.
PIECES = (
    "一、", "（一）", "1.", "①", "第一，", "一是", "二是", "首先，", "——", "附件1", "\n", "\r\n", "\u3000\u3000", " ", "。", "，", "、", "；", "：",
    "（", "）", "“", "”", "《", "》", "市发改委", "市财政局、审计局", "发改、统计部门", "县政府", "各县区", "各级各部门", "经开区", "分管副市长",
    "牵头", "配合", "负责", "要", "必须", "确保", "力争", "完成", "会同", "（责任单位：", "牵头单位：", "完成时限：", "6月底前", "今年",
    "“十五五”期间", "到2030年", "上半年", "全市", "全国", "地区生产总值", "规上工业增加值", "固定资产投资", "城镇、农村居民人均可支配收入", "增速",
    "占比", "增长", "下降", "突破", "不低于", "达到", "分别", "60亿元", "5%", "0.5个百分点", "第6位", "三分之一", "翻一番", "***亿元", "X%",
    "3.1、2.7和2.2个百分点", "5%—5.5%", "以上", "左右", "4个项目", "青岚高铁", "临澄产业园项目", "年产30万吨甲醇生产线", "来源：", "打印",
    "字号：大 中 小", "责任编辑：", "市政府工作报告", "同志们：", "國", "産業發展", "１２３", "％", "〞", "\u200b", "\ufeff", "\u202e", "\x00",
    "<script>", "=cmd()", "😀", "𠀀",
)

#: Unicode scalar values: no lone surrogates.
scalars = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
phrases = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
mixtures = st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(exclude_categories=["Cs"]), max_size=4)), max_size=30).map("".join)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A stretch of a document of the corpus in which a few characters were lost, doubled or replaced."""
    text = draw(st.sampled_from(DOCUMENTS)).read_bytes().decode("utf-8")
    start = draw(st.integers(0, max(0, len(text) - 50)))
    text = text[start:start + draw(st.integers(20, 400))]
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 3))
        text = text[:at] + draw(st.sampled_from(("", *PIECES))) + text[at + cut:]
    return text


texts = st.one_of(phrases, mixtures, damaged(), scalars)
