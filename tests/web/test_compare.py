"""Two runs beside each other: the page says what `redescribe diff` says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.report import examples, pages
from tests.web.tab import tab
from tests.web.test_accessibility import RUN

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.relations.run_comparison import compare_folders
from redescribe.report.front_end import built_front_end
from redescribe.report.write import report_of_run

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from redescribe.store.run import RunFolder

pytestmark = pytest.mark.web


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunFolder, RunFolder]:
    """An earlier run with hostile names and another split, and the later one."""
    folder = tmp_path_factory.mktemp("compare")
    data = examples.dataset(examples.HOSTILE)
    other = Dataset.of(data.views, SplitParams(hold_out=0.3, seed=8))
    found = examples.assessed(other)
    earlier = replace(found, findings=found.findings[3:-1])
    return pages.stored(folder / "<b>other", other, earlier), pages.stored(
        folder / "run", data
    )


@pytest.fixture(scope="module")
def compared(front_end: None, folders: tuple[RunFolder, RunFolder]) -> Path:
    other, run = folders
    path = run.path / "r.html"
    with pytest.MonkeyPatch.context() as patch:
        pages.use_front_end(patch, built_front_end())
        report_of_run(run, path, other=other)
    return path


def test_the_page_says_what_the_library_says(
    browser: Browser, compared: Path, folders: tuple[RunFolder, RunFolder]
) -> None:
    counts = compare_folders(*folders).counts
    assert counts["kept"] > 5
    assert counts["added"] == 4
    with tab(browser, compared, viewport={"width": 390, "height": 800}) as opened:
        page = opened.open("c")
        tiles = [text.split("\n")[:2] for text in page.locator(".tile").all_inner_texts()]
        assert {name: int(n) for n, name in tiles} == counts
        assert "From <b>other to run" in page.inner_text("h2").replace("\xa0", " ")
        assert "The splits differ" in page.inner_text("aside.warning")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.locator("text=⇄ swap").press("Enter")
        opened.wait("location.hash.includes('swap=1')")
        assert page.locator(".tile").nth(3).inner_text().startswith("4\nlost")
        page.select_option("main select", "lost")
        rows = page.locator("section[aria-labelledby=changes-heading] tbody tr")
        opened.wait("document.querySelectorAll('tbody tr').length >= 4")
        assert rows.count() == 4
        button = page.locator("figure figcaption button")
        button.press("Enter")
        assert page.locator("figure tbody tr").count() == counts["kept"]


def test_other_reports_have_no_such_page(browser: Browser, report: Path) -> None:
    with tab(browser, report) as opened:
        page = opened.open("c")
        assert "Not in this run" in page.inner_text("main")
        assert page.locator("nav >> text=Compare runs").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious(browser: Browser, compared: Path, axe: str, theme: str) -> None:
    options = {"color_scheme": theme, "bypass_csp": True, "reduced_motion": "reduce"}
    with tab(browser, compared, **options) as opened:
        page = opened.open("c")
        page.evaluate(axe)
        assert page.evaluate(RUN) == []
