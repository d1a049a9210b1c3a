"""docs/how-to/attributes.md runs as it stands, and names every attribute."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import numpy as np

from redescribe.cli.main import run
from redescribe.readers.images import image_attributes
from redescribe.readers.text import text_attributes

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "attributes.md").read_text(encoding="utf-8")
MENTIONED = set(re.findall(r"`([^`\n]+)`", PAGE))
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def test_the_examples_print_what_the_page_says() -> None:
    blocks = re.findall(r"```pycon\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 2
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "page", None, 0)
    assert len(examples.examples) > 10
    printed: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS).run(examples, out=printed.append)
    assert not printed, "".join(printed)


def test_every_attribute_is_named() -> None:
    of_texts = text_attributes(["a"]).names
    of_images = image_attributes(np.zeros((1, 4, 4, 3)), grid=0, layout="nhwc").names
    assert {*of_texts, *of_images} - MENTIONED == set()


def test_the_commands_exist() -> None:
    for name in ("text", "images"):
        assert f"redescribe attributes {name}" in PAGE
        assert run(["attributes", name, "--help"]) == 0


def test_the_readme_mentions_the_command_and_the_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "redescribe attributes" in readme
    assert "(docs/how-to/attributes.md)" in readme
