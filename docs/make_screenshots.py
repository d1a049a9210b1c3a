"""Writes docs/images/*.webp: the two pages of the demo's report that explain it best.

Run it from the root of the repository after `make demo`: python -m docs.make_screenshots
[RUN]. It needs Playwright and a Chromium, or the one that CHROMIUM names.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from redescribe.store.run import RunFolder

FOLDER = Path(__file__).parent / "images"
RUN = Path("redescribe-demo")
SIZE = {"width": 1280, "height": 900}


def _finding(run: Path) -> str:
    """The first that says of a neuron what was measured, by two literals or more."""
    for finding in RunFolder.open(run).read_assessed():
        rule = finding.redescription.query("attributes")
        if rule is not None and len(rule) > 1:
            return finding.id
    em = f"No finding of '{run}' has a rule of two literals over the attributes."
    raise SystemExit(em)


def _kept(page: Page, name: str) -> None:
    page.wait_for_selector("main h2")
    page.wait_for_timeout(800)  # charts draw themselves in
    picture = Image.open(io.BytesIO(page.screenshot()))
    FOLDER.mkdir(exist_ok=True)
    picture.save(FOLDER / f"{name}.webp", quality=80, method=6)


def main(run: Path) -> None:
    """Take the pictures."""
    address = (run / "report.html").resolve().as_uri()
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(address)
        _kept(page, "overview")
        page.goto(f"{address}#/r/{_finding(run)}")
        _kept(page, "finding")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else RUN)
