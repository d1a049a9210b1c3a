"""A p-value with the way it was found and its correction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Method(StrEnum):
    """How a p-value was found.

    >>> Method("exact")
    <Method.EXACT: 'exact'>
    """

    EXACT = "exact"
    CHI_SQUARE = "chi_square"
    NORMAL = "normal"
    PERMUTATION = "permutation"


@dataclass(frozen=True, slots=True)
class Tested:
    """The result of one test.

    Attributes
    ----------
    log10_p
        log10 of the p-value, at most 0.
    method
        `exact`, the limiting law (`chi_square`, `normal`), or random `permutation`, whose
        smallest p is 1 / (1 + number of permutations).
    log10_q
        log10 of its correction over all tests of the call; of a test alone, `log10_p`.

    Examples
    --------
    >>> Tested.alone(-3.0, Method.EXACT).corrected(-2.0).log10_q
    -2.0
    """

    log10_p: float
    method: Method
    log10_q: float

    @classmethod
    def alone(cls, log10_p: float, method: Method) -> Tested:
        """Return the result of a test that is the only one of its family."""
        return cls(log10_p, method, log10_p)

    def corrected(self, log10_q: float) -> Tested:
        """Return the result with its correction in a family."""
        return replace(self, log10_q=log10_q)
