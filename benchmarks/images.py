"""Complete runs on images: train, capture, read, mine, select, assess, report."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import networks
from benchmarks.measure import Cell, in_fresh_process, peak_megabytes, print_table
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams, split_entities
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.params import MineParams
from redescribe.mining.warm_up import warm_up
from redescribe.readers.tables import read
from redescribe.report.render import write_report
from redescribe.report.summarize import summarize
from redescribe.store.activations import ActivationStore
from redescribe.store.run import RunFolder
from redescribe.study.stages import run_stages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch.nn import Module

    from benchmarks.networks import Images
    from redescribe.core.assessed import Finding

SPLIT = SplitParams(hold_out=0.3)
JOBS = (1, 2)
STAGES = ("read", "mining", "selecting", "assessing", "store", "report")
"""Mining includes its parts, assessing the tables; `store` is the copy of the input."""
COUNTS = ("described", "describable", "dead", "candidates", "kept", "replicated")


@dataclass(frozen=True)
class ImageCase:
    """Images and the network that learns them; both are made where they are needed."""

    name: str
    images: Callable[[], Images]
    network: Callable[[], Module]


CASES = (
    ImageCase("digits, CNN", networks.digits_images, networks.small_cnn),
    ImageCase("MNIST, LeNet", networks.mnist_images, networks.lenet),
)


@dataclass(frozen=True)
class Captured:
    """A network, its activations on the disk, and what that cost in seconds and MB."""

    n_images: int
    accuracy: float
    training: float
    capturing: float
    peak: float


@dataclass(frozen=True)
class ByPartner:
    """The findings by one partner view."""

    partner: str
    n_targets: int
    n_findings: int
    n_replicated: int
    mined: float
    held_out: float

    @classmethod
    def of(cls, partner: str, findings: Sequence[Finding]) -> ByPartner:
        """Count the findings; means are over the best one of each target."""
        best: dict[str, tuple[float, float]] = {}
        for finding in findings:
            assert finding.assessment is not None
            redescription, held_out = finding.redescription, finding.assessment.hold_out
            reached = redescription.mined.jaccard, held_out.jaccard
            best[redescription.target] = max(
                reached, best.get(redescription.target, reached)
            )
        mined, held_out_too = zip(*best.values(), strict=True)
        n_replicated = sum(bool(f.assessment and f.assessment.confirmed) for f in findings)
        means = fmean(mined), fmean(held_out_too)
        return cls(partner, len(best), len(findings), n_replicated, *means)


@dataclass(frozen=True)
class Run:
    """What a run cost and found.

    Attributes
    ----------
    seconds
        Wall seconds by stage; `cpu` are those of all stages and threads.
    loaded, peak
        Largest resident memory before mining and in the end, in MB.
    stored
        The run folder in MB.
    keys
        Of the findings, in order.
    """

    n_entities: int
    n_attributes: tuple[int, ...]
    seconds: dict[str, float]
    cpu: float
    loaded: float
    peak: float
    stored: float
    counts: dict[str, int | None]
    by_partner: tuple[ByPartner, ...]
    keys: tuple[str, ...]

    def row(self, n_threads: int) -> list[Cell]:
        """Sizes, then seconds, then megabytes."""
        sizes = (n_threads, self.n_entities, *self.n_attributes)
        seconds = [self.seconds[stage] for stage in STAGES]
        memory = (self.loaded, self.peak, self.stored)
        return [*sizes, *seconds, sum(seconds), self.cpu, *memory]


def capture_units(case: ImageCase, folder: Path) -> Captured:
    """Train on the mining part, and write what a user would have: activations and tables.

    The hold-out is new to the network as well as to the search.
    """
    import torch  # noqa: PLC0415 - the searches run without it

    from redescribe.capture.capture import capture  # noqa: PLC0415 - needs torch

    torch.set_num_threads(1)
    images = case.images()
    split = split_entities(images.entities, SPLIT)
    started = time.perf_counter()
    model = networks.train_classifier(case.network, images, split.mined)
    training = time.perf_counter() - started
    inputs, ids = images.inputs(), images.entities
    started = time.perf_counter()
    capture(model, inputs, layers=networks.LAYER, ids=ids, out=folder / "activations")
    capturing = time.perf_counter() - started
    logits = capture(model, inputs, layers="output", ids=ids).values
    right = logits.argmax(axis=0) == images.classes
    for name, table in tables(images).items():
        pq.write_table(table, folder / f"{name}.parquet")
    accuracy = float(right[split.held_out].mean())
    return Captured(len(images), accuracy, training, capturing, peak_megabytes())


def tables(images: Images) -> dict[str, pa.Table]:
    """One column per pixel; one column of truth values per class."""
    ids, side = {"id": images.entities.ids}, range(images.pixels.shape[1])
    pixels = {f"r{y}c{x}": images.pixels[:, y, x] for y in side for x in side}
    labels = {f"is_{k}": images.classes == k for k in range(networks.N_CLASSES)}
    return {"pixels": pa.table(ids | pixels), "labels": pa.table(ids | labels)}


def run_folder(folder: Path, n_jobs: int) -> Run:
    """Explain the captured units by pixels and by labels, into a run folder."""
    warm_up()
    clock = Clock()
    neurons = ActivationStore.open(folder / "activations").view("neurons")
    partners = [read(folder / f"{name}.parquet") for name in ("pixels", "labels")]
    dataset = Dataset.of([neurons, *partners], SPLIT)
    clock.stop("read")
    loaded = peak_megabytes()
    output = folder / f"run{n_jobs}"
    params = MineParams(targets=(neurons.name,))
    found = run_stages(dataset, output, params, executor=JoblibExecutor(n_jobs))
    clock.stop("store", known=_stages(output))
    write_report(summarize(found, dataset, entity_noun="image"), output / "report.html")
    clock.stop("report")
    by_partner: dict[str, list[Finding]] = {view.name: [] for view in partners}
    for finding in found:
        by_partner[finding.redescription.queries[1].view].append(finding)
    return Run(
        n_entities=dataset.n_entities,
        n_attributes=tuple(len(view.attributes) for view in dataset.views),
        seconds=clock.seconds,
        cpu=clock.cpu,
        loaded=loaded,
        peak=peak_megabytes(),
        stored=sum(f.stat().st_size for f in output.rglob("*") if f.is_file()) / 2**20,
        counts=found.counts,
        by_partner=tuple(ByPartner.of(*item) for item in by_partner.items() if item[1]),
        keys=tuple(finding.redescription.key for finding in found),
    )


class Clock:
    """Wall seconds by stage, and CPU seconds, since it was made."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last, self._cpu = time.perf_counter(), time.process_time()

    @property
    def cpu(self) -> float:
        """CPU seconds of all threads."""
        return time.process_time() - self._cpu

    def stop(self, stage: str, known: Mapping[str, float] | None = None) -> None:
        """Note the seconds since the last stop, less those of stages that are known."""
        now, stages = time.perf_counter(), dict(known or {})
        self.seconds |= {**stages, stage: now - self._last - sum(stages.values())}
        self._last = now


