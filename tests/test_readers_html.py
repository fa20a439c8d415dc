from __future__ import annotations

import time

import pytest

from duban.errors import DubanError
from duban.readers import Limits, read
from duban.readers.source import Source


def page(body: str, head: str = "") -> Source:
    return read(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode(), name="a.html")


def lines(body: str) -> list[str]:
    return page(body).text.splitlines()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>工作方案</h1><p>一、总体要求</p><div>坚持<b>稳</b>中求进。</div>", ["工作方案", "一、总体要求", "坚持稳中求进。"]),
        ("甲<br>乙<br/>丙</br>丁", ["甲", "乙", "丙", "丁"]),
        ("<p>甲<p>乙<div>丙<div>丁</div>戊</div>", ["甲", "乙", "丙", "丁", "戊"]),
        ("<ul><li>甲<li>乙<ul><li>丙</ul><li>丁</ul>", ["甲", "乙", "丙", "丁"]),
        ("<dl><dt>甲<dd>乙</dl>", ["甲", "乙"]),
        ("<p>各县\n  区要\n落实 GDP\n考核</p>", ["各县区要落实 GDP 考核"]),
        ("<p>　　今年&nbsp;增长&#54;&#x25;&amp;&lt;</p>", ["　　今年\xa0增长6%&<"]),
        ("<pre>一\n 二\n\n三</pre>", ["一", " 二", "三"]),
        ("1 < 2 且 3 <> 4，<中>、</中>", ["1 < 2 且 3 <> 4，<中>、"]),
        ("<a title='>'>甲</a><a title=\">\">乙</a>", ["甲乙"]),
        ("<ruby>鹮<rt>huán</rt></ruby>湖", ["鹮湖"]),
    ],
)
def test_blocks_are_lines_in_reading_order(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>if (a < b) document.write('<p>乙</p>')</script>",
        "<SCRIPT type=x>乙</Script >",
        "<style>p:before{content:'乙'}</style>",
        "<noscript><p>乙</p></noscript>",
        "<template><p>乙</p></template>",
        "<textarea>乙<p></textarea>",
        "<svg><text>乙</text></svg>",
        "<!-- 乙 <p>乙 -->",
        "<![CDATA[乙]]>",
        "<div hidden>乙<p>乙</div>",
        "<p hidden>乙",
        "<div style='color:red; DISPLAY : none'>乙<div>乙</div>乙</div>",
        "<span style='visibility:hidden'>乙</span>",
        "<object>乙</object>",
    ],
)
def test_what_is_not_seen_is_not_read(hidden: str) -> None:
    found = page(f"<p>甲</p>{hidden}<p>丙</p>", "<title>乙</title>")
    assert found.text == "甲\n丙\n"
    assert "left_out" not in found.meta


def test_what_only_looks_hidden_is_read() -> None:
    assert lines("<p class=hidden>甲</p><p data-hidden=1>乙</p><p style='display:block'>丙</p>") == ["甲", "乙", "丙"]


def test_parts_that_are_about_the_page_are_left_out_and_counted() -> None:
    main = "<main>各县区要抓好今年的各项工作。<footer>2026年1月5日</footer></main>"
    found = page(f"<header><h1>通知</h1></header><nav>首页 > 公开</nav>{main}<button>打印</button><footer>版权所有</footer>")
    assert found.text == "通知\n各县区要抓好今年的各项工作。\n2026年1月5日\n"
    assert found.meta["left_out"] == {"nav": 5, "button": 2, "footer": 4}


def test_a_page_that_stands_in_its_margins_is_read_all_the_same() -> None:
    found = page("<aside><p>一、各县区要抓好今年的各项工作。</p></aside><p>通知</p>")
    assert found.text == "一、各县区要抓好今年的各项工作。\n通知\n"
    assert "left_out" not in found.meta


