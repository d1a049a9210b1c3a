"""`redescribe causal`: change the network and see if it behaves as the findings say."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redescribe.causal.params import CausalParams
from redescribe.cli.network import TrustPickle, Weights  # noqa: TC001 - typer reads them
from redescribe.cli.options import with_parameters

if TYPE_CHECKING:
    from redescribe.core.effect import Effects


@with_parameters(CausalParams)
def causal(  # noqa: PLR0913 - one parameter per option
    *,
    parameters: dict[str, object],
    run: Annotated[Path, typer.Argument(help="run folder")],
    model: Annotated[
        str,
        typer.Option(help="module:function, file.py:function, or a .pt or .pth file"),
    ],
    inputs: Annotated[
        str,
        typer.Option(
            help="FILE.npy, .csv or module:function: a row per entity, in their order"
        ),
    ],
    weights: Weights = None,
    trust_pickle: TrustPickle = False,
    view: Annotated[
        str, typer.Option(help="the view of this model, if several have neurons")
    ] = "",
    layer_side: Annotated[
        str, typer.Option(help="output or input: the side of the layers that was captured")
    ] = "output",
    top: Annotated[int, typer.Option(min=1, help="findings on the view, at most")] = 20,
    attributes: Annotated[
        str, typer.Option(help="view of which the inputs are made: edit them, too")
    ] = "",
    to_input: Annotated[
        str,
        typer.Option(
            help="module:function or file.py:function: edited attributes -> inputs"
        ),
    ] = "",
    device: Annotated[str, typer.Option(help="where the model runs, such as cuda")] = "",
    json: Annotated[bool, typer.Option("--json", help="print the effects as JSON")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print no progress")] = False,
) -> None:
    """Silence the described neurons and see whether the network's outputs change.

    Writes effects.parquet into the run folder, and the report anew. Effects of other views
    stay; the q-values are over all units of the folder, and over all edits. The code of the
    model runs: name only what you trust.
    """
    from redescribe.capture.files import read_inputs  # noqa: PLC0415
    from redescribe.capture.loading import load  # noqa: PLC0415
    from redescribe.capture.objects import object_called  # noqa: PLC0415
    from redescribe.causal.ablation import intervene  # noqa: PLC0415
    from redescribe.causal.attribute_edit import edit_attributes  # noqa: PLC0415
    from redescribe.causal.effects import joined, judged  # noqa: PLC0415
    from redescribe.cli.effect_tables import print_effects  # noqa: PLC0415
    from redescribe.cli.progress import TerminalProgress  # noqa: PLC0415
    from redescribe.cli.reporting import update_report  # noqa: PLC0415
    from redescribe.errors import ParameterError  # noqa: PLC0415
    from redescribe.store.effects import has_effects, read_effects  # noqa: PLC0415
    from redescribe.store.run import RunFolder  # noqa: PLC0415

    if to_input and not attributes:
        em = "--to-input makes inputs of edited attributes. Name their view: --attributes."
        raise ParameterError(em)
    params = CausalParams(**parameters)  # type: ignore[arg-type]  # checked by typer
    folder = RunFolder.open(run)
    assessed, dataset = folder.read_assessed(), folder.dataset()
    network = load(model, weights=weights, trust_pickle=trust_pickle)
    where: dict[str, Any] = {
        "view": view,
        "side": layer_side,
        "top": top,
        "params": params,
        "device": device or None,
    }
    progress = TerminalProgress(quiet=quiet)
    data = read_inputs(inputs).data
    effects = intervene(network, data, assessed, dataset, progress=progress, **where)
    if attributes:
        function = object_called(to_input) if to_input else None
        edits = edit_attributes(
            network, assessed, dataset, attributes, to_input=function, **where
        )
        effects = judged(_by_finding(effects, edits), effects.evidence)
    if has_effects(folder.path):
        known = {finding.redescription.key for finding in assessed}
        effects = joined(effects, read_effects(folder.path), known)
    effects.save(folder.path)
    update_report(folder.path, force=True)
    print_effects(effects, json=json)


def _by_finding(effects: Effects, edits: Effects) -> list[Any]:
    """All effects, those of a finding side by side."""
    both = [*effects, *edits]
    first = {effect.key: place for place, effect in reversed(list(enumerate(both)))}
    return sorted(both, key=lambda effect: first[effect.key])
