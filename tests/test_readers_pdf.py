from __future__ import annotations

import time
import zlib

import pytest

from duban.errors import DubanError
from duban.readers import Limits, documents, read, stream
from duban.readers import pdf as readers_pdf

TEXT = "BT /F1 12 Tf 40 700 Td (GDP grew by 6.5% in the first quarter of 2026) Tj 0 -20 Td (and more) Tj ET"
PICTURE = "q 400 0 0 400 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"
_LOCK = "/Encrypt << /Filter /Standard /V 1 /R 2 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> /P -4 >> /ID [<" + "43" * 16 + "> <" + "43" * 16 + ">]"


def pdf(*pages: str, trailer: str = "") -> bytes:
    """A PDF of pages given by what is drawn on them."""
    numbers = range(4, 4 + 2 * len(pages), 2)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, drawn in zip(numbers, pages, strict=True):
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {number + 1} 0 R >>")
        objects.append(f"<< /Length {len(drawn)} >> stream\n{drawn}\nendstream")
    out, places = "%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(places) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out.encode("latin-1")


def code(raw: bytes, **more: object) -> str:
    with pytest.raises(DubanError) as caught:
        read(raw, name="a.pdf", **more)  # type: ignore[arg-type]
    return caught.value.code


def test_lines_as_they_are_printed() -> None:
    found = read(pdf(TEXT, TEXT.replace("more", "so on")))
    assert found.text == "GDP grew by 6.5% in the first quarter of 2026\nand more\nGDP grew by 6.5% in the first quarter of 2026\nand so on\n"
    assert found.meta == {"source": {**found.meta["source"], "format": "pdf", "encoding": None}}


def test_characters_of_a_line_stand_where_they_are_printed() -> None:
    quotes_last = "BT /F1 12 Tf 1 0 0 1 40 700 Tm (A) Tj 1 0 0 1 60 700 Tm (B) Tj 1 0 0 1 52 700 Tm (\") Tj ET"
    assert read(pdf(quotes_last)).text.replace(" ", "") == 'A"B\n'


def _set(*drops: int) -> bytes:
    """A page of long lines, each so far below the one before."""
    shown = "".join(f"0 -{drop} Td (and line {n} of the report goes on) Tj " for n, drop in enumerate(drops, 1))
    return pdf(f"BT /F1 12 Tf 40 800 Td (The first line of the report goes on) Tj {shown}ET")


def test_a_line_set_off_from_the_others_opens_a_paragraph() -> None:
    assert [not line for line in read(_set(20, 20, 32, 20, 20)).text.splitlines()] == [False, False, False, True, False, False, False]
    assert "\n\n" not in read(_set(20, 20, 21, 20, 20)).text


def test_lines_that_stand_anyhow_open_none() -> None:
    assert "\n\n" not in read(_set(12, 20, 32, 16, 26, 40)).text


def test_a_page_without_text_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "en")
    found = read(pdf(TEXT, PICTURE, "", PICTURE + " BT /F1 12 Tf 40 40 Td (page 4) Tj ET", TEXT + PICTURE, "0 0 m 9 9 l S"), name="a.pdf")
    (warning,) = found.meta["warnings"]
    assert str(warning).startswith("[DB131] a.pdf: pages 2, 4, 6 ")  # neither the empty page nor the one with a small picture
    assert "page 4" in found.text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (pdf(PICTURE, PICTURE), "DB124"),
        (pdf("", ""), "DB103"),
        (pdf(TEXT, trailer=_LOCK), "DB123"),
        (b"%PDF-1.7\n", "DB122"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 1000, "DB122"),
        (pdf(TEXT).replace(b"/Pages 2 0 R", b"/Pages 9 0 R"), "DB122"),
        (TEXT.encode(), "DB122"),
        (b"", "DB103"),
    ],
    ids=["scanned", "empty", "locked", "head", "noise", "no-pages", "no-pdf", "nothing"],
)
def test_bad_files(raw: bytes, expected: str) -> None:
    assert code(raw) == expected


@pytest.mark.parametrize("share", [0.1, 0.4, 0.6, 0.9])
def test_a_truncated_file_is_mended_or_refused(share: float) -> None:
    whole = pdf(*[TEXT] * 20)
    try:
        found = read(whole[: int(share * len(whole))], name="a.pdf")
    except DubanError as error:
        refused = error.code
    else:
        assert "GDP" in found.text
        return
    assert refused in ("DB122", "DB103")


def test_limits() -> None:
    raw = pdf(*[TEXT] * 9)
    assert code(raw, limits=Limits(pages=8)) == "DB125"
    assert code(raw, limits=Limits(seconds=-1)) == "DB125"
    assert code(raw, limits=Limits(text_length=100)) == "DB125"
    assert len(read(raw, limits=Limits(pages=9)).text.splitlines()) == 18


def test_a_page_that_unpacks_to_anything_is_ended_in_time_and_memory() -> None:
    packed = zlib.compress(b"BT /F1 12 Tf 40 700 Td (GDP) Tj ET\n" * 400_000, 9)
    bomb = pdf("?").replace(b"/Length 1 >> stream\n?", b"/Length %d /Filter /FlateDecode >> stream\n%b" % (len(packed), packed))
    assert code(bomb, limits=Limits(memory_bytes=200_000_000)) == "DB122"


def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers_pdf, "_GRACE", 0.01)
    assert code(pdf(TEXT), limits=Limits(seconds=0.0)) == "DB125"


def test_pages_that_go_round_in_circles_end() -> None:
    start = time.monotonic()
    code(pdf(TEXT).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]").replace(b"/Count 1", b"/Count 9"))
    assert time.monotonic() - start < 10


def test_the_batch_goes_on(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.pdf").write_bytes(pdf(TEXT)[:60])
    (tmp_path / "b.pdf").write_bytes(pdf(TEXT))
    assert [isinstance(found, DubanError) for _, found in stream(documents([tmp_path]))] == [True, False]
