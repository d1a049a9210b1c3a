"""A training as a TOML file says it, and the folder that it leaves."""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from annotated_types import Interval

from redescribe._validation import (
    Count,
    OpenShare,
    PositiveCount,
    check_bounds,
    parameter_types,
)
from redescribe.capture.files import read_inputs
from redescribe.capture.loading import load as load_network
from redescribe.errors import ParameterError, ReadError, StoreError, UnknownNameError
from redescribe.flint.batches import Batches
from redescribe.flint.io import load, read_document, save
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkTable:
    """`[network]`: the network, and which layers are tapped.

    Parameters
    ----------
    model
        What `redescribe capture` takes: `package.module:function`, a .pt file, …
    weights
        A state that is loaded into it; empty: none.
    layers
        Names, globs or regular expressions.
    """

    model: str
    layers: list[str]
    weights: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """`[data]`: inputs and labels, one row per entity.

    Parameters
    ----------
    inputs, labels
        A .npy file, a table, or `package.module:function`; labels may be left out post
        hoc.
    classes
        Names of the classes, in the order of the labels; none: numbers.
    """

    inputs: str
    labels: str = ""
    classes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsTable:
    """`[flint]`: how the interpreter is built; as in `redescribe.flint.FLINT`.

    Parameters
    ----------
    n_attributes, n_classes
        J and C.
    activation, task, decoder, head_bias
        As there; `decoder = "none"` for none.
    """

    n_attributes: PositiveCount
    n_classes: PositiveCount
    activation: str = "leaky_relu"
    task: str = "multiclass"
    decoder: str = "auto"
    head_bias: bool = True

    def __post_init__(self) -> None:
        check_bounds(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingTable:
    """`[training]`: how it learns; as in `redescribe.flint.fit`.

    Parameters
    ----------
    epochs, batch_size, lr, schedule, seed, keep_best
        As there; `schedule` is paper or none.
    validation
        Share of the entities that are only measured on, the last ones of a seeded order.
    device
        Empty: where the network is.
    """

    epochs: PositiveCount = 12
    batch_size: PositiveCount = 64
    lr: Annotated[float, Interval(gt=0)] = 1e-4
    schedule: str = "paper"
    seed: Count = 0
    validation: OpenShare = 0.0
    keep_best: bool = False
    device: str = ""

    def __post_init__(self) -> None:
        check_bounds(self)


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
        except tomllib.TOMLDecodeError as error:
            em = f"{where} is no TOML: {error}."
            raise ReadError(em) from error
        for name in document:
            if name not in _TABLES:
                what = f"{where} has no table"
                raise UnknownNameError.among(what, name, _TABLES)
        made = {
            name: _made(kind, document.get(name, {}), f"[{name}] of {where}")
            for name, kind in _TABLES.items()
        }
        return cls(**made)

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
        checkpoint=folder / CHECKPOINT,
        progress=progress,
    )
    with replacing(folder / COPY) as temporary:
        temporary.write_bytes(config.read_bytes())
    save(flint, folder, history=history, notes={"n_dead": history.n_dead})
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


def _made(kind: Any, table: object, where: str) -> Any:  # noqa: ANN401 - a table's class
    """A table of the file as a value; keys and types are checked."""
    if not isinstance(table, dict):
        em = f"{where} must be a table. Got {table!r}."
        raise ParameterError(em)
    known = {one.name: one for one in fields(kind)}
    for name, value in table.items():
        if name not in known:
            what = f"{where} has no key"
            raise UnknownNameError.among(what, name, known)
        _check_type(f"{name!r} in {where}", value, parameter_types(kind)[name])
    for name, one in known.items():
        needed = one.default is MISSING and one.default_factory is MISSING
        if needed and name not in table:
            em = f"{where} needs the key {name!r}."
            raise ParameterError(em)
    return kind(**table)


def _check_type(what: str, value: object, hint: Any) -> None:  # noqa: ANN401 - a type
    """Check texts, truth values and lists; numbers are checked with their bounds."""
    for kind, name in ((str, "a text"), (bool, "true or false")):
        if hint is kind and not isinstance(value, kind):
            em = f"{what} must be {name}. Got {value!r}."
            raise ParameterError(em)
    if hint == list[str] and not (
        isinstance(value, list) and all(isinstance(one, str) for one in value)
    ):
        em = f"{what} must be a list of texts. Got {value!r}."
        raise ParameterError(em)


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
