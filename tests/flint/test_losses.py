"""The terms of the loss equal what one computes by hand."""

from __future__ import annotations

import math

import pytest
import torch

from redescribe.errors import ParameterError, UnknownNameError
from redescribe.flint.losses import (
    Direction,
    Diversity,
    EntropyOn,
    FlintLoss,
    Term,
    conciseness,
    entropy,
    orthogonality,
    output_fidelity,
    prediction,
)
from redescribe.flint.outputs import FlintOutput
from redescribe.flint.params import Task
from redescribe.flint.schedule import Schedule

F = torch.tensor([[2.0, 0.0], [0.0, 1.0]])
G = torch.tensor([[1.0, 0.0], [0.5, 0.5]])
PHI = torch.tensor([[2.0, 0.0, -0.5], [0.0, 1.0, 3.0]])


def softmax(values: list[float]) -> list[float]:
    powers = [math.exp(value) for value in values]
    return [power / sum(powers) for power in powers]


def entropy_by_hand(p: list[float]) -> float:
    return -sum(q * math.log(q) for q in p if q)


def output(*, grad: bool = True) -> FlintOutput:
    f = F.clone().requires_grad_(grad)
    return FlintOutput(f, G.clone().requires_grad_(), PHI, torch.zeros(2, 2), {})


def test_output_fidelity_by_hand() -> None:
    rows = [
        -sum(p * math.log(q) for p, q in zip(softmax(f), softmax(g), strict=True))
        for f, g in zip(F.tolist(), G.tolist(), strict=True)
    ]
    assert output_fidelity(F, G).item() == pytest.approx(sum(rows) / 2)
    printed = output_fidelity(G, F, direction=Direction.PRINTED).item()
    assert printed == pytest.approx(sum(rows) / 2)  # the same with f and g exchanged


def test_output_fidelity_sends_no_gradient_into_f() -> None:
    f = F.clone().requires_grad_()
    g = G.clone().requires_grad_()
    for task in Task:
        torch.autograd.backward(output_fidelity(f, g, task=task))
    assert f.grad is None
    assert g.grad is not None


def test_output_fidelity_of_labels_and_values_by_hand() -> None:
    sigmoid = torch.sigmoid
    each = sigmoid(F) * sigmoid(G).log() + (1 - sigmoid(F)) * (1 - sigmoid(G)).log()
    wanted = -each.sum(1).mean().item()
    assert output_fidelity(F, G, task=Task.MULTILABEL).item() == pytest.approx(wanted)
    squares = (1.0 + 0.0 + 0.25 + 0.25) / 4
    assert output_fidelity(F, G, task=Task.REGRESSION).item() == pytest.approx(squares)


def test_temperature_divides_logits() -> None:
    half = output_fidelity(F / 2, G / 2).item()
    assert output_fidelity(F, G, temperature=2.0).item() == pytest.approx(4 * half)


def test_conciseness_by_hand() -> None:
    strengths = [[2.0, 0.0, 0.5], [0.0, 1.0, 3.0]]
    few = sum(entropy_by_hand(softmax(row)) for row in strengths) / 2
    means = [1.0, 0.5, 1.75]
    wanted = few - entropy_by_hand(softmax(means))
    assert conciseness(PHI).item() == pytest.approx(wanted, abs=1e-6)
    p = [softmax(row) for row in strengths]
    mean_p = [(a + b) / 2 for a, b in zip(*p, strict=True)]
    mi = few - entropy_by_hand(mean_p)
    found = conciseness(PHI, diversity=Diversity.MI).item()
    assert found == pytest.approx(mi, abs=1e-6)
    assert mi <= 0  # less a mutual information


def test_conciseness_of_normalised_attributes_by_hand() -> None:
    few = (entropy_by_hand([0.8, 0.0, 0.2]) + entropy_by_hand([0.0, 0.25, 0.75])) / 2
    means = [1.0 / 3.25, 0.5 / 3.25, 1.75 / 3.25]
    found = conciseness(PHI, on=EntropyOn.NORMALISED).item()
    assert found == pytest.approx(few - entropy_by_hand(means), abs=1e-6)
    assert torch.isfinite(conciseness(torch.zeros(2, 3), on=EntropyOn.NORMALISED))


