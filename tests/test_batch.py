"""Many documents: the same bytes from any number of processes, a dead worker costs one document, a killed run goes on."""
from __future__ import annotations

import errno
import json
import logging
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import duban
from duban import batch, cli, readers
from duban.batch import RunFolder, Settings, folder, lock, pool, worker
from duban.batch.lock import Lock
from duban.cli import progress
from duban.errors import DubanError

SOURCES = Path(duban.__file__).parents[1]
DEFAULT = Settings()
TEXT = "一、稳增长。今年力争生产总值增长{0}%以上，市发改局牵头，{1}月底前落实。\n"
UNKIND = '''
import os, signal, time
from spacy.language import Language
import duban

@Language.component("unkind")
def unkind(doc):
    if "崩溃" in doc.text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "出错" in doc.text:
        raise RuntimeError("boom")
    if "太慢" in doc.text:
        time.sleep(30)
    return doc

def load(**_):
    nlp = duban.load()
    nlp.add_pipe("unkind")
    return nlp
'''


def texts(folder: Path, count: int, **others: str) -> Path:
    """A folder of short documents; ``others`` by name."""
    folder.mkdir(exist_ok=True)
    for i in range(count):
        (folder / f"d{i:03}.txt").write_text(TEXT.format(i % 9 + 1, i % 12 + 1), encoding="utf-8")
    for name, text in others.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def unkind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An installed pipeline that fails on some words, and dies of one."""
    (tmp_path / "site" / "unkind-1.dist-info").mkdir(parents=True)
    (tmp_path / "site" / "unkind-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: unkind\nVersion: 1\n")
    (tmp_path / "site" / "unkind.py").write_text(UNKIND, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "site")
    return "unkind"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "en")


def results(inputs: Iterable[Path | str], settings: Settings = DEFAULT, jobs: int | None = None) -> list[batch.Result]:
    return list(batch.results(batch.pending(inputs, settings), settings, jobs))


def run(path: Path, inputs: Iterable[Path], settings: Settings = DEFAULT, *, resume: bool = False, jobs: int = 0) -> batch.Counts:
    return batch.run(RunFolder(path, settings), batch.pending(inputs, settings, skip=[path]), jobs=jobs, resume=resume)


def files(path: Path) -> dict[str, bytes]:
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def code(call: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(DubanError) as caught:
        call(*args, **more)
    return caught.value.code


def status(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.app([str(arg) for arg in args])
    return int(caught.value.code or 0)


# workers


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    inputs = [texts(tmp_path / "in", 70, bad="")]
    alone, one, two = (results(inputs, jobs=jobs) for jobs in (0, 1, 2))
    assert len(alone) == 71
    assert [r._replace(failure=None) for r in alone] == [r._replace(failure=None) for r in one] == [r._replace(failure=None) for r in two]
    assert [r.failure.row() for r in alone if r.failure] == [r.failure.row() for r in two if r.failure]
    assert json.loads(alone[1].line or "") == duban.to_record(
        duban.process(TEXT.format(1, 1), name="d000", source=json.loads(alone[1].line or "")["meta"]["source"])
    )


def test_few_documents_need_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sized(*sizes: int) -> Iterator[readers.Pending]:
        return (readers.Pending(str(i), "", None, size) for i, size in enumerate(sizes))

    monkeypatch.setattr(pool, "cores", lambda: 7)
    for jobs, sizes, expected in [(None, (9, 9), 0), (None, (pool.SMALL,), 7), (None, (9, pool.SMALL, 9), 7), (3, (9,), 3), (0, (pool.SMALL,), 0)]:
        chosen, documents = pool.choose(jobs, sized(*sizes))
        assert (chosen, [d.size for d in documents]) == (expected, list(sizes))


def test_no_more_is_read_than_there_is_room_for(tmp_path: Path) -> None:
    read = 0

    def endless() -> Iterator[readers.Pending]:
        nonlocal read
        while True:
            read += 1
            yield readers.Pending(str(read), "a.jsonl", readers.Row(read, {"text": "市发改局牵头。"}, ""), pool.CHUNK_BYTES)

    found = batch.results(endless(), Settings(), 2)
    assert [next(found).id for _ in range(3)] == ["1", "2", "3"]
    assert read <= 4 * 2 + 5
    found.close()  # type: ignore[attr-defined]


def test_workers_make_room_for_new_ones(tmp_path: Path) -> None:
    documents = list(batch.pending([texts(tmp_path / "in", 8)], Settings()))
    with pool.Pool(Settings(), 1, generation=2) as workers:
        found = [[r.id for r in results] for _, results in workers.map(pool.chunks(documents, size=2))]
    assert found == [["d000", "d001"], ["d002", "d003"], ["d004", "d005"], ["d006", "d007"]]


def test_a_worker_that_dies_costs_one_document(tmp_path: Path, unkind: str) -> None:
    found = results([texts(tmp_path / "in", 80, d010x="崩溃", d050x="崩溃", d030x="出错")], Settings(unkind), jobs=2)
    assert [r.id for r in found] == sorted(r.id for r in found)
    assert len(found) == 83
    failed = {r.id: r.failure for r in found if r.failure}
    assert {name: (f.error.code, f.component) for name, f in failed.items()} == {
        "d010x": ("DB432", "worker"), "d030x": ("DB431", "unkind"), "d050x": ("DB432", "worker"),
    }  # fmt: skip
    assert all((r.line is None) == (r.failure is not None) for r in found)
    assert "boom" in failed["d030x"].trace


def test_a_document_that_takes_too_long_is_cut_off(tmp_path: Path, unkind: str) -> None:
    before = signal.getsignal(signal.SIGALRM)
    first, late = results([texts(tmp_path / "in", 1, late="太慢")], Settings(unkind, seconds=1.0), jobs=0)
    assert first.line
    assert late.failure
    assert (late.failure.error.code, late.failure.component) == ("DB125", "unkind")
    assert "1.0 seconds" in str(late.failure.error)
    assert signal.getsignal(signal.SIGALRM) is before


def test_outside_the_main_thread_no_clock_can_be_set(tmp_path: Path) -> None:
    inputs = [texts(tmp_path / "in", 1)]
    with ThreadPoolExecutor(1) as other:
        (found,) = other.submit(results, inputs, Settings(seconds=0.001), jobs=0).result()
    assert found.line


def test_a_document_that_is_too_long(tmp_path: Path) -> None:
    (found,) = results([texts(tmp_path / "in", 0, a="各县区" * 10)], Settings(max_chars=29))
    assert found.failure
    assert found.failure.row() == {
        "id": "a", "path": f"{tmp_path}/in/a.txt", "code": "DB125", "component": "reader",
        "message": f"[DB125] Past a limit: {tmp_path}/in/a.txt (the text is longer than 29 characters).",
    }  # fmt: skip


@pytest.mark.parametrize("jobs", [0, 1])
def test_without_a_pipeline_nothing_is_done(jobs: int, tmp_path: Path) -> None:
    inputs = [texts(tmp_path / "in", 1)]
    (tmp_path / "bad.jsonl").write_text("{")
    assert code(results, inputs, Settings("zh_none"), jobs=jobs) == "DB202"
    assert code(results, inputs, Settings(lexicons=(str(tmp_path / "bad.jsonl"),)), jobs=jobs) == "DB301"


def test_workers_that_cannot_start_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "start_worker", os._exit)
    with pool.Pool(Settings(), 1) as workers:
        assert code(workers.describe) == "DB433"


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import os, sys\nfrom duban.batch import pool, Settings\n"
        "if __name__ == '__main__':\n"
        "    workers = pool.Pool(Settings(), 1)\n    workers.describe()\n"
        "    print(*workers._executor._processes, flush=True)\n    os.kill(os.getpid(), 9)\n"
    )
    child = int(subprocess.run([sys.executable, script], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(SOURCES)}, check=False).stdout)
    for _ in range(100):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("the worker outlived its parent")


# runs


def test_a_run_is_a_folder(tmp_path: Path) -> None:
    counts = run(tmp_path / "run", [texts(tmp_path / "in", 5, bad="")])
    assert counts == (6, 5, 1, 5 * len(TEXT.format(1, 1)))
    found = files(tmp_path / "run")
    assert sorted(found) == ["failures.jsonl", "manifest.json", "records/part-00000.jsonl", "shards.jsonl"]
    assert found["records/part-00000.jsonl"].decode().splitlines() == [r.line for r in results([tmp_path / "in"]) if r.line]
    manifest = json.loads(found["manifest.json"])
    assert manifest["counts"] == counts._asdict()
    assert (manifest["complete"], manifest["failures"], manifest["shards"]) == (True, {"DB103": 1}, 1)
    assert manifest["pipeline"] == json.loads(found["records/part-00000.jsonl"].splitlines()[0])["pipeline"]
    assert [json.loads(line)["code"] for line in found["failures.jsonl"].splitlines()] == ["DB103"]


def test_a_run_of_nothing_that_can_be_read(tmp_path: Path) -> None:
    assert run(tmp_path / "run", [tmp_path / "none.txt"]) == (1, 0, 1, 0)
    assert files(tmp_path / "run")["records/part-00000.jsonl"] == b""


def test_a_run_and_a_file_have_the_same_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "SHARD_DOCUMENTS", 3)
    texts(tmp_path / "in", 8)
    assert status("extract", tmp_path / "in", "-o", tmp_path / "run", "--jobs", "2") == 0
    assert status("extract", tmp_path / "in", "-o", tmp_path / "one.jsonl") == 0
    shards = sorted((tmp_path / "run" / "records").iterdir())
    assert len(shards) == 3
    assert b"".join(shard.read_bytes() for shard in shards) == (tmp_path / "one.jsonl").read_bytes()
    assert status("ledger", tmp_path / "run" / "records", "-o", tmp_path / "ledger.csv") == 0


KILLED = """
import sys
from duban import cli
from duban.batch import folder, pool
folder.SHARD_DOCUMENTS = 2
pool.CHUNK_DOCUMENTS = 1
if __name__ == "__main__":
    cli.app(sys.argv[1:])
