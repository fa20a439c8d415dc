"""The local web page without a browser: what it does, and what it refuses."""
from __future__ import annotations

import io
import json
import os
import re
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from conftest import CORPUS, read

import duban
from duban.evaluate import score
from duban.evaluate.gold import read_gold, text_of

pytest.importorskip("fastapi")
pytest.importorskip("httpx")
from starlette.testclient import TestClient

from duban.web import Desk, guard, server
from duban.web.app import create_app
from duban.web.desk import clean_name
from duban.web.server import bound

PORT = 8766
TEXT = "关于抓落实的讲话\n今年力争生产总值增长6%以上，市发改委牵头，6月底前落实。\n"


class Caller:
    """A browser that opened the address given at the start."""

    def __init__(self, desk: Desk) -> None:
        self.guard = create_app(desk, PORT)
        self.client = TestClient(self.guard, base_url=f"http://127.0.0.1:{PORT}", raise_server_exceptions=False)

    def open(self) -> Caller:
        answer = self.client.get(self.guard.address.partition(f":{PORT}")[2], follow_redirects=False)
        assert answer.status_code == 303
        return self

    @property
    def headers(self) -> dict[str, str]:
        return {"Origin": f"http://127.0.0.1:{PORT}", "X-Duban-Token": self.guard.token}

    def post(self, path: str, **more: Any) -> Any:
        return self.client.post(path, headers={**self.headers, **more.pop("headers", {})}, **more)

    def read(self, text: str = TEXT, name: str = "讲话") -> str:
        answer = self.post("/api/text", json={"text": text, "name": name})
        assert answer.status_code == 201, answer.text
        return answer.json()["name"]


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "zh")


@pytest.fixture
def caller(char_nlp, tmp_path: Path) -> Caller:
    return Caller(Desk(char_nlp, tmp_path / "saved")).open()


def address(name: str, rest: str = "") -> str:
    return f"/api/documents/{quote(name, safe='')}{rest}"


# ---- what it does


def test_files_are_read_each_for_itself(caller: Caller) -> None:
    files = [("files", ("甲.txt", TEXT.encode())), ("files", ("乙.html", f"<html><p>{TEXT}</p></html>".encode())), ("files", ("坏.docx", b"PK\x03\x04")),
             ("files", ("甲.txt", TEXT.encode("gb18030")))]  # fmt: skip
    found = caller.post("/api/documents", files=files, data={"place": "临澄市"}).json()
    assert [d.get("name") for d in found] == ["甲", "乙", "坏.docx", "甲~2"]
    assert found[2]["code"] == "DB122"
    assert found[0]["counts"]["target"] == 1
    assert found[0]["place"] == "临澄市"
    assert [d["name"] for d in caller.client.get("/api/documents").json()] == ["甲", "乙", "甲~2"]


def test_pages(caller: Caller) -> None:
    name = caller.read()
    for path in ("/", f"/documents/{quote(name)}", "/api"):
        answer = caller.client.get(path)
        assert answer.status_code == 200
        nonce = re.search(r"script-src 'nonce-([\w-]+)'", answer.headers["content-security-policy"])
        assert nonce
        assert f'nonce="{nonce[1]}"' in answer.text
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert not re.search(r"https?://", answer.text)
    assert "生产总值" in caller.client.get(f"/documents/{quote(name)}").text
    for file in ("edit.js", "home.js", "web.css"):
        assert not re.search(r"https?://", caller.client.get(f"/assets/{file}").text)
    assert caller.client.get("/assets/app.py").status_code == 404
    assert caller.client.get("/documents/none").json()["code"] == "DB144"
    assert caller.client.get("/api/openapi.json").json()["paths"]


def test_every_route_is_told(caller: Caller) -> None:
    page = caller.client.get("/api").text
    for path, methods in caller.client.get("/api/openapi.json").json()["paths"].items():
        assert path in page
        assert all(told["summary"] and "  " not in told["summary"] for told in methods.values())


def test_a_correction_is_made_undone_and_saved_as_gold(caller: Caller, tmp_path: Path) -> None:
    name = caller.read()
    before = caller.client.get(address(name)).json()
    change = {"op": "change", "id": "t1", "values": {"status": "actual", "comparator": "="}}
    assert caller.post(address(name, "/corrections"), json=change).json()["corrections"] == 1
    after = caller.client.get(address(name)).json()
    assert (after["targets"][0]["status"], after["targets"][0]["comparator"]) == ("actual", "=")
    refused = caller.post(address(name, "/corrections"), json={**change, "id": "t9"})
    assert (refused.status_code, refused.json()["code"]) == (422, "DB145")
    downloaded = caller.client.get(address(name, "/gold.json")).json()
    path = Path(caller.post(address(name, "/gold")).json()["path"])
    assert path == tmp_path / "saved" / "gold" / f"{name}.gold.json"
    saved = read_gold(path)
    assert saved == downloaded
    assert saved["targets"][0]["status"] == "actual"
    assert text_of(saved, path).text == TEXT
    assert all(layer.f == 1 for layer in score([after], [saved]).layers.values() if layer.gold)
    assert score([before], [saved]).attributes["targets.status"].accuracy == 0
    caller.post(address(name, "/undo"))
    assert caller.client.get(address(name)).json() == before
    assert caller.post(address(name, "/undo")).json()["corrections"] == 0


