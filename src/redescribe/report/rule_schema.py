"""Records of rules in the interactive report: of findings, and of rule sets."""

from __future__ import annotations

from typing import TypedDict


class LiteralRecord(TypedDict):
    """A predicate: an interval where `values` is null, else a membership."""

    attribute: str
    low: float | None
    high: float | None
    low_closed: bool
    high_closed: bool
    values: list[str] | None


class TermRecord(TypedDict):
    """Literals that all hold or, negated, do not all hold."""

    negated: bool
    literals: list[LiteralRecord]


class QueryRecord(TypedDict):
    """An OR of terms over one view; `support` is its row in the table of supports."""

    view: str
    text: str
    terms: list[TermRecord]
    support: int


class RuleEvidenceRecord(TypedDict):
    """What one rule covers, and for how many of these the network gives its class."""

    n_entities: int
    n_covered: int
    n_correct: int


class RuleRecord(TypedDict):
    """A rule of a rule set; `label` is a position among its classes.

    `support` of the query is a row of the block of the rule set, not of the findings'.
    """

    query: QueryRecord
    words: str
    label: int
    weight: float
    n_literals: int
    mined: RuleEvidenceRecord
    hold_out: RuleEvidenceRecord | None


class TradeOffRecord(TypedDict):
    """What rule sets of a length reach: mean of folds of the mining part, and hold-out."""

    max_literals: int
    fidelity: float
    fidelity_sd: float
    chosen: bool
    n_rules: int | None
    n_literals: int | None
    hold_out: float | None
    hold_out_accuracy: float | None
