"""Preference files of the reference implementation: rows of weights for its scores."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from redescribe.errors import ReadError
from redescribe.readers.files import existing_file, shown

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS = {
    "JSImp": "jaccard",
    "PValImp": "p",
    "AttDivImp": "attributes",
    "ElemDivImp": "entities",
    "ECoverage": "coverage",
    "RuleSizeImp": "size",
    "RedStability": "stability",
}
"""Score of the reference -> our term (specification, sections 5.10 and 11.2)."""
IGNORED = "NetImportance"
_SEPARATOR = re.compile(r"[\s,;]+")


def read_preferences(path: str | Path) -> tuple[str, ...]:
    r"""Return the rows as our `preferences` have them; the weights of each add up to 1.

    Line 1 names the scores, each further line is a row; blank lines are skipped. A score
    that is not named weighs 0, and NetImportance, which has no meaning here, is left out.

    Raises
    ------
    ReadError
        If the file is missing, names an unknown score or one twice, or a row has another
        number of values, a negative one or none above 0.

    References
    ----------
    Specification of redescription mining, section 11.2.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "preferences.txt"
    ...     _ = path.write_text("JSImp PValImp NetImportance\n3 1 6\n0 2 0\n")
    ...     read_preferences(path)
    ('jaccard=0.75,p=0.25', 'p=1.0')
    """
    path = existing_file(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        em = f"{shown(path)} is not a UTF-8 text ({error}): save it as UTF-8."
        raise ReadError(em) from None
    filled = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if len(filled) < 2:
        em = f"{shown(path)} needs a line of names and a line of weights at least."
        raise ReadError(em)
    names = _cells(filled[0][1])
    unknown = [name for name in names if name not in WEIGHTS and name != IGNORED]
    if unknown or len(set(names)) < len(names):
        what = f"{unknown[0]!r}, which is no score" if unknown else "one score twice"
        em = (
            f"Line {filled[0][0]} of {shown(path)} names {what}. Known: "
            f"{', '.join(WEIGHTS)}, {IGNORED}."
        )
        raise ReadError(em)
    return tuple(
        _row(names, line, f"Line {number} of {shown(path)}") for number, line in filled[1:]
    )


def _row(names: list[str], line: str, where: str) -> str:
    cells = _cells(line)
    if len(cells) != len(names):
        em = f"{where} has {len(cells)} weights for {len(names)} names."
        raise ReadError(em)
    try:
        values = [float(cell) for cell in cells]
    except ValueError:
        em = f"{where} has {line.strip()!r} where numbers belong."
        raise ReadError(em) from None
    weights = {
        WEIGHTS[name]: value
        for name, value in zip(names, values, strict=True)
        if name != IGNORED
    }
    total = math.fsum(weights.values())
    if not (0 < total < math.inf) or min(weights.values()) < 0:
        em = f"{where} has weights {line.strip()!r}: none may be negative, one must be > 0."
        raise ReadError(em)
    return ",".join(
        f"{name}={weight / total!r}" for name, weight in weights.items() if weight
    )


def _cells(line: str) -> list[str]:
    return [cell for cell in _SEPARATOR.split(line.strip()) if cell]
