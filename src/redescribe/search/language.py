"""What queries may be made of, for all views and for each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Any

from annotated_types import doc

from redescribe._validation import Count, PositiveCount, check_bounds
from redescribe.errors import ParameterError

_SWITCHES = frozenset({"conjunction", "negation", "disjunction"})
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class ViewLanguage:
    """What the queries over one view may be made of.

    Attributes
    ----------
    conjunction, negation, disjunction
        Whether AND, NOT and OR may occur.
    max_literals
        Literals of the query at most.
    """

    conjunction: bool
    negation: bool
    disjunction: bool
    max_literals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLanguage:
    """What queries may be made of.

    Examples
    --------
    >>> language = QueryLanguage(view_language=("x: negation=no max_literals=2",))
    >>> language.of("x")
    ViewLanguage(conjunction=True, negation=False, disjunction=True, max_literals=2)
    >>> language.of("y").negation
    True
    """

    conjunction: Annotated[bool, doc("allow AND between literals")] = True
    negation: Annotated[bool, doc("allow NOT (…) around conjunctions")] = True
    disjunction: Annotated[bool, doc("allow one OR per side")] = True
    max_joins: Annotated[Count, doc("rules joined by AND to a rule of a tree")] = 2
    max_literals: Annotated[PositiveCount, doc("literals of a redescription at most")] = 8
    view_language: Annotated[
        tuple[str, ...],
        doc(
            "other rules for one view, as 'VIEW: negation=no disjunction=no "
            "conjunction=no max_literals=2'"
        ),
    ] = ()

    def __post_init__(self) -> None:
        check_bounds(self)
        object.__setattr__(self, "view_language", tuple(self.view_language))
        _by_view(self)

    def of(self, view: str) -> ViewLanguage:
        """Return what the queries over a view may be made of."""
        return _by_view(self).get(view) or _whole(self)

    @property
    def views(self) -> tuple[str, ...]:
        """The views with rules of their own."""
        return tuple(_by_view(self))


def _whole(language: QueryLanguage) -> ViewLanguage:
    return ViewLanguage(
        language.conjunction,
        language.negation,
        language.disjunction,
        language.max_literals,
    )


@lru_cache(maxsize=64)
def _by_view(language: QueryLanguage) -> dict[str, ViewLanguage]:
    """The views with rules of their own; what these leave open is as for all views."""
    found: dict[str, ViewLanguage] = {}
    for text in language.view_language:
        view, colon, switches = text.rpartition(":")
        changes: dict[str, Any] = {}
        for switch in switches.split():
            name, _, value = switch.partition("=")
            if name == "max_literals" and value.isdecimal() and int(value):
                changes[name] = int(value)
            elif name in _SWITCHES and value in _YES_NO:
                changes[name] = _YES_NO[value]
            else:
                changes = {}
                break
        view = view.strip()
        if not colon or not changes or not view or view in found:
            em = (
                f"{text!r} is no view_language. Write each view once, as VIEW: followed by "
                "some of conjunction=no, negation=no, disjunction=no and max_literals=2."
            )
            raise ParameterError(em)
        found[view] = replace(_whole(language), **changes)
    return found
