"""The recipes in deploy/: what they say is there, and holds no more rights than the API needs."""
from __future__ import annotations

import json
import re
import shlex
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, need_tool, read
from test_docs import unknown

from duban.api.server import GRACE
from duban.api.settings import PORT, Reading

DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "duban-api.service"
#: Of ten; below two systemd calls a service well confined.
EXPOSURE = 1.2


def stages() -> list[list[tuple[str, str]]]:
    """The instructions of the Containerfile, by the stage."""
    text = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", read(DEPLOY / "Containerfile"), flags=re.M))
    found: list[list[tuple[str, str]]] = [[]]
    for line in filter(str.strip, text.splitlines()):
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append((word, " ".join(rest.split())))
    return found


def test_the_container_is_built_from_wheels_alone() -> None:
    known = {"ARG", "FROM", "COPY", "RUN", "LABEL", "ENV", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT"}
    head, build, image = stages()
    assert {word for stage in stages() for word, _ in stage} <= known  # no ADD: it fetches
    assert head == [("ARG", "BASE=docker.io/library/python:3.12-slim-bookworm")] and build[0][1].split()[0] == image[0][1] == "${BASE}"
    run = dict(build)["RUN"]
    assert "--no-index --find-links /wheels" in run and not re.search(r"https?:|apt|curl|wget", run)
    assert not [rest for word, rest in image if word == "RUN"] and dict(image)["COPY"] == "--from=build /opt/duban /opt/duban"


def test_the_container_runs_as_nobody_and_can_be_asked() -> None:
    image = dict(stages()[-1])
    user = image["USER"].partition(":")[0]
    assert user.isdecimal() and int(user) > 0
    command = json.loads(image["ENTRYPOINT"])
    assert unknown(" ".join(["duban", *command[1:]])) == [] and command[1] == "api"
    assert image["EXPOSE"] == str(PORT) and image["STOPSIGNAL"] == "SIGTERM"
    check = json.loads(image["HEALTHCHECK"].partition("CMD ")[2])
    assert command[0].startswith("/opt/duban/bin/") and check[:2] == ["/opt/duban/bin/python", "-c"] and f":{PORT}/v1/health" in check[2]
    compile(check[2], "healthcheck", "exec")


def service() -> dict[str, Any]:
    parser = RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(read(UNIT))
    return dict(parser["Service"])


def test_the_unit_starts_what_there_is() -> None:
    known = service()
    program, *words = shlex.split(known["ExecStart"])
    assert Path(program).name == "duban" and unknown(" ".join(["duban", *words])) == []
    assert known["SocketBindAllow"] == f"tcp:{PORT}"
    # what is under way is answered before systemd loses its patience; workers end with their parent
    assert int(known["TimeoutStopSec"]) > 2 * Reading().seconds + GRACE and known["KillMode"] == "mixed"
    example = re.search(r"ExecStart=(/opt/duban/bin/duban api --token-file .*)", read(UNIT))
    assert example and unknown(f"duban {example[1].partition(' ')[2]}") == []


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = need_tool("systemd-analyze")
    copy = tmp_path / UNIT.name
    copy.write_text(read(UNIT).replace("/opt/duban/bin/duban", "/bin/true"), encoding="utf-8")
    done = subprocess.run([analyze, "verify", str(copy)], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    scored = subprocess.run([analyze, "security", "--offline=true", f"--threshold={10 * EXPOSURE:.0f}", str(copy)], capture_output=True, text=True)
    if "unrecognized option" in scored.stderr:
        pytest.skip("an older systemd: it scores no file")
    assert scored.returncode == 0, scored.stdout
