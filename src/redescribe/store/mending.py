"""What a run does about its broken files: it makes them again, and says so."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from redescribe.errors import StoreError
from redescribe.store import parts, views
from redescribe.store.files import read_json

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.core.dataset import Dataset
    from redescribe.store.run import RunFolder

logger = logging.getLogger("redescribe.store")


def is_lost(run: RunFolder, path: Path, *, force: bool) -> bool:
    """Return whether `run.json` is broken and may be made again: its parts are of this run.

    Raises
    ------
    StoreError
        If it is broken and no part tells that it is of this run (and not `force`), or it
        cannot be read at all.
    """
    try:
        read_json(path, advice="")
    except StoreError as error:
        what = str(error).rstrip()
        if isinstance(error.__cause__, OSError):
            raise
        done = parts.parts_done(run.path)
        if not force and not any(run.has_part(number, remove=False) for number in done):
            em = (
                f"{what} No part tells that the folder is of this run. Choose another "
                "folder, or replace that run with force=True (--force)."
            )
            raise StoreError(em) from error
        logger.warning(
            "%s It is made again now, and no longer says whether the hold-out had been "
            "opened for another family.",
            what,
        )
        return True
    return False


def mend_inputs(run: RunFolder, dataset: Dataset) -> None:
    """Write the inputs of a run again if they are not those of the dataset any more.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    try:
        run.dataset()
        if views.has_split(run.path, dataset):
            return
        em = f"{run.path / 'entities.parquet'} has other entities or another split."
        raise StoreError(em)
    except StoreError as error:
        logger.warning("The inputs are stored again: %s", error)
        views.write_dataset(run.path, dataset)
