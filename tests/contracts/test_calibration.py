"""The arithmetic of the calibration: what is null, false discoveries, intervals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from benchmarks import calibration_cache as cache
from benchmarks import calibration_studies as studies
from benchmarks import calibration_summary as summaries
from benchmarks.calibration_in_sample import in_sample_summary, reported
from benchmarks.calibration_tables import holds, tables
from benchmarks.monte_carlo import mean, ratio, share
from benchmarks.run import BY_NAME_ONLY, SUBJECTS, main
from benchmarks.simulated import OWN, PARTNER, Simulation

from redescribe.core.grammar import parse_query
from redescribe.core.redescription import Kind, Redescription

if TYPE_CHECKING:
    from pathlib import Path

PLANTED = Simulation(n_entities=2_000, n_attributes=5, n_planted=2, noise=0.1)


def found(own: str, partner: str) -> Redescription:
    queries = (parse_query(partner, PARTNER), parse_query(own, OWN))
    return Redescription(OWN, "x0", "own:x0", Kind.INDIVIDUAL, queries, (), 0.0, 0.0)


@pytest.mark.parametrize(
    ("own", "partner", "signals"),
    [
        ("x0 > 1", "x0 > 1", {0}),
        ("x0 > 1 AND x1 > 1", "(x1 > 1) OR (x4 > 0)", {1}),
        ("x0 > 1", "x1 > 1", set()),
        ("x3 > 1", "x3 > 1", set()),
        ("x0 > 1", "x2 > 1 AND x3 > 0", set()),
    ],
)
def test_a_finding_is_null_unless_its_rules_share_a_signal(
    own: str, partner: str, signals: set[int]
) -> None:
    assert PLANTED.planted_in(found(own, partner)) == signals


def test_planted_attributes_are_related_as_they_should_be_and_others_are_not() -> None:
    views = PLANTED.views(0)
    own, partner = (np.asarray(view.values, np.float64) for view in views)
    between = np.abs(np.asarray(np.corrcoef(own, partner), np.float64)[:5, 5:])
    assert np.all(np.diag(between)[:2] > 0.4)
    np.fill_diagonal(between[:2, :2], 0)
    assert between.max() < 0.1
    within = np.asarray(np.corrcoef(own), np.float64)
    assert within[3, 4] == pytest.approx(0.5, abs=0.1)
    assert abs(within[0, 1]) < 0.1
    high = own[0] > 3, partner[0] > 3
    jaccard = (high[0] & high[1]).sum() / (high[0] | high[1]).sum()
    assert jaccard == pytest.approx(summaries.planted_jaccard(0.1), abs=0.05)


def test_missing_cells_are_as_frequent_as_asked_for() -> None:
    simulation = Simulation(n_entities=1_000, n_attributes=4, missing=0.15)
    own, partner = simulation.views(3)
    for view in (own, partner):
        assert np.isnan(view.values).mean() == pytest.approx(0.15, abs=0.03)


def test_false_share_of_nothing_is_zero() -> None:
    assert summaries.false_share(0, 0) == 0
    assert summaries.false_share(1, 4) == 0.25


def test_mean_and_its_interval() -> None:
    estimate = mean([0.0, 0.2, 0.4])
    spread = 0.2 / np.sqrt(3)
    assert estimate["value"] == pytest.approx(0.2)
    assert estimate["high"] == pytest.approx(0.2 + 1.96 * spread, abs=1e-4)
    assert estimate["low"] == 0


def test_ratio_takes_data_sets_as_the_units() -> None:
    # All hits in one data set: the interval must be as wide as that of the data sets.
    together = ratio([10, 0, 0, 0], [10, 10, 10, 10])
    spread_out = ratio([3, 2, 3, 2], [10, 10, 10, 10])
    assert together["value"] == spread_out["value"] == 0.25
    assert together["high"] == pytest.approx(0.25 + 1.96 * 0.25, abs=1e-4)
    assert spread_out["high"] < 0.32


def test_where_nothing_was_seen_the_interval_is_not_a_point() -> None:
    assert ratio([0] * 10, [5] * 10) == share(0, 10)
    assert share(0, 10)["high"] == pytest.approx(1 - 0.025**0.1)


def test_intervals_cover_what_they_estimate() -> None:
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(400):
        own = rng.beta(2, 18, size=100)
        wholes = rng.integers(5, 15, size=100)
        estimate = ratio(rng.binomial(wholes, own).tolist(), wholes.tolist())
        covered += estimate["low"] <= 0.1 <= estimate["high"]
    assert 0.91 <= covered / 400 <= 0.98


def test_levels_hold_unless_the_whole_interval_is_above() -> None:
    assert holds(0.05, {"value": 0.06, "low": 0.05, "high": 0.07})
    assert not holds(0.05, {"value": 0.06, "low": 0.051, "high": 0.07})


@pytest.fixture(scope="module")
def hold_out_rows() -> list[studies.Row]:
    return [studies.hold_out_row(number) for number in (13, 22)]


def test_rows_count_what_is_there(hold_out_rows: list[studies.Row]) -> None:
    for row in hold_out_rows:
        n_null, n_findings = row["null"]
        assert n_findings >= 10
        assert 0 < n_null < n_findings
        assert row["hits"] == sorted(row["hits"])
        # Ties broken, p is never larger.
        assert all(a <= b for a, b in zip(row["hits"], row["untied"], strict=True))
        for kept in ("bh", "by", "holm", "confirmed"):
            assert 0 <= row[kept][0] <= row[kept][1] <= n_findings
        assert row["by"][1] <= row["bh"][1] >= row["holm"][1]
        assert row["covered"][0] <= row["covered"][1] <= n_findings


def test_the_summary_adds_up(hold_out_rows: list[studies.Row]) -> None:
    n_cells = len(studies.CELLS)
    summary = summaries.hold_out_summary(hold_out_rows * n_cells)
    n_null = sum(row["null"][0] for row in hold_out_rows)
    assert summary["n_null"] == n_cells * n_null
    rates = [summaries.false_share(*row["bh"]) for row in hold_out_rows]
    assert summary["false_discovery_rate"]["bh"]["value"] == pytest.approx(sum(rates) / 2)
    assert summary["n_empty"] == summary["n_few"] == 0
    by = summary["p_values_by"]
    assert set(by["support"]) == {"10 %", "30 %", "50 %"}
    hits = sum(row["hits"][studies.LEVELS.index(studies.ALPHA)] for row in hold_out_rows)
    assert by["missing"]["5 %"]["value"] == pytest.approx(hits / n_null)


def test_blocks_are_simulated_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def row(number: int) -> studies.Row:
        calls.append(number)
        return {"null": [number, 1]}

    monkeypatch.setattr(cache, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(studies, "STUDIES", (studies.Study("toy", row, 20),))
    wanted = [{"null": [number, 1]} for number in range(10, 20)]
    assert cache.block("toy", 1) == wanted
    assert cache.block("toy", 1) == wanted
    assert calls == list(range(10, 20))


def test_the_committed_result_has_all_tables_and_is_of_these_studies() -> None:
    result = json.loads((cache.ROOT / "docs/data/calibration.json").read_text())
    assert all(table.rows for table in tables(result).values())
    assert [one["level"] for one in result["hold_out"]["p_values"]] == list(studies.LEVELS)
    assert result["permutations"]["n_permutations"] == studies.N_PERMUTATIONS
    cells = [(cell["n_entities"], cell["noise"]) for cell in result["power"]["cells"]]
    assert cells == list(studies.POWER_CELLS)
    for study in studies.STUDIES:
        assert 0 < result[study.name]["n_data_sets"] <= study.n_data_sets


def test_it_runs_by_its_name_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert "calibration" in BY_NAME_ONLY
    assert "calibration" not in SUBJECTS
    assert main(["calibrations"]) == 2
    assert "calibration" in capsys.readouterr().out


def test_in_sample_everything_is_null_and_looks_significant() -> None:
    summary = in_sample_summary(3)
    assert summary["n_findings"] == sum(reported(number).size for number in range(3))
    first, second = summary["levels"]
    assert 0.3 < first["value"] < second["value"] <= 1
    assert summary["any_corrected"]["value"] in {0, 1 / 3, 2 / 3, 1}
