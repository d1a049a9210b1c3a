"""How training went, epoch by epoch."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass over the training data.

    Attributes
    ----------
    epoch, step
        Epochs and steps that are done.
    raw, weighted
        Mean of each term over the epoch, before and after weighting.
    fidelity
        Share of training entities (or of their labels), as they were drawn, on which f and
        g agreed; None for regression.
    validation
        Figures on the validation data; empty without them.
    """

    epoch: int
    step: int
    raw: Mapping[str, float]
    weighted: Mapping[str, float]
    fidelity: float | None
    validation: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """The epochs of a training.

    Attributes
    ----------
    epochs
        In order.
    best_epoch
        The one whose parameters were kept with `keep_best`; None otherwise.
    n_dead
        Attributes that stayed below 0.001 in the last epoch.
    settings
        How it was trained, as JSON can hold it: loss, schedule, learning rate, …

    Examples
    --------
    >>> one = Epoch(1, 9, {"l1": 0.5}, {"l1": 0.1}, 0.9)
    >>> History.from_records(History((one,)).to_records()).epochs == (one,)
    True
    """

    epochs: tuple[Epoch, ...] = ()
    best_epoch: int | None = None
    n_dead: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kept(self) -> Epoch | None:
        """The epoch whose parameters stayed; None before the first one."""
        if not self.epochs:
            return None
        return self.epochs[-1 if self.best_epoch is None else self.best_epoch - 1]

    def __len__(self) -> int:
        return len(self.epochs)

    def __iter__(self) -> Iterator[Epoch]:
        return iter(self.epochs)

    def to_records(self) -> list[dict[str, Any]]:
        """Return one mapping per epoch, as JSON can hold it."""
        return [asdict(epoch) for epoch in self.epochs]

    @classmethod
    def from_records(cls, records: Sequence[Mapping[str, Any]]) -> History:
        """Return the history of what `to_records` gave."""
        return cls(tuple(Epoch(**record) for record in records))
