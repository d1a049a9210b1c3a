"""The report of a run, written beside its tables by the commands that make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from redescribe.report.write import NO_FRONT_END, report_of_run
from redescribe.store.run import REPORT, RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.report.write import Report

LARGE = 50_000_000
"""Bytes of a report above which a server is the better way."""


def update_report(run: Path, *, force: bool = False) -> Path:
    """Write the report of a run, unless there is one, which is then of these findings."""
    report = run / REPORT
    if force or not report.exists():
        report_of_run(RunFolder.open(run), report)
    return report


def tell_report(report: Report, label: str) -> None:
    """Print where a report is, how large, and what it lacks."""
    typer.echo(f"{label}: {report.path} ({report.size / 1e6:.1f} MB, works offline)")
    for cut in report.cuts:
        typer.echo(f"  left out: {cut['what']}, {cut['shown']:,} of {cut['total']:,} shown")
    if report.cuts:
        typer.echo("  redescribe serve RUN shows all of it")
    elif report.size > LARGE:
        typer.echo("  Browsers open it slowly: redescribe serve RUN shows the same pages")
    if not report.interactive:
        typer.echo(f"  {NO_FRONT_END}")
