"""The entities that all views describe, and which of them are mined or held out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from annotated_types import doc

from redescribe._validation import Count, OpenShare, check_bounds
from redescribe.errors import EntityMismatchError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from redescribe._typing import Ints


@dataclass(frozen=True, slots=True)
class EntityIndex:
    """The ordered, unique ids of the entities, and their groups where there are any.

    Parameters
    ----------
    ids
        One text per entity, unique.
    groups
        One text per entity (patient, document), or empty: entities of one group are never
        divided between the mining part and the hold-out.

    Raises
    ------
    EntityMismatchError
        If an id occurs twice or the groups are not one per entity.

    Examples
    --------
    >>> len(EntityIndex(("a", "b")))
    2
    """

    ids: tuple[str, ...]
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.ids)) != len(self.ids):
            name, times = Counter(self.ids).most_common(1)[0]
            em = f"Entity id {name!r} occurs {times} times; ids must be unique."
            raise EntityMismatchError(em)
        if self.groups and len(self.groups) != len(self.ids):
            em = f"Got {len(self.groups)} groups for {len(self.ids)} entities."
            raise EntityMismatchError(em)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def numbered(cls, n_entities: int) -> EntityIndex:
        """Return entities called "0", "1", ….

        >>> EntityIndex.numbered(2).ids
        ('0', '1')
        """
        return cls(tuple(map(str, range(n_entities))))

    def take(self, positions: Ints) -> EntityIndex:
        """Return the entities at these positions, in this order."""
        ids = tuple(self.ids[i] for i in positions)
        groups = tuple(self.groups[i] for i in positions) if self.groups else ()
        return EntityIndex(ids, groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitParams:
    """How the entities are divided into a mining part and a hold-out."""

    hold_out: Annotated[OpenShare, doc("share of entities kept for testing; 0 = none")] = (
        0.3
    )
    stratify: Annotated[str, doc("VIEW:ATTRIBUTE whose values both parts share")] = ""
    seed: Annotated[Count, doc("seed of the split and of the search")] = 0

    def __post_init__(self) -> None:
        check_bounds(self)


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Positions of the mined and of the held-out entities, each ascending, disjoint.

    Attributes
    ----------
    mined, held_out
        ndarray of int64; `held_out` is empty where everything is mined.
    params
        What it was made with.
    """

    mined: Ints
    held_out: Ints
    params: SplitParams = field(default_factory=SplitParams)

    @property
    def n_entities(self) -> int:
        """Number of entities in both parts."""
        return self.mined.size + self.held_out.size


def split_entities(
    entities: EntityIndex, params: SplitParams, *, strata: Sequence[Hashable] = ()
) -> Split:
    """Divide the entities: seeded, by strata, whole groups together.

    Parameters
    ----------
    entities
        The entities; their groups are kept together.
    params
        Share and seed.
    strata
        One label per entity, or empty. A group belongs to its most frequent label.

    Raises
    ------
    ParameterError
        If a part would be empty although a hold-out was asked for.

    References
    ----------
    Specification of redescription mining, section 7.3.

    Examples
    --------
    >>> split = split_entities(EntityIndex.numbered(10), SplitParams(hold_out=0.3))
    >>> split.mined.size, split.held_out.size
    (7, 3)
    """
    import numpy as np  # noqa: PLC0415 - the help of the command line needs no arrays

    n_entities = len(entities)
    everything = np.arange(n_entities)
    if params.hold_out == 0:
        return Split(everything, everything[:0], params)
    units = units_of(entities)
    by_stratum: dict[Hashable, list[Ints]] = {}
    for unit in units:
        label = Counter(strata[i] for i in unit).most_common(1)[0][0] if strata else None
        by_stratum.setdefault(label, []).append(unit)
    held_out: list[Ints] = []
    quota = 0.0
    generator = np.random.default_rng(np.random.SeedSequence(params.seed, spawn_key=(0,)))
    for label in sorted(by_stratum, key=repr):
        members = by_stratum[label]
        quota += params.hold_out * sum(unit.size for unit in members)
        for i in generator.permutation(len(members)):
            # Half a unit either way is the nearest that whole groups allow.
            if quota < max(0.5, members[i].size / 2):
                break
            held_out.append(members[i])
            quota -= members[i].size
    chosen = np.sort(np.concatenate(held_out)) if held_out else everything[:0]
    mined = np.setdiff1d(everything, chosen, assume_unique=True)
    if not chosen.size or not mined.size:
        em = (
            f"A hold-out of {params.hold_out:g} leaves one part of the {n_entities} "
            f"entities ({len(units)} groups) empty. Use more entities or hold_out=0 "
            "(--hold-out 0)."
        )
        raise ParameterError(em)
    return Split(mined, chosen, params)


def units_of(entities: EntityIndex) -> list[Ints]:
    """Return the positions of what is never divided: of each group, or of each entity.

    >>> [unit.tolist() for unit in units_of(EntityIndex(("a", "b", "c"), ("p", "q", "p")))]
    [[0, 2], [1]]
    """
    import numpy as np  # noqa: PLC0415 - the help of the command line needs no arrays

    if not entities.groups:
        return list(np.arange(len(entities)).reshape(-1, 1))
    members: dict[str, list[int]] = {}
    for position, group in enumerate(entities.groups):
        members.setdefault(group, []).append(position)
    return [np.array(positions) for positions in members.values()]
