"""Bounds that move and attributes that are moved: recounted as in Python."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.report import examples
from tests.web.tab import tab

from redescribe.core.printing import format_jaccard
from redescribe.core.query import Interval
from redescribe.core.redescription import Agreement
from redescribe.core.support import unpack

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from redescribe.core.dataset import Dataset
    from redescribe.core.view import View

pytestmark = pytest.mark.web


def test_the_curve_of_a_bound_has_the_jaccards_of_python(
    browser: Browser, report: Path
) -> None:
    data = examples.dataset(missing=True)
    finding = next(
        f
        for f in examples.assessed(data)
        if len(f.redescription.queries) == 2
        and f.redescription.queries[1].view == "radius"
        and f.redescription.mined.support
    )
    own, partner = finding.redescription.queries
    part = data.mining_part
    with tab(browser, report) as opened:
        page = opened.open(f"r/{finding.id}", ready="[aria-labelledby=bounds-heading]")
        figures = page.locator("[aria-labelledby=bounds-heading] figure")
        assert figures.count() == 2
        figures.nth(1).locator("figcaption button").press("Enter")
        rows = figures.nth(1).locator("tbody tr").all_inner_texts()
    cells = [row.replace(" (now)", "").split("\t") for row in rows]
    assert len(cells) == 22
    assert sum("(now)" in row for row in rows) == 1
    (attribute,) = partner.attributes
    values = part.view(partner.view).column(attribute)
    for bound, jaccard in cells:
        # What is printed has four digits: no value may lie in between.
        if abs(values - float(bound)).min() < 1e-3:
            continue
        moved = examples.query(partner.view, Interval(attribute, float(bound)))
        supports = tuple(query.on(part.view(query.view)) for query in (own, moved))
        assert jaccard == format_jaccard(Agreement.of(supports).jaccard)


def test_moved_attributes_change_the_rules_that_python_says(
    browser: Browser, report: Path
) -> None:
    data = examples.dataset(missing=True)
    view, entity = data.views[1], 8
    name = view.names[0]
    observed = view.column(name)[entity]
    moved = -observed
    values = view.values.copy()
    values[0, entity] = moved
    expected = changes(data, replace(view, values=values), entity)
    assert expected
    row = len(data.views[0].attributes)
    with tab(browser, report) as opened:
        page = opened.open(f"e/{entity}", ready="[aria-labelledby=what-if]")
        assert "Rules only" in page.inner_text("[aria-labelledby=what-if]")
        page.focus(f"#what-if-{row}")
        page.keyboard.press("ArrowRight")
        opened.wait(f"location.hash.includes('w={row}')")
        page = opened.open(f"e/{entity}?w={row}%3A{moved}", ready="[role=status] strong")
        table = page.locator("[aria-labelledby=what-if] tbody tr")
        assert {text.split("\t")[0] for text in table.all_inner_texts()} == expected
        page.click("text=Back to what was observed")
        opened.wait("!location.hash.includes('w=')")
        assert table.count() == 0


def changes(data: Dataset, moved: View, entity: int) -> set[str]:
    """Findings whose rule about the view holds for the entity before or after only."""
    view = data.views[1]
    found = set()
    for finding in examples.assessed(data):
        query = finding.redescription.query(view.name)
        if query is None:
            continue
        before, after = (
            unpack(query.on(some).satisfied, data.n_entities)[entity]
            for some in (view, moved)
        )
        if before != after:
            found.add(finding.id)
    return found
