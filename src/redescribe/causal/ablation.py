"""Silence a described unit: its effect inside against outside of the partner rule."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from redescribe._validation import choose
from redescribe.capture.network import Side
from redescribe.causal.effects import contrast_intervals, evidence_of, judged
from redescribe.causal.forward import running
from redescribe.causal.params import CausalParams
from redescribe.causal.ranges import described_units, network_views
from redescribe.causal.replacement import Replacement
from redescribe.causal.silencing import Ablation
from redescribe.errors import EntityMismatchError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import torch
    from torch.nn import Module

    from redescribe.causal.forward import Forward
    from redescribe.causal.silencing import Draft
    from redescribe.core.assessed import Finding
    from redescribe.core.dataset import Dataset
    from redescribe.core.effect import Effects
    from redescribe.core.protocols import Progress


def intervene(  # noqa: PLR0913 - the public door: every choice has a name and a default
    model: Module,
    inputs: Any,  # noqa: ANN401 - array-like, by name, or batches
    findings: Iterable[Finding],
    dataset: Dataset,
    *,
    view: str = "",
    side: Side | str = Side.OUTPUT,
    top: int | None = None,
    params: CausalParams | None = None,
    device: torch.device | str | None = None,
    progress: Progress | None = None,
) -> Effects:
    """Silence described units and return what that does to the outputs of the network.

    For each finding, the unit is set to 0, to its mean outside of the described range, or
    to activations of entities outside of it, for all tested entities. The effect is the
    mean absolute change of the watched output inside the support of the partner rule minus
    that outside. Tested entities are those held out; without a hold-out, all, and then the
    numbers are in-sample.

    Parameters
    ----------
    model
        A `torch.nn.Module` that gives (batch, outputs), (batch,), or an object with
        `logits`.
    inputs
        What the network takes, one row per entity of the dataset in its order: an array or
        tensor, several by name, or batches that are not shuffled.
    findings
        Their targets are units of the view; others are left out.
    dataset
        The one that they were mined and assessed on.
    view
        The view that was captured from this model. May be empty where only one view has
        units of a network.
    side
        The side of the layers that was captured.
    top
        The first so many findings on the view; None is all.
    params
        How to change and to test.
    device
        Where the model runs meanwhile; None is where it is.
    progress
        Hears how many findings are checked.

    Raises
    ------
    ParameterError, UnknownNameError
        If there is no such view, layer, output or attribute of the strata, or no finding
        on the view.
    EntityMismatchError
        If there is not one input per entity.
    CaptureError
        If the network gives other activations than those of the view, or cannot be changed.
    MissingExtraError
        If torch is not installed.

    References
    ----------
    Specification of redescription mining, section 10.
    """
    params = params or CausalParams()
    name = network_view(dataset, view)
    units = described_units(findings, name, top)
    if not units:
        em = f"No finding describes a unit of the view {name!r}. Mine with it as a target."
        raise ParameterError(em)
    chosen_side = choose(Side, side, parameter="side")
    with running(model, inputs, batch_size=params.batch_size, device=device) as forward:
        check_entities(forward, dataset)
        replacement = Replacement(
            forward, dataset, name, chosen_side, params.how, params.seed
        )
        replacement.check_activations(units)
        ablation = Ablation.of(replacement, params)
        with _stage(progress, len(units)) as advance:
            drafts = [_advancing(advance, ablation.draft(unit)) for unit in units]
    intervals = contrast_intervals(
        [draft.changes for draft in drafts],
        [draft.sides for draft in drafts],
        ablation.part,
        params.seed,
    )
    effects = [
        draft.effect
        if draft.effect.effect is None or ends is None
        else replace(draft.effect, effect_low=ends[0], effect_high=ends[1])
        for draft, ends in zip(drafts, intervals, strict=True)
    ]
    return judged(effects, evidence_of(dataset, params))


def network_view(dataset: Dataset, view: str) -> str:
    """Return the view of the network: the one that is named, or the only one there is.

    Raises
    ------
    UnknownNameError
        If there is no view of this name.
    ParameterError
        If none is named and not exactly one view has units of a network.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> from redescribe.core.dataset import Dataset
    >>> units = View.of("net", [[0.0], [1.0]] * 9, names=["fc:0"])
    >>> network_view(Dataset.of([units, View.of("x", [[0.0], [1.0]] * 9)]), "")
    'net'
    """
    if view:
        return dataset.view(view).name
    found = network_views(dataset.views)
    if len(found) == 1:
        return found[0]
    seen = f"The views {', '.join(map(repr, found))} have" if found else "No view has"
    em = f"{seen} units of networks. Name the view of this model: view=… (--view)."
    raise ParameterError(em)


def check_entities(forward: Forward, dataset: Dataset) -> None:
    """Check that there is one input for each entity.

    Raises
    ------
    EntityMismatchError
        If there is not.
    """
    if len(forward) != dataset.n_entities:
        em = (
            f"There are {len(forward)} inputs for {dataset.n_entities} entities. Give one "
            "input per entity of the run, in its order."
        )
        raise EntityMismatchError(em)


def _advancing(advance: Callable[[int], None], draft: Draft) -> Draft:
    advance(1)
    return draft


@contextmanager
def _stage(progress: Progress | None, total: int) -> Iterator[Callable[[int], None]]:
    if progress is None:
        yield lambda _steps: None
        return
    with progress.stage("Silencing units", total) as advance:
        yield advance
