"""Candidates through the layers: output from layer from … from inputs, by substitution."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice, product
from typing import TYPE_CHECKING

import numpy as np

from redescribe.rules.columns import Columns, conjunction
from redescribe.rules.exact import UnionBudget, best_union

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Ints, Mask
    from redescribe.core.query import Conjunction
    from redescribe.core.view import View
    from redescribe.rules.params import RuleParams

_INNER_LITERALS = 12
"""Literals that describe one class over a layer, or one literal over the layer below."""
_SCREENED = 1_500
_PRODUCTS = 2_000


def layer_terms(
    inputs: View, layers: Sequence[View], codes: Ints, params: RuleParams
) -> Columns:
    """Return conjunctions over the inputs, made by going through the layers.

    Each class is described by an OR of conjunctions over the last layer; each literal of
    it, as a set of entities, by an OR of conjunctions over the layer before; and so on down
    to the inputs. What describes a literal stands for it: descriptions are multiplied out,
    and of the products those are kept that describe the class, or the literal of the layer
    above, best.

    Parameters
    ----------
    inputs
        The view that the rules are about.
    layers
        Views of the hidden layers, the one nearest the inputs first.
    codes
        The class of each entity.
    params
        Cuts, length, and nodes.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> from redescribe.rules.params import RuleParams
    >>> bits = np.array([[a, b] for a in (0.0, 1.0) for b in (0.0, 1.0)] * 3)
    >>> both = np.maximum(bits.sum(axis=1, keepdims=True) - 1.5, 0)
    >>> x, h = View.of("x", bits, names=["a", "b"]), View.of("h", both, names=["n"])
    >>> terms = layer_terms(x, [h], (both[:, 0] > 0).astype(int), RuleParams()).terms
    >>> "a > 0.5 AND b > 0.5" in map(str, terms)
    True
    """
    descent = _Descent.of(inputs, layers, params)
    found: dict[Conjunction, None] = {}
    for code in np.unique(codes).tolist():
        found |= dict.fromkeys(descent.described(len(layers), codes == code))
    return Columns.of(found, inputs)


@dataclass(frozen=True, slots=True, eq=False)
class _Descent:
    """The literals of the inputs and of each layer, and what was described already."""

    views: tuple[View, ...]
    levels: tuple[Columns, ...]
    budget: UnionBudget
    known: dict[tuple[int, bytes], tuple[Conjunction, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, inputs: View, layers: Sequence[View], params: RuleParams) -> _Descent:
        views = (inputs, *layers)
        levels = [
            Columns.cuts(view, max_cuts=params.max_cuts, both_sides=True).distinct()
            for view in views
        ]
        literals = min(_INNER_LITERALS, params.max_literals)
        length = min(params.max_length, literals)
        return cls(views, tuple(levels), UnionBudget(literals, length, params.max_nodes))

    def described(self, level: int, target: Mask) -> tuple[Conjunction, ...]:
        """Return conjunctions over the inputs for a set of entities, seen at a level."""
        key = (level, np.packbits(target).tobytes())
        if key not in self.known:
            self.known[key] = self._describe(level, target)
        return self.known[key]

    def _describe(self, level: int, target: Mask) -> tuple[Conjunction, ...]:
        literals = _screened(self.levels[level], target)
        union = best_union(literals, target, self.budget)
        if level == 0 or not union.terms:
            return union.terms
        substituted = [term for one in union.terms for term in self._below(level, one)]
        pool = Columns.of(dict.fromkeys(substituted), self.views[0])
        chosen = best_union(pool, target, self.budget, pool)
        return chosen.terms

    def _below(self, level: int, term: Conjunction) -> list[Conjunction]:
        """What stands for a conjunction of a layer: the products of its literals' ORs."""
        view = self.views[level]
        described = [
            self.described(level - 1, literal.on(view).mask) for literal in term.literals
        ]
        made = (conjunction(*parts) for parts in islice(product(*described), _PRODUCTS))
        return [one for one in made if one and len(one) <= self.budget.max_length]


def _screened(literals: Columns, target: Mask) -> Columns:
    """The literals that tell most about a set of entities, where they are very many."""
    if len(literals) <= _SCREENED:
        return literals
    share = target.mean()
    told = np.abs(literals.holds @ (target - share)) / np.sqrt(literals.sizes + 1.0)
    return literals.at(np.sort(np.argsort(-told, kind="stable")[:_SCREENED]))
