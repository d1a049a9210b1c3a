"""Training of a FLINT: seeded, observed, taken up where it was interrupted."""

from __future__ import annotations

import warnings
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from redescribe.errors import ParameterError, TrainingError
from redescribe.flint._torch import nn, torch
from redescribe.flint.batches import Batches, Data, parts_of
from redescribe.flint.checkpoint import Checkpoint
from redescribe.flint.dictionary_decoder import learn_atoms
from redescribe.flint.evaluation import evaluate
from redescribe.flint.feature_cache import remembered
from redescribe.flint.losses import FlintLoss, name_of
from redescribe.flint.metrics import accuracy, fidelity, output_error
from redescribe.flint.params import Task
from redescribe.flint.revival import LAST_SHARE, last_layer, revive
from redescribe.flint.schedule import Schedule
from redescribe.flint.training import Limits, Training, last_weight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from os import PathLike

    from redescribe.core.protocols import Progress
    from redescribe.flint.history import Epoch, History
    from redescribe.flint.model import FLINT

DEAD = 1e-3
_OPTIMISERS = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}


def fit(  # noqa: PLR0913 - the choices of a training
    flint: FLINT,
    train_loader: Data,
    *,
    epochs: int | None = None,
    steps: int | None = None,
    val_loader: Data = None,
    loss: FlintLoss | None = None,
    lr: float = 1e-4,
    optimizer: str | Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer] = "adam",
    schedule: str | Mapping[str, Any] | Schedule = "paper",
    seed: int = 0,
    device: torch.device | str | None = None,
    amp: bool = False,
    grad_clip: float | None = None,
    callbacks: Sequence[Callable[[Epoch], None]] = (),
    keep_best: bool = False,
    cache_features: bool = False,
    revive_dead: bool = False,
    checkpoint: str | PathLike[str] | None = None,
    progress: Progress | None = None,
) -> History:
    """Train a FLINT in place: by design with its network, post hoc without it.

    The same seed gives the same parameters on one machine. torch's global random state is
    left as it was.

    Parameters
    ----------
    flint
        What learns.
    train_loader
        Batches of (inputs, labels) that can be gone through again and again, such as a
        DataLoader; or a tuple (inputs, labels), which is cut into shuffled batches of 64.
        Post hoc, labels are not needed.
    epochs, steps
        How long: one of the two.
    val_loader
        Data on which accuracy and fidelity are measured after each epoch.
    loss
        Weights and forms of the terms.
    lr, optimizer
        Learning rate of adam, adamw or sgd; or a function from parameters to an optimiser.
    schedule
        When each term begins and when the learning rate falls: paper, quickdraw, cifar10,
        none, or a mapping as `Schedule.of` takes it.
    seed
        Of batches and dropout.
    device
        Where it is trained and stays; None is where it is.
    amp
        Whether forward passes run in bfloat16 where that is safe.
    grad_clip
        Largest norm of the gradient; None: no limit.
    callbacks
        Called with each epoch when it is over.
    keep_best
        Whether the parameters of the epoch with the best fidelity on the validation data
        stay, rather than the last ones.
    cache_features
        Post hoc only: run the network once over the data and train on what its layers
        gave. For data that are the same each time, without augmentation.
    revive_dead
        Whether attributes that were dead in an epoch of the first two thirds begin anew,
        with a bias of 0.1; of an automatic attribute network.
    checkpoint
        A file that is written at the end of an epoch, every ten seconds at most, and at
        the end; if it is there, training goes on from it.
    progress
        Hears of each step.

    Returns
    -------
    history
        What was measured in each epoch.

    Raises
    ------
    TrainingError
        If the loss is NaN or infinite, there are no data, labels are no classes, or the
        network of a FLINT by design is frozen.
    ParameterError
        If not exactly one of `epochs` and `steps` is given, or an option does not fit.
    StoreError
        If the checkpoint belongs to another training.

    Warns
    -----
    UserWarning
        If a class never occurs, or more than a third of the attributes are dead.

    References
    ----------
    Parekh, Mozharovskyi, d'Alché-Buc (2021), sections 3.2 and 4.1.

    Examples
    --------
    >>> net = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
    >>> from redescribe.flint import FLINT
    >>> flint = FLINT(net, ["1"], n_attributes=4, n_classes=2, activation="softplus")
    >>> data = torch.tensor([[0.0, 0.0], [1.0, 1.0]]), torch.tensor([0, 1])
    >>> [epoch.step for epoch in fit(flint, data, epochs=2)]
    [1, 2]
    """
    batches = Batches(*train_loader) if isinstance(train_loader, tuple) else train_loader
    limits = Limits.of(epochs, steps, batches)
    chosen = loss or FlintLoss()
    times = Schedule.of(schedule)
    if keep_best and val_loader is None:
        em = "keep_best chooses on validation data. Give val_loader."
        raise ParameterError(em)
    home = _device(flint, device)
    with ExitStack() as stack:
        devices = [home] if home.type == "cuda" else []
        stack.enter_context(torch.random.fork_rng(devices=devices))
        _seed(seed, home)
        flint.build(parts_of(_first(batches))[0]).to(home)
        check_can_learn(flint)
        _check_parts(flint, chosen, revive_dead=revive_dead)
        settings = (
            {"limits": limits.settings(), "loss": chosen.settings(), "lr": lr, "seed": seed}
            | {"optimizer": name_of(optimizer), "schedule": times.settings()}
            | {"amp": amp, "grad_clip": grad_clip, "keep_best": keep_best}
            | {"revive_dead": revive_dead}
        )
        store = Checkpoint.of(checkpoint, flint, settings)
        learn_atoms(flint.decoder, batches, seed=seed)
        if cache_features:
            batches = remembered(flint, batches)
        _seed(seed, home)
        training = Training(
            flint,
            chosen,
            times,
            optimiser=partial(_optimiser, optimizer, flint.learned, lr),
            limits=limits,
            amp=amp,
            grad_clip=grad_clip,
        )
        history = _epochs(
            training,
            batches,
            store,
            val_loader=val_loader,
            progress=progress,
            callbacks=callbacks,
            keep_best=keep_best,
            revive_dead=revive_dead,
        )
        history = replace(history, settings=settings)
    flint.eval()
    if history.n_dead is not None:
        _warn_of_dead(history.n_dead, flint.n_attributes)
    return history


