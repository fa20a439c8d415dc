"""What the pages show is what happens: their Python and their ``duban`` lines run, page by page, and print what stands below.

The blocks of a page share one folder, with what the lines name (FOLDER, speech.txt, mine.jsonl …) in it, and one namespace.
A block that needs more than this machine says so in the line above it: ``<!-- not run: needs a cluster -->``.
"""
from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import spacy
import typer
from typer.testing import CliRunner

import duban

ROOT = Path(__file__).resolve().parents[1]
FRONT = ("README.md", "README.zh-CN.md")
PAGES = (*FRONT, *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")))
FENCE = re.compile(r"(?P<mark><!-- not run: [^>]+-->\n+)?^```(?P<language>\S*)\n(?P<code>.*?)^```$", re.M | re.S)
#: What stands for something of the reader's, and what does for it here.
STAND_INS = {
    "GOLD...": ["corpus/gold/dispatch-meeting.gold.json"], "DIR": ["corpus/documents"],
    "PLAN...": ["corpus/track/plan.txt"], "PROGRESS...": ["corpus/track/progress-1.txt"],
    "计划...": ["corpus/track/plan.txt"], "进展...": ["corpus/track/progress-1.txt"],
    "OLD": ["corpus/versions/first.txt"], "NEW": ["corpus/versions/second.txt"],
    "旧稿": ["corpus/versions/first.txt"], "新稿": ["corpus/versions/second.txt"],
}  # fmt: skip
#: What a ``duban`` line begins with, in a block of lines.
CALL = re.compile(r"^duban [a-z]", re.M)
LEXICON = re.compile(r"```\n(\{\"label\".*?)```", re.S)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def steps(name: str) -> Iterator[tuple[str, str, str | None]]:
    """The blocks of a page that are to run: language, code, and the output shown below, if any."""
    text = page(name)
    fences = list(FENCE.finditer(text))
    for fence, below in zip(fences, [*fences[1:], None], strict=False):
        if fence["mark"] or not (fence["language"] == "python" or (not fence["language"] and CALL.search(fence["code"]))):
            continue
        shown = below and not below["language"] and not CALL.search(below["code"]) and not text[fence.end() : below.start()].strip()
        yield fence["language"], fence["code"], below["code"] if below and shown else None


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the pages suppose it: documents, a lexicon, an export of Label Studio, the corpus."""
    from duban.annotate import label_studio, of_record

    speech = page("corpus/documents/dispatch-meeting.txt")
    for folder in ("FOLDER", "文件夹"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "dispatch-meeting.txt").write_text(speech, encoding="utf-8")
    for name in ("speech.txt", "讲话.txt"):
        (tmp_path / name).write_text(speech, encoding="utf-8")
    (tmp_path / "mine.jsonl").write_text(LEXICON.search(page("README.md"))[1], encoding="utf-8")
    task = label_studio.to_task(of_record(duban.to_record(duban.process("市统计局负责，粮食产量19万吨。", name="a"))))
    annotated = {"data": task["data"], "annotations": [{"was_cancelled": False, "result": task["predictions"][0]["result"]}]}
    (tmp_path / "export.json").write_text(json.dumps([annotated]), encoding="utf-8")
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUBAN_LANG", "en")
    # the packages need not be installed for the example to be checked: the library makes the same pipeline, once
    load = cache(lambda name="zh_duban_char", lexicons=(): real(name, lexicons=lexicons))
    real = duban.load
    monkeypatch.setattr(duban, "load", lambda name="zh_duban_char", *, lexicons=(): load(name, tuple(map(str, lexicons))))
    monkeypatch.setattr(spacy, "load", duban.load)
    return tmp_path


def call(line: str) -> str:
    """What a ``duban`` line prints."""
    from duban.cli import commands

    words = [part for word in shlex.split(line, comments=True)[1:] for part in STAND_INS.get(word, [word])]
    done = CliRunner().invoke(commands, words)
    assert done.exit_code == 0, f"{line}\n{done.output}\n{done.exception!r}"
    return done.stdout


def run(code: str, names: dict[str, Any]) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "page", "exec"), names)
    return printed.getvalue()


def flat(output: str) -> list[list[str]]:
    """The words of each line: how wide a table is drawn depends on the terminal."""
    return [line.split() for line in output.strip().splitlines()]


@pytest.mark.parametrize("name", [name for name in PAGES if any(steps(name))])
def test_what_a_page_shows_happens(name: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "duban serve" in page(name):
        server = pytest.importorskip("duban.web.server")
        monkeypatch.setattr(server, "serve", lambda *_: None)
    if "duban api" in page(name):
        monkeypatch.setattr(pytest.importorskip("duban.api.server"), "serve", lambda *_: None)
    names: dict[str, Any] = {}
    for language, code, shown in steps(name):
        if language == "python":
            output = run(code, names)
        else:
            output = "".join(call(line) for line in code.splitlines() if line.startswith("duban "))
        if shown is not None:
            assert flat(output) == flat(shown), output


@pytest.mark.parametrize("name", FRONT)
def test_the_front_pages_have_both(name: str) -> None:
    assert {language for language, _, _ in steps(name)} == {"python", ""}


@pytest.mark.parametrize("name", PAGES)
def test_a_line_that_is_shown_is_run(name: str) -> None:
    """In a block of another language a ``duban`` line would escape the runner."""
    assert not [fence["code"] for fence in FENCE.finditer(page(name)) if fence["language"] and CALL.search(fence["code"])]


def unknown(call: str) -> list[str]:
    """The words of a ``duban`` call that no command or option is named."""
    from duban.cli import commands

    known: Any = typer.main.get_command(commands)
    _, *words = call.split("#")[0].split()
    while words and words[0] in getattr(known, "commands", ()):
        known = known.commands[words.pop(0)]
    if hasattr(known, "commands"):
        return words[:1] if words and words[0].isalpha() and words[0].islower() else []
    options = {"-h", "--help", "--debug", "-"} | {name for param in known.params for name in (*param.opts, *param.secondary_opts)}
    return [word for word in words if word.startswith("-") and word not in options]


def test_what_is_unknown_is_seen() -> None:
    assert unknown("duban ledgers a") == ["ledgers"] and unknown("duban lexicon test") == ["test"]
    assert unknown("duban ledger FOLDER -o a.xlsx --asof 2026-06-20 - # --nothing") == ["--asof"]


@pytest.mark.parametrize("name", [*PAGES, "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "corpus/README.md", "benchmarks/README.md"])
def test_commands_and_options_exist(name: str) -> None:
    """In the lines of blocks, those of a cluster too, and in the text."""
    called = re.findall(r"(?:^|`|-- )(duban [a-z][^`\n]*)", page(name), re.M)
    assert {call: words for call in called if (words := unknown(call))} == {}
    if name in FRONT:
        assert {call.split()[1] for call in called} >= {"extract", "ledger", "explain", "outline", "evaluate", "lexicon"}


def test_the_lexicon_example_is_valid() -> None:
    example = LEXICON.search(page("README.md"))
    assert len(duban.load().get_pipe("duban_entities").lexicon.of(json.loads(line) for line in example[1].splitlines())) == 2


def test_the_data_model_is_the_field_table() -> None:
    from duban import records

    assert records.reference() in page("docs/data-model.md")


def test_the_rules_tell_why_a_number_is_refused() -> None:
    from duban.numerals.refusal import REASONS

    assert [reason for reason in REASONS if f"`{reason}`" not in page("docs/rules/numbers.md")] == []


def test_the_reference_names_what_the_library_exports() -> None:
    reference = page("docs/reference/python.md")
    assert [name for name in duban.__all__ if f":: duban.{name}\n" not in reference] == []


# -- the site


class Resources(HTMLParser):
    """The addresses a page loads without being asked: not those of its links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [given[key] or "" for key in ("src", "srcset", "poster", "data") if key in given]
        if tag == "link" and given.get("rel") not in ("canonical", "author"):
            self.found.append(given.get("href") or "")
        self.found += re.findall(r"url\(([^)]*)\)", given.get("style") or "")


OUTSIDE = re.compile(r"\s*['\"]?(?:https?:)?//")


def outside(html: str) -> list[str]:
    parser = Resources()
    parser.feed(html)
    return [address for address in parser.found if OUTSIDE.match(address)]


def test_what_is_loaded_from_outside_is_seen() -> None:
    assert outside('<script src="https://cdn.example/a.js"></script><link rel="stylesheet" href="//b.example/c.css"><a href="https://d.example">') == [
        "https://cdn.example/a.js", "//b.example/c.css",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for module in ("sphinx", "myst_parser", "furo"):
        pytest.importorskip(module)
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "-q", "-b", "html", "docs", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_site_needs_no_network(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert {f"{Path(name).relative_to('docs').with_suffix('')}.html" for name in PAGES if name.startswith("docs")} <= {
        str(path.relative_to(site)) for path in pages
    }
    assert {str(path.relative_to(site)): found for path in pages if (found := outside(path.read_text(encoding="utf-8")))} == {}
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", sheet.read_text(encoding="utf-8")), sheet


def test_the_site_describes_every_command(site: Path) -> None:
    reference = (site / "reference" / "commands.html").read_text(encoding="utf-8")
    assert reference.count("Usage: duban ") >= 14
    assert "Usage: duban lexicon check" in reference and "--as-of" in reference


# -- a machine without a network


def dry(*words: str) -> subprocess.CompletedProcess[str]:
    if not shutil.which("make"):
        pytest.skip("needs make")
    return subprocess.run(["make", "--dry-run", "wheelhouse", *words], cwd=ROOT, capture_output=True, text=True)


def test_wheels_for_another_machine() -> None:
    done = dry("PLATFORM=manylinux2014_aarch64 manylinux_2_28_aarch64", "PYTHON=3.12")
    assert done.returncode == 0, done.stderr
    for word in ("--only-binary=:all:", "--platform manylinux2014_aarch64", "--platform manylinux_2_28_aarch64", "--python-version 3.12", "[io,web]"):
        assert word in done.stdout
    assert "3.12 -m venv" not in done.stdout and "colorama" not in done.stdout
    assert "colorama" in dry("PLATFORM=win_amd64", "PYTHON=3.12").stdout


@pytest.mark.parametrize("words", [(), ("PLATFORM=win_amd64",), ("PYTHON=3.12",)])
def test_wheels_for_no_machine(words: tuple[str, ...]) -> None:
    done = dry(*words)
    assert done.returncode != 0 and "PLATFORM=" in done.stderr
