"""``duban api``: the HTTP API for other systems."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from duban.cli.options import DEFAULT_PIPELINE, Lexicons, Pipeline, as_file, commands, usage
from duban.errors import DubanError
from duban.messages import message

_HOST, _PORT = "127.0.0.1", 8767
#: Workers by themselves: each takes memory, and a machine of many cores has other things to do.
_MOST = 4


@commands.command(help=message("cli.api"))
def api(
    host: Annotated[str, typer.Option(help=message("cli.opt.host"), metavar="ADDRESS")] = _HOST,
    port: Annotated[int, typer.Option(help=message("cli.opt.port"), min=0, max=65535)] = _PORT,
    workers: Annotated[int | None, typer.Option(help=message("cli.opt.workers"), min=1, metavar="N", show_default=False)] = None,
    token_file: Annotated[Path | None, typer.Option("--token-file", help=message("cli.opt.token_file"), metavar="FILE", dir_okay=False)] = None,
    max_mb: Annotated[float, typer.Option(help=message("cli.opt.max_mb"), min=0.001, metavar="N")] = 50,
    max_documents: Annotated[int, typer.Option(help=message("cli.opt.max_documents"), min=1, metavar="N")] = 100,
    max_requests: Annotated[int, typer.Option(help=message("cli.opt.max_requests"), min=1, metavar="N")] = 16,
    max_chars: Annotated[int, typer.Option(help=message("cli.opt.max_chars"), min=1, metavar="N")] = 1_000_000,
    seconds: Annotated[float, typer.Option(help=message("cli.opt.seconds"), min=0.001, metavar="N")] = 60,
    pipeline: Pipeline = DEFAULT_PIPELINE,
    lexicon: Lexicons = None,
) -> None:
    try:
        from duban.api.server import serve
        from duban.api.settings import MEGABYTE, Reading, Service, read_token
    except ModuleNotFoundError as error:
        raise DubanError("DB147", command="duban api", package=error.name) from error
    from duban.batch import cores

    reading = Reading(pipeline, tuple(map(as_file, lexicon or ())), max_chars=max_chars, seconds=seconds)
    limits = {"max_bytes": int(max_mb * MEGABYTE), "max_documents": max_documents, "max_requests": max_requests}
    try:
        serve(Service(reading, host, port, workers or min(cores(), _MOST), read_token(token_file), **limits), _tell)
    except DubanError as error:
        raise usage(error) if error.code == "DB202" else error from None


def _tell(service: object) -> None:
    from duban.api.settings import Service

    assert isinstance(service, Service)
    print(message("cli.api.serving", address=service.address), file=sys.stderr, flush=True)
    if service.is_open:
        print(message("cli.api.open"), file=sys.stderr, flush=True)
