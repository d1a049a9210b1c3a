"""Two or more views over the same entities, and how the entities are split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.entities import Split, SplitParams, split_entities
from redescribe.errors import (
    EntityMismatchError,
    ParameterError,
    UnknownNameError,
    ViewError,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from redescribe._typing import Ints
    from redescribe.core.entities import EntityIndex
    from redescribe.core.view import View


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """D = (E, W_1 … W_m): views over one entity index, with a split.

    Parameters
    ----------
    views
        At least two, with distinct names and the same entities in the same order
        (`align` brings them there).
    split
        Which entities are mined and which held out.

    Raises
    ------
    ViewError, EntityMismatchError
        If there are fewer than two views, two of one name, or different entities.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> a = View.of("a", [[1.0], [2.0], [3.0], [4.0]])
    >>> b = View.of("b", [[1.0], [2.0], [3.0], [4.0]])
    >>> data = Dataset.of([a, b], SplitParams(hold_out=0.25))
    >>> data.mining_part.n_entities, data.hold_out_part.n_entities
    (3, 1)
    """

    views: tuple[View, ...]
    split: Split

    def __post_init__(self) -> None:
        if len(self.views) < 2:
            em = f"Redescriptions need at least two views. Got {len(self.views)}."
            raise ViewError(em)
        if len(set(self.names)) != len(self.views):
            em = f"Views must have distinct names. Got {', '.join(self.names)}."
            raise ViewError(em)
        for view in self.views[1:]:
            if view.entities.ids != self.entities.ids:
                pair = f"{self.names[0]!r} and {view.name!r}"
                em = f"Views {pair} describe different entities."
                raise EntityMismatchError(em)
        if self.split.n_entities != len(self.entities):
            covered = self.split.n_entities
            em = f"The split covers {covered} of {len(self.entities)} entities."
            raise EntityMismatchError(em)

    @classmethod
    def of(cls, views: Iterable[View], params: SplitParams | None = None) -> Dataset:
        """Return the dataset of these aligned views, split as `params` says."""
        views = tuple(views)
        params = params or SplitParams()
        if not views:
            em = "Redescriptions need at least two views. Got 0."
            raise ViewError(em)
        split = split_entities(
            views[0].entities, params, strata=strata_of(views, params.stratify)
        )
        return cls(views, split)

    @property
    def entities(self) -> EntityIndex:
        """The entities of all views."""
        return self.views[0].entities

    @property
    def n_entities(self) -> int:
        """Number of entities."""
        return len(self.entities)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the views, in order."""
        return tuple(view.name for view in self.views)

    def view(self, name: str) -> View:
        """Return the view of this name.

        Raises
        ------
        UnknownNameError
            If there is none.
        """
        for view in self.views:
            if view.name == name:
                return view
        what = "There is no view"
        raise UnknownNameError.among(what, name, self.names)

    @property
    def mining_part(self) -> Dataset:
        """The mined entities only; the dataset itself where nothing is held out."""
        return self if not self.split.held_out.size else self._part(self.split.mined)

    @property
    def hold_out_part(self) -> Dataset:
        """The held-out entities only.

        Raises
        ------
        ParameterError
            If nothing is held out.
        """
        if not self.split.held_out.size:
            em = "This dataset has no hold-out. Use SplitParams(hold_out=0.3)."
            raise ParameterError(em)
        return self._part(self.split.held_out)

    def _part(self, positions: Ints) -> Dataset:
        everything = np.arange(positions.size)
        split = Split(everything, everything[:0], self.split.params)
        return Dataset(tuple(view.take(positions) for view in self.views), split)


def align(
    views: Sequence[View], *, inner: bool = False
) -> tuple[tuple[View, ...], list[str]]:
    """Bring views to the same entities in the order of the first one.

    Parameters
    ----------
    views
        At least one view.
    inner
        Keep the common entities; otherwise an unmatched entity is an error.

    Returns
    -------
    views, unmatched
        The aligned views and the ids that are not in all of them.

    Raises
    ------
    EntityMismatchError
        If no entity is common, or some are unmatched and `inner` is false.

    Examples
    --------
    >>> from redescribe.core.entities import EntityIndex
    >>> from redescribe.core.view import View
    >>> a = View.of("a", [[1.0], [2.0]], entities=EntityIndex(("p", "q")))
    >>> b = View.of("b", [[3.0], [4.0]], entities=EntityIndex(("q", "r")))
    >>> aligned, unmatched = align([a, b], inner=True)
    >>> aligned[1].entities.ids, unmatched
    (('q',), ['p', 'r'])
    """
    common = set(views[0].entities.ids).intersection(
        *(view.entities.ids for view in views[1:])
    )
    every_id = dict.fromkeys(i for view in views for i in view.entities.ids)
    unmatched = [entity for entity in every_id if entity not in common]
    names = ", ".join(f"{view.name!r} ({len(view.entities)})" for view in views)
    if not common:
        samples = ", ".join(f"{view.name!r} has {view.entities.ids[0]!r}" for view in views)
        em = f"The views {names} have no entity in common: {samples}. Check the id columns."
        raise EntityMismatchError(em)
    if unmatched and not inner:
        shown = ", ".join(map(repr, unmatched[:5])) + (", …" if len(unmatched) > 5 else "")
        em = (
            f"{len(unmatched)} entities are not in every one of the views {names}: "
            f"{shown}. Use align='inner' (--align inner) to keep the common ones."
        )
        raise EntityMismatchError(em)
    kept = [entity for entity in views[0].entities.ids if entity in common]
    return tuple(_reordered(view, kept) for view in views), unmatched


def _reordered(view: View, ids: list[str]) -> View:
    if list(view.entities.ids) == ids:
        return view
    where = {entity: position for position, entity in enumerate(view.entities.ids)}
    return view.take(np.array([where[entity] for entity in ids]))


def strata_of(
    views: Sequence[View], attribute: str, *, parameter: str = "stratify"
) -> list[Hashable]:
    """Return the values of an attribute as texts, one per entity; none where it is empty.

    Missing is a stratum of its own.

    Parameters
    ----------
    views
        Aligned views.
    attribute
        VIEW:ATTRIBUTE or empty.
    parameter
        Whose value that is, for the message of an error.

    Raises
    ------
    ParameterError, UnknownNameError
        If the text is of another form or names what does not exist.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> strata_of([View.of("x", [[1.0], [2.0], [1.0]], names=["a"])], "x:a")
    ['1.0', '2.0', '1.0']
    """
    if not attribute:
        return []
    view_name, separator, name = attribute.partition(":")
    if not separator or not name:
        em = f"{parameter}={attribute!r} is not of the form VIEW:ATTRIBUTE."
        raise ParameterError(em)
    for view in views:
        if view.name == view_name:
            return [repr(value) for value in view.column(name).tolist()]
    what = f"{parameter}={attribute!r} names a view that does not exist:"
    raise UnknownNameError.among(what, view_name, [view.name for view in views])
