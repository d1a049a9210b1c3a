"""Figure of one neuron: its activations, with the thresholds of its findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._figures import PALETTE, axes_or_new, plain
from redescribe.core.printing import name_in_words, one_line
from redescribe.core.query import Interval
from redescribe.errors import ParameterError
from redescribe.relations.columns import existing_column

if TYPE_CHECKING:
    from redescribe._typing import Floats
    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.view import View

_MOST_GROUPS = 6


def activations(
    dataset: Dataset,
    target: str,
    *,
    found: AssessedSet | None = None,
    by: str = "",
    n_bins: int = 40,
    ax: Any = None,  # noqa: ANN401 - matplotlib's
) -> Any:  # noqa: ANN401
    """Draw the values of a numeric attribute over all entities; return the axes.

    Parameters
    ----------
    dataset
        Mined and held-out entities are drawn together; missing values are left out, and
        the title says how many there are.
    target
        VIEW:ATTRIBUTE.
    found
        Its findings' thresholds on this attribute are drawn as dashed lines.
    by
        VIEW:ATTRIBUTE of a label: one colour per class, the six most frequent of them.
    n_bins
        Bins of the histogram.
    ax
        matplotlib's axes; None: new ones.

    Raises
    ------
    UnknownNameError
        If there is no such view or attribute.
    ParameterError
        If `target` is not numeric, all its values are missing, or `by` is numeric.
    MissingExtraError
        If matplotlib is missing.

    Examples
    --------
    >>> from redescribe.datasets.planted import plant
    >>> planted = plant()
    >>> activations(planted.dataset, planted.target).get_ylabel()
    'entities'
    """
    view, name = existing_column(dataset.views, target)
    values = _numbers(view, name)
    known = ~np.isnan(values)
    axes = axes_or_new(ax, (4.8, 2.8))
    edges = np.histogram_bin_edges(values[known], bins=n_bins)
    groups = _groups(dataset, by)
    axes.hist([values[known & mask] for _, mask in groups], bins=edges, stacked=True,
        color=PALETTE[: len(groups)], label=[text for text, _ in groups])  # fmt: skip
    for threshold in _thresholds(found, view.name, name):
        axes.axvline(threshold, color="0.2", linestyle="--", linewidth=1)
    neuron = view.attributes[view.position(name)].neuron
    axes.set_xlabel(one_line(name_in_words(name, neuron=neuron), 60))
    axes.set_ylabel("entities")
    if by:
        axes.legend(frameon=False, fontsize=8)
    if not known.all():
        axes.set_title(f"{int((~known).sum())} missing", fontsize=8)
    return plain(axes)


def _numbers(view: View, name: str) -> Floats:
    if not view.attributes[view.position(name)].is_numeric:
        em = f"{name!r} of view {view.name!r} has no numbers to draw. Give a numeric one."
        raise ParameterError(em)
    values = view.column(name).astype(float)
    if np.isnan(values).all():
        em = f"All values of {name!r} of view {view.name!r} are missing."
        raise ParameterError(em)
    return values


def _groups(dataset: Dataset, by: str) -> list[tuple[str, Any]]:
    """Name and entities of each class; one group of all where no label is asked for."""
    if not by:
        return [("all", np.ones(dataset.n_entities, bool))]
    view, name = existing_column(dataset.views, by)
    attribute = view.attributes[view.position(name)]
    if attribute.is_numeric:
        em = f"{by!r} has numbers, not classes. Give a label, or leave `by` out."
        raise ParameterError(em)
    codes = view.column(name)
    masks = [(text, codes == code) for code, text in enumerate(attribute.categories)]
    masks.sort(key=lambda group: -int(group[1].sum()))
    groups = [(one_line(f"{name} {text}", 24), mask) for text, mask in masks[:_MOST_GROUPS]]
    rest = ~np.any([mask for _, mask in groups], axis=0)
    return [*groups, ("other or missing", rest)] if rest.any() else groups


def _thresholds(found: AssessedSet | None, view: str, name: str) -> list[float]:
    """The finite ends of all literals on the attribute, each once."""
    literals = (
        literal
        for finding in found or ()
        for query in finding.redescription.queries
        if query.view == view
        for literal in query.literals
        if literal.attribute == name and isinstance(literal, Interval)
    )
    ends = {end for one in literals for end in (one.low, one.high)}
    return sorted(end for end in ends if np.isfinite(end))
