"""A run -> everything that its interactive report holds, as blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from redescribe.relations.related import relate
from redescribe.report.attribute_rows import attribute_rows, column_values, entity_rows
from redescribe.report.blocks import Block, array_block, json_block, lazy_block, table_block
from redescribe.report.budget import Cuttable, fit
from redescribe.report.examples import order_of_examples
from redescribe.report.finding_rows import (
    bounds_of_attributes,
    finding_rows,
    findings_of_attributes,
    null_rows,
    target_rows,
)
from redescribe.report.learned import learned_parts
from redescribe.report.media_blocks import picture_blocks, text_blocks
from redescribe.report.meta import meta_of
from redescribe.report.packed import PackedSupports
from redescribe.report.rounded import rounded_column
from redescribe.report.rule_rows import queries_of, rule_blocks, rule_set_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.effect import Effects
    from redescribe.core.null_table import NullTable
    from redescribe.core.query import Query
    from redescribe.core.view import View
    from redescribe.relations.related import Related
    from redescribe.report.compared import Compared
    from redescribe.report.data import ReportData
    from redescribe.report.learned import Trained
    from redescribe.report.media import Media
    from redescribe.report.media_blocks import MediaBlocks
    from redescribe.report.schema import CutRecord, Meta
    from redescribe.rules.run_rules import RunRules

SUPPORTS_PER_BLOCK = 512
"""Queries whose supports are compressed together."""
_NEVER = 1 << 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What is known of a run beside its findings.

    Attributes
    ----------
    settings
        Name, value and origin of every parameter, as text.
    fingerprints
        Hashes of the views, by name.
    nulls
        What searches of permuted entities found; None where none were made.
    effects
        What interventions on the network found; None where none were made.
    networks
        Views whose attributes are neurons though they were not captured.
    compared
        Another run beside this one; None without.
    trained
        What the trainings of learned views left, by view.
    rules
        Rule sets that the run keeps.
    """

    settings: tuple[tuple[str, str, str], ...] = ()
    fingerprints: tuple[tuple[str, str], ...] = ()
    nulls: NullTable | None = None
    effects: Effects | None = None
    networks: tuple[str, ...] = ()
    compared: Compared | None = None
    trained: Mapping[str, Trained] = field(default_factory=dict)
    rules: tuple[RunRules, ...] = ()


def blocks_of(
    assessed: AssessedSet,
    dataset: Dataset,
    summary: ReportData,
    provenance: Provenance,
    *,
    budget: int | None,
    media: Media | None = None,
) -> tuple[list[Block], list[CutRecord]]:
    """Return all blocks of the report, and what was cut to keep within the budget.

    The first block is `meta`, which also says what was cut.

    Parameters
    ----------
    assessed, dataset
        The findings and what they were mined on.
    summary
        What the plain report says: texts, the example, what to read first.
    provenance
        Parameters and null distributions.
    budget
        Bytes that the blocks may take in a file. None is for a server: nothing is cut,
        nothing is compressed, and the row of a query in `supports` needs no other one.
    media
        Images and texts of the entities; None without.
    """
    packed = PackedSupports.of(assessed, dataset, alike=budget is not None)
    of_attributes = findings_of_attributes(assessed)
    related = relate(assessed, dataset, networks=provenance.networks)
    learned = learned_parts(assessed, dataset, provenance.trained)
    statistic = assessed.evidence.resampling.statistic
    tables: dict[str, Sequence[Mapping[str, Any]]] = {
        "findings": finding_rows(assessed, dataset, packed.positions),
        "targets": target_rows(assessed, related.roles.roles),
        "attributes": attribute_rows(dataset, of_attributes),
        "entities": entity_rows(dataset),
        "effects": provenance.effects.rows() if provenance.effects is not None else [],
        "nulls": null_rows(provenance.nulls, statistic),
        "changes": provenance.compared.rows() if provenance.compared is not None else [],
        "rule_sets": rule_set_rows(provenance.rules, dataset),
        **_relation_rows(related),
        **learned.tables,
    }
    required = [
        *(table_block(name, rows) for name, rows in tables.items()),
        array_block("bases", packed.bases),
        array_block("unknown-rows", packed.unknown_rows),
        array_block("unknown", packed.unknown),
        *rule_blocks(provenance.rules, dataset),
    ]
    meta = meta_of(assessed, dataset, summary)
    meta["settings"] = [
        {"name": name, "value": value, "origin": origin}
        for name, value, origin in provenance.settings
    ]
    meta["fingerprints"] = [
        {"name": name, "text": text} for name, text in provenance.fingerprints
    ]
    for view in meta["views"]:
        view["network"] |= view["name"] in provenance.networks
    if provenance.compared is not None:
        meta["compared"] = provenance.compared.record(summary.entity_nouns)
    meta["supports_per_block"] = SUPPORTS_PER_BLOCK
    meta["queries"] = len(packed)
    queries = [*packed.positions, *queries_of(provenance.rules)]
    meta["dictionaries"] = learned.records
    others = [
        learned.pictures,
        *_column_blocks(queries, dataset, of_attributes),
        _support_blocks(packed),
    ]
    room = _room(meta, required, others, budget)
    pictures, texts = _media_blocks(media, assessed, dataset, room)
    shown = [found for found in (pictures, texts) if found is not None]
    required += [found.index for found in shown]
    # The order in which they go: docs/report.md.
    cuttable = [*(found.cuttable for found in shown), *others]
    kept, cuts = _kept(meta, required, cuttable, budget)
    meta["cuts"] = cuts
    left = {cut["what"]: cut["shown"] for cut in cuts}
    for name, found in (("pictures", pictures), ("texts", texts)):
        if found is not None:
            meta["media"][name] = left.get(name, found.n_entities)  # type: ignore[literal-required]
    return [json_block("meta", meta), *required, *kept], cuts


