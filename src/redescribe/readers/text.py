"""Texts -> a view of their length, shape, lexical classes, patterns and tokens."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.view import BOOLEAN_CATEGORIES, Attribute, AttributeKind, View
from redescribe.errors import ParameterError, ViewError
from redescribe.readers.characters import (
    PUNCTUATION,
    WORD_CHARACTERS,
    CharacterKind,
    count_characters,
)
from redescribe.readers.given_ids import given_entities
from redescribe.readers.text_params import ClassValues, TokenParams
from redescribe.readers.tokens import Tokens, folded_token, has_token
from redescribe.readers.word_lists import LEXICAL_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from redescribe._typing import AnyArray, Mask, Values
    from redescribe.core.entities import EntityIndex

    Column = tuple[Attribute, AnyArray]

_SENTENCE_END = re.compile(
    "[.!?\u2026\u061f\u0964]+[\"'\u201d\u2019)\\]]*(?:\\s+|$)|[\u3002\uff01\uff1f]+"
)
# What a match begins with stands first and what must not precede it second: the search
# then jumps to such characters, which halves its time.
_NUMBER = re.compile(r"\d(?<![^\W_]\d)\d*+(?:[.,]\d+)*(?![^\W_])")
_URL = re.compile(r"(?:https?://|\bwww\.)\S", re.IGNORECASE)
_CAPITALS = re.compile(r"[^\W\d_a-z](?<![^\W_][^\W_])[^\W\d_a-z]++(?![^\W_])")


def text_attributes(
    texts: Iterable[object],
    *,
    ids: EntityIndex | Iterable[object] | None = None,
    name: str = "words",
    classes: Mapping[str, Iterable[str]] | None = None,
    class_values: ClassValues | str = ClassValues.COUNT,
    patterns: Mapping[str, str] | None = None,
    tokens: TokenParams = TokenParams(),  # noqa: B008 - frozen
) -> View:
    r"""Return readable attributes of texts as a view.

    Parameters
    ----------
    texts
        One text per entity: a list, a column of a data frame or data set, or an array.
        None, NaN and the NA of pandas are missing, and so are all attributes there.
    ids
        One per text; without them, the entities are called "0", "1", ….
    name
        Name of the view.
    classes
        Further lexical classes, such as `{"finance": ["stock", "shares"]}`. A class called
        like one of `word_lists.LEXICAL_CLASSES`, which are English, takes its place.
    class_values
        "count" (`n_finance`) or "presence" (`has_finance`).
    patterns
        Regular expressions, such as `{"year": r"\b(19|20)\d\d\b"}`, which give `has_year`
        and `n_year`, the number of matches that do not overlap. As in `re`, case counts
        unless the pattern begins with `(?i)`. They run as they are: a pattern that takes
        forever on a text does so here.
    tokens
        Which tokens give attributes such as `mentions_oil`.

    Returns
    -------
    View
        float32. `n_characters`, `n_words`, `n_sentences` and `mean_word_length` (letters
        and digits per word); `share_of_digits`, `share_of_capitals` and
        `share_of_punctuation` of the characters that are not blank; the number of question
        marks, exclamation marks, quotes, currency signs, numbers, URLs and words in
        capitals (two letters or more); lexical classes, patterns and tokens. The shares
        of a text without characters and the word length of one without words are missing.

    Raises
    ------
    ViewError
        If there is no text, or something that is no text.
    ParameterError
        If a pattern is no regular expression, a word of a class or of the vocabulary is no
        single token, or two attributes would have one name.
    EntityMismatchError, ReadError
        If the ids do not fit the texts.

    Notes
    -----
    Characters are code points, accents composed where Unicode can. Words are the tokens of
    `redescribe.readers.tokens`: runs of letters and digits in any script, of one case; what
    has no blanks between words, as Chinese, is one token from sign to sign. Sentences end
    with a full stop, question or exclamation mark before a blank, so abbreviations such as
    `Mr. Smith` end one too.

    Examples
    --------
    >>> view = text_attributes(["Oil rose 5%. Why?", "No news.", None])
    >>> view.names[:4]
    ('n_characters', 'n_words', 'n_sentences', 'mean_word_length')
    >>> view.column("n_words"), view.column("n_negations")
    (array([ 4.,  2., nan], dtype=float32), array([ 0.,  1., nan], dtype=float32))
    """
    given = _given(texts)
    entities = given_entities(ids, len(given), what="texts")
    known = [unicodedata.normalize("NFC", text or "") for text in given]
    missing = np.array([text is None for text in given])
    lexicons = _lexicons(classes or {})
    expressions = {key: _compiled(key, text) for key, text in (patterns or {}).items()}
    found = Tokens.of(known)
    columns = [
        *_lengths(known, found),
        *_signs(known),
        *_class_columns(lexicons, found, ClassValues(class_values)),
        *_pattern_columns(expressions, known),
    ]
    chosen = _vocabulary(tokens) or _most_telling(found, tokens, int((~missing).sum()))
    attributes = [attribute for attribute, _ in columns]
    attributes += [_boolean(f"mentions_{token}") for token in chosen]
    _check_distinct(attributes)
    values: Values = np.empty((len(attributes), len(known)), np.float32)
    for row, (_, column) in zip(values, columns, strict=False):
        row[:] = column
    found.fill_presence(chosen, values[len(columns) :])
    values[:, missing] = np.nan
    return View(name, entities, tuple(attributes), values)


def _given(texts: Iterable[object]) -> list[str | None]:
    """The texts as plain values; None where one is missing."""
    if isinstance(texts, (str, bytes)):
        em = "The texts are a single text: give a list with one text per entity."
        raise ViewError(em)
    values = texts.to_pylist() if hasattr(texts, "to_pylist") else texts
    given = [_text(position, value) for position, value in enumerate(values)]
    if not given:
        em = "There is no text: give at least one."
        raise ViewError(em)
    return given


def _text(position: int, value: object) -> str | None:
    """Accept texts, None, NaN, and the NA of pandas, which has no truth value."""
    if isinstance(value, str):
        return str(value)
    is_nan = isinstance(value, (float, np.floating)) and bool(np.isnan(value))
    if value is None or is_nan or type(value).__name__ == "NAType":
        return None
    em = (
        f"Text {position} is of type {type(value).__name__}: {str(value)[:40]!r}. Give "
        "texts, and None where one is missing."
    )
    raise ViewError(em)


def _number(name: str, values: AnyArray) -> Column:
    return Attribute(name), values


def _boolean(name: str) -> Attribute:
    return Attribute(name, AttributeKind.BOOLEAN, BOOLEAN_CATEGORIES)


def _lengths(texts: Sequence[str], found: Tokens) -> Iterator[Column]:
    kinds = count_characters(texts)
    characters = kinds.sum(axis=1)
    printed = characters - kinds[:, CharacterKind.BLANK]
    yield _number("n_characters", characters)
    yield _number("n_words", found.counts)
    yield _number("n_sentences", np.array([_n_sentences(text) for text in texts]))
    word_characters = kinds[:, list(WORD_CHARACTERS)].sum(axis=1)
    yield _number("mean_word_length", _ratio(word_characters, found.counts))
    for name, counted in (
        ("share_of_digits", kinds[:, CharacterKind.DIGIT]),
        ("share_of_capitals", kinds[:, CharacterKind.CAPITAL]),
        ("share_of_punctuation", kinds[:, list(PUNCTUATION)].sum(axis=1)),
    ):
        yield _number(name, _ratio(counted, printed))
    for name, kind in (
        ("n_question_marks", CharacterKind.QUESTION_MARK),
        ("n_exclamation_marks", CharacterKind.EXCLAMATION_MARK),
        ("n_quotes", CharacterKind.QUOTE),
        ("n_currency_signs", CharacterKind.CURRENCY_SIGN),
    ):
        yield _number(name, kinds[:, kind])


def _ratio(parts: AnyArray, whole: AnyArray) -> AnyArray:
    """Parts of a whole; missing where the whole is nothing."""
    shares = np.full(len(parts), np.nan)
    return np.asarray(np.divide(parts, whole, out=shares, where=whole > 0))


def _n_sentences(text: str) -> int:
    return sum(map(has_token, _SENTENCE_END.split(text)))


def _signs(texts: Sequence[str]) -> Iterator[Column]:
    yield _number("n_numbers", _n_matches(_NUMBER, texts))
    yield _number("n_urls", _n_matches(_URL, texts))
    in_capitals = [sum(map(str.isupper, _CAPITALS.findall(text))) for text in texts]
    yield _number("n_words_in_capitals", np.array(in_capitals))


def _n_matches(expression: re.Pattern[str], texts: Sequence[str]) -> AnyArray:
    return np.array([len(expression.findall(text)) for text in texts])


def _lexicons(classes: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Folded words by class, the built-in classes first."""
    read = {}
    for key, words in {**LEXICAL_CLASSES, **classes}.items():
        _check_key(key, "class")
        if isinstance(words, str):
            em = f"Class {key!r} is one text, {words!r}: give a list of its words."
            raise ParameterError(em)
        read[key] = frozenset(_word(word, f"class {key!r}") for word in words)
        if not read[key]:
            em = f"Class {key!r} has no words: give at least one, or leave it out."
            raise ParameterError(em)
    return read


