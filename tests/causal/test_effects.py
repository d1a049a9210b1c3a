"""Families of effects: q-values, verdicts, intervals, the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyarrow import parquet
from tests.causal.toys import example, planted_network

from redescribe.causal.ablation import intervene
from redescribe.causal.attribute_edit import edit_attributes
from redescribe.causal.effects import contrast_intervals, joined, judged
from redescribe.causal.params import CausalParams
from redescribe.core.dataset import Dataset
from redescribe.core.effect import Check, Effects, Verdict
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.view import View
from redescribe.errors import ParameterError, StoreError, UnknownNameError
from redescribe.store import schema
from redescribe.store.effects import has_effects, read_effects, write_effects

if TYPE_CHECKING:
    from pathlib import Path

MODEL = planted_network([1.0, 0.0, 0.5, -0.5])


@pytest.fixture(scope="module")
def effects() -> Effects:
    """A unit silenced and an input edited, and a rule that holds nowhere."""
    made = example(MODEL, "0")
    findings = [
        made.finding(1, '"net@0:0" > 0.2', "x0 > 0.2"),
        made.finding(2, '"net@0:0" > 0.2', "x0 > 99"),
    ]
    params = CausalParams(permutations=99, alpha=0.05)
    silenced = intervene(MODEL, made.inputs, findings, made.dataset, params=params)
    edited = edit_attributes(MODEL, findings, made.dataset, "inputs", params=params)
    return judged([*silenced, *edited], silenced.evidence)


def test_what_is_written_is_read(effects: Effects, tmp_path: Path) -> None:
    assert not has_effects(tmp_path)
    path = write_effects(tmp_path, effects)
    assert path.name == "effects.parquet"
    assert read_effects(tmp_path) == effects
    assert parquet.read_schema(path).names == list(effects.columns)
    assert list(effects.to_frame().columns) == list(effects.columns)
    effects.save(tmp_path)
    assert has_effects(tmp_path)
    empty = Effects((), effects.evidence)
    write_effects(tmp_path, empty)
    assert read_effects(tmp_path) == empty


def test_a_missing_or_other_file_is_refused(effects: Effects, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        read_effects(tmp_path)
    path = write_effects(tmp_path, effects)
    table = parquet.read_table(path)
    parquet.write_table(table.replace_schema_metadata(schema.header(schema.NULLS)), path)
    with pytest.raises(StoreError, match="'effects' is needed"):
        read_effects(tmp_path)


def test_plain_cells_hold_lists_as_text(effects: Effects) -> None:
    row = effects.cells()[0]
    numbers = [float(text) for text in str(row["changes_inside"]).split()]
    assert tuple(numbers) == effects.effects[0].changes_inside
    assert all(not isinstance(value, (list, tuple)) for value in row.values())


def test_verdicts_of_a_finding_in_a_few_words(effects: Effects) -> None:
    made = example(MODEL, "0")
    first = made.finding(1, '"net@0:0" > 0.2', "x0 > 0.2").redescription
    second = made.finding(2, '"net@0:0" > 0.2', "x0 > 99").redescription
    other = made.finding(3, '"net@0:0" > 0.2', "x0 > 0.9").redescription
    assert effects.verdicts(first) == "confirmed; edits: 1 confirmed"
    assert effects.verdicts(second) == "not testable; edits: 1 not testable"
    assert effects.verdicts(other) == ""


def test_q_values_are_over_all_effects_of_a_kind(effects: Effects) -> None:
    first = effects.effects[0]
    p_values = [0.004, 0.03, 0.04, 0.9]
    family = [replace(first, p_value=p, effect_size=1.0) for p in p_values]
    found = judged(family, effects.evidence)
    assert [e.q_value for e in found] == pytest.approx([0.016, 0.16 / 3, 0.16 / 3, 0.9])
    assert [e.verdict.value for e in found] == ["confirmed", *["no effect"] * 3]
    edits = [replace(effect, check=Check.EDIT, p_value=0.5) for effect in family]
    both = judged([*family, *edits], effects.evidence)
    assert both.effects[:4] == found.effects
    assert "over 4 effects of units and, apart, 4 edits" in both.caveat


@pytest.mark.parametrize(
    ("size", "q", "verdict"),
    [
        (0.5, 0.05, Verdict.CONFIRMED),
        (-0.5, 0.05, Verdict.OPPOSITE),
        (0.5, 0.06, Verdict.NO_EFFECT),
        (0.009, 0.001, Verdict.NO_EFFECT),
        (-0.009, 0.001, Verdict.NO_EFFECT),
        (None, 0.001, Verdict.NOT_TESTABLE),
    ],
)
def test_the_rule_of_the_verdict(
    effects: Effects, size: float | None, q: float, verdict: Verdict
) -> None:
    one = replace(effects.effects[0], p_value=q, effect_size=size)
    assert judged([one], effects.evidence).effects[0].verdict is verdict


def test_effects_of_other_views_stay_and_are_corrected_together(effects: Effects) -> None:
    old = judged(
        [replace(effect, view="b", key="other") for effect in effects], effects.evidence
    )
    keys = {effect.key for effect in effects} | {"other"}
    both = joined(effects, old, keys)
    assert [effect.view for effect in both] == ["b"] * len(old) + ["net"] * len(effects)
    assert len(joined(effects, both, keys)) == len(both)
    assert joined(effects, old, keys - {"other"}) == effects
    few = replace(effects.evidence, n_tested=3)
    with pytest.raises(ParameterError, match="are no family"):
        joined(replace(effects, evidence=few), old, keys)


def test_intervals_draw_whole_groups() -> None:
    groups = EntityIndex.numbered(40)
    paired = EntityIndex(groups.ids, tuple(str(i // 20) for i in range(40)))
    generator = np.random.default_rng(0)
    values = generator.normal(size=40) + np.repeat([0.0, 9.0], 20)
    weights = np.array([np.tile([1.0, 0.0], 20), np.tile([0.0, 1.0], 20)])
    weights[1] = 0
    widths = []
    for entities in (groups, paired):
        views = [View.of(name, np.zeros((40, 1)), entities=entities) for name in "xy"]
        part = Dataset.of(views, SplitParams(hold_out=0))
        (ends,) = contrast_intervals([values], [weights], part, 0)
        assert ends is not None
        widths.append(ends[1] - ends[0])
    # Two groups, one of them 9 higher: their mean is anything between.
    assert widths[1] > 8 > widths[0]


def test_intervals_of_nothing_are_none() -> None:
    views = [View.of(name, np.zeros((4, 1))) for name in "xy"]
    part = Dataset.of(views, SplitParams(hold_out=0))
    assert contrast_intervals([np.ones(4)], [np.zeros((2, 4))], part, 0) == [None]
    assert contrast_intervals([], [], part, 0) == []


def test_wrong_parameters_say_what_is_needed() -> None:
    with pytest.raises(ParameterError, match="does not change a unit"):
        CausalParams(how=Check.EDIT)
    with pytest.raises(UnknownNameError, match="no how 'zeros'"):
        CausalParams(how="zeros")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="'output' parameter"):
        CausalParams(output="best")
    with pytest.raises(ParameterError, match="'alpha' parameter"):
        CausalParams(alpha=1)
