"""Parts of several folders of one run -> one folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.store.files import copy_file
from redescribe.store.parts import copy_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.store.run import RunFolder


def gather(run: RunFolder, sources: Sequence[RunFolder], n_chunks: int) -> None:
    """Copy the parts that a run lacks from folders of the same key, which are only read.

    Searches of permuted entities are copied as well; whoever needs them checks them.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    for chunk in range(n_chunks):
        if run.has_part(chunk):
            continue
        for source in sources:
            if source.has_part(chunk, run.key, remove=False):
                copy_part(source.path, run.path, chunk)
                break
    for source in sources:
        for path in sorted((source.path / "nulls").glob("part-*.parquet")):
            target = run.path / "nulls" / path.name
            if not target.exists():
                copy_file(path, target)
