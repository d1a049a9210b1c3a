"""What a network is run on: an array, several by name, or batches from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from redescribe.capture.tokens import Tokens
from redescribe.core.entities import EntityIndex
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from torch import Tensor

    from redescribe._typing import AnyArray

    Data = Tensor | np.ndarray[Any, Any] | Mapping[str, Any] | Iterable[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """The inputs of one forward pass.

    Attributes
    ----------
    number
        From 0.
    positional, named
        Arrays or tensors, one row per entity: arguments of the network.
    tokens
        Which positions are real, where a mask says so.
    """

    number: int
    positional: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    tokens: Tokens | None = None

    def __len__(self) -> int:
        return len(next(iter((*self.positional, *self.named.values()))))

    def in_order(self, names: Sequence[str]) -> list[Any]:
        """Return the inputs in the order in which a network with named inputs has them.

        Raises
        ------
        CaptureError
            If they are not those that it takes.
        """
        given = dict(zip(names, self.positional, strict=False)) | dict(self.named)
        n_given = len(self.positional) + len(self.named)
        if set(given) != set(names) or n_given != len(names):
            em = (
                f"The model takes {', '.join(map(repr, names))}; batch {self.number} gives "
                f"{len(self.positional)} unnamed inputs"
                f"{''.join(f' and {name!r}' for name in self.named)}."
            )
            raise CaptureError(em)
        return [given[name] for name in names]

    def arrays(self) -> Iterator[tuple[str, AnyArray]]:
        """Yield names and values as NumPy arrays, in a fixed order."""
        for position, value in enumerate(self.positional):
            yield str(position), as_numpy(value)
        for name in sorted(self.named):
            yield name, as_numpy(self.named[name])


class Inputs(Protocol):
    """Gives batches; perhaps several times."""

    @property
    def n_entities(self) -> int | None:
        """How many entities there are; None where nobody knows before the end."""

    @property
    def repeatable(self) -> bool:
        """Whether `batches` may be asked for more than once."""

    def batches(self, batch_size: int) -> Iterator[Batch]:
        """Yield batches of at most `batch_size`, or those that are given."""


@dataclass(frozen=True, slots=True, eq=False)
class ArrayInputs:
    """One array, or several by name, cut into batches; the same rows of each."""

    positional: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    repeatable: bool = True

    @property
    def n_entities(self) -> int:
        """Rows of the arrays."""
        return len(next(iter((*self.positional, *self.named.values()))))

    def batches(self, batch_size: int) -> Iterator[Batch]:
        """Yield slices."""
        for number, start in enumerate(range(0, self.n_entities, batch_size)):
            rows = slice(start, start + batch_size)
            yield batch_of(
                number,
                tuple(value[rows] for value in self.positional),
                {name: value[rows] for name, value in self.named.items()},
            )


@dataclass(frozen=True, slots=True, eq=False)
class GivenBatches:
    """Batches that come as they are: a DataLoader, a list, a generator."""

    source: Iterable[Any]
    n_inputs: int

    @property
    def n_entities(self) -> int | None:
        """Length of the loader's data set, or rows of all batches of a list."""
        loaded = getattr(self.source, "dataset", None)
        if isinstance(loaded, Sized):
            return len(loaded)
        if isinstance(self.source, (list, tuple)):
            return sum(len(batch) for batch in self.batches(1))
        return None

    @property
    def repeatable(self) -> bool:
        """Whether it is no iterator, which ends once."""
        return iter(self.source) is not self.source

    def batches(self, batch_size: int) -> Iterator[Batch]:  # noqa: ARG002 - as given
        """Yield the batches."""
        for number, given in enumerate(self.source):
            if isinstance(given, Mapping):
                yield batch_of(number, (), given)
            elif isinstance(given, (tuple, list)):
                if len(given) < self.n_inputs:
                    em = (
                        f"Batch {number} of the inputs has {len(given)} elements; the "
                        f"network is to take {self.n_inputs} of them (n_inputs)."
                    )
                    raise CaptureError(em)
                yield batch_of(number, tuple(given[: self.n_inputs]), {})
            else:
                yield batch_of(number, (given,), {})


