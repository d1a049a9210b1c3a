"""Rule sets as lines in the terminal, and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redescribe.core.printing import format_share
from redescribe.rules.rule_file import record_of, save_rules
from redescribe.store.names import folder_name
from redescribe.writers.rule_text import RuleForm, rules_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from redescribe.rules.ruleset import RuleSet

_COMMENTS = {RuleForm.LATEX: "% ", RuleForm.SQL: "-- ", RuleForm.PYTHON: "# "}


def lines(found: Mapping[str, RuleSet], form: str) -> Iterator[str]:
    """Yield the rules of each output in a form, then what they reach.

    What is no code stands in comments, so that the output can be piped into a file.
    """
    mark = _COMMENTS.get(RuleForm(form), "") if form in list(RuleForm) else ""
    for name, rules in found.items():
        if name:
            yield f"{mark}{name}"
        yield rules_as(rules, form)
        for line in reached(rules):
            yield f"{mark}{line}"


def reached(rules: RuleSet) -> Iterator[str]:
    """Yield how large a set is, its fidelity, and what other lengths would reach."""
    size = f"{len(rules)} rules, {rules.n_literals} literals"
    found = rules.hold_out
    if found is None:
        yield f"{size}. No hold-out: nothing is known of their fidelity to other entities."
    else:
        accuracy = "" if found.accuracy is None else f", accuracy {found.accuracy:.3f}"
        yield (
            f"{size}. On {found.n_entities} held-out entities: fidelity "
            f"{found.fidelity:.3f}{accuracy}; the most frequent answer alone would have "
            f"{found.majority:.3f}. A rule fires for {format_share(found.coverage)}, rules "
            f"for several classes for {format_share(found.conflict)}."
        )
    if rules.trade_off:
        shown = ", ".join(
            f"{one.max_literals}{' (chosen)' if one.chosen else ''}: {one.fidelity:.3f}"
            for one in rules.trade_off
        )
        yield f"Literals allowed, and fidelity in the mining part's folds: {shown}"


def record(found: Mapping[str, RuleSet]) -> dict[str, Any]:
    """Return one rule set as it is saved, or several by the name of their label."""
    if list(found) == [""]:
        return record_of(found[""])
    return {name: record_of(rules) for name, rules in found.items()}


def save(found: Mapping[str, RuleSet], path: Path) -> list[Path]:
    """Write each rule set; of several, into files that end in the name of the label."""
    written = []
    for name, rules in found.items():
        file = path
        if name:
            file = path.with_name(f"{path.stem}-{folder_name(name)}{path.suffix}")
        save_rules(rules, file)
        written.append(file)
    return written
