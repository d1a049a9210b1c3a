"""Rule sets of a run as rows of the interactive report, and what they are counted on."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.core.printing import in_words
from redescribe.core.support import n_words
from redescribe.report.blocks import Block, array_block
from redescribe.report.finding_rows import query_record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Query
    from redescribe.core.view import View
    from redescribe.report.rule_schema import RuleRecord
    from redescribe.rules.ruleset import ClassRule, RuleSet
    from redescribe.rules.run_rules import RunRules

_FORMS = ("words", "text", "latex", "sql", "python")

Row = dict[str, Any]


def rule_set_rows(kept: Sequence[RunRules], dataset: Dataset) -> list[Row]:
    """Return one row per rule set, with the columns of the schema.

    Parameters
    ----------
    kept
        The rule sets.
    dataset
        The entities of the run, with the inputs of the rules.
    """
    return [_row(one, dataset.mining_part.view(one.imitation.rules.view)) for one in kept]


def rule_blocks(kept: Sequence[RunRules], dataset: Dataset) -> list[Block]:
    """Return where the rules of each set hold, and what the network answers.

    `rules-<i>-fires` has a row of packed 64-bit words for each rule of set i, over all
    entities; `rules-<i>-answers` the class that the network gives each (int32; -2: none of
    those of the rules) and, where they are known, a second row with the true classes.
    """
    blocks = []
    for number, one in enumerate(kept):
        rules, found = one.imitation.rules, one.imitation
        view = dataset.view(rules.view)
        fires = np.zeros((len(rules), n_words(dataset.n_entities)), np.uint64)
        for row, rule in enumerate(rules):
            fires[row] = rule.query.on(view).satisfied
        known = [found.answers] if found.true is None else [found.answers, found.true]
        blocks += [
            array_block(f"rules-{number}-fires", fires),
            array_block(f"rules-{number}-answers", np.array(known, np.int32)),
        ]
    return blocks


def queries_of(kept: Sequence[RunRules]) -> list[Query]:
    """Return the queries of all rules."""
    return [rule.query for one in kept for rule in one.imitation.rules]


def _row(one: RunRules, view: View) -> Row:
    rules = one.imitation.rules
    return {
        "name": one.name,
        "view": rules.view,
        "outputs": one.outputs,
        "labels": one.labels,
        "kind": rules.kind.value,
        "combination": rules.combination.value,
        "classes": list(rules.classes),
        "default": None if rules.default is None else rules.classes.index(rules.default),
        "base": list(rules.base),
        "values": list(rules.values),
        "rules": [_rule(rule, i, rules, view) for i, rule in enumerate(rules)],
        "trade_off": [asdict(point) for point in rules.trade_off],
        "forms": [{"name": form, "text": rules.to_text(form)} for form in _FORMS],
    }


def _rule(rule: ClassRule, row: int, rules: RuleSet, view: View) -> RuleRecord:
    return {
        "query": query_record(rule.query, row),
        "words": in_words(rule.query, view, shares=True),
        "label": rules.classes.index(rule.label),
        "weight": rule.weight,
        "n_literals": len(rule),
        "mined": asdict(rule.mined),  # type: ignore[typeddict-item]
        "hold_out": asdict(rule.hold_out) if rule.hold_out else None,  # type: ignore[typeddict-item]
    }
