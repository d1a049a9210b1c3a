from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from redescribe.core.view import AttributeKind, View
from redescribe.readers import inspect as inspect_module
from redescribe.readers.inspect import inspect
from redescribe.readers.tables import read

TABLE = pa.table(
    {
        "id": ["a", "b", "c", "d"],
        "dead": [0.0, 0.0, 0.0, 0.0],
        "empty": pa.nulls(4, pa.float64()),
        "constant": [2.5, None, 2.5, 2.5],
        "n_0": [0.5, 1.5, None, 0.5],
        "n_1": [0.5, 1.5, 2.5, 3.5],
        "grade": [1, 2, 1, None],
        "smoker": [True, False, None, True],
        "stage": ["I", "I", "I", "I"],
        "site": ["x", "y", "x", None],
    }
)


def test_columns() -> None:
    summary = inspect(read(TABLE, name="t"))
    assert (summary.name, summary.n_entities, summary.n_attributes) == ("t", 4, 9)
    got = {
        c.name: (c.n_missing, c.n_distinct, c.constant, c.dead, c.label, c.note)
        for c in summary.columns
    }
    assert got == {
        "dead": (0, 1, True, True, False, "dead: always 0"),
        "empty": (4, 0, False, True, False, "dead: all values missing"),
        "constant": (1, 1, True, False, False, "constant: always 2.5"),
        "n_0": (1, 2, False, False, False, ""),
        "n_1": (0, 4, False, False, False, ""),
        "grade": (1, 2, False, False, True, "2 whole numbers: labels?"),
        "smoker": (1, 2, False, False, True, ""),
        "stage": (0, 1, True, False, False, "constant: always I"),
        "site": (1, 2, False, False, True, ""),
    }
    assert (summary.n_missing, summary.n_constant, summary.n_dead) == (9, 3, 2)
    assert summary.n_of_kind(AttributeKind.NOMINAL) == 2
    assert (summary.columns[3].minimum, summary.columns[3].maximum) == (0.5, 1.5)
    assert np.isnan([summary.columns[1].minimum, summary.columns[1].maximum]).all()
    assert np.isnan(summary.columns[8].minimum)


def test_suggested_views() -> None:
    view = read(TABLE, name="t", columns=["n_*", "grade", "smoker"])
    assert inspect(view).suggested_views == (
        "2 columns of measurements: --view 't=n_*'",
        "2 columns of labels: --view labels=grade,smoker",
    )
    assert inspect(view, file="t.csv").suggested_views == (
        "2 columns of measurements: --view 't=t.csv:n_*'",
        "2 columns of labels: --view labels=t.csv:grade,smoker",
    )
    neurons = read(TABLE, name="t", columns=["n_*"])
    assert inspect(neurons, file="t.csv").suggested_views == (
        "2 columns of measurements: --view t=t.csv",
    )
    assert inspect(neurons).suggested_views == ("2 columns of measurements: --view 't=*'",)
    labels = read(TABLE, name="t", columns=["site"])
    assert inspect(labels).suggested_views == ("1 column of labels: --view labels=site",)


def test_a_glob_never_takes_columns_of_the_other_view() -> None:
    table = pa.table({"x_1": [0.5, 0.7], "x_2": [0.1, 0.2], "x_3": [0, 1]})
    assert inspect(read(table)).suggested_views[0].endswith("--view view=x_1,x_2")


def test_many_categories_look_like_names() -> None:
    view = read(pa.table({"s": [f"e{i}" for i in range(11)], "k": list(range(11))}))
    summary = inspect(view)
    assert summary.columns[0].note == "11 categories: names of entities?"
    assert not summary.columns[1].label


@pytest.mark.parametrize("block", [1, 2**22])
@settings(deadline=None, max_examples=50)
@given(
    values=hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=8),
        elements=st.sampled_from([0.0, -0.0, 1.0, 2.5, np.nan]),
    )
)
def test_counts_agree_with_sets(block: int, values: np.ndarray) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspect_module, "_BLOCK_VALUES", block)
        summary = inspect(View.of("x", values))
    for column, row in zip(summary.columns, values.T, strict=True):
        known = row[~np.isnan(row)]
        assert column.n_missing == row.size - known.size
        assert column.n_distinct == len(set(known.tolist()))
        assert column.dead == (not known.any())
        assert column.constant == (len(set(known.tolist())) == 1)
        if known.size:
            assert (column.minimum, column.maximum) == (known.min(), known.max())
