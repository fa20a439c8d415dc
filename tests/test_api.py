"""The HTTP API: the records of the command line, whoever asks and however many; what it refuses, and how it says so."""
from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import hands
import pytest
from browser import AXE, chromium
from conftest import DOCUMENTS, ROOT, read
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import duban
from duban import records, report
from duban.cli import commands
from duban.errors import DubanError
from duban.messages import MESSAGES, speaking
from duban.readers import Pending

pytest.importorskip("fastapi")
pytest.importorskip("httpx")
import httpx
from starlette.testclient import TestClient
from test_trust import WATCH

from duban.api import Service, crew, gate, openapi
from duban.api.app import create_app
from duban.api.crew import Crew
from duban.api.settings import Reading, read_token

SECRET = "临澄市重点项目"
TEXT = f"关于抓落实的讲话\n今年力争生产总值增长6%以上，市发改委牵头，6月底前落实。{SECRET}建设滞后。\n"
TOKEN = "0123456789abcdef0123456789abcdef"
SNAPSHOT = Path(__file__).parent / "specs" / "openapi.json"
NDJSON = {"Content-Type": "application/x-ndjson"}


def client(service: Service | None = None, workers: Crew | None = None) -> TestClient:
    service = service or Service()
    return TestClient(create_app(service, workers or Crew(service.reading, 0)), raise_server_exceptions=False, headers={"Accept-Language": "en"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service would put temporary files."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def workers() -> Crew:
    return Crew(Reading(), 2)


@pytest.fixture(scope="module")
def api(folder: Path, workers: Crew) -> Iterator[TestClient]:
    """A service with two workers that are ready."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        with client(workers=workers) as found:
            wait(found, workers=2)
            yield found


def wait(found: Any, workers: int = 1) -> None:
    end = time.monotonic() + 120
    while found.get("/v1/health").json().get("workers", 0) < workers:
        assert time.monotonic() < end, "no worker is ready"
        time.sleep(0.1)


@pytest.fixture
def extract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, char_nlp: Any) -> Callable[..., bytes]:
    """What ``duban extract`` prints for files of this folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(duban, "load", lambda *_, **__: char_nlp)
    return lambda *words: CliRunner().invoke(commands, ["extract", *words]).stdout_bytes


def upload(name: str, raw: bytes) -> tuple[str, tuple[str, bytes]]:
    return "file", (name, raw)


def files() -> dict[str, bytes]:
    """A document in several formats, and a table of documents."""
    import docx

    word = io.BytesIO()
    document = docx.Document()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    document.save(word)
    return {
        "讲话.txt": TEXT.encode("gb18030"), "讲话.html": f"<html><p>{TEXT}</p></html>".encode(), "讲话.docx": word.getvalue(),
        "表.csv": f'id,text\n甲,"{TEXT}"\n乙,6月底前落实。\n'.encode(),
    }  # fmt: skip


# ---- what it gives


def test_a_record_is_the_one_of_the_command_line(api: TestClient, tmp_path: Path, extract: Callable[..., bytes]) -> None:
    found = files()
    for name, raw in found.items():
        (tmp_path / name).write_bytes(raw)
    for name in ("讲话.txt", "讲话.docx", "讲话.html"):
        answer = api.post("/v1/records", files=[upload(name, found[name])])
        assert answer.headers["content-type"] == "application/json"
        assert answer.content == extract(name)
    known = api.post("/v1/records", files=[upload("讲话.txt", found["讲话.txt"])], data={"date": "2026-01-20", "place": "临澄市"})
    assert known.content == extract("讲话.txt", "--date", "2026-01-20", "--place", "临澄市")
    body = json.dumps({"text": TEXT, "id": "甲", "place": "临澄市"}).encode()
    (tmp_path / "request.jsonl").write_bytes(body)
    assert api.post("/v1/records", content=body, headers={"Content-Type": "application/json"}).content == extract("request.jsonl")
    together = api.post("/v1/batch", files=[upload(name, raw) for name, raw in found.items()])
    assert together.content == extract(*found) and together.text.count("\n") == 5


def test_a_batch_goes_on_where_a_document_fails(api: TestClient, tmp_path: Path, extract: Callable[..., bytes]) -> None:
    good = [{"id": f"{i:02}", "text": f"{TEXT}{i}"} for i in range(8)]
    rows = [*good, {"id": "no text"}, {"id": "day", "text": TEXT, "date": "1月"}, {"id": "甲", "text": "甲。"}]
    body = "\n".join(json.dumps(row) for row in rows).encode() + b"\nno json\n"
    (tmp_path / "request.jsonl").write_bytes(body)
    answer = api.post("/v1/batch", content=body, headers=NDJSON)
    assert answer.headers["content-type"] == "application/x-ndjson"
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["id"] for one in found] == [*(row["id"] for row in rows), "request/12"]
    assert [(one["id"], one["status"], one["code"]) for one in found if "code" in one] == [
        ("no text", 422, "DB109"), ("day", 422, "DB213"), ("request/12", 422, "DB109"),
    ]  # fmt: skip
    assert b"".join(line for line in answer.content.splitlines(True) if b'"code"' not in line) == extract("request.jsonl")


def test_threads_get_what_one_gets(api: TestClient) -> None:
    def ask(path: Path) -> bytes:
        return api.post("/v1/records", files=[upload(path.name, path.read_bytes())]).content

    some = sorted(DOCUMENTS, key=lambda path: path.stat().st_size)[:6]
    alone = [ask(path) for path in some]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(ask, some * 3)) == alone * 3


