"""Inputs of a PyTorch model: an array, or batches -> tensors, and how many entities."""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._lazy import require
from redescribe.core.entities import EntityIndex
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from torch import Tensor

    Inputs = Tensor | np.ndarray[Any, Any] | Iterable[Any]


def entities_of(inputs: Inputs, ids: EntityIndex | Sequence[object] | None) -> EntityIndex:
    """Return the entities of the inputs; numbered where there are no ids.

    Raises
    ------
    CaptureError
        If there are none, their number is unknown or not that of the ids, or the loader
        shuffles.
    """
    data = require("torch.utils.data", extra="torch", purpose="Capturing PyTorch models")
    if isinstance(getattr(inputs, "sampler", None), data.RandomSampler):
        em = "The inputs come from a loader that shuffles. Use a DataLoader(shuffle=False)."
        raise CaptureError(em)
    n_entities = _n_entities(inputs)
    if ids is None:
        if n_entities is None:
            em = "How many entities the inputs have is unknown. Give their ids as well."
            raise CaptureError(em)
        entities = EntityIndex.numbered(n_entities)
    else:
        entities = (
            ids if isinstance(ids, EntityIndex) else EntityIndex(tuple(map(str, ids)))
        )
    if _is_array(inputs) and n_entities != len(entities):
        em = f"The inputs have {n_entities} entities and there are {len(entities)} ids."
        raise CaptureError(em)
    if not len(entities):
        em = "The inputs are empty: there is no entity to capture."
        raise CaptureError(em)
    return entities


def batches(inputs: Inputs, batch_size: int, like: Tensor | None) -> Iterator[Tensor]:
    """Yield tensors of at most `batch_size` entities, or the batches that are given.

    Parameters
    ----------
    inputs
        A tensor or array, shape (n_entities, …), or batches; of a tuple or list as batch,
        the first element counts.
    batch_size
        Entities per batch, where `inputs` are one array.
    like
        A parameter of the model: where batches go, and the dtype of NumPy's floats.

    Raises
    ------
    CaptureError
        If a batch is no tensor or array.
    """
    if _is_array(inputs):
        whole: Any = inputs if hasattr(inputs, "detach") else np.asarray(inputs)
        starts = range(0, len(whole), batch_size)
        for start in starts:
            yield _tensor(whole[start : start + batch_size], like, start // batch_size)
        return
    for number, batch in enumerate(inputs):
        first = batch[0] if isinstance(batch, (tuple, list)) else batch
        yield _tensor(first, like, number)


def _tensor(batch: object, like: Tensor | None, number: int) -> Tensor:
    torch = require("torch", extra="torch", purpose="Capturing PyTorch models")
    if not _is_array(batch):
        em = (
            f"Batch {number} of the inputs is a {type(batch).__name__}. A tensor or an "
            "array is needed, or a tuple that starts with one."
        )
        raise CaptureError(em)
    if isinstance(batch, np.ndarray) and not batch.flags.writeable:
        batch = batch.copy()  # torch warns of arrays that it could not write to
    tensor: Tensor = torch.as_tensor(batch)
    if like is None:
        return tensor
    from_numpy = not isinstance(batch, torch.Tensor)
    if from_numpy and tensor.is_floating_point():
        return tensor.to(like.device, like.dtype)
    return tensor.to(like.device)


def _n_entities(inputs: Inputs) -> int | None:
    if _is_array(inputs):
        return len(inputs)  # type: ignore[arg-type] # what has a shape has a length
    loaded = getattr(inputs, "dataset", None)
    if isinstance(loaded, Sized):
        return len(loaded)
    if isinstance(inputs, (list, tuple)):
        firsts = (b[0] if isinstance(b, (tuple, list)) else b for b in inputs)
        return sum(len(first) for first in firsts)
    return None


def _is_array(value: object) -> bool:
    """Whether it is one table of numbers: a tensor, an array, a data frame."""
    return bool(getattr(value, "shape", ()))
