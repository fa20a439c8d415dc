"""What several tests need: the pipelines, the corpus, and the outside things that may be missing."""
from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import duban

#: Property tests try 300 examples; ``--hypothesis-profile laws`` (``make laws``) tries 20,000.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]}
settings.register_profile("ci", max_examples=300, derandomize=True, **_COMMON)
settings.register_profile("laws", max_examples=20_000, **_COMMON)
settings.load_profile("ci")

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
