from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import arff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redescribe.core.view import AttributeKind
from redescribe.errors import ReadError, UnknownNameError, ViewError
from redescribe.readers import arff as our_arff
from redescribe.readers.arff import read_arff
from redescribe.readers.columns import ColumnRequest

if TYPE_CHECKING:
    from redescribe.core.view import View

HEADER = """% a comment
@RELATION 'a b'

@Attribute id string
@attribute 'blood pressure' numeric
\t@ATTRIBUTE  stage  {I, 'II b' ,"it's"}
"""


def view_of(folder: Path, text: str | bytes, **request: object) -> View:
    path = folder / "table.arff"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_arff(path, ColumnRequest(**request))  # type: ignore[arg-type]


def texts_of(view: View, name: str) -> list[str | None]:
    categories = view.attributes[view.position(name)].categories
    return [None if np.isnan(c) else categories[int(c)] for c in view.column(name)]


@pytest.mark.parametrize(
    "rows",
    [
        "p1,1.5,I\np2,?,?\n",
        "'p1',1.5,I\n\n% nothing\n'p2',?,?",
        '"p1",1.5,"I"\n"p2",?,?\n',
        "'p1', 1.5 ,\t\"I\"\n  % nothing\np2,,\n\n",
        "{0 p1, 1 1.5}\n{0 'p2', 1 ?,2 ?}\n",
        "p1,+1.5,I\r\n{1 ?,0 'p2', 2 ?}\r\n",
    ],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_rows_in_every_spelling(tmp_path: Path, rows: str, line_break: str) -> None:
    text = f"{HEADER}@DATA % the rows\n{rows}".replace("\r\n", "\n")
    view = view_of(tmp_path, text.replace("\n", line_break))
    assert view.name == "table"
    assert view.entities.ids == ("p1", "p2")
    assert view.names == ("blood pressure", "stage")
    assert view.attributes[1].kind is AttributeKind.NOMINAL
    assert view.attributes[1].categories == ("I", "II b", "it's")
    np.testing.assert_array_equal(view.values, [[1.5, np.nan], [0, np.nan]])


def test_quoted_question_marks_are_texts(tmp_path: Path) -> None:
    header = "@relation r\n@attribute k string\n@attribute s string\n@data\n"
    for quote in "'\"":
        view = view_of(tmp_path, f"{header}a,{quote}?{quote}\nb,?\n{quote}c{quote},x\n")
        assert texts_of(view, "s") == ["?", None, "x"]


def test_escapes(tmp_path: Path) -> None:
    names = r"@attribute 'it\'s' real" + "\n" + r'@attribute "a\"b\\c" real' + "\n"
    rows = r"1,2,'a\'b'" + "\n" + r'3,4,"a\"\t\101\u00e9"' + "\n"
    view = view_of(tmp_path, f"{names}@attribute s string\n@data\n{rows}")
    assert view.names == ("it's", 'a"b\\c', "s")
    assert texts_of(view, "s") == ["a'b", 'a"\tAé']


def test_unquoted_texts_may_hold_blanks_and_apostrophes(tmp_path: Path) -> None:
    header = "@attribute a real\n@attribute s string\n@data\n"
    assert texts_of(view_of(tmp_path, f"{header}1, x y \n2,z\n"), "s") == ["x y", "z"]
    assert texts_of(view_of(tmp_path, f"{header}1,it's\n2,\u00e9\n"), "s") == ["it's", "é"]


def test_sparse_rows_default_to_zero_and_to_the_first_value(tmp_path: Path) -> None:
    header = "@attribute a real\n@attribute b {u, v}\n@attribute c real\n@data\n"
    view = view_of(tmp_path, f"{header}{{}}\n{{ 1 v , 2 -3e1 }}\n{{0 ?}}\n{{1 'v'}}\n")
    expected = [[0, 0, np.nan, 0], [0, 1, 0, 1], [0, -30, 0, 0]]
    np.testing.assert_array_equal(view.values, expected)


def test_the_ids(tmp_path: Path) -> None:
    rows = "@data\n1.0,x,3\n2.0,y,4\n"
    header = "@attribute a real\n@attribute k string\n@attribute ID integer\n"
    assert view_of(tmp_path, header + rows).entities.ids == ("3", "4")
    assert view_of(tmp_path, header + rows, id_column="k").entities.ids == ("x", "y")
    assert view_of(tmp_path, header + rows, id_column="a").entities.ids == ("1", "2")
    header = header.replace("ID", "b")
    assert view_of(tmp_path, header + rows).entities.ids == ("0", "1")
    with pytest.raises(UnknownNameError, match="no id column 'c'"):
        view_of(tmp_path, header + rows, id_column="c")
    with pytest.raises(ReadError, match=r"Row 2 of .* has no id in column 'k'"):
        view_of(tmp_path, "@attribute k string\n@attribute a real\n@data\nx,1\n?,2\n")


def test_a_date_is_refused_only_if_it_is_read(tmp_path: Path) -> None:
    text = "@attribute a real\n@attribute d date 'yyyy-MM-dd'\n@data\n1,2020-01-01\n"
    assert view_of(tmp_path, text, columns=("a",)).names == ("a",)
    assert view_of(tmp_path, text, id_column="d").entities.ids == ("2020-01-01",)
    with pytest.raises(ReadError, match=r"Attribute 'd' of .* is a date"):
        view_of(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "ends after line 1 without @data"),
        (HEADER, "ends after line 7 without @data"),
        ("@relation r\n@data\n1\n", "has no @attribute line before @data in line 2"),
        ("a,b\n1,2\n@data\n", "Line 1 of .* reads 'a,b'"),
        ("@relation r\n@attribute a\n@data\n1\n", "Line 2 of .* 'a' of type ''"),
        ("@attribute a rael\n@data\n1\n", "Line 1 of .* 'a' of type 'rael'"),
        ("@attribute 'a real\n@data\n1\n", "Line 1 of .* no readable attribute name"),
        ("@attribute a {u, v\n@data\nu\n", "Line 1 of .* list that no '}' closes"),
        ("@attribute a {u, 'v}\n@data\nu\n", "Line 1 of .* quote that is never closed"),
        ("@attribute a {u, u}\n@data\nu\n", "Line 1 of .* distinct, non-empty values"),
        ("@attribute a {}\n@data\nu\n", "Line 1 of .* distinct, non-empty values"),
        ("@attribute é real\n@data\n1\n".encode("latin-1"), "is not a UTF-8 text"),
        (f"{HEADER}@data\nx,1,\u00e9\n".encode("latin-1"), "is not a UTF-8 text"),
        (f"{HEADER}@data\n", "has no rows after @data"),
        (
            f"{HEADER}@data\np,1,I\nq,2\n",
            "Line 9 of .* has 2 cells for 3 attributes: 'q,2'",
        ),
        (f"{HEADER}@data\np,1,I\n\n%\nq,2,I,3\n", "Line 11 of .* has 4 cells for 3"),
        (f"{HEADER}@data\np,1,I\nq,x,I\n", "Line 9 of .* 'x' for the numeric .*'blood"),
        (f"{HEADER}@data\np,1_0,I\n", "Line 8 of .* '1_0' for the numeric"),
        (f"{HEADER}@data\np,1,I\nq,2,V\n", "Line 9 of .* 'V' .*'stage', .*{I, II b, it's}"),
        (f"{HEADER}@data\n'p',1,I\n'q,2,I\n'r',3,I\n", "Line 9 of .* quote that is never"),
        (f"{HEADER}@data\n'p',1,I\n'q'r,2,I\n", "Line 9 of .* after a closing quote"),
        (f"{HEADER}@data\n{{0 p, 1 1\n", "Line 8 of .* sparse row that no '}' closes"),
        (f"{HEADER}@data\n{{0 p, 7 1}}\n", "Line 8 of .* gives attribute 7, .* 0 to 2"),
        (f"{HEADER}@data\n{{0 p, 0 q}}\n", "Line 8 of .* gives attribute 0 twice"),
        (f"{HEADER}@data\n{{0 p, 1}}\n", "Line 8 of .* has '1' in a sparse row"),
        (f"{HEADER}@data\n{{1 3}}\n", "Line 8 of .* leaves out the string attribute 'id'"),
        (f"{HEADER}@data\n{{0 'p}}\n", "Line 8 of .* quote that is never closed"),
        (f"{HEADER}@data\n{{0 'p'q}}\n", "Line 8 of .* after a closing quote"),
    ],
)
def test_errors_name_the_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        view_of(tmp_path, text)


