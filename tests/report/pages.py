"""Interactive reports, and what is in them: read as the front end reads them."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from tests.report import examples

from redescribe.core.effect import (
    Check,
    Controls,
    Effect,
    Effects,
    EffectsEvidence,
    Verdict,
)
from redescribe.core.query import Interval
from redescribe.core.redescription import TargetReport, TargetState
from redescribe.report.front_end import FrontEnd
from redescribe.rules.evidence import RuleEvidence
from redescribe.rules.imitate import with_hold_out
from redescribe.rules.on_dataset import Imitation
from redescribe.rules.outputs import Outputs
from redescribe.rules.params import Combination
from redescribe.rules.ruleset import ClassRule, RuleSet
from redescribe.rules.run_rules import RunRules, write_run_rules
from redescribe.rules.trade_off import TradeOff
from redescribe.store.effects import write_effects
from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset

FRONT_END = FrontEnd("start();", "p { color: black; }")
BLOCK = re.compile(
    r'<script type="application/gzip" id="block-([\w-]+)"( data-packing="gaps")?>'
    r"([^<]*)</script>"
)
DTYPES = {"number": "<f8", "count": "<u4", "flag": "u1"}


class Unpacked:
    """The blocks of a page, uncompressed."""

    def __init__(self, page: str) -> None:
        self.blocks = {}
        for name, sparse, text in BLOCK.findall(page):
            content = gzip.decompress(base64.b64decode(text))
            self.blocks[name] = bits_of(content) if sparse else content

    @property
    def meta(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.blocks["meta"])
        return found

    def table(self, name: str) -> dict[str, Any]:
        """Columns by name; numbers as arrays, the others as lists."""
        content = self.blocks[name]
        length = int(np.frombuffer(content[:4], "<u4")[0])
        header = json.loads(content[8 : 8 + length])
        position = 8 + padded(length)
        found: dict[str, Any] = {"rows": header["rows"]}
        for column, kind, n_bytes in header["columns"]:
            part = content[position : position + n_bytes]
            found[column] = (
                np.frombuffer(part, DTYPES[kind]) if kind in DTYPES else json.loads(part)
            )
            position += padded(n_bytes)
        assert position == len(content)
        return found

    def supports(self) -> np.ndarray[Any, np.dtype[np.uint64]]:
        """The satisfied words of every query, with the bases put back."""
        n_words = -(-self.meta["n_entities"] // 64)
        names = sorted(
            (name for name in self.blocks if name.startswith("supports-")),
            key=lambda name: int(name.removeprefix("supports-")),
        )
        joined = b"".join(self.blocks[name] for name in names)
        words = np.frombuffer(joined, "<u8").reshape(-1, n_words).copy()
        for row, base in enumerate(
            np.frombuffer(self.blocks["bases"], "<u4")[: len(words)]
        ):
            if base != 0xFFFFFFFF:
                words[row] ^= words[base]
        return words


def bits_of(content: bytes) -> bytes:
    """Undo `gaps_of`, bit by bit."""
    found = bytearray(int.from_bytes(content[:4], "little"))
    position, gap, shift = -1, 0, 0
    for byte in content[4:]:
        gap |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            position += gap + 1
            found[position // 8] |= 1 << position % 8
            gap = shift = 0
    return bytes(found)


def padded(n_bytes: int) -> int:
    return -(-n_bytes // 8) * 8


def stored(
    folder: Path, data: Dataset, found: AssessedSet | None = None, *, keep: bool = False
) -> RunFolder:
    """A finished run folder without a search; `keep`: with rules."""
    run = RunFolder.create(folder, data, {"split": {"seed": 3}}, "key")
    run.write_assessed(
        with_all_targets(examples.assessed(data) if found is None else found)
    )
    write_effects(run.path, effects())
    if keep:
        write_run_rules(run.path, rules(data))
    return run


def rules(data: Dataset) -> RunRules:
    """Three rules that imitate the sign of the first neuron; its true class is known."""
    numbers, labels = data.views[1], data.views[2]
    classes = labels.attributes[0].categories
    intervals = [
        (Interval(numbers.names[0], 0.0), 1, 1.5),
        (Interval(numbers.names[1], -1.0, 0.5), 1, -0.5),
        (Interval(numbers.names[2], high=0.0), 0, 0.25),
    ]
    mined, held_out = data.split.mined, data.split.held_out
    outputs = Outputs.of(data.views[0].values[0], task="logits", classes=classes)
    true = [classes[int(code)] for code in labels.values[0]]
    made = []
    for literal, code, weight in intervals:
        query = examples.query(numbers.name, literal)
        holds = query.on(numbers.take(mined)).mask
        evidence = RuleEvidence.of(holds, outputs.codes[mined] == code)
        made.append(ClassRule(query, classes[code], weight, evidence))
    trade_off = (
        TradeOff(1, 0.8, 0.1, False, 1, 1, 0.75, 0.7),  # noqa: FBT003 - read as a row
        TradeOff(3, 0.9, 0.05, True, 3, 3, 0.85, 0.8),  # noqa: FBT003
    )
    found = RuleSet(
        numbers.name,
        numbers.attributes,
        classes,
        tuple(made),
        Combination.WEIGHTED,
        default=classes[0],
        base=(0.75, 0.0),
        trade_off=trade_off,
    )
    if held_out.size:
        others = [true[i] for i in held_out.tolist()]
        found = with_hold_out(found, numbers.take(held_out), outputs.take(held_out), others)
    codes = labels.values[0].astype(np.int64)
    where = f"{labels.name}:{labels.names[0]}"
    return RunRules("signs", "net", where, Imitation(found, outputs.codes, codes))


def effects() -> Effects:
    """One effect of a unit and one edit."""
    one = Effect(
        id="R1",
        key="k",
        view="net",
        target="net@fc:0",
        check=Check.MEAN,
        about="output 0",
        n_inside=5,
        n_outside=7,
        inside=1.5,
        outside=0.5,
        effect=1.0,
        effect_low=0.5,
        effect_high=1.5,
        effect_size=0.8,
        p_value=0.001,
        q_value=0.002,
        n_permutations=999,
        within="",
        controls=Controls(3, 0.1, 0.25),
        in_range=None,
        verdict=Verdict.CONFIRMED,
    )
    edit = replace(
        one, check=Check.EDIT, about="a > 1", effect=None, controls=Controls(0, None, None)
    )
    return Effects(
        (one, edit),
        EffectsEvidence(
            18, 42, in_sample=False, grouped=False, alpha=0.01, min_effect=0.05, seed=0
        ),
    )


def with_all_targets(found: AssessedSet) -> AssessedSet:
    """Every run reports on the targets of all its findings."""
    known = {report.target for report in found.targets}
    missing = {f.redescription.target: f.redescription for f in found}
    described = TargetState.DESCRIBED
    reports = [
        TargetReport(r.view, r.attribute, target, described, "", 2, 0.9, None, 1)
        for target, r in missing.items()
        if target not in known
    ]
    return replace(found, targets=(*found.targets, *reports))


def use_front_end(
    patch: pytest.MonkeyPatch, front_end: FrontEnd | None = FRONT_END
) -> None:
    """Let reports be interactive, with this front end."""
    patch.setattr("redescribe.report.write.built_front_end", lambda: front_end)
