"""The page of learned attributes, in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.report import learned_examples, pages
from tests.web.tab import of, tab
from tests.web.test_accessibility import RUN

from redescribe.report.front_end import built_front_end
from redescribe.report.learned import keep_trained
from redescribe.report.write import report_of_run

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.web


@pytest.fixture(scope="module")
def learned(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with a dictionary whose training is known."""
    folder = tmp_path_factory.mktemp("learned")
    data = learned_examples.dataset()
    run = pages.stored(folder / "run", data, learned_examples.assessed(data))
    keep_trained(run.path, data, {"": learned_examples.trained(folder / "flint")})
    path = folder / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        pages.use_front_end(patch, built_front_end())
        assert report_of_run(run, path, title="A run").interactive
    return path


def test_it_says_what_was_learned(browser: Browser, learned: Path) -> None:
    with tab(browser, learned) as opened:
        page = opened.open("f")
        text = page.inner_text("main")
        assert "98 %" in text
        assert "Dead, never above 0.001: attribute 4." in text
        assert page.locator("nav [aria-current=page]").inner_text() == "Learned attributes"
        assert page.locator("#detectors ~ section td").all_inner_texts()[:2] == [
            *("Attribute 2", "dog")
        ]
        # Every chart has a twin of text, which a key opens.
        buttons = page.locator("figure.chart figcaption button")
        assert buttons.count() == 4
        for i in range(4):
            buttons.nth(i).press("Enter")
        cells = page.locator("figure.chart table.plain").all_inner_texts()
        assert "2\tdog\t1" in cells[0]
        assert "measured attributes\t1" in cells[1]
        assert "2\t1.20\t5 %" in cells[2]
        assert "4\t0.25\t0.1\t80 %" in cells[3]


def test_cards_have_pictures_and_findings(browser: Browser, learned: Path) -> None:
    with tab(browser, learned) as opened:
        page = opened.open("f")
        opened.wait("document.querySelectorAll('.concept img').length === 2")
        opened.wait("[...document.querySelectorAll('.concept img')].every(i => i.complete)")
        card = page.locator("#attribute-2")
        assert "counts for dog (1)" in card.inner_text()
        assert "Class dog: 2 samples" in (card.locator("img").get_attribute("alt") or "")
        assert card.locator("a[href='#/r/R3']").count() == 1
        page.select_option("section[aria-labelledby=cards] select", "more")
        assert page.locator(".learned-card").count() == 3
        page.select_option("section[aria-labelledby=cards] select", "neurons")
        assert page.locator(".learned-card h4").all_inner_texts() == ["Attribute 1"]
        assert "by=neurons" in page.url
        page.locator(".learned-card h4 a").click()
        page.wait_for_selector("main h2")
        assert page.url.endswith(f"#/n/{of('flint@attributes:1')}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_on_a_narrow_screen(
    browser: Browser, learned: Path, axe: str, theme: str
) -> None:
    options = {"color_scheme": theme, "bypass_csp": True, "reduced_motion": "reduce"}
    size = {"width": 390, "height": 800}
    with tab(browser, learned, viewport=size, **options) as opened:
        page = opened.open("f")
        page.wait_for_timeout(300)
        page.evaluate(axe)
        assert page.evaluate(RUN) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_the_training_it_says_how_to_add_it(
    browser: Browser, learned: Path, report: Path, tmp_path: Path
) -> None:
    with tab(browser, report) as opened:
        page = opened.open("")
        assert "Learned attributes" not in page.inner_text("nav")
    data = learned_examples.dataset()
    run = pages.stored(tmp_path / "run", data, learned_examples.assessed(data))
    path = tmp_path / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        pages.use_front_end(patch, built_front_end())
        report_of_run(run, path)
    with tab(browser, path) as opened:
        page = opened.open("f")
        assert "--flint" in page.inner_text(".warning")
        assert page.locator("figure.chart").count() == 1
        assert page.locator(".learned-card").count() == 4
