"""What each term of a score weighs."""

from __future__ import annotations

import math
from typing import NamedTuple

from redescribe.errors import ParameterError, UnknownNameError


class Weights(NamedTuple):
    """One row of weights: what each term of a score weighs in comparison with the others.

    >>> Weights.of("jaccard=0.6, p=0.2").normalised().jaccard
    0.75
    """

    jaccard: float
    p: float
    attributes: float
    entities: float
    size: float
    coverage: float
    stability: float

    @classmethod
    def of(cls, row: str) -> Weights:
        """Return the weights that a text names; the others are 0.

        Raises
        ------
        ParameterError
            If the text is not of the form `jaccard=0.5,p=0.2`, names a term twice, or has
            a weight outside 0 to 1 or none above 0.
        UnknownNameError
            If it names a term that no score has.

        Examples
        --------
        >>> Weights.of("jaccard=0.5,p=0.2")[:3]
        (0.5, 0.2, 0.0)
        """
        weights: dict[str, float] = {}
        for term in row.split(","):
            name, separator, value = (part.strip() for part in term.partition("="))
            if not separator:
                em = f"{_where(row)} has {term.strip()!r}. Write it as 'jaccard=0.5,p=0.2'."
                raise ParameterError(em)
            if name not in cls._fields:
                what = f"{_where(row)} has no term"
                raise UnknownNameError.among(what, name, cls._fields)
            if name in weights:
                em = f"{_where(row)} names {name!r} twice. Leave one out."
                raise ParameterError(em)
            weights[name] = _weight(value, name, row)
        if not any(weights.values()):
            em = f"{_where(row)} weighs nothing. Give at least one term more than 0."
            raise ParameterError(em)
        return cls(*(weights.get(name, 0.0) for name in cls._fields))

    def normalised(self) -> Weights:
        """Return the weights divided by their sum.

        >>> sum(Weights.of("p=1,size=1").normalised())
        1.0
        """
        total = sum(self)
        return Weights(*(weight / total for weight in self))


def _weight(text: str, name: str, row: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not 0 <= weight <= 1:
        em = f"{_where(row)} has {name}={text}. A weight is a number in the range [0, 1]."
        raise ParameterError(em)
    return weight


def _where(row: str) -> str:
    return f"The row {row!r} of 'preferences'"
