"""``duban lexicon``: lexicons of one's own."""
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from duban.cli.options import STYLE, as_file, commands
from duban.cli.run import Run
from duban.errors import DubanError
from duban.messages import message

lexicon_commands = typer.Typer(help=message("cli.lexicon"), **STYLE)
commands.add_typer(lexicon_commands, name="lexicon")


@lexicon_commands.command("check", help=message("cli.lexicon.check"))
def lexicon_check(files: Annotated[list[Path], typer.Argument(metavar="FILE", help=message("cli.arg.lexicons"), show_default=False)]) -> None:
    from collections import Counter

    from duban import lexicon

    run = Run()
    good = []
    for path in files:
        try:
            entries = lexicon.check([as_file(path)])
        except DubanError as error:
            run.report(error, path)
            continue
        good.append(path)
        labels = ", ".join(f"{label} {count}" for label, count in Counter(entry.label for entry in entries).items())
        typer.echo(message("cli.lexicon.entries", path=path, count=len(entries), labels=labels))
    mine = {as_file(path) for path in good}
    loaded = lexicon.check([*lexicon.packaged_names(), *map(as_file, good)])
    for old, new in loaded.shadowed:
        if new.file in mine:
            typer.echo(message("cli.lexicon.shadows", path=new.file, line=new.line, other=old.file, first=old.line, label=new.label, pattern=new.pattern))
    run.end()


@lexicon_commands.callback()
def _lexicon() -> None:
    pass