def _stages(output: Path) -> dict[str, float]:
    """The seconds of mining, selecting and assessing that a run folder records."""
    seconds = cast("dict[str, float]", RunFolder.open(output).document["seconds"])
    return dict(seconds)


def report() -> None:
    """Print what the networks cost, what the runs cost, and what they found."""
    captured: list[list[Cell]] = []
    costs: list[list[Cell]] = []
    counts: list[list[Cell]] = []
    partners: list[list[Cell]] = []
    for case in CASES:
        with TemporaryDirectory() as path:
            made = in_fresh_process(capture_units, case, Path(path))
            runs = [in_fresh_process(run_folder, Path(path), jobs) for jobs in JOBS]
        first = runs[0]
        assert all(run.keys == first.keys for run in runs), "threads change nothing"
        captured.append([case.name, *asdict(made).values()])
        costs += [[case.name, *run.row(jobs)] for jobs, run in zip(JOBS, runs, strict=True)]
        counts.append([case.name, *(first.counts[name] for name in COUNTS)])
        partners += [[case.name, *asdict(row).values()] for row in first.by_partner]
    print_table(
        "Networks: trained on the mining part (70 %), one thread, processes of their own",
        ["images", "entities", "hold-out accuracy", "train s", "capture s", "peak MB"],
        captured,
    )
    stages = [f"{stage} s" for stage in STAGES]
    print_table(
        "Complete runs: 128 neurons by pixels and by one-hot labels, 30 % held out, into a "
        "folder;\nwall seconds by stage, CPU seconds of all, in processes of their own",
        [
            *("images", "threads", "entities", "neurons", "pixels", "labels", *stages),
            *("all s", "CPU s", "MB before mining", "peak MB", "MB on disk"),
        ],
        costs,
    )
    print_table(
        "What they found: the same on one thread and on two", ["images", *COUNTS], counts
    )
    print_table(
        "By partner view: means over the targets of the best mined Jaccard",
        [
            "images",
            "partner",
            "targets",
            "kept",
            "replicated",
            "best mined J",
            "its hold-out J",
        ],
        partners,
    )
