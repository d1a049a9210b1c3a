"""Redescriptions over three views in the files of other tools, and back."""

from __future__ import annotations

import tempfile
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.writers import examples
from tests.writers.examples import redescription

from redescribe.core.entities import EntityIndex
from redescribe.core.grammar import parse_query
from redescribe.core.view import View
from redescribe.errors import ParameterError
from redescribe.readers.exitnerdom import read_rr
from redescribe.readers.exitnerdom_names import rr_names
from redescribe.writers.clired import write_clired
from redescribe.writers.rr import write_rr
from redescribe.writers.rr_query import rr_query

if TYPE_CHECKING:
    from redescribe.core.query import Query

NAMES = ("left one", "middle", "right")
# All three views, in any order, or two of them: W2R may be missing.
COVERED = [
    (0, 1, 2),
    (2, 0, 1),
    *combinations(range(3), 2),
]


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[View], list[tuple[Query, ...]]]:
    entities = EntityIndex(tuple(draw(examples.ids)))
    views = [draw(examples.views_of(name, entities)) for name in NAMES]
    covered = draw(st.lists(st.sampled_from(COVERED), min_size=1, max_size=3))
    return views, [
        tuple(draw(examples.queries(views[position])) for position in positions)
        for positions in covered
    ]


@given(cases())
def test_files_of_the_reference_read_back(
    case: tuple[list[View], list[tuple[Query, ...]]],
) -> None:
    views, found = case
    by_name = {view.name: view for view in views}
    names = rr_names(views)
    written = {view.name: names.written_view(view) for view in views}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "MWAllx.rr"
        write_rr([redescription(queries, views) for queries in found], views, path)
        stated = read_rr(path, list(written.values())).redescriptions
    for queries, one in zip(found, stated, strict=True):
        assert one.differences(list(written.values())) == []
        ordered = sorted(queries, key=lambda query: NAMES.index(query.view))
        assert [query.view for query in one.queries] == [query.view for query in ordered]
        for query, again in zip(ordered, one.queries, strict=True):
            restored = names.restored_query(again)
            assert restored.on(by_name[query.view]) == query.on(by_name[query.view])
            # What was written and read once is written and read as the same query.
            view = written[query.view]
            assert rr_query(again, view) == rr_query(names.written_query(query), view)


def test_a_line_for_each_view_that_is_covered(tmp_path: Path) -> None:
    values = [[0.0], [1.0], [2.0], [3.0]]
    views = [View.of(name, values, names=[f"a_{name}"]) for name in ("x", "y", "z")]
    queries = {view.name: parse_query(f"a_{view.name} > 1.5", view.name) for view in views}
    found = [
        redescription([queries[name] for name in covered], views)
        for covered in ("zxy", "zx")
    ]
    path = tmp_path / "some.rr"
    write_rr(found, views, path)
    lines = path.read_text().splitlines()
    assert [line[:4] for line in lines if "R: " in line[:5]] == [
        *("W1R:", "W2R:", "W3R:", "W1R:", "W3R:")
    ]
    three, two = read_rr(path, views)
    assert [query.view for query in three.queries] == ["x", "y", "z"]
    assert [query.view for query in two.queries] == ["x", "z"]
    assert (three.stated_support, three.stated_union, three.stated_jaccard) == (2, 2, 1.0)


def test_tables_of_two_sides_cannot_hold_three_rules(tmp_path: Path) -> None:
    views = [View.of(name, [[0.0], [1.0]], names=["a"]) for name in ("x", "y", "z")]
    queries = [parse_query("a > 0.5", view.name) for view in views]
    wide, pair = redescription(queries, views), redescription(queries[:2], views)
    with pytest.raises(ParameterError, match="All 2 redescriptions cover more than two"):
        write_clired([wide, wide], views, tmp_path)
    assert list(tmp_path.iterdir()) == []
    (path,) = write_clired([wide, pair], views, tmp_path)
    assert len(path.read_text().splitlines()) == 2
    assert write_clired([], views, tmp_path) == ()
