"""`redescribe rules`: rules over the inputs that answer as the network does."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redescribe.cli.options import with_parameters
from redescribe.rules.params import RuleParams

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Query
    from redescribe.rules.on_dataset import Imitation
    from redescribe.rules.ruleset import RuleSet


@with_parameters(RuleParams)
def rules(  # noqa: PLR0913 - one parameter per option
    *,
    run: Annotated[
        Path | None, typer.Argument(help="run folder; or give the views with --view")
    ] = None,
    outputs: Annotated[
        list[str],
        typer.Option(
            help="VIEW:ATTRIBUTE with what the network answers; several: several labels"
        ),
    ],
    view: Annotated[
        list[str] | None,
        typer.Option(help="NAME=FILE[:COLUMN,COLUMN], as for mine, instead of a run"),
    ] = None,
    table: Annotated[
        str, typer.Option(help="one file for all views: then --view is NAME=COLUMN,COLUMN")
    ] = "",
    id_column: Annotated[
        str, typer.Option("--id", help="column that names the entities")
    ] = "",
    hold_out: Annotated[
        float, typer.Option(min=0, max=0.99, help="share kept for testing, with --view")
    ] = 0.3,
    inputs: Annotated[
        str, typer.Option(help="view of the inputs; without, the only one that can be")
    ] = "",
    layer: Annotated[
        list[str] | None,
        typer.Option(
            help="view of a hidden layer, the one nearest the inputs first; without, all "
            "views of neurons"
        ),
    ] = None,
    labels: Annotated[
        str, typer.Option(help="VIEW:ATTRIBUTE of the true classes, for the accuracy")
    ] = "",
    task: Annotated[
        str, typer.Option(help="auto (classes) or numbers, which are divided into bins")
    ] = "auto",
    network: Annotated[
        str,
        typer.Option(
            help="package.module:function of rows of inputs to outputs, for --augment"
        ),
    ] = "",
    form: Annotated[str, typer.Option(help="text, words, latex, sql or python")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="JSON file to save the rules in")
    ] = None,
    name: Annotated[
        str,
        typer.Option(
            help="under which the run keeps the rules, and its report shows them; without, "
            "what they imitate and the method"
        ),
    ] = "",
    keep: Annotated[
        bool, typer.Option(help="keep the rules in the run, and write its report anew")
    ] = True,
    json: Annotated[bool, typer.Option("--json", help="print it all as JSON")] = False,
    parameters: dict[str, Any],
) -> None:
    """Make rules over the inputs of a network that answer as it does.

    The inputs and what the network answers are views of a run or of tables. Rules are made
    on the mining part and measured on the hold-out: fidelity is the share of entities for
    which they answer as the network. Confirmed findings over the inputs are candidates too.
    """
    from redescribe.cli.rule_tables import lines, record, save  # noqa: PLC0415
    from redescribe.rules.on_dataset import imitate_on  # noqa: PLC0415

    params = RuleParams(**parameters)
    dataset, queries = _source(run, view or [], table, id_column, hold_out, params.seed)
    answers = {name: _column(dataset, name) for name in outputs}
    only = answers[outputs[0]] if len(outputs) == 1 else answers
    made = imitate_on(
        dataset,
        only,
        params,
        inputs=inputs,
        layers=layer or (),
        labels=labels,
        task=task,
        queries=queries,
        network=_function(network) if network else None,
    )
    found: dict[str, RuleSet] = {label: one.rules for label, one in made.items()}
    if run is not None and keep:
        called = name or f"{outputs[0] if len(outputs) == 1 else 'rules'}, {params.method}"
        _keep(run, made, called, (outputs[0], labels))
    if output is not None:
        for path in save(found, output):
            typer.echo(f"Rules: {path}", err=True)
    if json:
        from json import dumps  # noqa: PLC0415

        typer.echo(dumps(record(found), ensure_ascii=False, indent=2))
        return
    for line in lines(found, form):
        typer.echo(line)


def _keep(
    run: Path, made: Mapping[str, Imitation], name: str, about: tuple[str, str]
) -> None:
    """Keep the rules of each output in the run, and write its report anew."""
    from redescribe.cli.reporting import update_report  # noqa: PLC0415
    from redescribe.rules.run_rules import RunRules, write_run_rules  # noqa: PLC0415

    outputs, labels = about
    for label, one in made.items():
        called = f"{name}, {label}" if label else name
        path = write_run_rules(run, RunRules(called, label or outputs, labels, one))
        typer.echo(f"Rules: {path}", err=True)
    typer.echo(f"Report: {update_report(run, force=True)}", err=True)


def _source(  # noqa: PLR0917
    run: Path | None,
    views: list[str],
    table: str,
    id_column: str,
    hold_out: float,
    seed: int,
) -> tuple[Dataset, list[Query]]:
    """The entities, and the confirmed queries of a run."""
    from redescribe.errors import ParameterError  # noqa: PLC0415

    if (run is None) == (not views):
        em = "Give either a run folder or views (--view NAME=FILE)."
        raise ParameterError(em)
    if run is not None:
        from redescribe.rules.on_dataset import confirmed_queries  # noqa: PLC0415
        from redescribe.store.run import RunFolder  # noqa: PLC0415

        folder = RunFolder.open(run)
        return folder.dataset(), confirmed_queries(folder.read_assessed())
    from redescribe.cli.sources import read_views, tell_unmatched  # noqa: PLC0415
    from redescribe.core.dataset import Dataset, align  # noqa: PLC0415
    from redescribe.core.entities import SplitParams  # noqa: PLC0415

    aligned, unmatched = align(read_views(views, table=table, id_column=id_column))
    tell_unmatched(unmatched)
    return Dataset.of(aligned, SplitParams(hold_out=hold_out, seed=seed)), []


def _column(dataset: Dataset, name: str) -> list[object]:
    """What the network answers: categories as texts, numbers as they are."""
    from redescribe.errors import ParameterError  # noqa: PLC0415

    view_name, colon, attribute_name = name.partition(":")
    if not colon:
        em = f"--outputs {name!r} is not of the form VIEW:ATTRIBUTE."
        raise ParameterError(em)
    view = dataset.view(view_name)
    attribute = view.attributes[view.position(attribute_name)]
    values = view.column(attribute_name).tolist()
    if attribute.is_numeric:
        return list(values)
    return [
        None if value != value else attribute.categories[int(value)]  # noqa: PLR0124
        for value in values
    ]


def _function(name: str) -> Any:  # noqa: ANN401 - whatever stands there
    """Import what `package.module:function` names."""
    from importlib import import_module  # noqa: PLC0415

    from redescribe.errors import ParameterError  # noqa: PLC0415

    module, _, function = name.partition(":")
    try:
        found = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        em = f"--network {name!r} cannot be imported as package.module:function: {error}."
        raise ParameterError(em) from None
    if not callable(found):
        em = f"--network {name!r} is no function."
        raise ParameterError(em)
    return found
