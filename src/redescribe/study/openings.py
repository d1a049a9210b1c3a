"""Openings of the hold-out, as `run.json` records them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from redescribe.core.opening import Opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.dataset import Dataset
    from redescribe.core.redescription import RedescriptionSet
    from redescribe.store.run import RunFolder


def openings_of(run: RunFolder, *, without: str = "") -> list[Opening]:
    """Return the openings of the hold-out that a run knows of, but those of a key."""
    # Runs from before openings were recorded have none.
    records = cast("list[dict[str, Any]]", run.document.get("openings", []))
    return [Opening(**record) for record in records if record["key"] != without]


def record_opening(
    run: RunFolder,
    dataset: Dataset,
    family: RedescriptionSet,
    before: Sequence[Opening],
) -> None:
    """Record in `run.json` that the hold-out, if there is one, is opened for a family.

    This comes before it is opened: what is stopped afterwards has opened it.
    """
    openings = [*before]
    if dataset.split.held_out.size:
        own = Opening(run.path.name, run.key, len(family), family.n_candidates)
        openings.append(own)
    run.update(openings=[asdict(opening) for opening in openings])
