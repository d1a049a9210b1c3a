"""One finding with everything that is known of it, as plain values for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.core.breakdown import Breakdown
from redescribe.core.homogeneity import Homogeneity
from redescribe.core.missing import MissingPolicy
from redescribe.core.printing import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.certificate import Certificate
    from redescribe.core.dataset import Dataset
    from redescribe.core.redescription import Redescription
    from redescribe.core.support import Support


def finding_record(
    finding: Finding, dataset: Dataset, certificate: Certificate | None = None
) -> dict[str, Any]:
    """Return a finding with its rules, its numbers and how they divide the entities.

    Parameters
    ----------
    finding
        Of an assessed set.
    dataset
        The one that it was mined and assessed on.
    certificate
        What is proven about its target and partner view, if something is.

    Notes
    -----
    The numbers have the names of `AssessedSet.rows`. `rules` are the queries, the target's
    first, exact and in words. `mining_part`, and with a hold-out `hold_out`, count the
    entities: `sizes` of the rules, `support`, `union`, `jaccard`, the `pairs` of rules, and
    `combinations`: the views whose rules hold and no others. Where values are missing,
    `n_unknown` entities are in no combination, and `jaccards` has all four policies.
    `precisions` are the shares of the entities of each rule that have all rules, and
    `classes` says, for each nominal or Boolean column, what the entities of all rules are.
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
        "mining_part": _part(mined, views)
        | {"classes": _classes(redescription, redescription.supports, dataset.mining_part)},
    }
    if finding.assessment is not None:
        held_out = dataset.hold_out_part
        supports = redescription.supports_on(held_out)
        part = _part(Breakdown.of(supports, redescription.missing), views)
        record["hold_out"] = part | {"classes": _classes(redescription, supports, held_out)}
    if certificate is not None:
        record["certificate"] = certificate.record()
    return record


def rows_with_policies(
    assessed: AssessedSet, dataset: Dataset | None
) -> list[dict[str, Any]]:
    """Return the rows of a set; with the Jaccard under each policy if data are incomplete.

    Where something is proven about a target, each row has a `certificate`: an object, or
    None for findings that are no individual descriptions by one other view.

    The further cells are `missing`, the policy that was used, `jaccard_mined_<policy>`, and
    with a hold-out and its dataset `jaccard_<policy>`, None where nothing can be tested.

    Parameters
    ----------
    assessed
        Any set.
    dataset
        The one that it was assessed on; None where nobody has it.
    """
    rows: list[dict[str, Any]] = list(assessed.rows())
    found = [finding.redescription for finding in assessed]
    proofs = assessed.certificates()
    if proofs:
        for row, one in zip(rows, found, strict=True):
            proof = proofs.get(one.place) if one.place else None
            row["certificate"] = proof.record() if proof else None
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
        "precisions": dict(zip(views, agreement.precisions, strict=True)),
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


def _classes(
    redescription: Redescription, supports: Sequence[Support], part: Dataset
) -> list[dict[str, Any]]:
    """What the entities of all rules are, for each column of classes."""
    members = np.all([support.mask for support in supports], axis=0)
    used = {(q.view, name) for q in redescription.queries for name in q.attributes}
    found = []
    for view in part.views:
        for attribute in view.attributes:
            if attribute.is_numeric:
                continue
            uniform = Homogeneity.among(view, attribute.name, members)
            counts = zip(attribute.categories, uniform.counts, strict=True)
            found.append(
                {
                    "view": view.name,
                    "attribute": attribute.name,
                    "by_construction": (view.name, attribute.name) in used,
                    "counts": dict(counts),
                    "majority": uniform.majority,
                    "purity": uniform.purity,
                    "entropy": uniform.entropy,
                }
            )
    return found
