"""What the interactive report holds: tables of columns, and the records inside them.

The types of the front end (`web/src/data/schema.ts`) are generated from this module.
"""

from __future__ import annotations

from typing import NamedTuple, TypedDict

from redescribe.report import learned_schema
from redescribe.report.learned_schema import DictionaryRecord  # noqa: TC001 - types are read
from redescribe.report.rule_schema import (
    LiteralRecord,
    QueryRecord,
    RuleEvidenceRecord,
    RuleRecord,
    TermRecord,
    TradeOffRecord,
)

FORMAT = 1
"""Changes when an older front end could not read the data."""


class NearDuplicateRecord(TypedDict):
    """What a finding stands for; both numbers are of the mining part."""

    text: str
    support_jaccard_mined: float
    jaccard_mined: float


class NetworkNullRecord(TypedDict):
    """A finding between two networks beside searches with a network that means nothing."""

    null: str
    partner: str
    value: float
    n_searches: int
    mean: float
    maximum: float
    p_value: float


class FrontRecord(TypedDict):
    """The best pair of one length; the hold-out numbers are null where not defined."""

    length: int
    text: str
    pays: bool
    jaccard_mined: float
    jaccard: float | None


class CutRecord(TypedDict):
    """What was left out to keep the file within its budget."""

    what: str
    shown: int
    total: int


class MediaRecord(TypedDict):
    """Entities with a picture and with a text in this file, and how many lie in a block."""

    pictures: int
    texts: int
    per_block: int


class ViewRecord(TypedDict):
    """One view; `first` is the row of its first attribute in the table of attributes."""

    name: str
    contents: str
    network: bool
    first: int
    n_attributes: int


class SettingRecord(TypedDict):
    """One parameter with its value as text and where it comes from."""

    name: str
    value: str
    origin: str


class SettingChangeRecord(TypedDict):
    """A parameter that differs between two runs; empty where one does not have it."""

    name: str
    other: str
    here: str


class ComparedRecord(TypedDict):
    """The run that this one is compared with; `tested` if both have a hold-out."""

    title: str
    tested: bool
    n_shared: int
    warnings: list[str]
    settings: list[SettingChangeRecord]


class LineRecord(TypedDict):
    """A name and a text beside it."""

    name: str
    text: str


class Meta(TypedDict):
    """What holds for the whole run."""

    format: int
    title: str
    entity_noun: str
    entity_nouns: str
    n_entities: int
    n_mined: int
    n_hold_out: int
    grouped: bool
    caveat: str
    sample: str
    missing: str
    causal: str
    test: str
    correction: str
    alpha: float
    min_jaccard: float
    family_size: int
    n_candidates: int
    n_confirmed: int | None
    seconds: float
    seed: int
    n_permutations: int
    n_bootstrap: int
    n_recovery: int
    statistic: str
    example: int | None
    read_first: list[int]
    views: list[ViewRecord]
    steps: list[str]
    limits: list[str]
    glossary: list[LineRecord]
    settings: list[SettingRecord]
    versions: list[LineRecord]
    fingerprints: list[LineRecord]
    own_data: str
    queries: int
    supports_per_block: int
    cuts: list[CutRecord]
    media: MediaRecord
    compared: ComparedRecord | None
    dictionaries: list[DictionaryRecord]


class Column(NamedTuple):
    """One column of a table.

    Attributes
    ----------
    name
        As in the tables of the run where there is one.
    kind
        `number` (float64; NaN is not defined), `count` (uint32), `flag` (uint8: 0, 1, or 2
        for not defined), or the type of what a JSON list holds.
    """

    name: str
    kind: str


def _columns(**kinds: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name, kind in kinds.items())


