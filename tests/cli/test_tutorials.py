"""The tutorials run from top to bottom, and print what stands in them."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from docs.make_tutorials import FOLDER, PAGES, refreshed

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = "run python -m docs.make_tutorials"
DEMO = "$ redescribe demo --quiet -o demo | head -3\n"


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def without_seconds(page: str) -> str:
    return re.sub(r"\([\d.]+ s\)", "(… s)", page)


def blocks(page: str) -> list[str]:
    """The opening lines of the blocks, which tell whether a block prints anything."""
    return re.findall(r"^```\w+|^\$ .*", page, re.MULTILINE)


def test_every_tutorial_is_run() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == {*PAGES, "index"}


@pytest.mark.parametrize("name", ["table", "cluster"])
def test_tables_print_what_is_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = text_of(name)
    assert without_seconds(refreshed(page)) == without_seconds(page), MESSAGE


@pytest.mark.parametrize("name", ["pytorch", "hugging_face"])
def test_networks_run_and_print(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a network learns differs between machines, so numbers are not compared."""
    monkeypatch.chdir(tmp_path)
    page = text_of(name)
    again = refreshed(page)
    assert blocks(again) == blocks(page), MESSAGE
    assert " ✓ │" in again


def test_what_follows_the_demo_runs(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a run of other tables: the demo has a test of its own."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(finished, tmp_path / "demo")
    page = text_of("newcomer")
    assert page.count(DEMO) == 1
    page = page.replace(f"```console\n{DEMO}", "```text\n")
    assert blocks(refreshed(page)) == blocks(page)
    assert (tmp_path / "tables").is_dir()
