"""docs/format.md mentions every file, column, key and encoding, and its lines run."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from torch import nn

from redescribe.capture.capture import capture
from redescribe.core.dataset import Dataset
from redescribe.core.effect import Check, Effects, EffectsEvidence, Verdict
from redescribe.core.redescription import TargetState
from redescribe.core.view import View
from redescribe.discretize.modes import NotDescribable
from redescribe.executors.shards import Shard
from redescribe.mining.params import MineParams
from redescribe.rules.imitate import imitate, with_hold_out
from redescribe.rules.outputs import Outputs
from redescribe.rules.params import Combination, RuleKind, RuleParams
from redescribe.rules.rule_file import record_of
from redescribe.significance.resample_params import ResampleParams
from redescribe.store import schema
from redescribe.store.run import RunFolder
from redescribe.study.merge import merge
from redescribe.study.shards import mine_shard
from redescribe.study.stages import run_stages
from redescribe.writers.tabular import TableFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "format.md"
STORE = ROOT / "src" / "redescribe" / "store"
FREE_KEYS = {"versions", "parameters", "fingerprints"}
"""Objects whose keys are data: names of packages, parameters and views."""


@pytest.fixture(scope="module")
def text() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def mentioned(text: str) -> set[str]:
    """What stands between backticks outside of blocks."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`([^`\n]+)`", prose))


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("format") / "run"
    generator = np.random.default_rng(0)
    x = generator.normal(size=(120, 2))
    x[::9, 1] = np.nan
    views = [View.of("x", x), View.of("y", x[:, :1] + np.array([[0.0, np.nan]]))]
    run_stages(Dataset.of(views), folder, MineParams(chunk_size=1))
    return folder


@pytest.fixture(scope="module")
def resampled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with all that is only there when it is asked for."""
    folder = tmp_path_factory.mktemp("format") / "resampled"
    x = np.random.default_rng(0).normal(size=(120, 2))
    dataset = Dataset.of([View.of("x", x), View.of("y", x[:, :1])])
    resampled = ResampleParams(permutations=3, bootstrap=9, recovery=2)
    asked = replace(resampled, rotations=2, networks=("x", "y"))
    nulls = {"y": [View.of("y", x[:, 1:])]}
    run_stages(dataset, folder, resample_params=asked, null_views=nulls)
    evidence = EffectsEvidence(
        n_tested=36,
        n_mined=84,
        in_sample=False,
        grouped=False,
        alpha=0.01,
        min_effect=0.01,
        seed=0,
    )
    Effects((), evidence).save(folder)
    return folder


@pytest.fixture(scope="module")
def merged_folder(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was merged of two, of which one was divided."""
    folder = tmp_path_factory.mktemp("format")
    views = RunFolder.open(run_folder).dataset().views
    other = View.of("z", views[0].values.T)
    mine_shard(Dataset.of([views[0], other]), folder / "shard", Shard(0, 1))
    merge(folder / "shard")
    merge(run_folder, folder / "shard", out=folder / "merged")
    return folder / "merged"


@pytest.fixture(scope="module")
def activation_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("format") / "acts"
    images = np.zeros((3, 1, 4, 4), np.float32)
    model = nn.Sequential(nn.Conv2d(1, 2, 2))
    capture(model, images, layers="0", reduce="max", out=folder)
    return folder


def documented_columns(text: str, heading: str) -> list[str]:
    """Names in the first column of the tables of a section, in order."""
    section = text[text.index(f"\n{heading}") + 1 :]
    section = section[: section.find("\n#", 1)] if "\n#" in section else section
    first_cells = re.findall(r"^\| (`[^|]+`) \|", section, re.MULTILINE)
    return [name for cell in first_cells for name in re.findall(r"`([^`]+)`", cell)]


def stored_columns(path: Path) -> list[str]:
    return [str(name) for name in parquet.read_schema(path).names]


@pytest.mark.parametrize(
    ("heading", "file"),
    [
        ("## 3. Findings", "assessed.parquet"),
        ("## 4. Targets", "targets.parquet"),
        ("### 2.2", "entities.parquet"),
        ("### 2.3", "views/x/attributes.parquet"),
    ],
)
def test_tables_are_described_column_by_column(
    text: str, run_folder: Path, heading: str, file: str
) -> None:
    columns = [
        re.sub(r"^query_.*", "query_<view>", c) for c in stored_columns(run_folder / file)
    ]
    assert documented_columns(text, heading) == list(dict.fromkeys(columns))


def test_parts_are_described(text: str, run_folder: Path) -> None:
    part = parquet.read_schema(run_folder / "redescriptions" / "part-00000.parquet")
    keys = [name.decode() for name in part.metadata]
    assert documented_columns(text, "### 2.4") == [*part.names, *keys]


@pytest.mark.parametrize(
    ("heading", "file", "first", "last"),
    [
        ("### 3.2", "assessed.parquet", "confirmed", "log10_p_mined"),
        ("### 4.2", "targets.parquet", "front", "network_partner"),
        ("### 4.3", "targets.parquet", "p_search_family", None),
        ("### 2.14", "null_networks.parquet", None, None),
        ("### 2.10", "nulls.parquet", None, None),
        ("### 2.11", "recovery.parquet", None, None),
        ("### 2.15", "effects.parquet", None, None),
    ],
)
def test_what_was_asked_for_is_described(
    text: str,
    resampled_folder: Path,
    heading: str,
    file: str,
    first: str | None,
    last: str | None,
) -> None:
    columns = stored_columns(resampled_folder / file)
    start = columns.index(first) + 1 if first else 0
    end = columns.index(last) if last else None
    assert documented_columns(text, heading) == columns[start:end]


