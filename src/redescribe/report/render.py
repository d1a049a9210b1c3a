"""What the report shows -> one self-contained HTML file that makes no request."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from redescribe.report import methods, opening, sentences, tables
from redescribe.report.markup import Html, element
from redescribe.report.parts_bar import pattern_definitions
from redescribe.store.atomic import replacing

if TYPE_CHECKING:
    from os import PathLike

    from redescribe.report.data import ReportData

_LINKS = (
    ("#read-first", "Read first"),
    ("#findings", "All findings"),
    ("#targets", "Targets"),
    ("#methods", "Methods and evidence"),
    ("#own-data", "Your own data"),
)


def render(data: ReportData) -> str:
    """Return the report as one HTML document.

    It holds its style, no script, and a content policy that forbids everything else: names
    and texts of the run are escaped, and nothing is loaded.

    Examples
    --------
    >>> from redescribe.core.assessed import AssessedSet, Evidence
    >>> from redescribe.report.summarize import summarize
    >>> evidence = Evidence(7, 0, 0, 12, "fixed_margin", "bh", 0.01, 0.5, 0)
    >>> page = render(summarize(AssessedSet((), (), ("x", "y"), evidence, 0.0)))
    >>> page.startswith("<!doctype html>"), "In-sample only" in page
    (True, True)
    """
    style = Html(
        files("redescribe.report").joinpath("assets", "summary.css").read_text("utf-8")
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", data.title),
        element("style", style),
    )
    body = element(
        "body",
        element("a", "Skip to the content", href="#main", class_="skip"),
        pattern_definitions(),
        _header(data),
        element(
            "main",
            opening.warning(data),
            opening.opening(data),
            opening.tiles(data),
            sentences.read_first(data),
            tables.findings(data),
            tables.targets(data),
            methods.methods(data),
            methods.own_data(data),
            id="main",
            tabindex=-1,
        ),
        element("footer", "Made by redescribe. This file loads nothing and works offline."),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def write_report(data: ReportData, path: str | PathLike[str]) -> Path:
    """Write the report to a file, atomically, and return its path.

    Raises
    ------
    StoreError
        If the file system refuses; a file that was there stays as it was.
    """
    target = Path(path)
    with replacing(target) as temporary:
        temporary.write_text(render(data), encoding="utf-8", newline="\n")
    return target


def _policy(style: str) -> str:
    """Nothing may be loaded or run; the one style is named by its hash."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _header(data: ReportData) -> Html:
    evidence = data.evidence
    entities = f"{evidence.n_mined + evidence.n_hold_out:,} {data.entity_nouns}"
    facts = f"{len(data.views)} views of {entities} · seed {evidence.seed}"
    links = (element("li", element("a", text, href=target)) for target, text in _LINKS)
    return element(
        "header",
        element("h1", element("bdi", data.title)),
        element("p", facts, class_="subtitle"),
        element("nav", element("ul", *links), aria_label="Contents"),
    )
