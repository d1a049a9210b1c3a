"""docs/examples.md holds what the examples have written."""

from __future__ import annotations

from docs.make_examples import PAGE, page


def test_the_page_is_made_of_the_figures() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
