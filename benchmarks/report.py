"""The interactive report of a large run: its size, and how fast a browser opens it."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from benchmarks.report_run import N_ENTITIES, N_FINDINGS, large_run
from redescribe.report.front_end import built_front_end
from redescribe.report.write import report_of_run
from redescribe.serve.content import ServedRun
from redescribe.serve.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from redescribe.store.run import RunFolder

BUDGETS = (15_000_000, 25_000_000)
N_TRIES = 3
DURATIONS = "performance.getEntriesByName('overlaps').map(entry => entry.duration)"


class Opened(TypedDict):
    """The best of some tries in a browser: seconds, and ms for all overlaps."""

    overview: float
    findings: float
    overlaps: float


class Measured(TypedDict):
    """A file, or a server: size in bytes, seconds to make it, what it lacks."""

    what: str
    size: int
    made: float
    cuts: list[str]
    opened: Opened


def report() -> None:
    """Print sizes and times of files with two budgets, and of the server."""
    print(f"\nReport of {N_FINDINGS:,} findings on {N_ENTITIES:,} entities")
    if built_front_end() is None:
        print("  left out: the front end is not built (make web)")
        return
    if _chromium() is None:
        print("  left out: no browser; install chromium, or set CHROMIUM")
        return
    for found in measure():
        opened = found["opened"]
        size = f"{found['size'] / 1e6:.1f} MB"
        print(f"  {found['what']}: {size}, made in {found['made']:.1f} s")
        for cut in found["cuts"]:
            print(f"    {cut}")
        print(
            f"    overview opens in {opened['overview']:.1f} s, findings in "
            f"{opened['findings']:.1f} s; all overlaps in {opened['overlaps']:.0f} ms"
        )


def measure() -> list[Measured]:
    """Make and open the report of one run, as files and served."""
    with tempfile.TemporaryDirectory() as folder, _browser() as browser:
        run = large_run(Path(folder, "run"))
        files = [_file(run, Path(folder, "r.html"), b, browser) for b in BUDGETS]
        return [*files, _served(run, browser)]


def _file(run: RunFolder, path: Path, budget: int, browser: Browser) -> Measured:
    started = time.perf_counter()
    written = report_of_run(run, path, budget=budget)
    return {
        "what": f"file of {budget / 1e6:.0f} MB at most",
        "size": written.size,
        "made": time.perf_counter() - started,
        "cuts": [f"{c['what']}: {c['shown']:,} of {c['total']:,}" for c in written.cuts],
        "opened": _open(browser, path.as_uri()),
    }


def _served(run: RunFolder, browser: Browser) -> Measured:
    started = time.perf_counter()
    served = ServedRun.read(run)
    server = Server(served)
    made = time.perf_counter() - started
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        opened = _open(browser, server.url)
    finally:
        server.stop()
        thread.join()
    return {
        "what": "redescribe serve",
        "size": sum(len(block.content()) for block in served.blocks.values()),
        "made": made,
        "cuts": [],
        "opened": opened,
    }


def _open(browser: Browser, url: str) -> Opened:
    tries = [_open_once(browser, url) for _ in range(N_TRIES)]
    return {
        "overview": min(one["overview"] for one in tries),
        "findings": min(one["findings"] for one in tries),
        "overlaps": min(one["overlaps"] for one in tries),
    }


def _open_once(browser: Browser, url: str) -> Opened:
    context = browser.new_context()
    page = context.new_page()
    seconds = {}
    for place in ("", "r"):
        page.goto("about:blank")
        started = time.perf_counter()
        page.goto(f"{url}#/{place}")
        page.wait_for_selector("main h2")
        seconds[place] = time.perf_counter() - started
    page.goto("about:blank")
    page.goto(f"{url}#/r?s=R1%3Aboth")
    durations: list[float] = []
    while not durations:
        page.wait_for_timeout(100)
        durations = page.evaluate(DURATIONS)
    context.close()
    return {"overview": seconds[""], "findings": seconds["r"], "overlaps": durations[0]}


def _chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


@contextmanager
def _browser() -> Iterator[Browser]:
    # It comes with the extra `test`.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_chromium(), args=["--no-sandbox"]
        )
        yield browser
        browser.close()
