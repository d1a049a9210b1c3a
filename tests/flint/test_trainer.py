"""Training is seeded, observed, resumed, and says what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from tests.flint.toys import TinyCNN, blobs, images, mlp, parameters_of, trained_mlp
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from redescribe.errors import ParameterError, StoreError, TrainingError
from redescribe.flint import FLINT, AttributeParams, Batches, FlintLoss, evaluate, fit
from redescribe.flint.metrics import accuracy, fidelity, output_error

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.flint.history import Epoch, History

X, Y = blobs()
LR = 1e-2

DEAD = "ignore:.*attributes are dead:UserWarning"
"""So short a training leaves attributes where they began."""
pytestmark = pytest.mark.filterwarnings(DEAD)


def made(**options: Any) -> FLINT:  # noqa: ANN401
    return FLINT(mlp(), ["fc1", "fc2"], 6, 3, **options)


def trained(
    flint: FLINT,
    *,
    epochs: int | None = 12,
    **options: Any,  # noqa: ANN401
) -> History:
    batches = Batches(X, Y, batch_size=40)
    return fit(flint, batches, epochs=epochs, **{"lr": LR, **options})


def same(one: nn.Module, other: nn.Module) -> bool:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def test_by_design_both_learn_and_agree() -> None:
    flint = made()
    before = parameters_of(flint.model)
    history = trained(flint, epochs=30)
    found = evaluate(flint, (X, Y))
    assert accuracy(found, "f") > 0.95
    assert accuracy(found, "g") > 0.9
    assert fidelity(found) > 0.9
    changed = {
        k for k, v in flint.model.state_dict().items() if not torch.equal(v, before[k])
    }
    assert {"fc1.0.weight", "fc2.0.weight", "output.weight"} <= changed
    first, last = history.epochs[0], history.epochs[-1]
    assert (last.epoch, last.step) == (30, 90)
    assert first.weighted["entropy"] == first.weighted["l1"] == 0
    assert last.weighted["l1"] == pytest.approx(0.1 * last.raw["l1"])
    assert not flint.training
    assert history.kept == last
    assert history.settings["loss"]["beta"] == 0.5


def test_the_interpreter_teaches_the_tapped_layers_only() -> None:
    flint = made(example_input=X[:2])
    x = torch.as_tensor(X, dtype=torch.float32)
    terms = FlintLoss()(flint(x), x, torch.as_tensor(Y))
    for term, value in terms.raw.items():
        weights = [flint.model.fc1[0].weight, flint.model.output.weight]  # type: ignore[union-attr,index]
        below, above = torch.autograd.grad(
            value, weights, retain_graph=True, allow_unused=True
        )
        assert below is not None
        assert (above is not None) == (term == "prediction")


def test_post_hoc_changes_nothing_of_the_network() -> None:
    x, y = images(48)
    model = TinyCNN().eval()
    before = parameters_of(model)
    flint = FLINT.post_hoc(model, ["block1", "block2"], 4, 2)
    fit(flint, (x, y), epochs=20, lr=LR)
    assert all(torch.equal(v, before[k]) for k, v in model.state_dict().items())
    assert all(weight.grad is None for weight in model.parameters())
    assert fidelity(evaluate(flint, x)) == 1


def test_post_hoc_needs_no_labels_and_imitates_the_network() -> None:
    flint = FLINT.post_hoc(trained_mlp(), ["fc1", "fc2"], 6, 3)
    fit(flint, Batches(X, batch_size=40), epochs=30, lr=LR)
    assert fidelity(evaluate(flint, X)) > 0.95


def test_the_same_seed_gives_the_same_run_and_leaves_the_random_state() -> None:
    one, other, third = made(), made(), made()
    state = torch.get_rng_state()
    histories = [trained(one, epochs=2, seed=1), trained(other, epochs=2, seed=1)]
    assert torch.equal(torch.get_rng_state(), state)
    assert same(one, other)
    assert histories[0] == histories[1]
    trained(third, epochs=2, seed=2)
    assert not same(one, third)


def test_a_data_loader_is_seeded_too() -> None:
    data = TensorDataset(torch.as_tensor(X), torch.as_tensor(Y))
    flints = [made(), made()]
    for flint in flints:
        fit(flint, DataLoader(data, batch_size=50, shuffle=True), epochs=2, lr=LR)
    assert same(*flints)


def test_an_interrupted_training_goes_on_to_the_same_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redescribe.flint.checkpoint.PATIENCE", 0)
    whole, cut = made(), made()
    history = trained(whole, epochs=6)
    file = tmp_path / "checkpoint.pt"

    def interrupt(epoch: Epoch) -> None:
        if epoch.epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trained(cut, epochs=6, checkpoint=file, callbacks=[interrupt])
    again = made()
    resumed = trained(again, epochs=6, checkpoint=file)
    assert same(again, whole)
    assert resumed == history
    done = made()
    assert trained(done, epochs=6, checkpoint=file) == history
    assert same(done, whole)


def test_a_checkpoint_of_another_training_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.pt"
    trained(made(), epochs=1, checkpoint=file)
    with pytest.raises(StoreError, match=r"other settings \(seed\)"):
        trained(made(), epochs=1, checkpoint=file, seed=3)
    file.write_bytes(b"no checkpoint")
    with pytest.raises(StoreError, match="is no checkpoint of a FLINT"):
        trained(made(), epochs=1, checkpoint=file)


def test_the_best_epoch_is_kept() -> None:
    flint = made()
    seen: list[dict[str, torch.Tensor]] = []
    history = trained(
        flint,
        epochs=5,
        val_loader=(X[:30], Y[:30]),
        keep_best=True,
        callbacks=[lambda _: seen.append(parameters_of(flint))],
    )
    values = [epoch.validation["fidelity"] for epoch in history]
    assert history.best_epoch == int(np.argmax(values)) + 1
    best = seen[history.best_epoch - 1]
    assert all(torch.equal(v, best[k]) for k, v in flint.state_dict().items())
    assert set(history.epochs[0].validation) == {
        *("accuracy_f", "accuracy_g", "fidelity", "reconstruction_error"),
    }
    with pytest.raises(ParameterError, match="Give val_loader"):
        trained(made(), keep_best=True)


def test_cached_features_give_the_same_kind_of_result() -> None:
    model = trained_mlp()
    plain, cached = (FLINT.post_hoc(model, "fc2", 6, 3) for _ in range(2))
    for flint in (plain, cached):
        batches = Batches(X, Y, batch_size=40, shuffle=False)
        fit(flint, batches, epochs=20, lr=LR, cache_features=flint is cached)
    assert fidelity(evaluate(cached, X)) > 0.9
    with pytest.raises(ParameterError, match="by design, the layers change"):
        trained(made(), cache_features=True)


def test_steps_end_within_an_epoch() -> None:
    history = trained(made(), epochs=None, steps=4)
    assert [epoch.step for epoch in history] == [3, 4]


@pytest.mark.filterwarnings("ignore:No training entity")
@pytest.mark.parametrize("short", [1, 41])
def test_a_batch_of_one_entity_is_trained_on(short: int) -> None:
    history = fit(made(), Batches(X[:short], Y[:short], 40), steps=4, lr=LR)
    assert np.isfinite(history.epochs[-1].raw["entropy"])


def test_multilabel_and_regression() -> None:
    x = torch.as_tensor(X, dtype=torch.float32)
    labels = (x[:, :3] > 1.5).float()
    several = made(task="multilabel")
    fit(several, Batches(x, labels, 40), epochs=40, lr=LR)
    found = evaluate(several, (x, labels))
    assert accuracy(found, "g") > 0.9
    assert fidelity(found) > 0.9
    values = FLINT(mlp(1), ["fc1", "fc2"], 6, 1, task="regression")
    target = x[:, 0]
    history = fit(values, Batches(x, target, 40), epochs=60, lr=LR)
    measured = evaluate(values, (x, target))
    assert output_error(measured) < 0.3 * float(target.var())
    assert history.epochs[-1].fidelity is None
    with pytest.raises(ParameterError, match="no classes to agree on"):
        fidelity(measured)


@pytest.mark.parametrize(
    "options", [{"amp": True}, {"grad_clip": 0.1}, {"optimizer": "sgd"}]
)
def test_other_ways_to_take_a_step(options: dict[str, Any]) -> None:
    usual, other = made(), made()
    trained(usual, epochs=1)
    history = trained(other, epochs=1, **options)
    assert np.isfinite(history.epochs[0].raw["prediction"])
    assert not same(usual, other)


def test_an_optimiser_may_be_given() -> None:
    flint = made()
    trained(flint, epochs=1, optimizer=lambda weights: torch.optim.SGD(weights, lr=0.0))
    assert same(flint, made(example_input=X[:2]))
    with pytest.raises(ParameterError, match="Got 'adagrad'"):
        trained(made(), epochs=1, optimizer="adagrad")


def test_orthogonality_pulls_attributes_apart() -> None:
    plain, apart = made(), made()
    histories = [
        trained(flint, epochs=10, loss=FlintLoss(orthogonality=weight), schedule="none")
        for flint, weight in ((plain, 1e-9), (apart, 30.0))
    ]
    first, second = (history.epochs[-1].raw["orthogonality"] for history in histories)
    assert second < 0.5 * first


def test_spatial_and_topk_attributes_are_trained() -> None:
    x, y = images(48)
    params = AttributeParams(spatial=True, top_k=1)
    flint = FLINT(TinyCNN(), "block1", 4, 2, attribute_net=params, activation="topk")
    fit(flint, Batches(x, y, 16), epochs=2, lr=1e-4)
    assert (evaluate(flint, x).attributes > 0).sum(axis=1).max() == 1


def test_a_loss_that_is_no_number_is_an_error() -> None:
    broken = X.copy()
    broken[5] = np.nan
    with pytest.raises(TrainingError, match=r"at step 0 of 3.*prediction.*lower"):
        fit(made(), Batches(broken, Y, 120), steps=3)


def test_labels_that_are_no_classes_are_errors() -> None:
    with pytest.raises(TrainingError, match=r"from 0 to 2.*Got 1 to 3"):
        fit(made(), Batches(X, Y + 1, 40), steps=3)
    with pytest.raises(TrainingError, match="by design needs labels"):
        fit(made(), Batches(X, batch_size=40), steps=3)


@pytest.mark.parametrize(
    ("task", "labels", "message"),
    [
        ("multilabel", Y, r"0 or 1 for each label: \(batch, 3\). Got the shape \(120,\)"),
        ("multilabel", np.full((120, 3), 2), "are 0 or 1. Got 2 to 2"),
        ("regression", np.zeros((120, 2)), r"a number for each value: \(batch, 3\)"),
    ],
)
def test_labels_of_other_tasks_are_checked(task: str, labels: Any, message: str) -> None:  # noqa: ANN401
    with pytest.raises(TrainingError, match=message):
        fit(made(task=task), Batches(X, labels, 120), steps=1)


def test_a_class_that_never_occurs_is_named() -> None:
    some = Y < 2
    with pytest.warns(UserWarning, match="No training entity is of class 2"):
        fit(made(), Batches(X[some], Y[some], 40), epochs=1)


def test_dead_attributes_are_named() -> None:
    flint = made(activation="relu")
    flint.build(X[:2])
    last = flint.attribute_net.last  # type: ignore[union-attr]
    nn.init.constant_(last.bias, -100.0)  # type: ignore[union-attr,arg-type]
    with pytest.warns(UserWarning, match=r"6 of 6 attributes are dead.*leaky_relu"):
        history = trained(flint, epochs=1)
    assert history.n_dead == 6


def dying() -> FLINT:
    """Of six attributes three can never be on."""
    flint = made(activation="relu", attribute_net=AttributeParams(bias=0.5)).build(X[:2])
    last = flint.attribute_net.last  # type: ignore[union-attr]
    with torch.no_grad():
        last.bias[:3] = -100.0  # type: ignore[union-attr,operator]
    return flint


def test_dead_attributes_begin_anew() -> None:
    left, revived = dying(), dying()
    usual = trained(left, epochs=12, schedule="none", loss=FlintLoss(delta=0))
    again = trained(
        revived, epochs=12, schedule="none", loss=FlintLoss(delta=0), revive_dead=True
    )
    assert usual.n_dead is not None
    assert again.n_dead is not None
    assert usual.n_dead >= 3 > again.n_dead
    assert (evaluate(revived, X).attributes.max(axis=0)[:3] > 0).any()
    assert again.settings["revive_dead"]

    class First(nn.Module):
        def forward(self, features: list[torch.Tensor]) -> torch.Tensor:
            return features[0][:, :6]

    with pytest.raises(ParameterError, match="automatic attribute network only"):
        trained(made(attribute_net=First()), revive_dead=True)
    with pytest.raises(ParameterError, match="orthogonality is of the last layer"):
        trained(made(attribute_net=First()), loss=FlintLoss(orthogonality=1.0))


def test_the_learning_rate_falls_with_a_fresh_optimiser() -> None:
    flint = made()
    before: list[dict[str, torch.Tensor]] = []
    options: dict[str, Any] = {
        "epochs": 4,
        "callbacks": [lambda _: before.append(parameters_of(flint))],
    }
    trained(flint, schedule={"lr": {0.5: 0.0}}, **options)
    same_as_half = [torch.equal(v, before[1][k]) for k, v in flint.state_dict().items()]
    assert all(same_as_half)  # a rate of 0 from the third epoch on
    slower, usual = made(), made()
    trained(usual, epochs=4, schedule="none")
    trained(slower, epochs=4, schedule={"lr": {0.5: 1e-3}})
    far = max(float((v - before[1][k]).abs().max()) for k, v in slower.state_dict().items())
    assert 0 < far <= 6 * 1e-3 * LR * 1.5
    assert not same(usual, slower)


def test_a_training_is_taken_up_after_the_rate_fell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redescribe.flint.checkpoint.PATIENCE", 0)
    whole, again = made(), made()
    schedule = {"lr": {0.34: 0.1, 0.67: 0.01}}
    trained(whole, epochs=6, schedule=schedule)

    def interrupt(epoch: Epoch) -> None:
        if epoch.epoch == 3:
            raise KeyboardInterrupt

    file = tmp_path / "checkpoint.pt"
    with pytest.raises(KeyboardInterrupt):
        trained(made(), epochs=6, schedule=schedule, checkpoint=file, callbacks=[interrupt])
    trained(again, epochs=6, schedule=schedule, checkpoint=file)
    assert same(again, whole)


def test_a_frozen_network_cannot_learn_by_design() -> None:
    model = mlp().requires_grad_(requires_grad=False)
    with pytest.raises(TrainingError, match=r"Use FLINT\.post_hoc"):
        fit(FLINT(model, "fc1", 4, 3), (X, Y), epochs=1)


def test_wrong_lengths_are_errors() -> None:
    with pytest.raises(ParameterError, match="epochs=1 and steps=1"):
        trained(made(), epochs=1, steps=1)
    with pytest.raises(ParameterError, match="Give steps"):
        fit(made(), iter([(X, Y)]), epochs=1)
    with pytest.raises(TrainingError, match="gives no batch"):
        fit(made(), [], steps=1)
    with pytest.raises(ParameterError, match=r"\[60, 120\] rows"):
        Batches(X, Y[:60])
