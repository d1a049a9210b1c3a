"""The tables of the file that says how a FLINT is trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Annotated, Any

from annotated_types import Interval

from redescribe._validation import (
    Count,
    OpenShare,
    PositiveCount,
    check_bounds,
    parameter_types,
)
from redescribe.errors import ParameterError, UnknownNameError
from redescribe.flint.schedule import Schedule

Named = str | Mapping[str, Any]
"""A word, or a table inside of a table."""


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
    epochs, batch_size, lr, schedule, seed, keep_best, optimizer, amp, cache_features
        As there; `schedule` is a name or a table of starts by term, with `lr`.
    revive_dead
        As there.
    grad_clip
        As there; 0: no limit.
    validation
        Share of the entities that are only measured on, the last ones of a seeded order.
    device
        Empty: where the network is.
    """

    epochs: PositiveCount = 12
    batch_size: PositiveCount = 64
    lr: Annotated[float, Interval(gt=0)] = 1e-4
    schedule: Named = "paper"
    optimizer: str = "adam"
    grad_clip: Annotated[float, Interval(ge=0)] = 0.0
    amp: bool = False
    cache_features: bool = False
    revive_dead: bool = False
    seed: Count = 0
    validation: OpenShare = 0.0
    keep_best: bool = False
    device: str = ""

    def __post_init__(self) -> None:
        check_bounds(self)
        Schedule.of(self.schedule)


def made(kind: Any, table: object, where: str) -> Any:  # noqa: ANN401 - a table's class
    """Return a table of the file as a value of its class.

    Parameters
    ----------
    kind
        The class.
    table
        As TOML gives it.
    where
        Named in messages.

    Raises
    ------
    UnknownNameError, ParameterError
        If a key is unknown, missing, or of another type.

    Examples
    --------
    >>> made(DataTable, {"inputs": "x.npy"}, "[data]").labels
    ''
    """
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
