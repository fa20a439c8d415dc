"""Clean rooms: an environment of its own for each Python of this machine, with no network and a home that cannot be written."""
from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT, run

#: Nothing of the caller's environment but what finds programs and a place for temporary files.
_LENT = ("PATH", "TMPDIR")
_MOUNTS = ("unshare", "--map-root-user", "--net", "--mount", "sh", "-c", 'mount -o bind,ro "$HOME" "$HOME" && exec "$@"', "sh")
#: For machines where nobody may make a network of their own: sockets reach nothing.
_CLOSED = """import socket
def closed(*args, **kwargs): raise OSError("no network")
socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = socket.getaddrinfo = closed
"""


def supported() -> list[str]:
    """The versions of Python that pyproject.toml names."""
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["classifiers"]
    return [found[1] for line in classifiers if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", line))]


def _named() -> Iterator[Path]:
    """What may be an interpreter: on the path, and where pyenv keeps them."""
    for folder in (*map(Path, os.get_exec_path()), *sorted(Path.home().glob(".pyenv/versions/*/bin"))):
        yield from sorted(folder.glob("python3.[0-9]*"))


@cache
def interpreters() -> dict[str, Path]:
    """Version -> an interpreter of this machine that runs and can make environments."""
    found = {f"3.{sys.version_info.minor}": Path(sys.executable)}
    for path in _named():
        version = path.name.removeprefix("python")
        if version in supported() and version not in found:
            told = subprocess.run([path, "-c", "import ensurepip, venv"], capture_output=True, check=False)
            if told.returncode == 0:
                found[version] = path
    return found


def fetch(python: Path | str, *args: object) -> None:
    """``pip ARGS`` with a network, where there is one and pip is not told to do without; else the test skips."""
    command = [str(python), "-m", "pip", *map(str, args), "--quiet", "--retries", "1", "--only-binary=:all:"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and (os.environ.get("PIP_NO_INDEX") or "connection" in done.stderr.lower()):
        pytest.skip("wheels are missing, and no index is asked: `make cleanroom` asks one")
    assert done.returncode == 0, done.stderr


class Room:
    """An empty environment of ``python`` below ``folder``; ``run`` runs its programs there."""

    def __init__(self, python: Path, folder: Path) -> None:
        self.folder, self.home, self.bin = folder, folder / "home", folder / "env" / "bin"
        folder.mkdir()
        self.home.mkdir() if may_unshare() else self.home.touch()  # below a file not even root can write
        run(python, "-m", "venv", folder / "env", cwd=folder, PYTHONPATH="")

    def run(self, program: str, *args: object) -> str:
        """What the program prints. No network, a home to read only, and none of the caller's settings."""
        env = {name: os.environ[name] for name in _LENT if name in os.environ} | {"HOME": str(self.home), "LC_ALL": "C.UTF-8"}
        command = [*(_MOUNTS if self.home.is_dir() else ()), str(self.bin / program), *map(str, args)]
        if not self.home.is_dir():
            (self.folder / "sitecustomize.py").write_text(_CLOSED, encoding="utf-8")
            env["PYTHONPATH"] = str(self.folder)
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@cache
def may_unshare() -> bool:
    """May we have a network and mounts of our own (Linux, and the system allows it)?"""
    with tempfile.TemporaryDirectory() as home:
        try:
            return subprocess.run([*_MOUNTS, "true"], env={**os.environ, "HOME": home}, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            return False
