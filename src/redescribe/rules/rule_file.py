"""Rule sets <-> JSON files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from redescribe.core.grammar import parse_query
from redescribe.core.view import Attribute, AttributeKind
from redescribe.errors import StoreError
from redescribe.rules.evidence import RuleEvidence
from redescribe.rules.fidelity import ClassFidelity, Fidelity
from redescribe.rules.params import Combination, RuleKind
from redescribe.rules.ruleset import ClassRule, RuleSet
from redescribe.rules.trade_off import TradeOff
from redescribe.store import schema
from redescribe.store.atomic import storing
from redescribe.store.files import read_json, reading, write_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike


def save_rules(rules: RuleSet, path: str | PathLike[str]) -> None:
    """Write a rule set as JSON; `load_rules` gives an equal one back.

    Raises
    ------
    StoreError
        If the file system refuses.
    """
    file = Path(path)
    with storing(file):
        write_json(file, record_of(rules))


def load_rules(path: str | PathLike[str]) -> RuleSet:
    """Read a rule set that `RuleSet.save` has written.

    Raises
    ------
    StoreError
        If the file does not exist or is no rule set.
    """
    file = Path(path)
    if not file.exists():
        em = f"{file} does not exist. Give the JSON file of a rule set."
        raise StoreError(em)
    record = cast("dict[str, Any]", read_json(file))
    schema.check_encoding(record, schema.RULES, file)
    with reading(file):
        return _rules_of(record)


def record_of(rules: RuleSet) -> dict[str, Any]:
    """Return a rule set as what JSON can hold.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> x = View.of("x", [[0.0]])
    >>> record_of(RuleSet("x", x.attributes, ("no", "yes"), ()))["classes"]
    ['no', 'yes']
    """
    return {
        **schema.header(schema.RULES),
        "view": rules.view,
        "attributes": [
            {
                "name": attribute.name,
                "kind": attribute.kind.value,
                "categories": list(attribute.categories),
                "neuron": attribute.neuron,
            }
            for attribute in rules.attributes
        ],
        "classes": list(rules.classes),
        "combination": rules.combination.value,
        "kind": rules.kind.value,
        "default": rules.default,
        "base": list(rules.base),
        "edges": list(rules.edges),
        "values": list(rules.values),
        "rules": [
            {
                "query": str(rule.query),
                "label": rule.label,
                "weight": rule.weight,
                "mined": asdict(rule.mined),
                "hold_out": None if rule.hold_out is None else asdict(rule.hold_out),
            }
            for rule in rules
        ],
        "trade_off": [asdict(one) for one in rules.trade_off],
        "hold_out": None if rules.hold_out is None else asdict(rules.hold_out),
    }


def _rules_of(record: Mapping[str, Any]) -> RuleSet:
    held_out = record["hold_out"]
    return RuleSet(
        record["view"],
        tuple(
            Attribute(
                one["name"],
                AttributeKind(one["kind"]),
                tuple(one["categories"]),
                one["neuron"],
            )
            for one in record["attributes"]
        ),
        tuple(record["classes"]),
        tuple(_rule_of(one, record["view"]) for one in record["rules"]),
        Combination(record["combination"]),
        RuleKind(record["kind"]),
        record["default"],
        tuple(record["base"]),
        tuple(record["edges"]),
        tuple(record["values"]),
        tuple(TradeOff(**one) for one in record["trade_off"]),
        None if held_out is None else _fidelity_of(held_out),
    )


def _rule_of(record: Mapping[str, Any], view: str) -> ClassRule:
    held_out = record["hold_out"]
    return ClassRule(
        parse_query(record["query"], view),
        record["label"],
        record["weight"],
        RuleEvidence(**record["mined"]),
        None if held_out is None else RuleEvidence(**held_out),
    )


def _fidelity_of(record: Mapping[str, Any]) -> Fidelity:
    classes = tuple(ClassFidelity(**one) for one in record["classes"])
    return Fidelity(**{**record, "classes": classes})
