"""`redescribe explain`: one finding in words, with its counts and its evidence."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.dataset import Dataset
    from redescribe.core.near_duplicate import NearDuplicate

_MAX_NEAR_DUPLICATES = 5


def explain(
    run: Annotated[Path, typer.Argument(help="run folder")],
    finding: Annotated[
        str, typer.Argument(help="id of a finding, such as R1, its key, or a target")
    ],
    *,
    json: Annotated[bool, typer.Option("--json", help="print it all as JSON")] = False,
) -> None:
    """Explain one finding: words, how many entities agree, and how sure we can be.

    Of a target it tells what became of it, and how much longer rules would bring.
    """
    from redescribe.cli.effect_tables import effect_lines  # noqa: PLC0415
    from redescribe.cli.target import find_target, target_lines  # noqa: PLC0415
    from redescribe.store.effects import has_effects, read_effects  # noqa: PLC0415
    from redescribe.store.run import RunFolder  # noqa: PLC0415

    folder = RunFolder.open(run)
    assessed = folder.read_assessed()
    report = find_target(assessed, finding)
    if report is not None and not json:
        for line in target_lines(report, assessed):
            typer.echo(line)
        return
    found = find(assessed, finding)
    effects = read_effects(folder.path) if has_effects(folder.path) else None
    if json:
        from json import dumps  # noqa: PLC0415

        from redescribe.writers.finding_record import finding_record  # noqa: PLC0415

        place = found.redescription.place
        certificate = assessed.certificates().get(place) if place else None
        record = finding_record(found, folder.dataset(), certificate)
        if effects is not None:
            record["causal"] = [effect.row() for effect in effects.of(found.redescription)]
        typer.echo(dumps(record, ensure_ascii=False, indent=2))
        return
    for line in explanation(found, assessed, folder.dataset()):
        typer.echo(line)
    if effects is not None:
        for line in effect_lines(effects, found.redescription):
            typer.echo(line)


def explanation(finding: Finding, assessed: AssessedSet, dataset: Dataset) -> Iterator[str]:
    """Yield the lines of an explanation."""
    from redescribe.core.printing import in_words  # noqa: PLC0415

    redescription = finding.redescription
    kind = redescription.kind.value
    yield f"{finding.id}  ({kind} description of {redescription.target})"
    yield ""
    yield "These hold for nearly the same entities:"
    for query in redescription.queries:
        yield f"  - {in_words(query, dataset.view(query.view), shares=True)}"
    yield ""
    for query in redescription.queries:
        yield f"  {query.view}: {query}"
    yield ""
    yield from _agreement(finding, dataset)
    yield from _evidence(finding, assessed)
    yield from _proof(finding, assessed)
    yield from _near_duplicates(finding.near_duplicates)


def _agreement(finding: Finding, dataset: Dataset) -> Iterator[str]:
    """The counts of the mining part and, where there is one, of the hold-out."""
    import numpy as np  # noqa: PLC0415

    from redescribe.cli import agreement  # noqa: PLC0415
    from redescribe.core.breakdown import Breakdown  # noqa: PLC0415

    redescription = finding.redescription
    datasets = {"mined": dataset.mining_part}
    supports = {"mined": redescription.supports}
    if finding.assessment is not None:
        datasets["held out"] = dataset.hold_out_part
        supports["held out"] = redescription.supports_on(datasets["held out"])
    parts = {
        name: Breakdown.of(found, redescription.missing) for name, found in supports.items()
    }
    if len(redescription.queries) == 2:
        titles = {"mined": "Mining part", "held out": "Hold-out"}
        for name, found in supports.items():
            counted = parts[name].agreement
            title = f"{titles[name]} ({counted.n_entities} entities)"
            yield from agreement.four_cells(title, found, counted)
    else:
        views = [query.view for query in redescription.queries]
        yield from agreement.counts(views, parts)
    yield from agreement.policies(parts)
    everywhere = {
        name: np.all([support.mask for support in found], axis=0)
        for name, found in supports.items()
    }
    used = {(q.view, name) for q in redescription.queries for name in q.attributes}
    yield from agreement.classes(datasets, everywhere, used)


def find(assessed: AssessedSet, name: str) -> Finding:
    """Return the finding of this id or key.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    from redescribe.errors import UnknownNameError  # noqa: PLC0415

    for finding in assessed:
        if name in {finding.id, finding.redescription.key}:
            return finding
    known = [finding.id for finding in assessed]
    if not known:
        em = f"The run has no findings, so no {name!r}: see `redescribe show --targets`."
        raise UnknownNameError(em)
    what = "The run has no finding"
    raise UnknownNameError.among(what, name, known)