def test_attributes_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ViewError, match="2 columns called 'a'"):
        view_of(tmp_path, "@attribute a real\n@attribute 'a' real\n@data\n1,2\n")


def test_a_single_attribute_and_lines_of_blanks(tmp_path: Path) -> None:
    view = view_of(tmp_path, "@attribute a {x}\n@data\nx\n  \n?\n")
    assert texts_of(view, "a") == ["x", None]


# liac-arff writes quotes and backslashes of names, and braces of values, unescaped.
words = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="'\"\\"),
    min_size=1,
    max_size=5,
)
names = st.lists(words, min_size=1, max_size=2).map(" ".join)
values = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="{}"),
    min_size=1,
    max_size=6,
).filter(lambda text: text != "?" and text.strip() == text)
kinds = st.sampled_from(["NUMERIC", "REAL", "STRING"]) | st.lists(
    values, min_size=1, max_size=4, unique=True
)


@st.composite
def tables(draw: st.DrawFn, *, texts: st.SearchStrategy[str] = values) -> dict[str, Any]:
    column = st.tuples(names.filter(lambda name: name.lower() != "id"), kinds)
    columns = draw(st.lists(column, min_size=1, max_size=5, unique_by=lambda c: c[0]))
    cells: list[st.SearchStrategy[Any]] = []
    for _, kind in columns:
        if isinstance(kind, list):
            cells.append(st.none() | st.sampled_from(kind))
        elif kind == "STRING":
            cells.append(st.none() | texts)
        else:
            cells.append(st.none() | st.floats(allow_nan=False, allow_infinity=False))
    rows = draw(st.lists(st.tuples(*cells), min_size=1, max_size=8))
    attributes = [("id", "STRING"), *columns]
    return {
        "relation": "r",
        "attributes": attributes,
        "data": [[f"e{i}", *row] for i, row in enumerate(rows)],
    }