"""


@pytest.mark.parametrize(("jobs", "kills"), [("0", (1, 8)), ("2", (3,))])
def test_a_killed_run_goes_on(jobs: str, kills: tuple[int, ...], tmp_path: Path) -> None:
    texts(tmp_path / "in", 40, bad="", d030x="")
    (tmp_path / "script.py").write_text(KILLED)
    command = [sys.executable, str(tmp_path / "script.py"), "extract", str(tmp_path / "in"), "--jobs", jobs, "-o"]
    env = {**os.environ, "PYTHONPATH": str(SOURCES)}

    def start(path: str, *more: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([*command, str(tmp_path / path), *more], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    assert start("whole").wait() == 1
    notes = tmp_path / "killed" / "shards.jsonl"
    for killed_at in kills:
        going = start("killed", "--resume")
        while going.poll() is None and not (notes.exists() and notes.read_bytes().count(b"\n") >= killed_at):
            time.sleep(0.002)
        going.send_signal(signal.SIGKILL)
        assert going.wait() == -signal.SIGKILL, "it was over too soon"
    before = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "killed" / "records").iterdir()}
    done = [json.loads(line)["file"] for line in notes.read_bytes().splitlines()[:3]]
    assert start("killed", "--resume").wait() == 1
    assert files(tmp_path / "killed") == files(tmp_path / "whole")
    assert all((tmp_path / "killed" / name).stat().st_mtime_ns == before[Path(name).name] for name in done)  # not made again


def test_a_run_that_is_over_has_nothing_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = [texts(tmp_path / "in", 3)]
    first = run(tmp_path / "run", inputs)
    before = files(tmp_path / "run")
    monkeypatch.setattr(worker.Worker, "run", None)
    assert run(tmp_path / "run", inputs, resume=True) == first
    assert files(tmp_path / "run") == before


def test_what_was_cut_short_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "SHARD_DOCUMENTS", 2)
    inputs = [texts(tmp_path / "in", 7)]
    run(tmp_path / "run", inputs)
    whole = files(tmp_path / "run")
    notes = tmp_path / "run" / "shards.jsonl"
    notes.write_bytes(notes.read_bytes()[:-100])  # a note half written
    (tmp_path / "run" / "records" / "part-00001.jsonl").unlink()  # a shard gone
    (tmp_path / "run" / "records" / ".part-00003.jsonl.99").write_text("half")
    run(tmp_path / "run", inputs, resume=True)
    assert files(tmp_path / "run") == whole


def test_other_settings_are_noticed(tmp_path: Path) -> None:
    inputs = [texts(tmp_path / "in", 3)]
    own = tmp_path / "own.jsonl"
    own.write_text('{"label": "GROUP", "pattern": "云上专班", "id": "own/1"}\n', encoding="utf-8")
    run(tmp_path / "run", inputs)
    assert code(run, tmp_path / "run", inputs) == "DB515"
    for settings, named in [
        (Settings(date="2026-01-05"), "settings.date"), (Settings("zh_duban"), "pipeline.name"),
        (Settings(max_chars=10), "settings.max_chars"), (Settings(lexicons=(str(own),)), "pipeline.lexicon"),
    ]:  # fmt: skip
        with pytest.raises(DubanError, match=f"DB221.*{named}"):
            run(tmp_path / "run", inputs, settings, resume=True)


def test_other_inputs_are_noticed(tmp_path: Path) -> None:
    inputs = [texts(tmp_path / "in", 3)]
    run(tmp_path / "run", inputs)
    texts(tmp_path / "in", 0, d001="各县区要落实。")
    assert code(run, tmp_path / "run", inputs, resume=True) == "DB222"
    texts(tmp_path / "in", 4)
    assert code(run, tmp_path / "run", inputs, resume=True) == "DB222"


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    texts(tmp_path / "in", 1)
    before = files(tmp_path / "in")
    assert code(run, tmp_path / "in", [tmp_path / "in" / "d000.txt"]) == "DB515"
    assert code(run, tmp_path / "in", [tmp_path / "in" / "d000.txt"], resume=True) == "DB515"
    assert files(tmp_path / "in") == before


def test_counts_that_do_not_reconcile(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "run", Settings()) as started:
        started.begin({})
        assert code(started.end, 1) == "DB434"


# one at a time


def test_two_runs_in_one_folder(tmp_path: Path) -> None:
    path = tmp_path / "run"
    with RunFolder(path, Settings()) as first:
        first.begin({})
        with RunFolder(path, Settings()) as second, pytest.raises(DubanError, match=rf"DB516.*{platform.node()}, {os.getpid()}\)"):
            second.begin({}, resume=True)
        assert (path / ".lock").exists()
    assert not (path / ".lock").exists()
    with RunFolder(path, Settings()) as third:
        third.begin({}, resume=True)


def test_a_folder_is_free_again_however_a_run_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = [texts(tmp_path / "in", 1)]
    monkeypatch.setattr(worker.Worker, "run", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(tmp_path / "run", inputs)
    monkeypatch.undo()
    assert run(tmp_path / "run", inputs, resume=True).records == 1
    assert not (tmp_path / "run" / ".lock").exists()


HOLDER = """
import sys, time
from pathlib import Path
from duban.batch.lock import Lock
lock = Lock(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("written", ["", "{", "[]"])
def test_a_lock_ends_with_its_process(written: str, tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(SOURCES)}
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path], stdout=subprocess.PIPE, env=env)
    try:
        assert holder.stdout and holder.stdout.readline() == b"held\n"
        if written:  # a file that says nothing keeps others out all the same
            (tmp_path / ".lock").write_text(written)
        with pytest.raises(DubanError, match=f"DB516.*{'[?]' if written else holder.pid}"):
            Lock(tmp_path)
    finally:
        holder.kill()
        holder.communicate()
    assert (tmp_path / ".lock").exists()
    Lock(tmp_path).release()
    assert not any(tmp_path.iterdir())