def check_can_learn(flint: FLINT) -> None:
    """Check that the network of a FLINT by design can learn.

    Raises
    ------
    TrainingError
        If all of its parameters are frozen.
    """
    weights = list(flint.model.parameters())
    if not flint.is_post_hoc and weights and not any(w.requires_grad for w in weights):
        em = (
            "FLINT by design trains the network too, but all of its parameters are frozen "
            "(requires_grad=False). Use FLINT.post_hoc for a network that is to stay."
        )
        raise TrainingError(em)


def _epochs(
    training: Training,
    batches: Any,  # noqa: ANN401 - of any loader
    store: Checkpoint,
    *,
    val_loader: Data,
    progress: Progress | None,
    callbacks: Sequence[Callable[[Epoch], None]],
    keep_best: bool,
    revive_dead: bool,
) -> History:
    history = store.resume(training)
    total = training.limits.n_steps
    stage = nullcontext(_ignore) if progress is None else progress.stage("training", total)
    with stage as advance:
        advance(training.step)
        while training.step < total:
            record = training.epoch(batches, advance)
            if not history.epochs:
                training.warn_of_absent_classes()
            if val_loader is not None:
                record = replace(record, validation=validated(training.flint, val_loader))
            dead = training.dead(DEAD)
            history = replace(
                history, epochs=(*history.epochs, record), n_dead=int(dead.sum())
            )
            if keep_best:
                history = store.keep_if_best(training, history)
            if revive_dead and training.step <= LAST_SHARE * total:
                revive(training.flint, training.optimiser, dead)
            store.write(training, history)
            for callback in callbacks:
                callback(record)
    if keep_best and store.best is not None:
        training.flint.load_state_dict(store.best)
    return history


def validated(flint: FLINT, data: Data) -> dict[str, float]:
    """Return accuracy and fidelity on data, by name; `fidelity` is high where g is like f.

    For regression, it is the negative mean squared difference of f and g.
    """
    evaluation = evaluate(flint, data)
    found: dict[str, float] = {}
    if evaluation.labels is not None and evaluation.task is not Task.REGRESSION:
        found = {f"accuracy_{which}": accuracy(evaluation, which) for which in "fg"}
    regression = evaluation.task is Task.REGRESSION
    found["fidelity"] = -output_error(evaluation) if regression else fidelity(evaluation)
    if evaluation.reconstruction_error is not None:
        found["reconstruction_error"] = float(evaluation.reconstruction_error.mean())
    return found


def _check_parts(flint: FLINT, loss: FlintLoss, *, revive_dead: bool) -> None:
    """Check that the parts can do what is asked for."""
    if revive_dead:
        last_layer(flint)
    if loss.orthogonality and last_weight(flint) is None:
        em = (
            "orthogonality is of the last layer of the attribute network, one row per "
            f"attribute. The last weight of this {type(flint.attribute_net).__name__} has "
            "none. Use orthogonality=0."
        )
        raise ParameterError(em)


def _first(batches: Any) -> Any:  # noqa: ANN401 - of any loader
    for batch in batches:
        return batch
    em = "There is nothing to learn from: the loader gives no batch."
    raise TrainingError(em)


def _device(flint: FLINT, device: torch.device | str | None) -> torch.device:
    if device is not None:
        flint.to(device)
        return torch.device(device)
    like = next(flint.parameters(), None)
    return torch.device("cpu") if like is None else like.device


def _seed(seed: int, device: torch.device) -> None:
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.manual_seed(seed)


def _optimiser(
    optimizer: str | Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer],
    weights: list[nn.Parameter],
    lr: float,
) -> torch.optim.Optimizer:
    if callable(optimizer):
        return optimizer(weights)
    if optimizer not in _OPTIMISERS:
        em = (
            f"The optimizer is {', '.join(_OPTIMISERS)}, or a function of the parameters. "
            f"Got {optimizer!r}."
        )
        raise ParameterError(em)
    made: torch.optim.Optimizer = getattr(torch.optim, _OPTIMISERS[optimizer])(
        weights, lr=lr
    )
    return made


def _warn_of_dead(n_dead: int, n_attributes: int) -> None:
    if 3 * n_dead > n_attributes:
        message = (
            f"{n_dead} of {n_attributes} attributes are dead: they stayed below {DEAD} in "
            "the last epoch. Use activation='leaky_relu' or 'softplus', revive_dead=True "
            "or AttributeParams(bias=0.1), let entropies begin later (schedule=), or make "
            "fewer attributes."
        )
        warnings.warn(message, stacklevel=3)


def _ignore(_steps: int) -> None:
    """Nobody asked how far it is."""