def test_saving_needs_a_folder(char_nlp) -> None:
    caller = Caller(Desk(char_nlp)).open()
    name = caller.read()
    assert caller.post(address(name, "/gold")).json()["code"] == "DB149"
    assert "save-gold" not in caller.client.get(f"/documents/{quote(name)}").text.partition("<main")[0].partition("</style>")[2].partition("edit-data")[0]


def test_downloads_open(caller: Caller) -> None:
    import docx
    import openpyxl

    name = caller.read()
    caller.read(name="第二份")
    for path, rows in ((address(name, "/ledger.xlsx"), 2), ("/api/all.xlsx", 4)):
        answer = caller.client.get(path)
        assert answer.headers["content-disposition"].startswith("attachment")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["任务分解表"]
        assert sum(isinstance(row[0].value, int) for row in sheet.iter_rows()) == rows
    for path, tables, comments in ((address(name, "/ledger.docx"), 2, 0), ("/api/all.docx", 4, 0), (address(name, "/comments.docx"), 0, 2)):
        document = docx.Document(io.BytesIO(caller.client.get(path).content))
        assert (len(document.tables), len(list(document.comments))) == (tables, comments)
    assert json.loads(caller.client.get(address(name, "/records.jsonl")).text) == caller.client.get(address(name)).json()
    assert len(caller.client.get("/api/all.jsonl").text.splitlines()) == 2
    page = caller.client.get(address(name, "/report.html"))
    assert "duban-token" not in page.text
    assert quote(f"{name}.html") in page.headers["content-disposition"]
    assert caller.client.get("/api/all.exe").status_code == 404


def test_a_document_is_removed(caller: Caller) -> None:
    name = caller.read()
    assert caller.client.delete(address(name), headers=caller.headers).status_code == 200
    assert caller.client.get(address(name)).status_code == 404
    assert caller.read() != name  # a name is not given twice


def test_bad_texts_are_told(caller: Caller) -> None:
    assert caller.post("/api/text", json={"text": "", "name": "空"}).json()["code"] == "DB103"
    assert caller.post("/api/text", content=b'{"text": "\\ud800\\u5e02", "name": "a"}', headers={"Content-Type": "application/json"}).json()["code"] == "DB105"
    assert caller.post("/api/text", json={"text": TEXT, "date": "1月"}).json()["code"] == "DB213"
    assert caller.post("/api/text", json={"name": "a"}).status_code == 422
    assert caller.post(address(caller.read(), "/corrections"), content=b"{").status_code == 422


