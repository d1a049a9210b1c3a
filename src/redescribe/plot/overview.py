"""Figures of all findings: mined beside held-out values, attributes that go together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._figures import BLUE, axes_or_new, plain
from redescribe.core.printing import one_line
from redescribe.errors import ParameterError, UnknownNameError

if TYPE_CHECKING:
    from redescribe._typing import Floats
    from redescribe.core.assessed import AssessedSet, Finding


def jaccards(found: AssessedSet, *, ax: Any = None) -> Any:  # noqa: ANN401 - matplotlib's
    """Draw the hold-out Jaccard of each finding against the mined one; return the axes.

    Findings below the diagonal lost on entities that the search never saw. Confirmed ones
    are filled. Those of which no held-out entity satisfies a rule have no hold-out
    Jaccard; the title says how many they are.

    Parameters
    ----------
    found
        Assessed on a hold-out.
    ax
        matplotlib's axes; None: new ones.

    Raises
    ------
    ParameterError
        If nothing was held out.
    MissingExtraError
        If matplotlib is missing.

    Examples
    --------
    >>> import redescribe as rd
    >>> from redescribe.datasets.planted import plant
    >>> planted = plant()
    >>> mined = rd.mine(planted.dataset, rd.MineParams(targets=[planted.target]))
    >>> found = rd.assess(rd.select(mined), planted.dataset)
    >>> jaccards(found).get_xlabel()
    'Jaccard on 350 mined entities'
    """
    if found.evidence.in_sample_only:
        em = "Nothing was held out: there is no hold-out Jaccard. Mine with hold_out=0.3."
        raise ParameterError(em)
    axes = axes_or_new(ax, (4.2, 4.2))
    axes.axline((0, 0), slope=1, color="0.6", linewidth=0.8, zorder=0)
    n_drawn = 0
    for confirmed in (True, False):
        points = np.array(
            [_point(one) for one in found if _is_drawn(one, confirmed=confirmed)]
        ).reshape(-1, 2)
        n_drawn += len(points)
        face = BLUE if confirmed else "none"
        label = f"{'' if confirmed else 'not '}confirmed ({len(points)})"
        axes.scatter(*points.T, s=18, facecolors=face, edgecolors=BLUE, alpha=0.8,
            label=label)  # fmt: skip
    axes.set(xlim=(0, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    axes.set_xlabel(f"Jaccard on {found.evidence.n_mined:,} mined entities")
    axes.set_ylabel(f"Jaccard on {found.evidence.n_hold_out:,} held-out entities")
    axes.legend(frameon=False, loc="upper left", fontsize=8)
    if n_drawn < len(found):
        axes.set_title(f"{len(found) - n_drawn} not testable", fontsize=8)
    return plain(axes)


def co_occurrence(
    found: AssessedSet,
    view: str,
    other: str,
    *,
    top: int = 20,
    ax: Any = None,  # noqa: ANN401 - matplotlib's
) -> Any:  # noqa: ANN401
    """Draw how well attributes of two views go together; return the axes.

    A cell is the best Jaccard of a finding that names both attributes: of the hold-out
    where there is one (the bar says so). White: no finding names both.

    Parameters
    ----------
    found
        The findings.
    view, other
        The view of the rows, and that of the columns.
    top
        Attributes of each view at most: those that most findings name.
    ax
        matplotlib's axes; None: new ones.

    Raises
    ------
    UnknownNameError
        If the run has no such view.
    ParameterError
        If no finding relates the two views.
    MissingExtraError
        If matplotlib is missing.

    Examples
    --------
    >>> import redescribe as rd
    >>> from redescribe.datasets.planted import plant
    >>> planted = plant()
    >>> mined = rd.mine(planted.dataset, rd.MineParams(targets=[planted.target]))
    >>> found = rd.assess(rd.select(mined), planted.dataset)
    >>> co_occurrence(found, "own", "partner").get_ylabel()
    'own'
    """
    for name in (view, other):
        if name not in found.views:
            what = "The run has no view"
            raise UnknownNameError.among(what, name, found.views)
    best = _best_jaccards(found, view, other)
    if not best:
        em = f"No finding relates the views {view!r} and {other!r}. Choose two others."
        raise ParameterError(em)
    rows = _most_named([row for row, _ in best], top)
    columns = _most_named([column for _, column in best], top)
    values = np.array([[best.get((row, column), np.nan) for column in columns]
        for row in rows])  # fmt: skip
    return _heat_map(values, rows, columns, (view, other), found, ax)


def _heat_map(  # noqa: PLR0917 - all that is drawn
    values: Floats,
    rows: list[str],
    columns: list[str],
    views: tuple[str, str],
    found: AssessedSet,
    ax: Any,  # noqa: ANN401 - matplotlib's
) -> Any:  # noqa: ANN401
    size = (2.4 + 0.24 * len(columns), 1.8 + 0.24 * len(rows))
    axes = axes_or_new(ax, size)
    image = axes.imshow(values, cmap="viridis", vmin=0, vmax=1, aspect="auto")
    names = [[one_line(name, 28) for name in some] for some in (columns, rows)]
    axes.set_xticks(range(len(columns)), names[0], rotation=90, fontsize=7)
    axes.set_yticks(range(len(rows)), names[1], fontsize=7)
    axes.set_xlabel(views[1])
    axes.set_ylabel(views[0])
    part = "mined" if found.evidence.in_sample_only else "hold-out"
    axes.figure.colorbar(image, ax=axes, label=f"best {part} Jaccard", shrink=0.8)
    return plain(axes)


def _best_jaccards(
    found: AssessedSet, view: str, other: str
) -> dict[tuple[str, str], float]:
    best: dict[tuple[str, str], float] = defaultdict(float)
    for finding in found:
        named = {q.view: q.attributes for q in finding.redescription.queries}
        value = _jaccard(finding)
        for row in named.get(view, ()):
            for column in named.get(other, ()):
                best[row, column] = max(best[row, column], value)
    return dict(best)


def _most_named(names: list[str], top: int) -> list[str]:
    """The names that occur most, those first that occur more; ties by name."""
    counts: dict[str, int] = defaultdict(int)
    for name in names:
        counts[name] += 1
    return sorted(counts, key=lambda name: (-counts[name], name))[:top]


def _jaccard(finding: Finding) -> float:
    """On the hold-out where there is one; 0 where no entity satisfies a rule."""
    if finding.assessment is None:
        return finding.redescription.mined.jaccard
    held_out = finding.assessment.hold_out
    return held_out.jaccard if held_out.union else 0.0


def _is_drawn(finding: Finding, *, confirmed: bool) -> bool:
    assessment = finding.assessment
    return (
        assessment is not None
        and assessment.confirmed is confirmed
        and assessment.hold_out.union > 0
    )


def _point(finding: Finding) -> tuple[float, float]:
    assert finding.assessment is not None  # noqa: S101 - those drawn have one
    return finding.redescription.mined.jaccard, finding.assessment.hold_out.jaccard
