"""Hand-set networks whose units are known, and findings about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from redescribe.capture.capture import capture
from redescribe.core.assessed import Finding
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.grammar import parse_query
from redescribe.core.redescription import Kind, Redescription
from redescribe.core.view import Attribute, AttributeKind, View

if TYPE_CHECKING:
    from redescribe._typing import Values

N_ENTITIES = 200


def planted_network(output: list[float]) -> nn.Module:
    """A network of two inputs: unit 0 and its twin 1 are max(x0, 0); 2 and 3 are of x1."""
    units = nn.Linear(2, 4)
    weights = [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]
    head = nn.Linear(4, 1)
    with torch.no_grad():
        units.weight.copy_(torch.tensor(weights))
        units.bias.zero_()
        head.weight.copy_(torch.tensor([output]))
        head.bias.zero_()
    return nn.Sequential(nn.Sequential(units, nn.ReLU()), head)


class Saturating(nn.Module):
    """The unit counts only where x1 is negative: 1 for x1 > 0 closes the gate."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(2, 3)
        with torch.no_grad():
            self.fc.weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.3, 0.3]]))
            self.fc.bias.zero_()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        units = self.fc(x)
        is_open = (x[:, 1:] <= 0).to(x.dtype)
        output: torch.Tensor = units[:, :1] * is_open + 0.01 * units[:, 2:]
        return output


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A network, its inputs and the dataset of its units and inputs."""

    model: nn.Module
    inputs: Values
    dataset: Dataset

    def finding(self, number: int, own: str, partner: str, view: str = "inputs") -> Finding:
        """A finding about a unit, such as `net:0`, whose rules are these."""
        queries = (parse_query(own, "net"), parse_query(partner, view))
        attribute = queries[0].attributes[0]
        part = self.dataset.mining_part
        supports = tuple(query.on(part.view(query.view)) for query in queries)
        found = Redescription(
            "net", attribute, attribute, Kind.INDIVIDUAL, queries, supports, 0.5, -9.0
        )
        return Finding(f"R{number}", found, None)


def example(
    model: nn.Module,
    layer: str,
    *,
    seed: int = 0,
    hold_out: float = 0.5,
    n_entities: int = N_ENTITIES,
) -> Example:
    """Random inputs of a network, its units, and a class that is nearly the sign of x0."""
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(n_entities, 2)).astype(np.float32)
    units = capture(model, x, layers=layer, model_name="net")
    flipped = np.where(generator.random(n_entities) < 0.2, -1.0, 1.0)
    classes = (x[:, 0] * flipped > 0).astype(np.float64)
    kind = Attribute("class", AttributeKind.NOMINAL, ("no", "yes"))
    views = (
        units,
        View.of("inputs", x, names=["x0", "x1"], entities=units.entities),
        View("labels", units.entities, (kind,), classes[None]),
    )
    dataset = Dataset.of(views, SplitParams(hold_out=hold_out, seed=seed))
    return Example(model, x, dataset)
