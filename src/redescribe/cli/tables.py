"""Findings, targets and files as tables in the terminal."""

from __future__ import annotations

import json
import math
import shlex
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from redescribe.core.certificate import proven
from redescribe.core.network_null import null_shares
from redescribe.core.printing import format_jaccard, format_p
from redescribe.report.excerpt import by_views, read_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.effect import Effects
    from redescribe.core.network_null import NullKind
    from redescribe.core.redescription import TargetReport
    from redescribe.readers.inspect import ViewSummary

_BEST, _NAMES = 5, 20
_NARROW, _INDENT = 100, 6


def print_counts(assessed: AssessedSet) -> None:
    """Print the counts of a run as one JSON object."""
    typer.echo(json.dumps(assessed.counts))


def print_summary(assessed: AssessedSet, run: Path) -> None:
    """Print what a run found: counts, what the numbers are worth, the best findings."""
    counts = assessed.counts
    _print_line(
        f"{assessed.scope}: {counts['described']} described of "
        f"{counts['describable']} describable; {counts['dead']} dead."
    )
    for reason, names in _not_describable(assessed).items():
        n_more = len(names) - _NAMES
        more = f" and {n_more:,} more" if n_more > 0 else ""
        _print_line(f"  not describable, {reason}: {', '.join(names[:_NAMES])}{more}")
    kept = f"{counts['candidates']:,} candidates searched → {counts['kept']} kept"
    if counts["replicated"] is not None:
        kept += f" → {counts['replicated']} replicated on the hold-out"
    _print_line(f"{kept}  ({assessed.seconds:.1f} s)")
    _print_caveat(assessed)
    _print_shares(assessed)
    best = read_first(by_views(assessed), _BEST)
    _print_table(assessed, best, title=f"{len(best)} of {len(assessed)} findings, the best")
    _print_line(f"Run folder: {run}   next: redescribe show {shlex.quote(str(run))}")


def print_digest(
    assessed: AssessedSet, *, limit: int, effects: Effects | None = None
) -> None:
    """Print varied good findings of a run, `limit` at most, and how many there are."""
    shown = read_first(by_views(assessed), limit)
    more = "; --all lists everything" if len(shown) < len(assessed) else ""
    title = f"Findings: {len(shown)} of {len(assessed)} shown{more}"
    _print_table(assessed, shown, title=title, effects=effects)
    _print_caveat(assessed)
    _print_shares(assessed)


def print_findings(assessed: AssessedSet, effects: Effects | None = None) -> None:
    """Print all findings of a run."""
    title = f"Findings: all {len(assessed)}"
    _print_table(assessed, assessed.findings, title=title, effects=effects)
    _print_caveat(assessed)


def _print_table(
    assessed: AssessedSet,
    shown: Sequence[Finding],
    *,
    title: str,
    effects: Effects | None = None,
) -> None:
    if _console().width < _NARROW:
        _print_list(assessed, shown, title=title, effects=effects)
        return
    table = Table(title=title, title_justify="left")
    table.add_column("id")
    table.add_column("redescription", overflow="fold", ratio=1)
    for heading in _headings(assessed):
        table.add_column(heading, justify="right", no_wrap=True)
    if effects is not None:
        table.add_column("causal check")
    for finding in shown:
        causal = [] if effects is None else [effects.verdicts(finding.redescription)]
        table.add_row(finding.id, _rules(finding, assessed), *_cells(finding), *causal)
    _console().print(table)


def _print_list(
    assessed: AssessedSet,
    shown: Sequence[Finding],
    *,
    title: str,
    effects: Effects | None = None,
) -> None:
    """The same for narrow terminals: the numbers on one line, the rules below."""
    console = _console()
    _print_line(title, style="italic")
    for finding in shown:
        numbers = zip(_headings(assessed), _cells(finding), strict=True)
        line = "   ".join(f"{heading} {cell}" for heading, cell in numbers if cell)
        causal = effects.verdicts(finding.redescription) if effects is not None else ""
        line += f"   causal {causal}" if causal else ""
        console.print(f"{finding.id:{_INDENT - 1}} {line}", style="bold", markup=False)
        rules = _rules(finding, assessed)
        console.print(Padding(rules, (0, 0, 1, _INDENT)), overflow="fold")


def _rules(finding: Finding, assessed: AssessedSet) -> Text:
    """One rule on a line; with its view where a run has more than two."""
    text = Text()
    for position, query in enumerate(finding.redescription.queries):
        text.append("\n⇔ " if position else "")
        if len(assessed.views) > 2:
            text.append(f"{query.view}: ", style="dim")
        text.append(str(query))
    return text