def test_one_entity_has_no_diversity() -> None:
    one = conciseness(PHI[:1]).item()
    assert one == pytest.approx(entropy_by_hand(softmax([2.0, 0.0, 0.5])), abs=1e-6)


def test_entropy_and_gradient_are_finite_for_large_values() -> None:
    values = torch.tensor([[500.0, 0.0]], requires_grad=True)
    torch.autograd.backward(entropy(values).sum())
    assert entropy(values).item() == 0
    assert torch.isfinite(values.grad).all()  # type: ignore[arg-type]  # there is one


def test_orthogonality_is_zero_for_orthogonal_and_largest_for_equal_rows() -> None:
    assert orthogonality(3 * torch.eye(2)).item() == 0
    assert orthogonality(torch.ones(2, 2)).item() == pytest.approx(2 / 4)


def test_the_total_is_the_weighted_sum() -> None:
    loss = FlintLoss(beta=0.5, gamma=2.0, delta=0.2, eta=0.5)
    terms = loss(output(), torch.ones(2, 2), torch.tensor([0, 1]))
    assert terms.raw[Term.L1].item() == pytest.approx(6.5 / 6)
    assert terms.raw[Term.INPUT_FIDELITY].item() == 1
    assert terms.raw[Term.PREDICTION].item() == pytest.approx(
        prediction(F, torch.tensor([0, 1])).item()
    )
    weights = {Term.PREDICTION: 1.0, Term.OUTPUT_FIDELITY: 0.5, Term.INPUT_FIDELITY: 2.0}
    weights |= {Term.ENTROPY: 0.2, Term.L1: 0.1}
    wanted = sum(weights[term] * value.item() for term, value in terms.raw.items())
    assert terms.total.item() == pytest.approx(wanted)
    assert set(terms.raw) == set(weights)


def test_entropy_is_ablated_at_equal_l1() -> None:
    terms = FlintLoss(entropy=False)(output(), None, torch.tensor([0, 1]))
    assert terms.weighted[Term.ENTROPY].item() == 0
    assert terms.weighted[Term.L1].item() == pytest.approx(0.1 * 6.5 / 6)


def test_a_frozen_network_has_no_loss_of_its_own() -> None:
    terms = FlintLoss()(output(grad=False), None, torch.tensor([0, 1]))
    assert Term.PREDICTION not in terms.raw


def test_labels_may_teach_instead_of_f() -> None:
    several = torch.tensor([[1, 0], [1, 1]])
    summed = FlintLoss(of_target="labels")(  # type: ignore[arg-type]
        output(), None, several, task=Task.MULTILABEL
    )
    each = prediction(G, several, Task.MULTILABEL).item()
    assert summed.raw[Term.OUTPUT_FIDELITY].item() == pytest.approx(2 * each)
    labels = torch.tensor([1, 0])
    terms = FlintLoss(of_target="labels")(output(), None, labels)  # type: ignore[arg-type]
    assert terms.raw[Term.OUTPUT_FIDELITY].item() == pytest.approx(
        prediction(G, labels).item()
    )
    with pytest.raises(ParameterError, match="needs labels"):
        FlintLoss(of_target="labels")(output(), None, None)  # type: ignore[arg-type]


def test_reconstruction_may_be_any_distance() -> None:
    found = FlintLoss(recon=lambda a, b: (a - b).abs().max())(
        output(), 3 + PHI[:, :2], None
    )
    assert found.raw[Term.INPUT_FIDELITY].item() == 5
    mean = FlintLoss(recon="l1")(output(), torch.ones(2, 2), None)
    assert mean.raw[Term.INPUT_FIDELITY].item() == 1


def test_wrong_options_are_errors() -> None:
    with pytest.raises(ParameterError, match=r"'beta'.*Got -1"):
        FlintLoss(beta=-1)
    with pytest.raises(ParameterError, match="recon is 'mse', 'l1'"):
        FlintLoss(recon="l2")
    with pytest.raises(UnknownNameError, match="diversity"):
        FlintLoss(diversity="max")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="has no teacher"):
        FlintLoss(of_target="labels", of_temperature=2.0)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="for classes and labels, not values"):
        output_fidelity(F, G, task=Task.REGRESSION, temperature=2.0)
    with pytest.raises(ParameterError, match="is for classes"):
        output_fidelity(F, G, task=Task.MULTILABEL, direction=Direction.PRINTED)


