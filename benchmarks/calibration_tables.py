"""The tables of the calibration: on the screen, and in docs/explanation/evidence.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks.monte_carlo import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from benchmarks.calibration_summary import Summary
    from benchmarks.monte_carlo import Estimate

CORRECTIONS = {"bh": "BH", "by": "BY", "holm": "Holm"}


class Table(NamedTuple):
    """Texts under a header."""

    title: str
    header: list[str]
    rows: list[list[str]]


def holds(level: float, estimate: Estimate) -> bool:
    """Whether a level is kept: at least within the Monte Carlo interval."""
    return estimate["low"] <= level


def tables(result: Mapping[str, Summary]) -> dict[str, Table]:
    """All tables, by name."""
    hold_out, power = result["hold_out"], result["power"]
    return {
        "p_values": Table(
            "Hold-out p-values of null findings",
            ["t", "share with p <= t", "95 % interval", "holds", "ties broken", "interval"],
            [
                [*_level(one["level"], one), *_value(one["untied"])]
                for one in hold_out["p_values"]
            ],
        ),
        "p_values_by": Table(
            f"Share of null findings with p <= {hold_out['level']}, by kind of data set",
            ["data sets", "share", "95 % interval", "holds"],
            [
                [f"{factor}: {name}", *_level(hold_out["level"], one)[1:]]
                for factor, groups in hold_out["p_values_by"].items()
                for name, one in groups.items()
            ],
        ),
        "false_discoveries": Table(
            f"Findings with q <= {hold_out['level']}",
            ["correction", "kept", "false share", "95 % interval", "any false", "interval"],
            [_corrected(hold_out, name) for name in CORRECTIONS],
        ),
        "permutations": Table(
            "Permutation test where nothing relates the views",
            ["alpha", "p_search <= alpha", "interval", "any family p <= alpha", "interval"],
            [
                [f"{one['level']:g}", *_value(one["target"]), *_value(one["family"])]
                for one in result["permutations"]["levels"]
            ],
        ),
        "power": Table(
            "Planted findings that are kept, in percent (95 % interval)",
            [
                *("entities", "noise", "J", "hold-out 20 %", "hold-out 30 %"),
                *("hold-out 50 %", "permutations"),
            ],
            [
                [
                    str(cell["n_entities"]),
                    percent(cell["noise"]),
                    f"{cell['jaccard']:.2f}",
                    *map(_percent, cell["tests"].values()),
                ]
                for cell in power["cells"]
            ],
        ),
    }


def levels(result: Mapping[str, Summary]) -> Iterable[tuple[float, Estimate]]:
    """All levels that a test promises, with what was realised."""
    hold_out = result["hold_out"]
    yield from ((one["level"], one) for one in hold_out["p_values"])
    for groups in hold_out["p_values_by"].values():
        yield from ((hold_out["level"], one) for one in groups.values())
    for one in hold_out["false_discovery_rate"].values():
        yield hold_out["level"], one
    # Of the three, only Holm's promises this.
    yield hold_out["level"], hold_out["any_false"]["holm"]
    for one in result["permutations"]["levels"]:
        yield one["level"], one["target"]
        yield one["level"], one["family"]
    yield result["power"]["level"], result["power"]["null_targets"]


def interval(estimate: Estimate) -> str:
    """The ends of an interval."""
    return f"{estimate['low']:.4f} – {estimate['high']:.4f}"


def _level(level: float, estimate: Estimate) -> list[str]:
    kept = "yes" if holds(level, estimate) else "**no**"
    return [f"{level:g}", *_value(estimate), kept]


def _value(estimate: Estimate) -> list[str]:
    return [f"{estimate['value']:.4f}", interval(estimate)]


def _corrected(hold_out: Summary, name: str) -> list[str]:
    found, any_false = hold_out["false_discovery_rate"][name], hold_out["any_false"][name]
    return [
        CORRECTIONS[name],
        f"{found['kept']:,}",
        *_value(found),
        *_value(any_false),
    ]


def _percent(kept: Estimate) -> str:
    value, low, high = (100 * kept[name] for name in ("value", "low", "high"))
    return f"{value:.0f} ({low:.0f} – {high:.0f})"
