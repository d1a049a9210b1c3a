"""Effects of interventions on a network, beside their controls: what the checks found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from redescribe.core.frame import frame_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from redescribe.core.assessed import Cell
    from redescribe.core.redescription import Redescription


class Verdict(StrEnum):
    """What a causal check says of a finding.

    `confirmed` and `opposite` need q <= alpha and an effect of at least `min_effect`, in
    favour of the rule or against it. `no effect` means that none was shown.

    >>> Verdict("no effect")
    <Verdict.NO_EFFECT: 'no effect'>
    """

    CONFIRMED = "confirmed"
    NO_EFFECT = "no effect"
    OPPOSITE = "opposite"
    NOT_TESTABLE = "not testable"


class Check(StrEnum):
    """What was changed: the unit itself, or an attribute of the input.

    >>> [check.value for check in Check]
    ['zero', 'mean', 'resample', 'edit']
    """

    ZERO = "zero"
    MEAN = "mean"
    RESAMPLE = "resample"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class RangeEffect:
    """The same contrast among the entities whose unit lies in the described range only.

    Attributes
    ----------
    n_inside, n_outside
        Entities in the range, inside and outside of the support of the partner rule.
    effect
        Mean change inside minus mean change outside; None where one of them is empty.
    auc
        P(change inside > change outside), ties by half; None likewise.
    p_value
        Of permuted membership.
    n_random, p_random
        Random ranges of the unit with as many entities, and the p-value of the effect
        among theirs; None where there is no such range.
    """

    n_inside: int
    n_outside: int
    effect: float | None
    auc: float | None
    p_value: float | None
    n_random: int
    p_random: float | None


@dataclass(frozen=True, slots=True)
class Controls:
    """The same check elsewhere: on matched units, or by edits of other attributes.

    Attributes
    ----------
    n
        How many there were.
    effect
        Their mean effect; None without any.
    p_value
        (1 + controls with at least the effect) / (1 + controls); None without any.
    """

    n: int
    effect: float | None
    p_value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The result of one intervention.

    Attributes
    ----------
    id, key
        Of the finding.
    view, target
        The network's view, and the unit.
    check
        What was changed.
    about
        Of a unit: the output that was watched. Of an edit: the literal that was crossed.
    n_inside, n_outside
        Of a unit: tested entities inside and outside of the support of the partner rule.
        Of an edit: edited entities, and control edits of them.
    inside, outside
        Mean absolute change of the output there; of an edit, the shares of edits after
        which the unit follows. None where there is no such entity.
    effect, effect_low, effect_high
        `inside` minus `outside`, with its 95 % bootstrap interval.
    effect_size
        The effect in standard deviations of the output; of an edit, the effect.
    p_value, q_value
        Two-sided, and corrected over all units of the set, or over all edits.
    n_permutations
        Behind the p-value.
    within
        VIEW:ATTRIBUTE within whose values was permuted; empty: among all.
    controls, in_range
        The controls; the contrast within the range, None for edits.
    changes_inside, changes_outside
        Mean signed change of each output of the network; empty for edits.
    verdict
        By q-value and size.
    """

    id: str
    key: str
    view: str
    target: str
    check: Check
    about: str
    n_inside: int
    n_outside: int
    inside: float | None
    outside: float | None
    effect: float | None
    effect_low: float | None
    effect_high: float | None
    effect_size: float | None
    p_value: float
    q_value: float
    n_permutations: int
    within: str
    controls: Controls
    in_range: RangeEffect | None
    changes_inside: tuple[float, ...] = ()
    changes_outside: tuple[float, ...] = ()
    verdict: Verdict = Verdict.NOT_TESTABLE

    def row(self) -> dict[str, Any]:
        """Return the effect as one flat row."""
        cells = {name: getattr(self, name) for name in _FLAT}
        cells["check"], cells["verdict"] = self.check.value, self.verdict.value
        for name in _RANGE:
            value = getattr(self.in_range, name) if self.in_range is not None else None
            cells[f"range_{name}"] = value
        cells |= {f"control_{name}": getattr(self.controls, name) for name in _CONTROLS}
        return cells | {name: list(getattr(self, name)) for name in _LISTS}

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Effect:
        """Return the effect of a row.

        >>> controls = Controls(0, None, None)
        >>> effect = Effect(
        ...     id="R1", key="k", view="a", target="fc:0", check=Check.ZERO, about="0",
        ...     n_inside=1, n_outside=1, inside=1.0, outside=0.5, effect=0.5,
        ...     effect_low=0.1, effect_high=0.9, effect_size=0.2, p_value=0.5, q_value=0.5,
        ...     n_permutations=9, within="", controls=controls, in_range=None,
        ... )  # fmt: skip
        >>> Effect.of_row(effect.row()) == effect
        True
        """
        flat = {name: row[name] for name in _FLAT}
        in_range = {name: row[f"range_{name}"] for name in _RANGE}
        known = in_range["n_inside"] is not None
        return cls(
            **flat
            | {"check": Check(row["check"]), "verdict": Verdict(row["verdict"])}
            | {name: tuple(row[name]) for name in _LISTS},
            controls=Controls(**{name: row[f"control_{name}"] for name in _CONTROLS}),
            in_range=RangeEffect(**in_range) if known else None,
        )


