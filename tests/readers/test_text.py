"""Attributes of texts, worked out by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from redescribe.core.grammar import parse_query
from redescribe.core.notation import format_name
from redescribe.core.view import AttributeKind
from redescribe.errors import EntityMismatchError, ParameterError, ReadError, ViewError
from redescribe.readers import characters, tokens
from redescribe.readers.text import text_attributes
from redescribe.readers.text_params import ClassValues, TokenParams
from redescribe.readers.word_lists import LEXICAL_CLASSES, STOP_WORDS

if TYPE_CHECKING:
    from redescribe.core.view import View

NO_TOKENS = TokenParams(n_tokens=0)
NEWS = (
    "Oil rose 5% to $1,000.50! Why?",
    'He said "NO oil" in May 2004; see www.oil.com and https://x.y/z.',
    "",
    "The UN can't stay. Mr. Oil isn't older than 1999's Oil",
)


def values(view: View, *names: str) -> list[list[float]]:
    return [view.column(name).tolist() for name in names]


def test_length_and_shape_by_hand() -> None:
    view = text_attributes([NEWS[0]], tokens=NO_TOKENS)
    # Oil rose 5%_to $1,000.50!_Why?: 25 printed characters, 5 blanks.
    expected = {
        "n_characters": 30,
        "n_words": 8,  # oil rose 5 to 1 000 50 why
        "n_sentences": 2,
        "mean_word_length": (3 + 4 + 1 + 2 + 1 + 3 + 2 + 3) / 8,
        "share_of_digits": 7 / 25,
        "share_of_capitals": 2 / 25,
        "share_of_punctuation": 5 / 25,  # % , . ! ?
        "n_question_marks": 1,
        "n_exclamation_marks": 1,
        "n_quotes": 0,
        "n_currency_signs": 1,
        "n_numbers": 2,
        "n_urls": 0,
        "n_words_in_capitals": 0,
    }
    assert view.names[: len(expected)] == tuple(expected)
    for name, value in expected.items():
        assert view.column(name)[0] == pytest.approx(value), name


def test_signs_and_classes_by_hand() -> None:
    view = text_attributes(NEWS, tokens=NO_TOKENS)
    by_name = {
        "n_quotes": [0, 2, 0, 0],
        "n_numbers": [2, 1, 0, 1],
        "n_urls": [0, 2, 0, 0],
        "n_words_in_capitals": [0, 1, 0, 1],
        "n_sentences": [2, 1, 0, 3],
        "n_third_person_pronouns": [0, 1, 0, 0],
        "n_negations": [0, 1, 0, 2],
        "n_modal_verbs": [0, 1, 0, 1],  # may, the month, counts as the verb
        "n_comparatives": [0, 0, 0, 1],
        "n_question_words": [1, 0, 0, 0],
        "n_months": [0, 0, 0, 0],
    }
    assert values(view, *by_name) == list(by_name.values())


def test_own_classes_patterns_and_tokens() -> None:
    view = text_attributes(
        NEWS,
        classes={"energy": ["OIL", "gas"], "months": ["May"]},
        patterns={"year": r"\b(19|20)\d\d\b", "shout": "(?i)no"},
        tokens=TokenParams(vocabulary=("Oil", "gas", "UN")),
    )
    assert values(view, "n_energy", "n_months") == [[1, 2, 0, 2], [0, 1, 0, 0]]
    assert values(view, "has_year", "n_year") == [[0, 1, 0, 1], [0, 1, 0, 1]]
    assert values(view, "has_shout") == [[0, 1, 0, 0]]
    assert view.names[-3:] == ("mentions_oil", "mentions_gas", "mentions_un")
    mentioned = values(view, *view.names[-3:])
    assert mentioned == [[1, 1, 0, 1], [0, 0, 0, 0], [0, 0, 0, 1]]
    kinds = {attribute.name: attribute.kind for attribute in view.attributes}
    assert kinds["mentions_oil"] == kinds["has_year"] == AttributeKind.BOOLEAN
    assert kinds["n_year"] is AttributeKind.NUMERIC


def test_presence_of_classes() -> None:
    view = text_attributes(NEWS, class_values=ClassValues.PRESENCE, tokens=NO_TOKENS)
    assert values(view, "has_negations") == [[0, 1, 0, 1]]
    assert "n_negations" not in view.names


def test_the_most_telling_tokens_are_between_the_shares_and_no_stop_words() -> None:
    texts = ["the gold", "the gold tax", "The tax of a rare Gold x", "the tax a end"]
    params = TokenParams(min_share=0.5, max_share=0.75)
    names = text_attributes(texts, tokens=params).names
    assert [n for n in names if n.startswith("mentions_")] == [
        "mentions_gold",
        "mentions_tax",
    ]
    one = TokenParams(n_tokens=1, min_share=0, max_share=1, stop_words=())
    # One and three of four tell as much; a is left out, one letter; the is in all four.
    assert text_attributes(texts, tokens=one).names[-1] == "mentions_end"
    ranked = TokenParams(n_tokens=9, min_share=0, max_share=1, stop_words=())
    found = [n for n in text_attributes(texts, tokens=ranked).names if "mentions" in n]
    wanted = ["end", "gold", "of", "rare", "tax", "the"]
    assert found == [f"mentions_{token}" for token in wanted]


@pytest.mark.parametrize(
    "texts",
    [
        ["a oil", None, "oil!"],
        ["a oil", math.nan, "oil!"],
        ["a oil", np.float32("nan"), "oil!"],
        pd.Series(["a oil", None, "oil!"]),
        pd.Series(["a oil", None, "oil!"], dtype="string"),
        ["a oil", pd.NA, "oil!"],
        pl.Series(["a oil", None, "oil!"]),
        pa.array(["a oil", None, "oil!"]),
        np.array(["a oil", None, "oil!"], object),
        (text for text in ("a oil", None, "oil!")),
    ],
)
def test_a_missing_text_is_missing_everywhere(texts: object) -> None:
    view = text_attributes(texts, tokens=TokenParams(vocabulary=("oil",)))  # type: ignore[arg-type]
    missing = np.isnan(view.values)
    assert missing[:, 1].all()
    assert not missing[:, [0, 2]].any()
    assert values(view, "n_words", "mentions_oil")[0][::2] == [2, 1]


def test_missing_texts_do_not_count_for_the_shares() -> None:
    texts = ["oil", None, None, None, "gas"]
    view = text_attributes(texts, tokens=TokenParams(min_share=0.5, max_share=0.5))
    assert view.names[-2:] == ("mentions_gas", "mentions_oil")
    assert np.isnan(text_attributes([None, None]).values).all()


def test_an_empty_text_has_counts_and_no_shares() -> None:
    view = text_attributes(["", " \n", "-"])
    assert values(view, "n_characters", "n_words") == [[0, 2, 1], [0, 0, 0]]
    assert values(view, "n_sentences", "n_negations") == [[0, 0, 0], [0, 0, 0]]
    assert np.isnan(view.column("mean_word_length")).all()
    assert np.isnan(view.column("share_of_capitals")[:2]).all()
    assert values(view, "share_of_punctuation")[0][2] == 1


def test_one_text() -> None:
    view = text_attributes(["Only one."], ids=[7], name="titles")
    assert (view.name, view.entities.ids) == ("titles", ("7",))
    assert view.values.dtype == np.float32
    assert not [name for name in view.names if name.startswith("mentions_")]


def test_emoji_and_right_to_left() -> None:
    view = text_attributes(
        ["👍🏽 ok ❤️", "שלום עולם! מה?", "مَرحبا؟", "नमस्ते दुनिया।", "我喜欢。好\uff01"],
        tokens=NO_TOKENS,
    )
    assert values(view, "n_words") == [[1, 3, 1, 2, 2]]
    assert values(view, "n_sentences") == [[1, 2, 1, 1, 2]]
    assert values(view, "n_question_marks") == [[0, 1, 1, 0, 0]]
    assert values(view, "share_of_capitals") == [[0, 0, 0, 0, 0]]
    # A surrogate without its half, as damaged files have it, is a character too.
    assert values(text_attributes(["a\ud800"]), "n_characters") == [[2]]


def test_composed_and_decomposed_accents_agree() -> None:
    view = text_attributes(["caf\u00e9 É", "cafe\u0301 E\u0301"])
    np.testing.assert_array_equal(view.values[:, 0], view.values[:, 1])


def test_permuting_texts_permutes_columns_and_blocks_do_not_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts: list[str | None] = [*NEWS, None, "gas", "oil and gas", "x", "Gas's UN"]
    ids = [f"t{i}" for i in range(len(texts))]
    params = TokenParams(min_share=0, max_share=1)
    view = text_attributes(texts, ids=ids, tokens=params)
    order = np.random.default_rng(1).permutation(len(texts)).tolist()
    monkeypatch.setattr(tokens, "_BLOCK", 2)
    monkeypatch.setattr(characters, "_BLOCK", 3)
    again = text_attributes(
        [texts[i] for i in order], ids=[ids[i] for i in order], tokens=params
    )
    assert again.names == view.names
    assert again.entities.ids == tuple(ids[i] for i in order)
    np.testing.assert_array_equal(again.values, view.values[:, order])


def test_names_are_bare_words_and_rules_read_as_text() -> None:
    view = text_attributes(NEWS, tokens=TokenParams(vocabulary=("oil", "can't")))
    assert all(format_name(name) == name for name in view.names)
    query = parse_query("n_words > 7.5 AND mentions_oil", "words")
    assert query.on(view).mask.tolist() == [True, True, False, True]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"patterns": {"year": "("}}, "'year' is no regular expression.*position 0"),
        ({"patterns": {"long": "a{99999999999999999999}"}}, "'long' is no regular"),
        ({"patterns": {"": "a"}}, "A pattern is called ''"),
        ({"patterns": {"words": "a"}}, "Two attributes would be called 'n_words'"),
        ({"classes": {"money": "bank"}}, "'money' is one text"),
        ({"classes": {"money": []}}, "'money' has no words"),
        ({"classes": {"city": ["New York"]}}, "'New York' of class 'city' is no single"),
        ({"classes": {"words": ["x"]}}, "Two attributes would be called 'n_words'"),
    ],
)
def test_what_cannot_be_asked_for(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        text_attributes(["a"], **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one text", "a single text"),
        ([], "no text"),
        (["a", 3], "Text 1 is of type int: '3'"),
        ([b"a"], "Text 0 is of type bytes"),
    ],
)
def test_what_is_no_text(texts: list[object], message: str) -> None:
    with pytest.raises(ViewError, match=message):
        text_attributes(texts)


def test_ids_must_fit() -> None:
    with pytest.raises(EntityMismatchError, match="Got 1 ids for 2 texts"):
        text_attributes(["a", "b"], ids=["p"])
    with pytest.raises(ReadError, match="ids of the texts are neither texts nor"):
        text_attributes(["a", "b"], ids=["p", 3])
    with pytest.raises(ReadError, match="Row 2 of the ids of the texts has no id"):
        text_attributes(["a", "b"], ids=["p", None])
    with pytest.raises(EntityMismatchError, match=r"the ids of the texts.*'p' occurs 2"):
        text_attributes(["a", "b"], ids=["p", "p"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_tokens": -1}, "'n_tokens' parameter of TokenParams must be in the range"),
        ({"min_share": 0.6}, "'min_share' parameter of TokenParams is 0.6, above"),
        ({"stop_words": "the"}, "'stop_words' parameter of TokenParams is one text"),
    ],
)
def test_bounds_of_token_params(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        TokenParams(**arguments)  # type: ignore[arg-type]


def test_the_word_lists_are_folded_tokens_without_repetitions() -> None:
    for words in (*LEXICAL_CLASSES.values(), STOP_WORDS):
        assert len(set(words)) == len(words)
        assert [tokens.folded_token(word) for word in words] == list(words)
