"""The first screen: what a redescription is, how sure we are, the run in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.core.printing import format_jaccard
from redescribe.report.markup import Html, element, joined, paragraph, section
from redescribe.report.parts_bar import bar, legend
from redescribe.report.wording import listed, number, rounded

if TYPE_CHECKING:
    from redescribe.report.data import Coverage, FindingRow, ReportData


def warning(data: ReportData) -> Html:
    """Return the banner that says that nothing was tested; nothing where it was."""
    if not data.evidence.in_sample_only:
        return Html("")
    return element(
        "aside",
        paragraph(element("strong", data.evidence.caveat)),
        paragraph(
            "For evidence, mine again with a hold-out (--hold-out 0.3): part of the "
            f"{data.entity_nouns} is then kept for the test."
        ),
        class_="warning",
        aria_label="Warning",
    )


def opening(data: ReportData) -> Html:
    """Return what a redescription is, with an example, and how sure we are."""
    nouns = data.entity_nouns
    rules = "a pair of readable rules about two kinds of data"
    where, others = "a pair", "the second rule is"
    if data.widest > 2:
        rules = "a set of readable rules, each about another kind of data"
        where, others = "a set", "its other rules are"
    meaning = section(
        "meaning",
        "What this report says",
        paragraph(
            f"A redescription is {rules}, such as the activation of a neuron and what was "
            f"measured, that hold for nearly the same {nouns}. Where {where} also holds "
            f"for {nouns} that the search never saw, {others} a tested description of the "
            "neuron."
        ),
        _example(data.example, data) if data.example is not None else "",
    )
    return element("div", meaning, _certainty(data), class_="opening")


def tiles(data: ReportData) -> Html:
    """Return the counts of the run."""
    evidence = data.evidence
    others = data.others.views
    columns = f"columns of {listed(others)}" if 0 < len(others) < 3 else "columns"
    whole = "in all" if data.sample is None else "in the sample"
    cells = [
        *([_coverage_tile(data.neurons, "neurons", whole)] if data.neurons.total else []),
        *([_coverage_tile(data.others, columns, whole)] if data.others.total else []),
        _search_tile(data),
        _tile(
            f"{evidence.n_mined + evidence.n_hold_out:,}",
            data.entity_nouns,
            f"{evidence.n_mined:,} mined, {evidence.n_hold_out:,} held out for the test",
        ),
    ]
    return section(
        "counts",
        "The run in numbers",
        paragraph(data.sample.caveat) if data.sample is not None else "",
        element("ul", *cells, class_="tiles"),
    )


def _example(row: FindingRow, data: ReportData) -> Html:
    contents = {view.name: view.contents for view in data.views}
    rules = [
        _rule(view, contents[view], text)
        for view, text in zip(row.views, row.words, strict=True)
    ]
    link = paragraph(f"holds for nearly the same {data.entity_nouns} as", class_="link")
    further = paragraph("and as", class_="link")
    first, second, *others = rules
    return element(
        "figure",
        element("figcaption", f"An example, finding {row.id} of this run:"),
        *(first, link, second),
        joined(joined([further, rule]) for rule in others),
        bar(row.parts, height=20),
        legend(row.parts),
        paragraph(_agreement(row, data), class_="note"),
        class_="card",
    )


def _rule(view: str, contents: str, text: str) -> Html:
    about = f" ({contents})" if contents else ""
    source = element("span", "rule about ", element("bdi", view), about)
    return paragraph(source, text, class_="rule")


def _agreement(row: FindingRow, data: ReportData) -> str:
    """The Jaccard as counts, and what chance would give."""
    if row.jaccard is None or row.support is None or row.union is None:
        kind, both, either = "mined", row.support_mined, row.union_mined
        jaccard = row.jaccard_mined
    else:
        kind, both, either, jaccard = "held-out", row.support, row.union, row.jaccard
    every = "both" if len(row.views) == 2 else f"all {number(len(row.views))}"
    index = f"Jaccard index J of {format_jaccard(jaccard)}, where 1 is perfect agreement"
    text = (
        f"Of the {either:,} {kind} {data.entity_nouns} for which at least one rule holds, "
        f"{every} hold for {both:,}"
    )
    # Another policy than the default counts those for which a rule is unknown, too.
    policy = (
        f". With missing values taken as {data.missing}, that is" if data.missing else ":"
    )
    text += f"{policy} a {index}."
    if row.expected_jaccard is None:
        return text
    chance = format_jaccard(row.expected_jaccard)
    return f"{text} Unrelated rules that hold as often would reach about {chance}."


def _certainty(data: ReportData) -> Html:
    content = _untested() if data.n_confirmed is None else _tested(data, data.n_confirmed)
    limits = element("a", "What the numbers do not mean", href="#limits")
    card = element("div", *content, paragraph(limits), class_="card")
    return section("certainty", "How sure are we?", card)


def _untested() -> tuple[Html, ...]:
    return (
        paragraph("Not tested", class_="big"),
        paragraph(
            "All numbers come from the very data that the rules were searched in. Rules "
            "that fit by luck look just as good there."
        ),
    )


def _tested(data: ReportData, n_confirmed: int) -> tuple[Html, ...]:
    evidence, nouns = data.evidence, data.entity_nouns
    return (
        paragraph(f"{n_confirmed:,} of {data.n_findings:,}", class_="big"),
        paragraph(
            f"findings are confirmed on {evidence.n_hold_out:,} {nouns} that the search "
            "never saw."
        ),
        paragraph(
            f"The rules were found on {evidence.n_mined:,} {nouns} and tested unchanged on "
            "the others. Confirmed means that there the overlap is far more than chance "
            f"(q ≤ {evidence.alpha:g}, corrected for all {evidence.family_size:,} "
            "findings) and the rules still agree "
            f"(J ≥ {format_jaccard(evidence.min_jaccard)})."
        ),
    )


def _coverage_tile(coverage: Coverage, noun: str, whole: str) -> Html:
    rest = coverage.total - coverage.describable - coverage.dead
    notes = [f"{coverage.total:,} {whole}"]
    if coverage.dead:
        notes.append(f"{coverage.dead:,} dead (one value for all)")
    if rest:
        notes.append(f"{rest:,} not describable")
    if coverage.described < coverage.describable:
        notes.append(f"{coverage.describable - coverage.described:,} without a finding")
    return _tile(
        f"{coverage.described:,} of {coverage.describable:,}",
        f"describable {noun} are described",
        ", ".join(notes),
    )


def _search_tile(data: ReportData) -> Html:
    candidates = rounded(data.evidence.n_candidates)
    steps = f"{candidates} candidates searched → {data.n_findings:,} kept"
    if data.n_confirmed is None:
        return _tile(f"{data.n_findings:,}", "findings, not tested", steps)
    return _tile(
        f"{data.n_confirmed:,}",
        "findings replicated on the hold-out",
        f"{steps} → {data.n_confirmed:,} replicated",
    )


def _tile(value: str, label: str, note: str) -> Html:
    return element("li", element("strong", value), label, element("small", note))