def read_back(view: View) -> list[list[float | str | None]]:
    columns: list[list[Any]] = [list(view.entities.ids)]
    for attribute in view.attributes:
        if attribute.is_numeric:
            numbers = view.column(attribute.name).tolist()
            columns.append([None if np.isnan(number) else number for number in numbers])
        else:
            columns.append(list(texts_of(view, attribute.name)))
    return [list(row) for row in zip(*columns, strict=True)]


@settings(deadline=None, max_examples=150)
@given(tables())
def test_tables_written_by_liac_arff_read_back_equal(table: dict[str, Any]) -> None:
    text = arff.dumps(table)
    with TemporaryDirectory() as folder:
        view = view_of(Path(folder), text)
    assert view.names == tuple(name for name, _ in table["attributes"][1:])
    for attribute, (_, kind) in zip(view.attributes, table["attributes"][1:], strict=True):
        if isinstance(kind, list):
            assert attribute.categories == tuple(kind)
    assert read_back(view) == table["data"]


@settings(deadline=None, max_examples=100)
@given(tables(texts=st.text("ab,'\"%{ \\", min_size=1, max_size=4)))
def test_the_fast_reader_agrees_with_the_reader_of_rows(table: dict[str, Any]) -> None:
    text = arff.dumps(table)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        fast = view_of(Path(folder), text)
        patch.setattr(our_arff, "_read_dense", lambda *_: None)
        slow = view_of(Path(folder), text)
    assert fast.attributes == slow.attributes
    np.testing.assert_array_equal(fast.values, slow.values)


def assert_same_fast_and_slow(folder: Path, text: str) -> None:
    def outcome() -> object:
        try:
            view = view_of(folder, text)
        except ValueError as error:
            return str(error)
        return view.entities, view.attributes, view.values.tolist()

    with pytest.MonkeyPatch.context() as patch:
        fast = outcome()
        patch.setattr(our_arff, "_read_dense", lambda *_: None)
        slow = outcome()
    assert repr(fast) == repr(slow)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.text("ab1,?'\"% \t\r\x1c\xa0\\{}", max_size=8), min_size=1, max_size=5),
    st.sampled_from(["string", "{a, b, ab, '?'}"]),
)
def test_wild_rows_read_the_same_fast_and_slow(rows: list[str], kind: str) -> None:
    header = f"@attribute k {kind}\n@attribute a real\n@attribute s {kind}\n@data\n"
    text = header + "".join(f"b,{i},{row}\n" for i, row in enumerate(rows))
    text = text.replace("attribute a", "attribute id")

    with TemporaryDirectory() as folder:
        assert_same_fast_and_slow(Path(folder), text)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text("123.,eE+-_nNaAiIfF? x", max_size=6), min_size=1, max_size=2))
def test_wild_numbers_read_the_same_fast_and_slow(cells: list[str]) -> None:
    header = "@attribute k string\n@attribute a real\n@data\n"
    text = header + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells))
    with TemporaryDirectory() as folder:
        assert_same_fast_and_slow(Path(folder), text)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.dictionaries(st.integers(0, 3), st.floats(-5, 5).filter(bool), max_size=4),
        min_size=1,
        max_size=6,
    )
)
def test_sparse_tables_written_by_liac_arff(rows: list[dict[int, float]]) -> None:
    table = {
        "relation": "r",
        "attributes": [(f"x{i}", "REAL") for i in range(4)],
        "data": rows,
    }
    written = io.StringIO()
    arff.dump(table, written)
    with TemporaryDirectory() as folder:
        view = view_of(Path(folder), written.getvalue())
    expected = [[row.get(i, 0.0) for row in rows] for i in range(4)]
    np.testing.assert_array_equal(view.values, expected)


def test_plain_bodies_are_read_fast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("read row by row")

    monkeypatch.setattr(our_arff, "read_rows", refuse)
    view = view_of(tmp_path, f"{HEADER}@data\n% c\n'p 1',1,I\n\n'p,2',?,'II b'\n")
    assert view.entities.ids == ("p 1", "p,2")
    view = view_of(tmp_path, f"{HEADER}@data\np1, 1, I\np2, 2, I\n")
    assert texts_of(view, "stage") == ["I", "I"]