def inputs_of(data: Data, *, n_inputs: int = 1) -> Inputs:
    """Return inputs that give batches of the data.

    Parameters
    ----------
    data
        A tensor or array, shape (n_entities, …); a mapping of such arrays to the names of
        the network's arguments; or batches.
    n_inputs
        How many elements of a batch that is a tuple or list are arguments.

    Raises
    ------
    CaptureError
        If the loader shuffles, the arrays have different numbers of rows, or the data are
        none of these.
    """
    if _shuffles(data):
        em = "The inputs come from a loader that shuffles. Use a DataLoader(shuffle=False)."
        raise CaptureError(em)
    if isinstance(data, Mapping):
        named = {name: _whole(value) for name, value in data.items()}
        batch_of(0, (), named)
        return ArrayInputs(named=named)
    if is_array(data):
        return ArrayInputs((_whole(data),))
    if isinstance(data, str) or not hasattr(data, "__iter__"):
        em = (
            f"The inputs are a {type(data).__name__}. An array, a mapping of arrays or "
            "batches are needed."
        )
        raise CaptureError(em)
    return GivenBatches(data, n_inputs)


def entities_of(inputs: Inputs, ids: EntityIndex | Sequence[object] | None) -> EntityIndex:
    """Return the entities of the inputs; numbered where there are no ids.

    Raises
    ------
    CaptureError
        If there are none, or their number is unknown or not that of the ids.
    """
    if ids is None:
        n_entities = inputs.n_entities
        if n_entities is None:
            em = "How many entities the inputs have is unknown. Give their ids as well."
            raise CaptureError(em)
        entities = EntityIndex.numbered(n_entities)
    else:
        entities = (
            ids if isinstance(ids, EntityIndex) else EntityIndex(tuple(map(str, ids)))
        )
        if isinstance(inputs, ArrayInputs) and inputs.n_entities != len(entities):
            em = (
                f"The inputs have {inputs.n_entities} entities and there are "
                f"{len(entities)} ids."
            )
            raise CaptureError(em)
    if not len(entities):
        em = "The inputs are empty: there is no entity to capture."
        raise CaptureError(em)
    return entities


def is_array(value: object) -> bool:
    """Whether it is one table of numbers: a tensor, an array, a data frame."""
    return bool(getattr(value, "shape", ()))


def as_numpy(value: Any) -> AnyArray:  # noqa: ANN401 - a tensor or what NumPy takes
    """Return a tensor or array as a NumPy array; bfloat16, unknown there, as float32."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.float() if "bfloat16" in str(value.dtype) else value
    return np.asarray(value)


def batch_of(number: int, positional: tuple[Any, ...], named: Mapping[str, Any]) -> Batch:
    """Return the inputs of one forward pass, checked; masks are taken from the named ones.

    Raises
    ------
    CaptureError
        If one is no array or tensor, or they have different numbers of rows.
    """
    lengths = set()
    for name, value in chain(enumerate(positional), named.items()):
        if not is_array(value):
            what = f"Batch {number} of the inputs" + (
                f", {name!r}," if isinstance(name, str) else ""
            )
            texts = _of_texts(value)
            hint = " For texts, give inputs=redescribe.TextInputs()." if texts else ""
            em = (
                f"{what} is a {type(value).__name__}. A tensor or an array is needed, a "
                f"tuple that starts with one, or a mapping of them.{hint}"
            )
            raise CaptureError(em)
        lengths.add(len(value))
    if len(lengths) != 1:
        em = (
            f"The arrays of batch {number} have {sorted(lengths)} rows. Give as many of "
            "each, one row per entity."
        )
        raise CaptureError(em)
    return Batch(number, positional, *Tokens.taken_from(named))


def _whole(value: Any) -> Any:  # noqa: ANN401 - a tensor stays one
    return value if hasattr(value, "detach") or not is_array(value) else np.asarray(value)


def _shuffles(data: object) -> bool:
    sampler = type(getattr(data, "sampler", None))
    return any(base.__name__ == "RandomSampler" for base in sampler.__mro__)


def _of_texts(value: object) -> bool:
    first = value[0] if isinstance(value, (list, tuple)) and value else value
    return isinstance(first, str)
