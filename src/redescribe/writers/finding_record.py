"""One finding with everything that is known of it, as plain values for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redescribe.core.breakdown import Breakdown
from redescribe.core.missing import MissingPolicy
from redescribe.core.printing import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.assessed import AssessedSet, Cell, Finding
    from redescribe.core.dataset import Dataset


def finding_record(finding: Finding, dataset: Dataset) -> dict[str, Any]:
    """Return a finding with its rules, its numbers and how they divide the entities.

    Parameters
    ----------
    finding
        Of an assessed set.
    dataset
        The one that it was mined and assessed on.

    Notes
    -----
    The numbers have the names of `AssessedSet.rows`. `rules` are the queries, the target's
    first, exact and in words. `mining_part`, and with a hold-out `hold_out`, count the
    entities: `sizes` of the rules, `support`, `union`, `jaccard`, the `pairs` of rules, and
    `combinations`: the views whose rules hold and no others. Where values are missing,
    `n_unknown` entities are in no combination, and `jaccards` has all four policies.
    """
    redescription = finding.redescription
    rules = [
        {
            "view": query.view,
            "query": str(query),
            "words": in_words(query, dataset.view(query.view), shares=True),
        }
        for query in redescription.queries
    ]
    views = [query.view for query in redescription.queries]
    mined = Breakdown.of(redescription.supports, redescription.missing)
    record = {
        **finding.row(()),
        "missing": redescription.missing.value,
        "rules": rules,
        "mining_part": _part(mined, views),
    }
    if finding.assessment is not None:
        supports = redescription.supports_on(dataset.hold_out_part)
        record["hold_out"] = _part(Breakdown.of(supports, redescription.missing), views)
    return record


def rows_with_policies(
    assessed: AssessedSet, dataset: Dataset | None
) -> list[dict[str, Cell]]:
    """Return the rows of a set; with the Jaccard under each policy if data are incomplete.

    The further cells are `missing`, the policy that was used, `jaccard_mined_<policy>`, and
    with a hold-out and its dataset `jaccard_<policy>`, None where nothing can be tested.

    Parameters
    ----------
    assessed
        Any set.
    dataset
        The one that it was assessed on; None where nobody has it.
    """
    rows = assessed.rows()
    found = [finding.redescription for finding in assessed]
    if not any(support.n_unknown for one in found for support in one.supports):
        return rows
    held_out = None
    if dataset is not None and not assessed.evidence.in_sample_only:
        held_out = dataset.hold_out_part
    for row, one in zip(rows, found, strict=True):
        row["missing"] = one.missing.value
        mined = Breakdown.of(one.supports, one.missing)
        row |= {
            f"jaccard_mined_{policy}": mined.jaccards[policy] for policy in MissingPolicy
        }
        if held_out is not None:
            tested = Breakdown.of(one.supports_on(held_out), one.missing)
            testable = tested.agreement.union > 0
            row |= {
                f"jaccard_{policy}": tested.jaccards[policy] if testable else None
                for policy in MissingPolicy
            }
    return rows


def _part(found: Breakdown, views: Sequence[str]) -> dict[str, Any]:
    agreement = found.agreement
    part: dict[str, Any] = {
        "n_entities": agreement.n_entities,
        "sizes": dict(zip(views, agreement.sizes, strict=True)),
        "support": agreement.support,
        "union": agreement.union,
        "jaccard": agreement.jaccard if agreement.union else None,
        "pairs": [
            {"views": [views[pair.first], views[pair.second]], "jaccard": pair.jaccard}
            for pair in found.pairs
        ],
        "combinations": [
            {
                "views": [v for v, true in zip(views, holds, strict=True) if true],
                "n_entities": n_entities,
            }
            for holds, n_entities in found.combinations
        ],
    }
    if found.n_unknown:
        part["n_unknown"] = found.n_unknown
        part["jaccards"] = {policy.value: j for policy, j in found.jaccards.items()}
    return part
