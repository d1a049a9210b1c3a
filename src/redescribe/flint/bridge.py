"""From a dictionary of attributes to what it can be compared with, as views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.errors import ParameterError
from redescribe.flint.learned_view import Kind
from redescribe.flint.params import Task
from redescribe.flint.views import to_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redescribe.core.entities import EntityIndex
    from redescribe.flint.batches import Data
    from redescribe.flint.learned_view import LearnedView
    from redescribe.flint.model import FLINT

LEARNED, NEURONS, PREDICTIONS = "learned", "neurons", "predictions"
_OWN = (LEARNED, NEURONS, PREDICTIONS)


def bridge_views(
    flint: FLINT,
    data: Data,
    *,
    others: Mapping[str, FLINT] | None = None,
    entities: EntityIndex | None = None,
    drop_detectors: bool = False,
) -> dict[str, LearnedView]:
    """Return the attributes, and the views that say what they are, for `rd.Study`.

    Add measurements and labels of the same entities, mine with `target="learned"`, and
    see `redescribe.explained_dictionary`.

    Parameters
    ----------
    flint
        The dictionary that is asked about.
    data
        Inputs, (inputs, labels) or batches, in the order of the entities.
    others
        Other dictionaries by name: other seeds, post hoc beside by design, other networks.
    entities
        None: numbered.
    drop_detectors
        Whether attributes that are hardly more than a class are left out.

    Returns
    -------
    views
        `learned`; `neurons` of the tapped layers; `predictions` of f and g, with flags
        where f errs and where both differ (not of values); and the attributes of each
        other dictionary under its name.

    Raises
    ------
    ParameterError
        If another dictionary is called like one of these views.

    Examples
    --------
    >>> import numpy as np
    >>> from torch import nn
    >>> from redescribe.flint import FLINT
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> one, two = (FLINT(net, ["1"], 2, 3, activation="softplus", seed=s) for s in (0, 1))
    >>> sorted(bridge_views(one, np.eye(4), others={"seed 1": two}))
    ['learned', 'neurons', 'predictions', 'seed 1']
    """
    taken = [name for name in others or {} if name in _OWN]
    if taken:
        em = (
            f"Another dictionary cannot be called {taken[0]!r}: that is a view of this one."
        )
        raise ParameterError(em)
    views = {
        LEARNED: to_view(flint, data, entities=entities, drop_detectors=drop_detectors),
        NEURONS: to_view(flint, data, kind=Kind.NEURONS, name=NEURONS, entities=entities),
    }
    if flint.params.task is not Task.REGRESSION:
        views[PREDICTIONS] = to_view(
            flint, data, kind=Kind.PREDICTIONS, name=PREDICTIONS, entities=entities
        )
    for name, other in (others or {}).items():
        views[name] = to_view(
            other,
            data,
            name=name,
            model_name=name,
            entities=entities,
            drop_detectors=drop_detectors,
        )
    return views