@dataclass(frozen=True, slots=True)
class EffectsEvidence:
    """How effects were tested: what a reader must know before the numbers.

    Attributes
    ----------
    n_tested, n_mined
        Entities on which the network ran changed; those of the mining part.
    in_sample
        Whether the tested entities are the mined ones, as nothing was held out.
    grouped
        Whether entities belong to groups, which the p-values ignore.
    alpha, min_effect
        Thresholds of the verdict.
    seed
        Of donors, permutations and random ranges.
    """

    n_tested: int
    n_mined: int
    in_sample: bool
    grouped: bool
    alpha: float
    min_effect: float
    seed: int


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects of interventions, with q-values over units and, apart, over edits.

    Attributes
    ----------
    effects
        In the order of the findings.
    evidence
        How they were tested.
    """

    effects: tuple[Effect, ...]
    evidence: EffectsEvidence

    def __len__(self) -> int:
        return len(self.effects)

    def __iter__(self) -> Iterator[Effect]:
        return iter(self.effects)

    @property
    def caveat(self) -> str:
        """One sentence or more on what the numbers are evidence of.

        >>> evidence = EffectsEvidence(86, 199, False, False, 0.01, 0.05, 0)
        >>> Effects((), evidence).caveat[:44]
        'Tested on the 86 held-out entities; constant'
        """
        evidence = self.evidence
        part = (
            f"In-sample: nothing is held out, so the {evidence.n_tested} entities are "
            "those that the rules were mined on"
            if evidence.in_sample
            else f"Tested on the {evidence.n_tested} held-out entities; constants and "
            f"controls come from the {evidence.n_mined} mined ones"
        )
        groups = (
            " p treats entities of one group as independent." if evidence.grouped else ""
        )
        return (
            f"{part}. q-values (bh) over {self._families()}; confirmed or opposite "
            f"means q <= {evidence.alpha:g} and a size of at least "
            f"{evidence.min_effect:g}.{groups}"
        )

    def _families(self) -> str:
        n_edits = sum(effect.check is Check.EDIT for effect in self.effects)
        units = f"{len(self) - n_edits} effects of units"
        return f"{units} and, apart, {n_edits} edits" if n_edits else units

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the table of effects."""
        in_range = (f"range_{name}" for name in _RANGE)
        return (*_FLAT, *in_range, *(f"control_{name}" for name in _CONTROLS), *_LISTS)

    def rows(self) -> list[dict[str, Any]]:
        """Return the effects as rows."""
        return [effect.row() for effect in self.effects]

    def cells(self) -> list[dict[str, Cell]]:
        """Return the effects as rows of plain cells; lists become texts.

        >>> evidence = EffectsEvidence(86, 199, False, False, 0.01, 0.05, 0)
        >>> Effects((), evidence).cells()
        []
        """
        rows = self.rows()
        for row in rows:
            row |= {name: " ".join(map(repr, row[name])) for name in _LISTS}
        return rows

    def to_frame(self) -> Any:  # noqa: ANN401 - whichever frame the caller has
        """Return the effects as a frame: pandas, else Polars, else a pyarrow table."""
        return frame_of(self.rows(), self.columns)

    def of(self, found: Redescription) -> tuple[Effect, ...]:
        """Return the effects of a redescription."""
        return tuple(effect for effect in self.effects if effect.key == found.key)

    def verdicts(self, found: Redescription) -> str:
        """Return what the checks say of a redescription, in a few words; empty without any.

        A unit that was silenced has one verdict; edits are counted by theirs.
        """
        texts, edits = [], Counter[str]()
        for effect in self.of(found):
            if effect.check is Check.EDIT:
                edits[effect.verdict.value] += 1
            else:
                texts.append(effect.verdict.value)
        if edits:
            counted = ", ".join(f"{n} {verdict}" for verdict, n in sorted(edits.items()))
            texts.append(f"edits: {counted}")
        return "; ".join(texts)

    def save(self, path: str | PathLike[str]) -> None:
        """Write `effects.parquet` into a folder, such as that of the run.

        Raises
        ------
        StoreError
            If the file system refuses.
        """
        # The store lies above the data model, so it is found by name, at the call.
        import_module("redescribe.store.effects").write_effects(path, self)


_LISTS = ("changes_inside", "changes_outside")
_FLAT = tuple(
    field.name
    for field in fields(Effect)
    if field.name not in {"controls", "in_range", *_LISTS}
)
_RANGE = tuple(field.name for field in fields(RangeEffect))
_CONTROLS = tuple(field.name for field in fields(Controls))
