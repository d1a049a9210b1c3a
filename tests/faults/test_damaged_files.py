"""Whatever happens to a file of a run: it is named, or exactly that part is redone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.faults.damage import DAMAGE, contents, copied, dataset, mined, timeless

import redescribe as rd
from redescribe.core.null_table import NullTable
from redescribe.errors import StoreError
from redescribe.store.fingerprint import dataset_fingerprint
from redescribe.store.results import check_tables, load
from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PART, SUPPORTS = "redescriptions/part-00001.parquet", "supports/part-00001.npy"
READERS: dict[str, Callable[[Path], object]] = {
    "run.json": lambda run: RunFolder.open(run).dataset(),
    "entities.parquet": lambda run: RunFolder.open(run).dataset(),
    "views/x/view.json": lambda run: RunFolder.open(run).dataset(),
    "views/x/attributes.parquet": lambda run: RunFolder.open(run).dataset(),
    "views/x/values.npy": lambda run: RunFolder.open(run).dataset(),
    PART: lambda run: RunFolder.open(run).read_part(1),
    SUPPORTS: lambda run: RunFolder.open(run).read_part(1),
    "nulls.parquet": lambda run: RunFolder.open(run).read_nulls(),
    "result.json": load,
    "supports/assessed.npy": load,
    "near_duplicates.parquet": load,
    "assessed.parquet": lambda run: check_tables(run, []),
    "targets.parquet": lambda run: check_tables(run, []),
}
AGAIN = [
    *(name for name in READERS if name not in {"run.json"}),
    "nulls/part-00000.parquet",
]


def damaged(finished: Path, folder: Path, name: str, damage: str) -> Path:
    run = copied(finished, folder / "run")
    path = run / name
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    return run


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", READERS)
def test_damage_is_named_or_harmless(
    finished: Path, tmp_path: Path, name: str, damage: str
) -> None:
    run = damaged(finished, tmp_path, name, damage)
    said, found = None, None
    try:
        found = READERS[name](run)
    except StoreError as error:
        said = str(error)
    if said is not None:
        assert str(run / name) in said
        return
    # The bits that hold no value, such as the Arrow schema beside that of Parquet.
    assert damage.startswith("bit")
    assert same(found, READERS[name](finished))


def same(found: object, expected: object) -> bool:
    if isinstance(expected, rd.Dataset) and isinstance(found, rd.Dataset):
        return dataset_fingerprint(found) == dataset_fingerprint(expected)
    if isinstance(expected, NullTable) and isinstance(found, NullTable):
        return np.array_equal(found.maxima, expected.maxima, equal_nan=True)
    return found == expected


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_is_gone_is_named(finished: Path, tmp_path: Path, name: str) -> None:
    run = copied(finished, tmp_path / "run")
    (run / name).unlink()
    if name == "near_duplicates.parquet" and not any(
        f.near_duplicates for f in load(finished)
    ):
        assert load(run) == load(finished)
        return
    with pytest.raises(StoreError) as caught:
        READERS[name](run)
    said = str(caught.value)
    assert (
        str(run / name) in said
        or {
            "run.json": "it has no run.json",
            "result.json": "is an unfinished run",
        }[name]
        in said
    )


@pytest.mark.parametrize("damage", ["truncated", "bit at 37%", "gone"])
@pytest.mark.parametrize("name", AGAIN)
def test_mining_again_redoes_what_is_broken_and_nothing_else(
    finished: Path, tmp_path: Path, name: str, damage: str
) -> None:
    if damage == "gone":
        run = copied(finished, tmp_path / "run")
        (run / name).unlink()
    else:
        run = damaged(finished, tmp_path, name, damage)
    if "part-" in name:  # what is made of the parts is still to be made
        (run / "result.json").unlink()
    made = times(run)
    assert mined(run) == timeless(load(finished))
    assert contents(run) == contents(finished)
    number = name.removesuffix(".parquet").removesuffix(".npy").rpartition("/")[2]
    kept = [part for part in made if not part.endswith(f"{number}.parquet")]
    kept = kept if "part-" in name else [*made]
    assert {part: times(run)[part] for part in kept} == {part: made[part] for part in kept}


def times(run: Path) -> dict[str, int]:
    """When each part was written."""
    parts = sorted(run.glob("*/part-*.parquet"))
    return {path.relative_to(run).as_posix(): path.stat().st_mtime_ns for path in parts}


@pytest.mark.parametrize("damage", ["empty", "truncated", "strange", "bit at 50%"])
def test_a_broken_run_json_is_made_again_and_the_parts_stay(
    finished: Path, tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    run = damaged(finished, tmp_path, "run.json", damage)
    with pytest.raises(StoreError, match="Start the same run with the same folder again"):
        load_document(run)
    made = times(run)
    assert mined(run) == timeless(load(finished))
    assert times(run) == made
    assert contents(run) == contents(finished)
    assert "no longer says whether the hold-out had been opened" in caplog.text


def load_document(run: Path) -> object:
    return RunFolder.open(run).document


def test_a_broken_run_json_of_another_run_is_left_alone(
    finished: Path, tmp_path: Path
) -> None:
    run = damaged(finished, tmp_path, "run.json", "truncated")
    before = contents(run)
    other = rd.MineParams(seed=7)
    with pytest.raises(StoreError, match=r"run\.json is broken .* Choose another folder"):
        rd.run_stages(dataset(), run, other)
    assert contents(run) == before
    found = rd.run_stages(dataset(), run, other, force=True)
    assert load(run) == found
