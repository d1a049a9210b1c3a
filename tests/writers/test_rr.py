"""`.rr` files: the exact text, and that reading them again gives the same supports."""

from __future__ import annotations

import json
import math
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.writers.examples import cases, redescription

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex
from redescribe.core.grammar import parse_query
from redescribe.core.query import Interval
from redescribe.core.redescription import Kind
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import UnknownNameError
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.readers.exitnerdom import read_rr
from redescribe.readers.exitnerdom_names import quoted_id, rr_names
from redescribe.readers.foreign_names import ForeignNames
from redescribe.readers.tables import read
from redescribe.significance.assess import assess
from redescribe.writers.numbers import java_double, p_as_double
from redescribe.writers.rr import write_rr, write_rr_folder
from redescribe.writers.rr_files import RRStyle, RRTarget
from redescribe.writers.rr_query import rr_query, tightened

if TYPE_CHECKING:
    from redescribe.core.query import Query

IDS = EntityIndex(("10", "9", "b c", "d"))
LEFT = View("x", IDS, (Attribute("n1"),), np.array([[0.0, 1e-4, 2.5, 3.0]]))
STAGE = Attribute("stage", AttributeKind.NOMINAL, ("I", "II", "III (b)"))
RIGHT = View(
    "y",
    IDS,
    (Attribute("worst radius"), STAGE),
    np.array([[1.0, 2.0, math.nan, 5e7], [0.0, 1.0, 2.0, 2.0]]),
)
VIEWS = [LEFT, RIGHT]
# Blanks at the end of a line are written as _.
TEXT = """Redescriptions:_

Rules:_

W1R: n1 >= 2.5 <= 3.0_
W2R: NOT ( worst%20radius >= 1.0 <= 2.0 AND stage = II_ )_
JS: 0.6666666666666666
p-value :0.5
Support intersection: 2
Support union: 3

Covered examples (intersection):_
'b c' d_
Union elements:_
10 'b c' d_

Rules:_

W1R: n1 >= 1.0E-4 <= 2.5_
W2R: stage = II OR ( stage = III%20%28b%29  )
JS: 0.6666666666666666
p-value :0.5
Support intersection: 2
Support union: 3

Covered examples (intersection):_
9 'b c'_
Union elements:_
9 'b c' d_

Number of tests: 2
Found: 2 redescriptions with JS=1.0 and minsupport>10

Results value interval: [0,1]
Elements coverage: 0.75
Attributes coverage: 1.0
Result set score: 0.6666666666666666

Elapsed time: 0 days, 0 hours,0 minutes, 0 seconds.""".replace("_", " ")


def found(*texts: str) -> tuple[Query, ...]:
    return tuple(
        parse_query(text, view) for text, view in zip(texts, ("x", "y"), strict=True)
    )


PAIRS = [
    found("n1 > 1", 'NOT ("worst radius" <= 2 AND stage = "II")'),
    found("0 < n1 < 3", 'stage in {"III (b)", "II"}'),
]


def test_the_text_is_exactly_that_of_the_format(tmp_path: Path) -> None:
    path = tmp_path / "two.rr"
    write_rr([redescription(pair, VIEWS) for pair in PAIRS], VIEWS, path)
    text = path.read_bytes().decode()
    assert re.sub(r"p-value :0\.(5|49{9}\d*)\n", "p-value :0.5\n", text) == TEXT
    assert json.loads((tmp_path / "two.names.json").read_text()) == {
        "attributes": {"y": {"worst radius": "worst%20radius"}},
        "categories": {"y": {"stage": {"III (b)": "III%20%28b%29"}}},
        "entities": {},
    }


@given(cases())
def test_what_is_written_reads_back(
    case: tuple[list[View], list[tuple[Query, Query]]],
) -> None:
    views, pairs = case
    names = rr_names(views)
    written = [names.written_view(view) for view in views]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "MWAllx.rr"
        write_rr([redescription(pair, views) for pair in pairs], views, path)
        assert ForeignNames.read(path.with_suffix(".names.json")).document == names.document
        stated = read_rr(path, written).redescriptions
    assert len(stated) == len(pairs)
    for pair, one in zip(pairs, stated, strict=True):
        assert one.differences(written) == []
        assert one.stated_p_value is not None
        assert 0 < one.stated_p_value <= 1
        for query, again, view in zip(pair, one.queries, views, strict=True):
            restored = names.restored_query(again)
            assert restored.on(view) == query.on(view)
            ends = [n for n in restored.literals if isinstance(n, Interval)]
            assert all(n.low_closed and n.high_closed for n in ends)
            # What is tight stays as it is.
            assert rr_query(again, names.written_view(view)) == rr_query(
                names.written_query(query), names.written_view(view)
            )


