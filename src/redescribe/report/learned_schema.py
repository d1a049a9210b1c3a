"""Records of learned dictionaries (FLINT) in the interactive report."""

from __future__ import annotations

from typing import TypedDict


class ConceptPictureRecord(TypedDict):
    """Entities of a class that activate an attribute most, and what makes it stronger."""

    cls: str
    relevance: float
    block: str
    before: list[float]
    after: list[float]


class LossRecord(TypedDict):
    """One term of a loss, epoch by epoch; null in epochs without it."""

    term: str
    raw: list[float | None]
    weighted: list[float | None]


class ConcisenessRecord(TypedDict):
    """How many attributes an explanation needs; `without` is the share that has none."""

    tau: float
    attributes: float
    without: float


class DictionaryRecord(TypedDict):
    """A learned dictionary (FLINT); `measured` says whether its training is known."""

    view: str
    n_attributes: int
    min_jaccard: float
    measured: bool
    n_entities: int
    layers: list[str]
    classes: list[str]
    entities_of_class: list[int]
    tau: float
    detector_limit: float
    fidelity: float | None
    n_disagreements: int
    accuracy_f: float | None
    accuracy_g: float | None
    accuracy_where_agreed: float | None
    accuracy_where_not: float | None
    conciseness: list[ConcisenessRecord]
    losses: list[LossRecord]
    agreement: list[float | None]


RECORDS = (ConceptPictureRecord, LossRecord, ConcisenessRecord, DictionaryRecord)
"""All of them, those that others use first."""

TABLES: dict[str, dict[str, str]] = {
    "learned": {
        "view": "string",
        "number": "count",
        "name": "string",
        "target": "string",
        "dead": "flag",
        "used": "flag",
        "maximum": "number",
        "class_like": "string",
        "class_jaccard": "number",
        "detector": "flag",
        "explained_by": "string",
        "jaccard_attributes": "number",
        "jaccard_neurons": "number",
        "jaccard_dictionaries": "number",
        "jaccard_labels": "number",
        "best": "string",
        "pictures": "ConceptPictureRecord[]",
    },
    "relevances": {
        "view": "string",
        "number": "count",
        "cls": "count",
        "relevance": "number",
    },
}
"""Kinds of the columns of every table, by name."""
