"""Findings on new data, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.core.printing import format_interval, format_jaccard, format_p, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redescribe.core.replication import Drift, ReplicatedSet, Replication

_WIDTHS = (6, 6, 13, 14, 9, 6, 10, 9, 9, 9, 9)
_HEAD = ("id", "J", "95 %", "support", "q", "holds", "hold-out", "change", "q change")
_MINED = ("mined", "change")


def lines(found: ReplicatedSet, limit: int) -> Iterator[str]:
    """Yield what findings reach on new data: a heading, the caveat, a table.

    Parameters
    ----------
    found
        The findings on the new data.
    limit
        Findings at most.
    """
    n_held = f"{found.n_replicated} of {len(found)} findings"
    yield f"{n_held} hold on {found.n_entities:,} entities"
    yield found.caveat
    yield (
        f"holds: q <= {found.alpha:g} and J >= {found.min_jaccard:g}. q change: Fisher's "
        "test against the hold-out, over the findings. mined: J there is optimistic."
    )
    yield ""
    yield _line((*_HEAD, *_MINED))
    for replication in found.replications[:limit]:
        yield _line(_cells(replication))
        text = str(replication.finding.redescription)
        yield f"{'':{_WIDTHS[0]}}{one_line(text, 400)}"
        yield from _notes(replication)
    n_more = len(found) - limit
    if n_more > 0:
        yield f"… {n_more} more: --all"
    for skipped in found.skipped[:limit]:
        yield f"{skipped.id:{_WIDTHS[0]}}left out: no {skipped.view}:{skipped.attribute}"


def _cells(replication: Replication) -> Sequence[str]:
    agreement = replication.agreement
    held_out, mined = replication.drift_hold_out, replication.drift_mined
    q_change = None if held_out is None else held_out.log10_q
    return (
        replication.finding.id,
        format_jaccard(agreement.jaccard) if agreement.union else "",
        format_interval(replication.jaccard_low, replication.jaccard_high),
        f"{agreement.support:,}/{agreement.union:,}",
        format_p(replication.log10_q_value),
        "yes" if replication.replicated else "no",
        *_drift(held_out),
        format_p(q_change),
        *_drift(mined),
    )


def _drift(drift: Drift | None) -> tuple[str, str]:
    if drift is None:
        return "", ""
    change = "" if drift.difference is None else f"{drift.difference:+.2f}"
    return format_jaccard(drift.jaccard), change


def _notes(replication: Replication) -> Iterator[str]:
    """What may explain a change: values that are missing, categories that are new."""
    indent = f"{'':{_WIDTHS[0]}}"
    if not replication.agreement.union:
        yield f"{indent}not testable: no entity satisfies any of the rules"
    if replication.n_unknown:
        yield f"{indent}a rule is unknown for {replication.n_unknown} entities (missing)"
    for unseen in replication.unseen or ():
        shown = ", ".join(f'"{one_line(text, 20)}"' for text in unseen.categories[:4])
        more = ", …" if len(unseen.categories) > 4 else ""
        yield (
            f"{indent}{unseen.view}:{unseen.attribute} has values not seen in mining for "
            f"{unseen.n_entities} entities ({shown}{more}): none of those asked for"
        )


def _line(cells: Sequence[str]) -> str:
    first, *others = cells
    numbers = zip(others, _WIDTHS[1:], strict=True)
    return (f"{first:{_WIDTHS[0]}}" + "".join(f"{c:>{w}}" for c, w in numbers)).rstrip()
