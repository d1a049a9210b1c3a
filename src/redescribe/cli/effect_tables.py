"""Effects of interventions as tables and lines of text."""

from __future__ import annotations

import json as json_text
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from redescribe.core.effect import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe.core.effect import Effect, Effects
    from redescribe.core.redescription import Redescription

_WIDE = 160
_HEADINGS = ("inside", "outside", "effect", "95 % interval", "size", "controls", "p", "q")


def print_effects(effects: Effects, *, json: bool = False) -> None:
    """Print all effects, as a table or as JSON."""
    if json:
        typer.echo(json_text.dumps(effects.rows(), ensure_ascii=False, indent=2))
        return
    table = Table(title=f"Causal checks: {len(effects)}", title_justify="left")
    table.add_column("id")
    table.add_column("unit", overflow="fold")
    table.add_column("changed", overflow="fold", ratio=1)
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict")
    for effect in effects:
        table.add_row(
            effect.id,
            escape(effect.target),
            escape(_changed(effect)),
            *_numbers(effect),
            effect.verdict.value,
        )
    console = Console(highlight=False)
    wide = console if console.is_terminal else Console(width=_WIDE, highlight=False)
    wide.print(table)
    typer.echo(effects.caveat)


def effect_lines(effects: Effects, found: Redescription) -> Iterator[str]:
    """Yield what the causal checks of a finding say; nothing without any.

    Parameters
    ----------
    effects
        Of a run.
    found
        The redescription of the finding.
    """
    own = effects.of(found)
    if not own:
        return
    yield ""
    yield "Causal checks"
    for effect in own:
        yield f"  {effect.verdict.value}: {_sentence(effect)}"
        if effect.effect is not None:
            yield f"    {_tested(effect)}"
        yield from (f"    {line}" for line in _within(effect))
    yield f"  {effects.caveat}"


def _changed(effect: Effect) -> str:
    if effect.check is Check.EDIT:
        return f"edit: {effect.about}"
    return f"unit: {effect.check.value}, output: {effect.about}"


def _numbers(effect: Effect) -> tuple[str, ...]:
    low, high = effect.effect_low, effect.effect_high
    return (
        _number(effect.inside),
        _number(effect.outside),
        _number(effect.effect),
        f"{low:.3g} to {high:.3g}" if low is not None and high is not None else "",
        _number(effect.effect_size),
        _number(effect.controls.effect),
        f"{effect.p_value:.2g}",
        f"{effect.q_value:.2g}",
    )


def _sentence(effect: Effect) -> str:
    if effect.check is Check.EDIT:
        if not effect.n_inside:
            return f"no entity can be moved across {effect.about} so that the rule changes"
        text = f"moved across {effect.about}, the unit follows in {effect.inside:.0%} of "
        text += f"{effect.n_inside} edits"
        if effect.outside is None:
            return f"{text}; there is no other attribute to compare with"
        return f"{text}, and in {effect.outside:.0%} of {effect.n_outside} control edits"
    becomes = {
        Check.ZERO: "set to 0",
        Check.MEAN: "set to its mean outside of its range",
        Check.RESAMPLE: "given values of entities outside of its range",
    }
    text = f"with the unit {becomes[effect.check]}, the output ({effect.about}) changes by "
    inside, outside = _number(effect.inside), _number(effect.outside)
    return (
        f"{text}{inside or 'nothing known'} where the other rule holds "
        f"({effect.n_inside}), and by {outside or 'nothing known'} elsewhere "
        f"({effect.n_outside})"
    )


def _tested(effect: Effect) -> str:
    interval = ""
    if effect.effect_low is not None and effect.effect_high is not None:
        interval = f" ({effect.effect_low:.3g} to {effect.effect_high:.3g})"
    within = f" within {effect.within}" if effect.within else ""
    text = f"effect {_number(effect.effect)}{interval}"
    if effect.check is not Check.EDIT and effect.effect_size is not None:
        text += f", {effect.effect_size:.3g} standard deviations"
    text += (
        f"; p {effect.p_value:.2g}, q {effect.q_value:.2g} ({effect.n_permutations:,} "
        f"permutations{within})"
    )
    compared = effect.controls
    if compared.effect is None or compared.p_value is None:
        return text
    kind = "other attributes" if effect.check is Check.EDIT else "matched units"
    return f"{text}; {compared.n} {kind}: {compared.effect:.3g} (p {compared.p_value:.2g})"


def _within(effect: Effect) -> Iterator[str]:
    """The contrast within the described range, where there is one."""
    found = effect.in_range
    if found is None or found.effect is None or found.p_value is None:
        return
    text = (
        f"within its range: {found.n_inside} inside, {found.n_outside} outside, effect "
        f"{found.effect:.3g}, AUC {found.auc:.2f}, p {found.p_value:.2g}"
    )
    if found.p_random is not None:
        text += f"; among {found.n_random} random ranges p {found.p_random:.2g}"
    yield text


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"
