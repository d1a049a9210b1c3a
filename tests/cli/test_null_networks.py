"""`--rotations`, `--null-view`, `--network`: options, tables, words, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from tests.cli.examples import mined

from redescribe.core.captured import LayerUnits
from redescribe.core.entities import EntityIndex
from redescribe.core.printing import format_jaccard
from redescribe.store.activation_writer import ActivationWriter
from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine

UNITS = ["u0", "u1", "u2"]


def activations(folder: Path, name: str, seed: int, *, noise: float = 1.0) -> Path:
    """A table of three units; without noise always the same ones."""
    values = np.random.default_rng(0).normal(size=(120, 3))
    values += noise * np.random.default_rng(seed).normal(size=(120, 3))
    table = pd.DataFrame(values, columns=UNITS)
    table.insert(0, "id", [f"e{i}" for i in range(120)])
    path = folder / f"{name}.csv"
    table.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("networks")
    noises = {"a": 0.2, "b": 0.3, "fresh0": 9.0, "fresh1": 9.0}
    return {
        name: activations(folder, name, seed, noise=noise)
        for seed, (name, noise) in enumerate(noises.items(), start=1)
    }


def views(files: dict[str, Path]) -> list[str]:
    return ["--view", f"a={files['a']}", "--view", f"b={files['b']}", "--search", "trees"]


NETWORKS = ["--network", "a", "--network", "b"]


def nulls(files: dict[str, Path]) -> list[str]:
    fresh = (files["fresh0"], files["fresh1"])
    return [*NETWORKS, *(text for f in fresh for text in ("--null-view", f"b={f}"))]


@pytest.fixture(scope="module")
def compared(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared") / "run"
    asked = ["--rotations", "3", "--permutations", "4"]
    mined(folder, *views(files), *nulls(files), *asked)
    return folder


def test_explain_tells_what_null_networks_reach(cli: CommandLine, compared: Path) -> None:
    assessed = RunFolder.open(compared).read_assessed()
    finding = next(f for f in assessed if f.redescription.view == "a")
    rotated = finding.nulls[1]
    out = cli("explain", compared, finding.id).out
    expected = (
        f"adjusted_jaccard {rotated.value:.3g} with b; with it rotated (3 networks): "
    )
    assert f"{expected}mean {rotated.mean:.2f}, largest {rotated.maximum:.2f}" in out
    assert "with it untrained (2 networks)" in out
    assert "(smallest possible 0.33)" in out
    (target,) = [t for t in assessed.targets if t.target == "a:u0"]
    out = cli("explain", compared, "a:u0").out
    network = target.networks[0]
    assert f"By network b: J {format_jaccard(network.jaccard)}, corrected for chance" in out
    assert f"  {network.nulls[2]}" in out
    assert "untrained" not in cli("explain", compared, "b:u0").out


def test_show_has_the_shares(cli: CommandLine, compared: Path) -> None:
    out = cli("show", compared, "--targets").out
    assert "permuted 6 of 6 (4 searches; by chance 1 of 5)" in out
    assert "rotated 6 of 6 (3 searches; by chance 1 of 4)" in out
    assert "untrained 3 of 3 (2 searches; by chance 1 of 3)" in out
    assert "mean, p" in out
    (target,) = [
        t for t in RunFolder.open(compared).read_assessed().targets if t.target == "a:u1"
    ]
    assert f"{target.networks[0].nulls[1].mean:.2f}, 0.25" in out


def test_the_report_shows_them(compared: Path) -> None:
    text = (compared / "report.html").read_text()
    assert "3 random rotations of its layers" in text
    assert "untrained networks of the same architecture" in text
    assert ">p rotated</th>" in text
    assert "Above all of these searches: permuted 6 of 6" in text
    target = RunFolder.open(compared).read_assessed().targets[0]
    (null,) = [n for n in target.networks[0].nulls if n.null == "untrained"]
    assert f"{null.mean:.2f} (≤ {null.maximum:.2f}), p 0.33" in text


def test_targets_are_exported_with_them(
    cli: CommandLine, compared: Path, tmp_path: Path
) -> None:
    file = tmp_path / "targets.csv"
    assert cli("export", compared, "--table", "targets", "-o", file).status == 0
    table = pd.read_csv(file).set_index("target")
    assert table.loc["a:u0", "network_partner"] == "b"
    assert table.loc["a:u0", "untrained_searches"] == 2
    assert np.isnan(table.loc["b:u0", "p_untrained"])
    assert table["p_rotated"].tolist() == [0.25] * 6


def test_a_folder_of_activations_is_a_null_view(
    cli: CommandLine, files: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "acts"
    entities = EntityIndex(tuple(f"e{i}" for i in range(120)))
    with ActivationWriter(folder, [LayerUnits.whole("fc", 3)], entities) as sink:
        sink.write(np.random.default_rng(0).random((120, 3), np.float32))
    null = ["--null-view", f"b={folder}", "-o", str(tmp_path / "run")]
    outcome = cli("mine", *views(files), *NETWORKS, *null)
    # It was read: what lacks is a unit, which has another name there.
    assert "'u0' is in the view and not in the untrained network" in outcome.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--rotations", "2"], "networks here: none"),
        (["--network", "a"], "nothing replaces them"),
        ([*NETWORKS, "--null-view", "b"], "is not of the form VIEW=FILE"),
        ([*NETWORKS, "--null-view", "c=x.csv"], "there is no view 'c'"),
        ([*NETWORKS, "--null-view", "b=missing.csv"], "missing.csv"),
    ],
)
def test_what_cannot_be_is_refused(
    cli: CommandLine,
    files: dict[str, Path],
    tmp_path: Path,
    options: list[str],
    message: str,
) -> None:
    outcome = cli("mine", *views(files), *options, "-o", tmp_path / "run")
    assert outcome.status == 2
    assert message in " ".join(outcome.err.split())
    assert not (tmp_path / "run").exists()


def test_a_file_can_ask_for_it(
    cli: CommandLine, files: dict[str, Path], tmp_path: Path
) -> None:
    file = files["a"].parent / "study.toml"
    file.write_text(
        "[views.a]\ntable = 'a.csv'\n"
        "[views.b]\ntable = 'b.csv'\nuntrained = ['fresh0.csv', 'fresh1.csv']\n"
        "[mine]\nsearch = 'trees'\ntargets = ['a:u0']\n"
        "[resample]\nnetworks = ['a', 'b']\n"
    )
    assert cli("mine", "--config", file, "-o", tmp_path / "run").status == 0
    (series,) = RunFolder.open(tmp_path / "run").read_null_networks()
    assert (series.partner, len(series.searches)) == ("b", 2)
    one = ["--null-view", f"b={files['fresh1']}"]
    assert cli("mine", "--config", file, *one, "-o", tmp_path / "run").status == 0
    run = RunFolder.open(tmp_path / "run")
    (other,) = run.read_null_networks()
    assert np.array_equal(other.searches.maxima, series.searches.maxima[1:])
    origins = run.document["origins"]
    assert isinstance(origins, dict)
    assert origins["null_views"] == {"value": [one[1]], "origin": "command line"}
    assert "views.b.table" in origins
    assert "views.b.untrained" not in origins


def test_shards_go_without_untrained_networks(
    cli: CommandLine, files: dict[str, Path], tmp_path: Path
) -> None:
    shard = ["--shard", "0/2", "-o", str(tmp_path / "run")]
    outcome = cli("mine", *views(files), *nulls(files), *shard)
    assert outcome.status == 2
    assert "--shard goes without untrained networks" in " ".join(outcome.err.split())
