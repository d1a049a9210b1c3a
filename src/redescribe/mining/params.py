"""What is mined: targets, partners, bins of the targets, and how the search goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from annotated_types import Interval, doc

from redescribe._validation import Count, PositiveCount, check_bounds, choose
from redescribe.core.constraint import Constraints
from redescribe.core.sample import ALL, SampleRequest, SampleText
from redescribe.discretize.modes import Discretization
from redescribe.search.params import SearchParams


@dataclass(frozen=True, slots=True, kw_only=True)
class MineParams:
    """What is mined and how.

    >>> MineParams(discretizer="kmeans").discretizer
    <Discretization.KMEANS: 'kmeans'>
    >>> MineParams(targets=["net:fc*"], neurons="stratified:layer=64").sample.size
    64
    """

    targets: Annotated[
        tuple[str, ...],
        doc("views, VIEW:ATTRIBUTE or neuron ids to explain, or globs; none = all views"),
    ] = ()
    neurons: Annotated[
        SampleText,
        doc(
            "all of these targets, or a sample: random:N, layers:N, stratified:N; "
            "layer=N takes N of each layer"
        ),
    ] = ALL
    partners: Annotated[
        tuple[str, ...], doc("views that may explain them; none = every other view")
    ] = ()
    discretizer: Annotated[Discretization, doc("how a target is cut into bins")] = (
        Discretization.TWO_BIN
    )
    max_views: Annotated[
        int, Interval(ge=2), doc("views of a finding at most; 2 = pairs only")
    ] = 4
    required_views: Annotated[
        tuple[str, ...], doc("views that every finding covers; none = any two or more")
    ] = ()
    constraints: Annotated[
        tuple[str, ...],
        doc(
            "attributes of a view that must, must not or should occur: 'all x: a; b', "
            "'any x: a; b | c', 'none x: a', 'prefer=0.2 x: a'"
        ),
    ] = ()
    search: SearchParams = field(default_factory=SearchParams)
    chunk_size: Annotated[
        PositiveCount, doc("targets that are finished and stored together")
    ] = 16
    seed: Annotated[Count, doc("seed of the sample and of the search")] = 0

    def __post_init__(self) -> None:
        chosen = choose(Discretization, self.discretizer, parameter="discretizer")
        object.__setattr__(self, "discretizer", chosen)
        object.__setattr__(self, "targets", tuple(self.targets))
        for name in ("partners", "required_views", "constraints"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "neurons", str(self.neurons))
        SampleRequest.parse(self.neurons)
        check_bounds(self)
        Constraints.parse(self.constraints)

    @property
    def sample(self) -> SampleRequest | None:
        """The sample that `neurons` asks for; None: all targets."""
        return SampleRequest.parse(self.neurons)
