"""Rule sets as text: exact, in words, LaTeX, SQL and Python."""

from __future__ import annotations

import math
import re
from enum import StrEnum
from typing import TYPE_CHECKING

from redescribe._validation import choose
from redescribe.core.notation import format_number
from redescribe.core.printing import format_share, in_words
from redescribe.core.query import Interval
from redescribe.rules.params import Combination
from redescribe.writers.latex import escape_latex

if TYPE_CHECKING:
    from collections.abc import Callable

    from redescribe.core.query import Conjunction, Literal, Query
    from redescribe.rules.ruleset import ClassRule, RuleSet


class RuleForm(StrEnum):
    """Forms that a rule set can be written in."""

    TEXT = "text"
    WORDS = "words"
    LATEX = "latex"
    SQL = "sql"
    PYTHON = "python"


def rules_as(rules: RuleSet, form: str, *, name: str = "predict") -> str:
    """Return rules in a form; `RuleSet.to_text` documents the parameters."""
    return _FORMS[choose(RuleForm, form, parameter="form")](rules, name)


def _text(rules: RuleSet, _: str) -> str:
    return "\n".join([*_numbered(rules, str), *_ending(rules)])


def _words(rules: RuleSet, _: str) -> str:
    def said(rule: ClassRule) -> str:
        against = "it is not" if rule.weight < 0 else "it is"
        return f"If {in_words(rule.query, neurons=_neurons(rules))}, {against} {rule.label}"

    return "\n".join([_opening(rules), *_numbered(rules, said), *_ending(rules)])


def _opening(rules: RuleSet) -> str:
    return {
        Combination.LIST: "The first of these that holds answers:",
        Combination.FIRST_CLASS: "The first of these that holds answers:",
        Combination.VOTE: "Those that hold add their weights; the largest sum answers:",
        Combination.WEIGHTED: "Those that hold add their weights; the largest sum answers:",
    }[rules.combination]


def _numbered(rules: RuleSet, said: Callable[[ClassRule], str]) -> list[str]:
    lines = []
    for number, rule in enumerate(rules, start=1):
        evidence = [f"weight {format_number(_rounded(rule.weight))}"]
        of = rule.hold_out or rule.mined
        where = "hold-out" if rule.hold_out else "mined"
        if of.precision is not None:
            evidence.append(f"{where}: right for {format_share(of.precision)}")
        evidence.append(f"covers {format_share(of.coverage)}")
        lines.append(f"{number}. {said(rule)}  ({', '.join(evidence)})")
    return lines


def _ending(rules: RuleSet) -> list[str]:
    lines = []
    if any(rules.base):
        scores = zip(rules.classes, rules.base, strict=True)
        shown = ", ".join(f"{label} {format_number(score)}" for label, score in scores)
        lines.append(f"Scores before any rule: {shown}")
    otherwise = "no answer" if rules.default is None else rules.default
    if rules.combination is Combination.WEIGHTED and rules.default is not None:
        lines.append(f"Equal scores: {otherwise}")
    else:
        lines.append(f"OTHERWISE {otherwise}")
    return lines


def _latex(rules: RuleSet, _: str) -> str:
    rows = [
        " & ".join(
            (
                str(number),
                escape_latex(str(rule.query)),
                escape_latex(("not " if rule.weight < 0 else "") + rule.label),
                f"{abs(rule.weight):.3g}",
                escape_latex(format_share((rule.hold_out or rule.mined).coverage)),
                escape_latex(format_share((rule.hold_out or rule.mined).precision)),
            )
        )
        + r" \\"
        for number, rule in enumerate(rules, start=1)
    ]
    default = escape_latex("no answer" if rules.default is None else rules.default)
    return "\n".join(
        [
            r"% \usepackage[T1]{fontenc}\usepackage{textcomp,booktabs,array}",
            r"\begin{tabular}{r>{\raggedright\arraybackslash}p{0.5\linewidth}lrrr}",
            r"\toprule",
            r"& if & then & weight & covers & right \\",
            r"\midrule",
            *rows,
            r"\midrule",
            rf"& otherwise & {default} & & & \\",
            r"\bottomrule",
            r"\end{tabular}",
        ]
    )


def _sql(rules: RuleSet, _: str) -> str:
    """An expression: `CASE WHEN … END`, with the scores of a vote as sums of such."""
    otherwise = "NULL" if rules.default is None else _sql_text(rules.default)
    if rules.combination in {Combination.LIST, Combination.FIRST_CLASS}:
        lines = [
            f"  WHEN {_sql_query(rule.query)} THEN {_sql_text(rule.label)}"
            for rule in rules
        ]
        return _case(lines, otherwise)
    scores = [_sql_score(rules, label) for label in rules.classes]
    fired = " OR ".join(f"({_sql_query(rule.query)})" for rule in rules)
    lines = []
    if rules.default is None or rules.combination is Combination.VOTE:
        # NULL OR TRUE is TRUE; what is not true has no rule that fires.
        none_fires = f"NOT COALESCE({fired}, FALSE)" if fired else "TRUE"
        lines.append(f"  WHEN {none_fires} THEN {otherwise}")
    order = list(range(len(rules.classes)))
    if rules.default is not None:
        order.sort(key=lambda code: rules.classes[code] != rules.default)
    for place, code in enumerate(order[:-1]):
        others = [f"{scores[code]} >= {scores[other]}" for other in order[place + 1 :]]
        lines.append(f"  WHEN {' AND '.join(others)} THEN {_sql_text(rules.classes[code])}")
    return _case(lines, _sql_text(rules.classes[order[-1]]))


