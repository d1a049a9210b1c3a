"""Figures for papers and notebooks: take and return matplotlib's axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._figures import BLUE, VERMILION, axes_or_new, plain, pyplot
from redescribe.errors import ParameterError
from redescribe.flint.strip import concept_strip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import AnyArray, Floats
    from redescribe.flint.conciseness import ConcisenessCurve, SufficiencyCurve
    from redescribe.flint.interpret import GlobalInterpretation
    from redescribe.relations.dictionary import ExplainedDictionary

_UNEXPLAINED = "0.7"
_SOURCES = {
    "attributes": "measured attributes",
    "neurons": "neurons only",
    "dictionaries": "other dictionaries only",
    "labels": "labels only",
    "nothing": "nothing",
}


def local_bars(
    relevances: Floats,
    *,
    tau: float = 2.0,
    top: int = 8,
    names: Sequence[str] = (),
    ax: Any = None,  # noqa: ANN401 - matplotlib's
) -> Any:  # noqa: ANN401
    """Draw the relevances of one entity as bars, the strongest on top; return the axes.

    Parameters
    ----------
    relevances
        r_jx, shape (J,).
    tau
        A line stands at 1/τ: attributes beyond it explain the prediction.
    top
        How many are drawn, by |r|.
    names
        Of the attributes; φ0, φ1, … otherwise.
    ax
        None: new ones.
    """
    axes = axes_or_new(ax, (4.2, 0.32 * min(top, len(relevances)) + 0.9))
    order = np.argsort(-np.abs(relevances), kind="stable")[:top][::-1]
    values = relevances[order]
    colours = [BLUE if value >= 0 else VERMILION for value in values]
    axes.barh(np.arange(len(order)), values, color=colours, height=0.7)
    axes.set_yticks(np.arange(len(order)), [_name(names, j) for j in order.tolist()])
    axes.axvline(1 / tau, color="0.3", linestyle="--", linewidth=1)
    axes.axvline(0, color="0.3", linewidth=0.8)
    axes.text(1 / tau, 1.01, f"1/τ, τ = {tau:g}", transform=axes.get_xaxis_transform(),
        ha="center", va="bottom", fontsize=8)  # fmt: skip
    axes.set_xlim(min(-0.05, float(values.min()) - 0.05), 1.05)
    axes.set_xlabel("relevance")
    return plain(axes)


def relevance_heat_map(
    found: GlobalInterpretation,
    *,
    classes: Sequence[str] = (),
    names: Sequence[str] = (),
    ax: Any = None,  # noqa: ANN401 - matplotlib's
) -> Any:  # noqa: ANN401
    """Draw the relevance of attributes for classes; return the axes.

    Parameters
    ----------
    found
        As `redescribe.flint.global_interpretation` returns it; classes without an entity
        are left grey.
    classes, names
        Names of classes and attributes; numbers otherwise.
    ax
        None: new ones.
    """
    values = found.relevance.T
    n_classes, n_attributes = values.shape
    axes = axes_or_new(ax, (0.34 * n_attributes + 2.2, 0.3 * n_classes + 1.2))
    axes.set_facecolor("0.8")
    image = axes.imshow(values, cmap="RdBu", vmin=-1, vmax=1, aspect="auto")
    labels = [_name(names, j) for j in range(n_attributes)]
    upright = bool(names) or n_attributes > 24
    axes.set_xticks(np.arange(n_attributes), labels, rotation=90 if upright else 0)
    axes.set_yticks(
        np.arange(n_classes), list(classes) or [str(c) for c in range(n_classes)]
    )
    axes.set_xlabel("attribute")
    axes.set_ylabel("class")
    axes.figure.colorbar(image, ax=axes, label="relevance", fraction=0.05, pad=0.02)
    return axes


def conciseness(curve: ConcisenessCurve, *, label: str = "", ax: Any = None) -> Any:  # noqa: ANN401
    """Draw CNS against τ; return the axes.

    Parameters
    ----------
    curve
        As `redescribe.flint.metrics.cns_curve` returns it.
    label
        In a legend.
    ax
        None: new ones.
    """
    axes = axes_or_new(ax, (4.2, 3.0))
    axes.plot(curve.taus, curve.values, marker="o", color=BLUE, label=label or None)
    axes.set_xlabel("τ")
    axes.set_ylabel("attributes per explanation")
    axes.set_ylim(bottom=0)
    if label:
        axes.legend(frameon=False)
    return plain(axes)


def explained_dictionary(found: ExplainedDictionary, *, ax: Any = None) -> Any:  # noqa: ANN401
    """Draw how many attributes each source explains; return the axes.

    Parameters
    ----------
    found
        As `redescribe.explained_dictionary` returns it.
    ax
        None: new ones.
    """
    axes = axes_or_new(ax, (5.0, 2.4))
    counts = found.counts()
    rows = np.arange(len(counts))[::-1]
    colours = [_UNEXPLAINED if source == "nothing" else BLUE for source in counts]
    axes.barh(rows, list(counts.values()), height=0.7, color=colours)
    axes.set_yticks(rows, [_SOURCES[source.value] for source in counts])
    for row, count in zip(rows.tolist(), counts.values(), strict=True):
        axes.text(count, row, f" {count}", va="center", fontsize=9)
    axes.set_xlim(0, max(counts.values()) * 1.12)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel(f"attributes explained with J ≥ {found.min_jaccard:g} ({found.part})")
    return plain(axes)


def concept(
    entities: AnyArray,
    changed: AnyArray,
    *,
    title: str = "",
    ax: Any = None,  # noqa: ANN401 - matplotlib's
) -> Any:  # noqa: ANN401
    """Draw entities that activate an attribute above what makes it stronger; return axes.

    Parameters
    ----------
    entities, changed
        Images from 0 to 1, shape (k, channels, rows, columns), such as those of
        `redescribe.flint.visualize.mas` and `am_pi`.
    title
        Above.
    ax
        None: new ones.
    """
    strip = concept_strip(np.asarray(entities), np.asarray(changed))
    axes = axes_or_new(ax, (0.9 * len(entities) + 0.9, 2.1))
    grey = strip.shape[2] == 1
    axes.imshow(strip[..., 0] if grey else strip, cmap="gray", vmin=0, vmax=1)
    side = strip.shape[0] / 4
    axes.set_yticks([side, 3 * side], ["strongest", "made stronger"], fontsize=8)
    axes.tick_params(length=0, labelbottom=False)
    for edge in axes.spines.values():
        edge.set_visible(False)
    axes.set_title(title, fontsize=9)
    return axes


def sufficiency(curve: SufficiencyCurve, *, ax: Any = None) -> Any:  # noqa: ANN401
    """Draw how good predictions from the N best attributes are; return the axes.

    Parameters
    ----------
    curve
        As `redescribe.flint.sufficiency.sufficiency_curve` returns it.
    ax
        None: new ones.
    """
    axes = axes_or_new(ax, (4.2, 3.0))
    drawn = [("fidelity to the network", curve.fidelity, BLUE)]
    if curve.accuracy:
        drawn.append(("accuracy", curve.accuracy, VERMILION))
    for label, values, colour in drawn:
        axes.plot(curve.counts, values, marker="o", color=colour, label=label)
    axes.set_xscale("log", base=2)
    axes.set_xticks(list(curve.counts), [str(n) for n in curve.counts])
    axes.minorticks_off()
    axes.set_xlabel("attributes that predict")
    axes.set_ylabel("share of entities")
    axes.legend(frameon=False)
    return plain(axes)


def pictures(
    rows: Sequence[tuple[str, Sequence[AnyArray]]],
    *,
    titles: Sequence[str] = (),
    value_range: tuple[float, float] | None = None,
) -> Any:  # noqa: ANN401 - matplotlib's
    """Draw images in rows, such as samples beside what maximises them; return the figure.

    Parameters
    ----------
    rows
        A name and images of shape (channels, rows, columns) or (rows, columns) each.
    titles
        Of the columns.
    value_range
        What is black and what is white; None: the extremes of each image.

    Raises
    ------
    ParameterError
        If there is no image.
    """
    n_columns = max((len(images) for _, images in rows), default=0)
    if not n_columns:
        em = "There is no image to draw. Give rows of (name, images)."
        raise ParameterError(em)
    size = (1.1 * n_columns + 0.9, 1.15 * len(rows) + 0.3)
    figure, grid = pyplot().subplots(
        len(rows), n_columns, figsize=size, squeeze=False, layout="constrained"
    )
    for axes_of_row, (name, images) in zip(grid, rows, strict=True):
        for axes in axes_of_row:
            axes.set_axis_off()
        for axes, image in zip(axes_of_row, images, strict=False):
            axes.imshow(_shown(np.asarray(image), value_range), cmap="gray", vmin=0, vmax=1)
        axes_of_row[0].text(-0.15, 0.5, name, transform=axes_of_row[0].transAxes,
            ha="right", va="center", fontsize=9)  # fmt: skip
    for axes, title in zip(grid[0], titles, strict=False):
        axes.set_title(title, fontsize=9)
    return figure


def _shown(image: AnyArray, value_range: tuple[float, float] | None) -> AnyArray:
    """An image from 0 to 1; colours last."""
    low, high = value_range or (float(image.min()), float(image.max()))
    scaled = ((image - low) / (high - low if high > low else 1.0)).clip(0, 1)
    if scaled.ndim == 2:
        return scaled
    return scaled[0] if len(scaled) == 1 else np.moveaxis(scaled, 0, -1)


def _name(names: Sequence[str], j: int) -> str:
    return names[j] if names else f"φ{j}"
