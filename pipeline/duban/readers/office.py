"""Old Word files (.doc): LibreOffice, where it is installed, turns them into .docx, which is then read.

It runs without a window, under a profile of its own that is thrown away afterwards, with macros and links to elsewhere
switched off, and is stopped with everything it started when its time is up.
"""
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from duban.errors import DubanError
from duban.messages import message
from duban.readers import word
from duban.readers.source import Content, Limits

#: The names of the program.
PROGRAMS = ("soffice", "libreoffice")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""


def read(raw: bytes, path: str, limits: Limits) -> Content:
    """The text of an old Word file. Raises DubanError DB126 (no LibreOffice), DB127 (it failed), and what ``word.read`` raises."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise DubanError("DB126", path=path)
    with tempfile.TemporaryDirectory(prefix="duban-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "in.doc").write_bytes(raw)
        settings = folder / "profile" / "user"
        settings.mkdir(parents=True)
        (settings / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        said = _run([
            program, "--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to", "docx", "--outdir", name, str(folder / "in.doc"),
        ], path, limits.convert_seconds)  # fmt: skip
        converted = folder / "in.docx"
        if not converted.is_file():
            raise DubanError("DB127", path=path, reason=said)
        if converted.stat().st_size > limits.file_bytes:
            raise DubanError("DB127", path=path, reason=message("reason.file_bytes", limit=limits.file_bytes))
        new = converted.read_bytes()
    return word.read(new, path, limits)


def _run(command: list[str], path: str, seconds: float) -> str:
    """Run a program and say what it said last. Raises DubanError DB127 when it takes too long or cannot be started."""
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    except OSError as error:
        raise DubanError("DB127", path=path, reason=error.strerror) from error
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise DubanError("DB127", path=path, reason=message("reason.seconds", limit=seconds)) from None
    finally:
        if process.poll() is None:
            _stop(process)
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else str(process.returncode)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and those it started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.communicate()
