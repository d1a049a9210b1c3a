"""Each option of `redescribe mine` does something."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyarrow import parquet
from tests.cli.examples import N_ENTITIES, findings, mined, queries, views

from redescribe.core.grammar import parse_query

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine

RICH = ["--hold-out", "0", "--discretizer", "equal-width"]
"""All entities and several bins: findings with NOT, with OR and with many literals."""


def targets(folder: Path) -> list[str]:
    table = parquet.read_table(folder / "targets.parquet")
    return [str(name) for name in table["target"].to_pylist()]


def test_negation_can_be_forbidden(tables: Path, tmp_path: Path) -> None:
    options = [*views(tables), *RICH]
    allowed = queries(mined(tmp_path / "with", *options), "mean", "worst")
    forbidden = mined(tmp_path / "without", *options, "--no-negation")
    assert any("NOT" in text for text in allowed)
    assert not any("NOT" in text for text in queries(forbidden, "mean", "worst"))


def test_disjunction_can_be_forbidden(tables: Path, tmp_path: Path) -> None:
    options = [*views(tables), *RICH]
    allowed = queries(mined(tmp_path / "with", *options), "mean", "worst")
    forbidden = mined(tmp_path / "without", *options, "--no-disjunction")
    assert any(" OR " in text for text in allowed)
    assert not any(" OR " in text for text in queries(forbidden, "mean", "worst"))


@pytest.mark.parametrize("most", [2, 4])
def test_max_literals_is_kept(tables: Path, tmp_path: Path, most: int) -> None:
    found = mined(tmp_path / "run", *views(tables), *RICH, "--max-literals", str(most))
    assert found["n_literals"].max() == most
    for row in found.itertuples():
        texts = (str(row.query_mean), str(row.query_worst))
        parsed = [parse_query(text, "") for text in texts]
        assert sum(map(len, parsed)) == row.n_literals


def test_min_jaccard_is_kept(tables: Path, tmp_path: Path, in_sample: Path) -> None:
    assert findings(in_sample)["jaccard_mined"].min() < 0.95
    found = mined(tmp_path / "run", *views(tables), *RICH, "--min-jaccard", "0.95")
    assert found["jaccard_mined"].min() >= 0.95


@pytest.mark.parametrize("bound", ["30", "0.25", "25%"])
def test_min_support_is_a_count_a_share_or_a_percentage(
    tables: Path, tmp_path: Path, bound: str
) -> None:
    found = mined(tmp_path / "run", *views(tables), *RICH, "--min-support", bound)
    assert found["support_mined"].min() >= 0.25 * N_ENTITIES == 30
    assert len(found)


@pytest.mark.parametrize("bound", ["36", "0.3", "30%"])
def test_max_support_is_a_count_a_share_or_a_percentage(
    tables: Path, tmp_path: Path, in_sample: Path, bound: str
) -> None:
    assert findings(in_sample)["support_mined"].max() > 36
    found = mined(tmp_path / "run", *views(tables), *RICH, "--max-support", bound)
    assert found["support_mined"].max() <= 36
    assert len(found)


def test_each_discretizer_cuts_targets_its_way(tables: Path, tmp_path: Path) -> None:
    bins = {}
    for name in ("two-bin", "equal-width", "equal-frequency", "kmeans"):
        folder = tmp_path / name
        mined(folder, *views(tables), "--discretizer", name, "--target", "worst")
        parameters = json.loads((folder / "run.json").read_text())["parameters"]
        assert parameters["mine"]["discretizer"] == name
        table = parquet.read_table(folder / "targets.parquet")
        bins[name] = tuple(table["n_bins"].to_pylist())
    assert set(bins["two-bin"]) == {2}
    assert all(min(bins[name]) >= 2 for name in bins)
    tables_of_findings = [findings(tmp_path / name).to_csv() for name in bins]
    assert len(set(tables_of_findings)) == 4


def test_targets_are_views_or_attributes(tables: Path, tmp_path: Path) -> None:
    mined(tmp_path / "view", *views(tables), "--target", "worst")
    assert targets(tmp_path / "view") == [
        "worst:worst_area",
        "worst:worst_texture",
        "worst:worst_smoothness",
    ]
    names = ["mean:mean_texture", "worst:worst_area"]
    chosen = [text for name in reversed(names) for text in ("--target", name)]
    mined(tmp_path / "some", *views(tables), *chosen)
    assert targets(tmp_path / "some") == names


def test_targets_are_globs(tables: Path, tmp_path: Path) -> None:
    chosen = ["--target", "*_texture", "--target", "worst:*a*ea"]
    mined(tmp_path / "run", *views(tables), *chosen)
    names = ["mean:mean_texture", "worst:worst_area", "worst:worst_texture"]
    assert targets(tmp_path / "run") == names


@pytest.mark.parametrize(
    ("neurons", "words"),
    [
        ("random:4", "4 of 7 targets (random sample, seed 5)"),
        ("layers:4", "4 of 7 targets (layer-balanced sample, seed 5)"),
        (
            "stratified:layer=1",
            "2 of 7 targets (stratified sample, at most 1 of each layer",
        ),
    ],
)
def test_a_sample_is_recorded_and_shown(
    cli: CommandLine, tables: Path, tmp_path: Path, neurons: str, words: str
) -> None:
    folder = tmp_path / "run"
    options = [*views(tables), "--neurons", neurons, "--seed", "5"]
    options += ["--output", str(folder)]
    assert words in cli("mine", *options).out
    n = int(words.partition(" ")[0])
    assert len(targets(folder)) == n
    document = json.loads((folder / "run.json").read_text())
    assert document["parameters"]["mine"]["neurons"] == neurons
    assert document["origins"]["mine.neurons"]["origin"] == "command line"
    assert (document["counts"]["targets"], document["counts"]["available"]) == (n, 7)
    result = json.loads((folder / "result.json").read_text())
    assert result["sample"] == {
        "neurons": neurons,
        "seed": 5,
        "n_sampled": n,
        "n_available": 7,
    }
    report = " ".join((folder / "report.html").read_text().split())
    assert f"Only a sample was explained: {words}" in report
    for option in ([], ["--targets"], ["--all"]):
        assert words in cli("show", folder, *option).out.replace("\n", " ")
    # The same command is the same run: it is only read.
    assert words in cli("mine", *options).out


def test_a_file_asks_for_a_sample(cli: CommandLine, tables: Path, tmp_path: Path) -> None:
    study = tmp_path / "study.toml"
    study.write_text('[mine]\nneurons = "layers:2"\n')
    options = [*views(tables), "--config", str(study)]
    mined(tmp_path / "two", *options)
    assert len(targets(tmp_path / "two")) == 2
    mined(tmp_path / "all", *options, "--neurons", "all")
    assert len(targets(tmp_path / "all")) == 7
    study.write_text('[mine]\nneurons = "layers:layer=2"\n')
    outcome = cli("mine", *options, "--output", tmp_path / "none")
    assert outcome.err.startswith(f"Error: {study}:2: [mine] 'neurons' must be all, random")


def test_partners_are_views(tables: Path, tmp_path: Path) -> None:
    third = ["--view", f"labels={tables / 'all.csv'}:large,diagnosis"]
    options = [*views(tables), *third, "--target", "mean", "--partner", "labels"]
    found = mined(tmp_path / "run", *options)
    assert found["query_worst"].isna().all()
    assert found["query_labels"].notna().all()


def test_the_seed_changes_the_split(tables: Path, tmp_path: Path, finished: Path) -> None:
    mined(tmp_path / "run", *views(tables), "--seed", "1")
    parts = [
        parquet.read_table(folder / "entities.parquet")["part"].to_pylist()
        for folder in (finished, tmp_path / "run")
    ]
    assert parts[0] != parts[1]
    assert parts[0].count("hold_out") == parts[1].count("hold_out") == 36


def test_the_share_held_out_is_kept(tables: Path, tmp_path: Path) -> None:
    found = mined(tmp_path / "run", *views(tables), "--hold-out", "0.5")
    assert set(found["n_mined"]) == set(found["n_hold_out"]) == {60}


def test_stratify_gives_both_parts_the_same_labels(tables: Path, tmp_path: Path) -> None:
    third = ["--view", f"labels={tables / 'all.csv'}:diagnosis"]
    options = [*views(tables), *third, "--stratify", "labels:diagnosis"]
    mined(tmp_path / "run", *options, "--target", "worst:worst_area")
    parts = parquet.read_table(tmp_path / "run" / "entities.parquet")["part"].to_pylist()
    codes = np.load(tmp_path / "run" / "views" / "labels" / "values.npy")[0]
    held_out = np.array(parts) == "hold_out"
    assert codes[held_out].sum() == pytest.approx(0.3 * codes.sum(), abs=1)


def test_the_test_and_the_correction_can_be_chosen(
    cli: CommandLine, tables: Path, tmp_path: Path, finished: Path
) -> None:
    default = findings(finished).set_index("key")
    binomial = mined(tmp_path / "binomial", *views(tables), "--test", "binomial")
    binomial = binomial.set_index("key").loc[default.index]
    assert (binomial["log10_p_value"] != default["log10_p_value"]).all()
    assert (binomial["jaccard"] == default["jaccard"]).all()
    assert "(binomial)" in cli("explain", tmp_path / "binomial", "R1").out
    for correction in ("by", "holm"):
        folder = tmp_path / correction
        found = mined(folder, *views(tables), "--correction", correction)
        found = found.set_index("key").loc[default.index]
        assert (found["log10_p_value"] == default["log10_p_value"]).all()
        assert (found["log10_q_value"] >= default["log10_q_value"]).all()
        assert (found["log10_q_value"] > default["log10_q_value"]).any()


def test_alpha_decides_what_is_confirmed(
    tables: Path, tmp_path: Path, finished: Path
) -> None:
    q_values = findings(finished)["q_value"]
    confirmed = q_values[findings(finished)["confirmed"]]
    alpha = float(confirmed.quantile(0.4, interpolation="lower"))
    found = mined(tmp_path / "run", *views(tables), "--alpha", f"{alpha!r}")
    reached = (q_values <= alpha) & (findings(finished)["jaccard"] >= 0.5)
    assert found["confirmed"].tolist() == reached.tolist()
    assert 0 < found["confirmed"].sum() < findings(finished)["confirmed"].sum()


def test_options_of_the_search_are_stored(tables: Path, tmp_path: Path) -> None:
    numbers = {
        "max_depth": 2,
        "min_leaf": 3,
        "targets_per_tree": 7,
        "n_subspace_trees": 1,
        "max_bins": 31,
        "max_joins": 1,
        "max_p_mined": 0.005,
        "min_gain": 0.02,
        "n_bases": 3,
        "max_candidates": 40,
        "pool_per_target": 1,
        "max_unions": 20,
        "max_cuts": 100,
        "max_length": 2,
        "beam_length": 4,
        "beam_width": 3,
        "beam_cuts": 9,
        "max_nodes": 1000,
        "chunk_size": 3,
    }
    options = [
        text
        for name, number in numbers.items()
        for text in (f"--{name.replace('_', '-')}", str(number))
    ]
    found = mined(tmp_path / "run", *views(tables), *options)
    stored = json.loads((tmp_path / "run" / "run.json").read_text())["parameters"]["mine"]
    search = stored["search"]
    flat = stored | {
        key: v for name in search if name != "search" for key, v in search[name].items()
    }
    assert {name: flat[name] for name in numbers} == numbers
    assert found["target"].value_counts().max() == 1
    assert len(list((tmp_path / "run" / "redescriptions").iterdir())) == 3


def test_help_names_every_default(cli: CommandLine) -> None:
    outcome = cli("mine", "--help")
    assert outcome.status == 0
    for option in ("--view", "--min-support", "--hold-out", "--correction", "--chunk-size"):
        assert option in outcome.out
