"""The inputs of the benchmark of attribute makers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from benchmarks import makers
from benchmarks.run import SUBJECTS

from redescribe.readers.images import image_attributes

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_made_texts_are_as_long_as_news() -> None:
    texts = makers.made_texts(200)
    lengths = [len(text.split()) for text in texts if text is not None]
    assert len(lengths) == 200
    assert 35 < np.mean(lengths) < 43


def test_inputs_may_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "news.csv").write_text("text\nOil\nGas\n")
    images = makers.made_images(2)
    np.savez(tmp_path / "a.npz", test=images, labels=[0, 1])
    monkeypatch.setenv(makers.TEXTS, str(tmp_path / "news.csv"))
    monkeypatch.setenv(makers.IMAGES, f"{tmp_path / 'a.npz'}:test")
    assert makers.given_texts() == ["Oil", "Gas"]
    np.testing.assert_array_equal(makers.given_images(), images)


def test_a_row_says_what_was_made() -> None:
    images = makers.made_images(3)
    what, n, n_attributes, seconds, held, more = makers.row(
        "images", 3, lambda: image_attributes(images, grid=0), 1
    )
    assert (what, n, n_attributes) == ("images", 3, 22)
    assert all(isinstance(value, float) and value > 0 for value in (seconds, held, more))
    assert "makers" in SUBJECTS
