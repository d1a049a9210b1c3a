"""What a server shows: one run, read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from redescribe.errors import StoreError
from redescribe.report.front_end import built_front_end
from redescribe.report.page import page_of, policy
from redescribe.report.write import read_contents

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.report.blocks import Block
    from redescribe.report.media import Media
    from redescribe.store.run import RunFolder


@dataclass(frozen=True, slots=True, eq=False)
class ServedRun:
    """The page, its blocks by name, and what questions are about.

    Attributes
    ----------
    page, policy
        The front end without data, and what a browser may do with it.
    blocks
        Everything that the report knows, nothing cut.
    assessed, dataset
        The findings and what they were mined on.
    """

    page: str
    policy: str
    blocks: Mapping[str, Block]
    assessed: AssessedSet
    dataset: Dataset

    @classmethod
    def read(
        cls,
        run: RunFolder,
        *,
        title: str = "",
        entity_noun: str = "",
        networks: Sequence[str] = (),
        media: Media | None = None,
        other: RunFolder | None = None,
    ) -> ServedRun:
        """Return a finished run as a server shows it; parameters: `report_of_run`.

        Raises
        ------
        StoreError
            If the run is not finished, a file is broken, or no front end was built.
        UnknownNameError
            If there is no view of such a name.
        """
        front_end = built_front_end()
        if front_end is None:
            em = (
                "The interactive front end is not built, and there is nothing else to "
                "serve. In a checkout, 'make web' builds it (Node 20.19 or newer)."
            )
            raise StoreError(em)
        contents = read_contents(
            run,
            title=title,
            entity_noun=entity_noun,
            networks=networks,
            media=media,
            other=other,
        )
        blocks, _ = contents.blocks(budget=None)
        return cls(
            page_of(contents.summary.title, front_end, [], served=True),
            policy(front_end, served=True),
            {block.name: block for block in blocks},
            contents.assessed,
            contents.dataset,
        )
