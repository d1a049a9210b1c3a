"""Saved rule sets read back equal, or say what is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from tests.rules.examples import inputs, rule_sets

import redescribe as rd
from redescribe.errors import StoreError
from redescribe.rules.imitate import imitate, with_hold_out
from redescribe.rules.outputs import Outputs
from redescribe.rules.params import RuleParams
from redescribe.rules.rule_file import load_rules, record_of

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.rules.ruleset import RuleSet


@given(rules=rule_sets())
def test_any_rule_set_reads_back_equal(
    rules: RuleSet, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("rules") / "rules.json"
    rules.save(path)
    again = load_rules(path)
    assert record_of(again) == record_of(rules)
    assert again.codes(inputs()).tolist() == rules.codes(inputs()).tolist()


def test_trade_off_and_hold_out_read_back(tmp_path: Path) -> None:
    view = inputs(missing=False)
    outputs = Outputs.of(view.values[0] > 0)
    rules = with_hold_out(imitate(view, outputs, RuleParams(max_literals=3)), view, outputs)
    rules.save(tmp_path / "rules.json")
    again = rd.load_rules(tmp_path / "rules.json")
    assert again.trade_off == rules.trade_off != ()
    assert again.hold_out == rules.hold_out is not None
    assert again.rules == rules.rules


def test_what_is_no_rule_set_is_said(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    with pytest.raises(StoreError, match="does not exist"):
        load_rules(path)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(StoreError, match="encoding-type None; 'rules' is needed"):
        load_rules(path)
    view = inputs()
    rules = imitate(view, Outputs.of([0, 1] * 35), RuleParams(max_literals=3, max_loss=0))
    record = record_of(rules) | {"encoding-version": "9"}
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(StoreError, match="Upgrade it"):
        load_rules(path)
    del record["classes"]
    path.write_text(json.dumps(record | {"encoding-version": "0.1"}), encoding="utf-8")
    with pytest.raises(StoreError, match=r"rules\.json"):
        load_rules(path)
