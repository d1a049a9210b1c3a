"""The findings and the targets as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.core.printing import format_count, format_interval, format_jaccard, format_p
from redescribe.report.markup import Html, element, paragraph, section, separated
from redescribe.report.parts_bar import bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe.report.data import FindingGroup, FindingRow, ReportData, TargetRow

STATES = {
    "described": "described",
    "not_described": "not described",
    "not_describable": "not describable",
}
REASONS = {
    "all_missing": "dead: every value is missing",
    "few_observed": "too few known values",
    "constant": "dead: the same value everywhere",
    "near_constant": "the same value almost everywhere",
    "single_bin": "cannot be cut into bins",
    "coarse_ties": "too many equal values to cut",
}
_HOLD_OUT = ("J", "95 % interval", "J mined", "support", "q", "confirmed")
_MINED = ("J mined", "adjusted J mined", "support mined", "p mined")


def findings(data: ReportData) -> Html:
    """Return the tables of findings, one per set of views."""
    n_shown = sum(len(group.rows) for group in data.groups)
    texts = [f"{n_shown:,} of {data.n_findings:,} findings are shown"]
    if n_shown < data.n_findings:
        sets = "set" if data.widest > 2 else "pair"
        texts.append(
            f": the best of each {sets} of views in turn. All are in the run folder"
        )
    texts.append(
        ". The rule of the explained target comes first; texts are exact and can be pasted "
        "into redescribe. The bars show the parts as above: only the first rule, both, "
        "only the second, neither"
    )
    many = "; of more rules, the first but not all, all, only others, none"
    texts.append(f"{many if data.widest > 2 else ''}.")
    groups = [(f"views-{i}", group) for i, group in enumerate(data.groups) if group.rows]
    links = (
        element("li", element("a", _views(group), href=f"#{key}")) for key, group in groups
    )
    return section(
        "findings",
        "All findings",
        paragraph("".join(texts)),
        element("ul", *links, class_="links") if len(groups) > 1 else "",
        *(_group_table(key, group, data) for key, group in groups),
    )


def targets(data: ReportData) -> Html:
    """Return the table of targets."""
    n_shown = len(data.targets)
    shown = f"{n_shown:,} of {data.n_targets:,} targets are shown. "
    text = (
        f"{shown if n_shown < data.n_targets else ''}What became of every neuron and other "
        "column that was to be explained. For comparison, the one-literal baseline is the "
        "best pair of one simple condition each. Both J are in-sample."
    )
    scope = f"{data.n_targets:,} targets" if data.sample is None else str(data.sample)
    names = ["best J mined", "one-literal baseline J", "candidates"]
    if any(row.proven for row in data.targets):
        names.append("proven")
        text += (
            " What is proven holds for one cut or category of the target and a few of one "
            "other view, joined by AND: the best value that passes the thresholds, or "
            "between which two numbers it lies."
        )
    nulls = dict.fromkeys(null for row in data.targets for null, _ in row.nulls)
    if nulls:
        names += nulls
        text += (
            " Beside a neuron that another network explains stands what null networks in "
            "its place reach: mean (≤ largest), p. Above all of these searches: "
            f"{'; '.join(data.null_shares)}."
        )
    head = _head([("target", "name"), ("view", None), ("outcome", None), *_numeric(names)])
    rows = [_target_row(row, names, list(nulls)) for row in data.targets]
    caption = element("caption", element("strong", scope))
    table = _scroll(_table(caption, head, rows), label="Table of targets")
    return section("targets", "Targets", paragraph(text), table if rows else "")


def _views(group: FindingGroup) -> Html:
    *first, last = (element("bdi", view) for view in group.views)
    return separated(" and ", [separated(", ", first), last])


def _group_table(key: str, group: FindingGroup, data: ReportData) -> Html:
    names = _MINED if data.evidence.in_sample_only else _HOLD_OUT
    nulls = dict.fromkeys(null for row in group.rows for null, _ in row.nulls)
    names = (*names, *(f"p {null}" for null in nulls))
    if data.causal:
        names = (*names, "causal check")
    counts = f": {len(group.rows):,} of {group.n_total:,} findings"
    head = _head([("id", None), ("rules", "rules"), ("parts", "parts"), *_numeric(names)])
    rows = [_finding_row(row, names, list(nulls)) for row in group.rows]
    caption = element("caption", element("strong", _views(group)), counts)
    label = f"Findings: {', '.join(group.views)}"
    return _scroll(_table(caption, head, rows), label=label, key=key)


def _finding_row(row: FindingRow, names: Sequence[str], nulls: Sequence[str]) -> Html:
    rules = [
        element("code", text, dir="ltr", title=view)
        for text, view in zip(row.queries, row.views, strict=True)
    ]
    if len(rules) > 2:  # of so many rules, nobody knows which view each speaks about
        views = (element("bdi", view, class_="view") for view in row.views)
        pairs = (
            element("div", view, rule, class_="of-view")
            for view, rule in zip(views, rules, strict=True)
        )
        rules = [element("div", *pairs, class_="by-view")]
    if row.confirmed is None:
        values = [
            format_jaccard(row.jaccard_mined),
            format_jaccard(row.adjusted_jaccard_mined),
            format_count(row.support_mined),
            format_p(row.log10_p_mined),
        ]
    else:
        values = [
            format_jaccard(row.jaccard),
            format_interval(row.jaccard_low, row.jaccard_high),
            format_jaccard(row.jaccard_mined),
            format_count(row.support),
            format_p(row.log10_q),
            "yes" if row.confirmed else "no",
        ]
    p_values = dict(row.nulls)
    values += [f"{p_values[null]:.2g}" if null in p_values else "" for null in nulls]
    if len(names) > len(values):
        values.append(row.causal)
    return element(
        "tr",
        element("th", row.id, scope="row", class_="id"),
        element("td", *rules),
        element("td", bar(row.parts), class_="parts"),
        *_number_cells(values, names),
    )


def _target_row(row: TargetRow, names: Sequence[str], nulls: Sequence[str]) -> Html:
    state = STATES.get(row.state, row.state)
    reason = REASONS.get(row.reason, row.reason)
    values = [
        format_jaccard(row.best_jaccard_mined),
        format_jaccard(row.baseline_jaccard),
        format_count(row.n_candidates),
        *([row.proven] if "proven" in names else []),
        *(dict(row.nulls).get(null, "") for null in nulls),
    ]
    return element(
        "tr",
        element("th", element("bdi", row.name), scope="row"),
        element("td", element("bdi", row.view), data_label="view"),
        element("td", f"{state} ({reason})" if reason else state),
        *_number_cells(values, names),
    )


def _numeric(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, "number") for name in names]


def _head(columns: Iterable[tuple[str, str | None]]) -> Html:
    cells = (element("th", name, scope="col", class_=style) for name, style in columns)
    return element("thead", element("tr", *cells))


def _number_cells(values: Iterable[str], names: Iterable[str]) -> list[Html]:
    return [
        element("td", value, class_="number", data_label=name)
        for value, name in zip(values, names, strict=True)
    ]


def _table(caption: Html, head: Html, rows: Iterable[Html]) -> Html:
    return element("table", caption, head, element("tbody", *rows), class_="cards")


def _scroll(table: Html, *, label: str, key: str | None = None) -> Html:
    """A table may be wider than the page; a keyboard can scroll it too."""
    return element(
        "div", table, class_="scroll", id=key, role="region", aria_label=label, tabindex=0
    )
