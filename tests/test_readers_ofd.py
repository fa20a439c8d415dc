"""OFD: files made here by the structure of the standard; there is no real one among them."""
from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from conftest import DOCUMENTS
from conftest import read as read_text
from hypothesis import given, settings
from hypothesis import strategies as st

import duban
from duban.errors import DubanError
from duban.readers import Limits, Source, documents, read, stream
from duban.readers import ofd as readers_ofd

pytest.importorskip("lxml")
NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIZE, LEFT, WIDTH, STEP = 5.6, 28.0, 28, 9.8  # a line of three times nine characters and one, in millimetres


def piece(text: str, x: float, y: float, *, size: float = SIZE, delta: str | None = None, **attributes: str) -> str:
    """A text object of one piece whose box begins above and left of it."""
    delta = f"g {len(text) - 1} {size}" if delta is None and len(text) > 1 else delta or ""
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    step = f' DeltaX="{delta}"' if delta else ""
    code = f'<ofd:TextCode X="0" Y="{size}"{step}>{escape(text)}</ofd:TextCode>'
    return f'<ofd:TextObject ID="9" Font="3" Size="{size}" Boundary="{x} {y - size} 160 8"{given}>{code}</ofd:TextObject>'


def page(content: str, templates: str = "") -> str:
    return f'<ofd:Page {NS}>{templates}<ofd:Content><ofd:Layer ID="5" Type="Body">{content}</ofd:Layer></ofd:Content></ofd:Page>'


