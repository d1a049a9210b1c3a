"""Tokens: what they are, and counts compared with plain Python."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.readers.tokens import Tokens, folded_token

TEXTS = st.lists(st.text("ab c's\u2019Éß-1_", max_size=12), max_size=9)


def words(text: str) -> list[str]:
    found = Tokens.of([text])
    return [found.vocabulary[code] for code in found.codes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rain-Soaked U.N. snake_case", ["rain", "soaked", "u", "n", "snake", "case"]),
        ("Don\u2019t don't 'quoted' Iraq's", ["don't", "don't", "quoted", "iraq"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("1st 3.14 B2B", ["1st", "3", "14", "b2b"]),
        ("हिन्दी कि", ["हिन्दी", "कि"]),
        ("بي\u200cبي شب", ["بي\u200cبي", "شب"]),
        ("1️⃣ ❤️", ["1"]),
        ("今日は、晴れ", ["今日は", "晴れ"]),
    ],
)
def test_what_a_token_is(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_what_is_no_single_token() -> None:
    assert [folded_token(text) for text in ("", "a b", "-", "O'Neil")] == [
        None,
        None,
        None,
        "o'neil",
    ]


@given(texts=TEXTS)
def test_counts_agree_with_plain_python(texts: list[str]) -> None:
    found = Tokens.of(texts)
    plain = [words(text) for text in texts]
    assert found.counts.tolist() == [len(text) for text in plain]
    in_texts = Counter(token for text in plain for token in set(text))
    frequencies = found.document_frequencies().tolist()
    assert dict(zip(found.vocabulary, frequencies, strict=True)) == in_texts
    members = np.array([token.startswith("a") for token in found.vocabulary], np.bool_)
    counted = [sum(token.startswith("a") for token in text) for text in plain]
    assert found.counts_of(members).tolist() == counted
    rows = np.full((2, len(texts)), np.nan, np.float32)
    found.fill_presence(["a", "nowhere"], rows)
    assert rows.tolist() == [["a" in text for text in plain], [0] * len(texts)]


@given(text=st.text("ab c's-1", max_size=20))
def test_the_short_form_for_ascii_finds_the_same_tokens(text: str) -> None:
    with_another_script = f"{text} é"
    assert words(with_another_script) == [*words(text), "é"]
