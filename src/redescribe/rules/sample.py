"""The entities that rules are made from: inputs, layers, outputs, weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.errors import EntityMismatchError, ParameterError
from redescribe.rules.augment import perturbed, rows_of, stacked
from redescribe.rules.params import RuleKind, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redescribe._typing import AnyArray, Floats, Ints
    from redescribe.core.view import View
    from redescribe.rules.outputs import Outputs
    from redescribe.rules.params import RuleParams

    Network = Callable[[AnyArray], object]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Entities with what the network makes of them.

    Attributes
    ----------
    inputs
        The view that rules are about: own entities first, then perturbed ones.
    layers
        Hidden layers, the one nearest the inputs first; of the own entities only.
    outputs
        What the network answers.
    weights
        ndarray of float64: how much each entity counts.
    parents
        ndarray of int64: the own entity that each one is, or is made from.
    n_own
        Number of own entities.
    """

    inputs: View
    layers: tuple[View, ...]
    outputs: Outputs
    weights: Floats
    parents: Ints
    n_own: int

    @classmethod
    def of(
        cls, inputs: View, layers: Sequence[View], outputs: Outputs, params: RuleParams
    ) -> Sample:
        """Return the entities, or as many as the parameters allow, drawn at random.

        Raises
        ------
        EntityMismatchError
            If inputs, layers and outputs describe different numbers of entities.
        ParameterError
            If there are no layers to go through, or just one class.
        """
        n_entities = len(inputs.entities)
        sizes = {n_entities, len(outputs), *(len(layer.entities) for layer in layers)}
        if len(sizes) > 1:
            em = (
                f"Inputs, layers and outputs describe {sorted(sizes)} entities; rules need "
                "the same ones."
            )
            raise EntityMismatchError(em)
        if params.kind is not RuleKind.PEDAGOGICAL and not layers:
            em = (
                f"{params.kind.value.capitalize()} rules go through the layers of the "
                "network: give at least one view of a hidden layer (layers=…, --layer)."
            )
            raise ParameterError(em)
        if np.unique(outputs.codes).size < 2:
            em = (
                "The network gives all these entities one class, "
                f"{outputs.names[0]!r}: there is nothing to tell apart."
            )
            raise ParameterError(em)
        kept = np.arange(n_entities)
        if n_entities > params.max_entities:
            seed = np.random.SeedSequence(params.seed, spawn_key=(3,))
            drawn = np.random.default_rng(seed).permutation(n_entities)
            kept = np.sort(drawn[: params.max_entities])
        return cls(
            inputs.take(kept),
            tuple(layer.take(kept) for layer in layers),
            outputs.take(kept),
            np.ones(kept.size),
            np.arange(kept.size),
            kept.size,
        )

    def augmented(self, network: Network, task: Task, params: RuleParams) -> Sample:
        """Return the entities with perturbed ones, on which the network is asked.

        Those made from an entity count together as much as the entity.

        Raises
        ------
        ParameterError
            If the rules go through layers, which perturbed inputs do not have.
        """
        if params.kind is not RuleKind.PEDAGOGICAL:
            em = (
                "Perturbed inputs have no recorded layers: augment is for the kind "
                f"'pedagogical'. Got {params.kind.value!r}."
            )
            raise ParameterError(em)
        added = perturbed(self.inputs, params.augment, params.noise, params.seed)
        answers = self.outputs.alike(network(rows_of(added)), task)
        if len(answers) != len(added.entities):
            em = (
                f"The network gave {len(answers)} outputs for {len(added.entities)} "
                "inputs; it must give one per row."
            )
            raise EntityMismatchError(em)
        return Sample(
            stacked(self.inputs, added),
            (),
            self.outputs.joined(answers),
            np.append(self.weights, np.full(len(answers), 1 / params.augment)),
            np.tile(self.parents, params.augment + 1),
            self.n_own,
        )

    def without(self, held_out: Ints) -> Sample:
        """Return the sample without some own entities and what is made from them."""
        kept = np.flatnonzero(~np.isin(self.parents, held_out))
        own = kept[kept < self.n_own]
        return Sample(
            self.inputs.take(kept),
            tuple(layer.take(own) for layer in self.layers),
            self.outputs.take(kept),
            self.weights[kept],
            self.parents[kept],
            own.size,
        )

    @property
    def own(self) -> tuple[View, Outputs]:
        """Inputs and outputs of the own entities."""
        positions = np.arange(self.n_own)
        return self.inputs.take(positions), self.outputs.take(positions)
