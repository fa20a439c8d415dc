"""What several tests need: the pipelines, the corpus, and the outside things that may be missing."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import duban

#: Property tests try 300 examples; ``--hypothesis-profile laws`` (``make laws``) tries 20,000, and longer texts in test_bounds.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]}
settings.register_profile("ci", max_examples=300, derandomize=True, **_COMMON)
settings.register_profile("laws", max_examples=20_000, **_COMMON)
settings.load_profile("ci")

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
DOCUMENTS = sorted((CORPUS / "documents").glob("*.txt"))
#: Real documents and their gold, where they stand beside the checkout.
SHARED = ROOT.parent / "shared"
#: What the project needs of a checkout to build its packages.
PROJECT = ("pipeline", "configs", "corpus", "project.yml", "pyproject.toml", "README.md", "LICENSE")


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


@pytest.fixture(scope="session")
def char_nlp():
    return duban.load("zh_duban_char")


@pytest.fixture(scope="session")
def words_nlp():
    return duban.load("zh_duban")


@pytest.fixture(scope="session")
def corpus():
    return {path.stem: read(path) for path in DOCUMENTS}


def need_shared() -> Path:
    """The folder of real documents; skips where it is absent."""
    if not (SHARED / "gold").is_dir():
        pytest.skip("no ../shared: real documents are not part of the product")
    return SHARED


def need_tool(name: str) -> str:
    """The path of a program that `make system` installs; skips where it is absent, fails where it was installed."""
    path = shutil.which(name)
    if path is None:
        if os.environ.get("DUBAN_SYSTEM"):
            pytest.fail(f"{name} is missing although `make system` ran")
        pytest.skip(f"no {name}: `make system` installs it")
    return path


def run(*args: object, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """The finished command; an assertion shows what it printed where it failed."""
    done = subprocess.run([str(a) for a in args], cwd=cwd, capture_output=True, text=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **env})
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A copy of the project in which `all` has run, but for the installation into this environment."""
    root = tmp_path_factory.mktemp("project") / "a copy"
    root.mkdir()
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(source, root / name)
    text = (root / "project.yml").read_text(encoding="utf-8")
    assert "wheels, install, read" in text
    (root / "project.yml").write_text(text.replace("wheels, install, read", "wheels, read"), encoding="utf-8")
    first = run(sys.executable, "-m", "spacy", "project", "run", "all", ".", "--vars.pipeline", "build/zh_duban", cwd=root)
    return root, first
