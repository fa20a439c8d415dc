from __future__ import annotations

import io
import os
import stat
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from conftest import need_tool
from conftest import run as run_tool
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from duban.errors import DubanError
from duban.readers import Limits, Source, documents, numbering, read, stream

TEXT = "各县区要确保一季度增长6.5%以上。"
W = nsdecls("w")


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def body(*xml: str) -> bytes:
    """A document whose body holds this XML."""
    document = docx.Document()
    for piece in xml:
        document.element.body.insert(len(document.element.body) - 1, parse_xml(piece.replace(">", f" {W}>", 1) if "xmlns:w" not in piece else piece))
    return saved(document)


def lines(raw: bytes) -> list[str]:
    return read(raw, name="a.docx").text.splitlines()


def code(raw: bytes, name: str = "a.docx", **more: object) -> str:
    with pytest.raises(DubanError) as caught:
        read(raw, name=name, **more)  # type: ignore[arg-type]
    return caught.value.code


def run(text: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"


# paragraphs


def test_paragraphs_and_tables_in_document_order() -> None:
    document = docx.Document()
    document.add_heading("工作方案", 0)
    document.add_paragraph("一、总体要求")
    table = document.add_table(2, 2)
    for cell, text in zip([c for r in table.rows for c in r.cells], ["重点任务", "牵头单位", "清淤", "市水利局"], strict=True):
        cell.text = text
    document.add_paragraph("二、保障措施").add_run("\n换行").add_tab()
    found = read(saved(document), name="a.docx")
    assert found.text == "工作方案\n一、总体要求\n重点任务：清淤；牵头单位：市水利局。\n二、保障措施\n换行\t\n"
    assert (found.meta["source"]["format"], found.meta["source"]["encoding"]) == ("docx", None)
    assert read(saved(document)).text == read(saved(document), name="a.txt").text == found.text  # content before suffix


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (f"<w:p>{run('甲')}<w:ins>{run('乙')}</w:ins><w:del><w:r><w:delText>丙</w:delText></w:r></w:del></w:p>", ["甲乙"]),
        (f"<w:p><w:moveFrom>{run('甲')}</w:moveFrom><w:moveTo>{run('乙')}</w:moveTo></w:p>", ["乙"]),
        (f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>甲</w:t></w:r>{run('乙')}</w:p>", ["乙"]),
        (f"<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:fldSimple w:instr='DATE'>{run('今天')}</w:fldSimple></w:p>", ["今天"]),
        (f"<w:p><w:hyperlink>{run('甲')}</w:hyperlink><w:smartTag>{run('乙')}</w:smartTag></w:p>", ["甲乙"]),
        (f"<w:sdt><w:sdtContent><w:p>{run('甲')}</w:p></w:sdtContent></w:sdt>", ["甲"]),
        (f"<w:p>{run('甲')}<w:r><w:pict><w:txbxContent><w:p>{run('乙')}</w:p></w:txbxContent></w:pict></w:r>{run('丙')}</w:p>", ["甲丙", "乙"]),
        (f"<w:p>{run('甲')}<w:r><w:br w:type='page'/><w:br/><w:noBreakHyphen/></w:r>{run('乙')}</w:p>", ["甲", "-乙"]),
        (f"<w:p>{run('甲')}<w:r><w:footnoteReference w:id='1'/></w:r></w:p>", ["甲"]),
    ],
    ids=["tracked", "moved", "hidden", "fields", "wrapped", "control", "box", "breaks", "note"],
)
def test_a_file_is_read_as_it_prints(xml: str, expected: list[str]) -> None:
    assert lines(body(xml)) == expected


def test_of_two_versions_of_a_box_one_is_read() -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = f"<w:txbxContent><w:p>{run('乙')}</w:p></w:txbxContent>"
    xml = f"<w:p {W} {mc}>{run('甲')}<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    assert lines(body(xml)) == ["甲", "乙"]


def test_a_table_of_contents_is_left_out_and_counted() -> None:
    properties = "<w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
    contents = f"<w:sdt>{properties}<w:sdtContent><w:p>{run('一、目录 1')}</w:p></w:sdtContent></w:sdt>"
    found = read(body(contents, f"<w:p>{run('一、目录')}</w:p>"))
    assert found.text == "一、目录\n"
    assert found.meta["left_out"] == {"contents": 6}


def test_headers_and_footers_are_apart() -> None:
    document = docx.Document()
    document.add_paragraph(TEXT)
    document.sections[0].header.paragraphs[0].text = "临政发〔2026〕1号"
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    found = read(saved(document))
    assert found.text == TEXT + "\n"
    assert found.meta["apart"] == {"headers": ["临政发〔2026〕1号"], "footers": ["— 1 —"]}
    assert [warning.code for warning in found.meta["warnings"]] == ["DB133"]
    assert "headers 11, footers 5" in str(found.meta["warnings"][0])


