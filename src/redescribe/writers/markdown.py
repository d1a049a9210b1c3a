"""Findings as a table in GitHub's Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from redescribe.writers.columns import cells_of, columns_of

if TYPE_CHECKING:
    from redescribe.core.assessed import AssessedSet

_SPECIAL = re.compile(r"[\\`*_{}\[\]()#+\-.!|~$:]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f\x85\u2028\u2029]+")


def escape_markdown(text: str) -> str:
    r"""Return a text that Markdown shows as it is, on one line.

    Examples
    --------
    >>> print(escape_markdown("worst_radius|<b>"))
    worst\_radius\|&lt;b&gt;
    """
    line = _BLANKS.sub(" ", text).strip()
    line = _SPECIAL.sub(lambda match: f"\\{match[0]}", line)
    return "".join(_ENTITIES.get(sign, sign) for sign in line)


def markdown_text(assessed: AssessedSet) -> str:
    """Return the findings as a table, with one sentence on what the numbers are worth."""
    columns = columns_of(assessed)
    header = ["id", "redescription", *columns]
    rules = ["---", "---", *("---:" for _ in columns)]
    rows = [
        [
            finding.id,
            "<br>⇔ ".join(
                escape_markdown(str(query)) for query in finding.redescription.queries
            ),
            *(cells_of(finding)[column] for column in columns),
        ]
        for finding in assessed
    ]
    lines = [f"| {' | '.join(row)} |" for row in (header, rules, *rows)]
    caveat = escape_markdown(assessed.caveat)
    return "\n".join(lines) + f"\n\n{caveat}\n"
