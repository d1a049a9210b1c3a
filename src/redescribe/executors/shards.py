"""A share of the chunks of a run, for machines that share a file system, or do not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Numbered(Protocol):
    """Work that is done and stored together, with its number."""

    @property
    def number(self) -> int:
        """Of the chunk, from 0."""


Some = TypeVar("Some", bound=Numbered)


@dataclass(frozen=True, slots=True)
class Shard:
    """The chunks whose number is `number` modulo `of`; chunks do not depend on `of`.

    Parameters
    ----------
    number
        0 <= number < of.
    of
        How many shards there are.

    Raises
    ------
    ParameterError
        If the number is out of its range.

    Examples
    --------
    >>> shard = Shard.parse("1/3")
    >>> str(shard), [n for n in range(8) if shard.takes(n)]
    ('1/3', [1, 4, 7])
    """

    number: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.number < self.of:
            em = (
                f"There is no shard {self.number}/{self.of}: shards are numbered from 0, "
                "so that of three they are 0/3, 1/3 and 2/3."
            )
            raise ParameterError(em)

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read the text form `i/n`.

        Raises
        ------
        ParameterError
            If the text has another form.
        """
        found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
        if found is None:
            em = f"A shard is written as i/n with 0 <= i < n, such as 0/3. Got {text!r}."
            raise ParameterError(em)
        return cls(int(found[1]), int(found[2]))

    def takes(self, chunk: int) -> bool:
        """Return whether the chunk of a number belongs to the shard."""
        return chunk % self.of == self.number

    def share(self, chunks: Iterable[Some]) -> list[Some]:
        """Return the chunks that belong to the shard, in their order."""
        return [chunk for chunk in chunks if self.takes(chunk.number)]
