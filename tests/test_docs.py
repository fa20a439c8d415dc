"""What the front pages show is what happens: Python blocks run and print what stands below them, commands exist."""
from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest
import spacy

import duban

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "README.zh-CN.md")
BLOCK = re.compile(r"```python\n((?:(?!```).)*)```\s*\n+```\n(.*?)```", re.S)
COMMAND = re.compile(r"^duban ([a-z]+)", re.M)


def blocks() -> list:
    found = ((page, BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))) for page in PAGES)
    return [pytest.param(code, output, id=f"{page}-{i}") for page, pairs in found for i, (code, output) in enumerate(pairs)]


@pytest.mark.parametrize(("code", "output"), blocks())
def test_python_blocks(code, output, monkeypatch):
    # the packages need not be installed for the example to be checked: the library makes the same pipeline
    monkeypatch.setattr(spacy, "load", duban.load)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README", "exec"), {})
    assert printed.getvalue().strip() == output.strip()


def test_every_page_has_blocks():
    assert {p.id.rsplit("-", 1)[0] for p in blocks()} == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_commands_exist(page):
    from typer.testing import CliRunner

    from duban.cli import commands

    text = CliRunner().invoke(commands, ["--help"]).output
    named = set(COMMAND.findall((ROOT / page).read_text(encoding="utf-8")))
    assert named >= {"extract", "ledger", "explain", "outline", "evaluate", "lexicon"}
    assert all(re.search(rf"^\W*{name}\b", text, re.M) for name in named), named


def test_the_lexicon_example_is_valid():
    example = re.search(r"```\n(\{\"label\".*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    import json

    assert len(duban.load().get_pipe("duban_entities").lexicon.of(json.loads(line) for line in example.group(1).splitlines())) == 2


def test_the_data_model_is_the_field_table():
    from duban import records

    assert records.reference() in (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
