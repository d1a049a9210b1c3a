"""When each term of the loss is switched on, in shares of all steps; drops of the rate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from types import MappingProxyType
from typing import Any, TypeAlias

from redescribe._validation import choose
from redescribe.errors import ParameterError
from redescribe.flint.losses import Term

Stages: TypeAlias = Mapping[float, float]
"""The factor from each of several shares of training on."""
Start: TypeAlias = float | tuple[float, float] | Stages
"""Where a term begins; (start, ramp): it grows from 0 to its weight over the ramp; or its
factor from each share on."""

LR = "lr"
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
        By term: a share of all steps; (share, ramp); or factors by the share from which on
        they hold. Shares are 0 to 1, factors 0 and more.
    lr
        By what the learning rate is multiplied from a share on. Each such drop begins with
        a fresh optimiser, as in the paper.

    Raises
    ------
    ParameterError
        If a share or a factor is none.
    UnknownNameError
        If there is no such term.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), supplement; epochs as shares of all steps.

    Examples
    --------
    >>> Schedule.paper().factors(0, 12)[Term.ENTROPY]
    0.0
    >>> Schedule({"l1": (0.5, 0.5)}).factors(9, 12)[Term.L1]
    0.5
    >>> Schedule(lr={0.5: 0.1}).lr_factor(6, 12)
    0.1
    """

    starts: Mapping[Term, Start] = field(default_factory=dict)
    lr: Stages = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {
            choose(Term, name, parameter="term of the loss"): _checked(name, start)
            for name, start in self.starts.items()
        }
        object.__setattr__(self, "starts", MappingProxyType(known))
        object.__setattr__(self, LR, MappingProxyType(_stages(LR, self.lr)))

    @classmethod
    def paper(cls) -> Schedule:
        """Return the one of MNIST in the paper.

        Predict and reconstruct first; output fidelity and l1 from a sixth of the steps,
        entropies from a third.
        """
        return cls(_PAPER)

    @classmethod
    def quickdraw(cls) -> Schedule:
        """Return the one of QuickDraw: 12 epochs, l1 begins with a fifteenth."""
        return cls(
            {
                Term.OUTPUT_FIDELITY: 2 / 12,
                Term.L1: {1 / 12: 0.02 / 0.30, 2 / 12: 1.0},
                Term.ENTROPY: 3 / 12,
            }
        )

    @classmethod
    def cifar10(cls) -> Schedule:
        """Return the one of CIFAR-10: 25 epochs, at a lower learning rate in the last 7."""
        return cls(
            {
                Term.OUTPUT_FIDELITY: 2 / 25,
                Term.L1: {1 / 25: 0.001 / 0.15, 2 / 25: 1.0},
                Term.ENTROPY: 3 / 25,
            },
            lr={18 / 25: 0.4},
        )

    @classmethod
    def of(cls, schedule: str | Mapping[str, Any] | Schedule) -> Schedule:
        """Return a schedule of its name or of a mapping.

        Parameters
        ----------
        schedule
            `paper`, `quickdraw`, `cifar10`, `none` (all terms at once), or `starts` by
            term, with `lr` under that name.

        Raises
        ------
        ParameterError
            If it is none of these.
        """
        if isinstance(schedule, Schedule):
            return schedule
        if isinstance(schedule, Mapping):
            starts = {name: start for name, start in schedule.items() if name != LR}
            return cls(starts, schedule.get(LR, {}))  # type: ignore[arg-type]  # checked there
        named: dict[str, Callable[[], Schedule]] = {
            "paper": cls.paper,
            "quickdraw": cls.quickdraw,
            "cifar10": cls.cifar10,
            "none": cls,
        }
        if schedule in named:
            return named[schedule]()
        em = (
            f"A schedule is {', '.join(map(repr, named))} or starts by term. "
            f"Got {schedule!r}."
        )
        raise ParameterError(em)

    def factors(self, step: int, n_steps: int) -> dict[Term, float]:
        """Return by what each term is multiplied at a step (from 0) of `n_steps`."""
        share = step / n_steps
        return {term: _factor(share, self.starts.get(term, 0.0)) for term in Term}

    def lr_factor(self, step: int, n_steps: int) -> float:
        """Return by what the learning rate is multiplied at a step (from 0)."""
        return _last(step / n_steps, self.lr, before=1.0)

    def settings(self) -> dict[str, list[Any]]:
        """Return it as JSON can hold it: starts and ramps, or stages, by name."""
        found: dict[str, list[Any]] = {
            term.value: _listed(start) for term, start in self.starts.items()
        }
        return found | {LR: _listed(self.lr)} if self.lr else found


def _checked(name: str, start: Any) -> Start:  # noqa: ANN401 - of a file, perhaps
    """A start as it is kept: a list of a file is a pair, its keys are numbers."""
    if isinstance(start, Mapping):
        return MappingProxyType(_stages(name, start))
    pair = tuple(start) if isinstance(start, (tuple, list)) else (start, 0.0)
    if len(pair) != 2 or not all(_is_number(share) and 0 <= share <= 1 for share in pair):
        em = (
            f"The schedule of {str(name)!r} must be a share of training in the range "
            f"[0, 1], two (start, ramp), or factors by share. Got {start!r} instead."
        )
        raise ParameterError(em)
    return pair if isinstance(start, (tuple, list)) else start


def _stages(name: str, stages: Any) -> dict[float, float]:  # noqa: ANN401
    em = (
        f"The stages of {str(name)!r} must be factors, 0 and more, by the share of "
        f"training, 0 to 1, from which on they hold. Got {stages!r} instead."
    )
    try:
        found = {float(share): float(factor) for share, factor in dict(stages).items()}
    except (TypeError, ValueError) as error:
        raise ParameterError(em) from error
    if not all(0 <= share <= 1 and 0 <= factor < inf for share, factor in found.items()):
        raise ParameterError(em)
    return dict(sorted(found.items()))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _factor(share: float, start: Start) -> float:
    if isinstance(start, Mapping):
        return _last(share, start, before=0.0)
    first, ramp = start if isinstance(start, tuple) else (start, 0.0)
    if share < first:
        return 0.0
    return min(1.0, (share - first) / ramp) if ramp else 1.0


def _last(share: float, stages: Stages, *, before: float) -> float:
    """The factor of the last stage that has begun."""
    begun = [factor for first, factor in stages.items() if first <= share]
    return begun[-1] if begun else before


def _listed(start: Start) -> list[Any]:
    if isinstance(start, Mapping):
        return [list(stage) for stage in start.items()]
    return list(start) if isinstance(start, tuple) else [start, 0.0]
