"""The report as comments in a Word document, read back: what each says, on which words it stands, whose document it is."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from printing import printed, words

import duban
from duban import readers, writers

docx = pytest.importorskip("docx")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LINES = (
    "关于抓落实的讲话", "（2026年3月2日）", "一、稳增长", "今年力争生产总值增长6%以上，市发改委牵头，市统计局配合，6月底前落实。",
    "二、惠民生", "新增就业要达到2万人。", "市水务局负责的清淤工程进度滞后。",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "zh")


def read_back(document: Any) -> dict[str, tuple[str, str]]:
    """Id of a record -> the words its comment stands on, and what it says."""
    told = {comment.comment_id: comment.text for comment in document.comments}
    on = dict.fromkeys(told, "")
    opened: set[int] = set()
    for element in document.element.body.iter():
        if element.tag == f"{W}commentRangeStart":
            opened.add(int(element.get(f"{W}id")))
        elif element.tag == f"{W}commentRangeEnd":
            opened.discard(int(element.get(f"{W}id")))
        elif element.tag == f"{W}t":
            for number in opened:
                on[number] += element.text or ""
    return {said.split("\n")[0].split()[-1]: (on[number], said) for number, said in told.items()}


def process(nlp: Any, source: readers.Source, name: str = "讲话") -> dict[str, Any]:
    return duban.to_record(duban.process(source.text, nlp=nlp, name=name, source=source.meta["source"]))


def given(path: Path, nlp: Any, fill: Any) -> dict[str, Any]:
    """The record of a Word file that ``fill`` puts text into."""
    document = docx.Document()
    fill(document)
    document.save(str(path))
    return process(nlp, readers.read(path))


def commented(path: Path, *records: Any) -> Any:
    writers.write_report(records, path)
    return docx.Document(str(path))


def check(document: Any, record: dict[str, Any]) -> None:
    """Every target, task and problem has its comment, on its words; the text is the source."""
    found = read_back(document)
    layers = ("targets", "tasks", "problems")
    for layer in layers:
        for item in record[layer]:
            on, said = found[item["id"]]
            assert "".join(on.split()) == "".join(item["text"].split())
            assert f"原文位置：{item['start']}–{item['end']}" in said
            assert f"规则：{item['why']['rule']}" in said
    assert len(found) == sum(len(record[layer]) for layer in layers)


def test_every_finding_has_its_comment(char_nlp: Any, tmp_path: Path) -> None:
    record = duban.to_record(duban.process("\n".join(LINES), nlp=char_nlp, name="讲话"))
    document = commented(tmp_path / "a.docx", record)
    check(document, record)
    found = read_back(document)
    assert "牵头：市发改委（发展和改革委员会）" in found["k1"][1]
    assert "配合：市统计局" in found["k1"][1]
    assert "时限：6月底前（../2026-06-30）" in found["k1"][1]
    assert found["p1"][1].startswith("问题 p1") and "市水务局" in found["p1"][1]
    assert "指标：生产总值（地区生产总值）\n数值：≥ 6 %" in found["t1"][1]
    styles = [(p.style.name, p.text) for p in document.paragraphs]
    assert styles[0] == ("Title", LINES[0])
    assert ("Heading 1", LINES[2]) in styles and ("Heading 1", LINES[4]) in styles
    assert [p.text for p in document.paragraphs] == list(LINES)
    assert {comment.author for comment in document.comments} == {"督办 duban"}


def test_the_same_record_is_the_same_bytes(char_nlp: Any, tmp_path: Path) -> None:
    record = duban.to_record(duban.process("\n".join(LINES), nlp=char_nlp, name="讲话"))
    for name in ("a.docx", "b.docx"):
        commented(tmp_path / name, record)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


@pytest.mark.parametrize("name", ["dispatch-meeting", "hard-wrapped", "one-line", "redacted-speech", "web-copy-report"])
def test_documents_of_all_sorts(char_nlp: Any, corpus: dict[str, str], name: str, tmp_path: Path) -> None:
    record = duban.to_record(duban.process(corpus[name], nlp=char_nlp, name=name))
    check(commented(tmp_path / "a.docx", record), record)


def styled(document: Any) -> None:
    """A document whose looks are its own: styles, a bold word inside a figure, a picture of a tab."""
    for line in LINES[:3]:
        document.add_paragraph(line, style="Quote")
    paragraph = document.add_paragraph(style="List Bullet")
    for i, part in enumerate(("今年力争生产总值增长", "6", "%以上，市发改委", "牵头，市统计局配合，\t6月底前落实。")):
        paragraph.add_run(part).bold = i == 1
    document.add_paragraph()
    for line in LINES[4:]:
        document.add_paragraph(line)
    document.core_properties.author = "原作者"


def test_a_word_file_keeps_its_looks(char_nlp: Any, tmp_path: Path) -> None:
    record = given(tmp_path / "讲话.docx", char_nlp, styled)
    before = docx.Document(str(tmp_path / "讲话.docx"))
    document = commented(tmp_path / "a.docx", record)
    check(document, record)
    assert [(p.style.name, p.text) for p in document.paragraphs] == [(p.style.name, p.text) for p in before.paragraphs]
    assert [run.text for run in document.paragraphs[3].runs if run.bold] == ["6"]
    assert document.core_properties.author == "原作者"


def test_comments_that_were_there_stay(char_nlp: Any, tmp_path: Path) -> None:
    def fill(document: Any) -> None:
        styled(document)
        document.add_comment(document.paragraphs[0].runs, "请核。", "李某")

    record = given(tmp_path / "讲话.docx", char_nlp, fill)
    document = commented(tmp_path / "a.docx", record)
    assert sum(comment.author == "李某" for comment in document.comments) == 1
    assert len(list(document.comments)) == 1 + len(read_back(commented(tmp_path / "b.docx", {**record, "meta": {}})))


def table(document: Any) -> None:
    for line in LINES:
        document.add_paragraph(line)
    cells = document.add_table(2, 2)
    for i, said in enumerate(("单位", "任务", "市水务局", "新建水厂2座")):
        cells.cell(i // 2, i % 2).text = said


def test_findings_in_a_table_have_the_text_set_anew(char_nlp: Any, tmp_path: Path) -> None:
    record = given(tmp_path / "讲话.docx", char_nlp, table)
    document = commented(tmp_path / "a.docx", record)
    assert any("水厂2座" in record["text"][t["start"] - 2 : t["end"]] for t in record["targets"])
    assert document.tables == []
    check(document, record)


def test_a_file_that_changed_or_went_is_not_used(char_nlp: Any, tmp_path: Path) -> None:
    path = tmp_path / "讲话.docx"
    record = given(path, char_nlp, styled)
    other = docx.Document(str(path))
    other.paragraphs[0].add_run("（修订）")
    other.save(str(path))
    for _ in range(2):
        document = commented(tmp_path / "a.docx", record)
        assert document.paragraphs[0].style.name == "Title"
        check(document, record)
        path.unlink(missing_ok=True)


def test_several_documents_begin_on_pages_of_their_own(char_nlp: Any, tmp_path: Path) -> None:
    first, second = (duban.to_record(duban.process("\n".join(LINES), nlp=char_nlp, name=name)) for name in "ab")
    document = commented(tmp_path / "a.docx", first, second)
    breaks = [p.text for p in document.paragraphs if p.paragraph_format.page_break_before]
    assert breaks == [LINES[0]]
    assert len(list(document.comments)) == 2 * sum(len(first[layer]) for layer in ("targets", "tasks", "problems"))


def test_odd_characters(char_nlp: Any, tmp_path: Path) -> None:
    record = duban.to_record(duban.process("市水务局要\u202e完成\uffff清淤3处。\x0b\x02市住建局要改造小区40个。", nlp=char_nlp, name="a"))
    document = commented(tmp_path / "a.docx", record)
    assert len(list(document.comments)) == len(record["targets"]) + len(record["tasks"]) > 2


def test_it_is_printed(char_nlp: Any, tmp_path: Path) -> None:
    record = duban.to_record(duban.process("\n".join(LINES), nlp=char_nlp, name="讲话"))
    commented(tmp_path / "a.docx", record)
    (page,) = printed(tmp_path / "a.docx")
    assert page.size == (595, 842)
    assert words("".join(LINES)) in page.text
    assert "第1页共1页" in page.text
