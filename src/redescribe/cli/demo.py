"""`redescribe demo`: two small networks, explained end to end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from redescribe.cli.options import Jobs  # noqa: TC001 - typer reads annotations


def demo(
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="run folder")] = Path(
        "redescribe-demo"
    ),
    seed: Annotated[
        int, typer.Option(min=0, help="seed of training, split and search")
    ] = 0,
    jobs: Jobs = -1,
    force: Annotated[
        bool, typer.Option("--force", help="replace another run in the folder")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print no progress")] = False,
) -> None:
    """Train two small networks on half of the breast-cancer data and explain them.

    The other half is explained: network against network, neurons against the 30 attributes,
    and neurons against the diagnosis. Needs no network connection and no GPU.
    """
    from redescribe.cli.progress import TerminalProgress  # noqa: PLC0415
    from redescribe.cli.reporting import tell_report  # noqa: PLC0415
    from redescribe.cli.tables import print_summary  # noqa: PLC0415
    from redescribe.core.dataset import Dataset  # noqa: PLC0415
    from redescribe.core.entities import SplitParams  # noqa: PLC0415
    from redescribe.executors.joblib import JoblibExecutor  # noqa: PLC0415
    from redescribe.mining.params import MineParams  # noqa: PLC0415
    from redescribe.report.write import report_of_run  # noqa: PLC0415
    from redescribe.store.run import RunFolder, check_is_run_or_free  # noqa: PLC0415
    from redescribe.study.demo import keep_demo_rules, make_demo  # noqa: PLC0415
    from redescribe.study.stages import run_stages  # noqa: PLC0415

    check_is_run_or_free(output)
    progress = TerminalProgress(quiet=quiet)
    if not quiet:
        typer.echo("Training two networks (30-512-128-32-1) on half of WDBC …", err=True)
    made = make_demo(seed)
    views = made.views
    split = SplitParams(hold_out=0.3, stratify="labels:diagnosis", seed=seed)
    dataset = Dataset.of(views, split)
    params = MineParams(targets=("a", "b"), seed=seed)
    told = {"name": "Two networks on breast-cancer data", "entity_noun": "tumour"}
    assessed = run_stages(
        dataset,
        output,
        params,
        origins={
            f"study.{key}": {"value": value, "origin": "redescribe demo"}
            for key, value in told.items()
        },
        executor=JoblibExecutor(n_jobs=jobs),
        progress=progress,
        force=force,
    )
    run = RunFolder.open(output)
    rules = keep_demo_rules(made, run, seed)
    report = report_of_run(run, output / "report.html")
    neurons = sum(len(view.attributes) for view in views[:2])
    typer.echo(
        f"✓ {neurons} neurons · {len(views[2].attributes)} attributes · 1 label · "
        f"{dataset.n_entities} samples ({dataset.split.mined.size} mined, "
        f"{dataset.split.held_out.size} held out)   seed {seed}"
    )
    shares = " and ".join(f"{share:.1%}" for share in made.accuracies)
    typer.echo(f"✓ accuracy of the networks on these samples: {shares}")
    if rules.hold_out is not None:
        typer.echo(
            f"✓ {len(rules)} rules over the attributes answer as network a for "
            f"{rules.hold_out.fidelity:.1%} of the held-out samples"
        )
    print_summary(assessed, output)
    tell_report(report, "✓ report")
