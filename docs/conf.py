"""How Sphinx builds the docs site: `make docs`, or `python -m sphinx -b html docs build/docs`. Needs the extra `docs`."""
from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

os.environ["DUBAN_LANG"] = "en"  # before duban is imported: the language of the help texts

import typer
from typer.testing import CliRunner

import duban
from duban.cli import commands

project = "duban 督办"
author = copyright = "The duban maintainers"
release = version = duban.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3
highlight_language = "none"
html_theme = "furo"
html_title = f"duban 督办 {release}"
html_copy_source = False
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"

#: Where the page of the commands wants their sections.
COMMANDS = "<!-- the commands -->"


def paths(command: Any, *words: str) -> Iterator[tuple[str, ...]]:
    """The commands below ``command``, as they are called: ("extract",), …, ("lexicon", "check")."""
    for name, below in command.commands.items():
        if hasattr(below, "commands"):
            yield from paths(below, *words, name)
        else:
            yield (*words, name)


def section(*words: str) -> str:
    """A command's own help, as Markdown."""
    help_ = CliRunner().invoke(commands, [*words, "--help"], prog_name="duban", env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"})
    return f"## duban {' '.join(words)}\n\n```text\n{help_.output.strip()}\n```\n"


def _commands(app: Any, name: str, source: list[str]) -> None:
    if COMMANDS in source[0]:
        source[0] = source[0].replace(COMMANDS, "\n".join(section(*words) for words in paths(typer.main.get_command(commands))))


def setup(app: Any) -> None:
    app.connect("source-read", _commands)
