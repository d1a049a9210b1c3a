"""`redescribe causal`, and where its effects are seen."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyarrow import parquet
from tests.causal.toys import example, planted_network

from redescribe.mining.params import MineParams
from redescribe.study.stages import run_stages

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine

NETWORK = """
from tests.causal.toys import planted_network

OUTPUT = [1.0, 0.0, 0.5, -0.5]

def network():
    return planted_network(OUTPUT)

def other():
    return planted_network(OUTPUT)[0]

def doubled(values):
    return 2 * values
"""


@pytest.fixture(scope="module")
def toy_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on the planted network, its code and its inputs; only commands change it."""
    folder = tmp_path_factory.mktemp("causal")
    made = example(planted_network([1.0, 0.0, 0.5, -0.5]), "0")
    np.save(folder / "inputs.npy", made.inputs)
    (folder / "nets.py").write_text(NETWORK, encoding="utf-8")
    params = MineParams(targets=("net",), partners=("inputs",))
    run_stages(made.dataset, folder / "run", params)
    return folder


@pytest.fixture(scope="module")
def arguments(toy_run: Path) -> list[str]:
    return [
        *("causal", str(toy_run / "run"), "--model", f"{toy_run / 'nets.py'}:network"),
        *("--inputs", str(toy_run / "inputs.npy"), "--quiet", "--view", "net"),
    ]


def test_effects_are_written_and_shown_everywhere(
    toy_run: Path, arguments: list[str], cli: CommandLine
) -> None:
    run = toy_run / "run"
    before = cli("show", run)
    assert "causal check" not in before.out
    refused = cli("export", run, "--table", "effects")
    assert refused.status == 2
    assert "effects.parquet does not exist" in refused.err
    done = cli(*arguments, "--attributes", "inputs")
    assert done.status == 0
    rows = parquet.read_table(run / "effects.parquet").to_pylist()
    verdicts = {(row["target"], row["check"]): row["verdict"] for row in rows}
    assert verdicts["net@0:0", "mean"] == "confirmed"
    assert verdicts["net@0:1", "mean"] == "no effect"
    assert verdicts["net@0:0", "edit"] == "confirmed"
    assert "confirmed" in done.out
    assert "Tested on the 100 held-out entities" in done.out
    first = next(row for row in rows if row["target"] == "net@0:0")["id"]
    assert "confirmed; edits: 1 confirmed" in cli("show", run).out
    assert "confirmed; edits: 1 confirmed" in cli("show", run, "--all").out
    explained = cli("explain", run, first).out
    assert "Causal checks\n  confirmed: with the unit set to its mean outside" in explained
    assert re.search(r"the unit follows in 100% of \d+ edits", explained)
    told = json.loads(cli("explain", run, first, "--json").out)["causal"]
    assert [effect["verdict"] for effect in told] == ["confirmed", "confirmed"]
    report = (run / "report.html").read_text(encoding="utf-8")
    assert "causal check: confirmed; edits: 1 confirmed" in report
    assert "Causal checks changed neurons" in report
    exported = cli("export", run, "--table", "effects").out
    assert exported.splitlines()[0].startswith("id,key,view,target,check,about")
    assert len(exported.splitlines()) == 1 + len(rows)


def test_the_same_command_gives_the_same_file(
    toy_run: Path, arguments: list[str], cli: CommandLine
) -> None:
    chosen = ("--how", "resample", "--top", "3", "--permutations", "99", "--seed", "5")
    first = cli(*arguments, *chosen, "--json")
    kept = parquet.read_table(toy_run / "run" / "effects.parquet")
    assert first.out == cli(*arguments, *chosen, "--json").out
    assert kept.equals(parquet.read_table(toy_run / "run" / "effects.parquet"))
    rows = json.loads(first.out)
    assert {row["check"] for row in rows} == {"resample"}
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--model", "nets:network"), "cannot be imported"),
        (("--model", "math:tau"), "The model is a float"),
        (("--inputs", "missing.npy"), "no file 'missing.npy'"),
        (("--view", "labels"), "No finding describes a unit of the view 'labels'"),
        (("--view", "nett"), "Did you mean 'net'?"),
        (("--layer-side", "outpt"), "no side 'outpt'"),
        (("--to-input", "math:sqrt"), "Name their view: --attributes"),
        (("--how", "edit"), "does not change a unit"),
        (("--strata", "labels"), "not of the form VIEW:ATTRIBUTE"),
    ],
)
def test_wrong_options_say_what_is_needed(
    arguments: list[str], cli: CommandLine, options: tuple[str, str], message: str
) -> None:
    refused = cli(*arguments, *options)
    assert refused.status == 2
    assert refused.err.count("\n") == 1
    assert message in refused.err


def test_other_models_and_inputs_are_refused(
    toy_run: Path, arguments: list[str], cli: CommandLine
) -> None:
    nets = toy_run / "nets.py"
    layer = cli(*arguments, "--model", f"{nets}:other")
    assert (layer.status, "shape (200, 4)" in layer.err) == (2, False)
    edited = cli(*arguments, "--attributes", "inputs", "--to-input", f"{nets}:doubled")
    assert edited.status == 2
    assert "gives other activations" in edited.err
