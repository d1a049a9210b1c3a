"""Pictures and texts stand where examples stand, and do no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.report import examples, pages
from tests.web.tab import of, tab
from tests.web.test_accessibility import RUN

from redescribe.report.front_end import built_front_end
from redescribe.report.media import Media
from redescribe.report.write import report_of_run

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.web

HARM = "<script>alert(1)</script>\n\u202eabc <img src=x onerror=alert(1)>"
LOADED = "[...document.querySelectorAll('main img')].filter(i => i.naturalWidth).length"


@pytest.fixture(scope="module")
def report(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise for a picture of each entity but some, and texts, one of them harmful."""
    pytest.importorskip("PIL", reason="Pillow is missing")
    folder = tmp_path_factory.mktemp("media")
    data = examples.dataset()
    texts = [HARM, "long " * 8000, *(f"text {i}" for i in range(2, 60))]
    noise = np.random.default_rng(0).integers(0, 256, (60, 30, 50, 3), np.uint8)
    media = Media.of(data, images=noise, texts=texts)
    run = pages.stored(folder / "run", data)
    with pytest.MonkeyPatch.context() as patch:
        pages.use_front_end(patch, built_front_end())
        report_of_run(run, folder / "r.html", media=media)
    return folder / "r.html"


def test_examples_are_cards_with_a_twin_and_a_place_in_the_histogram(
    browser: Browser, report: Path
) -> None:
    with tab(browser, report, viewport={"width": 390, "height": 800}) as opened:
        page = opened.open(f"n/{of('net@fc:0')}", ready=".cards")
        opened.wait(f"{LOADED} === 12")
        first = page.locator(".cards li").first
        name = first.locator("a").inner_text()
        alt = first.locator("img").get_attribute("alt") or ""
        assert alt.startswith(f"sample {name}, ")
        assert page.locator(".here").count() == 0
        first.locator("a").focus()
        page.wait_for_selector(".here", state="attached")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.locator("figure:has(.cards) figcaption button").press("Enter")
        twin = page.locator("figure table.plain tbody tr")
        assert twin.count() == 12
        assert twin.first.inner_text().startswith(name)


def test_texts_are_only_read(browser: Browser, report: Path) -> None:
    with tab(browser, report) as opened:
        page = opened.open("e/0", ready=".full-text")
        assert page.inner_text(".full-text") == HARM.replace("\u202e", "\ufffd")
        opened.wait(f"{LOADED} === 1")
        assert page.locator("main img").count() == 1
        page = opened.open("e/1", ready="text=These are the first 20,000 of 40,000")
        page = opened.open("r/R1", ready=".cards .snippet")
        for order in ("smallest", "at random", "across quantiles"):
            page.select_option(".tabs ~ label select", order)
            opened.wait(f"{LOADED} === document.querySelectorAll('.cards li').length")


@pytest.mark.parametrize(("place", "theme"), [("r/R1", "light"), ("e/1", "dark")])
def test_nothing_serious(
    browser: Browser, report: Path, axe: str, place: str, theme: str
) -> None:
    options = {"color_scheme": theme, "bypass_csp": True, "reduced_motion": "reduce"}
    with tab(browser, report, **options) as opened:
        page = opened.open(place, ready="main img")
        page.evaluate(axe)
        assert page.evaluate(RUN) == []
