"""Whether the numbers of two runs may be compared: entities, splits, values, settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redescribe.core.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter that differs, as text; empty where a run does not have it."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparability:
    """What two runs have in common.

    Attributes
    ----------
    n_shared, n_before, n_after
        Entities of both runs, of the earlier and of the later one only.
    n_tested
        Entities that both runs held out.
    n_mined_before, n_mined_after
        Entities that one run held out and the other mined: by the earlier run, by the
        later one.
    untested
        Runs without a hold-out: "before", "after".
    views
        Views that both have with other attributes or values, or that only one has.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.entities import SplitParams
    >>> from redescribe.core.view import View
    >>> views = [View.of("x", np.eye(4)), View.of("y", np.eye(4))]
    >>> data = Dataset.of(views, SplitParams(hold_out=0.5))
    >>> found = Comparability.of(data, data)
    >>> found.n_shared, found.n_tested, found.part, found.views
    (4, 2, 'hold-out', ())
    """

    n_shared: int
    n_before: int
    n_after: int
    n_tested: int
    n_mined_before: int
    n_mined_after: int
    untested: tuple[str, ...]
    views: tuple[str, ...]

    @classmethod
    def of(cls, before: Dataset, after: Dataset) -> Comparability:
        """Compare the datasets of two runs; entities are the same if their ids are."""
        first, second = before.entities.ids, after.entities.ids
        here, there = set(first), set(second)
        held = [_held_out(dataset) for dataset in (before, after)]
        shared = here & there
        tested = [("before", held[0]), ("after", held[1])]
        return cls(
            n_shared=len(shared),
            n_before=len(here - there),
            n_after=len(there - here),
            n_tested=len(held[0] & held[1]),
            n_mined_before=len((held[1] - held[0]) & here),
            n_mined_after=len((held[0] - held[1]) & there),
            untested=tuple(name for name, some in tested if not some),
            views=_other_views(before, after),
        )

    @property
    def part(self) -> str:
        """On what Jaccards are compared: "hold-out" where both runs have one."""
        return "mined" if self.untested else "hold-out"

    def warnings(
        self,
        noun: str = "entities",
        names: tuple[str, str] = ("the earlier run", "the later run"),
    ) -> list[str]:
        """Return what must be known before numbers are compared, as sentences.

        Parameters
        ----------
        noun
            What entities are called.
        names
            How the runs are called.
        """
        before, after = names
        found = []
        if self.n_before or self.n_after:
            found.append(
                f"The runs do not describe the same {noun}: {self.n_shared:,} are in both, "
                f"{self.n_before:,} in {before} only, {self.n_after:,} in {after} only."
            )
        if self.views:
            views = ", ".join(self.views)
            found.append(f"These views have other attributes or values: {views}.")
        for side in self.untested:
            which = before if side == "before" else after
            found.append(
                f"{which[0].upper()}{which[1:]} has no hold-out, so J is compared on what "
                "each run searched: that is no evidence."
            )
        return found + self._about_the_hold_out(noun, before, after)

    def _about_the_hold_out(self, noun: str, before: str, after: str) -> list[str]:
        if self.untested:
            return []
        if self.n_mined_before or self.n_mined_after:
            return [
                f"The splits differ: {self.n_mined_before:,} {noun} that test {after} were "
                f"mined by {before}, and {self.n_mined_after:,} the other way round; "
                f"{self.n_tested:,} were held out by both. Each J is fair for its own run, "
                "but a difference is partly one of the samples, and the findings of one "
                "run are not tested by the hold-out of the other."
            ]
        if not self.n_tested:
            return []
        return [
            f"The same {self.n_tested:,} held-out {noun} test both runs. Choosing the "
            "better run by them makes its q-values too small."
        ]


def changed_settings(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Setting, ...]:
    """Return what differs between the parameters and versions of two `run.json`.

    Examples
    --------
    >>> before = {"parameters": {"mine": {"seed": 3, "depth": 8}}, "versions": {"a": "1"}}
    >>> after = {"parameters": {"mine": {"seed": 4, "depth": 8}}, "versions": {"a": "1"}}
    >>> changed_settings(before, after)
    (Setting(name='mine.seed', before='3', after='4'),)
    """
    first, second = (
        dict(flat_settings(document.get("parameters", {})))
        | dict(flat_settings(document.get("versions", {}), "versions."))
        for document in (before, after)
    )
    return tuple(
        Setting(name, first.get(name, ""), second.get(name, ""))
        for name in dict.fromkeys((*first, *second))
        if first.get(name) != second.get(name)
    )


def flat_settings(settings: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return nested settings as names with dots, and values as text.

    >>> flat_settings({"mine": {"seed": 3, "targets": ["a"]}})
    [('mine.seed', '3'), ('mine.targets', '["a"]')]
    """
    found: list[tuple[str, str]] = []
    for name, value in settings.items():
        if isinstance(value, dict):
            found += flat_settings(value, f"{prefix}{name}.")
        else:
            found.append((f"{prefix}{name}", setting_text(value)))
    return found


def setting_text(value: object) -> str:
    """Return the value of a setting as text.

    >>> setting_text("beam"), setting_text(["a", 1])
    ('beam', '["a", 1]')
    """
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _held_out(dataset: Dataset) -> set[str]:
    ids = dataset.entities.ids
    return {ids[i] for i in dataset.split.held_out.tolist()}


def _other_views(before: Dataset, after: Dataset) -> tuple[str, ...]:
    """Views of one run only, or with other attributes or values of shared entities."""
    positions = {name: i for i, name in enumerate(before.entities.ids)}
    pairs = [
        (positions[name], i)
        for i, name in enumerate(after.entities.ids)
        if name in positions
    ]
    rows = np.array(pairs, np.int64).reshape(-1, 2)
    found = []
    for name in dict.fromkeys((*before.names, *after.names)):
        if name not in before.names or name not in after.names:
            found.append(name)
            continue
        first, second = before.view(name), after.view(name)
        same = first.attributes == second.attributes and all(
            np.array_equal(a[rows[:, 0]], b[rows[:, 1]], equal_nan=True)
            for a, b in zip(first.values, second.values, strict=True)
        )
        if not same:
            found.append(name)
    return tuple(found)
