"""axe finds nothing serious on any page, in light and dark; keys reach everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.web.tab import of, tab

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.web

PLACES = [
    "",
    "r",
    "r/R1",
    "n",
    f"n/{of('net@fc:0')}",
    "l",
    "a",
    "e",
    "e/7",
    "x",
    "i",
    "m",
    "d",
]
RUN = """async () => (await axe.run(document, {
    resultTypes: ["violations"],
})).violations.filter(v => ["serious", "critical"].includes(v.impact))
    .map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200)])"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("place", PLACES)
def test_nothing_serious(
    browser: Browser, report: Path, axe: str, place: str, theme: str
) -> None:
    options = {"color_scheme": theme, "bypass_csp": True, "reduced_motion": "reduce"}
    with tab(browser, report, **options) as opened:
        page = opened.open(place)
        page.wait_for_timeout(400)
        page.evaluate(axe)
        assert page.evaluate(RUN) == []


def test_a_narrow_screen_needs_no_sideways_scrolling(
    browser: Browser, report: Path
) -> None:
    with tab(browser, report, viewport={"width": 390, "height": 800}) as opened:
        for place in PLACES:
            page = opened.open(place)
            page.wait_for_timeout(200)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, place


def test_charts_have_a_table_beside_them(browser: Browser, report: Path) -> None:
    with tab(browser, report) as opened:
        page = opened.open("r")
        button = page.locator("figure.chart figcaption button").first
        button.press("Enter")
        assert page.locator("figure.chart table.plain").count() == 1
        assert button.get_attribute("aria-pressed") == "true"


def test_the_content_is_one_key_away(browser: Browser, report: Path) -> None:
    with tab(browser, report) as opened:
        page = opened.open("")
        page.keyboard.press("Tab")
        assert "Skip" in page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