def test_the_ledger_is_the_one_of_the_command_line(api: TestClient, tmp_path: Path, extract: Callable[..., bytes]) -> None:
    two = {"讲话.txt": TEXT.encode(), "通知.txt": "市水利局负责堤防加固，9月底前完成。".encode()}
    for name, raw in two.items():
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "records.jsonl").write_bytes(extract(*two))
    for suffix in ("xlsx", "docx"):
        assert CliRunner().invoke(commands, ["ledger", *two, "-o", f"a.{suffix}"]).exit_code == 0
        posted = api.post(f"/v1/ledger?format={suffix}", files=[upload(*one) for one in two.items()])
        assert f'filename="ledger.{suffix}"' in posted.headers["content-disposition"]
        assert posted.content == (tmp_path / f"a.{suffix}").read_bytes()
        again = api.post(f"/v1/ledger?format={suffix}", content=(tmp_path / "records.jsonl").read_bytes(), headers=NDJSON)  # taken as they are
        assert again.content == posted.content


def test_no_ledger_lacks_a_document(api: TestClient) -> None:
    answer = api.post("/v1/ledger", files=[upload("a.txt", TEXT.encode()), upload("b.txt", b" "), upload("c.png", b"\x89PNG")])
    assert answer.status_code == 422 and answer.json()["code"] == "DB103"
    assert [(one["id"], one["status"]) for one in answer.json()["problems"]] == [("b", 422), ("c", 415)]
    forged = json.dumps({**json.loads(api.post("/v1/records", json={"text": TEXT}).content), "meta": 1})
    assert api.post("/v1/ledger", content=forged, headers=NDJSON).json()["code"] == "DB431"
    assert problem(api.post("/v1/ledger?format=pdf", json={"text": TEXT})) == (400, "DB154")


def test_what_it_says_of_itself(api: TestClient) -> None:
    record = api.post("/v1/records", json={"text": TEXT}).json()
    assert api.get("/v1/version").json() == {"version": duban.__version__, "schema": records.FORMAT, "pipeline": record["pipeline"]}
    assert api.get("/v1/health").json() == {"status": "ready", "workers": 2}
    assert api.get("/v1/schema").json() == records.schema()


def test_nothing_is_written_to_disk(api: TestClient, folder: Path) -> None:
    large = (TEXT * 20_000).encode()  # a form this large would be spooled
    assert len(large) > 2_000_000
    assert problem(api.post("/v1/records", files=[upload("大.txt", large)])) == (413, "DB125")
    assert api.post("/v1/ledger", json={"text": TEXT}).status_code == 200
    assert list(folder.iterdir()) == []


def test_a_name_is_no_path(api: TestClient) -> None:
    for name in ("/etc/passwd", "../../etc/passwd", "C:\\etc\\passwd"):
        record = api.post("/v1/records", files=[upload(name, TEXT.encode())]).json()
        assert (record["id"], record["meta"]["source"]["path"], record["text"]) == ("passwd", "passwd", TEXT)


# ---- errors


