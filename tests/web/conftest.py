"""A browser and a built front end, or the reason why there is none."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.report import examples, pages

from redescribe.report.front_end import built_front_end
from redescribe.report.write import report_of_run
from redescribe.serve.content import ServedRun
from redescribe.serve.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one that CHROMIUM names."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is missing")
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("no browser: install chromium, or set CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def front_end() -> None:
    """The built front end is what reports are made with."""
    if built_front_end() is None:
        pytest.skip("the front end is not built: make web")


def written(folder: Path, *, hostile: bool = False, hold_out: float = 0.3) -> Path:
    """A report with the built front end."""
    names = examples.HOSTILE if hostile else examples.PLAIN
    data = examples.dataset(names, hold_out=hold_out, missing=True)
    run = pages.stored(folder / "run", data, keep=True)
    path = folder / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        pages.use_front_end(patch, built_front_end())
        title = examples.HOSTILE[1] if hostile else "A run"
        assert report_of_run(run, path, title=title).interactive
    return path


@pytest.fixture(scope="session")
def report(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on ordinary names, with missing values."""
    return written(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="session")
def server(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the same run, served."""
    yield from served(tmp_path_factory.mktemp("served"), examples.PLAIN, "A run")


@pytest.fixture(scope="session")
def hostile_server(
    front_end: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a run whose names are markup, quotes, very long, right to left."""
    folder = tmp_path_factory.mktemp("hostile_served")
    yield from served(folder, examples.HOSTILE, examples.HOSTILE[1])


def served(folder: Path, names: tuple[str, ...], title: str) -> Iterator[str]:
    """The address of a run, as long as it is served."""
    run = pages.stored(folder / "run", examples.dataset(names, missing=True), keep=True)
    serving = Server(ServedRun.read(run, title=title))
    thread = threading.Thread(target=serving.run)
    thread.start()
    yield serving.url
    serving.stop()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def hostile_report(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report whose names are markup, quotes, very long, right to left."""
    return written(tmp_path_factory.mktemp("hostile"), hostile=True)


@pytest.fixture(scope="session")
def in_sample_report(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report without a hold-out."""
    return written(tmp_path_factory.mktemp("in_sample"), hold_out=0)


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker."""
    path = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        pytest.skip("axe-core is missing: make web")
    return path.read_text("utf-8")