def _room(
    meta: Meta, required: Sequence[Block], others: Sequence[Cuttable], budget: int | None
) -> int | None:
    """Bytes of a file that are left; None where there is no limit."""
    if budget is None:
        return None
    taken = sum(map(len, required)) + len(json_block("meta", meta))
    return budget - taken - sum(len(block) for part in others for block in part.blocks)


def _kept(
    meta: Meta, required: Sequence[Block], cuttable: Sequence[Cuttable], budget: int | None
) -> tuple[list[Block], list[CutRecord]]:
    """What fits beside the required blocks, and what was cut."""
    if budget is None:
        return [block for part in cuttable for block in part.blocks], []
    fixed = sum(map(len, required))
    kept, cuts = fit(fixed + len(json_block("meta", meta)), cuttable, budget)
    if cuts:  # telling them takes room, too
        meta["cuts"] = cuts
        kept, cuts = fit(fixed + len(json_block("meta", meta)), cuttable, budget)
    return kept, cuts


def _media_blocks(
    media: Media | None, assessed: AssessedSet, dataset: Dataset, room: int | None
) -> tuple[MediaBlocks | None, MediaBlocks | None]:
    """Pictures and texts; pictures go first, so they get what the texts leave."""
    if media is None:
        return None, None
    order = order_of_examples(assessed, dataset)
    texts = text_blocks(media.texts, order) if media.texts else None
    if media.pictures is None:
        return None, texts
    if room is not None and texts is not None:
        room -= sum(map(len, texts.cuttable.blocks))
    return picture_blocks(media.pictures, order, room), texts


def _support_blocks(packed: PackedSupports) -> Cuttable:
    starts = range(0, len(packed), SUPPORTS_PER_BLOCK)
    blocks = tuple(
        array_block(
            f"supports-{i}",
            packed.satisfied[start : start + SUPPORTS_PER_BLOCK],
            sparse=True,
        )
        for i, start in enumerate(starts)
    )
    sizes = tuple(min(SUPPORTS_PER_BLOCK, len(packed) - start) for start in starts)
    return Cuttable("rules with their entities", blocks, sizes)


def _column_blocks(
    queries: Sequence[Query],
    dataset: Dataset,
    findings: Mapping[tuple[str, str], Sequence[int]],
) -> tuple[Cuttable, Cuttable]:
    """Columns that no finding names, and those that one does: of the best finding first.

    Classes are shown beside everything, so they count as named, and come first.
    """
    columns = [
        (
            min(findings.get((view.name, name), [_NEVER]))
            if view.attributes[position].is_numeric
            else -1,
            number,
            position,
        )
        for number, view in enumerate(dataset.views)
        for position, name in enumerate(view.names)
    ]
    columns.sort()
    bounds = bounds_of_attributes(queries)
    parts = []
    for what, is_unused in (("no finding names", True), ("findings name", False)):
        places = [
            (number, position)
            for best, number, position in columns
            if (best == _NEVER) is is_unused
        ]
        whole = tuple(_whole(dataset.views[number], number, at) for number, at in places)
        rounded = tuple(
            _rounded(dataset.views[number], number, at, bounds) for number, at in places
        )
        sizes = (1,) * len(places)
        parts.append(Cuttable(f"columns that {what}", whole, sizes, rounded=rounded))
    unused, used = parts
    return unused, used


def _whole(view: View, number: int, position: int) -> Block:
    return lazy_block(f"column-{number}-{position}", partial(column_values, view, position))


def _rounded(
    view: View,
    number: int,
    position: int,
    bounds: Mapping[tuple[str, str], Sequence[float]],
) -> Block | None:
    """The column in few steps; None for classes, whose codes are few."""
    attribute = view.attributes[position]
    if not attribute.is_numeric:
        return None
    known = bounds.get((view.name, attribute.name), ())
    make = partial(rounded_column, view.values[position], known)
    return Block(f"rounded-{number}-{position}", make)


def _relation_rows(related: Related) -> dict[str, list[dict[str, Any]]]:
    layers: list[dict[str, Any]] = [pair.row() for pair in related.layers.pairs]
    matchings: list[dict[str, Any]] = []
    matches: list[dict[str, Any]] = []
    for matching in related.matchings:
        places: dict[str, Any] = {
            "left_place": str(matching.left),
            "right_place": str(matching.right),
        }
        similarity = matching.similarity
        matchings.append(
            {
                **places,
                "n_left": matching.n_left,
                "n_right": matching.n_right,
                "matched": similarity.matched,
                "correlation": similarity.pearson,
                "cka": similarity.cka,
            }
        )
        matches += [places | found.row() for found in matching.matches]
    links: list[dict[str, Any]] = [link.row() for link in related.links.links]
    return {"layers": layers, "links": links, "matchings": matchings, "matches": matches}
