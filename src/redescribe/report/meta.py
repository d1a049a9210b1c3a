"""What the interactive report says about the run as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.relations.places import network_views
from redescribe.report import methods
from redescribe.report.markup import plain_text
from redescribe.report.media_blocks import PER_BLOCK
from redescribe.report.schema import FORMAT, LineRecord, Meta, ViewRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.report.data import ReportData


def meta_of(assessed: AssessedSet, dataset: Dataset, summary: ReportData) -> Meta:
    """Return what holds for the whole run; settings, supports and cuts are still empty.

    Parameters
    ----------
    assessed, dataset
        The findings and what they were mined on.
    summary
        What the plain report says.
    """
    evidence = assessed.evidence
    resampling = evidence.resampling
    positions = {finding.id: number for number, finding in enumerate(assessed)}
    example = summary.example
    return {
        "format": FORMAT,
        "title": summary.title,
        "entity_noun": summary.entity_noun,
        "entity_nouns": summary.entity_nouns,
        "n_entities": dataset.n_entities,
        "n_mined": evidence.n_mined,
        "n_hold_out": evidence.n_hold_out,
        "grouped": summary.grouped,
        "caveat": assessed.caveat,
        "sample": summary.sample.caveat if summary.sample is not None else "",
        "missing": summary.missing,
        "causal": summary.causal,
        "test": methods.TESTS.get(evidence.test, evidence.test),
        "correction": methods.CORRECTIONS.get(evidence.correction, evidence.correction),
        "alpha": evidence.alpha,
        "min_jaccard": evidence.min_jaccard,
        "family_size": evidence.family_size,
        "n_candidates": evidence.n_candidates,
        "n_confirmed": summary.n_confirmed,
        "seconds": assessed.seconds,
        "seed": evidence.seed,
        "n_permutations": resampling.n_permutations,
        "n_bootstrap": resampling.n_bootstrap,
        "n_recovery": resampling.n_recovery,
        "statistic": resampling.statistic,
        "example": positions[example.id] if example is not None else None,
        "read_first": [positions[row.id] for row in summary.read_first],
        "views": _views(dataset, summary),
        "steps": list(map(plain_text, methods.steps_of(summary))),
        "limits": list(map(plain_text, methods.limits_of(summary))),
        "glossary": _lines(methods.glossary_of(summary)),
        "settings": [],
        "versions": _lines(summary.versions),
        "fingerprints": [],
        "own_data": methods.COMMAND,
        "queries": 0,
        "supports_per_block": 0,
        "cuts": [],
        "media": {"pictures": 0, "texts": 0, "per_block": PER_BLOCK},
        "compared": None,
        "dictionaries": [],
    }


def _views(dataset: Dataset, summary: ReportData) -> list[ViewRecord]:
    contents = {view.name: view.contents for view in summary.views}
    networks = network_views(dataset)
    views: list[ViewRecord] = []
    first = 0
    for view in dataset.views:
        views.append(
            {
                "name": view.name,
                "contents": contents.get(view.name, ""),
                "network": view.name in networks,
                "first": first,
                "n_attributes": len(view.attributes),
            }
        )
        first += len(view.attributes)
    return views


def _lines(pairs: Iterable[tuple[str, str]]) -> list[LineRecord]:
    return [{"name": name, "text": text} for name, text in pairs]
