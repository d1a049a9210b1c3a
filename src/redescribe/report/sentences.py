"""The best findings in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.core.printing import format_count, format_interval, format_jaccard, format_p
from redescribe.report.markup import (
    Html,
    element,
    joined,
    paragraph,
    prose,
    section,
    separated,
)
from redescribe.report.parts_bar import bar, legend
from redescribe.report.wording import how_often

if TYPE_CHECKING:
    from redescribe.report.data import FindingRow, ReportData


def read_first(data: ReportData) -> Html:
    """Return the best findings in sentences, or what to do where there is none."""
    heading = "Findings to read first"
    if not data.read_first:
        nothing = (
            "No pair of rules reached the thresholds. The table of targets below says what "
            "became of each. Lower thresholds (such as --min-jaccard) or more "
            f"{data.entity_nouns} may help."
        )
        return section("read-first", heading, paragraph(nothing))
    intro = (
        "The best findings of each pair of views in turn, no target twice. “The other way "
        f"round” means that the second rule singles out the same {data.entity_nouns} as "
        f"the first. Bars count the {_counted(data)}: those for which only the first rule "
        "holds, both, only the second, or neither. The numbers are explained under "
    )
    items = (_sentence(row) for row in data.read_first)
    return section(
        "read-first",
        heading,
        paragraph(intro, element("a", "methods and evidence", href="#methods"), "."),
        element("ol", *items, class_="findings"),
    )


def numbers(row: FindingRow) -> Html:
    """Return the numbers of a finding on one line; what is not defined is left out."""
    if row.confirmed is None:
        cells = [
            f"J mined {format_jaccard(row.jaccard_mined)}",
            f"support mined {format_count(row.support_mined)}",
        ]
        return _line(cells)
    interval = format_interval(row.jaccard_low, row.jaccard_high)
    jaccard = f"J {format_jaccard(row.jaccard)}{f' ({interval})' if interval else ''}"
    tested = [
        *([jaccard] if row.jaccard is not None else []),
        f"mined {format_jaccard(row.jaccard_mined)}",
        f"support {format_count(row.support)}",
        f"q {format_p(row.log10_q)}",
        element("span", "✓ confirmed", class_="yes") if row.confirmed else "not confirmed",
    ]
    return _line(tested)


def _line(pieces: list[str]) -> Html:
    whole = (element("span", piece) for piece in pieces)
    return paragraph(separated(" · ", whole), class_="numbers")


def _sentence(row: FindingRow) -> Html:
    left, *right = (element("strong", prose(text), dir="ltr") for text in row.words)
    adverb = how_often(row.jaccard_mined if row.jaccard is None else row.jaccard)
    sentence = joined(
        [
            *("When ", left, f", then {adverb} ", separated(" and ", right)),
            ", and the other way round.",
        ]
    )
    return element(
        "li",
        paragraph(row.id, class_="rank"),
        element("div", paragraph(sentence), numbers(row)),
        element("div", bar(row.parts), legend(row.parts)),
    )


def _counted(data: ReportData) -> str:
    parts = data.read_first[0].parts
    kind = "held-out" if parts.held_out else "mined"
    return f"{parts.n_entities:,} {kind} {data.entity_nouns}"
