"""`redescribe config`, and settings of a file in `redescribe mine --config`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.cli.examples import findings, views

import redescribe
from redescribe.core.captured import LayerUnits
from redescribe.core.entities import EntityIndex
from redescribe.store.activation_writer import ActivationWriter

if TYPE_CHECKING:
    from tests.cli.examples import CommandLine

VIEWS = """
[views.mean]
table = "mean.csv"
[views.worst]
table = "worst.csv"
columns = ["worst_a*", "worst_texture"]
[mine]
targets = "worst"
[mine.trees]
max_depth = 2
"""


@pytest.fixture
def study(tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration beside tables, in another folder than where commands run."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    for name in ("mean.csv", "worst.csv", "all.csv"):
        (folder / name).write_bytes((tables / name).read_bytes())
    file = folder / "study.toml"
    file.write_text(f'[study]\noutput = "found"\nseed = 3\n{VIEWS}')
    monkeypatch.chdir(tmp_path)
    return file.relative_to(tmp_path)


def run_json(folder: Path) -> dict[str, Any]:
    document = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def test_show_prints_toml_that_is_the_same_configuration(
    cli: CommandLine, study: Path
) -> None:
    outcome = cli("config", "show", study)
    assert outcome.status == 0
    table = tomllib.loads(outcome.out)
    assert table["mine"]["trees"]["max_depth"] == 2
    assert table["split"]["seed"] == 3
    assert table["views"]["mean"]["table"] == "inputs/mean.csv"


def test_show_names_origins(
    cli: CommandLine, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDESCRIBE_ASSESS__ALPHA", "0.05")
    lines = cli("config", "show", study, "--origin").out.splitlines()
    by_key = {line.split(" = ")[0]: line.rpartition("# ")[2] for line in lines}
    assert by_key["output"] == "inputs/study.toml:2"
    assert by_key["max_depth"] == "inputs/study.toml:13"
    assert by_key["alpha"] == "REDESCRIBE_ASSESS__ALPHA"
    assert by_key["min_jaccard"] == "default"
    record = json.loads(cli("config", "show", "--json").out)
    assert record["assess.alpha"] == {"value": 0.05, "origin": "REDESCRIBE_ASSESS__ALPHA"}


def test_check(cli: CommandLine, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDESCRIBE_ASSESS__ALPHA", "wrong, but not of the file")
    outcome = cli("config", "check", study)
    assert outcome.out == f"✓ {study} is valid: 9 settings, 2 views\n"
    study.write_text("[mine]\nseed = -1")
    outcome = cli("config", "check", study)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == (
        f"Error: {study}:2: [mine] 'seed' must be an integer in the range [0, inf). "
        "Got -1 instead.\n"
    )


def test_the_template_is_a_file_that_is_valid(cli: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    assert cli("config", "template", "-o", path).status == 0
    assert path.read_text(encoding="utf-8") == cli("config", "template").out
    assert cli("config", "check", path).status == 0
    outcome = cli("config", "template", "-o", path)
    assert outcome.status == 2
    assert "already exists. Choose another name" in outcome.err


def test_the_schema_is_json(cli: CommandLine) -> None:
    schema = json.loads(cli("config", "schema").out)
    assert set(schema["properties"]) >= {"study", "views", "split", "mine", "assess"}


def test_the_group_has_help(cli: CommandLine) -> None:
    assert " config " in cli("--help").out
    outcome = cli("config", "--help")
    assert outcome.status == 0
    for command in ("show", "template", "check", "schema"):
        assert f" {command} " in outcome.out


def test_mine_takes_views_and_settings_of_the_file(cli: CommandLine, study: Path) -> None:
    outcome = cli("mine", "--config", study, "--quiet", "--min-jaccard", "0.6")
    assert outcome.status == 0, outcome.err
    folder = study.parent.parent / "found"
    document = run_json(folder)
    assert document["views"] == ["mean", "worst"]
    mined = document["parameters"]["mine"]
    assert mined["targets"] == ["worst"]
    assert mined["search"]["trees"]["max_depth"] == 2
    assert mined["search"]["thresholds"]["min_jaccard"] == 0.6
    assert document["seed"] == mined["seed"] == 3
    assert findings(folder)["jaccard_mined"].min() >= 0.6


def test_run_json_says_where_every_value_comes_from(
    cli: CommandLine, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDESCRIBE_MINE__CHUNK_SIZE", "2")
    options = ["--seed", "5", "--max-depth", "3", "--output", "other", "--quiet"]
    assert cli("mine", "--config", study, *options).status == 0
    document = run_json(study.parent.parent / "other")
    origins = document["origins"]
    assert origins["mine.trees.max_depth"] == {"value": 3, "origin": "command line"}
    assert origins["mine.chunk_size"]["origin"] == "REDESCRIBE_MINE__CHUNK_SIZE"
    assert origins["mine.targets"] == {"value": ["worst"], "origin": f"{study}:11"}
    assert origins["mine.discretizer"] == {"value": "two-bin", "origin": "default"}
    assert origins["study.output"] == {"value": "other", "origin": "command line"}
    assert origins["views.worst.table"]["origin"] == f"{study}:8"
    seeds = [f"{section}.seed" for section in ("study", "split", "mine")]
    assert [origins[seed]["value"] for seed in seeds] == [5, 5, 5]


def test_views_of_the_command_line_replace_those_of_the_file(
    cli: CommandLine, study: Path, tables: Path
) -> None:
    study.write_text('[views.gone]\ntable = "none.csv"\n[split]\nhold_out = 0.5')
    arguments = [*views(tables), "--output", "run", "--quiet"]
    assert cli("mine", "--config", study, *arguments).status == 0
    document = run_json(study.parent.parent / "run")
    assert document["views"] == ["mean", "worst"]
    assert document["split"]["hold_out"] == 0.5
    assert document["origins"]["views"]["origin"] == "command line"
    assert not any(name.startswith("views.") for name in document["origins"])


def test_id_and_align_override_those_of_the_file(cli: CommandLine, study: Path) -> None:
    rows = (study.parent / "worst.csv").read_text().splitlines()
    text = "\n".join([rows[0].replace("id", "key"), *rows[1:101]])
    (study.parent / "worst.csv").write_text(text)
    everywhere = study.read_text().replace('.csv"', '.csv"\nid = "key"')
    study.write_text(everywhere)
    outcome = cli("mine", "--config", study)
    assert "'inputs/mean.csv' has no id column 'key'" in outcome.err
    (study.parent / "worst.csv").write_text(text.replace("key", "id", 1))
    outcome = cli("mine", "--config", study, "--id", "id")
    assert "20 entities are not in every one of the views" in outcome.err
    outcome = cli("mine", "--config", study, "--id", "id", "--align", "inner")
    assert outcome.status == 0
    document = run_json(study.parent.parent / "found")
    assert document["n_entities"] == 100
    assert document["origins"]["views.mean.align"]["origin"] == "command line"


def test_a_view_of_stored_activations(cli: CommandLine, study: Path) -> None:
    table = np.genfromtxt(study.parent / "mean.csv", delimiter=",", skip_header=1)
    ids = tuple(
        line.split(",")[0]
        for line in (study.parent / "mean.csv").read_text().splitlines()[1:]
    )
    acts = study.parent / "acts"
    layers = [LayerUnits.whole("fc1", 2), LayerUnits.whole("fc2", 1)]
    with ActivationWriter(acts, layers, EntityIndex(ids)) as sink:
        sink.write(table[:, [0, 0, 1]].astype(np.float32) * [0, 0, 1])
    source = '[views.net]\nactivations = "acts"\ncolumns = "fc2"\n'
    study.write_text(source + VIEWS.replace("targets", "partners = 'net'\ntargets"))
    outcome = cli("mine", "--config", study, "-o", "run", "--quiet", "--align", "inner")
    assert outcome.status == 0, outcome.err
    found = findings(study.parent.parent / "run")
    assert found["query_net"].str.contains("fc2:0").all()
    assert len(found)


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", [], "Missing option '--view' (or --config FILE with [views.NAME])"),
        ("[views.a]\ntable = 'mean.csv'", [], "needs at least two views"),
        (VIEWS, ["--table", "all.csv"], "--table needs --view NAME=COLUMN,COLUMN"),
        (VIEWS, ["--align", "outer"], "--align must be 'inner' or left out"),
        (VIEWS, ["--alpha", "0"], "The 'alpha' parameter of AssessParams must be"),
        (VIEWS.replace("max_depth", "max_dept"), [], "Did you mean 'max_depth'?"),
        (VIEWS.replace("worst.csv", "none.csv"), [], "no file 'inputs/none.csv'"),
    ],
)
def test_what_cannot_be_mined(
    cli: CommandLine, study: Path, text: str, options: list[str], message: str
) -> None:
    study.write_text(text)
    outcome = cli("mine", "--config", study, *options)
    assert outcome.status == 2
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["mine"], ["config"], ["config", "show"]])
def test_help_loads_no_configuration(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom redescribe.cli.main import run\n"
        f"status = run({[*arguments, '--help']!r})\n"
        "print('redescribe.config' in sys.modules, status, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code]
    # The sources of this checkout, also where another one is installed.
    environment = os.environ | {"PYTHONPATH": str(Path(redescribe.__file__).parents[1])}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment
    )
    assert done.stderr == "False 0\n"
