"""Findings as a LaTeX table: booktabs, longtable, one macro per attribute name."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from redescribe.core.notation import format_number
from redescribe.core.query import Interval
from redescribe.writers.columns import Column, cells_of, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.query import Conjunction, Literal, Query

_SPECIAL = {
    **{sign: f"\\{sign}" for sign in "{}$&#_%"},
    "\\": "\\textbackslash{}",
    "^": "\\textasciicircum{}",
    "~": "\\textasciitilde{}",
    "<": "\\textless{}",
    ">": "\\textgreater{}",
    "|": "\\textbar{}",
    '"': "\\textquotedbl{}",
    "'": "\\textquotesingle{}",
    "`": "\\textasciigrave{}",
    "-": "{-}",  # neither a ligature nor a line break
}
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f\x85\u2028\u2029]+")
_DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_HEADINGS = {
    Column.JACCARD: "$J$",
    Column.JACCARD_MINED: "$J$ mined",
    Column.SUPPORT: "support",
    Column.SUPPORT_MINED: "support mined",
    Column.P_MINED: "$p$ mined",
    Column.Q_VALUE: "$q$",
    Column.CONFIRMED: "confirmed",
}
_PACKAGES = "% \\usepackage[T1]{fontenc}\\usepackage{textcomp,booktabs,longtable,array}"


def escape_latex(text: str) -> str:
    r"""Return a text that LaTeX sets as it is, on one line.

    Examples
    --------
    >>> print(escape_latex(r"50% of a_b & \c"))
    50\% of a\_b \& \textbackslash{}c
    """
    line = _BLANKS.sub(" ", text)
    return "".join(_SPECIAL.get(sign, sign) for sign in line)


def attribute_macros(names: Iterable[str]) -> dict[str, str]:
    r"""Return a command for each name: letters only, readable, each its own.

    Examples
    --------
    >>> list(attribute_macros(["worst_radius", "fc2:7", "fc27"]).values())
    ['\\attrWorstRadius', '\\attrFcTwoSeven', '\\attrFcTwoSevenB']
    """
    macros: dict[str, str] = {}
    taken: set[str] = set()
    for name in dict.fromkeys(names):
        parts = re.findall(r"[A-Za-z]+|[0-9]", name)
        stem = "".join(
            _DIGITS[int(part)] if part.isdigit() else part[0].upper() + part[1:]
            for part in parts
        )
        macro, number = stem, 2
        while not macro or macro in taken:
            macro, number = f"{stem}{_letters(number)}", number + 1
        taken.add(macro)
        macros[name] = f"\\attr{macro}"
    return macros


def latex_text(assessed: AssessedSet) -> str:
    r"""Return the findings as a longtable that a document can `\input`.

    The packages it needs stand in the first line, as a comment. The names of attributes are
    set by `\attr…` commands, which a document may define before in its own way. The caption
    says what the numbers are worth.
    """
    queries = [query for finding in assessed for query in finding.redescription.queries]
    macros = attribute_macros(name for query in queries for name in query.attributes)
    columns = columns_of(assessed)
    headings = ["id", "redescription", *(_HEADINGS[column] for column in columns)]
    heading = " & ".join(headings) + " \\\\"
    width = len(headings)
    lines = [
        _PACKAGES,
        *(
            f"\\providecommand{{{macro}}}{{\\texttt{{{escape_latex(name)}}}}}"
            for name, macro in macros.items()
        ),
        f"\\begin{{longtable}}{{l>{{\\raggedright\\arraybackslash}}p{{0.5\\textwidth}}"
        f"{'r' * len(columns)}}}",
        f"\\caption{{{escape_latex(assessed.caveat)}}}\\\\",
        *("\\toprule", heading, "\\midrule", "\\endfirsthead"),
        *("\\toprule", heading, "\\midrule", "\\endhead"),
        f"\\midrule \\multicolumn{{{width}}}{{r}}{{continued}} \\\\ \\endfoot",
        *("\\bottomrule", "\\endlastfoot"),
    ]
    for finding in assessed:
        texts = [latex_query(query, macros) for query in finding.redescription.queries]
        cells = cells_of(finding)
        row = [
            escape_latex(finding.id),
            " \\newline $\\Leftrightarrow$ ".join(texts),
            *(_number(cells[column]) for column in columns),
        ]
        lines.append(" & ".join(row) + " \\\\")
    lines.append("\\end{longtable}")
    return "\n".join(lines) + "\n"


def latex_query(query: Query, macros: Mapping[str, str]) -> str:
    r"""Return a query with a command for each attribute.

    Examples
    --------
    >>> from redescribe.core.grammar import parse_query
    >>> print(latex_query(parse_query("0.2 < age <= 65", "x"), {"age": r"\attrAge"}))
    $0.2 <$ \attrAge{} $\leq 65$
    """
    terms = [_term(term, macros) for term in query.terms]
    if len(terms) == 1:
        return terms[0]
    return " $\\vee$ ".join(f"({term})" for term in terms)


def _term(term: Conjunction, macros: Mapping[str, str]) -> str:
    text = " $\\wedge$ ".join(
        _literal(literal, f"{macros[literal.attribute]}{{}}") for literal in term.literals
    )
    return f"$\\neg$({text})" if term.negated else text


def _literal(literal: Literal, name: str) -> str:
    if not isinstance(literal, Interval):
        if literal.values == ("true",):
            return name
        texts = [f"``{escape_latex(text)}''" for text in literal.values]
        if len(texts) == 1:
            return f"{name} $=$ {texts[0]}"
        return f"{name} $\\in$ \\{{{', '.join(texts)}\\}}"
    low, high = _in_math(format_number(literal.low)), _in_math(format_number(literal.high))
    below = "\\leq" if literal.high_closed else "<"
    if math.isinf(literal.high):
        above = "\\geq" if literal.low_closed else ">"
        return f"{name} ${above} {low}$"
    if math.isinf(literal.low):
        return f"{name} ${below} {high}$"
    above = "\\leq" if literal.low_closed else "<"
    return f"${low} {above}$ {name} ${below} {high}$"


def _number(text: str) -> str:
    """A p-value as people write it: 6e-34 as a power of ten; other texts as they are."""
    return f"${_in_math(text)}$" if "e-" in text else text


def _in_math(number: str) -> str:
    mantissa, power, exponent = number.partition("e")
    return f"{mantissa} \\cdot 10^{{{int(exponent)}}}" if power else number


def _letters(number: int) -> str:
    """1 = A, 2 = B, …, 27 = AA."""
    text = ""
    while number:
        number, digit = divmod(number - 1, 26)
        text = chr(ord("A") + digit) + text
    return text