def test_footnotes_are_apart(good: bytes) -> None:
    line = f"<w:footnote w:type='separator' w:id='0'><w:p>{run('——')}</w:p></w:footnote>"
    notes = f"<w:footnotes {W}>{line}<w:footnote w:id='1'><w:p>{run('按可比价格。')}</w:p></w:footnote></w:footnotes>"
    with zipfile.ZipFile(io.BytesIO(good)) as pack:
        types, rels = (pack.read(name).decode() for name in ("[Content_Types].xml", "word/_rels/document.xml.rels"))
    schema = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    found = read(packed({
        "word/footnotes.xml": notes.encode(),
        "[Content_Types].xml": types.replace("</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>').encode(),
        "word/_rels/document.xml.rels": rels.replace("</Rel", f'<Relationship Id="n1" Type="{schema}" Target="footnotes.xml"/></Rel').encode(),
    }, good))  # fmt: skip
    assert found.text == TEXT + "\n"
    assert found.meta["apart"] == {"footnotes": ["按可比价格。"]}


# numbering


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("chineseCounting", ["一", "二", "十", "十一", "二十"]),
        ("japaneseCounting", ["一", "二", "十", "十一", "二十"]),
        ("chineseCountingThousand", ["一", "二", "十", "十一", "二十"]),
        ("chineseLegalSimplified", ["壹", "贰", "拾", "拾壹", "贰拾"]),
        ("ideographDigital", ["一", "二", "一〇", "一一", "二〇"]),
        ("ideographTraditional", ["甲", "乙", "癸", "甲", "癸"]),
        ("decimal", ["1", "2", "10", "11", "20"]),
        ("decimalZero", ["01", "02", "10", "11", "20"]),
        ("decimalEnclosedCircle", ["①", "②", "⑩", "⑪", "⑳"]),
        ("decimalEnclosedCircleChinese", ["①", "②", "⑩", "⑪", "⑳"]),
        ("decimalEnclosedParen", ["⑴", "⑵", "⑽", "⑾", "⒇"]),
        ("upperLetter", ["A", "B", "J", "K", "T"]),
        ("lowerRoman", ["i", "ii", "x", "xi", "xx"]),
        ("none", [""] * 5),
        ("never heard of", ["1", "2", "10", "11", "20"]),
    ],
)
def test_number_formats(style: str, expected: list[str]) -> None:
    assert [numbering.render(n, style) for n in (1, 2, 10, 11, 20)] == expected


def level(at: int, style: str, text: str, *, start: int = 1, more: str = "") -> str:
    return f"<w:lvl w:ilvl='{at}'><w:start w:val='{start}'/><w:numFmt w:val='{style}'/>{more}<w:lvlText w:val='{text}'/></w:lvl>"


OUTLINE = (
    level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"), level(2, "decimal", "%3."), level(3, "decimalEnclosedCircle", "%4"),
    level(4, "decimal", "%1.%3.%5", more="<w:isLgl/>"),
)  # fmt: skip


def numbered(levels: tuple[str, ...], paragraphs: list[tuple[int, int]], *, nums: str = "<w:num w:numId='9'><w:abstractNumId w:val='9'/></w:num>") -> list[str]:
    """The labels of paragraphs given by list and level."""
    document = docx.Document()
    part = document.part.numbering_part.element
    for child in list(part):
        part.remove(child)
    for piece in (f"<w:abstractNum {W} w:abstractNumId='9'>{''.join(levels)}</w:abstractNum>", *[f"<w:num {W}{n}" for n in nums.split("<w:num")[1:]]):
        part.append(parse_xml(piece.replace(f"<w:num {W}Id", "<w:numId")))
    for number, at in paragraphs:
        paragraph = document.add_paragraph("文")
        paragraph._p.get_or_add_pPr().append(parse_xml(f"<w:numPr {W}><w:ilvl w:val='{at}'/><w:numId w:val='{number}'/></w:numPr>"))
    return [line.removesuffix("文") for line in lines(saved(document))]


def test_numbering_counts_and_starts_over_below() -> None:
    found = numbered(OUTLINE, [(9, at) for at in (0, 1, 1, 2, 2, 3, 1, 2, 0, 1, 4)])
    assert found == ["一、", "（一）", "（二）", "1. ", "2. ", "①", "（三）", "1. ", "二、", "（一）", "2.1.1 "]


def test_numbering_that_does_not_start_over() -> None:
    levels = (level(0, "decimal", "%1.", start=3), level(1, "decimal", "%2)", more="<w:lvlRestart w:val='0'/>"))
    assert numbered(levels, [(9, 0), (9, 1), (9, 0), (9, 1)]) == ["3. ", "1) ", "4. ", "2) "]


