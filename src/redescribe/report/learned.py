"""Learned dictionaries (FLINT) in the report: measures, attributes, pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redescribe.core.neuron import NeuronId
from redescribe.errors import ParameterError, StoreError
from redescribe.flint.detectors import LIMIT
from redescribe.flint.interpretation import HISTORY, Interpretation
from redescribe.relations.dictionary import (
    Entry,
    ExplainedDictionary,
    Source,
    explained_dictionary,
    is_learned,
    learned_views,
)
from redescribe.report.blocks import Block, plain_number
from redescribe.report.budget import Cuttable
from redescribe.store.names import folder_name

if TYPE_CHECKING:
    from os import PathLike

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.view import View
    from redescribe.report.learned_schema import (
        ConceptPictureRecord,
        ConcisenessRecord,
        DictionaryRecord,
        LossRecord,
    )

FOLDER = "flint"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """What a training left, as it is kept in a run.

    Attributes
    ----------
    interpretation
        Measures, relevances and what is drawn.
    epochs
        As `history.json` has them; empty without that file.
    pictures
        The bytes of each, by the name of the file.
    """

    interpretation: Interpretation
    epochs: tuple[Mapping[str, Any], ...]
    pictures: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class LearnedParts:
    """What the report holds about learned dictionaries.

    Attributes
    ----------
    records
        One per view, for `meta`.
    tables
        Rows of `learned` and `relevances`.
    pictures
        Blocks that may be cut.
    """

    records: list[DictionaryRecord]
    tables: dict[str, list[Row]]
    pictures: Cuttable


def keep_trained(
    run: Path,
    dataset: Dataset,
    folders: str | PathLike[str] | Mapping[str, str | PathLike[str]],
) -> None:
    """Copy what trainings left into a run, where reports find it.

    Parameters
    ----------
    run
        Folder of the run.
    dataset
        Of the run.
    folders
        That `redescribe flint interpret` or `Interpretation.save` wrote, by the view of
        their attributes; one folder, or an empty name, is of the only such view.

    Raises
    ------
    ParameterError
        If a view holds no learned attributes, or others than the folder.
    StoreError
        If a folder cannot be read or copied.
    """
    given = folders if isinstance(folders, Mapping) else {"": folders}
    for name, source in given.items():
        view = _view_of(dataset, name)
        found = Interpretation.load(source)
        n_attributes = len(found.relevance)
        largest = max(map(_number, view.names), default=0)
        if largest >= n_attributes:
            em = (
                f"{source} has attributes 0 to {n_attributes - 1}; view {view.name!r} has "
                f"the attribute {largest}. Give the folder that the view was made from."
            )
            raise ParameterError(em)
        found.copied(Path(source), run / FOLDER / folder_name(view.name))


def read_trained(run: Path, dataset: Dataset) -> dict[str, Trained]:
    """Return what is kept in a run about its learned views.

    Raises
    ------
    StoreError
        If a file is broken or missing.
    """
    found = {}
    for name in learned_views(dataset):
        folder = run / FOLDER / folder_name(name)
        if folder.is_dir():
            found[name] = _read(folder)
    return found


def learned_parts(
    assessed: AssessedSet, dataset: Dataset, trained: Mapping[str, Trained]
) -> LearnedParts:
    """Return what the report holds about the learned views of a run.

    Parameters
    ----------
    assessed, dataset
        The findings and what they were mined on.
    trained
        What their trainings left, by view.
    """
    records: list[DictionaryRecord] = []
    learned: list[Row] = []
    relevances: list[Row] = []
    blocks: list[Block] = []
    for name in learned_views(dataset):
        explained = explained_dictionary(assessed, dataset, name)
        known = trained.get(name)
        records.append(_record(dataset.view(name), explained, known))
        blocks_of_view = _picture_blocks(len(records) - 1, known)
        blocks += blocks_of_view.values()
        names = {file: block.name for file, block in blocks_of_view.items()}
        learned += _rows(dataset.view(name), explained, known, names)
        relevances += _relevances(name, known)
    sizes = (1,) * len(blocks)
    pictures = Cuttable("pictures of learned attributes", tuple(blocks), sizes)
    return LearnedParts(records, {"learned": learned, "relevances": relevances}, pictures)


def _view_of(dataset: Dataset, name: str) -> View:
    views = learned_views(dataset)
    if name:
        view = dataset.view(name)
        if not is_learned(view):
            em = f"View {name!r} holds no learned attributes (model@attributes:0, …)."
            raise ParameterError(em)
        return view
    if len(views) != 1:
        known = ", ".join(views) or "none"
        em = (
            "Which view was learned? Give VIEW=FOLDER. Views of learned attributes: "
            f"{known}."
        )
        raise ParameterError(em)
    return dataset.view(views[0])


def _read(folder: Path) -> Trained:
    found = Interpretation.load(folder)
    epochs: tuple[Mapping[str, Any], ...] = ()
    try:
        if (folder / HISTORY).exists():
            text = (folder / HISTORY).read_text(encoding="utf-8")
            epochs = tuple(json.loads(text)["epochs"])
        pictures = {one.file: (folder / one.file).read_bytes() for one in found.pictures}
    except (OSError, ValueError, KeyError, TypeError) as error:
        em = f"{folder} cannot be read: {error}. Give its source to --flint again."
        raise StoreError(em) from error
    return Trained(found, epochs, pictures)


def _number(name: str) -> int:
    return NeuronId.parse(name).unit


def _record(
    view: View, explained: ExplainedDictionary, trained: Trained | None
) -> DictionaryRecord:
    found = trained.interpretation if trained else None
    fit = found.fit if found else None
    epochs = trained.epochs if trained else ()
    return {
        "view": view.name,
        "n_attributes": len(found.relevance) if found else len(explained.entries),
        "min_jaccard": explained.min_jaccard,
        "measured": found is not None,
        "n_entities": found.n_entities if found else 0,
        "layers": list(found.layers) if found else [],
        "classes": list(found.classes) if found else [],
        "entities_of_class": list(found.entities_of_class) if found else [],
        "tau": found.tau if found else 0.0,
        "detector_limit": LIMIT,
        "fidelity": fit.fidelity if fit else None,
        "n_disagreements": fit.n_disagreements if fit else 0,
        "accuracy_f": fit.accuracy_f if fit else None,
        "accuracy_g": fit.accuracy_g if fit else None,
        "accuracy_where_agreed": fit.accuracy_where_agreed if fit else None,
        "accuracy_where_not": fit.accuracy_where_not if fit else None,
        "conciseness": _conciseness(found) if found else [],
        "losses": _losses(epochs),
        "agreement": [epoch["fidelity"] for epoch in epochs],
    }


def _conciseness(found: Interpretation) -> list[ConcisenessRecord]:
    curve = found.conciseness
    return [
        {"tau": tau, "attributes": mean, "without": share}
        for tau, mean, share in zip(curve.taus, curve.values, curve.without, strict=True)
    ]


def _losses(epochs: tuple[Mapping[str, Any], ...]) -> list[LossRecord]:
    terms = dict.fromkeys(term for epoch in epochs for term in epoch["raw"])
    return [
        {
            "term": term,
            "raw": [epoch["raw"].get(term) for epoch in epochs],
            "weighted": [epoch["weighted"].get(term) for epoch in epochs],
        }
        for term in terms
    ]


def _rows(
    view: View,
    explained: ExplainedDictionary,
    trained: Trained | None,
    blocks: Mapping[str, str],
) -> list[Row]:
    """One row per attribute of the dictionary, or of the view where that is all we have."""
    entries = {_number(entry.attribute): entry for entry in explained.entries}
    found = trained.interpretation if trained else None
    numbers = sorted(entries) if found is None else range(len(found.relevance))
    return [
        {
            "view": view.name,
            "number": j,
            **_explained(view, entries.get(j)),
            **_measured(found, j),
            "pictures": _pictures(found, j, blocks),
        }
        for j in numbers
    ]


def _explained(view: View, entry: Entry | None) -> Row:
    best = entry.best if entry else {}
    strongest = max(best.values(), key=lambda one: one.jaccard, default=None)
    row: Row = {
        "name": entry.attribute if entry else "",
        "target": view.target_name(entry.attribute) if entry else "",
        "explained_by": entry.source.value if entry else "",
        "best": strongest.finding if strongest else "",
    }
    for source in Source:
        if source is not Source.NOTHING:
            one = best.get(source)
            row[f"jaccard_{source.value}"] = one.jaccard if one else None
    return row


def _measured(found: Interpretation | None, j: int) -> Row:
    if found is None:
        unknown = dict.fromkeys(("dead", "used", "detector", "maximum", "class_jaccard"))
        return {**unknown, "class_like": ""}
    match = found.matches[j]
    return {
        "dead": j in found.dead,
        "used": j in found.used,
        "maximum": plain_number(found.maxima[j]),
        "class_like": found.classes[match.cls],
        "class_jaccard": match.jaccard,
        "detector": match in found.detectors(),
    }


def _pictures(
    found: Interpretation | None, j: int, blocks: Mapping[str, str]
) -> list[ConceptPictureRecord]:
    if found is None:
        return []
    return [
        {
            "cls": found.classes[one.cls],
            "relevance": float(found.relevance[j, one.cls]),
            "block": blocks[one.file],
            "before": list(one.before),
            "after": list(one.after),
        }
        for one in found.pictures
        if one.attribute == j
    ]


def _relevances(view: str, trained: Trained | None) -> list[Row]:
    if trained is None:
        return []
    return [
        {"view": view, "number": j, "cls": cls, "relevance": float(value)}
        for j, row in enumerate(trained.interpretation.relevance)
        for cls, value in enumerate(row)
    ]


def _picture_blocks(number: int, trained: Trained | None) -> dict[str, Block]:
    """By the name of the file; the most relevant pair first, as they were drawn."""
    if trained is None:
        return {}
    return {
        file: Block.of(f"learned-{number}-{i}", content)
        for i, (file, content) in enumerate(trained.pictures.items())
    }
