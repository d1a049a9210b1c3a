"""When each term of the loss is switched on, in shares of all steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from redescribe._validation import choose
from redescribe.errors import ParameterError
from redescribe.flint.losses import Term

Start: TypeAlias = float | tuple[float, float]
"""Where a term begins; with a second share, over which it grows from 0 to its weight."""

_PAPER: dict[Term, Start] = {
    Term.OUTPUT_FIDELITY: 1 / 6,
    Term.L1: 1 / 6,
    Term.ENTROPY: 1 / 3,
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """The share of training at which each term begins; 0 where none is named.

    With all terms from the start, attributes die and the interpreter fails.

    Parameters
    ----------
    starts
        By term: a share of all steps, or (share, ramp), both 0 to 1.

    Raises
    ------
    ParameterError
        If a share is none.
    UnknownNameError
        If there is no such term.

    Examples
    --------
    >>> Schedule.paper().factors(0, 12)[Term.ENTROPY]
    0.0
    >>> Schedule({"l1": (0.5, 0.5)}).factors(9, 12)[Term.L1]
    0.5
    """

    starts: Mapping[Term, Start] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {
            choose(Term, name, parameter="term of the loss"): start
            for name, start in self.starts.items()
        }
        for term, start in known.items():
            if not all(0 <= share <= 1 for share in _pair(start)):
                em = (
                    f"The schedule of {term.value!r} must be a share of training in the "
                    f"range [0, 1], or two (start, ramp). Got {start!r} instead."
                )
                raise ParameterError(em)
        object.__setattr__(self, "starts", MappingProxyType(known))

    @classmethod
    def paper(cls) -> Schedule:
        """Return the one of MNIST in the paper.

        Predict and reconstruct first; output fidelity and l1 from a sixth of the steps,
        entropies from a third.
        """
        return cls(_PAPER)

    @classmethod
    def of(cls, schedule: str | Mapping[str, Start] | Schedule) -> Schedule:
        """Return a schedule of `paper`, `none` (all terms at once) or a mapping.

        Raises
        ------
        ParameterError
            If it is none of these.
        """
        if isinstance(schedule, Schedule):
            return schedule
        if isinstance(schedule, Mapping):
            return cls(
                {
                    choose(Term, k, parameter="term of the loss"): v
                    for k, v in schedule.items()
                }
            )
        if schedule == "paper":
            return cls.paper()
        if schedule == "none":
            return cls()
        em = f"A schedule is 'paper', 'none' or starts by term. Got {schedule!r}."
        raise ParameterError(em)

    def factors(self, step: int, n_steps: int) -> dict[Term, float]:
        """Return by what each term is multiplied at a step (from 0) of `n_steps`."""
        share = step / n_steps
        return {term: _factor(share, self.starts.get(term, 0.0)) for term in Term}

    def settings(self) -> dict[str, list[float]]:
        """Return starts and ramps by name, as JSON can hold them."""
        return {term.value: list(_pair(start)) for term, start in self.starts.items()}


def _pair(start: Start) -> tuple[float, float]:
    return start if isinstance(start, tuple) else (start, 0.0)


def _factor(share: float, start: Start) -> float:
    first, ramp = _pair(start)
    if share < first:
        return 0.0
    return min(1.0, (share - first) / ramp) if ramp else 1.0
