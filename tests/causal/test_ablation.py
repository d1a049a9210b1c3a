"""Silencing units: the planted one matters, its silent twin does not."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tests.causal.toys import Saturating, example, planted_network
from torch import nn

from redescribe.causal.ablation import intervene
from redescribe.causal.params import CHANGES, CausalParams
from redescribe.core.effect import Check, Verdict
from redescribe.errors import (
    CaptureError,
    EntityMismatchError,
    ParameterError,
    UnknownNameError,
)

PLANTED = planted_network([1.0, 0.0, 0.5, -0.5])
HOWS = CHANGES


@pytest.mark.parametrize("how", HOWS)
def test_the_planted_unit_is_confirmed_and_its_correlated_bystander_is_not(
    how: Check,
) -> None:
    made = example(PLANTED, "0")
    twins = made.dataset.view("net")
    assert np.array_equal(twins.column("net@0:0"), twins.column("net@0:1"))
    findings = [
        made.finding(1, '"net@0:0" > 0.2', "x0 > 0.2"),
        made.finding(2, '"net@0:1" > 0.2', "x0 > 0.2"),
    ]
    effects = intervene(
        PLANTED, made.inputs, findings, made.dataset, params=CausalParams(how=how)
    )
    planted, bystander = effects
    assert planted.verdict is Verdict.CONFIRMED
    assert planted.effect is not None
    assert planted.effect_low is not None
    assert 0 < planted.effect_low < planted.effect
    assert planted.q_value <= 0.01
    assert bystander.verdict is Verdict.NO_EFFECT
    assert (bystander.effect, bystander.p_value) == (0.0, 1.0)
    assert bystander.check is how


def test_the_numbers_are_those_worked_out_by_hand() -> None:
    made = example(PLANTED, "0")
    finding = made.finding(1, '"net@0:0" > 0.2', "x0 > 0.5")
    params = CausalParams(how=Check.ZERO, permutations=99)
    (found,) = intervene(PLANTED, made.inputs, [finding], made.dataset, params=params)
    x = made.inputs[made.dataset.split.held_out].astype(np.float64)
    unit, inside = np.maximum(x[:, 0], 0), x[:, 0] > 0.5
    output = unit + 0.5 * x[:, 1]
    assert found.inside == pytest.approx(unit[inside].mean())
    assert found.outside == pytest.approx(unit[~inside].mean())
    effect = unit[inside].mean() - unit[~inside].mean()
    assert found.effect == pytest.approx(effect)
    assert found.effect_size == pytest.approx(effect / output.std())
    assert list(found.changes_inside) == pytest.approx([-unit[inside].mean()])
    assert (found.n_inside, found.n_outside) == (inside.sum(), (~inside).sum())
    in_range = unit > 0.2
    assert found.in_range is not None
    assert found.in_range.n_inside == (in_range & inside).sum()
    expected = unit[in_range & inside].mean() - unit[in_range & ~inside].mean()
    assert found.in_range.effect == pytest.approx(expected)
    assert found.in_range.auc == 1.0


def test_the_mean_is_of_mined_entities_outside_of_the_range() -> None:
    made = example(PLANTED, "0")
    finding = made.finding(1, '"net@0:0" > 0.2', "x0 > 0.5")
    params = CausalParams(how=Check.MEAN, permutations=9, ranges=0, controls=0)
    (found,) = intervene(PLANTED, made.inputs, [finding], made.dataset, params=params)
    unit = np.maximum(made.inputs[:, 0], 0).astype(np.float64)
    split = made.dataset.split
    mined, tested = unit[split.mined], unit[split.held_out]
    inside = made.inputs[split.held_out, 0] > 0.5
    constant = mined[mined <= 0.2].mean()
    assert found.inside == pytest.approx(np.abs(tested - constant)[inside].mean(), rel=1e-5)


def test_a_unit_that_counts_elsewhere_is_opposite() -> None:
    model = Saturating()
    made = example(model, "fc")
    finding = made.finding(1, '"net@fc:0" > 0.2', "x1 > 0")
    (found,) = intervene(model, made.inputs, [finding], made.dataset)
    assert found.verdict is Verdict.OPPOSITE
    assert found.effect is not None
    assert found.effect < 0


def test_zero_and_mean_differ_for_a_range_in_which_the_unit_is_silent() -> None:
    made = example(PLANTED, "0")
    finding = made.finding(1, '"net@0:0" <= 0.2', "x0 <= 0.2")
    verdicts = {}
    for how in (Check.ZERO, Check.MEAN):
        params = CausalParams(how=how)
        (found,) = intervene(PLANTED, made.inputs, [finding], made.dataset, params=params)
        verdicts[how] = found.verdict
    assert verdicts == {Check.ZERO: Verdict.OPPOSITE, Check.MEAN: Verdict.CONFIRMED}


def test_strata_divide_unless_the_rule_is_about_them() -> None:
    made = example(PLANTED, "0")
    findings = [
        made.finding(1, '"net@0:0" > 0.2', "x0 > 0.2"),
        made.finding(2, '"net@0:0" > 0.2', 'class = "yes"', "labels"),
    ]
    params = CausalParams(strata="labels:class")
    effects = intervene(PLANTED, made.inputs, findings, made.dataset, params=params)
    assert [effect.within for effect in effects] == ["labels:class", ""]
    assert [effect.verdict for effect in effects] == [Verdict.CONFIRMED] * 2


def test_a_rule_that_holds_nowhere_is_not_testable() -> None:
    made = example(PLANTED, "0")
    finding = made.finding(1, '"net@0:0" > 0.2', "x0 > 99")
    (found,) = intervene(PLANTED, made.inputs, [finding], made.dataset)
    assert found.verdict is Verdict.NOT_TESTABLE
    assert (found.effect, found.effect_low, found.inside, found.p_value) == (
        *(None, None, None),
        1.0,
    )


def test_without_a_hold_out_the_numbers_are_in_sample() -> None:
    made = example(PLANTED, "0", hold_out=0.0)
    finding = made.finding(1, '"net@0:0" > 0.2', "x0 > 0.2")
    effects = intervene(PLANTED, made.inputs, [finding], made.dataset)
    assert effects.evidence.in_sample
    assert effects.caveat.startswith("In-sample")
    assert effects.effects[0].n_inside + effects.effects[0].n_outside == 200


@pytest.mark.parametrize("how", HOWS)
def test_effects_are_determined_whatever_else_is_checked(how: Check) -> None:
    made = example(PLANTED, "0")
    findings = [made.finding(i, f'"net@0:{i}" > 0.2', "x0 > 0.2") for i in (0, 1, 2)]
    params = CausalParams(how=how, permutations=99)
    whole, again = (
        intervene(PLANTED, made.inputs, findings, made.dataset, params=params)
        for _ in range(2)
    )
    assert whole == again
    (alone,) = intervene(PLANTED, made.inputs, findings[2:], made.dataset, params=params)
    last = whole.effects[2]
    assert (alone.effect, alone.p_value, alone.in_range) == (
        last.effect,
        last.p_value,
        last.in_range,
    )


def test_inputs_may_be_batches_or_named() -> None:
    made = example(PLANTED, "0")
    finding = made.finding(1, '"net@0:0" > 0.2', "x0 > 0.2")
    params = CausalParams(permutations=9)
    tensor = torch.as_tensor(made.inputs)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(tensor), 64)
    results = [
        intervene(PLANTED, inputs, [finding], made.dataset, params=params)
        for inputs in (made.inputs, tensor, loader, {"input": tensor})
    ]
    assert results[1:] == results[:1] * 3


def test_nothing_of_the_model_is_changed() -> None:
    made = example(PLANTED, "0")
    PLANTED.train()
    finding = made.finding(1, '"net@0:0" > 0.2', "x0 > 0.2")
    intervene(PLANTED, made.inputs, [finding], made.dataset)
    assert all(module.training for module in PLANTED.modules())
    hooks = [(m._forward_hooks, m._forward_pre_hooks) for m in PLANTED.modules()]
    assert not any(hook for pair in hooks for hook in pair)


def test_other_models_inputs_and_views_are_refused() -> None:
    made = example(PLANTED, "0")
    dataset = made.dataset
    findings = [made.finding(1, '"net@0:0" > 0.2', "x0 > 0.2")]
    with pytest.raises(CaptureError, match="gives other activations of 'net@0:0'"):
        intervene(PLANTED, made.inputs[::-1].copy(), findings, dataset)
    with pytest.raises(EntityMismatchError, match="5 inputs for 200 entities"):
        intervene(PLANTED, made.inputs[:5], findings, dataset)
    with pytest.raises(UnknownNameError, match="no layer '0'"):
        intervene(nn.Linear(2, 4), made.inputs, findings, dataset)
    with pytest.raises(ParameterError, match=r"No finding describes a unit of .*'inputs'"):
        intervene(PLANTED, made.inputs, findings, dataset, view="inputs")
    third = CausalParams(output="3")
    with pytest.raises(ParameterError, match=r"1 outputs, from 0\. Got output='3'"):
        intervene(PLANTED, made.inputs, findings, dataset, params=third)
    deep = nn.Sequential(*PLANTED.children(), nn.Unflatten(1, (1, 1)))
    with pytest.raises(CaptureError, match=r"has the shape \(100, 1, 1\)"):
        intervene(deep, made.inputs, findings, dataset)


def test_an_output_can_be_chosen() -> None:
    head = nn.Linear(4, 2)
    with torch.no_grad():
        head.weight.copy_(torch.tensor([[1.0, 0, 0, 0], [0, 0, 1.0, 0]]))
        head.bias.zero_()
    two = nn.Sequential(next(PLANTED.children()), head)
    made = example(two, "0")
    findings = [made.finding(1, '"net@0:0" > 0.2', "x0 > 0.2")]
    found = {
        output: intervene(
            two, made.inputs, findings, made.dataset, params=CausalParams(output=output)
        ).effects[0]
        for output in ("0", "1")
    }
    assert found["0"].verdict is Verdict.CONFIRMED
    assert found["1"].verdict is Verdict.NO_EFFECT
    assert len(found["1"].changes_inside) == 2


def test_p_values_are_super_uniform_where_the_rule_is_unrelated() -> None:
    p_values = []
    for seed in range(200):
        made = example(PLANTED, "0", seed=seed, n_entities=60)
        # What x1 is does not matter to the unit, which is made of x0.
        finding = made.finding(1, '"net@0:0" > 0.2', "x1 > 0.3")
        params = CausalParams(
            how=Check.ZERO, permutations=99, ranges=0, controls=0, seed=seed
        )
        (found,) = intervene(PLANTED, made.inputs, [finding], made.dataset, params=params)
        p_values.append(found.p_value)
    p = np.array(p_values)
    for level in (0.02, 0.1, 0.2, 0.5):
        assert (p <= level).mean() <= level + 3 * np.sqrt(level * (1 - level) / p.size)
