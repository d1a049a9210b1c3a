"""docs/several_views.md and the README show what the commands print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from docs import make_several_views as several_views

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
PAGE = several_views.PAGE.read_text(encoding="utf-8")


def test_the_page_is_that_of_the_script() -> None:
    assert several_views.page() == PAGE, "Run: python -m docs.make_several_views"


@pytest.mark.parametrize("language", ["console", "text"])
def test_the_passage_of_the_readme_is_on_the_page(language: str) -> None:
    passage = README[README.index("With three or more views") :]
    found = re.search(rf"```{language}\n(.*?)```", passage, re.DOTALL)
    assert found is not None
    assert found[1].strip("\n") in PAGE


def test_the_command_is_the_one_that_was_run() -> None:
    found = re.search(r"\$ redescribe (mine.*?)\n```", PAGE, re.DOTALL)
    assert found is not None
    assert shlex.split(found[1].replace("\\\n", "")) == shlex.split(several_views.MINE)