@given(cases())
def test_names_are_restored_and_distinct(
    case: tuple[list[View], list[tuple[Query, Query]]],
) -> None:
    views, pairs = case
    names = rr_names(views)
    written = [names.written_view(view) for view in views]
    every = [name for view in written for name in view.names]
    assert len(set(every)) == len(every)
    assert not any(re.search(r"[\s<>=()]|\A\Z", name) for name in every)
    for view, changed in zip(views, written, strict=True):
        again = names.restored_view(changed)
        assert (again.entities, again.attributes) == (view.entities, view.attributes)
    assert [names.restored_query(names.written_query(q)) for p in pairs for q in p] == [
        q for p in pairs for q in p
    ]


@given(st.floats(allow_nan=False))
def test_doubles_of_java_read_back(number: float) -> None:
    text = java_double(number)
    assert float(text) == number
    assert re.fullmatch(r"-?(\d+\.\d+(E-?\d+)?|Infinity)", text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.001, "0.001"),
        (9.999e-4, "9.999E-4"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (-1.25e-10, "-1.25E-10"),
        (123456789.0, "1.23456789E8"),
        (1e22, "1.0E22"),
        (-0.0, "-0.0"),
        (math.nan, "NaN"),
    ],
)
def test_doubles_of_java(number: float, text: str) -> None:
    assert java_double(number) == text


def test_a_p_value_is_never_zero() -> None:
    assert java_double(p_as_double(-5000.0)) == "5.0E-324"


def test_literals_without_entities_keep_their_ends() -> None:
    assert str(tightened(Interval("n1", 5), LEFT)) == "5.000000000000001 <= n1 <= " + str(
        np.finfo(np.float64).max
    )
    neighbours = Interval("n1", 1.0, math.nextafter(1.0, 2.0), high_closed=False)
    tight = tightened(neighbours, LEFT)
    assert tight.low == tight.high > 3.0
    assert len(tight.on(LEFT)) == 0


def test_negated_terms_over_all_categories_stay_unknown_where_missing() -> None:
    smoker = Attribute("s", AttributeKind.BOOLEAN, ("false", "true"))
    view = View("x", EntityIndex.numbered(3), (smoker,), np.array([[0.0, 1.0, math.nan]]))
    query = parse_query('NOT (s in {"false", "true"})', "x")
    assert rr_query(query, view) == "s = %FF "
    assert rr_query(parse_query("s", "x"), view) == "s = true "


def test_two_files_per_target(tmp_path: Path) -> None:
    kinds = [Kind.INDIVIDUAL, Kind.INTERACTION]
    pairs = [PAIRS[0], PAIRS[1], PAIRS[1][::-1]]
    redescriptions = [redescription(pair, VIEWS, kind) for pair in pairs for kind in kinds]
    style = RRStyle(prefix="run7", min_jaccard=0.25, min_support=3, quote_ids=True)
    paths = write_rr_folder(redescriptions, VIEWS, tmp_path, style)
    assert [path.name for path in paths] == [
        "run7DLInterpretabilityMW n1 0.25 JSType 0minSupp 3.rr",
        "run7DLInterpretabilityMWAlln10.25 JSType 0minSupp 3.rr",
        "run7DLInterpretabilityMW stage 0.25 JSType 0minSupp 3.rr",
        "run7DLInterpretabilityMWAllstage0.25 JSType 0minSupp 3.rr",
    ]
    assert (tmp_path / "run7names.json").exists()
    written = [rr_names(VIEWS).written_view(view) for view in VIEWS]
    files = [read_rr(path, written) for path in paths]
    assert [(len(file), file.individual) for file in files] == [
        (2, True),
        (2, False),
        (1, True),
        (1, False),
    ]
    # The views keep their numbers whatever is explained.
    assert [query.view for query in files[2].redescriptions[0].queries] == ["x", "y"]
    assert "\n'9' 'b c' \n" in paths[0].read_text()


