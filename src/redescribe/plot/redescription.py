"""Figures of one finding: the parts of its rules, and its literals side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._figures import BLUE, GREY, PALETTE, VERMILION, axes_or_new, plain
from redescribe.core.breakdown import Breakdown
from redescribe.core.printing import one_line
from redescribe.core.query import Interval
from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from redescribe._typing import Floats, Ints, Mask
    from redescribe.core.assessed import Finding
    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Literal
    from redescribe.core.view import View

_HATCHES = ("", "///", "...", "xx", "\\\\\\", "++")


def parts(finding: Finding, dataset: Dataset, *, ax: Any = None) -> Any:  # noqa: ANN401
    """Draw for how many entities which of the rules hold, as a bar; return the axes.

    Counted on the hold-out where there is one, which the title says. Entities of which a
    rule is not known because a value is missing are a part of their own.

    Parameters
    ----------
    finding, dataset
        The finding, and the dataset that it was mined on.
    ax
        matplotlib's axes; None: new ones.

    Raises
    ------
    MissingExtraError
        If matplotlib is missing.

    Examples
    --------
    >>> import redescribe as rd
    >>> from redescribe.datasets.planted import plant
    >>> planted = plant()
    >>> mined = rd.mine(planted.dataset, rd.MineParams(targets=[planted.target]))
    >>> found = rd.assess(rd.select(mined), planted.dataset)
    >>> parts(found.findings[0], planted.dataset).get_title(loc="left")
    'R1, 150 held-out entities'
    """
    part, name = _tested_part(dataset)
    redescription = finding.redescription
    counted = Breakdown.of(redescription.supports_on(part), redescription.missing)
    axes = axes_or_new(ax, (6.0, 1.5))
    bars = [(_part_name(c.holds), c.n_entities, c.holds) for c in counted.combinations]
    start = 0
    for number, (label, n_entities, holds) in enumerate(bars):
        colour = PALETTE[number % len(PALETTE)] if any(holds) else "0.9"
        hatch = _HATCHES[number % len(_HATCHES)]
        axes.barh(0, n_entities, left=start, color=colour, edgecolor="white",
            hatch=hatch, label=f"{label} {n_entities}")  # fmt: skip
        start += n_entities
    if counted.n_unknown:
        axes.barh(0, counted.n_unknown, left=start, color="white", edgecolor="0.5",
            label=f"not known {counted.n_unknown}")  # fmt: skip
    axes.set_xlim(0, start + counted.n_unknown)
    axes.set_yticks([])
    axes.set_title(f"{finding.id}, {start + counted.n_unknown} {name} entities",
        loc="left", fontsize=9)  # fmt: skip
    axes.legend(frameon=False, ncols=4, loc="upper center", fontsize=8,
        bbox_to_anchor=(0.5, -0.25))  # fmt: skip
    axes.spines["left"].set_visible(False)
    return plain(axes)


def literals(
    finding: Finding,
    dataset: Dataset,
    *,
    n_lines: int = 300,
    seed: int = 0,
    ax: Any = None,  # noqa: ANN401 - matplotlib's
) -> Any:  # noqa: ANN401
    """Draw the literals as parallel axes with their intervals; return the axes.

    Each line is an entity: blue where all rules hold, grey elsewhere. The boxes are what
    the literals ask for (those of a negated conjunction must not all hold). A numeric axis
    goes from the least to the largest value drawn, a nominal one over its categories. A
    line stops where a value is missing.

    Parameters
    ----------
    finding, dataset
        The finding, and the dataset that it was mined on.
    n_lines
        Entities drawn at most: a random choice of the hold-out (of all entities where
        nothing was held out), which the title says.
    seed
        Of the choice.
    ax
        matplotlib's axes; None: new ones.

    Raises
    ------
    ParameterError
        If not one line is asked for.
    MissingExtraError
        If matplotlib is missing.

    Examples
    --------
    >>> import redescribe as rd
    >>> from redescribe.datasets.planted import plant
    >>> planted = plant()
    >>> mined = rd.mine(planted.dataset, rd.MineParams(targets=[planted.target]))
    >>> found = rd.assess(rd.select(mined), planted.dataset)
    >>> literals(found.findings[0], planted.dataset).get_title(loc="left")
    'R1, 150 of 150 held-out entities'
    """
    if n_lines < 1:
        em = f"n_lines must be at least 1. Got {n_lines} instead."
        raise ParameterError(em)
    part, name = _tested_part(dataset)
    redescription = finding.redescription
    holds = np.all([s.mask for s in redescription.supports_on(part)], axis=0)
    chosen = _chosen(part.n_entities, n_lines, seed)
    columns = [
        (part.view(query.view), literal, term.negated)
        for query in redescription.queries
        for term in query.terms
        for literal in term.literals
    ]
    axes = axes_or_new(ax, (2.4 + 1.6 * len(columns), 3.4))
    drawn = np.empty((len(columns), len(chosen)))
    for place, (view, literal, _) in enumerate(columns):
        drawn[place] = _draw_axis(axes, place, literal, view, chosen)
    _draw_lines(axes, drawn, holds[chosen])
    labels = [_label(literal, negated=negated) for _, literal, negated in columns]
    axes.set_xticks(range(len(columns)), labels, rotation=12, ha="right", fontsize=8)
    axes.set_xlim(-0.4, len(columns) - 0.6)
    axes.set_ylim(-0.08, 1.08)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    shown = f"{len(chosen)} of {part.n_entities}"
    axes.set_title(f"{finding.id}, {shown} {name} entities", loc="left", fontsize=9)
    return plain(axes)


def _tested_part(dataset: Dataset) -> tuple[Dataset, str]:
    if dataset.split.held_out.size:
        return dataset.hold_out_part, "held-out"
    return dataset, "mined"


def _part_name(holds: tuple[bool, ...]) -> str:
    if all(holds):
        return "both" if len(holds) == 2 else "all"
    if not any(holds):
        return "neither" if len(holds) == 2 else "none"
    which = [f"{number}" for number, one in enumerate(holds, 1) if one]
    return f"only rule {' and '.join(which)}"


def _chosen(n_entities: int, n_lines: int, seed: int) -> Ints:
    if n_entities <= n_lines:
        return np.arange(n_entities)
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(n_entities, n_lines, replace=False))


def _draw_axis(  # noqa: PLR0917 - all that is drawn
    axes: Any,  # noqa: ANN401 - matplotlib's
    place: int,
    literal: Literal,
    view: View,
    chosen: Ints,
) -> Floats:
    """Draw a scale and what the literal asks for; return the heights of the entities."""
    attribute = view.attributes[view.position(literal.attribute)]
    values = view.column(attribute.name)[chosen].astype(float)
    axes.axvline(place, color="0.3", linewidth=0.8)
    if isinstance(literal, Interval):
        low, high = _ends(values, literal)
        boxes = [(max(literal.low, low), min(literal.high, high))]
        ticks = [(low, f"{low:.3g}"), (high, f"{high:.3g}")]
    else:
        low, high = -0.5, len(attribute.categories) - 0.5
        codes = [attribute.categories.index(v) for v in literal.values
            if v in attribute.categories]  # fmt: skip
        boxes = [(code - 0.4, code + 0.4) for code in codes]
        ticks = [(code, attribute.categories[code]) for code in codes]
    span = high - low
    for start, end in boxes:
        axes.fill_between([place - 0.07, place + 0.07], (start - low) / span,
            (end - low) / span, color=VERMILION, alpha=0.35, linewidth=0)  # fmt: skip
    for value, text in ticks:
        axes.text(place + 0.09, (value - low) / span, one_line(text, 16), fontsize=7,
            va="center")  # fmt: skip
    return (values - low) / span


def _ends(values: Floats, literal: Interval) -> tuple[float, float]:
    """The least and the largest value drawn, the finite bounds of the literal included."""
    bounds = [bound for bound in (literal.low, literal.high) if np.isfinite(bound)]
    known = np.concatenate([values[~np.isnan(values)], bounds])
    low, high = float(known.min()), float(known.max())
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _draw_lines(axes: Any, drawn: Floats, holds: Mask) -> None:  # noqa: ANN401
    places = np.arange(len(drawn))
    for mask, colour, label in ((~holds, GREY, "others"), (holds, BLUE, "all rules hold")):
        marker = "o" if len(drawn) == 1 else ""
        lines = axes.plot(places, drawn[:, mask], color=colour, linewidth=0.6, alpha=0.6,
            marker=marker, markersize=3)  # fmt: skip
        if lines:
            lines[0].set_label(f"{label} ({int(mask.sum())})")
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _label(literal: Literal, *, negated: bool) -> str:
    """A literal as text; one of a negated conjunction as a part of it."""
    return one_line(f"NOT ({literal} …)" if negated else str(literal), 36)
