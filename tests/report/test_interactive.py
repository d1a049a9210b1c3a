"""The interactive report: what it holds is what the library says."""

from __future__ import annotations

import html
import math
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.report import examples, pages

from redescribe.core.grammar import parse_query
from redescribe.core.null_table import NullTable
from redescribe.core.redescription import Kind
from redescribe.core.resampling import Statistic
from redescribe.errors import StoreError
from redescribe.report import schema
from redescribe.report.finding_rows import bounds_of_attributes, null_rows
from redescribe.report.front_end import FrontEnd
from redescribe.report.page import page_of
from redescribe.report.rule_rows import queries_of
from redescribe.report.write import report_of_run

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.core.dataset import Dataset


@pytest.fixture
def data() -> Dataset:
    return examples.dataset(missing=True)


@pytest.fixture
def page(data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pages.Unpacked:
    pages.use_front_end(monkeypatch)
    run = pages.stored(tmp_path / "run", data, keep=True)
    written = report_of_run(run, tmp_path / "report.html", title="A <b>run</b>")
    assert written.interactive
    assert written.cuts == ()
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<title>A &lt;b&gt;run&lt;/b&gt;</title>" in text
    return pages.Unpacked(text)


def test_every_table_has_its_columns(page: pages.Unpacked) -> None:
    for name, columns in schema.TABLES.items():
        table = page.table(name)
        assert list(table) == ["rows", *(column.name for column in columns)]
        assert all(len(table[column.name]) == table["rows"] for column in columns)
    assert list(page.meta) == list(schema.Meta.__annotations__)


def test_numbers_of_findings_are_those_of_the_table(
    page: pages.Unpacked, data: Dataset
) -> None:
    found = examples.assessed(data)
    table = page.table("findings")
    rows = found.rows()
    assert table["id"] == [row["id"] for row in rows]
    for name in ("jaccard_mined", "jaccard", "jaccard_low", "work", "log10_p_mined"):
        expected = [math.nan if row[name] is None else row[name] for row in rows]
        np.testing.assert_array_equal(table[name], expected)
    assert table["confirmed"].tolist() == [int(bool(row["confirmed"])) for row in rows]
    # Nothing in the hold-out: not defined, never 0.
    assert np.isnan(table["jaccard"]).sum() == 1


def test_the_supports_are_those_of_the_queries(page: pages.Unpacked, data: Dataset) -> None:
    words = page.supports()
    unknown_rows = np.frombuffer(page.blocks["unknown-rows"], "<u4")
    unknown = np.frombuffer(page.blocks["unknown"], "<u8").reshape(len(unknown_rows), -1)
    seen = set()
    for queries in page.table("findings")["queries"]:
        for record in queries:
            support = parse_query(record["text"], record["view"]).on(
                data.view(record["view"])
            )
            row = record["support"]
            np.testing.assert_array_equal(words[row], support.satisfied)
            hidden = unknown[unknown_rows == row]
            assert bool(len(hidden)) == bool(support.n_unknown)
            if len(hidden):
                np.testing.assert_array_equal(hidden[0], support.unknown)
            seen.add(row)
    assert seen == set(range(page.meta["queries"]))


def test_columns_are_exact(page: pages.Unpacked, data: Dataset) -> None:
    for number, view in enumerate(data.views):
        for position, values in enumerate(view.values):
            content = page.blocks[f"column-{number}-{position}"]
            dtype = "<f4" if len(content) == 4 * data.n_entities else "<f8"
            np.testing.assert_array_equal(np.frombuffer(content, dtype), values)


def test_entities_keep_their_order_and_part(page: pages.Unpacked, data: Dataset) -> None:
    table = page.table("entities")
    assert tuple(table["id"]) == data.entities.ids
    np.testing.assert_array_equal(np.flatnonzero(table["held_out"]), data.split.held_out)


def test_attributes_are_described(page: pages.Unpacked, data: Dataset) -> None:
    table = page.table("attributes")
    view = data.views[1]
    at = table["view"].index(view.name)
    values = view.values[0]
    known = values[~np.isnan(values)]
    assert table["share_missing"][at] == pytest.approx(1 - known.size / values.size)
    assert table["quantiles"][at][0] == known.min() == table["minimum"][at]
    assert table["quantiles"][at][-1] == known.max() == table["maximum"][at]
    assert table["mean"][at] == pytest.approx(known.mean())
    nominal = table["kind"].index("nominal")
    assert table["categories"][nominal] == list(data.views[2].attributes[0].categories)
    assert math.isnan(table["mean"][nominal])
    assert page.meta["views"][1]["first"] == at


def test_rule_sets_come_with_what_they_are_counted_on(
    page: pages.Unpacked, data: Dataset
) -> None:
    kept = pages.rules(data)
    rules, found = kept.imitation.rules, kept.imitation
    table = page.table("rule_sets")
    assert (table["name"], table["rows"]) == (["signs"], 1)
    assert table["default"].tolist() == [0]
    assert table["base"] == [[0.75, 0.0]]
    view = data.view(rules.view)
    words = np.frombuffer(page.blocks["rules-0-fires"], "<u8").reshape(len(rules), -1)
    for rule, record, row in zip(rules, table["rules"][0], words, strict=True):
        assert record["query"]["text"] == str(rule.query)
        assert rules.classes[record["label"]] == rule.label
        assert (record["weight"], record["n_literals"]) == (rule.weight, len(rule))
        assert rule.hold_out is not None
        assert record["hold_out"]["n_correct"] == rule.hold_out.n_correct
        np.testing.assert_array_equal(row, rule.query.on(view).satisfied)
    answers = np.frombuffer(page.blocks["rules-0-answers"], "<i4").reshape(2, -1)
    np.testing.assert_array_equal(answers[0], found.answers)
    np.testing.assert_array_equal(answers[1], found.true)
    assert [one["chosen"] for one in table["trade_off"][0]] == [False, True]
    # Columns that are rounded keep the bounds of rules.
    bounds = bounds_of_attributes(queries_of([kept]))
    assert bounds[rules.view, view.names[1]] == [-1.0, 0.5]
    forms = {one["name"]: one["text"] for one in table["forms"][0]}
    assert forms["sql"] == rules.to_text("sql")


def test_in_sample_reports_have_no_hold_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    run = pages.stored(tmp_path / "run", examples.dataset(hold_out=0))
    report_of_run(run, tmp_path / "r.html")
    page = pages.Unpacked((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert page.meta["n_hold_out"] == 0
    assert page.meta["n_confirmed"] is None
    assert set(page.table("findings")["confirmed"].tolist()) == {2}
    assert np.isnan(page.table("findings")["log10_q"]).all()


def test_a_run_without_findings_has_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    data = examples.dataset()
    run = pages.stored(tmp_path / "run", data, examples.nothing(data))
    report_of_run(run, tmp_path / "r.html")
    page = pages.Unpacked((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert page.meta["example"] is None
    assert page.meta["queries"] == page.table("findings")["rows"] == 0


def test_hostile_names_are_no_markup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    data = examples.dataset(examples.HOSTILE)
    run = pages.stored(tmp_path / "run", data)
    report_of_run(run, tmp_path / "r.html", title=examples.HOSTILE[0])
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "alert(1)" not in text.replace("&lt;script&gt;alert(1)&lt;/script&gt;", "")
    assert tuple(pages.Unpacked(text).table("attributes")["name"][8:16]) == examples.HOSTILE


def test_the_same_run_gives_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    run = pages.stored(tmp_path / "run", examples.dataset())
    texts = [report_of_run(run, tmp_path / name).path.read_bytes() for name in ("a", "b")]
    assert texts[0] == texts[1]


def test_the_policy_allows_its_own_script_and_style_only() -> None:
    page = page_of("x", FrontEnd("let a = 1;", "p {}"), [])
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    parts = html.unescape(policy[1]).split("; ")
    rules = dict(part.split(" ", 1) for part in parts)
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].startswith("'sha256-")
    assert rules["style-src"].startswith("'sha256-")
    assert rules["img-src"] == "data:"
    assert "unsafe" not in policy[1]


@pytest.mark.parametrize("text", ["a</script>", "<!-- b", "c</SCRIPT "])
def test_a_script_that_ends_its_element_is_refused(text: str) -> None:
    with pytest.raises(StoreError, match="make web"):
        page_of("x", FrontEnd(text, ""), [])


def test_what_does_not_fit_goes_in_the_stated_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    monkeypatch.setattr("redescribe.report.contents.SUPPORTS_PER_BLOCK", 4)
    run = pages.stored(tmp_path / "run", examples.dataset())
    whole = report_of_run(run, tmp_path / "whole.html")
    orders = []
    for budget in range(whole.size, 0, -whole.size // 90):
        written = report_of_run(run, tmp_path / "cut.html", budget=budget)
        orders.append([cut["what"] for cut in written.cuts])
        page = pages.Unpacked((tmp_path / "cut.html").read_text(encoding="utf-8"))
        assert page.meta["cuts"] == list(written.cuts)
        # Numbers never go.
        assert page.table("findings")["rows"] == 13
    rules, used = "rules with their entities", "columns that findings name"
    seen = [order for i, order in enumerate(orders) if i == 0 or order != orders[i - 1]]
    assert seen[0] == []
    assert next(order for order in seen if used in order)[-1] == used
    assert seen[-1][-2:] == [used, rules]


def test_views_that_are_said_to_be_networks_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    run = pages.stored(tmp_path / "run", examples.dataset())
    report_of_run(run, tmp_path / "r.html", networks=("radius",))
    meta = pages.Unpacked((tmp_path / "r.html").read_text(encoding="utf-8")).meta
    networks = {view["name"]: view["network"] for view in meta["views"]}
    assert networks == {"net": True, "radius": True, "smoker": False}


def test_nulls_are_those_of_the_statistic() -> None:
    maxima = np.arange(2 * 1 * 1 * 3, dtype=float).reshape(2, 1, 1, 3)
    table = NullTable(("t",), (Kind.INDIVIDUAL,), maxima)
    (row,) = null_rows(table, Statistic.JACCARD)
    assert row == {"target": "t", "kind": "individual", "maxima": [1.0, 4.0]}
    assert null_rows(None, "jaccard") == []
