"""Every file is short, says what it is, and documents what it offers."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LIMITS = {"src": 400, "tests": 500}
# Numpydoc's sections, in its order.
SECTIONS = (
    "Parameters",
    "Attributes",
    "Returns",
    "Yields",
    "Raises",
    "Warns",
    "See Also",
    "Notes",
    "References",
    "Examples",
)
HEADING = re.compile(r"^( *)(\S[^\n]*)\n\1(-{3,})$", re.MULTILINE)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def public_definitions(
    tree: ast.Module | Documented, prefix: str = ""
) -> Iterator[tuple[str, Documented]]:
    """Public functions and classes, and the public methods of these classes."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if node.name.startswith("_"):
                continue
            yield f"{prefix}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node, f"{node.name}.")


def test_the_files_are_found() -> None:
    assert SOURCES
    assert Path(__file__) in TESTS


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=relative)
def test_files_are_short(path: Path) -> None:
    n_lines = len(path.read_text(encoding="utf-8").splitlines())
    assert n_lines <= LIMITS[path.relative_to(ROOT).parts[0]]


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_what_is_public_is_documented(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module has no docstring"
    missing = [
        name for name, node in public_definitions(tree) if not ast.get_docstring(node)
    ]
    assert missing == []


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_docstrings_have_the_sections_of_numpydoc(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for name, node in public_definitions(tree):
        found = HEADING.findall(ast.get_docstring(node) or "")
        titles = [title for _, title, _ in found]
        assert set(titles) <= set(SECTIONS), name
        assert all(len(title) == len(line) for _, title, line in found), name
        order = [SECTIONS.index(title) for title in titles]
        assert order == sorted(set(order)), f"{name}: {titles}"


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_documented_parameters_exist(path: Path) -> None:
    """No parameter is documented that the signature does not have."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for name, node in public_definitions(tree):
        if isinstance(node, ast.ClassDef):
            continue
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        known = {argument.arg for argument in every}
        known |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}
        section = re.search(
            r"^Parameters\n-+\n(.*?)(?=\n\n[A-Z][^\n]*\n---|\Z)",
            ast.get_docstring(node) or "",
            re.DOTALL | re.MULTILINE,
        )
        listed = re.findall(r"^([a-z]\w*(?:, \w+)*)$", section[1] if section else "", re.M)
        documented = {part for line in listed for part in line.split(", ")}
        assert documented <= known, f"{name} documents {sorted(documented - known)}"