def print_targets(assessed: AssessedSet) -> None:
    """Print what became of every target."""
    table = Table(title=assessed.scope, title_justify="left")
    table.add_column("target", overflow="fold", ratio=1)
    table.add_column("state", max_width=15 if _console().width < _NARROW else None)
    permuted = assessed.evidence.resampling.n_permutations
    headings = ["bins", "best J\nmined", "one\nliteral J", "candidates"]
    nulls = assessed.evidence.resampling.null_networks
    beside = [f"{null}\nmean, p" for null in nulls]
    for heading in [*headings, *(["null\nmean", "p\nsearch"] if permuted else []), *beside]:
        table.add_column(heading, justify="right", no_wrap=True)
    signs = {found.sign for target in assessed.targets for found in target.certificates}
    if signs:
        table.add_column(f"proven\n{' / '.join(sorted(signs))}", overflow="fold")
    for target in assessed.targets:
        state = target.state.value.replace("_", " ")
        reason = f" ({target.reason.replace('_', ' ')})" if target.reason else ""
        best, baseline = target.best_jaccard_mined, target.baseline
        table.add_row(
            escape(target.target),
            state + reason,
            str(target.n_bins),
            "" if best is None else format_jaccard(best),
            "" if baseline is None else format_jaccard(baseline.jaccard),
            f"{target.n_candidates:,}",
            *(_search_cells(target) if permuted else ()),
            *(_null_cell(target, null) for null in nulls),
            *([escape(proven(target.certificates))] if signs else ()),
        )
    _console().print(table)
    _print_shares(assessed)


def print_inspection(summary: ViewSummary) -> None:
    """Print what a file holds."""
    _print_line(
        f"{summary.name}: {summary.n_entities} entities × {summary.n_attributes} "
        f"attributes; {summary.n_missing:,} values missing, {summary.n_constant} columns "
        f"constant, {summary.n_dead} of them dead"
    )
    table = Table()
    table.add_column("column", overflow="fold")
    table.add_column("type")
    for heading in ("missing", "distinct", "minimum", "maximum"):
        table.add_column(heading, justify="right")
    table.add_column("note", overflow="fold")
    for column in summary.columns:
        numeric = not math.isnan(column.minimum)
        table.add_row(
            escape(column.name),
            column.kind.value,
            str(column.n_missing),
            str(column.n_distinct),
            f"{column.minimum:.6g}" if numeric else "",
            f"{column.maximum:.6g}" if numeric else "",
            escape(column.note),
        )
    _console().print(table)
    for suggestion in summary.suggested_views:
        _print_line(f"  {suggestion}")


def _search_cells(target: TargetReport) -> tuple[str, str]:
    found = target.search
    if found is None:
        return "", ""
    return f"{found.null_mean:.2f}", f"{found.p_value.value:.2g}"


def _null_cell(target: TargetReport, null: NullKind) -> str:
    """Mean of the null and p, for each other network."""
    found = [n for one in target.networks for n in one.nulls if n.null is null]
    return "\n".join(f"{one.mean:.2f}, {one.p_value:.2g}" for one in found)


def _print_shares(assessed: AssessedSet) -> None:
    """How many neurons another network explains better than null networks do."""
    shares = null_shares(assessed.targets)
    if shares:
        _print_line(
            "Neurons and another network, above all null searches: "
            f"{'; '.join(map(str, shares))}."
        )


def _headings(assessed: AssessedSet) -> tuple[str, ...]:
    if _in_sample(assessed):
        permuted = assessed.evidence.resampling.n_permutations
        return ("J mined", "support", "p mined", *(("p search",) if permuted else ()))
    return ("J", "J mined", "support", "q", "ok")


def _cells(finding: Finding) -> Iterable[str]:
    redescription, assessment = finding.redescription, finding.assessment
    mined = redescription.mined
    if assessment is None:
        p_search = finding.p_search
        return (
            format_jaccard(mined.jaccard),
            f"{mined.support}/{mined.n_entities}",
            format_p(redescription.log10_p_mined),
            *([f"{p_search.value:.2g}"] if p_search is not None else []),
        )
    held_out = assessment.hold_out
    return (
        format_jaccard(held_out.jaccard) if held_out.union else "",
        format_jaccard(mined.jaccard),
        f"{held_out.support}/{held_out.n_entities}",
        format_p(assessment.log10_q_value),
        "✓" if assessment.confirmed else "",
    )


def _not_describable(assessed: AssessedSet) -> dict[str, list[str]]:
    by_reason: dict[str, list[str]] = {}
    for target in assessed.targets:
        if target.reason:
            by_reason.setdefault(target.reason.replace("_", " "), []).append(target.target)
    return by_reason


def _in_sample(assessed: AssessedSet) -> bool:
    return assessed.evidence.in_sample_only


def _print_caveat(assessed: AssessedSet) -> None:
    style = "yellow" if _in_sample(assessed) else ""
    _print_line(assessed.caveat, style=style)


def _print_line(text: str, *, style: str = "") -> None:
    """Print one line that is never cut: commands and paths in it can be copied."""
    _console().print(escape(text), style=style, soft_wrap=True)


def _console() -> Console:
    console = Console(highlight=False)
    # A pipe has no width: let long names stand on one line there.
    return console if console.is_terminal else Console(width=160, highlight=False)
