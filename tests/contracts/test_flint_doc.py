"""docs/flint.md holds what benchmark and examples have written."""

from __future__ import annotations

from docs.make_flint import EXAMPLES, FOLDER, PAGE, page


def test_the_page_is_made_of_the_figures() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_figure_of_the_page_is_small_and_there() -> None:
    for name in EXAMPLES:
        if (FOLDER / "data" / f"flint_{name}.json").exists():
            figure = FOLDER / "images" / f"flint_{name}.webp"
            assert figure.stat().st_size < 100_000
