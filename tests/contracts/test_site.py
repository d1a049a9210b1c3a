"""The site: every page is in its table of contents, every public name in the reference."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs import make_cli

import redescribe

DOCS = Path(__file__).parents[2] / "docs"
# What decisions/index.md shows.
INCLUDED = {"decisions/README.md"}
TOCTREE = re.compile(r"^```\{toctree\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DIRECTIVE = re.compile(
    r"^\.\. (currentmodule|automodule|autoclass|autofunction|autoexception):: (\S+)", re.M
)
REFERENCE = sorted((DOCS / "reference").glob("*.md"))


def listed_by(page: Path) -> set[Path]:
    """The pages that the tables of contents of a page name."""
    found: set[Path] = set()
    for body in TOCTREE.findall(page.read_text(encoding="utf-8")):
        lines = [line for line in body.splitlines() if line and not line.startswith(":")]
        for line in lines:
            if "*" in line:
                assert ":glob:" in body, f"{page}: {line}"
                found |= set(page.parent.glob(f"{line}.md")) - {page}
            else:
                found.add((page.parent / f"{line}.md").resolve())
    return found


def test_every_page_is_in_a_table_of_contents() -> None:
    reached = {DOCS / "index.md"}
    waiting = list(reached)
    while waiting:
        new = listed_by(waiting.pop()) - reached
        reached |= new
        waiting.extend(new)
    missing = {
        page.relative_to(DOCS).as_posix()
        for page in DOCS.rglob("*.md")
        if page not in reached
    }
    assert missing - INCLUDED == set(), "add them to an index.md"
    assert all(page.is_file() for page in reached)


def documented() -> list[str]:
    """The full name of everything that the reference documents."""
    names = []
    for page in REFERENCE:
        module = ""
        for kind, name in DIRECTIVE.findall(page.read_text(encoding="utf-8")):
            if kind == "currentmodule":
                module = name
            elif kind == "automodule" or name.startswith("redescribe."):
                names.append(name)
            else:
                names.append(f"{module}.{name}")
    return names


@pytest.mark.parametrize("package", ["", "flint", "plot"])
def test_the_reference_has_every_public_name(package: str) -> None:
    owner = getattr(redescribe, package) if package else redescribe
    prefix = owner.__name__
    names = {f"{prefix}.{name}" for name in owner.__all__}
    names -= {"redescribe.flint", "redescribe.plot"}  # packages with pages of their own
    assert names - set(documented()) == set()


def test_what_the_reference_names_is_there() -> None:
    found = documented()
    # The estimator stands with the estimators and with the rules.
    assert len(found) == len(set(found))
    for name in found:
        owner, _, last = name.rpartition(".")
        module = __import__(owner, fromlist=[last])
        assert getattr(module, last, None) is not None, name


def test_the_page_of_the_commands_is_that_of_the_parser() -> None:
    text = make_cli.PAGE.read_text(encoding="utf-8")
    assert text == make_cli.page(), "run python -m docs.make_cli"


def test_every_command_is_on_the_page() -> None:
    names = [name for name, _ in make_cli.commands()]
    assert {"redescribe mine", "redescribe open", "redescribe config show"} <= set(names)
    text = make_cli.PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == names
