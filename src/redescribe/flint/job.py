"""A training as a TOML file says it, and the folder that it leaves."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.capture.files import read_inputs
from redescribe.capture.loading import load as load_network
from redescribe.errors import ReadError, StoreError, UnknownNameError
from redescribe.flint.batches import Batches
from redescribe.flint.io import load, read_document, save
from redescribe.flint.job_tables import (
    DataTable,
    NetworkTable,
    PartsTable,
    TrainingTable,
    made,
)
from redescribe.flint.losses import FlintLoss
from redescribe.flint.model import FLINT
from redescribe.flint.params import AttributeParams, Mode
from redescribe.flint.trainer import fit
from redescribe.flint.visualize import MaximisationParams
from redescribe.store.atomic import replacing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from redescribe._typing import AnyArray
    from redescribe.core.protocols import Progress
    from redescribe.flint.history import History

COPY, CHECKPOINT = "flint.toml", "checkpoint.pt"


@dataclass(frozen=True, slots=True)
class FlintJob:
    """What is trained, on what, and how.

    Attributes
    ----------
    network, data, flint, training, loss, attributes, pictures
        One per table of the file; all but the first three may be missing. `attributes` is
        the automatic attribute network, `pictures` how inputs are made that activate it.

    Examples
    --------
    >>> job = FlintJob.parse('''
    ... [network]
    ... model = "nets.py:build"
    ... layers = ["fc2"]
    ... [data]
    ... inputs = "x.npy"
    ... [flint]
    ... n_attributes = 8
    ... n_classes = 2
    ... ''')
    >>> job.training.epochs, job.loss.beta
    (12, 0.5)
    """

    network: NetworkTable
    data: DataTable
    flint: PartsTable
    training: TrainingTable = field(default_factory=TrainingTable)
    loss: FlintLoss = field(default_factory=FlintLoss)
    attributes: AttributeParams = field(default_factory=AttributeParams)
    pictures: MaximisationParams = field(default_factory=MaximisationParams)

    @classmethod
    def parse(cls, text: str, *, where: str = "the configuration") -> FlintJob:
        """Return what a TOML text says.

        Parameters
        ----------
        text
            With the tables `network`, `data`, `flint`, and perhaps the others.
        where
            Named in messages.

        Raises
        ------
        ReadError
            If it is no TOML.
        UnknownNameError, ParameterError
            If a key is unknown, missing, or of another type.
        """
        try:
            document = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            em = f"{where} is no TOML: {error}."
            raise ReadError(em) from error
        for name in document:
            if name not in _TABLES:
                what = f"{where} has no table"
                raise UnknownNameError.among(what, name, _TABLES)
        tables = {
            name: made(kind, document.get(name, {}), f"[{name}] of {where}")
            for name, kind in _TABLES.items()
        }
        return cls(**tables)

    @classmethod
    def read(cls, path: Path) -> FlintJob:
        """Return what a TOML file says.

        Raises
        ------
        ReadError
            If it cannot be read; see `parse` for what is in it.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            em = f"{path} cannot be read: {error}. Give a TOML file."
            raise ReadError(em) from error
        return cls.parse(text, where=str(path))

    def arrays(self, *, inputs: str = "", labels: str = "") -> tuple[Any, AnyArray | None]:
        """Return inputs and labels: those of the job, or those at other places."""
        data = read_inputs(inputs or self.data.inputs).data
        place = labels or ("" if inputs else self.data.labels)
        if not place:
            return data, None
        found = np.asarray(read_inputs(place).data)
        return data, found[:, 0] if found.ndim == 2 and found.shape[1] == 1 else found

    def new_network(self) -> Any:  # noqa: ANN401 - a torch.nn.Module
        """Return the network as it is before the training."""
        return load_network(self.network.model, weights=self.network.weights or None)


def train_job(
    config: Path, folder: Path, *, mode: str, progress: Progress | None = None
) -> tuple[FLINT, History]:
    """Train as a file says, into a folder; a training that was interrupted goes on.

    Parameters
    ----------
    config
        The TOML file, of which the folder keeps a copy.
    folder
        Gets flint.json, state.pt, history.json and, meanwhile, checkpoint.pt.
    mode
        by_design or post_hoc.
    progress
        Hears of each step.

    Raises
    ------
    RedescribeError
        If the file, the network, the data or the training are not as they should be.
    """
    job = FlintJob.read(config)
    network = job.new_network()
    if mode == Mode.POST_HOC and hasattr(network, "eval"):
        network.eval()
    p, t = job.flint, job.training
    flint = FLINT(
        network,
        job.network.layers,
        p.n_attributes,
        p.n_classes,
        attribute_net=job.attributes,
        activation=p.activation,
        task=p.task,
        decoder=None if p.decoder == "none" else p.decoder,
        head_bias=p.head_bias,
        mode=mode,
        seed=t.seed,
    )
    learned, held = _divided(*job.arrays(), t.validation, seed=t.seed)
    history = fit(
        flint,
        Batches(*learned, t.batch_size),
        epochs=t.epochs,
        val_loader=held,
        loss=job.loss,
        lr=t.lr,
        schedule=t.schedule,
        seed=t.seed,
        device=t.device or None,
        keep_best=t.keep_best,
        optimizer=t.optimizer,
        grad_clip=t.grad_clip or None,
        amp=t.amp,
        cache_features=t.cache_features,
        revive_dead=t.revive_dead,
        checkpoint=folder / CHECKPOINT,
        progress=progress,
    )
    with replacing(folder / COPY) as temporary:
        temporary.write_bytes(config.read_bytes())
    save(flint, folder, history=history, notes={"classes": job.data.classes})
    return flint, history


def open_job(folder: Path) -> tuple[FlintJob, FLINT]:
    """Return what a folder of `train_job` holds: the job and the trained FLINT.

    Raises
    ------
    StoreError
        If the folder is none, or its training has not ended.
    """
    if (folder / CHECKPOINT).exists() and not (folder / "flint.json").exists():
        em = f"The training in {folder} has not ended. Run the same command again."
        raise StoreError(em)
    read_document(folder)
    job = FlintJob.read(folder / COPY)
    return job, load(folder, job.new_network())


_TABLES: Mapping[str, type] = MappingProxyType(
    {
        "network": NetworkTable,
        "data": DataTable,
        "flint": PartsTable,
        "training": TrainingTable,
        "loss": FlintLoss,
        "attributes": AttributeParams,
        "pictures": MaximisationParams,
    }
)


def _divided(
    x: Any,  # noqa: ANN401 - an array
    y: AnyArray | None,
    share: float,
    *,
    seed: int,
) -> tuple[tuple[Any, Any], tuple[Any, Any] | None]:
    """Entities that are learned from, and those that are only measured on."""
    n = len(x)
    n_held = round(share * n)
    if not n_held:
        return (x, y), None
    order = np.random.default_rng(seed).permutation(n)
    learned, held = np.sort(order[n_held:]), np.sort(order[:n_held])
    labels = (None, None) if y is None else (y[learned], y[held])
    return (x[learned], labels[0]), (x[held], labels[1])
