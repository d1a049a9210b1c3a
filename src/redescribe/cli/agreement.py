"""How well the rules of a finding agree, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.core.homogeneity import Homogeneity
from redescribe.core.measures import contingency
from redescribe.core.missing import MissingPolicy
from redescribe.core.printing import (
    format_count,
    format_jaccard,
    format_share,
    one_line,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from redescribe._typing import Mask
    from redescribe.core.breakdown import Breakdown
    from redescribe.core.dataset import Dataset
    from redescribe.core.redescription import Agreement
    from redescribe.core.support import Support

Parts = dict[str, "Breakdown"]
"""What is counted, by the name of the part: mined, and perhaps held out."""

_LABEL, _NUMBER, _HEADING, _MAX_ROWS, _CLASS = 34, 12, 16, 16, 23
_MEANINGS = {
    MissingPolicy.QUERY_NON_MISSING: "an unknown rule does not hold",
    MissingPolicy.REJECTIVE: "entities that stay undecided do not count",
    MissingPolicy.PESSIMISTIC: "the smallest that the missing values allow",
    MissingPolicy.OPTIMISTIC: "the largest that the missing values allow",
}


def four_cells(title: str, supports: Sequence[Support], found: Agreement) -> Iterator[str]:
    """Yield the four cells of two rules, and how far each implies the other."""
    cells = contingency(supports[0], supports[1])
    yield title
    yield f"  {'':24}{'right rule holds':>18}{'does not':>12}"
    yield f"  {'left rule holds':24}{cells.both:>18}{cells.left_only:>12}"
    yield f"  {'does not':24}{cells.right_only:>18}{cells.neither:>12}"
    unknown = supports[0].n_entities - cells.n_known
    if unknown:
        yield f"  unknown for {unknown} entities (a value is missing)"
    value = f"{found.jaccard:.3f}"
    yield f"  Jaccard {value}: share of the entities of either rule that have both"
    right, left = (_precision(value) for value in found.precisions)
    yield f"  P(right | left) {right}, P(left | right) {left}"
    yield ""


def counts(views: Sequence[str], parts: Parts) -> Iterator[str]:
    """Yield what three or more rules share: each, all, every pair, every combination."""
    yield _row("Number of entities", parts)
    agreements = [breakdown.agreement for breakdown in parts.values()]
    for position, view in enumerate(views):
        yield _row(
            f"  rule over {one_line(view, _HEADING)} holds",
            (format_count(agreement.sizes[position]) for agreement in agreements),
        )
    yield _row(
        f"  all {len(views)} rules hold", (format_count(a.support) for a in agreements)
    )
    yield _row("  at least one holds", (format_count(a.union) for a in agreements))
    yield _row("  in all", (format_count(a.n_entities) for a in agreements))
    yield ""
    yield "Jaccard: share of the entities of at least one rule that have all of them"
    yield _row("  all rules", (_jaccard(a.jaccard, a.union) for a in agreements))
    pairs = zip(*(breakdown.pairs for breakdown in parts.values()), strict=True)
    for found in pairs:
        first, second = (
            one_line(views[i], _HEADING) for i in (found[0].first, found[0].second)
        )
        yield _row(
            f"  {first} and {second}", (format_jaccard(pair.jaccard) for pair in found)
        )
    yield ""
    yield "Of the entities of one rule, the share that have all"
    for position, view in enumerate(views):
        shares = (_precision(a.precisions[position]) for a in agreements)
        yield _row(f"  of those of {one_line(view, _HEADING)}", shares)
    yield ""
    yield from _combinations(views, parts)


def classes(
    datasets: Mapping[str, Dataset], members: Mapping[str, Mask], used: set[tuple[str, str]]
) -> Iterator[str]:
    """Yield what classes the entities of all rules have, where a view has classes.

    Parameters
    ----------
    datasets, members
        Tables and entities of all rules, by the name of the part.
    used
        View and attribute of the columns in the rules: there it is so by construction.
    """
    views = next(iter(datasets.values())).views
    columns = [(v.name, a.name) for v in views for a in v.attributes if not a.is_numeric]
    if not columns:
        return
    yield "Classes of the entities of all rules: the largest, its share, entropy in bits"
    yield f"{'':{_LABEL}}" + "".join(f"{name:>{_CLASS}}" for name in datasets)
    for view, name in columns[:_MAX_ROWS]:
        cells = (
            _majority(Homogeneity.among(part.view(view), name, members[key]))
            for key, part in datasets.items()
        )
        mark = " *" if (view, name) in used else ""
        label = f"  {one_line(f'{view}:{name}', _LABEL - 6)}{mark}"
        yield f"{label:{_LABEL}}" + "".join(f"{cell:>{_CLASS}}" for cell in cells)
    if len(columns) > _MAX_ROWS:
        yield f"  {len(columns) - _MAX_ROWS} further columns: see --json"
    if used.intersection(columns[:_MAX_ROWS]):
        yield "  * in the rules: by construction"
    yield ""


def policies(parts: Parts) -> Iterator[str]:
    """Yield the Jaccard under every policy, where a rule is unknown for some entity."""
    incomplete = {name: part for name, part in parts.items() if part.n_unknown}
    if not incomplete:
        return
    n_unknown = " and ".join(
        f"{part.n_unknown} of the {part.agreement.n_entities} {name.replace(' ', '-')}"
        for name, part in incomplete.items()
    )
    yield f"Missing values leave a rule unknown for {n_unknown} entities."
    yield _row("Jaccard, by what that means", parts)
    used = next(iter(parts.values())).missing
    for policy, meaning in _MEANINGS.items():
        values = (f"{part.jaccards[policy]:.3f}" for part in parts.values())
        mark = " (used)" if policy is used else ""
        yield _row(f"  {policy.value}{mark}", values) + f"   {meaning}"
    if used is not MissingPolicy.QUERY_NON_MISSING:
        yield "The interval, p and q below take a rule that is unknown as one that fails."
    yield ""


def _combinations(views: Sequence[str], parts: Parts) -> Iterator[str]:
    """A row for each combination of rules that occurs in some part."""
    numbers: dict[tuple[bool, ...], list[int]] = {}
    for position, part in enumerate(parts.values()):
        for holds, n_entities in part.combinations:
            numbers.setdefault(holds, [0] * len(parts))[position] = n_entities
    names = [one_line(view, _HEADING) for view in views]
    widths = [max(len(name), 3) for name in names]
    room = max(_LABEL, sum(widths) + 2 * len(widths) + 2)
    yield "Which rules hold together, and no others"
    yield _row(_holding(names, widths), parts, room)
    ordered = sorted(numbers, key=lambda one: (-sum(one), [not holds for holds in one]))
    for one in ordered[:_MAX_ROWS]:
        marks = ["yes" if holds else "-" for holds in one]
        yield _row(_holding(marks, widths), map(format_count, numbers[one]), room)
    rest = [
        sum(column)
        for column in zip(*(numbers[one] for one in ordered[_MAX_ROWS:]), strict=True)
    ]
    if rest:
        label = f"  {len(ordered) - _MAX_ROWS} further combinations"
        yield _row(label, map(format_count, rest), room)
    if any(part.n_unknown for part in parts.values()):
        unknown = (format_count(part.n_unknown) for part in parts.values())
        yield _row("  a value is missing", unknown, room)
    yield ""


def _row(
    label: str, cells: Iterable[str] | Mapping[str, object], room: int = _LABEL
) -> str:
    return f"{label:{room}}" + "".join(f"{cell:>{_NUMBER}}" for cell in cells)


def _holding(cells: Sequence[str], widths: Sequence[int]) -> str:
    both = zip(cells, widths, strict=True)
    return "  " + "  ".join(f"{cell:{width}}" for cell, width in both)


def _precision(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _majority(found: Homogeneity) -> str:
    if found.majority is None or found.purity is None or found.entropy is None:
        return ""
    name = one_line(found.majority, _CLASS - 14)
    return f"{name} {format_share(found.purity):>6} {found.entropy:>5.2f}"


def _jaccard(value: float, union: int) -> str:
    return f"{value:.3f}" if union else ""
