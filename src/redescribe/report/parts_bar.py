"""The parts that rules divide the entities into, as a bar: colour, pattern and text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.report.markup import Html, element
from redescribe.report.wording import number

if TYPE_CHECKING:
    from redescribe.report.data import Parts

_NAMES = {
    "both": "both",
    "left": "first only",
    "right": "second only",
    "neither": "neither",
    "unknown": "not known",
}
_NAMES_OF_MANY = {
    "left": "first, not all",
    "right": "only others",
    "neither": "none",
    "unknown": "not known",
}


def pattern_definitions() -> Html:
    """Return the patterns that every bar of the page refers to; takes no room."""
    left = element(
        "pattern",
        element("rect", width=6, height=6, class_="part-left-ground"),
        element("path", d="M-1 1 L1 -1 M0 6 L6 0 M5 7 L7 5", class_="part-line"),
        id="pattern-left",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    right = element(
        "pattern",
        element("rect", width=6, height=6, class_="part-right-ground"),
        element("circle", cx=3, cy=3, r=1.2, class_="part-dot"),
        id="pattern-right",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    return element(
        "svg",
        element("defs", left, right),
        class_="definitions",
        width=0,
        height=0,
        aria_hidden="true",
        focusable="false",
    )


def bar(parts: Parts, *, height: int = 14) -> Html:
    """Return the bar; its width is the room it has, its label says all counts.

    >>> from redescribe.report.data import Parts
    >>> "first only 1, both 3" in bar(Parts(3, 1, 0, 6, 0, held_out=True, n_rules=2))
    True
    """
    counts = _counts(parts)
    total = max(1, parts.n_entities)
    drawn, start = [], 0
    for name, count in counts.items():
        if count:
            drawn.append(
                element(
                    "rect",
                    x=f"{100 * start / total:.3f}%",
                    width=f"{100 * count / total:.3f}%",
                    height=height,
                    class_=f"part part-{name}",
                )
            )
        start += count
    names = _names(parts)
    label = ", ".join(f"{names[name]} {count}" for name, count in counts.items())
    return element("svg", *drawn, class_="bar", height=height, role="img", aria_label=label)


def legend(parts: Parts) -> Html:
    """Return the counts of the parts, each with its key, as a list."""
    names = _names(parts)
    return element(
        "ul",
        *(
            element("li", _key(name), f" {names[name]} ", element("b", f"{count:,}"))
            for name, count in _counts(parts).items()
        ),
        class_="legend",
    )


def _names(parts: Parts) -> dict[str, str]:
    if parts.n_rules == 2:
        return _NAMES
    return {"both": f"all {number(parts.n_rules)}", **_NAMES_OF_MANY}


def _key(name: str) -> Html:
    swatch = element("rect", width="100%", height=12, class_=f"part part-{name}")
    return element("svg", swatch, class_="key", width=16, height=12, aria_hidden="true")


def _counts(parts: Parts) -> dict[str, int]:
    # In this order the first rule is one stretch of the bar, and so is the second of two;
    # where any rule holds is one as well.
    counts = {
        "left": parts.left_only,
        "both": parts.both,
        "right": parts.right_only,
        "neither": parts.neither,
    }
    return counts | ({"unknown": parts.unknown} if parts.unknown else {})
