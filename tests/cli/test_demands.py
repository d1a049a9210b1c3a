"""Constraints, languages and required views on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.examples import findings, queries, views

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine

FAST = ("--target", "mean:mean_radius", "--quiet", "--discretizer", "equal-frequency")


def test_options_that_can_be_given_several_times(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    outcome = cli(
        "mine",
        *views(tables),
        *FAST,
        *("--constraint", "none worst: worst_area"),
        *("--constraint", "prefer=0.1 worst: worst_texture"),
        *("--view-language", "worst: negation=no", "--view-language", "mean: negation=no"),
        *("--required-view", "worst", "--missing", "pessimistic", "--min-jaccard", "0.2"),
        *("--output", tmp_path / "run"),
    )
    assert outcome.status == 0, outcome.err
    table = findings(tmp_path / "run")
    assert len(table)
    assert not any("worst_area" in text for text in queries(table, "worst"))
    assert not any("NOT" in text for text in queries(table, "worst", "mean"))


def test_the_same_from_a_file(cli: CommandLine, tables: Path, tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_text(
        "[mine]\nconstraints = ['none worst: worst_area']\n"
        "[mine.language]\nview_language = ['worst: negation=no']\n"
    )
    outcome = cli(
        "mine",
        *views(tables),
        *FAST,
        *("--config", file, "--min-jaccard", "0.2"),
        *("--output", tmp_path / "run"),
    )
    assert outcome.status == 0, outcome.err
    texts = queries(findings(tmp_path / "run"), "worst")
    assert texts
    assert not any("worst_area" in text or "NOT" in text for text in texts)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--constraint", "every worst: worst_area"), "is no constraint. Write MODE VIEW"),
        (
            ("--constraint", "all worse: worst_area"),
            "no view 'worse'. Did you mean 'worst'",
        ),
        (("--constraint", "all worst: worst_aria"), "Did you mean 'worst_area'?"),
        (("--constraint", "prefer=3 worst: worst_area"), "must be in the range [0, 1]"),
        (("--constraint", "none mean: mean_radius"), "Nothing is left to explain"),
        (("--view-language", "worst: negation=never"), "is no view_language. Write each"),
        (("--view-language", "worse: negation=no"), "Did you mean 'worst'?"),
        (("--required-view", "worse"), "no view 'worse'. Did you mean 'worst'?"),
    ],
)
def test_wrong_demands_are_one_line(
    cli: CommandLine, tables: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    outcome = cli("mine", *views(tables), *FAST, *arguments, "-o", tmp_path / "run")
    assert outcome.status == 2
    assert outcome.err.startswith("Error: ")
    assert outcome.err.count("\n") == 1
    assert message in outcome.err
    assert not (tmp_path / "run").exists()
