"""The built front end, which `make web` puts beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

SCRIPT, STYLE = "report.js", "report.css"


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """One script and one style sheet, as text.

    Examples
    --------
    >>> FrontEnd("let a;", "b {}").size
    10
    """

    script: str
    style: str

    @property
    def size(self) -> int:
        """Bytes of both."""
        return len(self.script.encode()) + len(self.style.encode())


def built_front_end() -> FrontEnd | None:
    """Return the built front end; None in a checkout in which it was not built."""
    assets = files("redescribe.report").joinpath("assets")
    script, style = assets.joinpath(SCRIPT), assets.joinpath(STYLE)
    if not (script.is_file() and style.is_file()):
        return None
    return FrontEnd(script.read_text("utf-8"), style.read_text("utf-8"))
