"""How a family of redescriptions is tested."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Interval, doc

from redescribe._validation import check_bounds, choose


class TailTest(StrEnum):
    """The law of the support under independence (specification, section 7.1).

    >>> TailTest("binomial")
    <TailTest.BINOMIAL: 'binomial'>
    """

    FIXED_MARGIN = "fixed_margin"
    BINOMIAL = "binomial"


class Correction(StrEnum):
    """Benjamini-Hochberg, Benjamini-Yekutieli, Holm (specification, section 7.2).

    BH controls the false discovery rate under positive dependence, BY under any; Holm
    controls the chance of a single false discovery.

    >>> Correction("bh")
    <Correction.BH: 'bh'>
    """

    BH = "bh"
    BY = "by"
    HOLM = "holm"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessParams:
    """How a family of redescriptions is tested.

    Options may be given by their names.

    Raises
    ------
    ParameterError
        If `alpha` is not strictly between 0 and 1.
    UnknownNameError
        If there is no such test or correction.

    References
    ----------
    Specification of redescription mining, section 7.

    Examples
    --------
    >>> AssessParams(correction="by").correction
    <Correction.BY: 'by'>
    """

    alpha: Annotated[
        float, Interval(gt=0, lt=1), doc("largest q-value of a confirmed redescription")
    ] = 0.01
    test: Annotated[TailTest, doc("law of the support under independence")] = (
        TailTest.FIXED_MARGIN
    )
    correction: Annotated[
        Correction, doc("correction for the number of redescriptions in the family")
    ] = Correction.BH

    def __post_init__(self) -> None:
        check_bounds(self)
        test = choose(TailTest, self.test, parameter="test")
        correction = choose(Correction, self.correction, parameter="correction")
        object.__setattr__(self, "test", test)
        object.__setattr__(self, "correction", correction)
