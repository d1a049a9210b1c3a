"""A Boolean function planted in a network of two layers comes back as it is."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rules.examples import relu

from redescribe.core.view import View
from redescribe.errors import ParameterError
from redescribe.rules.imitate import imitate
from redescribe.rules.outputs import Outputs
from redescribe.rules.params import Combination, Method, RuleKind, RuleParams

NAMES = ["a", "b", "c", "d", "idle"]
BITS = np.array([[i >> k & 1 for k in range(5)] for i in range(32)] * 3, np.float64)


def network(
    weights: list[list[float]], bias: list[float], output: list[float]
) -> tuple[View, View, Outputs]:
    """Inputs, hidden units and the sign of the output, from weights set by hand."""
    hidden = relu(BITS @ np.array(weights).T + np.array(bias))
    answers = hidden @ np.array(output[:-1]) + output[-1] > 0
    inputs = View.of("x", BITS, names=NAMES)
    return (
        inputs,
        View.of("h", hidden, names=[f"h{i}" for i in range(len(bias))]),
        Outputs.of(answers),
    )


# h0 = a AND b, h1 = c AND NOT d; the output is their OR.
OR_OF_ANDS = network([[1, 1, 0, 0, 0], [0, 0, 1, -1, 0]], [-1.5, -0.5], [1, 1, -0.25])
# h0 = a OR b, h1 = c OR d (as sums); the output needs both: their AND.
AND_OF_ORS = network(
    [[1, 1, 0, 0, 0], [0, 0, 1, 1, 0], [-1, -1, 0, 0, 0], [0, 0, -1, -1, 0]],
    [0, 0, 1, 1],
    [0, 0, -1, -1, 0.5],
)


@pytest.mark.parametrize(
    ("planted", "want"),
    [
        (OR_OF_ANDS, {"a > 0.5 AND b > 0.5", "c > 0.5 AND d <= 0.5"}),
        (
            AND_OF_ORS,
            {f"{left} > 0.5 AND {right} > 0.5" for left in "ab" for right in "cd"},
        ),
    ],
)
@pytest.mark.parametrize("kind", [RuleKind.DECOMPOSITIONAL, RuleKind.ECLECTIC])
def test_the_planted_function_is_returned(
    planted: tuple[View, View, Outputs], want: set[str], kind: RuleKind
) -> None:
    inputs, hidden, outputs = planted
    params = RuleParams(kind=kind, method=Method.EXACT, max_literals=12, max_loss=0)
    rules = imitate(inputs, outputs, params, layers=[hidden])
    described = {str(rule.query) for rule in rules}
    other = {str(rule.query) for rule in rules if rule.label == "false"}
    assert (rules.codes(inputs) == outputs.codes).all()
    assert described == want or (other == described and rules.n_literals <= len(want) * 2)


def test_the_function_itself_is_found_where_it_is_shorter() -> None:
    inputs, hidden, outputs = OR_OF_ANDS
    params = RuleParams(
        kind=RuleKind.DECOMPOSITIONAL, method=Method.EXACT, max_literals=12, max_loss=0
    )
    rules = imitate(inputs, outputs, params, layers=[hidden])
    assert {str(rule) for rule in rules} == {
        "IF a > 0.5 AND b > 0.5 THEN true",
        "IF c > 0.5 AND d <= 0.5 THEN true",
    }
    assert (rules.default, rules.combination) == ("false", Combination.LIST)


@pytest.mark.parametrize("method", [Method.COVER, Method.WEIGHTED])
def test_other_methods_choose_of_the_same_candidates(method: Method) -> None:
    inputs, hidden, outputs = OR_OF_ANDS
    params = RuleParams(kind=RuleKind.DECOMPOSITIONAL, method=method, max_loss=0)
    rules = imitate(inputs, outputs, params, layers=[hidden])
    assert (rules.codes(inputs) == outputs.codes).all()
    assert all("idle" not in rule.query.attributes for rule in rules)


def test_layers_are_needed() -> None:
    inputs, hidden, outputs = OR_OF_ANDS
    for kind in (RuleKind.DECOMPOSITIONAL, RuleKind.ECLECTIC):
        with pytest.raises(ParameterError, match=r"at least one view of a hidden layer"):
            imitate(inputs, outputs, RuleParams(kind=kind))
    with pytest.raises(ParameterError, match="Perturbed inputs have no recorded layers"):
        imitate(
            inputs,
            outputs,
            RuleParams(kind=RuleKind.DECOMPOSITIONAL, augment=1),
            layers=[hidden],
            network=lambda rows: rows[:, 0] > 0,
        )