def test_near_duplicates_are_described(text: str, run_folder: Path) -> None:
    columns = stored_columns(run_folder / "near_duplicates.parquet")
    assert documented_columns(text, "### 3.1") == columns


def test_neurons_are_described(text: str, activation_store: Path) -> None:
    columns = stored_columns(activation_store / "neurons.parquet")
    assert documented_columns(text, "## 7.") == columns


def test_types_are_those_of_the_columns(
    text: str, run_folder: Path, resampled_folder: Path
) -> None:
    rows = re.findall(r"^\| (`[^|]+`) \| ([a-z0-9]+) \|", text, re.MULTILINE)
    stated = {name: kind for cell, kind in rows for name in re.findall(r"`([^`]+)`", cell)}
    tables = [
        folder / file
        for folder in (run_folder, resampled_folder)
        for file in ("assessed.parquet", "targets.parquet")
    ]
    for table in tables:
        for field in parquet.read_schema(table):
            assert stated[re.sub(r"^query_.*", "query_<view>", field.name)] == str(
                field.type
            )


def test_every_schema_is_mentioned(mentioned: set[str]) -> None:
    schemas = [value for value in vars(schema).values() if isinstance(value, pa.Schema)]
    assert len(schemas) == 9
    assert {name for one in schemas for name in one.names} <= mentioned


def test_every_encoding_is_in_the_table(text: str) -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+\.\d+) \|", text, re.MULTILINE)
    assert dict(rows) == {name: versions[-1] for name, versions in schema.VERSIONS.items()}
    assert {schema.TYPE_KEY, schema.VERSION_KEY} == {"encoding-type", "encoding-version"}


def test_every_file_name_of_the_store_is_mentioned(text: str) -> None:
    pattern = re.compile(r"[\w/<>-]+\.(?:json|parquet|npy|txt)")
    texts = [
        node.value
        for path in STORE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    names = {name for one in texts for name in pattern.findall(one)}
    assert {"run.json", "store.json", "result.json", "values.npy"} <= names
    assert {name for name in names if name not in text} == set()


def test_every_stored_file_is_mentioned(
    text: str, run_folder: Path, resampled_folder: Path, activation_store: Path
) -> None:
    for folder in (run_folder, resampled_folder, activation_store):
        for path in folder.rglob("*"):
            if path.is_file() and not re.search(r"part-0000[1-9]", path.name):
                null = r"^(rotated|untrained)-[xy]-0000\d"
                assert re.sub(null, "<null>-<partner>-<n>", path.name) in text


def keys_of(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        for item in value:
            yield from keys_of(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from () if key in FREE_KEYS else keys_of(item)


@pytest.mark.parametrize("file", ["run.json", "result.json", "views/x/view.json"])
def test_every_key_is_mentioned(
    mentioned: set[str],
    run_folder: Path,
    resampled_folder: Path,
    merged_folder: Path,
    file: str,
) -> None:
    for folder in (run_folder, resampled_folder, merged_folder):
        keys = set(keys_of(json.loads((folder / file).read_text(encoding="utf-8"))))
        assert keys - mentioned == set()


def test_shards_are_mentioned(text: str, mentioned: set[str], merged_folder: Path) -> None:
    shard = merged_folder.parent / "shard"
    keys = set(json.loads((shard / "run.json").read_text(encoding="utf-8"))["seconds"])
    (record,) = (shard / "shards").iterdir()
    assert re.sub(r"\d+-of-\d+", "<i>-of-<n>", record.name) in text
    keys |= set(json.loads(record.read_text(encoding="utf-8")))
    assert keys - mentioned == set()


def test_every_key_of_a_store_is_mentioned(
    mentioned: set[str], activation_store: Path
) -> None:
    described = json.loads((activation_store / "store.json").read_text(encoding="utf-8"))
    assert set(keys_of(described)) - mentioned == set()


def test_keys_of_a_rule_set_are_mentioned(mentioned: set[str]) -> None:
    x = View.of("x", [[0.0], [1.0]] * 20)
    outputs = Outputs.of([0, 1] * 20)
    rules = with_hold_out(imitate(x, outputs, RuleParams(max_literals=2)), x, outputs)
    assert rules.trade_off
    assert set(keys_of(record_of(rules))) <= mentioned
    assert {one.value for one in (*RuleKind, *Combination) if one != "auto"} <= mentioned


def test_formats_and_states_are_mentioned(mentioned: set[str]) -> None:
    assert {table_format.value for table_format in TableFormat} <= mentioned
    assert {reason.value for reason in NotDescribable} <= mentioned
    assert {state.value for state in TargetState} <= mentioned
    assert {one.value for one in (*Check, *Verdict)} <= mentioned


def test_the_metadata_of_effects_are_mentioned(
    mentioned: set[str], resampled_folder: Path
) -> None:
    metadata = parquet.read_schema(resampled_folder / "effects.parquet").metadata
    assert {name.decode() for name in metadata} <= mentioned
    assert set(json.loads(metadata[b"evidence"])) <= mentioned


def test_the_lines_for_python_run(
    text: str, run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(run_folder)
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(block, names)  # noqa: S102 - our own text
    masks, findings = names["masks"], names["findings"]
    assert masks.all(axis=1).sum(axis=1).tolist() == findings["support_mined"].tolist()
    assert names["values"].shape == (120, 2)
    assert names["values"].index.tolist() == names["entities"]["id"].tolist()
    assert names["table"].equals(findings)
    assert names["run"]["counts"]["kept"] == len(findings) > 0