def _case(lines: list[str], otherwise: str) -> str:
    if not lines:
        return otherwise
    return "\n".join(["CASE", *lines, f"  ELSE {otherwise}", "END"])


def _sql_score(rules: RuleSet, label: str) -> str:
    code = rules.classes.index(label)
    parts = [_number(rules.base[code])]
    parts += [
        f"CASE WHEN {_sql_query(rule.query)} THEN {_number(rule.weight)} ELSE 0.0 END"
        for rule in rules
        if rule.label == label
    ]
    return f"({' + '.join(parts)})"


def _sql_query(query: Query) -> str:
    terms = [_sql_term(term) for term in query.terms]
    return terms[0] if len(terms) == 1 else " OR ".join(f"({term})" for term in terms)


def _sql_term(term: Conjunction) -> str:
    text = " AND ".join(map(_sql_literal, term.literals))
    return f"NOT ({text})" if term.negated else text


def _sql_literal(literal: Literal) -> str:
    name = '"' + literal.attribute.replace('"', '""') + '"'
    if not isinstance(literal, Interval):
        return f"{name} IN ({', '.join(map(_sql_text, literal.values))})"
    parts = []
    if math.isfinite(literal.low):
        parts.append(f"{name} {'>=' if literal.low_closed else '>'} {_number(literal.low)}")
    if math.isfinite(literal.high):
        sign = "<=" if literal.high_closed else "<"
        parts.append(f"{name} {sign} {_number(literal.high)}")
    return " AND ".join(parts)


def _sql_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _python(rules: RuleSet, name: str) -> str:
    """A function of a mapping; what is absent, None or NaN is missing."""
    body = _python_list(rules) if _is_list(rules) else _python_vote(rules)
    return "\n".join(
        [
            "import math",
            "",
            "",
            f"def {_identifier(name)}(row):",
            '    """Answer as the rules do; a missing value is absent, None or NaN."""',
            "    def get(name):",
            "        value = row.get(name)",
            "        nan = isinstance(value, float) and math.isnan(value)",
            "        return None if nan else value",
            "",
            *(f"    {line}" if line else "" for line in body),
            "",
        ]
    )


def _python_list(rules: RuleSet) -> list[str]:
    lines = []
    for rule in rules:
        lines += [f"if {_python_query(rule.query)}:", f"    return {rule.label!r}"]
    return [*lines, f"return {rules.default!r}"]


def _python_vote(rules: RuleSet) -> list[str]:
    scores = dict(zip(rules.classes, rules.base, strict=True))
    lines = [f"scores = {scores!r}", "fired = False"]
    for rule in rules:
        lines += [
            f"if {_python_query(rule.query)}:",
            f"    scores[{rule.label!r}] += {rule.weight!r}",
            "    fired = True",
        ]
    if rules.default is None or rules.combination is Combination.VOTE:
        lines += ["if not fired:", f"    return {rules.default!r}"]
    lines += ["best = max(scores.values())"]
    if rules.default is not None:
        lines += [
            f"if scores[{rules.default!r}] == best:",
            f"    return {rules.default!r}",
        ]
    return [*lines, "return next(label for label in scores if scores[label] == best)"]


def _python_query(query: Query) -> str:
    return " or ".join(f"({_python_term(term)})" for term in query.terms)


def _python_term(term: Conjunction) -> str:
    """Kleene's logic: a literal of a missing value is neither true nor false."""
    if not term.negated:
        return " and ".join(_python_literal(literal) for literal in term.literals)
    return " or ".join(
        f"({_known(literal)} and not ({_python_literal(literal)}))"
        for literal in term.literals
    )


def _python_literal(literal: Literal) -> str:
    value = f"get({literal.attribute!r})"
    if not isinstance(literal, Interval):
        return f"{value} in {literal.values!r}"
    text = value
    if math.isfinite(literal.low):
        text = f"{_number(literal.low)} {'<=' if literal.low_closed else '<'} {text}"
    if math.isfinite(literal.high):
        text = f"{text} {'<=' if literal.high_closed else '<'} {_number(literal.high)}"
    return f"({_known(literal)} and {text})"


def _known(literal: Literal) -> str:
    return f"get({literal.attribute!r}) is not None"


def _number(value: float) -> str:
    return repr(float(value))


def _identifier(name: str) -> str:
    plain = re.sub(r"\W", "_", name)
    return plain if plain.isidentifier() else f"_{plain}"


def _is_list(rules: RuleSet) -> bool:
    return rules.combination in {Combination.LIST, Combination.FIRST_CLASS}


def _neurons(rules: RuleSet) -> list[str]:
    return [attribute.name for attribute in rules.attributes if attribute.neuron]


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


_FORMS: dict[RuleForm, Callable[[RuleSet, str], str]] = {
    RuleForm.TEXT: _text,
    RuleForm.WORDS: _words,
    RuleForm.LATEX: _latex,
    RuleForm.SQL: _sql,
    RuleForm.PYTHON: _python,
}
