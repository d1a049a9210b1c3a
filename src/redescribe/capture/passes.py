"""Batches -> the values of all units, in this process or in others."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from redescribe.executors.joblib import WAVE, JoblibExecutor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from redescribe._typing import Values
    from redescribe.capture.batches import Batch
    from redescribe.capture.network import Network, Side
    from redescribe.capture.plan import CapturePlan
    from redescribe.capture.reading import LayerReader
    from redescribe.core.protocols import Executor

    Passes = Callable[[Iterable["Sent"]], Iterator["Passed"]]

_MOST_BATCHES, _MOST_BYTES = 16, 64 * 2**20
"""What goes to another process at once, of batches, and of their inputs and activations."""


class Sent(NamedTuple):
    """A batch that is to be captured.

    Attributes
    ----------
    batch
        Its inputs.
    n_entities
        How many entities it has: its rows, or its tokens.
    inputs
        Digest of all inputs up to its end.
    """

    batch: Batch
    n_entities: int
    inputs: str


class Passed(NamedTuple):
    """A batch that was captured: the values of all units side by side."""

    sent: Sent
    values: Values


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Batches for one task in another process, and what reads them there."""

    network: Network
    reader: LayerReader
    layers: tuple[str, ...]
    side: Side
    batches: tuple[Batch, ...]


def read_block(block: Block) -> list[Values]:
    """Return the values of each batch of a block."""
    with block.network.running(block.layers, block.side) as forward:
        return [block.reader.read(forward, batch) for batch in block.batches]


def other_processes(n_jobs: int | None) -> JoblibExecutor | None:
    """Return what runs batches in other processes; None where they run in this one.

    Threads are none: they would share the hooks of one network, and a framework divides
    the work of a batch among threads by itself.
    """
    executor = JoblibExecutor(n_jobs, prefer="processes")
    here = executor.shares_memory or executor.n_workers == 1
    return None if here else executor


def passed_elsewhere(
    todo: Iterable[Sent],
    *,
    executor: Executor,
    network: Network,
    reader: LayerReader,
    layers: tuple[str, ...],
    side: Side,
    plan: CapturePlan,
) -> Iterator[Passed]:
    """Yield what a network gives for batches that are read in other processes, in order.

    Parameters
    ----------
    reader
        Has read a batch: it knows the units of the layers.
    plan
        How much there is: all workers get some of it.
    """
    waiting: deque[tuple[Sent, ...]] = deque()

    def blocks() -> Iterator[Block]:
        for sent in _cut(todo, executor.n_workers, plan):
            waiting.append(sent)
            batches = tuple(one.batch for one in sent)
            yield Block(network, reader, layers, side, batches)

    for values in executor.map(read_block, blocks()):
        yield from map(Passed, waiting.popleft(), values)


def _cut(
    todo: Iterable[Sent], n_workers: int, plan: CapturePlan
) -> Iterator[tuple[Sent, ...]]:
    """Cut batches into blocks: a few for each worker, unless they get too large."""
    block: list[Sent] = []
    n_bytes = 0
    for sent in todo:
        n_batches = plan.n_entities / max(sent.n_entities, 1)
        most = min(math.ceil(n_batches / (WAVE * n_workers)), _MOST_BATCHES)
        n_bytes += _size(sent, plan.n_units)
        block.append(sent)
        if len(block) >= most or n_bytes >= _MOST_BYTES:
            yield tuple(block)
            block, n_bytes = [], 0
    if block:
        yield tuple(block)


def _size(sent: Sent, n_units: int) -> int:
    """Bytes of the inputs and activations of a batch."""
    given = (*sent.batch.positional, *sent.batch.named.values())
    return sum(int(value.nbytes) for value in given) + 4 * n_units * sent.n_entities