def test_a_large_upload_leaves_no_file(caller: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    text = TEXT * 25_000  # longer than what is kept in memory
    answer = caller.post("/api/documents", files=[("files", ("大.txt", text.encode()))]).json()
    assert answer[0]["code"] == "DB125"
    caller.client.get("/api/all.jsonl")
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(("given", "name"), [("../../etc/passwd", "passwd"), ("a\u202eb.txt", "a\ufffdb.txt"), ("...", "text"), ("甲" * 300, "甲" * 120)])
def test_names_are_cleaned(given: str, name: str) -> None:
    assert clean_name(given) == name


# ---- what it refuses


def test_only_who_was_given_the_address_gets_in(char_nlp) -> None:
    caller = Caller(Desk(char_nlp))
    for path in ("/", "/api/documents", "/assets/edit.js", "/?key=wrong"):
        answer = caller.client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 403
        assert "DB141" in answer.text
        assert "<script" not in answer.text
    assert caller.client.get("/", headers={"Cookie": f"duban-{PORT}=wrong; =;"}).status_code == 403
    answer = caller.client.get(f"/?key={caller.guard.key}", follow_redirects=False)
    assert {"httponly", "samesite=strict"} <= {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert caller.guard.token not in answer.headers["set-cookie"]


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil.example:{PORT}", ""])
def test_other_hosts_are_refused(caller: Caller, host: str) -> None:
    answer = caller.client.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert answer.json()["code"] == "DB142"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": f"http://127.0.0.1:{PORT + 1}"}, {"Origin": "null"}, {"Origin": ""}, {"X-Duban-Token": "x"},
     {"X-Duban-Token": ""}],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/text"), ("POST", "/api/documents/a/undo"), ("DELETE", "/api/documents/a"), ("PUT", "/")])
def test_writes_from_elsewhere_are_refused(caller: Caller, headers: dict[str, str], method: str, path: str) -> None:
    answer = caller.client.request(method, path, headers={**caller.headers, **headers}, json={"text": TEXT})
    assert answer.status_code == 403
    assert answer.json()["code"] == "DB142"


def test_every_answer_is_protected(caller: Caller) -> None:
    for path in ("/", "/api/documents", "/nothing", "/api/documents/none"):
        headers = caller.client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
    assert caller.client.get("/nothing").json()["code"] == "DB144"


def test_uploads_are_limited(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST_BYTES", 2000)
    said = caller.post("/api/documents", files=[("files", ("大.txt", TEXT.encode() * 100))])
    assert (said.status_code, said.json()["code"]) == (413, "DB143")

    def unsaid() -> Any:
        for _ in range(100):
            yield b"--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\n" + TEXT.encode() + b"\r\n"

    chunked = caller.post("/api/documents", content=unsaid(), headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert (chunked.status_code, chunked.json()["code"]) == (413, "DB143")


def test_documents_are_limited(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duban.web.desk.MOST_DOCUMENTS", 1)
    caller.read()
    answer = caller.post("/api/text", json={"text": TEXT})
    assert (answer.status_code, answer.json()["code"]) == (409, "DB146")


def test_hostile_documents_are_text(caller: Caller) -> None:
    name = caller.read("<script>alert(1)</script>市财政局要在6月底前完成投资3亿元。", '"><script>x')
    for path in ("/", f"/documents/{quote(name, safe='')}"):
        page = caller.client.get(path).text
        assert "alert(1)</script>" not in page
        assert "<script>x" not in page


def test_the_socket_is_on_loopback_alone() -> None:
    with bound(0) as own:
        assert own.getsockname()[0] == "127.0.0.1"
        with pytest.raises(duban.DubanError, match="DB148"):
            bound(own.getsockname()[1])
    assert socket.socket


def test_a_browser_is_opened_where_there_is_a_screen(char_nlp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    told: list[str] = []
    monkeypatch.setattr(server.webbrowser, "open", opened.append)
    monkeypatch.setattr(server.uvicorn.Server, "run", lambda self, sockets: told.append(sockets[0].getsockname()[0]))
    for screen, expected in (("", 0), (":0", 1)):
        monkeypatch.setenv("DISPLAY", screen)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        server.serve(Desk(char_nlp, None), 0, told.append, browse=True)
        assert len(opened) == expected or sys.platform != "linux"
    assert told[1::2] == ["127.0.0.1"] * 2
    assert set(opened) <= set(told)


def test_the_command_serves(tmp_path: Path) -> None:
    """The address it gives opens the page; a port that is taken is one coded line."""
    import subprocess
    import sys
    import urllib.request
    from http.cookiejar import CookieJar

    settings = {**os.environ, "DUBAN_LANG": "en", "PYTHONPATH": str(Path(duban.__file__).parents[1])}
    command = [sys.executable, "-m", "duban", "serve", "--no-open", "--port"]
    running = subprocess.Popen([*command, "0"], stderr=subprocess.PIPE, text=True, env=settings, cwd=tmp_path)
    try:
        assert running.stderr
        address = re.search(r"http://127\.0\.0\.1:(\d+)/\S*", running.stderr.readline())
        assert address
        browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar()))
        assert "duban-token" in browser.open(address[0], timeout=30).read().decode()
        second = subprocess.run([*command, address[1]], capture_output=True, text=True, env=settings, cwd=tmp_path, timeout=60)
        assert second.returncode == 1
        assert second.stderr.startswith("[DB148]")
    finally:
        running.terminate()
        running.wait(20)


def test_one_document_at_a_time(char_nlp) -> None:
    """Calls from several threads do not run into each other."""
    from concurrent.futures import ThreadPoolExecutor

    desk = Desk(char_nlp)
    texts = {path.stem: read(path).encode() for path in sorted((CORPUS / "documents").glob("*.txt"))[:6]}
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda item: desk.read(item[1], f"{item[0]}.txt"), texts.items()))
    assert [d.record["text"].encode() for d in found] == list(texts.values())
    alone = duban.to_record(duban.process(texts["dispatch-meeting"].decode(), nlp=char_nlp, name="dispatch-meeting"))
    assert next(d for d in found if d.name == "dispatch-meeting").record["targets"] == alone["targets"]
