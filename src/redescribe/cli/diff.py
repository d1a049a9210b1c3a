"""`redescribe diff`: the findings of two runs against each other."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe.relations.run_comparison import FindingChange, RunComparison

_RULES, _NAME, _VALUE = 160, 34, 28


def diff(
    *,
    before: Annotated[Path, typer.Argument(help="folder of the earlier run")],
    after: Annotated[Path, typer.Argument(help="folder of the later run")],
    limit: Annotated[int, typer.Option(min=1, help="findings of a kind at most")] = 10,
    json: Annotated[bool, typer.Option("--json", help="print it all as JSON")] = False,
) -> None:
    """Tell which findings two runs share, and which they do not.

    Kept: the same rules. Changed: the same target explained by the same views with other
    rules. Added and lost: all others. Then what differs in the parameters, and what must be
    known before numbers are compared: entities, hold-outs, values.
    """
    from redescribe.relations.run_comparison import compare_folders  # noqa: PLC0415
    from redescribe.store.run import RunFolder  # noqa: PLC0415

    found = compare_folders(RunFolder.open(before), RunFolder.open(after))
    if json:
        from dataclasses import asdict  # noqa: PLC0415
        from json import dumps  # noqa: PLC0415

        record = {
            "counts": found.counts,
            "entities": asdict(found.comparability),
            "warnings": found.comparability.warnings(),
            "settings": [asdict(setting) for setting in found.settings],
            "findings": found.rows(),
        }
        typer.echo(dumps(record, ensure_ascii=False, indent=2))
        return
    for line in lines(found, limit):
        typer.echo(line)


def lines(found: RunComparison, limit: int) -> Iterator[str]:
    """Yield counts, warnings, settings that differ, and findings, `limit` of a kind."""
    from redescribe.core.printing import one_line  # noqa: PLC0415
    from redescribe.relations.run_comparison import Change  # noqa: PLC0415

    counts = ", ".join(f"{n:,} {name}" for name, n in found.counts.items())
    yield f"{found.before} → {found.after}: {counts}"
    for warning in found.comparability.warnings():
        yield f"  {warning}"
    if found.settings:
        yield ""
        yield f"{'Settings that differ':{_NAME}} {found.before:{_VALUE}} {found.after}"
    for setting in found.settings:
        cells = (one_line(text, _VALUE - 2) for text in (setting.before, setting.after))
        before, after = (text or "–" for text in cells)
        yield f"  {one_line(setting.name, 60):{_NAME - 2}} {before:{_VALUE}} {after}"
    for kind in (Change.CHANGED, Change.ADDED, Change.LOST, Change.KEPT):
        chosen = [change for change in found.changes if change.change is kind]
        if chosen:
            yield ""
            more = f", {limit} shown" if len(chosen) > limit else ""
            yield f"{kind.value.capitalize()}: {len(chosen):,}{more}   J {_part(found)}"
        for change in chosen[:limit]:
            yield from _change(change, found.comparability.part)


def _part(found: RunComparison) -> str:
    return {"hold-out": "on the hold-out", "mined": "mined"}[found.comparability.part]


def _change(change: FindingChange, part: str) -> Iterator[str]:
    from redescribe.core.printing import one_line  # noqa: PLC0415

    row = change.row()
    name = "jaccard" if part == "hold-out" else "jaccard_mined"
    sides = [side for side in ("before", "after") if row[f"id_{side}"] is not None]
    ids = " → ".join(str(row[f"id_{side}"]) for side in sides)
    values = " → ".join(_number(row[f"{name}_{side}"]) for side in sides)
    aside = "" if change.explained else "   (a target of this run only)"
    yield f"  {ids:14} J {values:14} {one_line(str(row['target']), 60)}{aside}"
    texts = dict.fromkeys(str(row[f"rules_{side}"]) for side in sides)
    signs = ("- ", "+ ") if len(texts) > 1 else ("",)
    for sign, text in zip(signs, texts, strict=True):
        yield f"      {sign}{one_line(text, _RULES)}"


def _number(value: object) -> str:
    from redescribe.core.printing import format_jaccard  # noqa: PLC0415

    return format_jaccard(value) if isinstance(value, float) else "–"