@pytest.mark.parametrize("name", ["n7", "fc2:7", "a/b", "..", "MWAllx", "n 0.5", "é" * 90])
@pytest.mark.parametrize("min_jaccard", [0.5, 1.0, 1e-4])
def test_the_name_of_a_file_says_its_target(name: str, min_jaccard: float) -> None:
    style = RRStyle(min_jaccard=min_jaccard)
    for kind in Kind:
        file_name = style.file_name(kind, name)
        assert Path(file_name).name == file_name
        assert len(file_name.encode()) <= 255
        target = RRTarget.of(file_name)
        assert target is not None
        assert (target.prefix, target.kind) == ("redescriptions", kind)
        assert target.is_called(name)
        assert ("MWAll" in file_name) == (kind is Kind.INTERACTION)
    assert RRTarget.of("other.rr") is None


def test_an_assessed_set_says_its_evidence(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(80, 2))
    dataset = Dataset.of([View.of("x", values), View.of("y", 2 * values)])
    assessed = assess(mine(dataset, MineParams(targets=("x",))), dataset)
    part = dataset.mining_part
    paths = write_rr_folder(assessed, part.views, tmp_path)
    text = paths[0].read_text()
    assert assessed.evidence.caveat in text.split("\n")
    file = read_rr(paths[0], [rr_names(part.views).written_view(v) for v in part.views])
    by_jaccard = [one.stated_jaccard for one in file]
    kept = [
        f.redescription
        for f in assessed
        if f"MW {f.redescription.attribute} " in str(paths[0])
    ]
    assert by_jaccard == [one.mined.jaccard for one in kept]
    assert [one.stated_p_value for one in file] == pytest.approx(
        [10**one.log10_p_mined for one in kept], rel=1e-6
    )
    tests = int(text.split("Number of tests: ")[1].split("\n")[0])
    assert tests == assessed.targets[0].n_candidates


def test_shared_names_get_the_view_in_front() -> None:
    views = [View.of(name, [[1.0, 2.0]], names=["a b", "c"]) for name in ("x", "y z")]
    assert rr_names(views).attributes == {
        "x": {"a b": "a%20b"},
        "y z": {"a b": "y%20z:a%20b", "c": "y%20z:c"},
    }


def test_ids_are_quoted_where_blanks_are_in_them() -> None:
    texts = [quoted_id(text) for text in ("a", "", "'a", '"', "a'b", "b c'")]
    assert texts == ["a", "''", '"\'a"', "'\"'", "a'b", '"b c\'"']


def test_a_view_that_is_not_there() -> None:
    with pytest.raises(UnknownNameError, match="There is no view 'y'"):
        write_rr([redescription(PAIRS[0], VIEWS)], [LEFT], "never.rr")


@pytest.mark.reference
def test_published_files_are_written_as_they_are(tmp_path: Path) -> None:
    folder = os.environ.get("REDESCRIBE_REFERENCE_DATA", "")
    if not folder:
        pytest.skip("REDESCRIBE_REFERENCE_DATA names no folder with the published results")
    reference = Path(folder)
    views = [read(reference / f"mlp-s-11{number}S.arff") for number in (1, 2)]
    n_read = 0
    for path in sorted((reference / "rr").glob("*.rr")):
        file = read_rr(path, views)
        again = tmp_path / path.name
        redescriptions = [redescription(one.queries, views) for one in file]
        write_rr(redescriptions, views, again, RRStyle(quote_ids=True))
        for one, other in zip(file, read_rr(again, views), strict=True):
            supports = [q.on(view) for q, view in zip(one.queries, views, strict=True)]
            assert [
                q.on(view) for q, view in zip(other.queries, views, strict=True)
            ] == supports
            assert other.differences(views) == []
            n_read += 1
        # All but p-values, the order of the ids, and the last lines.
        kept = re.compile(r"W\dR|JS:|Support|Rules|Covered|Union|Redesc|Found|Results")
        lines = [path.read_text().split("\n"), again.read_text().split("\n")]
        old, new = ([one for one in every if kept.match(one)] for every in lines)
        assert new == old
    assert n_read == 142
