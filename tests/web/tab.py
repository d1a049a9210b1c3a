"""One page of a report in a browser that may reach nothing but its server."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page


class Tab:
    """Opens addresses inside a report; collects what must not happen."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.problems: list[str] = []
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("dialog", lambda dialog: self.problems.append(dialog.message))
        page.on("request", lambda request: self._asked(request.url))

    def open(self, place: str = "", ready: str = "main h2") -> Page:
        """Open a place such as `r/R1?rules=symbols`, and wait until it is drawn."""
        self.page.goto(f"{self.url}#/{place}")
        self.page.wait_for_selector(ready)
        return self.page

    def wait(self, expression: str) -> None:
        """Wait until something holds in the page, whose policy forbids to poll in there."""
        for _ in range(100):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(100)
        pytest.fail(f"{expression} did not come true")

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.problems.append(f"{kind}: {text}")

    def _asked(self, url: str) -> None:
        own = url.partition("#")[0] == self.url
        if self.url.startswith("http:"):
            own = url.startswith(self.url.partition("?")[0])
        if not own and not url.startswith(("data:", "blob:")):
            self.problems.append(f"request: {url}")


@contextmanager
def tab(browser: Browser, report: Path | str, **options: Any) -> Iterator[Tab]:  # noqa: ANN401
    """A fresh tab, offline on a file; nothing may have gone wrong when it is closed.

    A report is a file, or the address of a server.
    """
    url = report if isinstance(report, str) else report.as_uri()
    context = browser.new_context(offline=url.startswith("file:"), **options)
    context.set_default_timeout(30_000)
    opened = Tab(context.new_page(), url)
    yield opened
    context.close()
    assert opened.problems == []


def of(name: str) -> str:
    """A name as part of an address."""
    return quote(name, safe="")
