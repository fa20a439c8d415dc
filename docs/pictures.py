"""Makes the pictures of the front pages from the corpus: the ledger as it is printed, the report page as it is seen.

    python docs/pictures.py        # writes docs/images/ledger.png, report.png

Needs what `make system` installs (LibreOffice, PDF tools, Chromium, a Chinese font) and the package's extra `dev`.
"""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

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


def report(folder: Path) -> None:
    """The report page with a task pointed at."""
    from playwright.sync_api import sync_playwright

    page = folder / "report.html"
    subprocess.run([sys.executable, "-m", "duban", "report", str(DOCUMENT), "-o", str(page)], check=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        tab.goto(page.as_uri())
        tab.wait_for_selector("html[data-ready]")
        tab.locator("#ledger-0 tbody tr a").nth(2).click()
        tab.screenshot(path=str(IMAGES / "report.png"))
        browser.close()


def main() -> None:
    os.environ["DUBAN_LANG"] = "zh"
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        ledger(Path(name))
        report(Path(name))


if __name__ == "__main__":
    main()