def _evidence(finding: Finding, assessed: AssessedSet) -> Iterator[str]:
    from redescribe.core.printing import format_p  # noqa: PLC0415

    redescription, assessment = finding.redescription, finding.assessment
    evidence = assessed.evidence
    yield "Evidence"
    if assessment is None:
        yield f"  {evidence.caveat}"
        yield f"  p mined {format_p(redescription.log10_p_mined)} (ignores the search)"
        yield from _resampled(finding, assessed)
        return
    held_out = assessment.hold_out
    if not held_out.union:
        yield "  Not testable: no held-out entity satisfies any of the rules."
    else:
        # There is none where another policy for missing values is asked for.
        interval = (
            f"95 % interval {assessment.jaccard_low:.2f} to {assessment.jaccard_high:.2f}; "
            if assessment.jaccard_low is not None and assessment.jaccard_high is not None
            else ""
        )
        yield (
            f"  hold-out Jaccard {held_out.jaccard:.3f} ({interval}"
            f"chance-corrected {held_out.adjusted_jaccard:.2f}; "
            f"mined {redescription.mined.jaccard:.3f})"
        )
        yield (
            f"  p {format_p(assessment.log10_p_value)} ({evidence.test}); "
            f"q {format_p(assessment.log10_q_value)} ({evidence.correction} over "
            f"{evidence.family_size} findings)"
        )
        yield (
            f"  without {redescription.attribute} the hold-out Jaccard would be "
            f"{assessment.work:.2f} lower"
        )
        if len(redescription.queries) > 2:
            yield "  a small p: the rules are not all unrelated; one may still add little"
    verdict = "confirmed" if assessment.confirmed else "not confirmed"
    yield (
        f"  {verdict}: confirmed means q <= {evidence.alpha:g} and hold-out Jaccard >= "
        f"{evidence.min_jaccard:g}"
    )
    yield from _resampled(finding, assessed)
    yield f"  {evidence.caveat}"


def _proof(finding: Finding, assessed: AssessedSet) -> Iterator[str]:
    """What is proven about better descriptions of the same target by the same view."""
    place = finding.redescription.place
    certificate = assessed.certificates().get(place) if place else None
    if certificate is not None:
        yield ""
        yield "Certificate (of the search, on the mining part)"
        yield f"  {certificate.sentence}"


def _resampled(finding: Finding, assessed: AssessedSet) -> Iterator[str]:
    """What permutations and resamples say, where they were asked for."""
    evidence, resampling = assessed.evidence, assessed.evidence.resampling
    if finding.p_search is not None:
        yield (
            f"  p search {finding.p_search.value:.3g} for this target, "
            f"{finding.p_search.family:.3g} over all targets "
            f"({resampling.n_permutations:,} searches of permuted entities)"
        )
    for null in finding.nulls:
        yield (
            f"  {resampling.statistic} {null.value:.3g} with {null.partner}; with it {null}"
        )
    if finding.stability is not None:
        yield (
            f"  stability {finding.stability:.2f}: of {resampling.n_bootstrap:,} resamples "
            f"of the hold-out, the share with Jaccard >= {evidence.min_jaccard:g}"
        )
    if finding.recovery is not None:
        yield (
            f"  recovery {finding.recovery.share:.2f}: of {resampling.n_recovery:,} "
            "searches of resampled mined entities, the share that finds nearly the same "
            f"entities (mean Jaccard {finding.recovery.mean:.2f})"
        )


def _near_duplicates(found: Sequence[NearDuplicate]) -> Iterator[str]:
    if not found:
        return
    shown = found[:_MAX_NEAR_DUPLICATES]
    yield ""
    yield (
        f"Near duplicates: {len(found)} that gave way to this one, {len(shown)} shown "
        "(mined, not tested)"
    )
    for near in shown:
        yield f"  {near}"
        yield (
            f"    mined Jaccard {near.jaccard_mined:.3f}; its entities and those of this "
            f"one: Jaccard {near.support_jaccard_mined:.3f}"
        )
