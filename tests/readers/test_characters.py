"""Kinds of characters."""

from __future__ import annotations

import pytest

from redescribe.readers.characters import CharacterKind, count_characters


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (" \t\n\u00a0\u3000", CharacterKind.BLANK),
        ("09٣½", CharacterKind.DIGIT),
        ("AÉЖ", CharacterKind.CAPITAL),
        ("aß字שि", CharacterKind.OTHER_LETTER),
        ("?؟\uff1f", CharacterKind.QUESTION_MARK),
        ("!\uff01¡", CharacterKind.EXCLAMATION_MARK),
        ('"\u201c\u201d«»', CharacterKind.QUOTE),
        (".,;'%-_", CharacterKind.OTHER_PUNCTUATION),
        ("$€£¥", CharacterKind.CURRENCY_SIGN),
        ("👍+\ufe0f\u200d\ud800\u20e3", CharacterKind.OTHER),
    ],
)
def test_each_kind(text: str, kind: CharacterKind) -> None:
    counts = count_characters([text, "", text * 2])
    assert counts[:, kind].tolist() == [len(text), 0, 2 * len(text)]
    assert counts.sum() == 3 * len(text)


def test_no_texts() -> None:
    assert count_characters([]).shape == (0, len(CharacterKind))