TEXT = "各县区要确保增长６％，按时完成。"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (f"<html><meta charset=gb2312><p>{TEXT}镕".encode("gb18030"), "gb18030"),
        (f'<html><meta http-equiv="Content-Type" content="text/html; charset=GBK"><p>{TEXT}'.encode("gbk"), "gb18030"),
        (f"<html><p>{TEXT}".encode("gbk"), "gb18030"),
        (f"<html><meta charset='utf-8'><p>{TEXT}".encode(), "utf-8"),
        (f"<html><meta charset=gbk><p>{TEXT}".encode("utf-8-sig"), "utf-8-sig"),
        (f"<html><meta charset=utf-8><p>{TEXT}".encode("gbk"), "gb18030"),
        (f"<html><meta charset=rot13><p>{TEXT}".encode(), "utf-8"),
        ("<html><meta charset=big5><p>各縣區要按時完成任務。".encode("big5"), "big5hkscs"),
    ],
)
def test_the_encoding_is_the_declared_one_where_that_holds(raw: bytes, encoding: str) -> None:
    found = read(raw, name="a.htm")
    assert found.meta["source"]["encoding"] == encoding
    assert found.meta["source"]["format"] == "html"
    assert found.text.startswith("各")


def test_a_table_with_head_body_and_foot_or_without_rows() -> None:
    found = page(
        "<table><thead><tr><td>重点任务<td>牵头单位</thead><tbody><tr><td>修云桥路<td>市住建局</tbody><tfoot><tr><td>建水厂<td>市水务局</tfoot></table>"
        "<table><td>各县区要落实<td>6月底前</table>"
    )
    assert found.text == "重点任务：修云桥路；牵头单位：市住建局。\n重点任务：建水厂；牵头单位：市水务局。\n各县区要落实\n6月底前\n"


def test_utf_16_pages_are_known_by_their_suffix() -> None:
    assert read(f"<html><p>{TEXT}".encode("utf-16"), name="a.html").text == TEXT + "\n"


# tables


def test_a_table_with_a_header_is_read_by_rows() -> None:
    rows = "<tr><th>序号<th>重点任务<th>牵头单位<tr><td>1<td>建成泵站<td rowspan=2>市水利局<tr><td>2<td><p>清淤</p><p>护岸</p>"
    assert lines(f"<p>甲<table>{rows}</table>乙") == ["甲", "重点任务：建成泵站；牵头单位：市水利局。", "重点任务：清淤、护岸；牵头单位：市水利局。", "乙"]


def test_layout_tables_are_read_cell_by_cell() -> None:
    inner = "<table><tr><td>重点任务<td>牵头单位<tr><td>清淤<td>市水利局</table>"
    assert lines(f"<table><tr><td>左<td><p>一、<p>二、{inner}<tr><td>下</table>") == ["左", "一、", "二、", "重点任务：清淤；牵头单位：市水利局。", "下"]


def test_broken_tables_lose_no_text() -> None:
    assert lines("<td>甲<tr><td>乙<table>丙<tr>丁<td>戊</div></p>己</table>庚") == ["甲", "乙", "丙", "丁", "戊", "己", "庚"]


# pages that mean harm


MANY = 1_000_000


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * MANY + TEXT,
        "<div>" * (MANY // 2) + TEXT + "</div>" * (MANY // 2),
        f"<div>{TEXT}</div>" * (MANY // 10),
        "<a " * MANY + ">" + TEXT,
        "<a b='" * MANY + ">" + TEXT,
        "<a b='>'" * MANY + ">" + TEXT,
        "<!" * MANY + ">" + TEXT,
        "<!-->" * MANY + TEXT,
        "<table><tr><td>" * (MANY // 20) + TEXT,
        "<div><table><td>" + "<i>" * (MANY // 10) + TEXT + "</div>" * (MANY // 10),
        "<table>" + ("<tr>" + "<td colspan=1000 rowspan=9999>甲" * 99) * 99 + f"</table>{TEXT}",
        "<p>甲" + " " * MANY + "\n" * MANY + TEXT,
    ],
    ids=["open", "nested", "flat", "attributes", "quotes", "quoted", "declarations", "comments", "tables", "stray", "spans", "spaces"],
)
def test_time_grows_with_the_length_of_a_page_alone(body: str) -> None:
    start = time.process_time()
    assert TEXT in page(body).text
    assert time.process_time() - start < 30


def test_a_page_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(DubanError, match="DB125"):
        read(b"<html>" + b"<p>a" * 100_000, limits=Limits(seconds=0.01))


def test_a_page_without_text() -> None:
    with pytest.raises(DubanError, match="DB103"):
        page("<img src=a.png><script>x</script>")
    with pytest.raises(DubanError, match="DB103"):
        page("<nav> </nav>")


def test_entities_of_a_document_type_are_not_looked_at() -> None:
    raw = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><p>甲&x;</p></html>'
    assert "root:" not in read(raw.encode(), name="a.html").text
