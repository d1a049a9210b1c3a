"""A notebook shows the report in a frame, in which every page opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import redescribe as rd
from redescribe.errors import ParameterError, ReadError

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

PAGE = "<!doctype html><meta charset='utf-8'><title>Notebook</title>"


@pytest.mark.web
def test_the_pages_open_in_the_frame(
    browser: Browser, report: Path, tmp_path: Path
) -> None:
    notebook = tmp_path / "notebook.html"
    notebook.write_text(PAGE + rd.show(report)._repr_html_(), "utf-8")
    problems: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(notebook.as_uri())
    frame = page.frame_locator("iframe")
    frame.get_by_role("navigation").get_by_role("link", name="Findings").click()
    frame.get_by_role("heading", name="Findings").first.wait_for()
    frame.locator(".tabulator-row").first.wait_for()
    assert page.title() == "Notebook"
    page.close()
    assert problems == []


def test_a_run_folder_is_made_a_report_of(report: Path) -> None:
    before = sorted(report.parent.rglob("*"))
    shown = rd.show(report.parent / "run", height=300)
    assert 'height="300"' in shown._repr_html_()
    assert "MB" in repr(shown)
    assert sorted(report.parent.rglob("*")) == before


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="There is no report at"):
        rd.show(tmp_path / "missing.html")
    with pytest.raises(ParameterError, match="height is in pixels"):
        rd.show(tmp_path, height=0)
