"""What a user demands of the attributes of a redescription."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from redescribe.core.notation import format_name, format_number, format_text
from redescribe.errors import ParameterError, QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from redescribe.core.dataset import Dataset

_BARE = r'[^;|"\s][^;|"]*'
_NAME = rf'"(?:[^"\\]|\\.)*"|{_BARE}'
_HEAD = re.compile(
    r"\s*(?P<mode>[a-z]+)(?:=(?P<importance>[^\s+]+))?(?P<works>\+works)?\s+"
    r'(?P<view>"(?:[^"\\]|\\.)*"|[^":\s]+)\s*:(?P<sets>.*)',
    re.DOTALL,
)
_SET = re.compile(rf"\s*(?:{_NAME})\s*(?:;\s*(?:{_NAME})\s*)*")
_PARTS = re.compile(_NAME)
_BARE_NAME = re.compile(_BARE)


class Mode(StrEnum):
    """How many attributes of a set a query must have."""

    ALL = "all"
    ANY = "any"
    NONE = "none"
    PREFER = "prefer"


_DEMANDS = frozenset({Mode.ALL, Mode.ANY})


@dataclass(frozen=True, slots=True)
class Constraint:
    """Attributes that the query of one view must, must not or should have.

    Parameters
    ----------
    view
        Name of the view; redescriptions that do not cover it are free.
    sets
        Alternative sets of attribute names. The i-th sets of all constrained views belong
        together: a redescription must meet all of them for one i.
    mode
        `all` attributes of a set must occur, `any` (at least one), `none` of them may, or a
        redescription is ranked lower by the share that is missing (`prefer`).
    importance
        Of a preference: what the lack of all its attributes costs, 0 to 1, in Jaccard.
    must_work
        Whether an attribute counts only where the Jaccard falls without it; of `all` and
        `any` only.

    Raises
    ------
    ParameterError
        If there is no attribute, the importance is not in [0, 1], or work is asked of
        attributes that need not occur.

    References
    ----------
    Specification of redescription mining, section 5.7.

    Examples
    --------
    >>> Constraint.parse('any x: "worst radius"; area | texture').sets
    (('worst radius', 'area'), ('texture',))
    >>> str(Constraint("x", (("area",),), Mode.PREFER, importance=0.2))
    'prefer=0.2 x: area'
    """

    view: str
    sets: tuple[tuple[str, ...], ...]
    mode: Mode
    importance: float = 1.0
    must_work: bool = False

    def __post_init__(self) -> None:
        if not self.sets or not all(self.sets):
            em = f"A constraint on the view {self.view!r} needs an attribute in each set."
            raise ParameterError(em)
        if not 0 <= self.importance <= 1:
            em = (
                f"The importance of a preference must be in the range [0, 1]. Got "
                f"{self.importance} for the view {self.view!r}."
            )
            raise ParameterError(em)
        if self.must_work and self.mode not in _DEMANDS:
            em = (
                f"Only attributes that must occur can be asked to work: write all+works or "
                f"any+works. Got {self.mode}+works for the view {self.view!r}."
            )
            raise ParameterError(em)

    @classmethod
    def parse(cls, text: str) -> Constraint:
        """Read the text form: `MODE VIEW: NAME; NAME | NAME; …`, `|` between alternatives.

        MODE is `all`, `any`, `none` or `prefer=0.2`; `+works` after `all` or `any` asks for
        work. Names that hold `;`, `|` or quotation marks, and views that hold blanks or
        colons, stand in quotation marks, as JSON writes them.

        Raises
        ------
        QuerySyntaxError
            If the text has another form.

        Examples
        --------
        >>> Constraint.parse('all+works "fc:2": area; "a;b"').view
        'fc:2'
        """
        match = _HEAD.fullmatch(text)
        sets = [] if match is None else _split(match["sets"])
        view = None if match is None else _plain(match["view"])
        try:
            mode = Mode(match["mode"] if match else "")
            importance = float(match["importance"] or 1) if match else 1.0
            weighted = match is not None and match["importance"] is not None
        except ValueError:
            mode, weighted = Mode.ALL, True
        if match is None or view is None or not sets or weighted != (mode is Mode.PREFER):
            em = (
                f"{text!r} is no constraint. Write MODE VIEW: NAME; NAME, where MODE is "
                'all, any, none or prefer=0.2, such as: any x: "worst radius"; area'
            )
            raise QuerySyntaxError(em)
        works = match["works"] is not None
        return cls(view, tuple(sets), mode, importance, works)

    def __str__(self) -> str:
        sets = " | ".join("; ".join(map(_quoted, names)) for names in self.sets)
        weight = f"={format_number(self.importance)}" if self.mode is Mode.PREFER else ""
        works = "+works" if self.must_work else ""
        view = format_text(self.view) if ":" in self.view else format_name(self.view)
        return f"{self.mode}{weight}{works} {view}: {sets}"


@dataclass(frozen=True, slots=True)
class Constraints:
    """All constraints of a search.

    Examples
    --------
    >>> constraints = Constraints.parse(["all x: a | b", "none y: c"])
    >>> constraints.hold({"x": {"b"}, "y": {"d"}}), constraints.hold({"x": {"d"}})
    (True, False)
    >>> constraints.forbidden("y")
    frozenset({'c'})
    """

    each: tuple[Constraint, ...] = ()

    def __post_init__(self) -> None:
        numbers = {len(constraint.sets) for constraint in self._demands} - {1}
        if len(numbers) > 1:
            em = (
                "Constraints with alternatives need equally many, because the i-th sets of "
                f"all views belong together. Got {sorted(numbers)} alternatives."
            )
            raise ParameterError(em)

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Constraints:
        """Read the text form of each."""
        return cls(tuple(map(Constraint.parse, texts)))

    def check(self, dataset: Dataset) -> None:
        """Check that all views and attributes exist.

        Raises
        ------
        UnknownNameError
            For the first that does not.
        """
        for constraint in self.each:
            view = dataset.view(constraint.view)
            for name in _names(constraint):
                view.position(name)

    def forbidden(self, view: str) -> frozenset[str]:
        """Return the attributes of a view that no query may have."""
        return frozenset(
            name
            for constraint in self.each
            if constraint.mode is Mode.NONE and constraint.view == view
            for name in _names(constraint)
        )

    def wanted(self, view: str) -> tuple[tuple[str, ...], ...]:
        """Return the sets of attributes of a view that a search should try to use."""
        return tuple(
            names
            for constraint in self.each
            if constraint.mode is not Mode.NONE and constraint.view == view
            for names in constraint.sets
        )

    def demanded(self, view: str) -> frozenset[str]:
        """Return the attributes of a view of which some must occur."""
        own = [constraint for constraint in self._demands if constraint.view == view]
        return frozenset(name for constraint in own for name in _names(constraint))

    def needed(self, view: str) -> tuple[frozenset[str], ...]:
        """Return sets of attributes of a view: without one of each, no query is allowed.

        >>> [
        ...     sorted(s)
        ...     for s in Constraints.parse(["all x: a; b", "any x: c | d"]).needed("x")
        ... ]
        [['a'], ['b'], ['c', 'd']]
        """
        found: list[frozenset[str]] = []
        for constraint in self._demands:
            names = frozenset(_names(constraint))
            if constraint.view != view:
                continue
            if constraint.mode is Mode.ALL and len(constraint.sets) == 1:
                found += [frozenset({name}) for name in sorted(names)]
            else:
                found.append(names)
        return tuple(dict.fromkeys(found))

    def hold(
        self,
        attributes: Mapping[str, Collection[str]],
        works: Callable[[str, str], bool] = lambda *_: True,
    ) -> bool:
        """Return whether queries with these attributes, per covered view, are allowed.

        Parameters
        ----------
        attributes
            Names of the attributes in the query of each covered view.
        works
            Called with a view and an attribute where one must do work.
        """
        if any(self.forbidden(view) & set(names) for view, names in attributes.items()):
            return False
        demands = [c for c in self._demands if c.view in attributes]
        n_alternatives = max((len(c.sets) for c in demands), default=1)

        def met(constraint: Constraint, alternative: int) -> bool:
            names = constraint.sets[min(alternative, len(constraint.sets) - 1)]
            has = (
                name in attributes[constraint.view]
                and (not constraint.must_work or works(constraint.view, name))
                for name in names
            )
            return all(has) if constraint.mode is Mode.ALL else any(has)

        return any(all(met(c, i) for c in demands) for i in range(n_alternatives))

    def penalty(self, attributes: Mapping[str, Collection[str]]) -> float:
        """Return the sum of importance x share of the listed attributes not used.

        Of alternative sets the one that is used most counts.
        """
        return sum(
            constraint.importance
            * min(
                sum(name not in attributes[constraint.view] for name in names) / len(names)
                for names in constraint.sets
            )
            for constraint in self.each
            if constraint.mode is Mode.PREFER and constraint.view in attributes
        )

    @property
    def _demands(self) -> tuple[Constraint, ...]:
        return tuple(c for c in self.each if c.mode in _DEMANDS)


def _names(constraint: Constraint) -> Iterator[str]:
    return (name for names in constraint.sets for name in names)


def _split(text: str) -> list[tuple[str, ...]]:
    """Alternative sets of names; none where the text is not of that form."""
    sets: list[tuple[str, ...]] = []
    position = 0
    while True:
        match = _SET.match(text, position)
        names = [_plain(part) for part in _PARTS.findall(match[0])] if match else [None]
        known = tuple(name for name in names if name is not None)
        if match is None or len(known) < len(names):
            return []
        sets.append(known)
        position = match.end()
        if position == len(text):
            return sets
        if text[position] != "|":
            return []
        position += 1


def _plain(text: str) -> str | None:
    """A name without its quotation marks; None where what is inside is no JSON."""
    text = text.strip()
    if not text.startswith('"'):
        return text
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        return None


def _quoted(name: str) -> str:
    plain = _BARE_NAME.fullmatch(name) and name == name.strip()
    return name if plain else format_text(name)