def problem(answer: Any) -> tuple[int, str]:
    """Status and code of an answer that is problem details."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = answer.json()
    assert told["status"] == answer.status_code and told["type"] == f"/#{told['code']}" and told["title"] and told["detail"]
    return told["status"], told["code"]


def test_what_is_wrong_is_told_in_both_languages(api: TestClient) -> None:
    asked = {"files": [upload("a.xyz", b"1")]}
    english, chinese = (api.post("/v1/records", headers={"Accept-Language": f"{one}, de;q=0.1"}, **asked) for one in ("en-GB", "zh-CN"))
    assert problem(english) == problem(chinese) == (415, "DB106")
    assert english.json()["cure"] == "Save it in one of the formats listed." and english.headers["content-language"] == "en"
    assert chinese.json()["cure"] == "另存为可读的格式之一。" and chinese.headers["content-language"] == "zh-CN"
    assert english.json()["title"] == "Unsupported media type" and chinese.json()["title"] == "不支持的类型"
    inner = api.post("/v1/records", headers={"Accept-Language": "zh"}, files=[upload("a.txt", b"\0" * 9)]).json()["detail"]
    assert inner == "不是文本文件：a.txt（含有 NUL 字节）。"  # the reason was found in another process
    assert "Vary" in english.headers and "Retry-After" not in english.headers


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"json": {"id": "a"}}, 422, "DB109"),
        ({"json": [1]}, 400, "DB154"),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400, "DB154"),
        ({"content": b"\xff", "headers": {"Content-Type": "application/json"}}, 400, "DB154"),
        ({"content": b"[" * 100_000, "headers": {"Content-Type": "application/json"}}, 400, "DB154"),
        ({"content": b"\n", "headers": NDJSON}, 400, "DB154"),
        ({"content": b'{"text": "\\ud800"}', "headers": NDJSON}, 422, "DB105"),
        ({"content": b'{"text": "1"}\n{"text": "2"}', "headers": NDJSON}, 400, "DB154"),
        ({"content": TEXT.encode(), "headers": {"Content-Type": "text/plain"}}, 415, "DB155"),
        ({"content": b""}, 415, "DB155"),
        ({"content": b"--", "headers": {"Content-Type": "multipart/form-data"}}, 400, "DB154"),
        ({"content": b"--x\r\n\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=y"}}, 400, "DB154"),
        ({"data": {"date": "2026-01-01"}, "files": [("other", ("a", b"1"))]}, 400, "DB154"),
        ({"files": [("file", (None, b"no file"))]}, 400, "DB154"),
        ({"files": [upload("a.txt", TEXT.encode())], "data": {"date": "1月"}}, 422, "DB213"),
        ({"files": [upload("a.docx", b"PK\x03\x04")]}, 422, "DB122"),
    ],
)
def test_what_cannot_be_read(api: TestClient, request_: dict[str, Any], status: int, code: str) -> None:
    assert problem(api.post("/v1/records", **request_)) == (status, code)


def test_addresses_and_methods(api: TestClient) -> None:
    assert problem(api.get("/v1/nothing")) == problem(api.get("/v1/records/")) == (404, "DB157")
    refused = api.get("/v1/records")
    assert problem(refused) == (405, "DB157") and refused.headers["allow"] == "POST"
    for header in ("x-content-type-options", "content-security-policy", "cache-control"):
        assert header in refused.headers


@settings(max_examples=60)
@given(
    kind=st.sampled_from(["application/json", "application/x-ndjson", "multipart/form-data; boundary=b", "text/plain"]),
    body=st.binary(max_size=200), more=st.booleans(),
)  # fmt: skip
def test_no_body_is_too_odd(api: TestClient, kind: str, body: bytes, more: bool) -> None:
    framed = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + body + b"\r\n--b--\r\n" if more else body
    answer = api.post("/v1/records", content=framed, headers={"Content-Type": kind})
    assert answer.status_code == 200 or problem(answer)[0] < 500


# ---- limits


def test_before_it_is_ready_it_says_so() -> None:
    found = client()
    for answer in (found.get("/v1/health"), found.get("/v1/version"), found.post("/v1/records", json={"text": TEXT})):
        assert problem(answer) == (503, "DB153") and answer.headers["retry-after"] == "3"
    assert found.get("/").status_code == found.get("/openapi.json").status_code == 200


def test_sizes_and_numbers(api: TestClient, workers: Crew) -> None:
    small = client(Service(max_bytes=1_000, max_documents=2), workers)
    assert problem(small.post("/v1/records", json={"text": "字" * 1_000})) == (413, "DB143")
    assert problem(small.post("/v1/records", content=(b"1" * 100 for _ in range(11)), headers={"Content-Type": "application/json"})) == (413, "DB143")
    assert problem(small.post("/v1/batch", content=b'{"text": "1"}\n' * 3, headers=NDJSON)) == (413, "DB156")
    assert problem(small.post("/v1/batch", files=[upload(f"{i}.txt", b"1") for i in range(3)])) == (413, "DB156")
    full = client(Service(max_requests=0), workers).post("/v1/records", json={"text": TEXT})
    assert problem(full) == (503, "DB152") and full.headers["retry-after"] == "1"


def test_a_body_must_come_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "BODY_SECONDS", 0.05)
    sent: list[Any] = []

    async def never() -> Any:
        await asyncio.sleep(60)

    async def send(event: Any) -> None:
        sent.append(event)

    ready = Crew(Reading(), 0)
    monkeypatch.setattr(Crew, "ready", 1)
    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/v1/records", "raw_path": b"", "query_string": b"", "headers": headers, "root_path": ""}
    asyncio.run(create_app(Service(), ready)(scope, never, send))
    assert sent[0]["status"] == 408 and json.loads(sent[1]["body"])["code"] == "DB158"


def test_a_worker_that_is_stuck_or_dies_costs_its_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "_GRACE", 0.2)
    monkeypatch.setattr(crew, "_warm", hands.ready)
    document = Pending("a", "a.txt", TEXT.encode(), 0)

    async def code(found: Crew, job: Any, **known: str) -> str:
        monkeypatch.setattr(crew, "_work", job)
        failure = (await found.result(document, **known)).failure
        assert failure is not None and failure.id == "a"
        return failure.error.code

    async def run() -> list[str]:
        found = Crew(Reading(seconds=0.1), 1)
        found.start()
        try:
            return [await code(found, hands.sleep), await code(found, hands.die)]  # the second in a new process
        finally:
            await found.stop()

    assert asyncio.run(run()) == ["DB125", "DB432"]


def test_a_document_can_be_interrupted(api: TestClient, workers: Crew) -> None:
    assert api.portal is not None and api.portal.call(workers._call, hands.in_main_thread)


def test_no_pipeline_ends_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[bool] = []

    async def start(hand: Any) -> Any:
        if not ended:
            ended.append(False)
            raise BrokenProcessPool  # tried again
        raise DubanError("DB101", path="own.jsonl")

    async def run() -> DubanError | None:
        found = Crew(Reading(), 1, lambda: ended.append(True))
        found.start()
        while len(ended) < 2:
            await asyncio.sleep(0.01)
        await found.stop()
        return found.failure

    monkeypatch.setattr(crew.Hand, "start", start)
    monkeypatch.setattr(crew, "_PAUSE", 0.01)
    failure = asyncio.run(run())
    assert failure is not None and failure.code == "DB101" and ended == [False, True]


# ---- who may ask


def test_a_token_where_there_is_one(workers: Crew, api: TestClient) -> None:
    locked = client(Service(token=TOKEN), workers)
    for headers in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}, {"Authorization": "Bearer 令".encode()}):
        refused = locked.post("/v1/records", json={"text": TEXT}, headers=headers)
        assert problem(refused) == (401, "DB151") and refused.headers["www-authenticate"] == 'Bearer realm="duban"'
    assert locked.post("/v1/records", json={"text": TEXT}, headers={"Authorization": f"bearer {TOKEN}"}).status_code == 200
    assert [locked.get(path).status_code for path in ("/", "/openapi.json", "/v1/health", "/v1/version")] == [200, 200, 200, 401]
    assert TOKEN not in repr(Service(token=TOKEN)) and TOKEN not in locked.get("/").text


def test_where_a_token_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    monkeypatch.delenv("DUBAN_API_TOKEN", raising=False)
    assert read_token(None) is None and read_token(file) == TOKEN
    monkeypatch.setenv("DUBAN_API_TOKEN", "short")
    assert read_token(file) == TOKEN
    for content in ("", "short", "临" * 20, "two words of a token"):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(DubanError, match="DB161"):
            read_token(file)
    for place in (None, tmp_path / "none"):
        with pytest.raises(DubanError, match="DB161"):
            read_token(place)


def test_no_page_of_another_site(api: TestClient) -> None:
    preflight = api.options("/v1/records", headers={"Origin": "https://other.example", "Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 405 and not [name for name in preflight.headers if name.startswith("access-control")]
    asked = api.post("/v1/records", json={"text": TEXT}, headers={"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site"})
    assert problem(asked) == (403, "DB159")


def test_the_log_quotes_nothing(api: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(TEXT)

    with caplog.at_level(logging.INFO, "duban.api"):
        api.post("/v1/records", files=[upload(f"{SECRET}.txt", TEXT.encode())])
        api.post(f"/v1/{SECRET}", json={"text": TEXT})
        monkeypatch.setattr(Crew, "result", broken)
        assert problem(api.post("/v1/records", json={"text": TEXT})) == (500, "DB499")
    assert re.sub(r"\d+ ms", "ms", caplog.messages[0]) == "POST /v1/records 200 ms"
    assert any(line.startswith("RuntimeError in ") for line in caplog.messages) and SECRET not in caplog.text
    assert [line.split()[:3] for line in caplog.messages if line.startswith("POST")][1:] == [["POST", "-", "404"], ["POST", "/v1/records", "500"]]


# ---- its description


def test_the_description_is_valid_and_known() -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    with speaking("en"):
        found = openapi.document(Service())
    validator.validate(found)
    found["info"]["version"] = ""
    assert found == json.loads(read(SNAPSHOT)), "if that is meant: python tests/test_api.py writes it anew"
    with speaking("zh"):
        validator.validate(openapi.document(Service(token=TOKEN)))


def test_the_description_is_what_there_is(api: TestClient) -> None:
    found = api.get("/openapi.json", headers={"Accept-Language": "zh"}).json()
    assert found["components"]["schemas"]["Record"] == {key: value for key, value in records.schema().items() if key != "$schema"}
    described = {(path, method.upper()) for path, methods in found["paths"].items() for method in methods}
    routes = {(route.path, *route.methods - {"HEAD"}) for route in create_app(Service(), Crew(Reading(), 0)).app.routes}
    assert described == {(path, method) for path, method in routes if path.startswith("/v1")}
    assert found["paths"]["/v1/records"]["post"]["summary"] == "一份文件的记录"


def test_answers_are_as_described(api: TestClient) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    described = api.get("/openapi.json").json()

    def check(found: Any, name: str) -> None:
        jsonschema.validate(found, {"$ref": f"#/components/schemas/{name}", "components": described["components"]})

    check(api.get("/v1/health").json(), "Health")
    check(api.get("/v1/version").json(), "Version")
    for line in api.post("/v1/batch", content=json.dumps({"text": TEXT}).encode() + b"\n{}\n", headers=NDJSON).text.splitlines():
        check(json.loads(line), "Record" if "schema" in json.loads(line) else "Failure")
    check(api.post("/v1/ledger", json={}).json(), "Problem")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_tells_all_and_names_no_other_host(api: TestClient, language: str) -> None:
    answer = api.get("/", headers={"Accept-Language": language})
    assert "default-src 'none'" in answer.headers["content-security-policy"] and "unsafe" not in answer.headers["content-security-policy"]
    assert set(re.findall(r'(?:href|src)="([^"#][^"]*)"', answer.text)) == {"/openapi.json"}
    assert "<script" not in answer.text and not re.search(r"url\(|@import", answer.text)
    assert [code for code in MESSAGES if code.startswith("DB") and f'id="{code}"' not in answer.text] == []
    for path in openapi.document(Service())["paths"]:
        assert path in answer.text
    assert MESSAGES["api.ledger"][language == "en"] in answer.text


# ---- the command


def test_what_the_command_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from duban.api import server

    told: list[Service] = []
    monkeypatch.setattr(server, "serve", lambda service, tell: (told.append(service), tell(service)))
    file = tmp_path / "token"
    file.write_text(TOKEN)
    monkeypatch.setenv("DUBAN_LANG", "en")
    assert "http://127.0.0.1:8767/" in CliRunner().invoke(commands, ["api", "--workers", "3"]).output
    words = "--host 0.0.0.0 --port 9 --max-mb 1.5 --max-documents 2 --max-requests 3 --max-chars 4 --seconds 5 --pipeline zh_duban"
    assert "no token" in CliRunner().invoke(commands, ["api", *words.split()]).output
    assert "no token" not in CliRunner().invoke(commands, ["api", "--host", "::", "--token-file", str(file)]).output
    assert told[0].workers == 3 and told[0].token is None and told[2].token == TOKEN and told[2].address == "http://[::]:8767/"
    assert (told[1].max_bytes, told[1].max_documents, told[1].max_requests, told[1].reading.limits.text_length) == (1_500_000, 2, 3, 4)


def test_an_address_that_is_not_here() -> None:
    from duban.web.server import bound

    with pytest.raises(DubanError, match="DB160"):
        bound(0, "192.0.2.1")


def test_it_ends_when_all_is_answered(tmp_path: Path) -> None:
    """As a process: what the documentation shows is run, and a batch is under way when it is told to end."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    watched = WATCH.replace(', "pickle.find_class"', "")  # it ends where it reaches for the network
    command = [sys.executable, "-c", f"{watched}from duban import cli\ncli.app(['api', '--port', '{port}', '--workers', '1'])"]
    with log.open("w") as out, subprocess.Popen(command, stderr=out, stdout=out, cwd=tmp_path) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=address, timeout=120, transport=httpx.HTTPTransport(retries=50)) as caller:
                while not log.read_text(encoding="utf-8"):
                    time.sleep(0.1)
                wait(caller)
                run_examples(tmp_path, str(port))
                body = "".join(json.dumps({"id": str(i), "text": TEXT * 50}) + "\n" for i in range(20))
                with caller.stream("POST", "/v1/batch", content=body, headers=NDJSON) as answer:
                    lines = answer.iter_lines()
                    found = [next(lines)]
                    process.send_signal(signal.SIGTERM)
                    found += lines
                assert [json.loads(line)["id"] for line in found] == [str(i) for i in range(20)]
            assert process.wait(30) == 0
        finally:
            process.kill()
    said = log.read_text(encoding="utf-8")
    assert SECRET not in said and "POST /v1/batch 200" in said and "leaked" not in said


