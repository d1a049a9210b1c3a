"""What a set of findings looks like in a terminal and in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from redescribe.core.printing import format_count, format_jaccard, format_p, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.redescription import Redescription

_WIDEST = 72
_TESTED = ("id", "finding", "J", "J mined", "support", "q", "confirmed")
_IN_SAMPLE = ("id", "finding", "J mined", "adjusted J mined", "support mined", "p mined")


def table_text(assessed: AssessedSet, limit: int = 10) -> str:
    """Return the findings as plain text: a heading, the caveat, and the first rows.

    Parameters
    ----------
    assessed
        Any assessed set, also an empty one.
    limit
        Rows at most; the last line says how many are left out.

    Examples
    --------
    >>> from redescribe.core.assessed import AssessedSet, Evidence
    >>> evidence = Evidence(7, 3, 0, 12, "fixed_margin", "bh", 0.01, 0.5, 0)
    >>> print(table_text(AssessedSet((), (), ("x", "y"), evidence, 0.0)))
    No findings: 0 of 0 describable targets described
    Mined on 7 entities, tested on 3 others; q-values (bh) over a family of 0, chosen from
    12 scored candidates before the hold-out was opened.
    """
    shown = assessed.findings[:limit]
    lines = [_heading(assessed), assessed.caveat]
    if shown:
        cells = [_head(assessed)]
        for finding, row in zip(shown, _rows(shown), strict=True):
            first, *others = _on_lines(finding.redescription)
            cells.append((row[0], first, *row[2:]))
            cells += [("", text, *("" for _ in row[2:])) for text in others]
        clipped = [[one_line(cell, _WIDEST) for cell in row] for row in cells]
        widths = [max(map(len, column)) for column in zip(*clipped, strict=True)]
        lines += ["", *(_line(row, widths) for row in clipped)]
    return "\n".join([*lines, *_left_out(assessed, limit)])


def table_html(assessed: AssessedSet, limit: int = 10) -> str:
    """Return the findings as an HTML table for a notebook; all texts are escaped.

    The arguments are those of `table_text`.

    Examples
    --------
    >>> from redescribe.core.assessed import AssessedSet, Evidence
    >>> evidence = Evidence(7, 0, 0, 12, "fixed_margin", "bh", 0.01, 0.5, 0)
    >>> text = table_html(AssessedSet((), (), ("x", "y"), evidence, 0.0))
    >>> "In-sample only" in text, "<table" in text
    (True, False)
    """
    head, rows = _head(assessed), _rows(assessed.findings[:limit])
    heading, caveat = escape(_heading(assessed)), escape(assessed.caveat)
    parts = [f"<p><strong>{heading}</strong><br>{caveat}</p>"]
    if rows:
        cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
        body = "".join(f"<tr>{_html_cells(row)}</tr>" for row in rows)
        parts.append(f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>")
    parts += [f"<p>{escape(line)}</p>" for line in _left_out(assessed, limit)]
    return f"<div>{''.join(parts)}</div>"


def _heading(assessed: AssessedSet) -> str:
    counts = assessed.counts
    targets = (
        f"{counts['described']} of {counts['describable']} describable targets described"
    )
    if not len(assessed):
        return f"No findings: {targets}"
    noun = "finding" if len(assessed) == 1 else "findings"
    if counts["replicated"] is None:
        return f"{format_count(len(assessed))} {noun}, not tested: {targets}"
    confirmed = format_count(counts["replicated"])
    return f"{format_count(len(assessed))} {noun}, {confirmed} confirmed: {targets}"


def _head(assessed: AssessedSet) -> tuple[str, ...]:
    return _IN_SAMPLE if assessed.evidence.in_sample_only else _TESTED


def _rows(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    return [_row(finding) for finding in findings]


def _row(finding: Finding) -> tuple[str, ...]:
    mined, assessment = finding.redescription.mined, finding.assessment
    start = (finding.id, str(finding.redescription))
    if assessment is None:
        return (
            *start,
            format_jaccard(mined.jaccard),
            format_jaccard(mined.adjusted_jaccard),
            format_count(mined.support),
            format_p(finding.redescription.log10_p_mined),
        )
    held_out = assessment.hold_out
    return (
        *start,
        format_jaccard(held_out.jaccard if held_out.union else None),
        format_jaccard(mined.jaccard),
        format_count(held_out.support),
        format_p(assessment.log10_q_value),
        "yes" if assessment.confirmed else "no",
    )


def _left_out(assessed: AssessedSet, limit: int) -> list[str]:
    n_more = len(assessed) - limit
    return [f"… {format_count(n_more)} more: see to_frame()"] if n_more > 0 else []


def _on_lines(redescription: Redescription) -> list[str]:
    """One line; where more than two queries are too wide for it, one for each."""
    text = str(redescription)
    if len(text) <= _WIDEST or len(redescription.queries) == 2:
        return [text]
    first, *others = map(str, redescription.queries)
    return [first, *(f"<=> {other}" for other in others)]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Id and finding to the left, numbers to the right."""
    cells = [
        cell.ljust(width) if column < 2 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _html_cells(row: Sequence[str]) -> str:
    identifier, finding, *numbers = map(escape, row)
    left = 'style="text-align: left"'
    first = f'<th scope="row" {left}>{identifier}</th>'
    text = f'<td dir="ltr" {left}><code>{finding}</code></td>'
    return first + text + "".join(f"<td>{number}</td>" for number in numbers)
