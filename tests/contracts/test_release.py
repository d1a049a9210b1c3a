"""The version is one, and the changelog and the citation are in order."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import redescribe

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
# Keep a Changelog's sections.
SECTIONS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]


def test_there_is_one_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    found = re.search(r"^version: (.*)$", citation, re.MULTILINE)
    assert found is not None
    assert redescribe.__version__ == PROJECT["version"] == found[1]


def test_the_changelog_goes_from_new_to_old() -> None:
    titles = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)
    assert titles[0] == "Unreleased"
    released = [
        re.fullmatch(r"(\d+)\.(\d+)\.(\d+) - \d{4}-\d\d-\d\d", t) for t in titles[1:]
    ]
    assert all(released), titles
    versions = [tuple(map(int, match.groups())) for match in released if match]
    assert versions == sorted(set(versions), reverse=True)
    for section in re.split(r"^## .*$", CHANGELOG, flags=re.MULTILINE)[1:]:
        kinds = re.findall(r"^### (.*)$", section, re.MULTILINE)
        assert kinds == [kind for kind in SECTIONS if kind in kinds]


def test_every_extra_is_installed_from_pinned_packages() -> None:
    pinned = {
        re.sub(r"[-_.]+", "-", line.split("==")[0]).lower()
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    }
    extras = [name for group in PROJECT["optional-dependencies"].values() for name in group]
    wanted = {
        re.sub(r"[-_.]+", "-", re.split(r"[>=\[;]", line)[0].strip()).lower()
        for line in [*PROJECT["dependencies"], *extras]
    }
    assert wanted - pinned == {"redescribe"}