def test_lists_of_one_definition_go_on_unless_told_otherwise() -> None:
    def num(identifier: int, more: str = "") -> str:
        return f"<w:num w:numId='{identifier}'><w:abstractNumId w:val='9'/>{more}</w:num>"

    over = "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride>"
    assert numbered(OUTLINE, [(7, 0), (8, 0), (7, 0)], nums=num(7) + num(8)) == ["一、", "二、", "三、"]
    assert numbered(OUTLINE, [(7, 0), (8, 0), (8, 0)], nums=num(7) + num(8, over)) == ["一、", "五、", "六、"]


def test_bullets_no_numbers_and_lists_that_do_not_exist() -> None:
    levels = (level(0, "bullet", "——"), level(1, "bullet", "\uf06c"))
    assert numbered(levels, [(9, 0), (9, 1), (0, 0), (5, 0), (9, 7)]) == ["——", "•", "", "", ""]


def test_numbering_of_styles() -> None:
    document = docx.Document()
    part = document.part.numbering_part.element
    for child in list(part):
        part.remove(child)
    more = {at: f"<w:pStyle w:val='Heading{at + 1}'/>" for at in (0, 1)}
    levels = level(0, "chineseCounting", "%1、", more=more[0]) + level(1, "chineseCounting", "（%2）", more=more[1])
    part.append(parse_xml(f"<w:abstractNum {W} w:abstractNumId='9'>{levels}</w:abstractNum>"))
    part.append(parse_xml(f"<w:num {W} w:numId='9'><w:abstractNumId w:val='9'/></w:num>"))
    for name in ("Heading 1", "Heading 2"):
        document.styles[name].element.get_or_add_pPr().append(parse_xml(f"<w:numPr {W}><w:numId w:val='9'/></w:numPr>"))
    derived = document.styles.add_style("章", 1)
    derived.base_style = document.styles["Heading 1"]
    for text, style in (("总体要求", "Heading 1"), ("原则", "Heading 2"), ("重点任务", "章"), ("正文", None)):
        document.add_paragraph(text, style=style)
    assert lines(saved(document)) == ["一、总体要求", "（一）原则", "二、重点任务", "正文"]


# tables


def test_merged_cells() -> None:
    document = docx.Document()
    table = document.add_table(4, 3)
    for cells, texts in zip(table.rows, [("序号", "重点任务", "牵头单位"), ("1", "清淤", "市水利局"), ("2", "护岸", ""), ("一、收尾", "", "")], strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 2).merge(table.cell(2, 2))
    table.cell(3, 0).merge(table.cell(3, 2))
    assert lines(saved(document)) == ["重点任务：清淤；牵头单位：市水利局。", "重点任务：护岸；牵头单位：市水利局。", "一、收尾"]


def test_a_table_inside_a_cell_is_read_where_it_stands() -> None:
    document = docx.Document()
    outer = document.add_table(1, 2)
    outer.cell(0, 0).text = "左"
    inner = outer.cell(0, 1).add_table(2, 2)
    for cell, text in zip([c for r in inner.rows for c in r.cells], ["重点任务", "牵头单位", "清淤", "市水利局"], strict=True):
        cell.text = text
    assert lines(saved(document)) == ["左", "重点任务：清淤；牵头单位：市水利局。"]


# bad files