def test_the_schedule_of_the_paper() -> None:
    schedule = Schedule.of("paper")
    first, third, last = (schedule.factors(step, 12) for step in (0, 2, 4))
    assert (first[Term.PREDICTION], first[Term.INPUT_FIDELITY]) == (1, 1)
    assert (first[Term.L1], first[Term.OUTPUT_FIDELITY], first[Term.ENTROPY]) == (0, 0, 0)
    assert (third[Term.L1], third[Term.OUTPUT_FIDELITY], third[Term.ENTROPY]) == (1, 1, 0)
    assert set(last.values()) == {1}
    assert set(Schedule.of("none").factors(0, 12).values()) == {1}


def test_a_ramp_grows_from_zero() -> None:
    schedule = Schedule.of({"entropy": (0.5, 0.5)})
    assert [schedule.factors(step, 8)[Term.ENTROPY] for step in (3, 4, 6)] == [0, 0, 0.5]


def test_the_schedules_of_the_other_data_sets() -> None:
    """First epochs, from 1, and weights of l1 as in the table of the specification."""
    quickdraw, cifar = Schedule.of("quickdraw"), Schedule.of("cifar10")
    starts = {Term.OUTPUT_FIDELITY: 3, Term.ENTROPY: 4}
    for schedule, n_epochs in ((quickdraw, 12), (cifar, 25)):
        factors = [schedule.factors(7 * epoch, 7 * n_epochs) for epoch in range(n_epochs)]
        for term, first in starts.items():
            assert [f[term] for f in factors[first - 2 : first]] == [0, 1]
        assert factors[0][Term.L1] == 0
        assert factors[2][Term.L1] == factors[-1][Term.L1] == 1
    assert 0.30 * quickdraw.factors(1, 12)[Term.L1] == pytest.approx(0.02)
    assert 0.15 * cifar.factors(1, 25)[Term.L1] == pytest.approx(0.001)
    rates = [1e-4 * cifar.lr_factor(epoch, 25) for epoch in (0, 17, 18, 24)]
    assert rates == pytest.approx([1e-4, 1e-4, 4e-5, 4e-5])
    assert quickdraw.lr_factor(11, 12) == 1


def test_a_mapping_may_come_from_a_file() -> None:
    read = Schedule.of(
        {"l1": {"0.5": 0.1, "0.75": 1}, "entropy": [0.5, 0.5], "lr": {"0.5": 0.2}}
    )
    assert [read.factors(step, 8)[Term.L1] for step in (3, 4, 6)] == [0, 0.1, 1]
    assert read.factors(6, 8)[Term.ENTROPY] == 0.5
    assert [read.lr_factor(step, 8) for step in (3, 4)] == [1, 0.2]
    assert Schedule.of(read) is read
    assert read.settings()["lr"] == [[0.5, 0.2]]
    assert "lr" not in Schedule.paper().settings()


def test_settings_name_functions_without_their_address() -> None:
    def furthest(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return (a - b).abs().max()

    assert FlintLoss(recon=furthest).settings()["recon"].endswith("furthest")
    assert FlintLoss(delta=0.3).settings()["delta"] == 0.3


def test_wrong_schedules_are_errors() -> None:
    with pytest.raises(ParameterError, match=r"stages of 'lr'.*Got \{2: 0.5\}"):
        Schedule(lr={2: 0.5})
    with pytest.raises(ParameterError, match="stages of 'l1'"):
        Schedule.of({"l1": {"late": 1}})
    with pytest.raises(ParameterError, match="'l1' must be a share"):
        Schedule.of({"l1": "late"})
    with pytest.raises(ParameterError, match=r"'l1' must be a share.*Got 2"):
        Schedule.of({"l1": 2})
    with pytest.raises(UnknownNameError, match="Did you mean 'entropy'"):
        Schedule.of({"entropies": 0.5})
    with pytest.raises(ParameterError, match="'cifar10', 'none' or starts"):
        Schedule.of("mnist")
