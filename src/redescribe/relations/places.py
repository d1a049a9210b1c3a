"""Where an attribute belongs: a layer of a model, or a view of anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from redescribe.core.neuron import NeuronId

if TYPE_CHECKING:
    from redescribe.core.dataset import Dataset
    from redescribe.core.view import View


class Place(NamedTuple):
    """A layer of a model.

    Attributes
    ----------
    view
        Name of the view.
    model
        As in the neuron ids; the view where these name none, or it is no captured network.
    layer
        As in the neuron ids; the view where it is no captured network.
    """

    view: str
    model: str
    layer: str

    def __str__(self) -> str:
        """Return `model@layer`, or the view alone.

        >>> str(Place("net", "net", "fc")), str(Place("labels", "labels", "labels"))
        ('net@fc', 'labels')
        """
        return self.view if self.layer == self.view else f"{self.model}@{self.layer}"


def place_of(view: View, attribute: str) -> Place:
    """Return where an attribute of a view belongs.

    Raises
    ------
    UnknownNameError
        If the view has no such attribute.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> place_of(View.of("labels", [[1.0], [2.0]], names=["ill"]), "ill")
    Place(view='labels', model='labels', layer='labels')
    """
    if not view.attributes[view.position(attribute)].neuron:
        return Place(view.name, view.name, view.name)
    neuron = NeuronId.parse(attribute)
    return Place(view.name, neuron.model or view.name, neuron.layer)


def places_of(dataset: Dataset) -> dict[Place, tuple[str, ...]]:
    """Return the attributes of every place, in the order of the views and attributes.

    >>> import numpy as np
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.view import View
    >>> views = [View.of("x", np.eye(4)[:, :2]), View.of("y", np.eye(4)[:, :1])]
    >>> [(str(place), names) for place, names in places_of(Dataset.of(views)).items()]
    [('x', ('x0', 'x1')), ('y', ('x0',))]
    """
    found: dict[Place, list[str]] = {}
    for view in dataset.views:
        for name in view.names:
            found.setdefault(place_of(view, name), []).append(name)
    return {place: tuple(names) for place, names in found.items()}


def network_views(dataset: Dataset) -> tuple[str, ...]:
    """Return the views that hold neurons of captured networks.

    >>> import numpy as np
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.view import View
    >>> network_views(Dataset.of([View.of("x", np.eye(4)), View.of("y", np.eye(4))]))
    ()
    """
    return tuple(
        view.name for view in dataset.views if any(a.neuron for a in view.attributes)
    )