def run_examples(folder: Path, port: str) -> None:
    """The lines and programs of the documentation, with a service on another port."""
    text = read(ROOT / "docs" / "api.md").replace("8767", port)
    (folder / "speech.docx").write_bytes(files()["讲话.docx"])
    (folder / "notice.txt").write_text(TEXT, encoding="utf-8")
    (folder / "documents.jsonl").write_text(json.dumps({"text": TEXT}), encoding="utf-8")
    for code in re.findall(r"^```python\n(.*?)^```", text, re.M | re.S):
        done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0 and done.stdout, done.stderr
    lines = re.findall(r"^curl .*", text, re.M)
    assert len(lines) == 6
    for line in lines if shutil.which("curl") else ():
        done = subprocess.run(f"{line} -fsS", shell=True, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
    assert (folder / "ledger.xlsx").read_bytes()[:2] == b"PK"
    check = json.loads(re.search(r"HEALTHCHECK[^[]+(\[.*\])", read(ROOT / "deploy" / "Containerfile"))[1].replace("8767", port))
    subprocess.run([sys.executable, *check[1:]], check=True)


def test_the_page_in_a_browser(api: TestClient) -> None:
    with chromium() as browser:
        context = browser.new_context(bypass_csp=True)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.set_content(api.get("/", headers={"Accept-Language": "zh"}).text)
        assert page.locator("section").count() == 6 and page.get_by_role("heading", level=1).inner_text() == "duban API"
        used = set(re.findall(r"var\((--[\w-]+)", report.part("api.css", "duban.api")))
        style = "getComputedStyle(document.querySelector('main'))"
        assert used and [name for name in used if not page.evaluate(f"{style}.getPropertyValue('{name}')")] == []
        page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run().then(found => found.violations.map(one => one.id + ' ' + one.nodes[0].html))")
        assert found == [] and asked == []


if __name__ == "__main__":
    with speaking("en"):
        document = openapi.document(Service())
    document["info"]["version"] = ""
    SNAPSHOT.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
