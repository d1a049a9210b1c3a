"""Roles, layers and matched neurons as lines of text, and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.core.printing import format_share, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from redescribe.core.assessed import Cell
    from redescribe.relations.layers import LayerTable
    from redescribe.relations.matching import Matching
    from redescribe.relations.related import Related
    from redescribe.relations.roles import Role, Roles

_TARGET, _ROLE, _LAYER, _NAMES = 26, 20, 24, 60


def lines(related: Related, limit: int) -> Iterator[str]:
    """Yield the three tables, `limit` rows of roles and matches at most."""
    yield from _roles(related.roles, limit)
    yield ""
    yield from _layers(related.layers)
    for matching in related.matchings:
        yield ""
        yield from _matching(matching, limit)


def write_tables(tables: Mapping[str, Sequence[dict[str, Cell]]], folder: Path) -> None:
    """Write each table as a CSV file into a new folder.

    Raises
    ------
    StoreError
        If the folder is not empty or cannot be written.
    """
    from redescribe.store.atomic import replacing_folder  # noqa: PLC0415 - pyarrow
    from redescribe.writers.tabular import TableFormat, write_table  # noqa: PLC0415

    with replacing_folder(folder) as temporary:
        for name, rows in tables.items():
            write_table(list(rows), temporary / f"{name}.csv", TableFormat.CSV)


def _roles(roles: Roles, limit: int) -> Iterator[str]:
    counts = ", ".join(f"{n} {kind}" for kind, n in roles.counts().items() if n)
    yield f"Roles of {len(roles.roles):,} targets: {counts}"
    yield _basis(roles.part, roles.n_entities)
    shown = sorted(
        (role for role in roles.roles if role.best),
        key=lambda role: -(role.adjusted_jaccard or 0.0),
    )[:limit]
    yield _cells(("target", _TARGET), ("role", _ROLE)) + "    Jc  stands for"
    for role in shown:
        names = _cells((role.target, _TARGET), (role.kind.value, _ROLE))
        yield f"{names} {_number(role.adjusted_jaccard)}  {_names(role)}"
    several = [role for role in roles.roles if role.polysemantic]
    if several:
        yield f"Several meanings: {roles.rule}"
    for role in several[:limit]:
        yield f"  {role.target}: {one_line(' | '.join(role.meanings), 160)}"


def _layers(table: LayerTable) -> Iterator[str]:
    yield "Layers: targets of one (rows) described by another, each by its best finding"
    yield _basis(table.part, table.n_entities)
    names = _cells(("explained", _LAYER), ("by", _LAYER))
    yield f"{names} described      best J  mean J  mean Jc  findings"
    for pair in table.pairs:
        names = _cells((str(pair.target), _LAYER), (str(pair.partner), _LAYER))
        share = f"{pair.n_described} of {pair.n_describable}"
        values = "  ".join(map(_number, (pair.best, pair.mean, pair.mean_adjusted)))
        yield f"{names} {share:>12}   {values}   {pair.n_findings:>6}"
        for null in pair.nulls:
            yield f"  null networks, {null}"


def _matching(matching: Matching, limit: int) -> Iterator[str]:
    similarity = matching.similarity
    yield (
        f"Matched neurons of {matching.left} ({matching.n_left}) and {matching.right} "
        f"({matching.n_right}): {len(matching.matches)} one to one, "
        f"{len(matching.groups)} by several"
    )
    yield _basis(matching.part, matching.n_entities)
    agreement = similarity.agreement
    shared = (
        "" if agreement is None else f"; it agrees on {format_share(agreement)} of these"
    )
    yield (
        f"Correlation alone: mean |r| {_number(similarity.pearson).strip()} one to one"
        f"{shared}. Linear CKA {_number(similarity.cka).strip()} (blind to single neurons)."
    )
    if similarity.above_rotations is not None:
        yield (
            f"In-sample, |r| is {_number(similarity.above_rotations).strip()} above random "
            "rotations of one layer, which share all but the neurons."
        )
    yield (
        _cells(("left", _TARGET), ("right", _TARGET))
        + "    Jc      r  finding  correlated with"
    )
    for found in matching.matches[:limit]:
        names = _cells((found.left, _TARGET), (found.right, _TARGET))
        value, r = _number(found.adjusted_jaccard), f"{found.correlation:5.2f}"
        other = "the same" if found.agrees else found.correlated or "none"
        yield f"{names} {value}  {r}  {found.finding:<7}  {other}"
    for group in matching.groups[:limit]:
        sides = (one_line(", ".join(side), _NAMES) for side in (group.left, group.right))
        value = _number(group.adjusted_jaccard).strip()
        yield f"  {' with '.join(sides)}  Jc {value}  {group.finding}"


def _basis(part: str, n_entities: int) -> str:
    """On which entities the numbers of a table are."""
    if part == "mined":
        return f"In-sample, on all {n_entities:,} mined entities: no evidence."
    return f"By confirmed findings, on {n_entities:,} held-out entities."


def _names(role: Role) -> str:
    found = [*role.classes, *role.attributes, *role.neurons]
    mark = f"  ({len(role.meanings)} meanings)" if role.polysemantic else ""
    return one_line(", ".join(found), _NAMES) + mark


def _cells(*cells: tuple[str, int]) -> str:
    return " ".join(f"{one_line(text, width):<{width}}" for text, width in cells)


def _number(value: float | None) -> str:
    return "     " if value is None else f"{value:5.2f}"
