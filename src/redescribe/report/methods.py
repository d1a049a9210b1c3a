"""How the findings came about, what they do not mean, and the way to one's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.core.opening import opened_before_text
from redescribe.core.printing import format_jaccard
from redescribe.report.markup import (
    Html,
    element,
    escape,
    joined,
    paragraph,
    prose,
    section,
    separated,
)
from redescribe.report.resampling import resampling_steps
from redescribe.report.wording import listed, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe.report.data import ReportData

TESTS = {
    "fixed_margin": "fixed-margin test (hypergeometric)",
    "binomial": "binomial test",
}
POLICIES = {
    "query_non_missing": "an unknown rule does not hold",
    "rejective": "entities that stay undecided are left out of J",
    "pessimistic": "J is the smallest that the missing values allow",
    "optimistic": "J is the largest that the missing values allow",
}
CORRECTIONS = {
    "bh": "Benjamini-Hochberg",
    "by": "Benjamini-Yekutieli",
    "holm": "Holm",
}
COMMAND = """\
redescribe mine --view neurons=activations.csv --view attributes=measurements.csv \\
    --id id --output run
redescribe show run"""


def methods(data: ReportData) -> Html:
    """Return what was done, the numbers it was done with, and what they do not mean."""
    done = _part("What was done", element("ol", *_items(steps_of(data)), class_="prose"))
    limits = _part(
        "What the numbers do not mean",
        element("ul", *_items(limits_of(data)), class_="prose"),
        key="limits",
    )
    return section(
        "methods",
        "Methods and evidence",
        paragraph(data.evidence.caveat),
        element("div", done, limits, class_="columns"),
        element(
            "div",
            _part("Numbers in this report", _definitions(glossary_of(data))),
            _part("Evidence and settings", _definitions(_settings(data))),
            class_="columns",
        ),
    )


def own_data(data: ReportData) -> Html:
    """Return the command that does the same for other tables."""
    return section(
        "own-data",
        "Your own data",
        paragraph(
            f"Two tables with one {data.entity_noun} per row and a common id column are "
            "enough: activations of a network, and what is known about the same "
            f"{data.entity_nouns}. No network framework is needed."
        ),
        element("pre", element("code", Html("\n".join(map(escape, COMMAND.split("\n")))))),
    )


def _part(heading: str, content: Html, *, key: str | None = None) -> Html:
    return element("section", element("h3", heading), content, id=key)


def _items(texts: Iterable[str]) -> list[Html]:
    return [element("li", prose(text)) for text in texts]


def _definitions(pairs: Iterable[tuple[str, str]]) -> Html:
    cells = []
    for term, text in pairs:
        cells += [element("dt", prose(term)), element("dd", prose(text))]
    return element("dl", *cells)


def steps_of(data: ReportData) -> list[str]:
    """Return what was done, a sentence or two for each step."""
    evidence, nouns = data.evidence, data.entity_nouns
    views = "; ".join(
        f"{view.name} ({view.contents})" if view.contents else view.name
        for view in data.views
    )
    steps = [
        f"{len(data.views)} views of the same {nouns} were compared: {views}.",
        *([data.sample.caveat] if data.sample is not None else []),
        (
            f"The search scored {evidence.n_candidates:,} candidates on "
            f"{evidence.n_mined:,} {nouns} in {data.seconds:,.1f} seconds{_width(data)}. "
            f"It simplified them and kept {evidence.family_size:,} with a Jaccard index of "
            f"at least {format_jaccard(evidence.min_jaccard)}."
        ),
        (
            "Candidates were ranked by a cautious J: the lower end of an interval around J "
            f"that is wider for fewer {nouns} and for rules with more conditions, which "
            "fit by luck more easily. It only orders what was mined and is no evidence."
        ),
        *_demands(data),
    ]
    least = format_jaccard(evidence.min_jaccard)
    resampled = resampling_steps(evidence.resampling, nouns, least)
    causal = _causal(data)
    if evidence.in_sample_only:
        nothing = f"No {nouns} were held out, so nothing could be tested on others."
        return [*steps, nothing, *resampled, *causal]
    test = TESTS.get(evidence.test, evidence.test)
    correction = CORRECTIONS.get(evidence.correction, evidence.correction)
    return [
        *steps,
        (
            f"{_opened(data)} On them the {test} gives each finding the chance p that "
            f"unrelated rules which hold as often share at least as many {nouns}."
        ),
        (
            f"The {correction} correction over all {evidence.family_size:,} findings turns "
            "p into q, so that having tested many is accounted for."
        ),
        *resampled,
        *causal,
    ]


def _causal(data: ReportData) -> list[str]:
    """What causal checks did; nothing without any."""
    if not data.causal:
        return []
    return [
        "Causal checks changed neurons, or attributes of the input, and ran the network "
        "again: confirmed means that its outputs change more where the rule about the "
        "other view holds than elsewhere, opposite that they change less; no effect means "
        f"that none was shown. {data.causal}"
    ]


def _opened(data: ReportData) -> str:
    """When the hold-out was opened, and how often before."""
    evidence = data.evidence
    others = f"the other {evidence.n_hold_out:,} {data.entity_nouns}"
    if not evidence.opened_before:
        return f"Only then were {others} opened, once."
    joined = ""
    if evidence.n_merged:
        joined = f"This joins the findings of {evidence.n_merged} runs. "
    known = opened_before_text(evidence.opened_before)
    return f"{joined}The findings were tested on {others}. {known}"


def _width(data: ReportData) -> str:
    """How many rules belong together."""
    most = data.demands.max_views if data.demands is not None else data.widest
    most = min(most, len(data.views))
    if most < 3:
        return ", all of them pairs of rules"
    return (
        ": first pairs of rules over two views; the best of these were given rules over "
        f"further views, {number(most)} views at most"
    )


def _demands(data: ReportData) -> list[str]:
    """What else was asked of the findings, and of missing values, where it was."""
    texts = []
    demands = data.demands
    if demands is not None and demands.required_views:
        views = listed(demands.required_views)
        texts.append(f"Only findings with a rule over {views} were kept.")
    if demands is not None and demands.constraints:
        texts.append(
            _with_codes("Attributes had to meet these constraints: ", demands.constraints)
        )
    if demands is not None and demands.languages:
        texts.append(_with_codes("Rules had a form of their own: ", demands.languages))
    if data.missing:
        meaning = POLICIES.get(data.missing, data.missing)
        texts.append(
            f"A rule is unknown for some {data.entity_nouns} where values are missing. All "
            f"J are {data.missing}: {meaning}. They have no interval; p and q count "
            f"such {data.entity_nouns} as not holding."
        )
    return texts


def _with_codes(text: str, codes: Iterable[str]) -> Html:
    return joined([text, separated(", ", (element("code", code) for code in codes)), "."])


def limits_of(data: ReportData) -> list[str]:
    """Return what the numbers do not mean."""
    limits = [
        "Many findings are variants of one another: their number is not a number of "
        "separate discoveries.",
        "A redescription is an association. It does not show that the network uses the "
        "attribute, nor what would happen if the neuron were silenced.",
        "Values called mined were measured where the rules were searched. They are too "
        "good and are no evidence.",
        "A target without a finding may have a meaning that the given views do not hold.",
    ]
    return limits if data.evidence.in_sample_only else [*_limits_of_test(data), *limits]


def _limits_of_test(data: ReportData) -> list[str]:
    nouns = data.entity_nouns
    limits = [
        "A small q says that two rules overlap more than by chance, not that they are the "
        "same: how much they agree is what J says.",
        f"The held-out {nouns} come from the same source as the others; other sources may "
        "differ.",
    ]
    if data.widest > 2:
        limits.append(
            "A small q of three or more rules says that they are not all unrelated. One of "
            "them may still add little: compare the J of two rules alone."
        )
    if data.evidence.correction == "bh":
        option = element("code", "--correction by")
        limits.append(
            joined(
                [
                    "Benjamini-Hochberg bounds the share of false findings where the tests "
                    "are independent or positively dependent; mining with ",
                    *(option, " needs no such assumption."),
                ]
            )
        )
    if data.grouped:
        limits.append(
            f"The {nouns} belong to groups, which were kept together in the split; p and q "
            f"nevertheless treat {nouns} as independent and are too small if they are not."
        )
    return limits


def glossary_of(data: ReportData) -> list[tuple[str, str]]:
    """Return what each number is called and what it means."""
    noun, nouns = data.entity_noun, data.entity_nouns
    tested = [
        (
            "95 % interval",
            "interval of J by a bootstrap of whole groups"
            if data.grouped
            else "exact (Clopper-Pearson) interval of J",
        ),
        ("q", "p-value on the hold-out, corrected for all findings of the run"),
    ]
    in_sample = [
        ("adjusted J", "J with the agreement by chance taken away: 0 is chance, 1 perfect"),
        ("p mined", "in-sample p-value; it ignores the search"),
    ]
    every = "all rules" if data.widest > 2 else "both rules"
    return [
        (
            "J",
            f"Jaccard index: {nouns} for which {every} hold, over those for which at least "
            "one holds",
        ),
        ("support", f"number of {nouns} for which {every} hold"),
        *(in_sample if data.evidence.in_sample_only else tested),
        ("mined", "measured on the part that was searched"),
        ("top 6 %", f"holds for the 6 % of the mined {nouns} with the largest values"),
        (
            "describable",
            f"some condition on it holds for neither too few nor too many {nouns}",
        ),
        ("not known", f"a value that a rule needs is missing for the {noun}"),
    ]


def _settings(data: ReportData) -> list[tuple[str, str]]:
    evidence = data.evidence
    tested = [
        ("test", TESTS.get(evidence.test, evidence.test)),
        ("correction", CORRECTIONS.get(evidence.correction, evidence.correction)),
        ("confirmed", f"q ≤ {evidence.alpha:g} and J ≥ {evidence.min_jaccard:g}"),
        ("findings confirmed", f"{data.n_confirmed or 0:,}"),
    ]
    return [
        (f"{data.entity_nouns} mined", f"{evidence.n_mined:,}"),
        (f"{data.entity_nouns} held out", f"{evidence.n_hold_out:,}"),
        ("candidates scored", f"{evidence.n_candidates:,}"),
        ("findings kept", f"{evidence.family_size:,}"),
        ("least J mined", f"{evidence.min_jaccard:g}"),
        *([] if evidence.in_sample_only else tested),
        ("seed", f"{evidence.seed}"),
        ("seconds searched", f"{data.seconds:,.1f}"),
        *data.versions,
    ]
