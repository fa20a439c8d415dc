"""What is fuzzed: each target takes any bytes and fails where a promise does not hold.

``TARGETS`` maps a name to a function of bytes. A crash that was found stays in ``fuzz/cases/TARGET-*``, and is run with
the tests for ever after.
"""
from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from duban import boilerplate, entities, numerals, periods, readers, sections, targets, tasks
from duban.errors import DubanError
from duban.sections import markers
from duban.view import TextView

#: The formats that are read without a program of another maker.
FORMATS = (".txt", ".html", ".csv", ".jsonl", ".docx", ".txt.gz", ".txt.zst", ".ofd")
#: A document of an XML part alone; the fuzzer writes the part.
_KINDS = "application/vnd.openxmlformats-"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Default Extension="rels" ContentType="{_KINDS}package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_KINDS}officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
#: The other parts of a fixed-layout document of one page.
_OFD = {
    "OFD.xml": '<o:OFD xmlns:o="http://www.ofdspec.org/2016"><o:DocBody><o:DocRoot>d.xml</o:DocRoot></o:DocBody></o:OFD>',
    "d.xml": '<o:Document xmlns:o="http://www.ofdspec.org/2016"><o:Pages><o:Page BaseLoc="p.xml"/></o:Pages></o:Document>',
}
_LIMITS = readers.Limits(seconds=20)


def text_of(data: bytes) -> str:
    """Any bytes as text: what is no UTF-8 is left out."""
    return data.decode("utf-8", "ignore")


def fuzz_view(data: bytes) -> None:
    text = text_of(data)
    view = TextView(text)
    assert view.to_source(0, len(view))[0] >= 0
    for start, end in (*view.lines, *view.paragraphs, *view.sentences):
        assert 0 <= start <= end <= len(view)
        first, last = view.to_source(start, end)
        assert 0 <= first <= last <= len(text)
        again = view.from_source(first, last)
        assert start == end or again == (start, end)
    assert len(view.without([(0, len(view))])) <= len(view)


def fuzz_numerals(data: bytes) -> None:
    text = text_of(data)
    end = 0
    for n in numerals.scan(text):
        assert end <= n.start <= n.digits.start < n.digits.end <= n.end <= len(text)
        assert n.value_max is None or n.value is None or n.value < n.value_max
        assert n.redacted or n.value is not None
        end = n.end
    numerals.value_of(text)


def fuzz_markers(data: bytes) -> None:
    text = text_of(data)
    for line in text.splitlines():
        found = markers.match(line, 0, len(line))
        assert found is None or (0 <= found.start < found.end <= len(line) and found.text == line[found.start:found.end])
    markers.ordinal(text[:6000])
    periods.find(TextView(text), "2026-02-28")


def fuzz_records(data: bytes) -> None:
    """The whole way from a text to its tasks."""
    text = text_of(data)
    view = TextView(text)
    body = view.without([(found.start, found.end) for found in boilerplate.find(view)])
    outline = sections.find(body)
    named = entities.find(body, sections=outline)
    date = sections.document_date(body)
    figures = targets.find(body, named, outline, date)
    orders = tasks.find(body, outline, named, figures, date)
    for found in (*outline, *named, *figures, *orders):
        assert 0 <= found.start < found.end <= len(body)


def fuzz_readers(data: bytes) -> None:
    """A file that is read, or refused with a code."""
    suffix = FORMATS[data[0] % len(FORMATS)] if data else ".txt"
    raw = data[1:]
    if suffix == ".docx" and not raw.startswith(b"PK"):
        raw = _packed({"[Content_Types].xml": _TYPES, "_rels/.rels": _LINKS, "word/document.xml": raw})
    if suffix == ".ofd" and not raw.startswith(b"PK"):
        raw = _packed({**_OFD, "p.xml": raw})
    try:
        source = readers.read(raw, name=f"a{suffix}", limits=_LIMITS)
    except DubanError:
        return
    source.text.encode("utf-8")


def _packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "view": fuzz_view, "numerals": fuzz_numerals, "markers": fuzz_markers, "records": fuzz_records, "readers": fuzz_readers,
}