def package(pages: Sequence[str], *, templates: Sequence[str] = (), more: dict[str, str] | None = None) -> bytes:
    used = "".join(f'<ofd:TemplatePage ID="t{i}" BaseLoc="Tpls/Tpl_{i}/Content.xml" ZOrder="Background"/>' for i in range(len(templates)))
    listed = "".join(f'<ofd:Page ID="{i}" BaseLoc="{"/Doc_0/" * (i % 2)}Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    parts = {
        "OFD.xml": f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {NS} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo/>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        f"{used}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        **{f"Doc_0/Pages/Page_{i}/Content.xml": text for i, text in enumerate(pages)},
        **{f"Doc_0/Tpls/Tpl_{i}/Content.xml": text for i, text in enumerate(templates)},
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in parts.items():
            pack.writestr(name, text)
    return out.getvalue()


def printed(paragraphs: Sequence[str]) -> list[str]:
    """Paragraphs as the lines of pages: two characters of indent on the first, pieces in any order."""
    lines: list[str] = []
    for paragraph in paragraphs:
        rest, indent = paragraph, 2
        while rest:
            lines.append("\u3000" * indent + rest[: WIDTH - indent])
            rest, indent = rest[WIDTH - indent :], 0
    pages = [lines[i : i + 22] for i in range(0, len(lines), 22)]
    drawn = [
        [piece(line.lstrip("\u3000"), LEFT + SIZE * (len(line) - len(line.lstrip("\u3000"))), 40 + STEP * i) for i, line in enumerate(part)] for part in pages
    ]
    for part in drawn:
        random.Random(len(part)).shuffle(part)
    return [page("".join(part)) for part in drawn]


def texts(source: Source) -> list[str]:
    return [line.strip("\u3000") for line in source.text.splitlines() if line]


def code(raw: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(DubanError) as caught:
        read(raw, name="a.ofd", **({"limits": limits} if limits else {}))
    return caught.value.code


def test_characters_stand_where_deltas_and_matrices_put_them() -> None:
    content = (
        piece("市水利局", 60, 50, delta="g 3 5.6")
        + piece("牵头", 90, 50)
        + '<ofd:TextObject ID="1" Font="3" Size="2" CTM="2.8 0 0 2.8 0 0" Boundary="28 44.4 99 8">'
        '<ofd:TextCode X="0" Y="2" DeltaX="2 g 2 2">各县区和</ofd:TextCode></ofd:TextObject>'
        + '<ofd:TextObject ID="2" Font="3" Size="5.6" Boundary="28 60 99 8"><ofd:TextCode X="0" Y="5.6" DeltaX="5.6">6月</ofd:TextCode>'
        '<ofd:TextCode X="9">底前</ofd:TextCode><ofd:TextCode X="40" Y="5.6">落实</ofd:TextCode></ofd:TextObject>'
    )
    assert texts(read(package([page(content)]))) == ["各县区和 市水利局 牵头", "6月底前 落实"]


def test_pages_and_templates_in_the_order_of_print() -> None:
    header = page(piece("临澄市人民政府文件", 70, 20))
    footer = page(piece("— 内部资料 —", 80, 285))
    both = '<ofd:Template TemplateID="t0" ZOrder="Background"/><ofd:Template TemplateID="t1"/><ofd:Template TemplateID="none"/>'
    pages = [page(piece(f"第{n}页的正文到此为止。", LEFT, 100), both) for n in "一二三"]
    found = texts(read(package(pages, templates=[header, footer])))
    assert found == [line for n in "一二三" for line in ("临澄市人民政府文件", f"第{n}页的正文到此为止。", "— 内部资料 —")]


def test_a_document_of_the_corpus_comes_out_as_it_went_in(char_nlp: object) -> None:
    """Printed on pages and read back, the same paragraphs, and the same found in them."""
    (path,) = (path for path in DOCUMENTS if path.stem == "dispatch-meeting")
    paragraphs = [line.strip("\u3000 ") for line in read_text(path).splitlines() if line.strip()]
    source = read(package(printed(paragraphs)))
    plain = duban.to_record(duban.process("".join(f"\u3000\u3000{line}\n" for line in paragraphs), nlp=char_nlp))
    again = duban.to_record(duban.process(source.text, nlp=char_nlp))
    for layer in ("targets", "tasks", "entities"):
        assert ["".join(m["text"].split()) for m in again[layer]] == ["".join(m["text"].split()) for m in plain[layer]]
    assert len(again["sections"]) == len(plain["sections"])
    assert "".join(source.text.split()) == "".join("".join(paragraphs).split())


def test_what_is_hidden_askew_or_printed_twice() -> None:
    content = (
        piece("市水利局牵头落实。", LEFT, 50)
        + piece("市水利局牵头落实。", LEFT + 0.2, 50)  # to look bold
        + piece("看不见的字", LEFT, 60, Visible="false")
        + piece("内部 资料", LEFT, 50, CTM="0.7 0.7 -0.7 0.7 0 0")
        + '<ofd:TextObject ID="3" Font="3" Size="5.6" Boundary="170 90 8 90">'
        '<ofd:TextCode X="0" Y="5.6" DeltaY="g 3 5.6">竖排文字</ofd:TextCode></ofd:TextObject>'
        + piece("m", LEFT, 130) + piece("2", LEFT + 2.8, 128, size=3)
    )
    found = read(package([page(content)]))
    assert texts(found) == ["市水利局牵头落实。", "竖排文字", "m2"]
    assert found.meta["left_out"] == {"askew": 4}


def test_places_that_cannot_be_those_of_print() -> None:
    """A converter that gives every piece of a line the line's box spreads each over all of it: the pieces are read whole."""
    line = "".join(piece(text, LEFT, 50, delta=f"g 9 {120 / len(text)}") for text in ("在全市", "2026", "年一季度调度会上的讲话"))
    assert texts(read(package([page(line.replace(' Size="5.6"', ""))]))) == ["在全市2026年一季度调度会上的讲话"]


def test_quotation_marks_of_another_font_stand_where_they_belong() -> None:
    """A printer writes them behind the line's other words, which leave room for them."""
    words = piece("会议要求抓好七保工作", LEFT, 50, delta="g 5 5.6 11.2 5.6 11.2 5.6")
    marks = piece("“", LEFT + 6 * 5.6, 50) + piece("”", LEFT + 9 * 5.6, 50)
    assert texts(read(package([page(words + marks)]))) == ["会议要求抓好“七保”工作"]


def test_that_it_is_experimental_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.ofd").write_bytes(package([page(piece("市水利局牵头落实。", LEFT, 50))]))
    ((name, source),) = stream(documents([tmp_path]))
    assert isinstance(source, Source)
    assert (name, source.meta["source"]["format"], [w.code for w in source.meta["warnings"]]) == ("a", "ofd", ["DB134"])
    record = duban.to_record(duban.process(source.text, reading=source.meta))
    assert record["meta"]["warnings"] == ["DB134"]


def test_pictures_are_not_read() -> None:
    picture = page('<ofd:ImageObject ID="8" Boundary="0 0 210 297" ResourceID="7"/>')
    assert code(package([picture, picture])) == "DB124"
    found = read(package([picture, page(piece("正文到此为止。", LEFT, 50)), picture]))
    assert [(w.code, w.details.get("pages")) for w in found.meta["warnings"]] == [("DB134", None), ("DB131", "1, 3")]
    assert code(package([page("")])) == "DB103"


def test_content_goes_before_suffix() -> None:
    raw = package([page(piece("正文到此为止。", LEFT, 50))])
    assert read(raw, name="a.docx.bin").meta["source"]["format"] == "ofd"
    assert read(raw, name="a.doc").meta["source"]["format"] == "ofd"


def bombs() -> dict[str, tuple[bytes, Limits | None, str]]:
    body, one = page(piece("正文", LEFT, 50)), '<ofd:Template TemplateID="t0"/>'
    crowded = page(piece("字" * 60_000, LEFT, 50))
    doctype = '<!DOCTYPE a [<!ENTITY b "c">]>' + page(piece("正文", LEFT, 50))
    return {
        "entities": (package([body], more={"Doc_0/Tags.xml": doctype}), None, "DB122"),
        "unpacked": (package([body], more={"Doc_0/Res/a.xml": " " * 30_000_000}), None, "DB125"),
        "members": (package([body]), Limits(zip_members=2), "DB125"),
        "xml": (package([body]), Limits(xml_bytes=50), "DB125"),
        "pages": (package([body] * 3), Limits(pages=2), "DB125"),
        "length": (package([body] * 3), Limits(text_length=5), "DB125"),
        "time": (package([body]), Limits(seconds=0), "DB125"),
        "templates": (package([page("", one * 9)], templates=[crowded]), None, "DB125"),
        "no part": (package([body], more={"OFD.xml": f"<ofd:OFD {NS}><ofd:DocRoot>../../etc/passwd</ofd:DocRoot></ofd:OFD>"}), None, "DB122"),
        "no XML": (package(["<ofd:Page"]), None, "DB122"),
        "no number": (package([page(piece("正文", LEFT, 50, size=SIZE).replace('X="0"', 'X="here"'))]), None, "DB122"),
        "no OFD": (package([body])[:-30], None, "DB122"),
    }


@pytest.mark.parametrize("name", sorted(bombs()))
def test_hostile_files(name: str) -> None:
    raw, limits, expected = bombs()[name]
    assert code(raw, limits) == expected


def test_no_place_is_too_far_and_no_step_too_often() -> None:
    assert texts(read(package([page(piece("正文", LEFT, 50, delta="g 999999999 5.6"))]))) == ["正文"]
    assert readers_ofd._numbers("1e999 nan -3 99999 5") == [0.0, 0.0, -3.0, 0.0, 5.0]


DAMAGE = ("", '"', "<", ">", "g", "-", "9999999", " ", "&", "\u2028", "/>")


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from(DAMAGE), st.integers(0, 9)), min_size=1, max_size=4))
@settings(max_examples=150)
def test_damage_is_a_coded_error(damage: list[tuple[float, str, int]]) -> None:
    raw = page(piece("市水利局牵头，6月底前落实。", LEFT, 50) + piece("各县区配合。", LEFT, 60, CTM="1 0 0 1 2 3"))
    for where, put, lost in damage:
        at = int(where * len(raw))
        raw = raw[:at] + put + raw[at + lost :]
    with suppress(DubanError):
        assert read(package([raw]), name="a.ofd").text
