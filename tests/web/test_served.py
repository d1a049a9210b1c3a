"""What only a page of `redescribe serve` can do."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from tests.report import examples
from tests.web.tab import tab
from tests.web.test_accessibility import RUN
from tests.web.test_pages import numeric

from redescribe.core.grammar import parse_query
from redescribe.core.printing import format_jaccard
from redescribe.core.redescription import Agreement

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from redescribe.core.dataset import Dataset

pytestmark = pytest.mark.web


def test_the_token_leaves_the_address_and_the_cookie_stays(
    browser: Browser, server: str
) -> None:
    with tab(browser, server) as opened:
        page = opened.open("r/R1")
        assert "token" not in page.url
        assert page.url.endswith("/#/r/R1")
        page.reload()
        page.wait_for_selector("text=Finding R1")
        assert page.evaluate("document.cookie") == ""
        (cookie,) = page.context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")


def test_without_the_token_there_is_no_page(server: str) -> None:
    with pytest.raises(HTTPError, match="403"):
        urlopen(server.partition("?")[0], timeout=10)  # noqa: S310 - of this machine


def test_changed_rules_are_counted_on_all_entities(browser: Browser, server: str) -> None:
    data = examples.dataset(missing=True)
    texts = {"net": '"net@fc:1" > 0.1', "radius": "smoker > -0.2 AND x <= 0.5"}
    with tab(browser, server) as opened:
        page = opened.open(f"r/{numeric(1)}", ready=".editor")
        for number, text in enumerate(texts.values()):
            page.locator(".query-editor textarea").nth(number).fill(text)
        mined, found = (agreement(part, texts) for part in (data.mining_part, data))
        opened.wait(
            "['support', 'union'].map(n => document.querySelector(`[data-test=${n}]`)"
            f".textContent).join() === '{mined.support},{mined.union}'"
        )
        page.click("text=Count on all 60 samples")
        page.wait_for_selector("[data-test=jaccard-all]")
        names = ("jaccard-all", "support-all", "union-all")
        shown = [page.inner_text(f"[data-test={name}]") for name in names]
        counts = [str(found.support), str(found.union)]
        assert shown == [format_jaccard(found.jaccard), *counts]
        # What was counted is gone as soon as the rules are others.
        page.locator(".query-editor textarea").first.fill('"net@fc:1" > 0.2')
        page.wait_for_selector("[data-test=jaccard-all]", state="detached")


def agreement(data: Dataset, texts: dict[str, str]) -> Agreement:
    supports = (parse_query(text, view).on(data.view(view)) for view, text in texts.items())
    return Agreement.of(tuple(supports))


def test_a_row_of_an_entity_fires_what_holds_for_it(browser: Browser, server: str) -> None:
    data = examples.dataset(missing=True)
    entity = 8
    holding = {
        finding.id
        for finding in examples.assessed(data)
        for query in finding.redescription.queries
        if query.view == "radius" and query.on(data.view("radius")).mask[entity]
    }
    with tab(browser, server) as opened:
        page = opened.open("t?view=radius", ready="#new-row")
        box = page.locator("label:has-text('start from sample') input")
        box.fill(data.entities.ids[entity])
        box.press("Tab")
        page.wait_for_selector("[data-test=fired]")
        table = page.locator("section[aria-label='Rules that hold'] tbody")
        assert set(table.locator("a").all_inner_texts()) == holding
        place = page.url.split("#/")[1]
        opened.open(place, ready="[data-test=fired]")
        assert set(table.locator("a").all_inner_texts()) == holding
        page.fill("#new-row", "nothing = 1")
        with page.expect_console_message():  # the browser notes the refusal
            page.click("text=Which rules hold?")
        page.wait_for_selector("text=has no attribute 'nothing'")
        assert "400" in opened.problems.pop()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_on_the_page_of_a_new_row(
    browser: Browser, server: str, axe: str, theme: str
) -> None:
    options = {"color_scheme": theme, "bypass_csp": True, "reduced_motion": "reduce"}
    with tab(browser, server, **options) as opened:
        page = opened.open("t?view=radius&row=x%20%3D%201", ready="[data-test=fired]")
        page.evaluate(axe)
        assert page.evaluate(RUN) == []
