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
from redescribe.report.wording import how_often, number

if TYPE_CHECKING:
    from redescribe.report.data import FindingRow, ReportData


_DOT = "\N{NO-BREAK SPACE}· "


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
    sets, more = "pair", ""
    if data.widest > 2:
        sets = "set"
        more = "; of more rules, the first but not all, all, only others, or none"
    intro = (
        f"The best findings of each {sets} of views in turn, no target twice. “The other "
        f"way round” means that the second rule singles out the same {data.entity_nouns} "
        f"as the first. Bars count the {_counted(data)}: those for which only the first "
        f"rule holds, both, only the second, or neither{more}. The numbers are explained "
        "under "
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
            *_causal(row),
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
        *_causal(row),
    ]
    return _line(tested)


def _causal(row: FindingRow) -> list[str]:
    return [f"causal check: {row.causal}"] if row.causal else []


def _line(pieces: list[str]) -> Html:
    whole = (element("span", piece) for piece in pieces)
    return paragraph(separated(_DOT, whole), class_="numbers")


def _sentence(row: FindingRow) -> Html:
    adverb = how_often(row.jaccard_mined if row.jaccard is None else row.jaccard)
    sentence = _of_two if len(row.words) == 2 else _of_many
    return element(
        "li",
        paragraph(row.id, class_="rank"),
        element("div", sentence(row, adverb), numbers(row), _pairs(row)),
        element("div", bar(row.parts), legend(row.parts)),
    )


def _of_two(row: FindingRow, adverb: str) -> Html:
    left, right = (element("strong", prose(text), dir="ltr") for text in row.words)
    return paragraph(
        "When ", left, f", then {adverb} ", right, ", and the other way round."
    )


def _of_many(row: FindingRow, adverb: str) -> Html:
    """Each rule on its own line, after its view, and how they agree."""
    rules = (
        element(
            "li",
            element("bdi", view, class_="view"),
            element("strong", prose(text), dir="ltr"),
            class_="of-view",
        )
        for view, text in zip(row.views, row.words, strict=True)
    )
    together = f"Where one of these holds, all {number(len(row.words))} {adverb} hold."
    return joined([element("ul", *rules, class_="by-view"), paragraph(together)])


def _pairs(row: FindingRow) -> Html:
    """How well every two of the rules agree; nothing for two rules."""
    if not row.pairs:
        return Html("")
    pieces = (
        element(
            "span",
            element("bdi", pair.first),
            " and ",
            element("bdi", pair.second),
            f" {format_jaccard(pair.jaccard) or 'nowhere'}",
        )
        for pair in row.pairs
    )
    return paragraph("J of two rules alone: ", separated(_DOT, pieces), class_="numbers")


def _counted(data: ReportData) -> str:
    parts = data.read_first[0].parts
    kind = "held-out" if parts.held_out else "mined"
    return f"{parts.n_entities:,} {kind} {data.entity_nouns}"
