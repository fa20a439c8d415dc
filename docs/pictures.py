"""Makes the pictures of the front pages from the corpus: the ledger as it is printed, the report page as it is seen, what a notebook shows.

    python docs/pictures.py        # writes docs/images/ledger.png, report.png, notebook.png

Needs what `make system` installs (LibreOffice, PDF tools, Chromium, a Chinese font) and the package's extra `dev`.
"""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
DOCUMENT = ROOT / "corpus" / "documents" / "dispatch-meeting.txt"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


def ledger(folder: Path) -> None:
    """The first page of the ledger, as LibreOffice prints it."""
    subprocess.run([sys.executable, "-m", "duban", "ledger", str(DOCUMENT), "-o", str(folder / "ledger.xlsx")], check=True)
    office = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*office, str(folder / "ledger.xlsx")], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["pdftoppm", "-png", "-r", "110", "-f", "1", "-singlefile", str(folder / "ledger.pdf"), str(IMAGES / "ledger")], check=True)


@contextmanager
def opened(page: Path, width: int, height: int) -> Iterator[Any]:
    """A page in Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        tab = browser.new_page(viewport={"width": width, "height": height})
        tab.goto(page.as_uri())
        yield tab
        browser.close()


def report(folder: Path) -> None:
    """The report page with a task pointed at."""
    page = folder / "report.html"
    subprocess.run([sys.executable, "-m", "duban", "report", str(DOCUMENT), "-o", str(page)], check=True)
    with opened(page, 1440, 900) as tab:
        tab.wait_for_selector("html[data-ready]")
        tab.locator("#ledger-0 tbody tr a").nth(2).click()
        tab.screenshot(path=str(IMAGES / "report.png"))


def notebook(folder: Path) -> None:
    """A section as ``duban.show`` displays it, and the tasks as a table."""
    import duban

    doc = duban.process(DOCUMENT.read_text(encoding="utf-8"), name=DOCUMENT.stem)
    pieces = duban.show(doc, part="二/（一）").html + doc._.duban.tasks[:4]._repr_html_()
    page = folder / "notebook.html"
    page.write_text(f'<!DOCTYPE html><meta charset="utf-8"><body data-theme="light">{pieces}', encoding="utf-8")
    with opened(page, 1100, 600) as tab:
        tab.screenshot(path=str(IMAGES / "notebook.png"), full_page=True)


def main() -> None:
    os.environ["DUBAN_LANG"] = "zh"
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        ledger(Path(name))
        report(Path(name))
        notebook(Path(name))


if __name__ == "__main__":
    main()
