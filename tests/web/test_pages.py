"""Every page opens from the file, asks for nothing, and does what it says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.report import examples
from tests.web.tab import of, tab

from redescribe.core.grammar import parse_query
from redescribe.core.printing import format_jaccard
from redescribe.core.redescription import Agreement

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from redescribe.core.query import Query

pytestmark = pytest.mark.web

PLACES = [
    "",
    "r",
    "r/R1",
    "n",
    f"n/{of('net@fc:0')}",
    f"n/{of('radius:x')}",
    "l",
    "a",
    "e",
    "e/7",
    "x",
    "i",
    "m",
    "d",
]
HOW = {"both": "all rules hold", "neither": "no rule holds"}
COUNT = "document.querySelector('.toolbar [role=status] strong').textContent"


@pytest.fixture(params=["file", "server"])
def report(report: Path, request: pytest.FixtureRequest) -> Path | str:
    """The report on ordinary names, as a file and served."""
    if request.param == "file":
        return report
    address: str = request.getfixturevalue("server")
    return address


@pytest.mark.parametrize("place", PLACES)
def test_pages_open(browser: Browser, report: Path | str, place: str) -> None:
    with tab(browser, report) as opened:
        page = opened.open(place)
        page.wait_for_timeout(300)
        assert page.title().endswith("A run")


@pytest.mark.parametrize("place", ["", "r", "r/R1", "n", "l", "a", "e", "e/7", "x", "m"])
def test_pages_of_an_in_sample_run_open_and_say_so(
    browser: Browser, in_sample_report: Path, place: str
) -> None:
    with tab(browser, in_sample_report) as opened:
        page = opened.open(place)
        page.wait_for_timeout(300)
        if place in {"", "r/R1"}:
            assert "not tested" in page.inner_text("main").lower()


@pytest.mark.parametrize(
    "place", ["", "r", "r/R1", "r/R5", "n", "l", "a", "e", "e/7", "x", "i", "m", "d"]
)
def test_hostile_names_do_no_harm(
    browser: Browser, hostile_report: Path, place: str
) -> None:
    assert_harmless(browser, hostile_report, place)


@pytest.mark.parametrize("place", ["", "r", "r/R1", "n", "e/7", "d"])
def test_hostile_names_do_no_harm_from_a_server(
    browser: Browser, hostile_server: str, place: str
) -> None:
    assert_harmless(browser, hostile_server, place)


def assert_harmless(browser: Browser, where: Path | str, place: str) -> None:
    with tab(browser, where, viewport={"width": 390, "height": 800}) as opened:
        page = opened.open(place)
        page.wait_for_timeout(300)
        assert page.locator("script:not([type])").count() == 1
        assert page.locator("main img, main iframe").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("name", examples.HOSTILE)
def test_hostile_names_have_a_card(
    browser: Browser, hostile_report: Path, name: str
) -> None:
    with tab(browser, hostile_report) as opened:
        page = opened.open(f"n/{of(f'{examples.HOSTILE[0]}:{name}')}")
        assert "Not in this run" not in page.inner_text("main")


def test_filters_are_in_the_address_and_come_back(
    browser: Browser, report: Path | str
) -> None:
    with tab(browser, report) as opened:
        page = opened.open("r")
        everything = int(page.evaluate(COUNT))
        page.fill("#query", "jaccard > 0.7 and q_value < 0.5")
        opened.wait(f"Number({COUNT}) < {everything}")
        kept = page.evaluate(COUNT)
        assert int(kept) > 0
        assert "q=jaccard" in page.url
        place = page.url.split("#/")[1]
        assert opened.open(place).evaluate(COUNT) == kept
        page.fill("#query", "jaccard >")
        page.wait_for_selector(".problem[role=alert]")
        page.fill("#query", "nonsense < 1")
        page.wait_for_selector("text=There is no column")


def test_dragging_across_a_histogram_filters(browser: Browser, report: Path | str) -> None:
    with tab(browser, report, viewport={"width": 1200, "height": 900}) as opened:
        page = opened.open("r")
        everything = int(page.evaluate(COUNT))
        area = page.locator(".histograms .brush-area").first
        box = area.bounding_box()
        assert box is not None
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + 2, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=5)
        page.mouse.up()
        opened.wait(f"Number({COUNT}) < {everything}")
        assert "f=jaccard" in page.url
        page.click("text=clear all filters")
        opened.wait(f"Number({COUNT}) === {everything}")


@pytest.mark.parametrize("keys", [["ArrowRight"] * 5, ["Shift+ArrowRight"], ["End"]])
def test_a_moved_interval_is_recounted_as_in_python(
    browser: Browser, report: Path | str, keys: list[str]
) -> None:
    with tab(browser, report) as opened:
        page = opened.open(f"r/{numeric(0)}", ready=".editor")
        handle = page.locator(".editor [role=slider]").first
        handle.focus()
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_selector("text=Exploratory")
        check_recount(opened.page)


def test_a_dragged_interval_is_recounted_as_in_python(
    browser: Browser, report: Path | str
) -> None:
    with tab(browser, report, viewport={"width": 1200, "height": 1400}) as opened:
        page = opened.open(f"r/{numeric(1)}", ready=".editor")
        handle = page.locator(".editor .handle-area").nth(1)
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 40, y, steps=4)
        page.mouse.up()
        page.wait_for_selector("text=Exploratory")
        before = check_recount(page)
        place = page.url.split("#/")[1]
        assert check_recount(opened.open(place, ready=".editor")) == before
        page.click("text=Back to the finding")
        page.wait_for_selector("text=Exploratory", state="detached")


def numeric(number: int) -> str:
    """The id of a finding between a neuron and a number."""
    found = examples.assessed(examples.dataset(missing=True))
    names = [f.redescription for f in found]
    chosen = [
        finding.id
        for finding, redescription in zip(found, names, strict=True)
        if [query.view for query in redescription.queries] == ["net", "radius"]
    ]
    return chosen[number]


def check_recount(page: Page) -> tuple[str, ...]:
    """What the page counts is what Python counts for the texts that it shows."""
    part = examples.dataset(missing=True).mining_part
    texts = page.locator(".query-editor textarea").evaluate_all(
        "all => all.map(a => a.value)"
    )
    views = page.locator(".query-editor > label bdi").all_inner_texts()
    queries = [parse_query(text, view) for text, view in zip(texts, views, strict=True)]
    agreement = Agreement.of(tuple(q.on(part.view(q.view)) for q in queries))
    shown = tuple(
        page.inner_text(f"[data-test={name}]") for name in ("jaccard", "support", "union")
    )
    counts = (str(agreement.support), str(agreement.union))
    assert shown == (format_jaccard(agreement.jaccard), *counts)
    return shown


def test_a_rule_can_be_edited_as_text(browser: Browser, report: Path | str) -> None:
    with tab(browser, report) as opened:
        page = opened.open(f"r/{numeric(0)}", ready=".editor")
        box = page.locator(".query-editor textarea").nth(1)
        box.fill("NOT (texture > 0.3 AND x <= 0.5)")
        box.blur()
        page.wait_for_selector("text=Exploratory")
        check_recount(page)
        box.fill("nothing > 1")
        box.blur()
        page.wait_for_selector("text=has no attribute nothing")
        box.fill('texture = "a"')
        box.blur()
        page.wait_for_selector("text=has numbers")


def test_a_part_becomes_the_selection_everywhere(
    browser: Browser, report: Path | str
) -> None:
    with tab(browser, report) as opened:
        page = opened.open("r/R1")
        page.locator(".finding-head .part-button").first.click()
        page.wait_for_selector(".selection-bar strong")
        n = int(page.inner_text(".selection-bar strong"))
        words = [q.on(examples.dataset(missing=True).view(q.view)) for q in first_queries()]
        assert n == Agreement.of(tuple(words)).support
        page.click("text=findings by overlap")
        page.wait_for_selector("text=/overlap/")
        page.wait_for_selector(".tabulator-row")
        page.click("text=clear >> nth=0")
        page.wait_for_selector(".selection-bar strong", state="detached")
        page.click("text=undo the last selection")
        page.wait_for_selector(".selection-bar strong")


def first_queries() -> tuple[Query, ...]:
    found = examples.assessed(examples.dataset(missing=True))
    return found.findings[0].redescription.queries


def test_an_entity_lists_what_holds_for_it(browser: Browser, report: Path | str) -> None:
    data = examples.dataset(missing=True)
    found = examples.assessed(data)
    entity = 8
    with tab(browser, report) as opened:
        page = opened.open(f"e/{data.entities.ids[entity]}", ready="#entity-findings")
        shown = page.locator(".table-scroll").first.locator("tbody a")
        holding = [
            f.id
            for f in found
            if all(q.on(data.view(q.view)).mask[entity] for q in f.redescription.queries)
        ]
        assert holding
        assert shown.all_inner_texts() == holding


def test_the_table_of_entities_counts_findings(
    browser: Browser, report: Path | str
) -> None:
    data = examples.dataset(missing=True)
    found = examples.assessed(data)
    masks = [[q.on(data.view(q.view)).mask for q in f.redescription.queries] for f in found]
    counts = sum(np.logical_and.reduce(of_finding).astype(int) for of_finding in masks)
    with tab(browser, report) as opened:
        page = opened.open("e?sort=-findings", ready=".tabulator-row")
        opened.wait(
            "document.querySelectorAll('.tabulator-cell')[2].innerText.trim() !== ''"
        )
        cells = page.locator(".tabulator-row").first.locator(".tabulator-cell")
        assert int(cells.nth(2).inner_text()) == max(counts)


def test_cohorts_are_kept_and_combined(browser: Browser, report: Path | str) -> None:
    with tab(browser, report) as opened:
        page = opened.open("r/R1")
        for number, part in enumerate(("both", "neither")):
            page.click(f".finding-head .part-button:has-text('{part}')")
            page.wait_for_selector(f".selection-bar:has-text('{HOW[part]}')")
            page.fill("[aria-label='Name of the cohort']", f"c{number}")
            page.click(".selection-bar form button")
        page = opened.open("e")
        page.select_option("[aria-label='First cohort']", "c0")
        page.select_option("[aria-label='Operation']", "or")
        page.select_option("[aria-label='Second cohort']", "c1")
        page.click("text=Make a cohort")
        page.wait_for_selector(".selection-bar:has-text('c0 or c1')")
        sizes = page.locator("section[aria-labelledby=cohorts] td.number").all_inner_texts()
        assert int(sizes[2]) == int(sizes[0]) + int(sizes[1])


def test_exports_hold_what_is_shown(
    browser: Browser, report: Path | str, tmp_path: Path
) -> None:
    with tab(browser, report, accept_downloads=True) as opened:
        page = opened.open("r?q=length%20%3C%3D%202")
        with page.expect_download() as download:
            page.click("text=Export as JSON")
        rows = json.loads(download.value.path().read_text("utf-8"))
        assert len(rows) == int(page.evaluate(COUNT)) > 0
        known = {
            row["id"]: row
            for row in examples.assessed(examples.dataset(missing=True)).rows()
        }
        for row in rows:
            assert row["jaccard"] == known[row["id"]]["jaccard"]
            assert row["query_net"] == known[row["id"]]["query_net"]
        with page.expect_download() as download:
            page.click("text=Export as CSV")
        assert download.value.suggested_filename == "findings.csv"


def test_keys_open_search_and_help(browser: Browser, report: Path | str) -> None:
    with tab(browser, report) as opened:
        page = opened.open("")
        page.keyboard.press("/")
        page.wait_for_selector("dialog.search")
        page.keyboard.type("R2")
        page.wait_for_selector(".hits li:first-child a:has-text('R2')")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Finding R2")
        page.keyboard.press("?")
        page.wait_for_selector("dialog.help")
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog.help", state="detached")


@pytest.mark.parametrize("place", ["", "r/R1"])
def test_overview_and_finding_print_on_two_pages(
    browser: Browser, report: Path | str, place: str
) -> None:
    with tab(browser, report) as opened:
        page = opened.open(place)
        page.wait_for_timeout(500)
        printed = page.pdf(format="A4")
        assert len(re.findall(rb"/Type */Page\b", printed)) <= 2


def test_words_and_quantiles_are_in_the_address(
    browser: Browser, report: Path | str
) -> None:
    with tab(browser, report) as opened:
        place = f"r/{numeric(0)}"
        assert "is above 0" in opened.open(place).inner_text(".finding-head")
        symbols = opened.open(f"{place}?rules=symbols").inner_text(".finding-head")
        assert "net@fc:" in symbols
        assert "> 0" in symbols
        shares = opened.open(f"{place}?scale=quantiles").inner_text(".finding-head")
        assert "% quantile" in shares
        link = opened.page.get_attribute("nav a >> nth=1", "href")
        assert link is not None
        assert "scale=quantiles" in link


def test_notes_stay_in_the_browser(browser: Browser, report: Path | str) -> None:
    with tab(browser, report) as opened:
        page = opened.open("r/R1")
        page.fill(".notes textarea", "look again")
        page.locator(".notes textarea").blur()
        page.reload()
        page.wait_for_selector(".notes textarea")
        assert page.input_value(".notes textarea") == "look again"


def test_a_link_to_something_else_says_so(browser: Browser, report: Path | str) -> None:
    with tab(browser, report) as opened:
        assert "Not in this run" in opened.open("r/R999").inner_text("main")
        assert "Not in this run" in opened.open("zzz").inner_text("main")
        page = opened.open("r?s=R999%3Aboth&f=x%3A1~2&q=%E0%A4%A")
        assert "Findings" in page.inner_text("main")
