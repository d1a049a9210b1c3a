"""The families of finished runs on the same split -> one run, tested once more."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.core.dataset import Dataset
from redescribe.core.opening import Opening
from redescribe.errors import EntityMismatchError, ParameterError, StoreError, ViewError
from redescribe.selection.union import union_of
from redescribe.significance.assess import assess
from redescribe.significance.params import AssessParams
from redescribe.significance.stability import with_stability
from redescribe.store.fingerprint import (
    dataset_fingerprint,
    params_fingerprint,
    plain,
    stage_key,
)
from redescribe.store.run import RunFolder
from redescribe.study.openings import openings_of, record_opening

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.view import View
    from redescribe.store.schema import JSON

_TESTED_ALIKE = ("alpha", "test", "correction")


@dataclass(frozen=True, slots=True, eq=False)
class FinishedRun:
    """A run whose findings are there.

    Attributes
    ----------
    run, dataset, assessed
        The folder and what it holds.
    document
        Its `run.json`.
    """

    run: RunFolder
    dataset: Dataset
    assessed: AssessedSet
    document: dict[str, Any]

    @classmethod
    def of(cls, run: RunFolder) -> FinishedRun:
        """Read a finished run."""
        return cls(run, run.dataset(), run.read_assessed(), dict(run.document))

    @property
    def name(self) -> str:
        """Of the folder."""
        return self.run.path.name

    @property
    def openings(self) -> list[Opening]:
        """All openings of the hold-out that the run knows of, its own last."""
        evidence = self.assessed.evidence
        if evidence.in_sample_only:
            return []
        own = Opening(self.name, self.run.key, evidence.family_size, evidence.n_candidates)
        return [*openings_of(self.run, without=own.key), own]

    @property
    def families(self) -> set[str]:
        """Keys of the runs whose families it holds: its own, and those it was merged of."""
        return {self.run.key, *_merged_keys(self.document["parameters"])}

    def record(self) -> dict[str, JSON]:
        """Return what the merged run says of it."""
        evidence = self.assessed.evidence
        return {
            "run": self.name,
            "key": self.run.key,
            "family_size": evidence.family_size,
            "n_candidates": evidence.n_candidates,
            "parameters": self.document["parameters"],
        }


def merge_families(
    sources: Sequence[RunFolder], out: Path, *, force: bool = False
) -> AssessedSet:
    """Return the union of the families of finished runs, tested on their hold-out.

    `redescribe.study.merge.merge` documents what it means and what it raises.
    """
    _check_apart(sources, out)
    runs = [FinishedRun.of(source) for source in sources]
    _check_distinct(runs)
    for other in runs[1:]:
        _check_same_split(runs[0], other)
        _check_tested_alike(runs[0], other)
    dataset = _joined_dataset(runs)
    evidence = runs[0].assessed.evidence
    params = AssessParams(**{name: getattr(evidence, name) for name in _TESTED_ALIKE})
    families = [run.assessed for run in runs]
    family = union_of(families, dataset)
    key = stage_key(
        "merge",
        dataset_fingerprint(dataset),
        params_fingerprint(params),
        *(source.key for source in sources),
    )
    sizes = sum(map(len, families))
    parameters: dict[str, JSON] = {
        "split": plain(dataset.split.params),
        "assess": plain(params),
        "merge": {
            "sources": [run.record() for run in runs],
            "n_repeated": sizes - len(family),
        },
    }
    target = RunFolder.create(out, dataset, parameters, key, force=force)
    before = _distinct([openings_of(target, without=key), *(r.openings for r in runs)])
    if target.document["stages"]:
        return target.read_assessed()
    started = time.perf_counter()
    record_opening(target, dataset, family, before)
    assessed = assess(family, dataset, params, opened_before=before, n_merged=len(families))
    n_resamples = max(f.evidence.resampling.n_bootstrap for f in families)
    if n_resamples:
        assessed = with_stability(assessed, dataset, n_resamples)
    target.write_assessed(assessed)
    mined = sum(run.document["counts"].get("mined", 0) for run in runs)
    target.update(
        counts={"mined": mined, **assessed.counts},
        seconds={"mining": family.seconds, "assessing": time.perf_counter() - started},
        stages={"mine": "done", "select": "done", "assess": "done"},
    )
    return assessed


def _check_apart(sources: Sequence[RunFolder], out: Path) -> None:
    if out in [source.path for source in sources]:
        em = f"{out} is one of the runs to merge. Choose another folder for the result."
        raise StoreError(em)


def _merged_keys(parameters: Mapping[str, Any]) -> Iterator[str]:
    for source in parameters.get("merge", {}).get("sources", []):
        yield source["key"]
        yield from _merged_keys(source["parameters"])


def _check_distinct(runs: Sequence[FinishedRun]) -> None:
    """No family comes in twice: its candidates would be counted twice."""
    known: dict[str, FinishedRun] = {}
    for run in runs:
        for key in run.families:
            other = known.setdefault(key, run)
            if other is not run:
                em = (
                    f"{other.name!r} and {run.name!r} hold the same findings: one is a "
                    "copy of the other, or merged of it or with it. Leave one of them out."
                )
                raise StoreError(em)


def _check_same_split(first: FinishedRun, other: FinishedRun) -> None:
    mine, theirs = first.dataset, other.dataset
    names = f"{first.name!r} and {other.name!r}"
    if mine.entities.ids != theirs.entities.ids:
        pairs = zip(mine.entities.ids, theirs.entities.ids, strict=False)
        differs = next(((a, b) for a, b in pairs if a != b), None)
        what = (
            f"the first to differ are {differs[0]!r} and {differs[1]!r}"
            if differs
            else f"they have {mine.n_entities} and {theirs.n_entities}"
        )
        em = (
            f"The runs {names} are about different entities, or order them in another way: "
            f"{what}. Only runs on the same entities and split can be merged."
        )
        raise EntityMismatchError(em)
    same = mine.entities.groups == theirs.entities.groups and np.array_equal(
        mine.split.held_out, theirs.split.held_out
    )
    if not same:
        shared = np.intersect1d(mine.split.held_out, theirs.split.held_out).size
        em = (
            f"The runs {names} hold out different entities ({mine.split.held_out.size} and "
            f"{theirs.split.held_out.size}, {shared} in common) or group them in another "
            "way: what one mined, the other tests on. Mine one of them again with the "
            "split of the other (--hold-out, --stratify and the seed of [split])."
        )
        raise EntityMismatchError(em)


def _check_tested_alike(first: FinishedRun, other: FinishedRun) -> None:
    for name in _TESTED_ALIKE:
        one, two = (getattr(run.assessed.evidence, name) for run in (first, other))
        if one != two:
            em = (
                f"{first.name!r} was tested with {name}={one} and {other.name!r} with "
                f"{two}; one family has one {name}. Mine one of them again with the "
                f"--{name} of the other."
            )
            raise ParameterError(em)


def _joined_dataset(runs: Sequence[FinishedRun]) -> Dataset:
    """All views, in the order in which they occur; equal names must be equal views."""
    views: dict[str, View] = {}
    origin: dict[str, FinishedRun] = {}
    for run in runs:
        for view in run.dataset.views:
            known = origin.setdefault(view.name, run)
            hashes = [one.document["fingerprints"][view.name] for one in (known, run)]
            if hashes[0] != hashes[1]:
                em = (
                    f"View {view.name!r} has other columns or values in {run.name!r} than "
                    f"in {known.name!r}. Give it another name in one of the runs, or mine "
                    "both on the same table."
                )
                raise ViewError(em)
            views.setdefault(view.name, view)
    return Dataset(tuple(views.values()), runs[0].dataset.split)


def _distinct(openings: Iterable[Iterable[Opening]]) -> list[Opening]:
    """Each opening once, in order: two runs may know of the same earlier one."""
    known = {opening.key: opening for some in openings for opening in some}
    return list(known.values())
