"""Images and texts of entities -> blocks of the report, the most telling ones first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from redescribe.report.blocks import Block, array_block, json_block
from redescribe.report.budget import Cuttable
from redescribe.report.pictures import pictures_block, thumbnail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe._typing import Ints
    from redescribe.report.media import Pictures

PER_BLOCK = 64
"""Entities whose pictures, or texts, lie in one block."""
LONGEST_TEXT = 20_000
"""Characters of a text that a report holds at most."""


@dataclass(frozen=True, slots=True)
class MediaBlocks:
    """Blocks of pictures or of texts.

    Attributes
    ----------
    index
        Positions of the entities (uint32), in the order of the blocks.
    cuttable
        The blocks.
    """

    index: Block
    cuttable: Cuttable

    @property
    def n_entities(self) -> int:
        """Entities that have one in these blocks."""
        return sum(self.cuttable.sizes)


def picture_blocks(pictures: Pictures, order: Ints, room: int | None) -> MediaBlocks:
    """Return pictures of entities as blocks that fill some room.

    Parameters
    ----------
    pictures
        Images by entity.
    order
        The entities, those first that go last.
    room
        Bytes that the blocks may take; no more pictures are made than fit. None has no
        limit: all but the first block are made when they are asked for.

    Examples
    --------
    >>> from redescribe.report.media import Pictures
    >>> grey = np.zeros((4, 4), np.uint8)
    >>> pictures = Pictures({0: 5, 1: 6}, lambda number: grey)
    >>> found = picture_blocks(pictures, np.array([1, 0]), room=10_000)
    >>> found.n_entities, found.cuttable.more
    (2, 0)
    """
    entities = [i for i in order.tolist() if i in pictures.numbers]
    blocks: list[Block] = []
    sizes: list[int] = []
    size = 0
    for number, some in enumerate(_slices(entities)):
        if room is not None and size >= room:
            break
        blocks.append(Block(f"pictures-{number}", partial(_thumbnails, pictures, some)))
        sizes.append(len(some))
        size += len(blocks[-1]) if room is not None else 0
    if room is None and blocks:
        blocks[0].content()  # what cannot be read is told now
    more = len(entities) - sum(sizes)
    return _blocks(
        "pictures", entities, Cuttable("pictures", tuple(blocks), tuple(sizes), more)
    )


def _thumbnails(pictures: Pictures, entities: Sequence[int]) -> bytes:
    images = [thumbnail(pictures.image(pictures.numbers[i])) for i in entities]
    return pictures_block("pictures", images).content()


def text_blocks(texts: Mapping[int, str], order: Ints) -> MediaBlocks:
    """Return texts of entities as blocks: JSON lists of a text and its full length.

    Examples
    --------
    >>> found = text_blocks({0: "a", 2: "c"}, np.array([2, 1, 0]))
    >>> found.n_entities, [block.name for block in found.cuttable.blocks]
    (2, ['texts-0'])
    """
    entities = [i for i in order.tolist() if i in texts]
    blocks, sizes = [], []
    for number, some in enumerate(_slices(entities)):
        content = [[texts[i][:LONGEST_TEXT], len(texts[i])] for i in some]
        blocks.append(json_block(f"texts-{number}", content))
        sizes.append(len(some))
    return _blocks("texts", entities, Cuttable("texts", tuple(blocks), tuple(sizes)))


def _blocks(name: str, entities: Sequence[int], cuttable: Cuttable) -> MediaBlocks:
    shown = entities[: sum(cuttable.sizes)]
    return MediaBlocks(array_block(f"{name}-index", np.array(shown, np.uint32)), cuttable)


def _slices(entities: Sequence[int]) -> list[Sequence[int]]:
    return [entities[i : i + PER_BLOCK] for i in range(0, len(entities), PER_BLOCK)]
