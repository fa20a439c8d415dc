"""What several tests need: the pipelines, the corpus, and the outside things that may be missing."""
from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import duban

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
DOCUMENTS = sorted((CORPUS / "documents").glob("*.txt"))
#: Real documents and their gold, where they stand beside the checkout.
SHARED = ROOT.parent / "shared"


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
