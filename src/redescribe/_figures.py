"""What every figure begins and ends with; matplotlib is loaded when one is drawn."""

from __future__ import annotations

from typing import Any

from redescribe._lazy import require

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#999999")
"""Okabe and Ito's colours, which people who do not see all colours tell apart."""
BLUE, VERMILION = PALETTE[:2]
GREY = "0.75"


def pyplot() -> Any:  # noqa: ANN401 - matplotlib's
    """Return matplotlib's pyplot, or say how to install it."""
    return require("matplotlib.pyplot", extra="plot", purpose="Drawing a figure")


def axes_or_new(ax: Any, size: tuple[float, float]) -> Any:  # noqa: ANN401 - matplotlib's
    """Return the axes that were given, or new ones of this size in inches."""
    if ax is not None:
        return ax
    return pyplot().subplots(figsize=size, layout="constrained")[1]


def plain(axes: Any) -> Any:  # noqa: ANN401 - matplotlib's
    """Take the frame away where no scale stands; return the axes."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return axes