TABLES: dict[str, tuple[Column, ...]] = {
    "findings": _columns(
        id="string",
        key="string",
        kind="string",
        target="string",
        view="string",
        attribute="string",
        queries="QueryRecord[]",
        words="string[]",
        n_literals="count",
        support_mined="count",
        union_mined="count",
        jaccard_mined="number",
        adjusted_jaccard_mined="number",
        log10_p_mined="number",
        work_mined="number",
        support="number",
        union="number",
        jaccard="number",
        jaccard_low="number",
        jaccard_high="number",
        adjusted_jaccard="number",
        expected_jaccard="number",
        work="number",
        log10_p="number",
        log10_q="number",
        confirmed="flag",
        p_search="number",
        p_search_family="number",
        stability="number",
        recovery="number",
        missing="string",
        near_duplicates="NearDuplicateRecord[]",
        networks="NetworkNullRecord[]",
    ),
    "targets": _columns(
        target="string",
        view="string",
        attribute="string",
        state="string",
        reason="string",
        n_bins="count",
        best_jaccard_mined="number",
        baseline_jaccard="number",
        baseline="string",
        n_candidates="number",
        proven="string",
        front="FrontRecord[]",
        role="string",
        classes="string[]",
        attributes="string[]",
        neurons="string[]",
        meanings="string[]",
        n_findings="count",
        n_confirmed="number",
        best="string",
        jaccard="number",
        adjusted_jaccard="number",
        p_search="number",
    ),
    "attributes": _columns(
        view="string",
        name="string",
        target="string",
        words="string",
        kind="string",
        categories="string[]",
        neuron="flag",
        layer="string",
        share_missing="number",
        share_active="number",
        minimum="number",
        maximum="number",
        mean="number",
        n_distinct="count",
        duplicate_of="string",
        quantiles="number[]",
        n_findings="count",
    ),
    "entities": _columns(id="string", group="string", held_out="flag"),
    "layers": _columns(
        target="string",
        partner="string",
        n_targets="count",
        n_describable="count",
        n_described="count",
        n_findings="count",
        n_confirmed="number",
        best="number",
        mean="number",
        mean_adjusted="number",
    ),
    "links": _columns(
        target="string",
        concept_view="string",
        concept="string",
        n_findings="count",
        n_confirmed="number",
        best="string",
        jaccard="number",
        adjusted_jaccard="number",
        jaccard_mined="number",
        direction="string",
        concept_direction="string",
    ),
    "matchings": _columns(
        left_place="string",
        right_place="string",
        n_left="count",
        n_right="count",
        matched="number",
        correlation="number",
        cka="number",
    ),
    "matches": _columns(
        left_place="string",
        right_place="string",
        left="string",
        right="string",
        finding="string",
        jaccard="number",
        adjusted_jaccard="number",
        correlation="number",
        correlated="string",
    ),
    "effects": _columns(
        id="string",
        view="string",
        target="string",
        check="string",
        about="string",
        n_inside="count",
        n_outside="count",
        inside="number",
        outside="number",
        effect="number",
        effect_low="number",
        effect_high="number",
        effect_size="number",
        p_value="number",
        q_value="number",
        n_permutations="count",
        within="string",
        verdict="string",
        control_n="count",
        control_effect="number",
        control_p_value="number",
        range_effect="number",
        range_p_value="number",
    ),
    "nulls": _columns(target="string", kind="string", maxima="number[]"),
    "changes": _columns(
        change="string",
        target="string",
        kind="string",
        explained="flag",
        id="string",
        other_id="string",
        other_rules="string[]",
        other_words="string[]",
        other_jaccard_mined="number",
        other_jaccard="number",
        other_log10_q="number",
        other_confirmed="flag",
    ),
    **{name: _columns(**kinds) for name, kinds in learned_schema.TABLES.items()},
    "rule_sets": _columns(
        name="string",
        view="string",
        outputs="string",
        labels="string",
        kind="string",
        combination="string",
        classes="string[]",
        default="number",
        base="number[]",
        values="number[]",
        rules="RuleRecord[]",
        trade_off="TradeOffRecord[]",
        forms="LineRecord[]",
    ),
}
"""Columns of every table, by name."""

RECORDS = (
    LiteralRecord,
    TermRecord,
    QueryRecord,
    NearDuplicateRecord,
    NetworkNullRecord,
    FrontRecord,
    CutRecord,
    MediaRecord,
    ViewRecord,
    SettingRecord,
    SettingChangeRecord,
    ComparedRecord,
    LineRecord,
    *learned_schema.RECORDS,
    RuleEvidenceRecord,
    RuleRecord,
    TradeOffRecord,
    Meta,
)
"""Records inside the columns, those that others use first."""
