"""A browser for tests of pages: Debian's chromium, without a network of its own."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import need_tool

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@contextmanager
def chromium() -> Iterator[Any]:
    """A running browser; skips where chromium or playwright is absent."""
    path = need_tool("chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def opened(browser: Any, address: str, **settings: Any) -> Iterator[Any]:
    """A page that is ready; it fails the test when its script fails, when its policy refuses something or when it asks for another host."""
    context = browser.new_context(**{"viewport": DESKTOP, **settings})
    page = context.new_page()
    problems: list[str] = []
    own = address.split("/")[2]
    page.on("pageerror", lambda error: problems.append(str(error)))
    # that a correction was refused is told to the person, and by the browser too
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" and "status of 422" not in said.text else None)
    page.on("request", lambda asked: problems.append(asked.url) if asked.url.split("/")[2] not in (own, "") else None)
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    yield page
    context.close()
    assert problems == []


def faults(page: Any) -> list[str]:
    """The serious faults that axe finds, a line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{fault['id']}: {node['html'][:160]} {node['failureSummary']}" for fault in found if fault["impact"] in ("serious", "critical")
            for node in fault["nodes"][:3]]  # fmt: skip
