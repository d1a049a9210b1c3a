"""`redescribe flint`: attributes learned with a network, or after it."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from redescribe.flint.evaluation import Evaluation

app = typer.Typer(
    help="Learn attributes of a network (FLINT), by design or post hoc.",
    no_args_is_help=True,
)

Config = Annotated[
    Path,
    typer.Argument(help="TOML: [network] [data] [flint], perhaps [training] [loss]"),
]
Output = Annotated[Path, typer.Option("--output", "-o", help="folder that is written")]
Run = Annotated[Path, typer.Argument(help="folder that was written by a training")]
Inputs = Annotated[str, typer.Option(help="other inputs: .npy, table or module:function")]
Labels = Annotated[str, typer.Option(help="their labels")]
AsJSON = Annotated[bool, typer.Option("--json", help="print it as JSON")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="print no progress")]


@app.command()
def train(
    config: Config,
    *,
    output: Output = Path("flint-run"),
    quiet: Quiet = False,
) -> None:
    """Train a network and its attributes together (by design).

    An interrupted training goes on when the command is given again. The code of the model
    runs: name only what you trust.
    """
    _train(config, output, mode="by_design", quiet=quiet)


@app.command()
def fit_post_hoc(
    config: Config,
    *,
    output: Output = Path("flint-run"),
    quiet: Quiet = False,
) -> None:
    """Learn attributes of a trained network, which stays as it is.

    An interrupted training goes on when the command is given again. The code of the model
    runs: name only what you trust.
    """
    _train(config, output, mode="post_hoc", quiet=quiet)


@app.command()
def interpret(
    run: Run,
    *,
    inputs: Inputs = "",
    labels: Labels = "",
    tau: Annotated[float, typer.Option(help="attributes with r > 1/tau are told")] = 2.0,
    json: AsJSON = False,
) -> None:
    """Tell which attributes stand for which class, and how faithful they are.

    Writes interpretation.json into the folder. Without --inputs, of the training data.
    """
    from redescribe.flint.evaluation import evaluate  # noqa: PLC0415
    from redescribe.flint.interpret import global_of  # noqa: PLC0415
    from redescribe.flint.job import open_job  # noqa: PLC0415
    from redescribe.store.atomic import replacing  # noqa: PLC0415

    job, flint = open_job(run)
    data = job.arrays(inputs=inputs, labels=labels)
    found = evaluate(flint, data[0] if data[1] is None else data)
    told = _measures(found)
    whole = global_of(found, tau=tau)
    told |= {
        "tau": tau,
        "entities_of_class": whole.counts.tolist(),
        "relevance": [[None if r != r else r for r in row] for row in whole.relevance],  # noqa: PLR0124 - NaN: no entity
        "pairs": [
            {"class": cls, "attribute": j, "relevance": r} for cls, j, r in whole.pairs()
        ],
    }
    with replacing(run / "interpretation.json") as temporary:
        temporary.write_text(dumps(told, indent=1) + "\n", encoding="utf-8")
    typer.echo(dumps(told) if json else _text(told))


@app.command()
def view(
    run: Run,
    *,
    inputs: Inputs = "",
    kind: Annotated[
        str, typer.Option(help="attributes, relevance, neurons or predictions")
    ] = "attributes",
    binarise: Annotated[
        str, typer.Option(help="otsu, quantile or relevance: on or off; empty: numbers")
    ] = "",
    tau: Annotated[float, typer.Option(help="of the relevance")] = 2.0,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="table to write, .parquet")
    ] = Path("learned.parquet"),
) -> None:
    """Write what was learned as a table that can be mined.

    Then: redescribe mine --view learned=learned.parquet --view …
    """
    from redescribe.flint.job import open_job  # noqa: PLC0415
    from redescribe.flint.views import to_view  # noqa: PLC0415
    from redescribe.writers.view_table import check_table_path, write_view  # noqa: PLC0415

    check_table_path(output)
    job, flint = open_job(run)
    data, labels = job.arrays(inputs=inputs)
    table = to_view(
        flint,
        data if labels is None else (data, labels),
        kind=kind,
        binarise=binarise or None,
        tau=tau,
    )
    write_view(table, output)
    n_entities, n_columns = len(table.entities), len(table.attributes)
    typer.echo(f"{output}: {n_columns} columns, {n_entities} entities")


def _train(config: Path, output: Path, *, mode: str, quiet: bool) -> None:
    from redescribe.cli.progress import TerminalProgress  # noqa: PLC0415
    from redescribe.flint.job import train_job  # noqa: PLC0415

    progress = TerminalProgress(quiet=quiet)
    _, history = train_job(config, output, mode=mode, progress=progress)
    last = history.epochs[-1]
    agreed = "" if last.fidelity is None else f", f and g agree on {last.fidelity:.1%}"
    dead = f", {history.n_dead} attributes dead" if history.n_dead else ""
    typer.echo(f"{output}: {last.epoch} epochs, {last.step} steps{agreed}{dead}")


def _measures(found: Evaluation) -> dict[str, Any]:
    """What is measured, by name; without labels no accuracy."""
    from redescribe.flint import metrics  # noqa: PLC0415

    curve = metrics.cns_curve(found)
    use = metrics.usage(found)
    apart = metrics.disagreement(found)
    told: dict[str, Any] = {
        "entities": len(found),
        "fidelity": metrics.fidelity(found),
        "disagreements": apart.n,
        "attributes": found.attributes.shape[1],
        "dead": list(use.dead),
        "conciseness": dict(zip(map(str, curve.taus), curve.values, strict=True)),
        "convention": curve.convention.value,
    }
    if found.labels is not None:
        told["accuracy_f"] = metrics.accuracy(found, "f")
        told["accuracy_g"] = metrics.accuracy(found, "g")
    return told


def _text(told: dict[str, Any]) -> str:
    lines = [
        f"fidelity {told['fidelity']:.1%} on {told['entities']} entities, "
        f"{told['disagreements']} disagreements"
    ]
    if "accuracy_f" in told:
        lines.append(f"accuracy f {told['accuracy_f']:.1%}, g {told['accuracy_g']:.1%}")
    short = ", ".join(f"τ {tau}: {n:.2f}" for tau, n in told["conciseness"].items())
    lines.append(f"attributes per explanation: {short}")
    lines.append(f"{len(told['dead'])} of {told['attributes']} attributes dead")
    lines += [
        f"class {pair['class']}: attribute {pair['attribute']}, "
        f"relevance {pair['relevance']:.2f}"
        for pair in told["pairs"]
    ]
    return "\n".join(lines)
