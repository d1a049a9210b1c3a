"""A trained FLINT and data -> what it says about classes, to be kept and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.errors import ParameterError
from redescribe.flint import metrics
from redescribe.flint.detectors import class_matches
from redescribe.flint.evaluation import evaluate
from redescribe.flint.interpret import global_of
from redescribe.flint.interpretation import Fit, Interpretation
from redescribe.flint.params import Task
from redescribe.flint.sufficiency import sufficiency_curve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.flint.batches import Data
    from redescribe.flint.evaluation import Evaluation
    from redescribe.flint.model import FLINT


def describe(
    flint: FLINT, data: Data, *, tau: float = 2.0, classes: Sequence[str] = ()
) -> Interpretation:
    """Return what a FLINT says about classes, as the report shows it.

    Parameters
    ----------
    flint
        Trained, of a task of classes or labels.
    data
        Inputs, (inputs, labels) or batches; those that it was not trained on.
    tau
        Attributes with r > 1/τ are relevant; above 1.
    classes
        Names of the classes or labels; numbers otherwise.

    Raises
    ------
    ParameterError
        If tau is not above 1, the task is regression, or names are missing.

    Examples
    --------
    >>> import numpy as np
    >>> from torch import nn
    >>> from redescribe.flint import FLINT
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> found = describe(FLINT(net, ["1"], 5, 3), np.eye(4), classes=["a", "b", "c"])
    >>> found.relevance.shape, len(found.matches), found.classes
    ((5, 3), 5, ('a', 'b', 'c'))
    """
    n_classes = flint.params.n_classes
    if classes and len(classes) != n_classes:
        em = f"There are {len(classes)} names for {n_classes} classes. Give one each."
        raise ParameterError(em)
    if flint.params.task is Task.REGRESSION:
        em = (
            "Values (regression) have no classes to be described. Use relevance, "
            "local_interpretation and metrics."
        )
        raise ParameterError(em)
    found = evaluate(flint, data)
    whole = global_of(found, tau=tau)
    use = metrics.usage(found, tau=tau)
    return Interpretation(
        n_entities=len(found),
        layers=flint.layers,
        classes=tuple(classes) or tuple(map(str, range(n_classes))),
        entities_of_class=tuple(whole.counts.tolist()),
        tau=tau,
        relevance=whole.relevance,
        maxima=tuple(found.attributes.max(axis=0).tolist()),
        dead=use.dead,
        used=use.used,
        matches=class_matches(found),
        fit=_fit(found),
        conciseness=metrics.cns_curve(found),
        sufficiency=sufficiency_curve(found),
    )


def _fit(found: Evaluation) -> Fit:
    apart = metrics.disagreement(found)
    known = found.labels is not None
    return Fit(
        fidelity=metrics.fidelity(found),
        n_disagreements=apart.n,
        accuracy_f=metrics.accuracy(found, "f") if known else None,
        accuracy_g=metrics.accuracy(found, "g") if known else None,
        accuracy_where_agreed=apart.accuracy_where_agreed,
        accuracy_where_not=apart.accuracy_where_not,
    )