def test_a_lock_that_was_taken_away_is_taken_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened before its holder removed it, it would lock a file that nobody sees."""
    first, locked = Lock(tmp_path), lock._lock

    def late(file: Any) -> None:
        monkeypatch.setattr(lock, "_lock", locked)
        first.release()
        locked(file)

    monkeypatch.setattr(lock, "_lock", late)
    second = Lock(tmp_path)
    assert code(Lock, tmp_path) == "DB516"
    second.release()


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")

    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(fcntl, "flock", none)
    assert run(tmp_path / "run", [texts(tmp_path / "in", 1)]).records == 1


def test_a_run_that_cannot_be_written(tmp_path: Path) -> None:
    inputs = [texts(tmp_path / "in", 1)]
    assert code(run, tmp_path / "in" / "d000.txt", inputs) == "DB511"
    assert code(run, tmp_path / "in" / "d000.txt" / "run", inputs) == "DB511"


def test_a_name_in_another_encoding(tmp_path: Path) -> None:
    name = os.fsdecode("报告.txt".encode("gb18030"))
    try:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / name).write_text("各县区要落实。", encoding="utf-8")
    except OSError:
        pytest.skip("this file system has names in UTF-8 only")
    assert run(tmp_path / "run", [tmp_path / "in"]).records == 1
    (line,) = (tmp_path / "run" / "records" / "part-00000.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["id"] == name.removesuffix(".txt")


# the command


@pytest.mark.parametrize(("good", "bad", "expected"), [(2, 0, 0), (2, 1, 1), (0, 2, 3)])
@pytest.mark.parametrize("output", ["run", "one.jsonl", "-"])
def test_the_exit_status(good: int, bad: int, expected: int, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    texts(tmp_path / "in", good, **{f"bad{i}": "" for i in range(bad)})
    assert status("extract", "in", "-o", output) == expected


def test_a_run_in_the_folder_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(texts(tmp_path / "in", 2))
    assert status("extract", ".", "-o", "run") == 0
    assert status("extract", ".", "-o", "run/", "--resume") == 0
    assert capsys.readouterr().err.splitlines() == ["run: 2 documents, 2 records, 0 failed"] * 2


@pytest.mark.parametrize("args", [["--resume"], ["--resume", "-o", "a.jsonl"], ["--jobs", "-1"], ["--seconds", "0"], ["--max-chars", "0"], ["-o", "a.xlsx"]])
def test_wrong_usage(args: list[str], tmp_path: Path) -> None:
    assert status("extract", texts(tmp_path / "in", 1), *args) == 2


def test_lines_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    texts(tmp_path / "in", 2, e="")
    assert status("extract", tmp_path / "in", "-o", tmp_path / "a.jsonl") == 1
    told = [line for line in capsys.readouterr().err.splitlines() if "characters/s" in line]
    assert [line.split(",")[0] for line in told] == ["1 documents", "2 documents", "3 documents"]
    assert told[-1].endswith("1 failed, time left 0:00:00")


def test_a_bar_where_somebody_looks_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress.Progress(100) as shown:
        shown.add([batch.Result("a", "", 50, 7)])
    assert (shown.documents, shown.characters) == (1, 7)
    assert "1 documents" in shown.line()


def test_how_much_there_is_to_read(tmp_path: Path) -> None:
    texts(tmp_path / "in", 2)
    assert progress.total_size(readers.documents([tmp_path / "in"])) == 2 * len(TEXT.format(1, 1).encode())
    assert progress.total_size(readers.documents(["-"])) is None
    (tmp_path / "in" / "a.jsonl.gz").write_bytes(b"")
    assert progress.total_size(readers.documents([tmp_path / "in"])) is None


# in Python


def test_process_many(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    inputs = [texts(tmp_path / "in", 2, bad="")]
    failed: list[batch.Failure] = []
    found = list(duban.process_many(inputs, failed=failed.append, date="2026-01-05", place="临澄市"))
    assert [(record["id"], record["meta"]["date"], record["meta"]["place"]) for record in found] == [
        ("d000", "2026-01-05", "临澄市"), ("d001", "2026-01-05", "临澄市"),
    ]  # fmt: skip
    assert [(f.id, f.error.code) for f in failed] == [("bad", "DB103")]
    with caplog.at_level(logging.WARNING, "duban"):
        assert len(list(duban.process_many(inputs))) == 2
    assert "DB103" in caplog.text
