"""The one form of a parameter error."""

from __future__ import annotations

import dataclasses
import math
import operator
from enum import StrEnum
from functools import lru_cache
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from annotated_types import Interval

from redescribe.errors import ParameterError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import DataclassInstance

Share = Annotated[float, Interval(ge=0, le=1)]
"""A share of a whole, 0 to 1."""
Option = TypeVar("Option", bound=StrEnum)

OpenShare = Annotated[float, Interval(ge=0, lt=1)]
Count = Annotated[int, Interval(ge=0)]
PositiveCount = Annotated[int, Interval(ge=1)]


@lru_cache(maxsize=64)
def parameter_types(owner: type) -> dict[str, Any]:
    """Return the resolved, annotated type of each field of a parameter class."""
    return get_type_hints(owner, include_extras=True)


def check_bounds(parameters: DataclassInstance) -> None:
    """Check each field of a parameter dataclass against its annotated bounds.

    Raises
    ------
    ParameterError
        For the first field that is outside its bounds or not finite.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Thresholds:
    ...     min_jaccard: Share = 0.5
    ...
    ...     def __post_init__(self) -> None:
    ...         check_bounds(self)
    >>> Thresholds(min_jaccard=2)
    Traceback (most recent call last):
    redescribe.errors.ParameterError: The 'min_jaccard' parameter of Thresholds must be
    in the range [0, 1]. Got 2 instead.
    """
    owner = type(parameters)
    types = parameter_types(owner)
    for field in dataclasses.fields(parameters):
        value = getattr(parameters, field.name)
        hint = types[field.name]
        for bound in bounds_of(hint):
            if not _within(value, bound):
                em = (
                    f"The {field.name!r} parameter of {owner.__name__} must be in the "
                    f"range {range_text(bound)}. Got {value!r} instead."
                )
                raise ParameterError(em)


def choose(options: type[Option], name: str, *, parameter: str) -> Option:
    """Return the option called `name`, or raise an error with the nearest one.

    Raises
    ------
    UnknownNameError
        If no option has this name.
    """
    try:
        return options(name)
    except ValueError:
        known = [option.value for option in options]
        what = f"There is no {parameter}"
        raise UnknownNameError.among(what, name, known) from None


def summary_of(owner: type) -> str:
    """Return the first line of the docstring of a parameter class, without its full stop.

    >>> summary_of(int)
    'int([x]) -> integer'
    """
    return (owner.__doc__ or "").strip().partition("\n")[0].removesuffix(".")


def count_or_share(text: str) -> float:
    """Return the count ("10"), share ("0.8") or percentage ("80%") that a text states.

    Raises
    ------
    ParameterError
        If it states none: 1.5 must not pass for a count.

    Examples
    --------
    >>> count_or_share("10"), count_or_share("0.8"), count_or_share("80%")
    (10, 0.8, 0.8)
    """
    number = text.removesuffix("%")
    try:
        if number == text and text.isdecimal():
            return int(text)
        share = float(number) / 100 if number != text else float(text)
    except ValueError:
        share = math.inf
    if not share <= 1:
        em = f"{text!r} is no count (10), share (0.8) or percentage (80%)."
        raise ParameterError(em)
    return share


def bounds_of(hint: Any) -> Iterator[Interval]:  # noqa: ANN401 - a type hint has no type
    """Yield the bounds in an annotated type.

    >>> list(bounds_of(PositiveCount))
    [Interval(gt=None, ge=1, lt=None, le=None)]
    """
    if get_origin(hint) is not Annotated:
        return
    for metadata in get_args(hint)[1:]:
        if isinstance(metadata, Interval):
            yield metadata


def _within(value: object, bound: Interval) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        return False
    tests = (
        (bound.ge, operator.ge),
        (bound.gt, operator.gt),
        (bound.le, operator.le),
        (bound.lt, operator.lt),
    )
    return all(limit is None or test(value, limit) for limit, test in tests)


def range_text(bound: Interval) -> str:
    """Return an interval as text.

    >>> range_text(Interval(ge=0, lt=1))
    '[0, 1)'
    """
    low, high = (
        bound.ge if bound.ge is not None else bound.gt,
        bound.le if bound.le is not None else bound.lt,
    )
    opening = "[" if bound.ge is not None else "("
    closing = "]" if bound.le is not None else ")"
    lowest = "-inf" if low is None else low
    highest = "inf" if high is None else high
    return f"{opening}{lowest}, {highest}{closing}"
