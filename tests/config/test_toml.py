"""TOML as text: values, keys, lines."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.config.toml import line_numbers, place_text, toml_text, value_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.lists(TEXTS, max_size=3),
)
TABLES = st.dictionaries(TEXTS, st.dictionaries(TEXTS, VALUES, min_size=1), max_size=3)


@given(table=TABLES)
def test_tables_read_back(table: dict[str, dict[str, object]]) -> None:
    assert tomllib.loads(toml_text(table, {})) == table


@pytest.mark.parametrize("text", ["\x7f", "\x00\x1f", '"\\', "😀", "\u2028", "a\r\nb"])
def test_awkward_texts_read_back(text: str) -> None:
    assert tomllib.loads(f"{place_text((text,))} = {value_text(text)}") == {text: text}


def test_tables_come_after_the_keys_around_them() -> None:
    table = {"a": {"inner": {"x": 1}, "y": 2}}
    assert toml_text(table, {}) == "[a]\ny = 2\n\n[a.inner]\nx = 1"


def test_lines_of_every_form_of_key() -> None:
    text = '''\
# [mine]
a = """
[mine]
seed = 3
"""

[mine]  # a comment
seed = 1
trees = { max_depth = 2 }
language.negation = true
targets = [
  "seed = 3",

  "[mine]",
]
"par[t]ners" = []
'''
    assert line_numbers(text) == {
        ("a",): 2,
        ("mine",): 7,
        ("mine", "seed"): 8,
        ("mine", "trees"): 9,
        ("mine", "trees", "max_depth"): 9,
        ("mine", "language"): 10,
        ("mine", "language", "negation"): 10,
        ("mine", "targets"): 11,
        ("mine", "par[t]ners"): 16,
    }
