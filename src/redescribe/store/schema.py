"""What each file and folder is called inside: encoding types, versions, Parquet schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from redescribe.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

JSON: TypeAlias = "Mapping[str, JSON] | Sequence[JSON] | str | int | float | bool | None"
"""A value that JSON can hold."""

TYPE_KEY, VERSION_KEY = "encoding-type", "encoding-version"

RUN = "run"
VIEW = "view"
PART = "redescriptions-part"
ASSESSED_SET = "assessed-set"
ACTIVATIONS = "activations"
COHORT = "cohort"
NULLS = "nulls"
SHARD = "shard"
RECOVERY = "recovery"
NULL_NETWORKS = "null-networks"
EFFECTS = "effects"
FLINT = "flint"
FLINT_CHECKPOINT = "flint-checkpoint"
FLINT_INTERPRETATION = "flint-interpretation"
RULES = "rules"

VERSIONS: dict[str, tuple[str, ...]] = {
    RUN: ("0.1",),
    VIEW: ("0.1",),
    PART: ("0.1",),
    ASSESSED_SET: ("0.1",),
    ACTIVATIONS: ("0.1", "0.2"),
    COHORT: ("0.1",),
    NULLS: ("0.1",),
    RECOVERY: ("0.1",),
    NULL_NETWORKS: ("0.1",),
    RULES: ("0.1",),
    SHARD: ("0.1",),
    EFFECTS: ("0.1",),
    FLINT: ("0.1",),
    FLINT_CHECKPOINT: ("0.1",),
    FLINT_INTERPRETATION: ("0.1",),
}
"""The versions of each encoding that can be read; the last one is written."""

ENTITIES = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("group", pa.string()),
        pa.field("part", pa.string()),
    ]
)
"""Entities in order; `group` is null without groups, `part` is mine or hold_out."""

ATTRIBUTES = pa.schema(
    [
        pa.field("name", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("categories", pa.list_(pa.string()), nullable=False),
        pa.field("neuron", pa.bool_(), nullable=False),
    ]
)
"""Attributes of a view, in row order of its values."""

NEURONS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("layer", pa.string(), nullable=False),
        pa.field("unit", pa.int64(), nullable=False),
        pa.field("reducer", pa.string(), nullable=False),
        pa.field("file", pa.string(), nullable=False),
        pa.field("row", pa.int64(), nullable=False),
        pa.field("minimum", pa.float64()),
        pa.field("maximum", pa.float64()),
        pa.field("share_non_zero", pa.float64(), nullable=False),
        pa.field("share_missing", pa.float64(), nullable=False),
        pa.field("constant", pa.bool_(), nullable=False),
    ]
)
"""Captured units; extremes are null where all is missing, shares are of all entities."""

REDESCRIPTIONS = pa.schema(
    [
        pa.field("key", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("target", pa.string(), nullable=False),
        pa.field("view", pa.string(), nullable=False),
        pa.field("attribute", pa.string(), nullable=False),
        pa.field("query_views", pa.list_(pa.string()), nullable=False),
        pa.field("queries", pa.list_(pa.string()), nullable=False),
        pa.field("n_literals", pa.int64(), nullable=False),
        pa.field("n_mined", pa.int64(), nullable=False),
        pa.field("support_mined", pa.int64(), nullable=False),
        pa.field("jaccard_mined", pa.float64(), nullable=False),
        pa.field("work_mined", pa.float64(), nullable=False),
        pa.field("log10_p_mined", pa.float64(), nullable=False),
        pa.field("missing", pa.string(), nullable=False),
        pa.field("penalty", pa.float64(), nullable=False),
    ]
)
"""Redescriptions of a part, in order; row r belongs to row r of the supports."""


NEAR_DUPLICATES = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("query_views", pa.list_(pa.string()), nullable=False),
        pa.field("queries", pa.list_(pa.string()), nullable=False),
        pa.field("support_jaccard_mined", pa.float64(), nullable=False),
        pa.field("jaccard_mined", pa.float64(), nullable=False),
    ]
)
"""Near duplicates of the findings, in the order of the findings; `id` is the finding's."""