def _word(word: str, where: str) -> str:
    token = folded_token(word)
    if token is None:
        em = (
            f"{word!r} of {where} is no single word: give words of letters and digits, or "
            "use a pattern."
        )
        raise ParameterError(em)
    return token


def _class_columns(
    lexicons: Mapping[str, frozenset[str]], found: Tokens, measured: ClassValues
) -> Iterator[Column]:
    for key, words in lexicons.items():
        members: Mask = np.array([word in words for word in found.vocabulary], np.bool_)
        counted = found.counts_of(members)
        if measured is ClassValues.COUNT:
            yield _number(f"n_{key}", counted)
        else:
            yield _boolean(f"has_{key}"), counted > 0


def _compiled(key: str, text: str) -> re.Pattern[str]:
    _check_key(key, "pattern")
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError, TypeError) as error:
        em = (
            f"Pattern {key!r} is no regular expression: {text!r} ({error}). Correct it; "
            "re.escape() gives a pattern for a plain text."
        )
        raise ParameterError(em) from None


def _check_key(key: str, what: str) -> None:
    if not str(key).strip():
        em = f"A {what} is called {key!r}: give it a name, which becomes an attribute's."
        raise ParameterError(em)


def _pattern_columns(
    expressions: Mapping[str, re.Pattern[str]], texts: Sequence[str]
) -> Iterator[Column]:
    for key, expression in expressions.items():
        counted = _n_matches(expression, texts)
        yield _boolean(f"has_{key}"), counted > 0
        yield _number(f"n_{key}", counted)


def _vocabulary(params: TokenParams) -> list[str]:
    return list(dict.fromkeys(_word(w, "the vocabulary") for w in params.vocabulary))


def _most_telling(found: Tokens, params: TokenParams, n_texts: int) -> list[str]:
    """The tokens whose presence varies most, most varying first."""
    stopped = frozenset(_word(word, "the stop words") for word in params.stop_words)
    frequencies = found.document_frequencies()
    least, most = params.min_share * n_texts, params.max_share * n_texts
    candidates = [
        (-int(frequencies[i] * (n_texts - frequencies[i])), found.vocabulary[i])
        for i in np.flatnonzero((frequencies >= least) & (frequencies <= most))
    ]
    ranked = sorted(
        (rank, token)
        for rank, token in candidates
        if token not in stopped and not (len(token) == 1 and token.isascii())
    )
    return [token for _, token in ranked[: params.n_tokens]]


def _check_distinct(attributes: Sequence[Attribute]) -> None:
    seen: set[str] = set()
    for attribute in attributes:
        if attribute.name in seen:
            em = (
                f"Two attributes would be called {attribute.name!r}: give the class or "
                "pattern another name."
            )
            raise ParameterError(em)
        seen.add(attribute.name)
