"""What must not change when a text is copied, masked or lengthened: the same findings, up to their offsets."""
from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import copies
import pytest

import duban
from duban.assets.characters import simplified

Json = dict[str, Any]
DATE = "2026-01-20"
LAYERS = ("sections", "entities", "targets", "tasks")
#: Said of a finding apart from where it stands.
SLOTS = {
    "sections": ("kind", "number", "level", "path"),
    "entities": ("label", "canon", "level", "place"),
    "targets": ("value", "value_max", "unit", "comparator", "redacted", "kind", "direction", "status"),
    "tasks": (),
}


@pytest.fixture(scope="module")
def nlp():
    return duban.load("zh_duban_char")


def clean(text: str) -> str:
    return re.sub(r"[\s\u3000]+", "", text.translate(WIDE)).strip()


#: Full-width and ASCII forms of what the view folds.
WIDE = str.maketrans({**{chr(0xFF01 + i): chr(0x21 + i) for i in range(94)}, **dict(zip("，；：（）！？", ",;:()!?", strict=True)), "％": "%"})


def findings(record: Json, skip: tuple[str, ...] = ()) -> dict[str, Counter[tuple[Any, ...]]]:
    """What a record says, without offsets and ids."""
    out: dict[str, Counter[tuple[Any, ...]]] = {}
    for layer in LAYERS:
        rows: Counter[tuple[Any, ...]] = Counter()
        for item in record[layer]:
            text = item["heading"]["text"] if layer == "sections" else "" if "text" in skip else item["text"]
            slots = [item[slot] for slot in SLOTS[layer] if slot not in skip]
            if layer == "targets":
                slots += [(item["indicator"] or {}).get("canon"), clean((item["period"] or {}).get("text", ""))]
            if layer == "tasks":
                slots += [tuple(clean(a["text"]) for a in item[part]) for part in ("lead", "support")]
                slots.append(clean((item["deadline"] or {}).get("text", "")))
            rows[(clean(text), *slots)] += 1
        out[layer] = rows
    return out


def assert_same(one: Json, other: Json, skip: tuple[str, ...] = ()) -> None:
    a, b = findings(one, skip), findings(other, skip)
    lost = {layer: (list((a[layer] - b[layer]).elements()), list((b[layer] - a[layer]).elements())) for layer in LAYERS}
    assert not any(x or y for x, y in lost.values()), lost


DOCUMENTS = sorted(p.stem for p in (Path(__file__).resolve().parents[1] / "corpus" / "documents").glob("*.txt"))
#: Documents that are no copies themselves: a paragraph a line.
ORIGINALS = [name for name in DOCUMENTS if name not in ("hard-wrapped", "one-line")]


def record(nlp: Any, text: str) -> Json:
    return duban.to_record(duban.process(text, nlp=nlp, date=DATE))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_masked_figures(nlp, corpus, name):
    """Redacting the digits of a number takes its value and nothing else."""
    text = corpus[name]
    before = record(nlp, text)
    masked = list(text)
    for target in before["targets"]:
        for i in range(target["start"], target["end"]):
            if text[i].isdigit():
                masked[i] = "*"
    after = record(nlp, "".join(masked))
    assert len(before["targets"]) == len(after["targets"])
    for one, other in zip(before["targets"], after["targets"], strict=True):
        digits = re.search(r"\d", one["text"])
        assert (other["value"] is None and other["redacted"]) or not digits, one["text"]
        for slot in ("start", "end", "unit", "comparator", "kind", "direction", "status", "period", "scope"):
            assert one[slot] == other[slot], (slot, one["text"], other["text"])
        assert (one["indicator"] or {}).get("canon") == (other["indicator"] or {}).get("canon")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_full_width(nlp, corpus, name):
    wide = corpus[name].translate({0x21 + i: chr(0xFF01 + i) for i in range(94) if chr(0x21 + i).isalnum() or chr(0x21 + i) in "%,;:()!?"})
    assert_same(record(nlp, corpus[name]), record(nlp, wide))


@pytest.mark.parametrize("name", ORIGINALS)
@pytest.mark.parametrize("width", [20, 33, 47, 60])
def test_hard_wraps(nlp, corpus, name, width):
    assert_same(record(nlp, corpus[name]), record(nlp, copies.wrapped(corpus[name], width, True)))


@pytest.mark.parametrize("name", ORIGINALS)
def test_stray_blanks(nlp, corpus, name):
    assert_same(record(nlp, corpus[name]), record(nlp, copies.stray(corpus[name])))


PROSE = "实践充分证明，只要上下同心、真抓实干，就没有克服不了的困难，就没有办不成的事情。"


@pytest.mark.parametrize("name", ORIGINALS)
def test_a_paragraph_of_prose_changes_nothing_elsewhere(nlp, corpus, name):
    text = corpus[name]
    before = record(nlp, text)
    sections = [s for s in before["sections"] if s["kind"] == "section"]
    at = text.find("\n", sections[0]["heading"]["end"] if sections else len(text) // 3) + 1
    assert_same(before, record(nlp, text[:at] + PROSE + "\n" + text[at:]))


ABOVE = """首页 > 政务公开 > 领导讲话
来源：市政府办公室　　发布时间：2026-01-20 09:30　　浏览次数：1208
字号：[大 中 小]
"""
BELOW = """
打印本页　关闭窗口
扫一扫在手机打开当前页
上一篇：全市教育工作会议召开
版权所有：市人民政府办公室　备案序号：云ICP备05000000号
"""


@pytest.mark.parametrize("name", ORIGINALS)
def test_a_site_around_the_document(nlp, corpus, name):
    assert_same(record(nlp, corpus[name]), record(nlp, ABOVE + corpus[name].rstrip("\n") + BELOW))


def simplify(text: str) -> str:
    return text.translate(simplified())


@pytest.mark.parametrize("name", ORIGINALS)
def test_traditional_script(nlp, corpus, name):
    """Paragraphs that come back from traditional script as they were say the same in it."""
    opencc = pytest.importorskip("opencc")
    there = opencc.OpenCC("s2t").convert
    text = "\n".join(line for line in corpus[name].split("\n") if simplify(there(line)) == line)
    plain, traditional = record(nlp, text), record(nlp, there(text))
    for rows in traditional.values():  # what stands in the text is traditional, what is said of it is not
        for item in rows if isinstance(rows, list) else ():
            for part in (item, item.get("heading"), item.get("period"), item.get("deadline"), *item.get("lead", ()), *item.get("support", ())):
                if part and "text" in part:
                    part["text"] = simplify(part["text"])
    assert_same(plain, traditional)


#: Words of equal length that say the same and are no cue of any rule.
SYNONYMS = {
    "显著": "明显", "广泛": "普遍", "良好": "优良", "深刻": "深切", "坚强": "坚定", "成绩": "成果", "艰巨": "繁重", "困难": "难处",
    "努力": "奋力", "问题": "毛病",
}


def test_synonyms_outside_names(nlp, corpus):
    swapped = 0
    for name in ORIGINALS:
        text = corpus[name]
        before = record(nlp, text)
        named = [(e["start"], e["end"]) for layer in ("entities", "sections") for e in (x.get("heading", x) for x in before[layer])]

        def other(match: re.Match[str], named: list[tuple[int, int]] = named) -> str:
            inside = any(start < match.end() and match.start() < end for start, end in named)
            return match[0] if inside else SYNONYMS[match[0]]

        changed = re.sub("|".join(SYNONYMS), other, text)
        swapped += sum(a != b for a, b in zip(text, changed, strict=True))
        assert_same(before, record(nlp, changed), skip=("text",))
    assert swapped >= 10
