"""What the layers of a frozen network gave, kept so that it runs only once."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from redescribe.errors import ParameterError
from redescribe.flint._torch import torch
from redescribe.flint.batches import n_rows, parts_of, placed, rows_joined, taken
from redescribe.flint.evaluation import evaluating

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Tensor

    from redescribe.flint.batches import Inputs
    from redescribe.flint.model import FLINT


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """A batch of which the network has been run already."""

    inputs: Inputs
    labels: Tensor | None
    logits_f: Tensor
    features: Mapping[str, Tensor]


class RememberedBatches:
    """What the layers of a frozen network gave, in a new order each time."""

    def __init__(self, whole: Remembered, batch_size: int) -> None:
        self._whole = whole
        self._batch_size = batch_size

    def __len__(self) -> int:
        return ceil(len(self._whole.logits_f) / self._batch_size)

    def __iter__(self) -> Iterator[Remembered]:
        whole = self._whole
        for rows in torch.split(torch.randperm(len(whole.logits_f)), self._batch_size):
            yield Remembered(
                taken(whole.inputs, rows),
                None if whole.labels is None else whole.labels[rows],
                whole.logits_f[rows],
                {name: value[rows] for name, value in whole.features.items()},
            )


def remembered(flint: FLINT, batches: Any) -> RememberedBatches:  # noqa: ANN401
    """Run a frozen network once over the batches and keep what its layers give.

    Raises
    ------
    ParameterError
        If the network learns too: then its layers change.
    """
    if not flint.is_post_hoc:
        em = "cache_features is for FLINT.post_hoc: by design, the layers change."
        raise ParameterError(em)
    found: list[Remembered] = []
    with evaluating(flint):
        for batch in batches:
            inputs, labels = parts_of(batch)
            inputs = placed(inputs, flint.model)
            output = flint(inputs)
            found.append(Remembered(inputs, labels, output.logits_f, output.features))
    first = found[0]
    labels_of = None
    if first.labels is not None:
        labels_of = torch.cat([one.labels for one in found if one.labels is not None])
    whole = Remembered(
        rows_joined([one.inputs for one in found]),
        labels_of,
        torch.cat([one.logits_f for one in found]),
        {name: torch.cat([one.features[name] for one in found]) for name in first.features},
    )
    return RememberedBatches(whole, n_rows(first.inputs))
