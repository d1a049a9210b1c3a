"""What the soak kills: capture, mine, assess and merge of a small study."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd
import torch

from redescribe.cli.main import run
from redescribe.cli.status import WORK_LEFT
from redescribe.datasets.wdbc import wdbc_views
from redescribe.errors import RedescribeError
from redescribe.store.activations import ActivationStore
from redescribe.store.atomic import partial_name
from redescribe.store.parts import parts_done
from redescribe.store.results import load
from redescribe.store.run import RunFolder
from redescribe.study.status import run_status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BATCH, N_SHARDS = 16, 3
N_COPIES = 6
"""Of the inputs of a capture, which would otherwise be over in a moment."""
NETWORK = f"""\
import os
from pathlib import Path

import torch

PASSES = Path(__file__).with_name("passes")


class Counted(torch.nn.Module):
    def forward(self, x):
        if len(x) == {BATCH}:
            with PASSES.open("ab", buffering=0) as file:
                file.write(b".")
        return x


def build():
    torch.manual_seed(0)
    return torch.nn.Sequential(
        Counted(), torch.nn.Linear(30, 64), torch.nn.ReLU(), torch.nn.Linear(64, 16)
    )
"""
"""A network that writes down each whole batch it is asked for."""
TABLES = (
    *("assessed.parquet", "targets.parquet", "near_duplicates.parquet", "nulls.parquet"),
    *("entities.parquet", "supports/assessed.npy"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """What is finished, as it lies on the disk.

    Attributes
    ----------
    digest
        SHA-256 of its bytes.
    made
        Inode and time of each of its files: another one means that it was made again. Empty
        where parts share a file.
    """

    digest: str
    made: tuple[tuple[int, int], ...]


class Stage(Protocol):
    """A command that is killed, and what can be seen of it from outside."""

    @property
    def name(self) -> str:
        """Of the stage."""

    def prepare(self, folder: Path) -> None:
        """Put there what the command finds."""

    def command(self, folder: Path) -> list[str]:
        """Return the arguments of `redescribe`."""

    def parts(self, folder: Path) -> dict[str, Part]:
        """Return what is finished."""

    def n_recomputed(self, folder: Path, before: dict[str, Part]) -> int:
        """Return how many of the parts before an attempt it computed again."""

    def read(self, folder: Path) -> bool:
        """Read all that can be read; return whether the results are there.

        Raises
        ------
        Exception
            If it fails with anything but an error of ours, or reads what is not whole.
        """

    def digest(self, folder: Path) -> str:
        """Return the hash of the finished tables."""


@dataclass(frozen=True, slots=True)
class Capture:
    """`redescribe capture`, which saves after every batch; a batch is a part."""

    inputs: Path
    name: str = "capture"

    def prepare(self, folder: Path) -> None:
        """Put the network there."""
        (folder / "network.py").write_text(NETWORK, encoding="utf-8")

    def command(self, folder: Path) -> list[str]:
        """Return the arguments of `redescribe`."""
        network = f"{folder / 'network.py'}:build"
        return [
            *("capture", network, "--inputs", str(self.inputs), "--layers", "*"),
            *("--batch-size", str(BATCH), "-o", str(folder / "out"), "--quiet"),
        ]

    def parts(self, folder: Path) -> dict[str, Part]:
        """Return the batches that are saved, or all of a finished store."""
        out = folder / "out"
        place = out if (out / "store.json").exists() else partial_name(out)
        path, saved = place / "activations.npy", place / "progress.json"
        if place == out:
            n_saved = len(ActivationStore.open(out).entities)
        elif saved.exists():
            n_saved = int(json.loads(saved.read_text("utf-8"))["state"]["n_entities"])
        else:
            return {}
        values = np.load(path, mmap_mode="r", allow_pickle=False)
        return {
            f"entities {first}": Part(_sha256(values[:, first : first + BATCH]), ())
            for first in range(0, n_saved, BATCH)
        }

    def n_recomputed(self, folder: Path, before: dict[str, Part]) -> int:
        """Return how many batches went through the network that were saved before.

        The first batch always does, for the plan.
        """
        passes = folder / "passes"
        n_passes = passes.stat().st_size if passes.exists() else 0
        passes.unlink(missing_ok=True)
        n_whole = len(np.load(self.inputs, mmap_mode="r")) // BATCH
        n_left = max(n_whole - len(before), 0)
        return max(n_passes - n_left - (1 if before else 0), 0)

    def read(self, folder: Path) -> bool:
        """Open the store; where it opens, it is whole."""
        try:
            values = ActivationStore.open(folder / "out").view("x").values
        except RedescribeError:
            return False
        if np.isnan(values).any() or not values.any(axis=0).all():
            em = "an activation store has entities that were never written"
            raise ValueError(em)
        return True

    def digest(self, folder: Path) -> str:
        """Return the hash of the finished tables."""
        names = ("activations.npy", "neurons.parquet", "entities.parquet")
        return _sha256(*((folder / "out" / name).read_bytes() for name in names))


@dataclass(frozen=True, slots=True)
class Run:
    """A command that writes a run folder, `out`; chunks and their files are the parts.

    Attributes
    ----------
    name
        Of the stage.
    arguments
        Of `redescribe`, without the folder of the result.
    given
        Folder that is copied before the first attempt; None begins with nothing.
    sources
        Folders beside `out` that the command reads, and must leave as they are.
    """

    name: str
    arguments: Callable[[Path], list[str]]
    given: Path | None = None
    sources: tuple[str, ...] = ()

    def prepare(self, folder: Path) -> None:
        """Copy what the command finds."""
        if self.given is not None:
            shutil.copytree(self.given, folder, dirs_exist_ok=True)

    def command(self, folder: Path) -> list[str]:
        """Return the arguments of `redescribe`."""
        quiet = ("--jobs", "2", "--quiet", "-o", str(folder / "out"))
        return [*self.arguments(folder), *quiet]

    def parts(self, folder: Path) -> dict[str, Part]:
        """Return the chunks that have files, and the inputs once they are complete."""
        found: dict[str, Part] = {}
        for name in ("out", *self.sources):
            found |= dict(_parts_of_run(folder / name, name))
        return found

    def n_recomputed(self, folder: Path, before: dict[str, Part]) -> int:
        """Return how many parts have other files than before."""
        now = self.parts(folder)
        return sum(n in now and now[n].made != part.made for n, part in before.items())

    def read(self, folder: Path) -> bool:
        """Read status, inputs, parts and findings; every part that is there is whole."""
        out = folder / "out"
        for number in parts_done(out):
            RunFolder(out, "").read_part(number)
        for look in (run_status, lambda path: RunFolder.open(path).dataset()):
            try:
                look(out)
            except RedescribeError:
                continue
        try:
            found = load(out)
        except RedescribeError:
            return False
        if not len(found):
            em = "the findings that were read are empty"
            raise ValueError(em)
        return True

    def digest(self, folder: Path) -> str:
        """Return the hash of the finished tables."""
        out = folder / "out"
        views = sorted((out / "views").rglob("*"))
        files = [*(out / name for name in TABLES), *(p for p in views if p.is_file())]
        return _sha256(*(path.read_bytes() for path in files))


def stages(folder: Path) -> list[Stage]:
    """Make the inputs of all stages below a folder, and return the stages in order."""
    attributes, _ = wdbc_views()
    inputs = folder / "inputs.npy"
    np.save(inputs, np.tile(attributes.values.T.astype(np.float32), (N_COPIES, 1)))
    table = pd.DataFrame(attributes.values.T, columns=list(attributes.names))
    table.insert(0, "id", attributes.entities.ids)
    table[::3].to_csv(folder / "tumours.csv", index=False)
    views = ["--view", "a=mean_s*,mean_c*", "--view", "b=worst_s*,worst_c*"]
    mine = ["mine", "--table", str(folder / "tumours.csv"), *views, "--chunk-size", "1"]
    mine += ["--search", "beam", "--beam-width", "2", "--beam-cuts", "6"]
    mine += ["--permutations", "20", "--bootstrap", "20"]
    whole, shards = folder / "searched", folder / "shards"
    alone = ["--jobs", "1", "-o"]  # no threads here, which a copy would not have
    _done([*mine, *alone, str(folder / "loading")])
    _done([*mine, "--shard", "0/1", *alone, str(whole / "out")], expected=WORK_LEFT)
    names = tuple(f"shard{number}" for number in range(N_SHARDS))
    for number, name in enumerate(names):
        part = [*mine, "--shard", f"{number}/{N_SHARDS}", *alone, str(shards / name)]
        _done(part, expected=WORK_LEFT)

    def merging(place: Path) -> list[str]:
        return ["merge", *(str(place / name) for name in names)]

    capture = Capture(inputs)
    network = folder / "network"
    network.mkdir()
    capture.prepare(network)
    torch.set_num_threads(1)
    _done(capture.command(network))
    return [
        capture,
        Run("mine", lambda _: mine),
        Run("assess", lambda _: mine, whole),
        Run("merge", merging, shards, names),
    ]


def _done(arguments: list[str], *, expected: int = 0) -> None:
    """Run a command here: what it loads, every copy of this process has loaded."""
    with Path(os.devnull).open("w", encoding="utf-8") as out, redirect_stdout(out):
        status = run([*arguments, "--quiet"])
    if status != expected:
        em = f"redescribe {' '.join(arguments)} ended with status {status}"
        raise RuntimeError(em)


def _parts_of_run(out: Path, name: str) -> Iterator[tuple[str, Part]]:
    for number in parts_done(out):
        stem = f"part-{number:05d}"
        files = (
            out / "redescriptions" / f"{stem}.parquet",
            out / "supports" / f"{stem}.npy",
        )
        yield f"{name}: chunk {number}", _part(*files)
    for path in sorted((out / "nulls").glob("part-*.parquet")):
        yield f"{name}: permuted, {path.stem}", _part(path)
    try:
        complete = RunFolder.open(out).document["inputs_complete"] is True
    except RedescribeError:
        return
    if complete:
        inputs = [out / "entities.parquet", *sorted((out / "views").rglob("*.*"))]
        yield f"{name}: inputs", _part(*inputs)


def _part(*files: Path) -> Part:
    made = tuple((file.stat().st_ino, file.stat().st_mtime_ns) for file in files)
    return Part(_sha256(*(file.read_bytes() for file in files)), made)


def _sha256(*contents: bytes | np.ndarray) -> str:
    digest = hashlib.sha256()
    for content in contents:
        one = content if isinstance(content, bytes) else content.tobytes()
        digest.update(hashlib.sha256(one).digest())
    return digest.hexdigest()