def packed(members: dict[str, bytes], base: bytes | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        if base:
            with zipfile.ZipFile(io.BytesIO(base)) as old:
                for name in old.namelist():
                    if name not in members:
                        pack.writestr(name, old.read(name))
        for name, content in members.items():
            pack.writestr(name, content)
    return out.getvalue()


@pytest.fixture(scope="module")
def good() -> bytes:
    return body(f"<w:p>{run(TEXT)}</w:p>")


def test_broken_files(good: bytes) -> None:
    assert code(good[:200]) == "DB122"
    assert code(good[: len(good) // 2]) == "DB122"
    assert code(b"PK\x03\x04" + bytes(100)) == "DB122"
    assert code(TEXT.encode()) == "DB122"
    assert code(packed({"a.txt": b"a"})) == "DB122"
    assert code(packed({"word/document.xml": b"<w:document"}, good)) == "DB122"
    assert code(packed({"word/numbering.xml": b""}, good)) == "DB122"
    assert code(packed({"a.txt": b"a"}), name="a.zip") == "DB104"
    assert code(body()) == "DB103"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(good: bytes, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    entity = f"<!DOCTYPE d [<!ENTITY x SYSTEM '{(tmp_path / 'secret').as_uri()}'>]>"
    xml = f"{entity}<w:document {W}><w:body><w:p><w:r><w:t>一&x;</w:t></w:r></w:p></w:body></w:document>"
    assert code(packed({"word/document.xml": f"<?xml version='1.0' encoding='{encoding}'?>{xml}".encode(encoding)}, good)) == "DB122"


def test_a_bomb_is_refused_before_it_goes_off(good: bytes) -> None:
    start = time.monotonic()
    assert code(packed({"word/media/a.bin": bytes(100_000_000)}, good)) == "DB125"
    assert code(packed({"word/document.xml": b" " * 1_000_000}, good), limits=Limits(xml_bytes=999_999)) == "DB125"
    assert code(good, limits=Limits(zip_bytes=1000)) == "DB125"
    assert code(good, limits=Limits(zip_members=3)) == "DB125"
    assert time.monotonic() - start < 20


def test_a_member_that_lies_about_its_size_is_refused(good: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(good)) as pack:
        size = pack.getinfo("word/document.xml").file_size
    assert code(good.replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little"))) == "DB122"


def test_locked_files() -> None:
    assert code(b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le")) == "DB123"


def test_deep_nesting_is_a_coded_error(good: bytes) -> None:
    deep = f"<w:document {W}><w:body>" + "<w:ins>" * 100_000 + "</w:ins>" * 100_000 + "</w:body></w:document>"
    assert code(packed({"word/document.xml": deep.encode()}, good)) == "DB122"


def test_the_batch_goes_on(good: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(good[:300])
    (tmp_path / "b.docx").write_bytes(good)
    found = dict(stream(documents([tmp_path])))
    assert isinstance(found["a"], DubanError)
    assert isinstance(found["b"], Source)


# old Word files


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a program in the place of LibreOffice."""

    def put(script: str) -> None:
        program = tmp_path / "bin" / "soffice"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!{sys.executable}\nimport sys, time, shutil, subprocess, pathlib\nout = pathlib.Path(sys.argv[-2])\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(program.parent))

    return put


def test_without_libreoffice_the_error_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(DubanError, match=r"DB126.*libreoffice-writer-nogui"):
        read(OLD, name="a.doc")


def test_what_libreoffice_makes_is_read(office: Callable[[str], None], good: bytes, tmp_path: Path) -> None:
    made = tmp_path / "good.docx"
    made.write_bytes(good)
    office(f"assert '--headless' in sys.argv and 'UserInstallation=file://' in ' '.join(sys.argv)\nshutil.copy({str(made)!r}, out / 'in.docx')")
    found = read(OLD, name="a.doc")
    assert found.text == TEXT + "\n"
    assert found.meta["source"]["format"] == "doc"


def test_libreoffice_that_fails(office: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "en")
    office("sys.exit('source file could not be loaded')")
    with pytest.raises(DubanError, match=r"DB127.*a\.doc: source file could not be loaded"):
        read(OLD, name="a.doc")


def test_libreoffice_that_hangs_is_stopped_with_its_children(office: Callable[[str], None]) -> None:
    start = time.monotonic()
    office("subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])")
    assert code(OLD, "a.doc", limits=Limits(convert_seconds=1)) == "DB127"
    assert time.monotonic() - start < 20


def test_a_wps_file_is_what_it_holds(office: Callable[[str], None], good: bytes, tmp_path: Path) -> None:
    """Word's old format through LibreOffice, with a warning; a .docx under that name is a .docx."""
    made = tmp_path / "good.docx"
    made.write_bytes(good)
    office(f"shutil.copy({str(made)!r}, out / 'in.docx')")
    found = read(OLD, name="a.WPS")
    assert (found.text, found.meta["source"]["format"]) == (TEXT + "\n", "wps")
    assert [warning.code for warning in found.meta["warnings"]] == ["DB134"]
    assert read(good, name="a.wps").meta["source"]["format"] == "docx"
    assert code(OLD.replace(b"W\0o\0r\0d\0", b"B\0o\0o\0k\0"), "a.wps") == "DB104"
    assert code(b"\xff\xfe\x00\x00WPS", "a.wps") == "DB122"  # older still
    (tmp_path / "a.wps").write_bytes(OLD)
    assert [name for name, _ in documents([tmp_path])] == ["a", "good"]


def test_a_wps_file_through_libreoffice_itself(good: bytes, tmp_path: Path) -> None:
    """What WPS Writer saves for Word, as far as it can be made here: LibreOffice's .doc under the other name."""
    (tmp_path / "a.docx").write_bytes(good)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    run_tool(need_tool("soffice"), "--headless", profile, "--convert-to", "doc:MS Word 97", "--outdir", tmp_path, tmp_path / "a.docx", cwd=tmp_path)
    assert read((tmp_path / "a.doc").rename(tmp_path / "b.wps")).text == TEXT + "\n"


def test_broken_doc() -> None:
    need_tool("soffice")
    assert code(OLD, "a.doc") in ("DB127", "DB103")
