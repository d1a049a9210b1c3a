"""`redescribe flint`: attributes learned with a network, or after it."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from redescribe.core.view import View
    from redescribe.flint.interpretation import Interpretation

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
    pictures: Annotated[
        bool,
        typer.Option(help="draw what activates attributes, of images: see [pictures]"),
    ] = False,
    json: AsJSON = False,
) -> None:
    """Tell which attributes stand for which class, and how faithful they are.

    Writes interpretation.json into the folder, and pictures as WebP. Without --inputs, of
    the training data. Then: redescribe report RUN --flint FOLDER
    """
    from redescribe.flint.concepts import draw_concepts  # noqa: PLC0415
    from redescribe.flint.describe import describe  # noqa: PLC0415
    from redescribe.flint.job import open_job  # noqa: PLC0415

    job, flint = open_job(run)
    x, y = job.arrays(inputs=inputs, labels=labels)
    data = x if y is None else (x, y)
    found = describe(flint, data, tau=tau, classes=job.data.classes)
    if pictures:
        found = draw_concepts(flint, data, found, run, params=job.pictures)
    else:
        found.save(run)
    typer.echo(dumps(found.to_json()) if json else _text(found))


@app.command()
def view(  # noqa: PLR0913 - the choices of a view
    run: Run,
    *,
    inputs: Inputs = "",
    labels: Labels = "",
    kind: Annotated[
        str,
        typer.Option(
            help="attributes, relevance, neurons, predictions or interventions (what "
            "switching each attribute off or doubling it changes)"
        ),
    ] = "attributes",
    binarise: Annotated[
        str,
        typer.Option(
            help="otsu, two_bin, quantile, positive or relevance: on or off; empty: numbers"
        ),
    ] = "",
    tau: Annotated[float, typer.Option(help="of the relevance")] = 2.0,
    scale: Annotated[
        str,
        typer.Option(
            help="max or p99 (99th percentile) of the training data becomes 1; empty: none"
        ),
    ] = "",
    keep_raw: Annotated[
        bool, typer.Option(help="keep the columns beside the scaled ones")
    ] = False,
    positions: Annotated[
        str,
        typer.Option(
            help="columns for where spatial attributes are active: max or centre; or empty"
        ),
    ] = "",
    pool: Annotated[
        list[str] | None,
        typer.Option(help="of neurons of maps and tokens: mean or max; both without"),
    ] = None,
    model_name: Annotated[
        str, typer.Option("--name", help="of the network, in the names of the columns")
    ] = "flint",
    keep_dead: Annotated[
        bool, typer.Option(help="keep attributes and neurons that never change")
    ] = False,
    drop_detectors: Annotated[
        bool, typer.Option(help="leave out attributes that are hardly more than a class")
    ] = False,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="table to write, .parquet")
    ] = Path("learned.parquet"),
) -> None:
    """Write what was learned as a table that can be mined.

    Then: redescribe mine --view learned=learned.parquet --view …
    """
    from redescribe.flint.interventions import intervention_view  # noqa: PLC0415
    from redescribe.flint.job import open_job  # noqa: PLC0415
    from redescribe.flint.view_outcomes import POOLS  # noqa: PLC0415
    from redescribe.flint.views import to_view  # noqa: PLC0415
    from redescribe.writers.view_table import check_table_path, write_view  # noqa: PLC0415

    check_table_path(output)
    job, flint = open_job(run)
    x, y = job.arrays(inputs=inputs, labels=labels)
    data = x if y is None else (x, y)
    table: View
    if kind == "interventions":
        if binarise or scale or keep_raw or positions or drop_detectors:
            em = (
                "Interventions have no --binarise, --scale, --keep-raw, --positions and "
                "--drop-detectors. Leave them out."
            )
            raise ParameterError(em)
        table = intervention_view(flint, data)
    else:
        table = to_view(
            flint,
            data,
            kind=kind,
            binarise=binarise or None,
            tau=tau,
            scale=scale or None,
            scale_from=job.arrays()[0] if scale else None,
            keep_raw=keep_raw,
            positions=positions or None,
            model_name=model_name,
            drop_dead=not keep_dead,
            drop_detectors=drop_detectors,
            pool=pool or POOLS,
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


def _text(found: Interpretation) -> str:
    fit, curve = found.fit, found.conciseness
    lines = [
        f"fidelity {fit.fidelity:.1%} on {found.n_entities} entities, "
        f"{fit.n_disagreements} disagreements"
    ]
    if fit.accuracy_f is not None and fit.accuracy_g is not None:
        lines.append(f"accuracy f {fit.accuracy_f:.1%}, g {fit.accuracy_g:.1%}")
    points = zip(curve.taus, curve.values, strict=True)
    short = ", ".join(f"τ {tau}: {n:.2f}" for tau, n in points)
    lines.append(f"attributes per explanation: {short}")
    curve_of_n = found.sufficiency
    pairs = zip(curve_of_n.counts, curve_of_n.fidelity, strict=True)
    few = ", ".join(f"{n}: {share:.1%}" for n, share in pairs)
    lines.append(f"fidelity with the n best attributes: {few}")
    dead = f" ({', '.join(map(str, found.dead))})" if found.dead else ""
    lines.append(f"{len(found.dead)} of {len(found.relevance)} attributes dead{dead}")
    names = found.classes
    lines += [
        f"class {names[cls]}: attribute {j}, relevance {r:.2f}"
        for cls, j, r in found.pairs()
    ]
    lines += [
        f"attribute {one.attribute} is hardly more than class {names[one.cls]} "
        f"(J {one.jaccard:.2f})"
        for one in found.detectors()
    ]
    if found.pictures:
        lines.append(f"{len(found.pictures)} pictures")
    return "\n".join(lines)