NULL_ROWS = pa.schema(
    [
        pa.field("permutation", pa.int64(), nullable=False),
        pa.field("target", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("adjusted_jaccard", pa.float64(), nullable=False),
        pa.field("jaccard", pa.float64(), nullable=False),
        pa.field("minus_log10_p", pa.float64(), nullable=False),
    ]
)
"""What searches of permuted entities find at best; 0 where nothing passed the gates."""

NULL_NETWORK_ROWS = pa.schema(
    [
        pa.field("search", pa.int64(), nullable=False),
        pa.field("null", pa.string(), nullable=False),
        pa.field("partner", pa.string(), nullable=False),
        *(NULL_ROWS.field(name) for name in NULL_ROWS.names[1:]),
    ]
)
"""The same where a null network stands in the place of the view `partner`."""

RECOVERY_ROWS = pa.schema(
    [
        pa.field("resample", pa.int64(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("support_jaccard", pa.float64(), nullable=False),
    ]
)
"""The nearest support to that of a finding in a search of resampled entities."""

EFFECT_ROWS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("view", pa.string(), nullable=False),
        pa.field("target", pa.string(), nullable=False),
        pa.field("check", pa.string(), nullable=False),
        pa.field("about", pa.string(), nullable=False),
        pa.field("n_inside", pa.int64(), nullable=False),
        pa.field("n_outside", pa.int64(), nullable=False),
        pa.field("inside", pa.float64()),
        pa.field("outside", pa.float64()),
        pa.field("effect", pa.float64()),
        pa.field("effect_low", pa.float64()),
        pa.field("effect_high", pa.float64()),
        pa.field("effect_size", pa.float64()),
        pa.field("p_value", pa.float64(), nullable=False),
        pa.field("q_value", pa.float64(), nullable=False),
        pa.field("n_permutations", pa.int64(), nullable=False),
        pa.field("within", pa.string(), nullable=False),
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("range_n_inside", pa.int64()),
        pa.field("range_n_outside", pa.int64()),
        pa.field("range_effect", pa.float64()),
        pa.field("range_auc", pa.float64()),
        pa.field("range_p_value", pa.float64()),
        pa.field("range_n_random", pa.int64()),
        pa.field("range_p_random", pa.float64()),
        pa.field("control_n", pa.int64(), nullable=False),
        pa.field("control_effect", pa.float64()),
        pa.field("control_p_value", pa.float64()),
        pa.field("changes_inside", pa.list_(pa.float64()), nullable=False),
        pa.field("changes_outside", pa.list_(pa.float64()), nullable=False),
    ]
)
"""Effects of interventions, in the order of the findings; `id` is the finding's."""


def header(encoding: str) -> dict[str, JSON]:
    """Return the two keys that name an encoding in its newest version.

    >>> header(RUN)
    {'encoding-type': 'run', 'encoding-version': '0.1'}
    """
    return {TYPE_KEY: encoding, VERSION_KEY: VERSIONS[encoding][-1]}


def check_encoding(found: Mapping[str, object], encoding: str, path: Path) -> None:
    """Check that what was read at `path` is of an encoding and of a known version.

    Raises
    ------
    StoreError
        If it is something else, or was written by a newer redescribe.
    """
    kind, version = found.get(TYPE_KEY), found.get(VERSION_KEY)
    if kind != encoding:
        em = f"{path} has the {TYPE_KEY} {kind!r}; {encoding!r} is needed. Check the path."
        raise StoreError(em)
    if version not in VERSIONS[encoding]:
        em = (
            f"{path} has the {VERSION_KEY} {version!r} of {encoding!r}; this redescribe "
            f"reads {', '.join(VERSIONS[encoding])}. Upgrade it, or make the file again."
        )
        raise StoreError(em)
