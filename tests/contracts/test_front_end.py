"""The sources of the front end and what is built from them."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from docs import make_report_schema

from redescribe.report.front_end import built_front_end

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
SOURCES = sorted((WEB / "src").rglob("*.ts*")) + sorted((WEB / "src").rglob("*.css"))
MOST_BYTES = 600_000
# Names of formats, never opened: namespaces of XHTML, MathML and SVG.
NAMESPACES = re.compile(r"http://www\.w3\.org/(1999/xhtml|1998/Math/MathML|2000/svg)\b")


def test_the_types_are_those_of_the_python_definition() -> None:
    assert make_report_schema.TARGET.read_text("utf-8") == make_report_schema.text(), (
        "run python -m docs.make_report_schema"
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(WEB)))
def test_sources_are_short_and_write_no_markup(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 400
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"):
        assert word not in text
    assert "dangerouslySet" not in text
    # Only a page of `redescribe serve` asks anybody anything.
    assert "fetch(" not in text or path.name == "served.ts"


def test_packages_are_pinned_and_come_from_no_named_host() -> None:
    package = json.loads((WEB / "package.json").read_text("utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    lock = json.loads((WEB / "package-lock.json").read_text("utf-8"))
    assert all("resolved" not in entry for entry in lock["packages"].values())
    locked = {
        name: lock["packages"][f"node_modules/{name}"]["version"] for name in versions
    }
    assert locked == versions


@pytest.mark.web
def test_what_is_built_is_small_and_names_no_address() -> None:
    front_end = built_front_end()
    if front_end is None:
        pytest.skip("the front end is not built: make web")
    text = front_end.script + front_end.style
    assert len(gzip.compress(text.encode(), 9)) <= MOST_BYTES
    assert NAMESPACES.sub("", text).count("http://") == 0
    assert "https://" not in text
